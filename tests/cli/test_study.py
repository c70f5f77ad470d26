"""`synth study add`, `export`, `import` and `schema`."""

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from synthesis.cli import cli
from synthesis.errors import InvalidArgument, InvalidData, NotFound
from synthesis.records import read_records
from tests.records.example import STUDY, write


@pytest.fixture
def review(tmp_path):
    """A review of two records."""
    (tmp_path / "bibliography").mkdir()
    (tmp_path / "bibliography" / "references.bib").write_text("@misc{Doe2001,\n  title = {One},\n}\n")
    return write(tmp_path, {"doe2001": STUDY, "roe2002": STUDY.replace("doe2001", "roe2002")})


def run(review, *arguments):
    """A command of `synth study`, in the review."""
    command, *rest = arguments
    return CliRunner().invoke(cli, ["study", command, "--root", str(review), *map(str, rest)])


def edited(file, column, value):
    """A CSV file with the first row changed in one column."""
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    rows[0][column] = value
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_add(review):
    """A new record that can be read as it is; what the library lacks is told."""
    result = run(review, "add", "new2020", "--cite", "Doe2001", "--cite", "Dow2002")

    assert (result.exit_code, result.stdout) == (0, "studies/new2020.yaml\n")
    assert "the library has no 'Dow2002'" in result.stderr
    assert "'Doe2001'" not in result.stderr.split("did you mean")[0]
    study = next(study for study in read_records(review).studies if study.key == "new2020")
    assert (study.cite, study.evidence_set, study.findings) == (("Doe2001", "Dow2002"), "update", ())


def test_the_fields_of_a_new_record_can_be_filled_in(review):
    """Every comment taken away gives fields that the reader knows."""
    run(review, "add", "new2020")
    path = review / "studies" / "new2020.yaml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("# to be copied")]
    path.write_text("\n".join(line.removeprefix("#") for line in lines))
    problems = [problem for problem in read_records(review).problems if problem.path.endswith("new2020.yaml")]

    assert {problem.code for problem in problems} == {"SY106"}
    assert len(problems) == 4


def test_a_new_record_is_filled_by_a_spreadsheet(review, tmp_path):
    """Begun with `add`, filled in a table: its finding and arm stand in lines, before what may be copied."""
    run(review, "add", "new2020", "--cite", "Doe2001")
    target = tmp_path / "t.csv"
    run(review, "export", "new2020", "-o", target)
    rows = {"modality": "cbt", "outcome": "craving", "source.document": "Doe2001", "study.sample.n": "12"}
    for column, value in rows.items():
        edited(target, column, value)

    assert run(review, "import", target, "--write").exit_code == 0
    text = (review / "studies" / "new2020.yaml").read_text()
    assert "findings:\n  - modality: cbt\n    outcome: craving\n    source: {document: Doe2001}\n# to be" in text
    assert re.search(r"^  n: 12 +# people in the sample$", text, re.MULTILINE)
    assert read_records(review).broken == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["doe2001"], "already"), (["DOE2001"], "already"), (["../x"], "cannot name"), (["a b"], "cannot name"),
        (["new", "--evidence-set", "updat"], "did you mean 'update'"),
    ],
)  # fmt: skip
def test_add_refuses(review, arguments, words):
    """A record that is there, a key that cannot name a file, a set that there is not; nothing is written."""
    before = sorted(review.rglob("*.yaml"))
    result = run(review, "add", *arguments)

    assert isinstance(result.exception, InvalidArgument)
    assert words in str(result.exception)
    assert sorted(review.rglob("*.yaml")) == before


def test_export_to_standard_output(review):
    """One row for each finding, with the columns of its study; the talk goes elsewhere."""
    result = run(review, "export", "doe2001")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))

    assert result.exit_code == 0
    assert [(row["study"], row["finding"], row["study.sample.n"]) for row in rows] == [
        ("doe2001", "1", "240"), ("doe2001", "2", "240"),
    ]  # fmt: skip
    assert result.stderr == "1 record; rows: long 2. Comments and layout stay in the records.\n"


