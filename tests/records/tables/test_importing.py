"""An edited spreadsheet back into the records: what changes, what is refused, and what is left alone."""

import json

import pytest

from synthesis.errors import InvalidArgument, InvalidData, NotFound
from synthesis.records import read_records
from synthesis.records.tables import plan_import, write_plan
from synthesis.records.tables.csv_form import csv_grids
from synthesis.records.writing import ChangedSinceError
from tests.records.example import STUDY, write
from tests.records.tables.editing import codes, exported, notes, planned, written
from tests.records.test_every_field import TEXT

OTHER = STUDY.replace("doe2001", "roe2002").replace("[Doe2001]", "[Roe2002]")


@pytest.fixture
def root(tmp_path):
    """A review of two records, one of them with Windows line ends and a byte order mark."""
    return write(tmp_path, {"doe2001": STUDY, "roe2002": b"\xef\xbb\xbf" + OTHER.replace("\n", "\r\n").encode()})


def text(root, key="doe2001"):
    """A record as it lies there."""
    return (root / "studies" / f"{key}.yaml").read_bytes().decode()


def done(root, rows, **options):
    """The record after the import, which must be without an error."""
    plan = planned(root, rows, **options)
    assert plan.errors == ()
    write_plan(root, plan)
    assert read_records(root).broken == ()
    return text(root)


def test_one_value_is_one_value(root):
    """The bytes of the value change, in a record with any line ends; the other record is not written."""
    rows = exported(root)
    rows[0]["effect.events.1"] = "33"
    rows[2]["detail"] = "=hair"
    before = text(root, "roe2002")

    assert done(root, rows) == STUDY.replace("events: [32, 120], c", "events: [33, 120], c")
    assert text(root, "roe2002") == before.replace(
        "comparator: none\r\n", "comparator: none\r\n    detail: =hair\r\n", 1
    )


def test_the_changes_are_shown_first(root):
    """Path, old and new value of each; nothing is written by looking."""
    rows = exported(root)
    rows[0]["time.months"] = "5"
    rows[1]["effect.sd"] = ""
    rows[1]["note"] = "words"
    rows[1]["effect.sd"] = "4.8"
    plan = planned(root, rows)

    assert plan.summary() == (
        "studies/doe2001.yaml\n"
        "  findings.1.time.months: 4 -> 5\n"
        "  findings.2.effect.sd: 4.7 -> 4.8\n"
        "  findings.2.note: (nothing) -> words\n"
        "to change: 3 values of 1 record; 1 record unchanged\n"
    )
    assert text(root) == STUDY
    assert json.loads(json.dumps(plan.to_dict()))["records"][0]["changes"][0] == {
        "field": "findings.1.time.months", "old": "4", "new": "5",
    }  # fmt: skip


def test_fields_come_and_go(root):
    """An empty cell takes a field away, and what then is empty; a filled one makes what it needs."""
    rows = exported(root)
    rows[0].update({"time.class": "", "time.months": "", "reported.significant": "", "limited.because": "one site"})
    new = done(root, rows)

    assert "time: {class: short" not in new
    assert "reported: {direction: effective}" in new
    assert "    limited: {because: one site}\n    effect:" in new


def test_an_effect_takes_another_form(root):
    """Counts go and an estimate comes, at once."""
    rows = exported(root)
    rows[0].update(dict.fromkeys(["effect.events.1", "effect.events.2", "effect.control_events.1"], ""))
    rows[0].update({"effect.control_events.2": "", "effect.measure": "RR", "effect.estimate": "0.90"})
    rows[0].update({"effect.ci.1": "0.75", "effect.ci.2": "1.08"})

    assert done(root, rows) == STUDY.replace(
        "{events: [32, 120], control_events: [88, 120]}", "{measure: RR, estimate: 0.90, ci: [0.75, 1.08]}"
    )


def test_a_new_finding_is_appended(root):
    """A row without a number, in the style of the record; it needs no base of its own."""
    rows = exported(root)
    rows.append({"study": "doe2001", "modality": "cbt", "outcome": "craving", "source.document": "D", "rows": "A; B"})

    assert done(root, rows) == STUDY + (
        "  - modality: cbt\n    outcome: craving\n    rows: [A, B]\n    source: {document: D}\n"
    )


