"""Mistakes that people make in records: each is answered at its line, with its code and a remedy."""

import os

import pytest

from synthesis.errors import InvalidData, Severity
from synthesis.records import read_records
from tests.records.example import STUDY, spoilt, write

COUNTS = "{events: [32, 120], control_events: [88, 120]}"
MEANS = "{mean: 3.1, sd: 4.7, n: 20, control_mean: 2.7, control_sd: 2.7, control_n: 17}"
MARYLAND = "maryland: {level: 5, basis: random allocation, source: {document: Doe2001}}"

# what stands there, what is put there, the line, the code, a word of the remedy
MISTAKES = [
    ("study: doe2001", "study: doe2002", 1, "SY111", "doe2001"),
    ("study: doe2001\n", "", 1, "SY106", "study"),
    ("cite: [Doe2001]", "cite: {Doe2001: 1}", 2, "SY107", "- "),
    ("cite: [Doe2001]", "cite: [Doe2001, Doe2001]", 2, "SY104", "keep one"),
    ("evidence_set: update", "evidence_set: updaet", 3, "SY109", "update"),
    ("evidence_set: update", "evidenceset: update", 3, "SY105", "evidence_set"),
    ("  n: 240", '  n: "240"', 5, "SY107", "quotes"),
    ("  n: 240", "  n: 0240", 5, "SY107", "digits"),
    ("  n: 240", "  n: 2_40", 5, "SY107", "digits"),
    ("  n: 240", "  n: 4:00", 5, "SY107", "digits"),
    ("  n: 240", "  n: 0", 5, "SY108", "from 1"),
    ("  n: 240", "  n: 240\n  n: 241", 6, "SY104", "keep one"),
    ("  n: 240", "  n: 240\n\tsetting: prison", 6, "SY102", "spaces"),
    ("[offenders]", "[ofenders]", 6, "SY109", "offenders"),
    ("setting: prison", "setting: no", 7, "SY103", "not stated"),
    ("setting: prison", "setting: prisn", 7, "SY103", "'prison'"),
    ("setting: prison", "setting: true", 7, "SY107", "quotes"),
    ("female: 0.1", "female: 10%", 8, "SY107", "0.1"),
    ("female: 0.1", "female: 10", 8, "SY108", "0.1 for 10 %"),
    ("female: 0.1", "female: 0,1", 8, "SY107", "0.1"),
    ("female: 0.1", "female: .inf", 8, "SY107", "decimal"),
    ("allocation: randomised", "allocation: randomized", 9, "SY103", "randomised"),
    ("allocation: randomised", "allocation: &a randomised", 9, "SY102", "itself"),
    ("unit: individual", "unit: individual, icc: 0.02", 9, "SY103", "cluster"),
    ("unit: individual,", "unit: individual, analysed_as_allocated: yes,", 9, "SY107", "true"),
    ("unit: individual,", "unit: individual, method: did,", 9, "SY103", "in words: difference in differences"),
    ("unit: individual,", "unit: individual, method: diference in differences,", 9, "SY103", "'difference in"),
    ("unit: individual,", "unit: individual, comparison: none,", 9, "SY107", "true"),
    ("unit: individual,", "unit: individual, measured_before: 1,", 9, "SY107", "true"),
    ("unit: individual,", "unit: individual, several_units: yes,", 9, "SY107", "true"),
    ("unit: individual,", 'unit: individual, sound: "true",', 9, "SY107", "true"),
    ("unit: individual,", "unit: individual, controls: some,", 9, "SY103", "adequate"),
    ("unit: individual,", "unit: individual, comparability: minor,", 9, "SY103", "minor differences"),
    ("attrition: 0.12}", "attrition: 0.12", 9, "SY101", "close"),
    ("level: 5", "level: 6", 10, "SY103", "1 (weakest"),
    ("level: 5", "level: !!int 5", 10, "SY102", "itself"),
    ("source: {document: Doe2001}}", "source: {at: p. 3}}", 10, "SY106", "document"),
    ("  cbt: {label: CBT, n: 120}", "  cbt: {n: 120}", 12, "SY106", "label"),
    ("label: waiting list, n: 120", "label: waiting list, split_of: cbtt", 13, "SY110", "'cbt'"),
    ("label: waiting list, n: 120", "label: waiting list, split_of: wait", 13, "SY110", "cbt"),
    ("modality: cbt", "modality: cbd", 15, "SY109", "'cbt'"),
    ("outcome: drug_use", "outcome: drug use", 16, "SY109", "'drug_use'"),
    ("treatment: cbt", "treatment: CBT-arm", 17, "SY110", "did you mean 'cbt'?"),
    ("treatment: cbt", "treatment: everybody", 17, "SY110", "choose"),
    ("control: wait", "control: cbt", 18, "SY110", "other arm"),
    ("comparator: none", "comparator: nothing", 19, "SY103", "none"),
    ("event: use", "event: relapse", 20, "SY112", "abstinence"),
    ("    event: use\n", "", 15, "SY106", "event"),
    ("months: 4", "months: -4", 21, "SY108", "0 or more"),
    ("months: 4", "months: 4 weeks", 21, "SY107", "decimal"),
    ("significant: yes", "significant: p < .05", 22, "SY103", "yes, no"),
    ("events: [32, 120], c", "events: [132, 120], c", 23, "SY113", "[events, n]"),
    ("events: [32, 120], c", "events: [32], c", 23, "SY113", "[events, n]"),
    ("events: [32, 120], c", "events: 32, c", 23, "SY107", "[one, two]"),
    ("events: [32, 120], c", "c", 23, "SY106", "events"),
    ("events: [32, 120], c", "sd: 3, events: [32, 120], c", 23, "SY113", "one of"),
    (COUNTS, "{measure: OR, estimate: 0.5}", 23, "SY113", "reported"),
    (COUNTS, "{measure: OR, estimate: -0.5, se: 0.2}", 23, "SY108", "0"),
    (COUNTS, "{measure: or, estimate: 0.5, se: 0.2}", 23, "SY103", "OR"),
    (COUNTS, "{measure: OR, estimate: 0.5, p: 0}", 23, "SY108", "between"),
    (COUNTS, "{measure: OR, estimate: 0.5, p: <0.05}", 23, "SY107", "exact"),
    (COUNTS, "{measure: OR, estimate: 0.5, ci: [0.6, 0.9]}", 23, "SY113", "interval"),
    (COUNTS, "{measure: SMD, estimate: 1e300, se: 0.1}", 23, "SY108", "exponent"),
    (COUNTS, "{measure: SMD, estimate: 0.1, se: 1e-40}", 23, "SY108", "exponent"),
    (COUNTS, "{measure: OR, estimate: 0.5, ci: [0.9, 0.3]}", 23, "SY113", "lower"),
    ('    source: {document: Doe2001, at: "p. 61"}\n', "", 15, "SY106", "source"),
    ('at: "p. 61"}', 'at: "p. 61}', 24, "SY101", "quotation"),
    ('at: "p. 61"}', 'att: "p. 61"}', 24, "SY105", "'at'"),
    ("    time: {class: long}", "    effect: {mean: 1}", 28, "SY104", "keep one"),
    (MEANS, "{}", 28, "SY113", "one of"),
    (MEANS, "{mean: null}", 28, "SY113", "one of"),
    (MEANS, "3.1", 28, "SY107", "name: value"),
    (COUNTS, "{events: [not stated, 120], control_events: [88, 120]}", 23, "SY113", "whole effect"),
    (COUNTS, "{measure: OR, estimate: 0.5, ci: [0.5]}", 23, "SY113", "[low, high]"),
    (COUNTS, "{measure: OR, estimate: 0.5, ci: 0.5}", 23, "SY107", "[one, two]"),
    (COUNTS, "{measure: OR, estimate: 0.5, se: 0.1, ci_level: 95}", 23, "SY108", "0.95"),
    (MARYLAND, "risk_of_bias: {randomization: low}", 10, "SY105", "randomisation"),
    (MARYLAND, "risk_of_bias: {randomisation: fine}", 10, "SY103", "low"),
    (MARYLAND, "risk_of_bias: {overall: {source: {document: Doe2001}}}", 10, "SY106", "judgement"),
    (MARYLAND, "judgements: [independent]", 10, "SY107", "name: value"),
    (MARYLAND, "judgements: {independent: true}", 10, "SY107", "name: value"),
    (MARYLAND, "judgements: {independent: {is: true}}", 10, "SY106", "because"),
    (MARYLAND, "judgements: {independent: {because: x}}", 10, "SY106", "is"),
    (MARYLAND, "judgements: {independent: {is: [1], because: x}}", 10, "SY107", "one value"),
    (MARYLAND, "judgements: {independent: {is: 1e300, because: x}}", 10, "SY108", "exponent"),
    (MARYLAND, "judgements: {independent: {is: true, because: x, source: {at: p. 1}}}", 10, "SY106", "document"),
    (MARYLAND, "judgements: {independent: {is: true, because: x, why: y}}", 10, "SY105", "because"),
    (MARYLAND, "judgements: {an opinion: {is: true, because: x}}", 10, "SY103", "small letters"),
    (MARYLAND, "judgements: {a: {is: true, because: x}, a: {is: true, because: x}}", 10, "SY104", "keep one"),
    ("level: 5", "level: [5]", 10, "SY103", "1 (weakest"),
    ("document: Doe2001, at", "document: [Doe2001], at", 24, "SY107", "one value"),
    ("comparator: none", "comparator: [none]", 19, "SY107", "one value"),
    ("comparator: none", 'comparator: " "', 19, "SY107", "leave the field out"),
    ("  n: 240", "  n: [240]", 5, "SY107", "digits"),
    ("female: 0.1", "female: [0.1]", 8, "SY107", "one number"),
    ("female: 0.1", 'female: "0.1"', 8, "SY107", "remove the quotes"),
    ("    time: {class: long}", "    accept: {codes: [204], because: checked}", 27, "SY114", "SY204"),
    ("    time: {class: long}", "    accept: {codes: [SY204]}", 27, "SY106", "because"),
    ("    time: {class: long}", "    rows: [A, C]", 27, "SY109", "A"),
    ("    time: {class: long}", "    note: &n x\n    detail: *n", 28, "SY102", "itself"),
    ("sd: 4.7", "sd: 0", 28, "SY108", "greater than 0"),
    ("sd: 4.7", "sd: not stated", 28, "SY113", "whole effect"),
    ("sd: 4.7, ", "", 28, "SY106", "sd"),
    ("source: {document: Doe2001}\n", "source: {document: Doe2001}\n---\nstudy: b\n", 30, "SY102", "one file"),
]


