"""Contradictions of a report with itself and its studies: each is computed, and gone where the data are right."""

from collections import Counter
from pathlib import Path

import pytest

from synthesis.crosscheck.claims.fact_checks import span
from synthesis.crosscheck.claims.inconsistencies import CHECKS, LISTABLE, inconsistencies, not_found
from synthesis.crosscheck.claims.published_facts import Fact, Listed
from synthesis.crosscheck.claims.verdicts import verdict_checks, verdict_notes
from synthesis.crosscheck.reported import direction_notes, evidence_set_notes
from synthesis.errors import Severity
from synthesis.evidence import options_of, own_effects, select
from synthesis.pipeline import crosscheck_of, load, matrix_of, pool_review
from synthesis.pipeline.claims import material_of as material_with
from synthesis.records.study import Place
from tests.crosscheck.claims import FILES, OWN, P, material_of, told, write_claims

ROOT = Path(__file__).parents[2]
MATRIX, FRAME, THEMES = f"{P}/scoring_matrix.csv", f"{P}/outcomes_framework.csv", f"{P}/service_user_themes.csv"
STATED, FACTS, NAMED = f"{P}/statements.csv", f"{P}/facts.csv", f"{P}/named_rows.csv"
EDGES, LIBRARY, TOML = "bibliography/citations.csv", "bibliography/references.bib", "review.toml"
AMES, BURT = "studies/ames2001.yaml", "studies/burt2003.yaml"
USE, CRIME = told("A", "drug_use", "4.1 (F1)"), told("A", "reoffending", "4.1 (F2)")
AGAINST = USE.replace("effective, significant: yes", "ineffective")
OPEN = USE.replace("level: 5, basis: RCT", "level: not stated, basis: unknown")
OWN_USE, OWN_CRIME = (
    OWN.format(modality="programme", outcome=each, report="Ames2001") for each in ("drug_use", "reoffending")
)
COURT_USE, COURT_CRIME = (text.replace("programme", "court") for text in (OWN_USE, OWN_CRIME))
TRIALS = "F7,Report2010,4.1,Trials,1,studies,,,studies,4.1\n"
STATEMENTS = FILES[STATED]
REVIEWED = "R1,Other2006,4.3,A,drug_use,effective,yes,,review,old\n"
MORE = "A,drug_use,2,certain,\nA,reoffending,2,certain,\nA,total,4,,\n"
LESS = "A,drug_use,2,certain,\nA,reoffending,0,certain,\nA,total,2,,\n"
ENTRY = "@article{Ames2001,\n  author = {Ames, A.},\n  title = {A trial},\n  year = {2001}"

