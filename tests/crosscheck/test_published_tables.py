"""Verdicts, framework, themes, named rows, facts and listed inconsistencies, read strictly."""

from pathlib import Path

import pytest

from synthesis.crosscheck.claims.inconsistencies import LISTABLE
from synthesis.crosscheck.claims.published_facts import FACT_COLUMNS, LISTED_COLUMNS, read_facts, read_listed
from synthesis.crosscheck.claims.published_folder import read_tables
from synthesis.crosscheck.claims.published_tables import (
    FRAMEWORK_COLUMNS,
    NAMED_COLUMNS,
    THEME_COLUMNS,
    VERDICT_COLUMNS,
    read_framework,
    read_named_rows,
    read_themes,
    read_verdicts,
)
from synthesis.errors import InvalidData
from synthesis.pipeline import load
from tests.crosscheck.claims import P, write_claims

ROOT = Path(__file__).parents[2]
ROWS, OUTCOMES = ("J", "K"), ("drug_use",)
READERS = {
    "verdicts": (VERDICT_COLUMNS, lambda text, path: read_verdicts(text, path, ROWS)),
    "framework": (FRAMEWORK_COLUMNS, lambda text, path: read_framework(text, path, ROWS)),
    "themes": (THEME_COLUMNS, read_themes),
    "named": (NAMED_COLUMNS, lambda text, path: read_named_rows(text, path, ROWS, OUTCOMES)),
    "facts": (FACT_COLUMNS, read_facts),
    "listed": (LISTED_COLUMNS, lambda text, path: read_listed(text, path, LISTABLE)),
}
GOOD = {
    "verdicts": "courts,mixed evidence,J;K,partial,V2008,,",
    "framework": "1,A,Less use,Less,J;K,Cosden (2010),1;2,P2010",
    "themes": "1,Health,Group work,1;7,P2010",
    "named": "P2010,7.1,total,J,strong support",
    "facts": "F1,P2010,1.5,Prisons,136,prisons,,,,",
    "listed": "list,1,a slip,low,SY835,Prisons,",
}


def read(kind, *rows):
    """A table of one kind from its rows."""
    columns, reader = READERS[kind]
    return reader("\n".join((",".join(columns), *rows)) + "\n", "t.csv")


@pytest.mark.parametrize("kind", READERS)
def test_a_good_row(kind):
    """It is read, and knows its line."""
    (found,) = read(kind, GOOD[kind])

    assert (found.place.path, found.place.line) == ("t.csv", 2)


@pytest.mark.parametrize("kind", READERS)
def test_a_table_that_lacks_its_last_column(kind):
    """It is not read."""
    columns, reader = READERS[kind]
    with pytest.raises(InvalidData, match="SY601"):
        reader(",".join(columns[:-1]) + "\n", "t.csv")


@pytest.mark.parametrize("kind", [kind for kind in READERS if kind != "named"])
def test_a_row_given_twice(kind):
    """Key or name of a row stand once."""
    with pytest.raises(InvalidData, match="SY606"):
        read(kind, GOOD[kind], GOOD[kind])


@pytest.mark.parametrize(
    ("kind", "row", "column", "code"),
    [
        ("verdicts", "courts,good evidence,J,partial,V2008,,", "verdict", "SY604"),
        ("verdicts", "courts,mixed evidence,J;Q,partial,V2008,,", "rows", "SY604"),
        ("verdicts", "courts,mixed evidence,J,nearly,V2008,,", "mapping", "SY604"),
        ("verdicts", ",mixed evidence,J,partial,V2008,,", "intervention", "SY603"),
        ("framework", "1,A,Less use,Less,Q,,1,P2010", "rows", "SY604"),
        ("framework", "1,,Less use,Less,J,,1,P2010", "primary_code", "SY603"),
        ("themes", "1,Health,,1,P2010", "words", "SY603"),
        ("named", "P2010,7.1,crime,J,strong support", "outcome", "SY604"),
        ("facts", "F1,P2010,1.5,Prisons,,prisons,,,,", "value", "SY603"),
        ("facts", "F1,P2010,1.5,Prisons,136,prisons,nearly,,,", "bound", "SY604"),
        ("facts", "F1,P2010,1.5,Prisons,136,prisons,,,root,2", "relation", "SY604"),
        ("facts", "F1,P2010,1.5,Prisons,136,prisons,,,sum,", "relation", "SY608"),
        ("facts", "F1,P2010,1.5,Prisons,many,prisons,,,sum,1;2", "value", "SY608"),
        ("facts", "F1,P2010,1.5,Prisons,136,prisons,,,sum,F9;2", "of", "SY608"),
        ("facts", "F1,P2010,1.5,Prisons,136,prisons,,,share,2", "of", "SY608"),
        ("facts", "F1,P2010,1.5,Prisons,136,prisons,,,share,2;1+-1", "of", "SY608"),
        ("listed", "list,1,a slip,low,SY999,Prisons,", "check", "SY604"),
        ("listed", "list,1,a slip,grave,SY835,Prisons,", "severity", "SY604"),
        ("listed", "list,1,a slip,low,,,", "check", "SY609"),
        ("listed", "list,1,a slip,low,SY835,Prisons,no value", "check", "SY609"),
    ],
)
def test_a_mistake_is_named_at_its_field(kind, row, column, code):
    """Each has its line, its field counted from 1, and a remedy."""
    with pytest.raises(InvalidData) as invalid:
        read(kind, row)

    (problem,) = invalid.value.problems
    assert (problem.line, problem.column, problem.code) == (2, READERS[kind][0].index(column) + 1, code)
    assert problem.remedy


def test_a_sub_outcome_that_names_the_whole_matrix():
    """`all` is every row, and known as such."""
    (line,) = read("framework", "7,C,Health,Treatment,all,,1,P2010")

    assert (line.rows, line.everything) == (ROWS, True)


def test_the_faults_of_all_tables(tmp_path):
    """One broken table does not hide another."""
    changes = [(f"{P}/verdicts.csv", "programmes,reasonable", "programmes,good"), (f"{P}/facts.csv", "F2,", "F1,")]
    root = write_claims(tmp_path, changes)
    with pytest.raises(InvalidData) as invalid:
        read_tables(root, load(root).records.review)

    assert [problem.path for problem in invalid.value.problems] == [f"{P}/facts.csv", f"{P}/verdicts.csv"]


def test_a_folder_without_tables(tmp_path):
    """An absent table is an empty one."""
    root = write_claims(tmp_path)
    for path in (root / P).glob("*.csv"):
        path.unlink()

    assert read_tables(root, load(root).records.review).verdicts == ()


def test_the_shipped_tables():
    """All of them are read; J is cited for reduced deaths, and the 40 % of paragraph 1.5 is a fact."""
    tables = read_tables(ROOT, load(ROOT).records.review)
    sizes = [len(each) for each in (tables.verdicts, tables.framework, tables.themes, tables.facts, tables.listed)]

    assert sizes == [16, 13, 45, 272, 184]
    assert next(line.rows for line in tables.framework if line.key == "8") == ("J", "K")
    assert next((fact.value, fact.at) for fact in tables.facts if fact.key == "K074") == ("40", "1.5")
