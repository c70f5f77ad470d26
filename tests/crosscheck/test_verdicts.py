"""Published verdicts beside the matrix."""

from pathlib import Path

import pytest

from synthesis.crosscheck.claims.published_tables import Verdict
from synthesis.crosscheck.claims.verdicts import CODES, VerdictCheck, VerdictRow, verdict_checks, verdict_notes
from synthesis.errors import Severity
from synthesis.pipeline import crosscheck_of, load, matrix_of, pool_review
from synthesis.pipeline.claims import material_of as material_with
from synthesis.records.study import Place
from tests.crosscheck.claims import P, material_of, write_claims

ROOT = Path(__file__).parents[2]
PLACE = Place("verdicts.csv", 2, 1)


def verdict(words, rows=("J",), **more):
    """A verdict on rows that fit exactly."""
    return Verdict("a programme", words, rows, "exact", "V2008", **{"also": "", "also_words": "", "totals": (), **more},
                   place=PLACE)  # fmt: skip


def row(printed, points, status="agree_none", code="J"):
    """A row with points on one outcome and one pooled status."""
    return VerdictRow(code, printed, (("use", points),), (("programme", "use", status),))


@pytest.mark.parametrize(
    ("words", "held", "codes"),
    [
        ("reasonable evidence", row(3, 3, "agree_benefit"), []),
        ("reasonable evidence", row(0, 3), ["SY801"]),
        ("reasonable evidence", row(3, 0), ["SY801"]),
        ("reasonable evidence", row(3, None), ["SY801"]),
        ("reasonable evidence", row(3, 2, "reversal"), ["SY804"]),
        ("reasonable evidence", row(0, 0, "agree_harm"), ["SY801", "SY804"]),
        ("no evaluations", row(3, None), ["SY802"]),
        ("no evaluations", row(None, 1), ["SY802"]),
        ("no evaluations", row(0, None), []),
        ("mixed evidence", row(3, 3, "agree_benefit"), ["SY803"]),
        ("mixed evidence", row(3, 3, "points_high_ci_null"), []),
    ],
)
def test_where_verdict_and_score_disagree(words, held, codes):
    """Words, printed points, computed points and the pooled status are told apart by code, as notes."""
    notes = list(verdict_notes([VerdictCheck(verdict(words), (held,))]))

    assert [note.code for note in notes] == codes
    assert all(note.severity is Severity.NOTE and (note.path, note.line) == ("verdicts.csv", 2) for note in notes)


def test_one_note_a_verdict_with_every_row_that_disagrees():
    """Rows that agree are not in it."""
    check = VerdictCheck(verdict("reasonable evidence"), (row(0, 1), row(3, 3, code="K"), row(2, 0, code="L")))
    (note,) = verdict_notes([check])

    assert "row J has 0 printed and 1 computed" in note.what
    assert "row L" in note.what
    assert "row K" not in note.what


def test_other_words_in_another_document():
    """The same verdict printed in other words is told; in the same words, or nowhere else, it is not."""
    said = [
        verdict("mixed evidence", (), also="P2010", also_words=words)
        for words in ("a programme in prisons", "", "A programme")
    ]

    assert [note.code for note in verdict_notes(VerdictCheck(each, ()) for each in said)] == ["SY805"]


def test_typed_totals_are_those_of_the_matrix():
    """A copy that is not one is told."""
    notes = verdict_notes([VerdictCheck(verdict("reasonable evidence", totals=("5",)), (row(4, 2),))])

    assert [note.code for note in notes] == ["SY806"]


def test_a_verdict_beside_its_row(tmp_path):
    """Printed total and computed points of the row that it speaks of; a verdict without a row has none."""
    material = material_of(write_claims(tmp_path))
    programmes, courts = verdict_checks(material.tables.verdicts, material.matrix)

    assert courts.rows == ()
    assert [(row.row, row.printed_total, row.total) for row in programmes.rows] == [("A", 4, 4)]
    assert list(verdict_notes([programmes, courts])) == []


def test_a_verdict_against_a_corrected_matrix(tmp_path):
    """Points taken from the matrix make the check speak at the verdict's own line."""
    path = f"{P}/scoring_matrix.csv"
    nothing = "A,drug_use,0,certain,\nA,reoffending,0,certain,\nA,total,0,,\n"
    changes = [(path, "A,drug_use,2,certain,\nA,reoffending,2,certain,\nA,total,4,,\n", nothing)]
    material = material_of(write_claims(tmp_path, changes))
    notes = list(verdict_notes(verdict_checks(material.tables.verdicts, material.matrix)))

    assert [(note.code, note.path, note.line) for note in notes] == [
        ("SY801", f"{P}/verdicts.csv", 2),
        ("SY806", f"{P}/verdicts.csv", 2),
    ]


def test_the_shipped_verdicts():
    """The sixteen verdicts of UKDPC 2008: where they and the matrix disagree, as the report's readers listed it."""
    loaded = load(ROOT)
    evidence = pool_review(loaded)
    material = material_with(loaded, matrix_of(loaded, evidence))
    checks = verdict_checks(material.tables.verdicts, material.matrix, crosscheck_of(loaded, evidence, material.matrix))
    notes = [(note.code, note.what.partition(":")[0]) for note in verdict_notes(checks)]

    assert len(checks) == 16
    assert ("SY801", "opioid detoxification in prisons and the community") in notes
    assert ("SY802", "CBT-based programmes such as short-duration programmes") in notes
    assert sum(code == "SY805" for code, _ in notes) == 4
    assert {code for code, _ in notes} <= set(CODES) - {"SY806"}
