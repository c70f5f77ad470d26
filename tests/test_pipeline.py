"""The layers in order: loading, checking, building; the same review gives the same bytes."""

import hashlib
import json
import os
import subprocess
import sys

import pytest

from synthesis.errors import InvalidData, Severity
from synthesis.pipeline import BUILD_STEPS, build, check_review, first_years, load, matrix_of
from tests.console import ROOT
from tests.crosscheck.made import REVIEW, made, write_review
from tests.scoring.strategies import table

DIGEST = """
import hashlib, sys
from pathlib import Path
from synthesis.pipeline import build, load
for name, data in build(load(Path(sys.argv[1]))).items():
    print(name, hashlib.sha256(data).hexdigest())
"""
FILES = {
    "README.md", "crosscheck.csv", "crosscheck.json", "crosscheck.md", "effects.csv", "engines.csv", "left_out.csv",
    "overlap.csv", "overlap.md", "pooled.csv", "pooled.json", "pooled.md", "provenance.csv", "provenance.md",
    "scoring_matrix.csv", "scoring_matrix.json", "scoring_matrix.md",
    "sensitivity.csv", "sensitivity.json", "sensitivity.md",
}  # fmt: skip


def built_elsewhere(folder, **environment):
    """Names and digests of a build in a fresh interpreter under another environment."""
    environment = {**os.environ, **environment}
    command = [sys.executable, "-c", DIGEST, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_same_data_same_bytes(tmp_path):
    """Two copies, two hash seeds, time zones and locales, one and two threads: the same bytes."""
    one = built_elsewhere(
        write_review(tmp_path / "one"), PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C", OMP_NUM_THREADS="1"
    )
    other = built_elsewhere(
        write_review(tmp_path / "b" / "other"), PYTHONHASHSEED="77", TZ="UTC", LC_ALL="C.UTF-8", OMP_NUM_THREADS="2"
    )

    assert one == other
    assert len(one.splitlines()) == len(FILES)


def test_a_build_is_all_of_outputs(tmp_path):
    """Every file, sorted by name, in LF; nothing of the folder it was made in."""
    files = build(made(tmp_path))

    assert list(files) == sorted(FILES)
    for data in files.values():
        assert data.endswith(b"\n")
        assert b"\r" not in data
        assert str(tmp_path).encode() not in data


def test_json_is_strict(tmp_path):
    """No NaN and no infinity in any JSON file."""
    files = build(made(tmp_path))

    for name in ("crosscheck.json", "pooled.json", "scoring_matrix.json"):
        json.loads(files[name], parse_constant=pytest.fail)


def test_the_order_of_files_does_not_matter(tmp_path):
    """A build depends on the records, not on the order in which they were written."""
    first = build(made(tmp_path / "one"))
    folder = write_review(tmp_path / "other")
    alpha = folder / "studies/alpha2001.yaml"
    text = alpha.read_text()
    alpha.unlink()
    alpha.write_text(text)

    assert {name: hashlib.sha256(data).digest() for name, data in first.items()} == {
        name: hashlib.sha256(data).digest() for name, data in build(load(folder)).items()
    }


def test_a_build_says_what_it_does(tmp_path):
    """Each step is named before it is done, for the progress bar."""
    steps = []
    build(made(tmp_path), steps.append)

    assert tuple(steps) == BUILD_STEPS


def test_an_empty_review_builds(tmp_path):
    """A review without records, tables and library has all outputs, and they say that there is nothing."""
    (tmp_path / "review.toml").write_text(REVIEW, encoding="utf-8")
    files = build(load(tmp_path))

    assert set(files) == FILES
    assert b"Fewer than two reviews" in files["overlap.md"]
    assert b"There is no pool." in files["provenance.md"]


def test_a_record_with_an_error_stops_everything(tmp_path):
    """All errors of all records, unless they are to be skipped; then they are told."""
    write_review(tmp_path, alpha2001="study: other\n", beta2002="nonsense\n")

    with pytest.raises(InvalidData) as caught:
        load(tmp_path)
    skipped = load(tmp_path, skip_invalid=True)

    assert {problem.path for problem in caught.value.problems} == {"studies/alpha2001.yaml", "studies/beta2002.yaml"}
    assert skipped.skipped == caught.value.problems
    assert [study.key for study in skipped.records.studies] == ["delta2004", "gamma2003"]


def test_the_invented_review_has_no_fault(tmp_path):
    """Notes only: words that disagree with numbers, and two evidence sets with one another."""
    problems = check_review(write_review(tmp_path))

    assert {problem.severity for problem in problems} == {Severity.NOTE}
    assert {problem.code for problem in problems} == {"SY303", "SY304"}


def test_every_part_is_checked_though_another_fails(tmp_path):
    """A record, the library, the citations and three published tables, each with a fault: all are told together."""
    write_review(
        tmp_path, alpha2001="study: other\n", references="@article{Alpha2001, title = {A}\n", citations="source\n",
        scoring_matrix="row\n", statements="statement\n", pooled="review\n",
    )  # fmt: skip
    errors = {problem.path for problem in check_review(tmp_path) if problem.severity is Severity.ERROR}

    assert {
        "studies/alpha2001.yaml", "bibliography/references.bib", "bibliography/citations.csv",
        "studies/published/scoring_matrix.csv", "studies/published/statements.csv", "studies/published/pooled.csv",
    } <= errors  # fmt: skip


def test_a_missing_key_is_told_once(tmp_path):
    """A report that the library lacks is an error at the record that cites it."""
    problems = check_review(write_review(tmp_path, references="", citations="source,target,relation,locator\n"))
    missing = [problem for problem in problems if "Gamma2003" in problem.what]

    assert {problem.path for problem in missing} == {"studies/gamma2003.yaml"}
    assert {problem.code for problem in missing} == {"SY450"}


def test_a_part_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    """A folder in the place of a library is a problem; the records are checked all the same."""
    folder = write_review(tmp_path)
    (folder / "bibliography/other.bib").mkdir()
    record = folder / "studies/beta2002.yaml"
    record.write_text(record.read_text().replace("level: 5", "level: 6"))
    problems = {problem.code: problem for problem in check_review(folder)}

    assert "other.bib is no file that can be read" in problems["SY320"].what
    assert problems["SY103"].path == "studies/beta2002.yaml"


def test_a_waiver_covers_what_the_whole_check_finds(tmp_path):
    """Waivers are applied after every part; one that nothing needs is an error."""
    folder = write_review(tmp_path)
    beta = folder / "studies/beta2002.yaml"
    beta.write_text(beta.read_text() + '    accept: {codes: [SY204], because: "looked at"}\n')

    assert "SY701" in {problem.code for problem in check_review(folder)}


def test_published_tables_that_cannot_be_read_stop_the_matrix(tmp_path):
    """What is wrong with the printed matrix is an error with its line."""
    loaded = made(tmp_path, scoring_matrix="row,outcome,points,placement,reason\nQ,reoffending,3,certain,\n")

    with pytest.raises(InvalidData, match=r"scoring_matrix.csv:2:1: SY604"):
        matrix_of(loaded)


def test_a_published_table_that_is_no_text(tmp_path):
    """A table in another encoding is an error at the line of the first wrong byte."""
    loaded = made(tmp_path)
    path = loaded.root / "studies/published/statements.csv"
    path.write_bytes(path.read_bytes() + b"S2,Caf\xe9\n")

    with pytest.raises(InvalidData, match=r"statements.csv:3:1: SY600"):
        matrix_of(loaded)


def test_years_are_of_the_first_report(tmp_path):
    """A study is as old as its first report; without a year in the library it has none."""
    loaded = made(tmp_path)

    assert first_years(loaded.root, loaded.records.studies)["alpha2001"] == 2001


@pytest.fixture(scope="module")
def shipped():
    """The matrix of the shipped review."""
    return matrix_of(load(ROOT))


@pytest.mark.parametrize("row", table("replication.csv"), ids=lambda row: f"{row['code']}-{row['outcome']}")
def test_the_shipped_records_give_the_replication(shipped, row):
    """Printed points, and points and clause of both readings of the report, from the shipped records."""
    cell = shipped.cell(row["code"], row["outcome"])
    strict, generous = cell.scores["report, strict"], cell.scores["report, generous"]
    printed = "" if cell.printed.points is None else str(cell.printed.points)

    assert printed == row["published_points"]
    assert (strict.output, strict.clause) == (row["strict_points"], row["strict_clause"])
    assert (generous.output, generous.clause) == (row["generous_points"], row["generous_clause"])


def test_the_shipped_records_say_nothing_else_of_the_report(shipped):
    """A cell that the replication does not have is blank in both readings of the report, and was not printed."""
    listed = {(row["code"], row["outcome"]) for row in table("replication.csv")}
    other = [cell for cell in shipped.cells if (cell.row, cell.outcome) not in listed]

    assert {cell.printed.points for cell in other} == {None}
    assert {cell.scores[name].points for cell in other for name in ("report, strict", "report, generous")} == {None}


def test_a_broken_record_leaves_no_entry_unused(tmp_path):
    """What a record with an error cites is not reported as an entry that nothing cites."""
    root = write_review(tmp_path)
    for record in (root / "studies").glob("*.yaml"):
        record.write_text("study: other\n", encoding="utf-8")

    assert "SY451" not in {problem.code for problem in check_review(root)}
