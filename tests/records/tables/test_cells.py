"""A value as a cell and back, and what spreadsheets make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.csv_guard import TRIGGERS, guarded, unguarded
from synthesis.records.edit import Bare
from synthesis.records.fields import DESIGN, EFFECT, FINDING, JUDGEMENT, SAMPLE
from synthesis.records.tables.cells import (
    Sameness,
    cell_of,
    is_made_date,
    items_of,
    sameness,
    value_of,
)  # fmt: skip
from synthesis.records.trees import Leaf
from synthesis.records.values import is_number

N, SHARE, SOUND = SAMPLE.fields["n"], SAMPLE.fields["female"], DESIGN.fields["sound"]
NOTE, NAMES, IS = FINDING.fields["note"], SAMPLE.fields["population"], JUDGEMENT.fields["is"]
SE, LEVEL, WORD = EFFECT.fields["se"], FINDING.fields["level"].fields["level"], FINDING.fields["comparator"]


@given(st.text())
def test_what_is_made_harmless_is_unguarded(text):
    """Whatever a text begins with, an apostrophe too, it comes back; and none begins as a formula does."""
    made = guarded(text)

    assert unguarded(made) == text
    assert not made.startswith(TRIGGERS) or made == "-" or is_number(made)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)))
def test_items_come_back(items):
    """Items with semicolons and quotes in them, too."""
    assert items_of(cell_of([Leaf(item) for item in items], NAMES)) == items


@pytest.mark.parametrize(
    ("cell", "own", "field", "same"),
    [
        ("12.0", "12", N, Sameness.DIGITS), ("12", "12.0", SE, Sameness.DIGITS), ("0.1", "0.10", SE, Sameness.DIGITS),
        ("1.5E+01", "15", N, Sameness.DIGITS), (".5", "0.5", SE, Sameness.DIGITS), ("0,25", "0.25", SE, Sameness.COMMA),
        ("TRUE", "true", SOUND, Sameness.TRUTH), ("FALSCH", "false", SOUND, Sameness.TRUTH),
        ("a;b", "a; b", NAMES, Sameness.SPACES), (" x ", "x", NOTE, Sameness.EQUAL),
        ("a\r\nb", "a\nb", NOTE, Sameness.EQUAL),        ("7", "007", NOTE, Sameness.DIGITS),
        ("13", "12", N, Sameness.NO), ("", "12", N, Sameness.NO),
        ("12", "", N, Sameness.NO),        ("0,25", "0.26", SE, Sameness.NO), ("1,000", "1000", N, Sameness.NO),
        ("nan", "12", N, Sameness.NO),
        ("TRUE", "true", NOTE, Sameness.NO), ("b; a", "a; b", NAMES, Sameness.NO), ('"2"', "2", IS, Sameness.NO),
    ],
)  # fmt: skip
def test_a_habit_of_a_spreadsheet_is_no_change(cell, own, field, same):
    """The same number, truth or list in another form is the same; another one is not."""
    assert sameness(cell, own, field) is same


def test_letters_that_windows_lacks():
    """What that character set turns into a question mark is no change, if the table came in it."""
    assert sameness("p ? .05", "p \u2265 .05", NOTE, latin=True) is Sameness.LETTERS
    assert sameness("p ? .05", "p \u2265 .05", NOTE) is Sameness.NO


@pytest.mark.parametrize(
    ("cell", "field", "value"),
    [
        ("12.0", N, Bare("12")), ("0.10", SE, Bare("0.10")), ("1E-3", SE, Bare("1E-3")), ("+2", N, Bare("2")),
        ("3.0", LEVEL, Bare("3")), ("not stated", N, Bare("not stated")), ("2O0", N, "2O0"),
        ("TRUE", SOUND, Bare("true")),        ("yes", SOUND, "yes"), ("no", NOTE, "no"), ("61", NOTE, "61"),
        ("none", WORD, Bare("none")),
        ("nnone", WORD, "nnone"),        ("a; b", NAMES, ["a", "b"]), ("a", NAMES, ["a"]), ("2", IS, Bare("2")),
        ('"2"', IS, "2"), ("two", IS, "two"),
        ("true", IS, Bare("true")), ('"true"', IS, "true"), ('"a" b', IS, '"a" b'), ("1.", SE, Bare("1.0")),
    ],
)  # fmt: skip
def test_what_a_cell_stands_for(cell, field, value):
    """Numbers and truths stay without quotes, digit for digit; the reader of records judges the rest."""
    assert value_of(cell, field) == value


@pytest.mark.parametrize(
    ("leaf", "cell"),
    [
        (Leaf("2", '"'), '"2"'), (Leaf("2"), "2"), (Leaf("true", "'"), '"true"'), (Leaf("words", '"'), "words"),
        (Leaf('"x"', "'"), '"\\"x\\""'), (Leaf("TRUE", '"'), '"TRUE"'), (Leaf("not stated", '"'), '"not stated"'),
    ],
)  # fmt: skip
def test_a_judgement_keeps_its_quotes_where_they_count(leaf, cell):
    """The number 2 and the text "2" are two cells, and come back as what they were."""
    assert cell_of(leaf, IS) == cell
    assert value_of(cell, IS) == (leaf.text if leaf.style else Bare(leaf.text))


@pytest.mark.parametrize(
    ("cell", "own", "field", "made"),
    [
        ("2-Jan", "1-2", NOTE, True), ("02. Jan", "1-2", NOTE, True), ("01.05.2024", "1.5", SE, True),
        ("Jan 02", "2", N, True),        ("1. Mai", "1.5", SE, True), ("2024-01-02", "1/2", NOTE, True),
        ("2-Jan", "January", NOTE, False),
        ("2-Jan", "", NOTE, False), ("p. 3", "1-2", NOTE, False), ("1.5", "1-2", NOTE, False),
    ],
)  # fmt: skip
def test_a_date_that_a_spreadsheet_made(cell, own, field, made):
    """Of a number, or of what looks like one; words that name a date stay words."""
    assert is_made_date(cell, own, field) is made