@pytest.mark.parametrize(("old", "new", "line", "code", "word"), MISTAKES)
def test_a_mistake_in_a_record(tmp_path, old, new, line, code, word):
    """One mistake: an error at its line with its code and the remedy; the record is set aside."""
    changed = STUDY[: STUDY.rindex(old)] + new + STUDY[STUDY.rindex(old) + len(old) :] if line > 24 else None
    records = read_records(write(tmp_path, {"doe2001": changed or spoilt(STUDY, old, new)}))

    found = [(problem.line, problem.code) for problem in records.problems]
    assert (line, code) in found
    assert any(word in problem.remedy for problem in records.problems if (problem.line, problem.code) == (line, code))
    assert records.broken == ("studies/doe2001.yaml",)
    assert records.studies == ()


def test_the_example_is_without_fault(tmp_path):
    """The record that the mistakes are made in has none of its own."""
    assert read_records(write(tmp_path, {"doe2001": STUDY})).problems == ()


def test_every_mistake_is_told_at_once(tmp_path):
    """Ten mistakes in one file are ten problems, in the order of the file."""
    spoils = [mistake for mistake in MISTAKES if mistake[3] in ("SY103", "SY109") and mistake[2] <= 16]
    distinct = {line: (old, new) for old, new, line, _, _ in spoils}
    text = STUDY
    for old, new in distinct.values():
        text = spoilt(text, old, new)
    problems = read_records(write(tmp_path, {"doe2001": text})).problems

    assert [problem.line for problem in problems] == sorted(distinct)
    assert all(problem.severity is Severity.ERROR for problem in problems)


