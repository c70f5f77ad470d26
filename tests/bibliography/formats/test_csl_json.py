"""CSL-JSON of several programs, its markup, and JSON that is broken."""

import json
from pathlib import Path

import pytest

from synthesis.bibliography.formats import Reference, read_references, write_references
from synthesis.bibliography.formats.csl_json import WRITTEN
from synthesis.bibliography.formats.csl_markup import csl_of_latex, latex_of_csl
from synthesis.bibliography.formats.kinds import CSL_ALSO, KINDS
from synthesis.bibliography.formats.reference import with_fields
from synthesis.bibliography.names import Name

# Of the schema csl-data.json, versions 1.0.1 and 1.0.2.
TYPES = frozenset({
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
    "classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event",
    "figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture",
    "musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical",
    "personal_communication", "post", "post-weblog", "regulation", "report", "review", "review-book", "software",
    "song", "speech", "standard", "thesis", "treaty", "webpage",
})  # fmt: skip
# Those variables of the schema that are written; event-title is 1.0.2's name of its event.
VARIABLES = frozenset({
    "abstract", "annote", "call-number", "chapter-number", "collection-title", "container-title-short", "DOI",
    "edition", "event-title", "genre", "ISBN", "ISSN", "language", "note", "number-of-pages", "number-of-volumes",
    "page", "PMCID", "PMID", "publisher-place", "source", "status", "title", "title-short", "URL", "version",
    "volume",
})  # fmt: skip
# Types of Crossref's API.
CROSSREF = frozenset({
    "journal-article", "book-chapter", "proceedings-article", "posted-content", "dissertation", "monograph",
    "edited-book",
})  # fmt: skip
DATA = Path(__file__).parents[2] / "data" / "bibliography"


@pytest.fixture(scope="module")
def zotero():
    """The two items of the sample file."""
    return read_references(DATA / "zotero.json").references


def one(**item):
    """The reference of one item."""
    (reference,) = read_references(json.dumps([item]).encode(), "csl-json").references
    return reference


def test_markup_becomes_latex(zotero):
    """Tags that close; a tag that does not, and a sign that is none, are text."""
    assert zotero[0].get("title") == (
        r"The \textit{effectiveness} of CO\textsubscript{2} in {NHS} prisons, p < .05 & <b>not closed"
    )


@pytest.mark.parametrize(
    ("latex", "csl"),
    [
        (r"\textit{E. coli}", '<i><span class="nocase">E. coli</span></i>'),
        ("{DNA} repair", '<span class="nocase">DNA</span> repair'),
        (r"10\textsuperscript{3}", '10<sup><span class="nocase">3</span></sup>'),
        ("Café & more", "Café & more"),
        (r"$\alpha$-decay", "\u03b1-decay"),
        ("H$_2$O, CO$_{2}$ and 10$^{-3}$", "H<sub>2</sub>O, CO<sub>2</sub> and 10<sup>-3</sup>"),
    ],
)
def test_latex_becomes_markup(latex, csl):
    """Braces protect the case, those of a command too, as in BibTeX."""
    assert csl_of_latex(latex, title=True) == csl


def test_only_titles_are_protected():
    """Braces around a body keep its `and` in BibTeX; a publisher needs nothing of the kind."""
    given = Reference("book", "k", {"title": "{DNA}", "publisher": "{Health and Social Care}"})
    (item,) = json.loads(write_references([given], "csl-json"))

    assert (item["title"], item["publisher"]) == ('<span class="nocase">DNA</span>', "Health and Social Care")


def test_markup_that_crosses_is_text():
    """A closing tag without its opening one, and tags that overlap."""
    assert latex_of_csl("a</i> <i>b</b></i>") == r"a</i> \textit{b</b>}"


def test_names(zotero):
    """Particles, suffixes, and a group that is kept whole."""
    assert zotero[0].authors.people == (
        Name("Berg", "Jan", prefix="van der"),
        Name("Zanis", "D. A.", suffix="Jr"),
        Name("", literal="Cochrane Drugs and Alcohol Group, London"),
    )


def test_zoteros_extra_is_read(zotero):
    """Identifiers in the note; the rest of it stays."""
    assert (zotero[0].get("pmid"), zotero[0].get("pmcid")) == ("11137279", "PMC1234567")
    assert zotero[0].get("note") == "read twice"


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [["2001", 1, "15"]]}, ("2001", "January", "15")),
        ({"date-parts": [[2001]]}, ("2001", "", "")),
        ({"date-parts": [[2001, 3], [2001, 5]]}, ("2001", "March", "")),
        ({"date-parts": [[2001]], "season": 2}, ("2001", "Summer", "")),
        ({"raw": "March 2010"}, ("2010", "March", "")),
        ({"literal": "in press"}, ("in press", "", "")),
        ("2010-03-05", ("2010", "March", "5")),
    ],
)
def test_dates(issued, date):
    """Parts as numbers or text, seasons, raw and literal dates, as the schema csl-data.json has them."""
    reference = one(id="a", type="book", title="x", issued=issued)

    assert (reference.get("year"), reference.get("month"), reference.get("day")) == date