# code, what is changed in the review that contradicts nothing, and where the note then stands
FAULTS = [
    ("SY810", [(AMES, USE, ""), (MATRIX, MORE, LESS)], f"{MATRIX}:2"),
    ("SY811", [(AMES, CRIME, ""), (AMES, USE, USE.replace("drug_use", "alcohol_use"))], f"{MATRIX}:2"),
    ("SY812", [(AMES, USE, "")], f"{MATRIX}:2"),
    ("SY813", [(MATRIX, "A,drug_use,2", "A,drug_use,3"), (MATRIX, "A,total,4", "A,total,5")], f"{MATRIX}:2"),
    ("SY814", [(AMES, USE, OPEN)], f"{MATRIX}:2"),
    ("SY815", [(MATRIX, "A,drug_use,2", "A,drug_use,1"), (MATRIX, "A,total,4", "A,total,3")], f"{MATRIX}:2"),
    ("SY816", [(MATRIX, "B,reoffending,2,certain", "B,reoffending,2,inferred")], f"{MATRIX}:6"),
    ("SY817", [(MATRIX, "B,total,4,,\n", "B,total,4,,\nC,total,0,,\n")], f"{MATRIX}:8"),
    ("SY818", [(MATRIX, "B,total,4,,\n", "B,total,4,,\nC,total,0,,\n")], f"{MATRIX}:8"),
    ("SY819", [(TOML, 'code = "C"', 'code = "D"')], f"{TOML}:1"),
    ("SY820", [(TOML, 'label = "Programmes"', 'label = "Clinic"')], f"{MATRIX}:7"),
    ("SY821", [(MATRIX, "B,reoffending,2,certain,\n", ""), (MATRIX, "B,total,4", "B,total,2")], f"{MATRIX}:6"),
    ("SY822", [(NAMED, "A;B", "A")], f"{NAMED}:2"),
    ("SY823", [(AMES, "    rows: [A]\n", "")], f"{AMES}:18"),
    ("SY823", [(STATED, STATEMENTS, STATEMENTS + REVIEWED.replace(",A,", ",,"))], f"{STATED}:2"),
    ("SY825", [(FRAME, "Less crime,A;B", "Less crime,A")], f"{FRAME}:3"),
    ("SY826", [(AMES, USE, AGAINST)], f"{FRAME}:2"),
    ("SY827", [(FRAME, "Less use,A;B", "Less use,A;B;C"), (MATRIX, "B,total,4,,\n", "B,total,4,,\nC,total,0,,\n")],
     f"{FRAME}:2"),
    ("SY828", [(FRAME, "2;3", "2")], f"{THEMES}:4"),
    ("SY829", [(FRAME, ",1,Report", ",1;3,Report")], f"{THEMES}:4"),
    ("SY830", [(THEMES, "Three,2", "Three,1")], f"{THEMES}:4"),
    ("SY831", [(EDGES, "4.3; sub-outcome 1", "sub-outcome 1")], f"{FRAME}:2"),
    ("SY835", [(FACTS, "Prisons again,40", "Prisons again,41")], f"{FACTS}:3"),
    ("SY836", [(FACTS, "Women,10", "Women,12")], f"{FACTS}:6"),
    ("SY837", [(FACTS, "Of them young,20", "Of them young,50")], f"{FACTS}:7"),
    ("SY838", [(FACTS, "Trials,1", "Trials,4")], f"{FACTS}:8"),
    ("SY838", [(FACTS, TRIALS, "F7,Report2010,p. 1,Papers,160,papers,over,,citations,Report2010\n")], f"{FACTS}:8"),
    ("SY840", [(AMES, CRIME, CRIME + AGAINST.replace("4.1", "5.9"))], f"{AMES}:34"),
    ("SY841", [(AMES, CRIME, CRIME + AGAINST.replace("4.1", "5.9").replace("[A]", "[B]"))], f"{AMES}:34"),
    ("SY842", [(AMES, "[Ames2001]", "[Ames2001, Ames2005]"), (EDGES, "Report2010,Burt2003",
      "Report2010,Ames2005,cites,4.9\nReport2010,Burt2003")], f"{AMES}:2"),
    ("SY843", [(STATED, STATEMENTS, STATEMENTS + REVIEWED), (EDGES, "Report2010,Burt2003",
      "Other2006,Ames2001,reviews,p. 2\nReport2010,Burt2003")], f"{MATRIX}:2"),
    ("SY844", [(BURT, "[drug users, patients]", "[drug users]")], f"{BURT}:18"),
    ("SY845", [(AMES, OWN_USE, COURT_USE), (AMES, OWN_CRIME, COURT_CRIME)], f"{AMES}:18"),
    ("SY846", [(AMES, CRIME, CRIME + CRIME.replace("reoffending", "alcohol_use"))], f"{AMES}:34"),
    ("SY847", [(AMES, USE, "")], f"{AMES}:8"),
    ("SY848", [(AMES, USE, OPEN)], f"{AMES}:18"),
    ("SY849", [(LIBRARY, ENTRY, ENTRY.replace("{2001}", "{2002}"))], f"{LIBRARY}:1"),
    ("SY850", [(LIBRARY, "{Other2006,", "{Other2006a,"), (EDGES, "Other2006", "Other2006a")], f"{LIBRARY}:31"),
    ("SY851", [(STATED, STATEMENTS, STATEMENTS + REVIEWED
      + "R2,Other2006,abstract,A,drug_use,ineffective,,,review,new\n")], f"{STATED}:3"),
    ("SY852", [(AMES, OWN_USE, COURT_USE), (AMES, OWN_CRIME, ""), (AMES, CRIME, ""), (AMES, USE, AGAINST)],
     f"{AMES}:13"),
]  # fmt: skip


def test_a_report_that_contradicts_nothing(tmp_path):
    """The review without a fault has no note."""
    assert inconsistencies(material_of(write_claims(tmp_path))) == ()


@pytest.mark.parametrize(("code", "changes", "place"), FAULTS)
def test_a_contradiction_is_found_where_it_stands(code, changes, place, tmp_path):
    """With one fault in the data the check speaks, as a note at that row or record; without it, not at all."""
    notes = inconsistencies(material_of(write_claims(tmp_path, changes)))

    assert (code, place) in {(note.code, f"{note.path}:{note.line}") for note in notes}
    assert all(note.severity is Severity.NOTE and note.remedy for note in notes)