def test_a_broken_record_stops_no_other(tmp_path):
    """The other records are read."""
    records = read_records(write(tmp_path, {"doe2001": STUDY, "bad": "study: [", "empty": ""}))

    assert [study.key for study in records.studies] == ["doe2001"]
    assert records.broken == ("studies/bad.yaml", "studies/empty.yaml")
    assert {problem.code for problem in records.problems} == {"SY101"}


@pytest.mark.parametrize(
    ("data", "line", "column", "code", "word"),
    [
        (b"study: doe\nnote: caf\xe9\n", 2, 10, "SY100", "UTF-8"),
        ("study: doe\n".encode("utf-16"), 1, 1, "SY100", "UTF-8"),
        (b"study: doe\nnote: a\x07b\n", 2, 8, "SY101", "remove"),
        (b"#" * 1_000_001, 1, 1, "SY100", "split"),
        (b"study: " + b"[" * 30 + b"]" * 30, 1, 27, "SY102", "nest"),
        (b"study: " + b"[" * 400_000, 1, 1007, "SY102", "nest"),
        (b"%YAML 1.1\n---\nstudy: doe\n", 1, 1, "SY102", "itself"),
        (b"? [a, b]\n: c\n", 1, 3, "SY107", "name: value"),
        (b"- study: doe\n", 1, 1, "SY107", "name: value"),
        (b"just words\n", 1, 1, "SY107", "name: value"),
        (b"\n", 1, 1, "SY101", "record"),
    ],
)
def test_files_that_are_no_records(tmp_path, data, line, column, code, word):
    """Bytes that are not text, text that is not YAML, YAML that is not a record: one message each, with its place."""
    problems = read_records(write(tmp_path, {"doe": data})).problems

    assert (line, column, code) in [(problem.line, problem.column, problem.code) for problem in problems]
    assert any(word in problem.remedy for problem in problems if problem.code == code)


