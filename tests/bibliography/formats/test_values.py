"""Pages, dates, lists and identifiers in their neutral forms."""

import doctest

import pytest

from synthesis.bibliography.formats import people, reference, values
from synthesis.bibliography.formats.kinds import (
    CSL_ALSO,
    ENDNOTE_NAMES,
    KINDS,
    RIS_ALSO,
    kind_of,
    of_csl,
    of_endnote,
    of_ris,
)
from synthesis.bibliography.formats.neutral import neutral
from synthesis.bibliography.formats.reference import Reference
from synthesis.bibliography.formats.values import date_of, joined_list, pages_of, serials, split_list, verbatim


@pytest.mark.parametrize("module", [people, reference, values])
def test_examples(module):
    """The examples of the docstrings."""
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("345-52", "345--352"), ("345-352", "345--352"), ("345--352", "345--352"), ("345\u2013352", "345--352"),
        ("1009-17", "1009--1017"), ("98-103", "98--103"), ("S12-S18", "S12--S18"), ("S12-8", "S12--S18"),
        ("e12-5", "e12--e15"), ("9-9", "9"), ("52-45", "52--45"), ("xii-xx", "xii--xx"), ("e1234", "e1234"),
        ("1-5, 9-12", "1-5, 9-12"), ("CD004330", "CD004330"), ("", ""),
        ("C3-32--C3-35", "C3-32--C3-35"), ("C3-32\u2013C3-35", "C3-32--C3-35"),
        ("100-10", "100--110"), ("110-05", "110--05"),
    ],
)  # fmt: skip
def test_pages(written, pages):
    """An abbreviated last page is written out where it can only be one (NLM's way to abbreviate)."""
    assert pages_of(written) == pages


@pytest.mark.parametrize("text", ["", "May", "2008", "2008 May", "2008 May 5", "2008 Spring", "2008 Mar-Apr"])
def test_a_date_as_medline_writes_it(text):
    """Year, month, day; what is no month stays in its place."""
    date = date_of(text)

    assert " ".join(filter(None, (date.year, date.month[:3] if len(date.month) < 6 else date.month, date.day))) == text


def test_lists_with_commas_in_a_part():
    """A list of one part with a comma ends in a semicolon, so that it stays one."""
    assert split_list(joined_list(["Diabetes Mellitus, Type 2"])) == ["Diabetes Mellitus, Type 2"]
    assert split_list("a, b; c") == ["a, b", "c"]
    assert split_list("a, b") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0376-8716 (Print) 0376-8716 (Linking)", (["0376-8716", "0376-8716"], [], "")),
        ("03768716 (ISSN)", (["0376-8716"], [], "")),
        ("978-0-306-40615-7", ([], ["978-0-306-40615-7"], "")),
        ("0-306-40615-2", ([], ["0-306-40615-2"], "")),
        ("9780306406157; 0376-8716", (["0376-8716"], ["9780306406157"], "")),
        ("NCJ 123", ([], [], "NCJ 123")),
    ],
)
def test_serial_numbers(text, found):
    """ISSNs and ISBNs are told apart; a text that says something else stays whole."""
    assert serials(text) == found


def test_addresses_keep_their_signs():
    r"""Only LaTeX's escapes and `\url` go."""
    assert verbatim(r"\url{https://a.b/c\_d%20e~f--g}") == "https://a.b/c_d%20e~f--g"


def test_the_table_of_types_agrees_with_itself():
    """Every code that is written is read as a type whose code it is; no code has two readings."""
    for kind in KINDS:
        for found, name in (
            (of_ris(kind.ris), "ris"),
            (of_csl(kind.csl), "csl"),
            (of_endnote(kind.endnote, ""), "endnote"),
        ):
            assert found is not None
            if (name, getattr(kind, name)) not in {("ris", "CONF"), ("endnote", 10)}:  # read as a paper
                assert getattr(kind_of(*found), name) == getattr(kind, name)
    assert {kind.endnote for kind in KINDS} <= set(ENDNOTE_NAMES)
    assert not {kind.csl for kind in KINDS} & set(CSL_ALSO)
    assert {kind.ris for kind in KINDS} & set(RIS_ALSO) == {"CONF", "DICT"}


def test_neutral_names_and_dates():
    """biblatex's names, dates, short pages and subtitles."""
    given = Reference(
        "article", "k",
        {"journaltitle": "J", "date": "2020-03-05", "pages": "345-52", "title": "A", "subtitle": "b",
         "keywords": "x,y"},
    )  # fmt: skip

    assert neutral(given).fields == {
        "journal": "J", "year": "2020", "month": "March", "day": "5", "pages": "345--352", "title": "A: b",
        "keywords": "x; y",
    }  # fmt: skip


def test_more_neutral_forms():
    """A day inside the month, a range of one page, a thesis that says what its type says, names of translators."""
    given = Reference(
        "phdthesis", "k", {"month": "10 January", "pages": "9--9", "type": "PhD thesis", "translator": "J. Bliss"}
    )

    assert neutral(given).fields == {"month": "January", "day": "10", "pages": "9", "translator": "Bliss, J."}


def test_a_range_of_dates_stays():
    """It has no neutral form."""
    given = Reference("misc", "k", {"date": "2000/2004"})

    assert neutral(given) == given