def test_arms_and_parts_are_added(root):
    """A row with a new key; a risk of bias that is a judgement alone stays one."""
    rows = exported(root, "arms")
    rows.append({"study": "doe2001", "arm": "other", "label": "no: thing", "n": "3", "base": rows[0]["base"]})
    assert '\n  other: {label: "no: thing", n: 3}\nfindings:' in done(root, rows)

    base = exported(root, "studies")[0]["base"]
    risks = [{"study": "doe2001", "domain": "overall", "judgement": "low", "base": base}]
    assert "risk_of_bias: {overall: {judgement: low}}\n" in done(root, risks)


def test_a_short_risk_of_bias_stays_short(root):
    """The judgement alone, where it is written so."""
    (root / "studies/doe2001.yaml").write_bytes(STUDY.replace("arms:", "risk_of_bias: {overall: low}\narms:").encode())
    rows = exported(root, "risk_of_bias")
    rows[0]["judgement"] = "high"

    assert "risk_of_bias: {overall: high}\n" in done(root, rows)


def test_new_studies_are_new_records(root):
    """A study without a file becomes one, from one sheet or several, and can be read."""
    rows = exported(root, "long")
    new = {name: value for name, value in rows[0].items() if name != "base"} | {
        "study": "new2020", "finding": "", "treatment": "", "control": "",
    }  # fmt: skip
    plan = planned(root, [*rows, new, new | {"outcome": "craving", "event": ""}])
    assert plan.errors == ()
    assert "studies/new2020.yaml: a new record\n  findings.1.modality: cbt\n" in plan.summary()
    assert "1 new record; 2 records unchanged" in plan.summary()


def test_a_new_record_reads_as_the_old_one(root, tmp_path):
    """All sheets of a record, without its base and under another name, make the same record again."""
    from synthesis.records.tables.grid import Grids

    (root / "studies/doe2001.yaml").write_bytes(TEXT.encode())
    grids = []
    for name in ("studies", "arms", "findings", "judgements", "risk_of_bias"):
        rows = [row | {"study": "new", "base": ""} for row in exported(root, name, ["doe2001"])]
        rows = [row | ({"finding": ""} if name == "findings" else {}) for row in rows]
        grids += csv_grids(written(rows), name, name).grids
    plan = plan_import(root, Grids(tuple(grids)))
    assert plan.errors == ()
    write_plan(root, plan)
    old, new = (next(s for s in read_records(root).studies if s.key == key) for key in ("doe2001", "new"))

    assert (new.sample, new.design, new.maryland, new.arms) == (old.sample, old.design, old.maryland, old.arms)
    assert [j.value for j in new.judgements] == [j.value for j in old.judgements]
    assert [type(j.value) for j in new.judgements] == [type(j.value) for j in old.judgements]
    for one, other in zip(new.findings, old.findings, strict=True):
        assert (one.effect, one.time, one.source, one.rows) == (other.effect, other.time, other.source, other.rows)


def test_rows_that_are_gone_stay_in_the_record(root):
    """And are told; `--delete` takes them out. A study without any row is left alone."""
    rows = exported(root)[:1]
    plan = planned(root, rows)
    assert (plan.records, notes(plan)) == ((), ["SY345"])
    assert "findings of doe2001 that are not in the sheet: 2; they stay" in plan.problems[0].what

    assert "outcome: craving" not in done(root, rows, delete=True)
    assert (root / "studies/roe2002.yaml").exists()


def test_a_record_that_changed_since_is_refused(root):
    """The file is named, and nothing is written, not even the other record."""
    rows = exported(root)
    rows[0]["note"] = rows[2]["note"] = "x"
    (root / "studies/doe2001.yaml").write_bytes(STUDY.encode() + b"# later\n")
    plan = planned(root, rows)

    assert codes(plan) == ["SY338"]
    assert "studies/doe2001.yaml has changed since" in plan.errors[0].what
    with pytest.raises(InvalidArgument, match="errors"):
        write_plan(root, plan)
    assert "note" not in text(root, "roe2002")


def test_a_record_that_changes_before_the_writing_is_refused(root):
    """Between the plan and the writing, too."""
    rows = exported(root)
    rows[0]["note"] = "x"
    plan = planned(root, rows)
    (root / "studies/doe2001.yaml").write_bytes(STUDY.encode() + b"# later\n")

    with pytest.raises(ChangedSinceError, match=r"doe2001\.yaml"):
        write_plan(root, plan)