def test_a_pipe_is_no_record(tmp_path):
    """What is no regular file is reported and not waited for."""
    root = write(tmp_path, {})
    os.mkfifo(root / "studies" / "pipe.yaml")

    (problem,) = read_records(root).problems
    assert (problem.path, problem.code, problem.what) == ("studies/pipe.yaml", "SY100", "this is no regular file")


def test_links_out_of_the_review(tmp_path):
    """A link to a file elsewhere is refused; one within the review is read."""
    outside = tmp_path / "secret.yaml"
    outside.write_text(STUDY)
    root = write(tmp_path / "review", {})
    (root / "studies" / "doe2001.yaml").symlink_to(outside)
    assert [problem.code for problem in read_records(root).problems] == ["SY100"]

    (root / "kept.yaml").write_text(STUDY)
    (root / "studies" / "doe2001.yaml").unlink()
    (root / "studies" / "doe2001.yaml").symlink_to(root / "kept.yaml")
    assert [study.key for study in read_records(root).studies] == ["doe2001"]


def test_studies_elsewhere(tmp_path):
    """A studies/ that is a link out of the review is refused."""
    root = write(tmp_path / "review", {})
    (root / "studies").rmdir()
    (root / "studies").symlink_to(tmp_path)
    with pytest.raises(InvalidData, match="SY100"):
        read_records(root)


@pytest.mark.parametrize("name", ["doe2001.yml", "doe2001.YAML", "doe 2001.yaml", "-doe.yaml"])
def test_a_record_with_an_odd_name(tmp_path, name):
    """A record that its name would hide is an error."""
    root = write(tmp_path, {})
    (root / "studies" / name).write_text(STUDY)
    (problem,) = read_records(root).problems

    assert (problem.path, problem.code) == (f"studies/{name}", "SY115")
    assert ".yaml" in problem.remedy


def test_messages_are_one_line_each(tmp_path):
    """Control characters of a record, or of its file's name, do not reach the terminal."""
    odd = STUDY.replace("setting: prison", 'setting: "a\\e[31m"').replace("level: 5", 'level: "\\e[0m"')
    root = write(tmp_path, {"doe2001": odd})
    (root / "studies" / "a\nb\udcff.yaml").write_text(STUDY)
    problems = read_records(root).problems

    assert len(problems) == 3
    assert all(text.isprintable() for p in problems for text in (p.path, p.what, p.remedy))


def test_a_folder_with_the_name_of_a_record(tmp_path):
    """A folder x.yaml is a message."""
    root = write(tmp_path, {})
    (root / "studies" / "x.yaml").mkdir()

    assert [problem.code for problem in read_records(root).problems] == ["SY100"]