@pytest.mark.parametrize("issued", [{}, {"date-parts": []}, {"date-parts": [[None]]}, {"season": 1}])
def test_a_date_that_is_none_is_reported(issued):
    """And kept, unless it is empty."""
    found = read_references(json.dumps([{"id": "a", "type": "book", "issued": issued}]).encode(), "csl-json")

    assert [problem.code for problem in found.problems] == (["SY547"] if issued else [])
    assert found.references[0].get("year") == ""


def test_crossrefs_lists_and_types():
    """Lists of one text, `name` for a body, types of its own."""
    (reference,) = read_references(DATA / "crossref.json").references

    assert (reference.type, reference.get("journal")) == ("article", "Drug and Alcohol Dependence")
    assert reference.authors.people[1] == Name("", literal="A Group")


def test_nothing_is_dropped(zotero):
    """A variable without a field is kept; a field without a variable goes into `custom`, and comes back."""
    assert zotero[0].get("x-csl-event-place") == "Dublin"

    given = Reference("collection", "Doe2001", {"title": "x", "howpublished": "a leaflet", "x-ris-u1": "{A} b"})
    (item,) = json.loads(write_references([given], "csl-json"))

    assert item["custom"]["synth"]["howpublished"] == "a leaflet"
    assert read_references(json.dumps([item]).encode(), "csl-json").references == (given,)


def test_a_broken_file_is_read_as_far_as_it_goes():
    """The place of the missing comma, and of the text that is no item."""
    found = read_references(DATA / "broken.json")

    assert [reference.key for reference in found.references] == ["a", "c"]
    assert [(problem.line, problem.column, problem.code) for problem in found.problems] == [
        (3, 14, "SY546"), (4, 3, "SY546"), (5, 3, "SY543"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":' * 100_000, b"[" + b'{"a":' * 60 + b"1" + b"}" * 60 + b"]"])
def test_depth_is_limited(text):
    """A message, not a crash."""
    found = read_references(text, "csl-json")

    assert found.references == ()
    assert "deep" in found.problems[0].what


def test_a_name_given_twice_is_reported():
    """JSON would take the last one without a word."""
    found = read_references(b'[{"id": "a", "type": "book", "title": "x", "title": "y"}]', "csl-json")

    assert ["'title' is given twice" in problem.what for problem in found.problems] == [True]


def test_huge_numbers_are_text():
    """Python refuses to read them as numbers."""
    assert len(one(id="a", type="book", volume=1).get("volume")) == 1
    text = b'[{"id": "a", "type": "book", "volume": ' + b"9" * 5000 + b"}]"
    assert len(read_references(text, "csl-json").references[0].get("volume")) == 5000


def test_types_and_variables_are_those_of_csl():
    """Nothing is written that the specification does not know."""
    assert {kind.csl for kind in KINDS} <= TYPES
    assert set(WRITTEN.values()) <= VARIABLES
    assert not set(CSL_ALSO) - TYPES - CROSSREF


@pytest.mark.parametrize(
    "issued",
    [
        {"date-parts": [[2001, 3], [2001, 5]]},
        {"date-parts": [[2001]], "circa": True},
        {"date-parts": [[2001]], "literal": "early in 2001"},
        {"date-parts": [[2001, 13]]},
        {"date-parts": [[2001, 5]], "season": "Spring"},
    ],
)
def test_a_date_that_says_more_is_kept_whole(issued):
    """The end of a range, `circa`, words beside the parts; and it is written as it was."""
    reference = one(id="a", type="book", title="x", issued=issued, accessed=issued)
    (item,) = json.loads(write_references([reference], "csl-json"))

    assert (reference.get("year"), reference.get("urldate")[:4]) == ("2001", "2001")
    assert (item["issued"], item["accessed"], "custom" in item) == (issued, issued, False)


def test_a_kept_date_does_not_outlive_the_year():
    """Where the year was mended since, the mended one is written."""
    reference = one(id="a", type="book", issued={"date-parts": [[2001, 3], [2001, 5]]})
    mended = with_fields(reference, {"year": "2002"})

    assert json.loads(write_references([mended], "csl-json"))[0]["issued"] == {"date-parts": [[2002, 3]]}


def test_the_citation_key_is_the_key():
    """The id of Zotero is an address, and said not to be taken over."""
    item = {"id": "http://zotero.org/users/1/items/A", "citation-key": "doe2001", "type": "book", "title": "x"}
    found = read_references(json.dumps([item]).encode(), "csl-json")

    assert [reference.key for reference in found.references] == ["doe2001"]
    assert [(problem.code, problem.what) for problem in found.problems] == [
        ("SY545", "known and not taken over: id (1)")
    ]
