"""The files of the matrix and the story of a cell: readable, safe, and the same every time."""

import csv
import io
import json

import pytest

from synthesis.records.review import Outcome, Review, Row
from synthesis.rendering.explain import explain
from synthesis.rendering.matrix import matrix_files
from synthesis.scoring.matrix import build_matrix, living_readings, report_readings
from synthesis.scoring.published import PrintedCell, PrintedMatrix
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.report import generous_findings, strict_findings
from tests.scoring.report_data import OUTCOMES, REPORT, statements, studies
from tests.scoring.strategies import table

RULE = load_rule("pdtsrg-2009")


def matrix(label="Label", turned=1, rule=RULE):
    """The matrix of the report's own findings, as if the strict reading were the living evidence."""
    rows = {row["code"]: Row(row["code"], row["label"], label) for row in table("replication.csv")}
    outcomes = {key: Outcome(key, key, column=key) for key in OUTCOMES}
    cells = {
        (row["code"], row["outcome"]): PrintedCell(
            row["code"], row["outcome"], int(row["published_points"]), "inferred", "why"
        )
        for row in table("replication.csv")
        if row["published_points"]
    }
    strict = strict_findings(studies()[::turned], REPORT)
    generous = generous_findings(studies()[::turned], statements()[::turned], REPORT)
    review = Review("Title", outcomes, {}, {}, {}, rows=tuple(rows.values()))
    readings = [*report_readings(strict, generous), *living_readings(strict, generous, strict)]
    return build_matrix(review, PrintedMatrix(cells, {"J": 8}), rule, readings)


def files(**options):
    return {name: data.decode("utf-8") for name, data in matrix_files(matrix(**options), "Drugs <&> offenders").items()}


def test_same_data_same_bytes():
    """The order in which records are read does not change a byte; lines end in LF."""
    assert matrix_files(matrix(), "T") == matrix_files(matrix(turned=-1), "T")
    assert all("\r" not in text and text.endswith("\n") for text in files().values())


def test_csv_has_a_line_per_cell_and_total():
    """Rows of the CSV: every cell and one total per row, in printed order."""
    lines = list(csv.DictReader(io.StringIO(files()["scoring_matrix.csv"])))
    codes = list(dict.fromkeys(row["code"] for row in table("replication.csv")))

    assert [(line["row"], line["outcome"]) for line in lines] == [
        (code, outcome) for code in codes for outcome in (*OUTCOMES, "total")
    ]


def test_csv_gives_the_replication():
    """Strict and generous points of the file are those of the replication."""
    lines = csv.DictReader(io.StringIO(files()["scoring_matrix.csv"]))
    found = {(line["row"], line["outcome"]): line for line in lines}
    for row in table("replication.csv"):
        line = found[row["code"], row["outcome"]]
        assert line["report, strict: points"] == row["strict_points"]
        assert line["report, generous: clause"] == row["generous_clause"]


def test_csv_tells_how_steady_a_cell_is():
    """Beside the status: the range over the policies, the fragility, the range without one study, who decides."""
    lines = csv.DictReader(io.StringIO(files()["scoring_matrix.csv"]))
    line = next(line for line in lines if (line["row"], line["outcome"]) == ("J", "reoffending"))

    assert (line["living: points"], line["living: verified"], line["fragility"]) == ("3", "text", "1")
    assert line["over_policies"] == "2 to 3"
    assert line["without_one_study"] == "2 to 3"


def test_json_has_every_policy():
    """Each cell with a finding under each policy of the rule; nothing for a cell without one."""
    value = json.loads(files()["scoring_matrix.json"])
    cells = {(row["row"], cell["outcome"]): cell for row in value["rows"] for cell in row["cells"]}

    assert list(cells["J", "reoffending"]["steadiness"]["policies"]) == list(RULE.policies)
    assert list(value["policies"]) == list(RULE.policies)
    assert cells["K", "drug_use"]["steadiness"] is None


def test_the_page_sets_policies_side_by_side():
    """A column for each policy, and what each says and moves."""
    page = files()["scoring_matrix.md"]
    part = page[page.index("## Under every policy") : page.index("## Where the points")]

    assert part.count("\n| J Opioid substitution |") == 1
    assert "- 1 literal: the highest clause whose words are satisfied; moves 0" in part


def test_json_is_the_same_matrix():
    """Blank is null; points are numbers; statuses are counted."""
    value = json.loads(files()["scoring_matrix.json"])
    cell = next(row for row in value["rows"] if row["row"] == "J")["cells"][2]

    assert (cell["printed"], cell["scores"]["report, strict"]["points"]) == (3, 3)
    assert value["counts"]["report, strict"] == {
        "same": 6, "lower": 6, "higher": 0, "no admissible finding": 21, "not printed": 4,
    }  # fmt: skip