def test_an_import_twice_is_an_import_once(root):
    """What was written already needs no base, and a new finding is not appended a second time."""
    rows = exported(root)
    rows[0]["note"] = "x"
    done(root, rows)
    assert planned(root, rows).summary() == "nothing to change; 2 records unchanged\n"

    new = {"study": "roe2002", "modality": "cbt", "outcome": "craving", "source.document": "D"}
    rows += [new, new | {"note": "second"}, new]
    done(root, rows)
    assert planned(root, rows).summary() == "nothing to change; 2 records unchanged\n"
    assert planned(root, rows).problems == ()
    assert codes(planned(root, [*rows, new])) == ["SY338"]
    assert codes(planned(root, [*rows[:-1], new | {"note": "other"}])) == ["SY338"]


def test_a_new_study_twice_is_the_study_once(root):
    """A record that the rows made says what they say; other words for it need a base."""
    new = {name: value for name, value in exported(root, "long")[0].items() if name != "base"} | {
        "study": "new2020", "finding": "", "treatment": "", "control": "",
    }  # fmt: skip
    rows = [new, new | {"outcome": "craving", "event": ""}]
    done(root, rows)
    assert planned(root, rows).summary() == "nothing to change; 1 record unchanged\n"

    assert codes(planned(root, [rows[0], rows[1] | {"note": "other"}])) == ["SY339"]


def test_equal_findings_may_be_wanted(root):
    """Of a table of the record as it is, a row without a number is a new finding, whatever it says."""
    rows = exported(root)
    rows.append(rows[0] | {"finding": ""})

    assert "findings.3.modality: cbt" in planned(root, rows).summary().replace("(nothing) -> ", "")


def test_a_limited_import(root):
    """Only the named studies are looked at; one that the table lacks is told."""
    rows = exported(root)
    rows[0]["note"] = rows[2]["note"] = "x"
    (root / "studies/doe2001.yaml").write_bytes(STUDY.encode() + b"# later\n")

    assert [record.path for record in planned(root, rows, ["roe2002"]).records] == ["studies/roe2002.yaml"]
    with pytest.raises(NotFound, match="did you mean 'doe2001'"):
        planned(root, rows, ["doe2000"])


WRONG = [  # the sheet, what is done to the first row, and the code
    ("findings", {"effect.events.1": "3O"}, "SY340"),
    ("findings", {"effect.events.1": "300"}, "SY340"),
    ("findings", {"effect.events.1": ""}, "SY340"),
    ("findings", {"outcome": "drug_us"}, "SY340"),
    ("findings", {"rows": "A; C"}, "SY340"),
    ("findings", {"effect.ci.2": "3"}, "SY341"),
    ("findings", {"source.document": ""}, "SY340"),
    ("findings", {"comparator": "nonne"}, "SY340"),
    ("findings", {"time.months": "4,5"}, "SY340"),
    ("findings", {"time.months": "5. Apr"}, "SY334"),
    ("findings", {"note": "a\x07b"}, "SY340"),
    ("findings", {"finding": "9"}, "SY337"),
    ("findings", {"finding": "2"}, "SY336"),
    ("findings", {"study": ""}, "SY335"),
    ("findings", {"study": "../doe2001"}, "SY335"),
    ("findings", {"study": "DOE2001", "base": "", "finding": ""}, "SY335"),
    ("findings", {"note": "x", "base": "0" * 64}, "SY338"),
    ("findings", {"effect.events.1": "#DIV/0!"}, "SY333"),
    ("findings", {"note": "#n/a"}, "SY333"),
    ("findings", {"detail": "Err:502"}, "SY333"),
    ("arms", {"arm": "#N/A"}, "SY333"),
    ("arms", {"arm": "\ufeff"}, "SY337"),
    ("arms", {"arm": "o\u200bther"}, "SY337"),
    ("arms", {"arm": ":"}, "SY337"),
    ("arms", {"arm": ""}, "SY337"),
    ("arms", {"arm": "wait"}, "SY336"),
    ("arms", {"split_of": "nobody"}, "SY340"),
    ("studies", {"study": "gone2000"}, "SY338"),
    ("studies", {"sample.n": "-1"}, "SY340"),
    ("studies", {"design.allocation": "randomized"}, "SY340"),
    ("studies", {"evidence_set": ""}, "SY340"),
    ("long", {"study.sample.n": "241"}, "SY336"),
]