def test_every_check_is_shown():
    """No check is without a fault that makes it speak, and no code has two checks."""
    codes = [check.code for check in CHECKS]

    assert {code for code, _, _ in FAULTS} == set(codes)
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("value", "bound", "low", "high"),
    [
        ("7.7", "", 7.65, 7.75),
        ("40", "", 39.5, 40.5),
        ("78000", "", 77500, 78500),
        ("136", "about", 128.7, 143.3),
        ("15", "over", 14.5, float("inf")),
        ("23", "up to", float("-inf"), 23.5),
    ],
)
def test_a_printed_figure_stands_for_what_rounds_to_it(value, bound, low, high):
    """One step of the last digit, the thousands of a round number, and what its bound leaves open."""
    fact = Fact("F", "D", "1", "a figure", value, "", bound, "", "", (), Place("f.csv", 2, 1))

    assert span(fact) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("relation", "of", "printed", "computed"),
    [
        ("fall", "24.4;7.7", "60", "68.4"),
        ("quotient", "529;6", "80", "88.2"),
        ("share", "1+2;6", "40", "50.0"),
        ("product", "20;52", "900", "1040.0"),
        ("multiple", "80;7", "15", "11.4"),
    ],
)
def test_what_a_figure_is_made_of(relation, of, printed, computed, tmp_path):
    """Falls, quotients, shares of sums and products are computed and shown."""
    row = f"F8,Report2010,1.4,A figure,{printed},,,,{relation},{of}\n"
    (note,) = inconsistencies(material_of(write_claims(tmp_path, [(FACTS, TRIALS, row)])))

    assert (note.code, note.what.endswith(f"is {computed}")) == ("SY836", True)


@pytest.mark.parametrize("codes", ["JKL", ("x1", "x2", "x3")])
def test_codes_that_are_no_gap(codes, tmp_path):
    """A sequence may begin later, and codes may be of another kind."""
    changes = [(TOML, f'code = "{old}"', f'code = "{new}"') for old, new in zip("ABC", codes, strict=True)]
    changes += [(TOML, f'row = "{old}"', f'row = "{new}"') for old, new in zip("AB", codes, strict=False)]
    root = write_claims(tmp_path, changes)
    for path in (root / P).glob("*.csv"):
        path.unlink()
    for path in (AMES, BURT):
        text = (root / path).read_text()
        (root / path).write_text(text.replace("    rows: [A]\n", "").replace("    rows: [B]\n", ""))

    assert "SY819" not in {note.code for note in inconsistencies(material_of(root))}


def test_how_many_studies_the_printed_points_take(tmp_path):
    """By the rule of the review: 3 points take two studies of level 5, and the report shows one."""
    changes = [(MATRIX, "A,drug_use,2", "A,drug_use,3"), (MATRIX, "A,total,4", "A,total,5")]
    notes = inconsistencies(material_of(write_claims(tmp_path, changes)))
    (what,) = [note.what for note in notes if note.code == "SY813"]

    assert "it takes 2 at level 5, the report shows 1 (1 sources in favour)" in what


def test_a_listed_entry_that_nothing_finds():
    """An entry whose check finds nothing about it is told at its own line."""
    entry = Listed("list", "7", "a slip", "low", "SY836", "Growth", "", Place("i.csv", 9, 1))
    (note,) = not_found([entry], [])

    assert (note.code, note.line, "no. 7" in note.what) == ("SY860", 9, True)


@pytest.fixture(scope="module")
def shipped():
    """The shipped review: its material, and every note that an entry of its lists can name."""
    loaded = load(ROOT)
    evidence = pool_review(loaded)
    material = material_with(loaded, matrix_of(loaded, evidence))
    review, studies = material.review, material.studies
    checks = crosscheck_of(loaded, evidence, material.matrix)
    options = options_of(review)
    effects = [
        one for one in own_effects(select(studies, review, options).contrasts, review, options)[0] if not one.missing
    ]
    notes = [
        *inconsistencies(material),
        *verdict_notes(verdict_checks(material.tables.verdicts, material.matrix, checks)),
        *direction_notes(effects),
        *evidence_set_notes(studies, review, effects),
    ]
    return material, notes


def test_every_listed_inconsistency_is_found_or_has_a_reason(shipped):
    """All 99 and 85 entries are there once; each that names a check is found by it, the others say why not."""
    material, notes = shipped
    listed = material.tables.listed

    assert list(not_found(listed, notes)) == []
    assert list(Counter(entry.source for entry in listed).values()) == [99, 23, 33, 29]
    assert list(Counter(entry.source for entry in listed if entry.check).values()) == [64, 14, 14, 9]
    assert all(entry.check in LISTABLE or entry.because for entry in listed)


def test_the_shipped_review_is_told_once_a_row_or_record(shipped):
    """Notes alone, none twice, and no code twice at one line of a record."""
    material, _ = shipped
    notes = inconsistencies(material)
    of_records = [(note.path, note.line, note.code) for note in notes if note.path.endswith(".yaml")]

    assert {note.severity for note in notes} == {Severity.NOTE}
    assert len(of_records) == len(set(of_records))
    assert len(notes) == len(set(notes))