@pytest.mark.parametrize(
    ("output", "files"),
    [
        ("t.csv", ["t.csv"]),
        ("t.xlsx", ["t.xlsx"]),
        ("t", ["arms.csv", "findings.csv", "judgements.csv", "risk_of_bias.csv", "studies.csv"]),
    ],
)
def test_export_and_import(review, tmp_path_factory, output, files):
    """A file, a workbook or a folder: written, read again, and nothing to change."""
    target = tmp_path_factory.mktemp("out") / output
    assert run(review, "export", "-o", target).exit_code == 0
    assert sorted(file.name for file in target.parent.rglob("*.*") if file.is_file()) == files

    result = run(review, "import", target)
    assert (result.exit_code, result.stdout) == (0, "nothing to change; 2 records unchanged\n")
    again = run(review, "export", "-o", target)
    assert isinstance(again.exception, InvalidArgument)
    assert run(review, "export", "-o", target, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "t.ods"], ".csv or .xlsx"), (["-o", "t.csv", "--sheet", "arms", "--sheet", "studies"], "one sheet"),
        (["--sheet", "arms", "--sheet", "studies"], "one sheet"), (["doe200"], "did you mean 'doe2001'"),
    ],
)  # fmt: skip
def test_export_refuses(review, arguments, words):
    """Another ending, several sheets for one file, a study that there is not."""
    result = run(review, "export", *arguments)

    assert isinstance(result.exception, (InvalidArgument, NotFound))
    assert words in str(result.exception)


def test_export_of_a_broken_record(review):
    """Its problems are told; with --skip-invalid the others are written."""
    (review / "studies" / "bad.yaml").write_text("study: bad\n")
    result = run(review, "export")
    assert isinstance(result.exception, InvalidData)
    assert "studies/bad.yaml" in str(result.exception)

    assert "doe2001" in run(review, "export", "--skip-invalid").stdout


def test_import_shows_then_writes(review, tmp_path):
    """First the changes, then with --write the one value in the one file."""
    target = tmp_path / "t.csv"
    run(review, "export", "-o", target)
    edited(target, "time.months", "5")
    shown = run(review, "import", target)

    assert shown.exit_code == 0
    assert shown.stdout == (
        "studies/doe2001.yaml\n  findings.1.time.months: 4 -> 5\nto change: 1 value of 1 record; 1 record unchanged\n"
    )
    assert "nothing is written yet" in shown.stderr
    assert (review / "studies/doe2001.yaml").read_text() == STUDY

    written = run(review, "import", target, "--write")
    assert written.stderr == "wrote studies/doe2001.yaml\n"
    assert (review / "studies/doe2001.yaml").read_text() == STUDY.replace("months: 4", "months: 5")
    again = run(review, "import", target, "--write")
    assert (again.exit_code, again.stdout) == (0, "nothing to change; 2 records unchanged\n")


def test_import_as_json(review, tmp_path):
    """The same as data; the errors are in it, and on standard error."""
    target = tmp_path / "t.csv"
    run(review, "export", "-o", target)
    edited(target, "effect.events.1", "many")
    result = run(review, "import", target, "--format", "json", "--write")
    data = json.loads(result.stdout)

    assert result.exit_code == 1
    assert (data["records"], data["unchanged"], data["problems"][0]["code"]) == ([], 1, "SY340")
    assert result.stderr.startswith("t.csv:2:16: SY340 cell P2, effect.events.1: 'many' where")


@pytest.mark.parametrize("kind", ["record", "review"])
def test_schema(review, kind):
    """JSON to standard output, in a review and outside."""
    result = run(review, "schema", kind)

    Draft202012Validator.check_schema(json.loads(result.stdout))
    assert CliRunner().invoke(cli, ["study", "schema", kind]).stdout == result.stdout


def test_schema_with_the_names_of_the_review(review):
    """Written into the review, where the first line of a new record then names it."""
    result = run(review, "schema", "--names", "--write")
    assert result.stdout == ".synth/record.schema.json\n.synth/review.schema.json\n"
    found = json.loads((review / ".synth/record.schema.json").read_text(encoding="utf-8"))
    assert "drug_use" in found["properties"]["findings"]["items"]["properties"]["outcome"]["enum"]

    run(review, "add", "new2020")
    first = (review / "studies" / "new2020.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../.synth/record.schema.json"