@pytest.mark.parametrize(("name", "change", "code"), WRONG)
def test_what_cannot_be_taken_is_told_at_its_cell(root, name, change, code):
    """The code, the row and the column; nothing of the table can be written then."""
    rows = exported(root, name)
    rows[0].update(change)
    plan = planned(root, rows)
    (error, *_) = plan.errors

    assert code in codes(plan)
    assert error.path == "t.csv"
    assert error.line in {2, 3}
    assert error.remedy
    if code == "SY340":
        assert error.column == list(rows[0]).index(next(iter(change))) + 1
        assert (root / "studies").exists()


def test_the_message_names_the_cell_and_the_place_in_the_record(root):
    """Both, with the code of the record's own reader."""
    rows = exported(root)
    rows[1]["effect.sd"] = "-3"
    (error,) = planned(root, rows).errors

    assert str(error) == (
        "t.csv:3:21: SY340 cell U3, effect.sd: -3 is not a possible standard deviation "
        "(studies/doe2001.yaml:28:29: SY108)\n    remedy: a standard deviation is greater than 0"
    )


def test_rows_without_their_base(root):
    """A record that is there already is not overwritten by a row that does not say from where it came."""
    rows = [row | {"base": "", "note": "x"} for row in exported(root, "studies")]

    assert codes(planned(root, rows)) == ["SY339", "SY339"]


HEADERS = [
    (lambda names: [*names, "my notes"], [], ["SY342"]),
    (lambda names: ["outcom" if name == "outcome" else name for name in names], ["SY331"], []),
    (lambda names: ["note" if name == "outcome" else name for name in names], ["SY331", "SY331"], []),
    (lambda names: [name for name in names if name != "outcome"], [], []),
    (lambda names: [name for name in names if name != "finding"], ["SY331"], []),
    (lambda names: [name for name in names if name != "study"], ["SY331"], []),
    (lambda names: list(reversed(names)), [], []),
]


@pytest.mark.parametrize(("change", "errors", "told"), HEADERS)
def test_columns(root, change, errors, told):
    """In any order, and fewer of them; one that is misspelt or needed is asked for, one's own is told and not read."""
    rows = exported(root)
    names = list(rows[0])
    new = change(names)
    lines = [",".join(new)] + [",".join(f'"{row.get(name, "x")}"' for name in new) for row in rows]
    plan = plan_import(root, csv_grids("\n".join(lines).encode(), "t.csv", "findings"))

    assert (codes(plan), notes(plan)) == (errors, told)
    assert plan.records == ()


def test_a_record_may_hold_the_words_of_an_error(root):
    """What stands in a record already is no error of a spreadsheet."""
    (root / "studies/doe2001.yaml").write_bytes(STUDY.encode() + b'note: "#N/A"\n')

    assert planned(root, exported(root, "studies")).problems == ()


def test_names_of_columns_in_capitals(root):
    """Each is told at its place, with the right letters; the sheet is the right one all the same."""
    data = written(exported(root, "arms"))
    header, _, rest = data.partition(b"\r\n")
    plan = plan_import(root, csv_grids(header.title() + b"\r\n" + rest, "t.csv"))

    assert set(codes(plan)) == {"SY331"}
    assert [problem.column for problem in plan.errors] == list(range(1, len(header.split(b",")) + 1))
    assert plan.errors[1].remedy == "write 'arm'"