def test_the_page_tells_which_finding_makes_a_generous_cell_differ():
    """A cell of the generous reading that differs from print names the findings that were counted in its favour."""
    page = files()["scoring_matrix.md"]
    part = page[page.index("## Where the generous reading") : page.index("## What cannot be rebuilt")]
    (line,) = [line for line in part.splitlines() if line.startswith("| O |")]

    assert "JohnsonHunter1992 (effective, level 5)" in line
    assert "4.31 (F048): design not stated, level 5 assumed; significance assumed" in line
    assert "without JohnsonHunter1992 it is blank" in line


def test_the_page_counts_what_cannot_be_rebuilt():
    """The exact counts of both readings stand on the page."""
    page = files()["scoring_matrix.md"]

    assert "Strict reading: 6 cells match, 6 are lower, 0 higher, 21 have no admissible finding." in page
    assert "Generous reading: 13 cells match, 9 are lower, 5 higher, 6 have no admissible finding." in page


def test_every_table_of_the_page_is_whole():
    """Each table row has as many cells as its header, whatever the labels hold."""
    page = files(label="a | b <script>\n`x`")["scoring_matrix.md"]
    blocks = [block for block in page.split("\n\n") if block.startswith("| ")]

    assert "<script>" not in page
    assert "Drugs &lt;&amp;&gt; offenders" in page
    for block in blocks:
        assert len({line.replace("\\|", "").count("|") for line in block.strip().splitlines()}) == 1


@pytest.mark.parametrize("text", ["=1+1", "+a", "-a", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_is_text_in_the_csv(text):
    """What a spreadsheet would run gets an apostrophe before it."""
    lines = csv.DictReader(io.StringIO(files(label=text)["scoring_matrix.csv"], newline=""))

    assert {line["group"] for line in lines} == {f"'{text}"}


def test_a_cell_is_explained_down_to_its_paragraph():
    """Printed points, clause with its paragraph, studies, findings, sources, references and pooled lines."""
    references = {"Gordon2008": ["Gordon2008 in the library"]}
    text = explain(matrix(), "J", "reoffending", references=references, pooled=["RR 0.80 [0.60, 1.07]"])

    for part in (
        "J  Label: Opioid substitution - reoffending",
        "Printed points: 3   column: inferred",
        "clause 3 (paragraph 6.14): two or more level 5 studies",
        "Dolan2003: effective, level 5",
        "no detail named: effective, significant: yes (reported) -> effective",
        "source: report, 4.18 (F029)   studies/Gordon2008.yaml:1",
        "not admitted: Gossop2005, level not stated, effective",
        "Gordon2008: Gordon2008 in the library",
        "RR 0.80 [0.60, 1.07]",
    ):
        assert part in text


def test_an_empty_cell_is_explained_too():
    """A cell without findings says so for every reading."""
    text = explain(matrix(), "K", "drug_use")

    assert text.count("clause no admissible finding") == 7


def test_a_repeated_reading_is_told_once():
    """A reading with the same findings as an earlier one refers to it."""
    text = explain(matrix(), "J", "reoffending")

    assert "living, cautious: 3   same against print" in text
    assert "studies and findings as under “report, strict”" in text


def test_a_rule_in_words_has_no_total():
    """Its rows have a dash and the reason once; cells with evidence are those not blank; print is not compared."""
    found = matrix(rule=load_rule("sherman-1998"))
    texts = {name: data.decode() for name, data in matrix_files(found, "T").items()}
    (line,) = [line for line in texts["scoring_matrix.md"].splitlines() if line.startswith("| J |")]
    row = next(row for row in found.rows if row.row.code == "J")
    outputs = [cell.scores[found.headline].output for cell in row.cells]
    value = json.loads(texts["scoring_matrix.json"])

    assert any(outputs)
    assert line.endswith(f"| 8 / - | {sum(map(bool, outputs))} |")
    assert texts["scoring_matrix.md"].count("no points: it has no total") == 1
    assert not any("print" in one for one in texts["scoring_matrix.md"].splitlines() if one.startswith("## "))
    assert "Against print" not in texts["scoring_matrix.md"]
    assert (value["counts"], value["rows"][0]["totals"]["living"]["points"]) == (None, None)
    assert value["no_total_because"].startswith("the rule gives words")


def test_blank_and_0_are_ours():
    """Under the main table the clauses of blank and 0, which the source did not print, are marked once."""
    page = files()["scoring_matrix.md"]
    under = page[page.index("| J |") : page.index("## ")]

    assert "- clause no admissible finding (ours, not printed in its source)\n" in under
    assert "- clause none met: evidence of no effect or harm (ours, not printed in its source)\n" in under