@pytest.mark.parametrize("title", ["Coding, third round", "Coding;;", "\n\nCoding\n\nof March"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_title_above_the_names_of_the_columns(root, title, delimiter):
    """Told as what it is, with the row of the names."""
    data = title.encode() + b"\r\n" + written(exported(root, "arms"), delimiter)
    (error,) = plan_import(root, csv_grids(data, "t.csv")).errors

    row = title.count("\n") + 2
    assert error.what == f"the names of the columns are not in the first row, but in row {row}"
    assert (error.code, error.line) == ("SY331", row)


@pytest.mark.parametrize("line", ["sep=;\r\n", '"SEP=;"\n', "sep=;;;;\n"])
def test_a_line_that_names_the_separator(root, line):
    """It is left out, and told; the rows have the numbers that a spreadsheet shows."""
    rows = exported(root, "arms")
    plan = plan_import(root, csv_grids(line.encode() + written(rows, ";"), "t.csv"))
    assert (plan.records, codes(plan), notes(plan)) == ((), [], ["SY344"])

    rows[0]["n"] = "many"
    (error,) = plan_import(root, csv_grids(line.encode() + written(rows, ";"), "t.csv")).errors
    assert error.line == 2


def test_a_separator_that_is_not_known(root):
    """Refused with its sign."""
    with pytest.raises(InvalidData, match=r"t\.csv:1:1: SY330 the cells are parted by '\|'"):
        csv_grids(b"sep=|\n" + written(exported(root), "|"), "t.csv")


def test_an_import_with_errors_does_not_say_that_nothing_is_to_change(root):
    """What stands in the way is the only thing said."""
    rows = exported(root)
    rows[0]["effect.events.1"] = "3O"

    assert planned(root, rows).summary() == "nothing can be written: 1 error\n"


def test_rows_in_another_order_and_blank_ones(root):
    """A sorted table with empty rows and columns behind is the same table."""
    rows = exported(root)
    blank = dict.fromkeys(rows[0], "")
    data = written([blank, *reversed(rows), blank, blank]).replace(b"\r\n", b",,\r\n")
    plan = plan_import(root, csv_grids(data, "t.csv"))

    assert (plan.records, plan.problems, plan.unchanged) == ((), (), 2)


def test_text_beside_the_table(root):
    """A cell under no column is no part of a record: it is told, and nothing is taken from its row by mistake."""
    data = written(exported(root)).replace(b"\r\n", b",,total 5\r\n").replace(b",,total 5\r\n", b"\r\n", 1)

    assert set(codes(plan_import(root, csv_grids(data, "t.csv")))) == {"SY332"}


def test_a_row_that_ends_too_early(root):
    """A cut table would seem to take values away: refused at the row."""
    data = written(exported(root))[:-100]
    with pytest.raises(InvalidData, match=r"t\.csv:5:\d+: SY332"):
        csv_grids(data, "t.csv")


def test_a_german_spreadsheet(root):
    """Semicolons and decimal commas: what is the same is told and left, what changes needs a point."""
    rows = exported(root)
    rows[1]["effect.mean"] = "3,1"
    plan = plan_import(root, csv_grids(written(rows, ";"), "t.csv"))
    assert (plan.records, codes(plan), notes(plan)) == ((), [], ["SY343", "SY344"])

    rows[1]["effect.mean"] = "3,2"
    plan = plan_import(root, csv_grids(written(rows, ";"), "t.csv"))
    assert codes(plan) == ["SY340"]
    assert plan.errors[0].remedy == "write a decimal point: 3.2"


def test_windows_letters(root):
    """A table in Windows-1252 is read, and told; letters that it could not hold are no change."""
    (root / "studies/doe2001.yaml").write_text(STUDY + "note: Zürich, p ≥ 5\n", encoding="utf-8")
    rows = exported(root, "studies")
    data = written(rows).decode().encode("windows-1252", "replace")
    plan = plan_import(root, csv_grids(data, "t.csv"))

    assert (plan.records, codes(plan), notes(plan)) == ((), [], ["SY343", "SY344"])


def test_numbers_typed_as_floats(root):
    """12.0 for 12 is no change, and 13.0 for it is 13."""
    rows = exported(root)
    rows[0]["effect.events.1"] = "32.0"
    rows[0]["finding"] = "1.0"
    assert notes(planned(root, rows)) == ["SY343"]

    rows[0]["effect.events.1"] = "33.0"
    assert "events: [33, 120]" in done(root, rows)


def refused(plan):
    """The errors of a plan, raised."""
    raise InvalidData(plan.errors)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe\0a", b'a,"b\nc', b"x,y\n1,2\n"])
def test_no_table(root, data):
    """An empty file, zero bytes, an open quote: told, without a traceback."""
    with pytest.raises(InvalidData, match=r"SY33[01]"):
        refused(plan_import(root, csv_grids(data, "t.csv")))
