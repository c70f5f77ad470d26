"""Pairs that look like one document and are two: they are not merged without asking, and copies are not lost."""

import pytest

from synthesis.bibliography.duplicates import find, judge, record_of_row
from synthesis.bibliography.duplicates.spelling import respelled
from synthesis.bibliography.duplicates.titles import title_of
from tests.bibliography.duplicates.making import TRIAL, row, verdict

DUPLICATE, UNSURE, VERSIONS, DISTINCT = "duplicate", "unsure", "versions", "distinct"
UNPLACED = {"doi": "", "pages": "", "number": ""}
NOWHERE = {**UNPLACED, "journal": "", "volume": "", "type": "misc"}
SUPPLEMENT = {"doi": "10.1234/supplement", "pages": "S12", "number": "Suppl 1"}
COCHRANE = {
    "title": "Opioid maintenance at different dosages for offenders",
    "journal": "Cochrane Database of Systematic Reviews",
    "volume": "",
    "pages": "CD002207",
    "doi": "",
}
BOOK = {
    **UNPLACED,
    "type": "book",
    "title": "Handbook of systematic reviews of interventions",
    "journal": "",
    "volume": "",
}

WORDS = [
    ("hypotension", "hypertension"),
    ("prednisone", "prednisolone"),
    ("dopamine agonists", "dopamine antagonists"),
    ("maternal care", "paternal care"),
    ("prenatal stress", "perinatal stress"),
    ("Austria", "Australia"),
    ("ketamine", "esketamine"),
    ("inhibition", "disinhibition"),
    ("stress on sleep", "sleep on stress"),
]


def about(word, **changes):
    """The trial under a title with a word in it."""
    return {"title": f"The role of {word} in impulsive stealing of adults", **changes}


@pytest.mark.parametrize(("one", "other"), WORDS)
@pytest.mark.parametrize(
    "place",
    [
        UNPLACED,
        {**UNPLACED, "volume": ""},
        {**UNPLACED, "doi": "10.1234/jec.2004.17"},
        {**UNPLACED, "type": "book", "journal": "", "volume": ""},
        {**UNPLACED, "type": "incollection", "journal": "Handbook of Theft", "isbn": "978-3-16-148410-0"},
        SUPPLEMENT,
        {**SUPPLEMENT, "doi": ""},
        {**SUPPLEMENT, "doi": "", "number": "", "journal": "J Addict"},
    ],
)
def test_one_letter_may_be_another_word(one, other, place):
    """Without a page, and among abstracts on one page, words that are nearly one are not taken for one."""
    assert verdict(about(one, **place), about(other, **place)) == UNSURE


@pytest.mark.parametrize("place", [UNPLACED, SUPPLEMENT, {**UNPLACED, "volume": ""}])
def test_british_and_american_spelling_is_one_title(place):
    """Spellings that are known are the same title with or without a page."""
    british, american = about("behaviour in randomised foetal anaemia"), about("behavior in randomized fetal anemia")

    assert verdict({**british, **place}, {**american, **place}) == DUPLICATE


def test_a_typing_error_in_an_article_with_its_page():
    """What stands on one page of an ordinary number is one document."""
    assert verdict(about("impulsiveness", doi=""), about("impulsivness", doi="")) == DUPLICATE


@pytest.mark.parametrize(("one", "other"), [("young men", "young women"), ("morphine", "naloxone"), ("Paris", "Rome")])
@pytest.mark.parametrize("doi", ["", "10.1234/supplement"])
@pytest.mark.parametrize("number", ["", "Suppl 1"])
def test_two_abstracts_of_one_group_on_one_page(one, other, doi, number):
    """Whole words differ: not merged, with one DOI for the supplement or with none."""
    place = {**SUPPLEMENT, "doi": doi, "number": number}

    assert verdict(about(one, **place), about(other, **place)) == UNSURE
    assert verdict(about(one, **place), about(one, **place)) == DUPLICATE


@pytest.mark.parametrize("page", ["S12", "A12", "P12", "122A", "12S-13S"])
def test_pages_of_abstracts(page):
    """A letter before or behind the number says that abstracts stand there; pages of an article do not."""
    place = {"doi": "", "pages": page}

    assert verdict(about("young men", **place), about("young women", **place)) == UNSURE
    assert row("a", pages=page).meeting
    assert not any(row("a", pages=other).meeting for other in ("122", "p122", "pp. 122-130", "122-130"))


def test_two_numbers_of_a_report():
    """Reports of one year under one title and two numbers go to the queue."""
    report = {**BOOK, "type": "techreport", "title": "Trends in drug seizures at the borders: a bulletin"}

    assert verdict({**report, "number": "1"}, {**report, "number": "2"}) == UNSURE
    assert verdict({**report, "number": "1"}, report) == DUPLICATE


def test_an_abstract_whose_title_begins_another_one():
    """Two abstracts on one page; the second has a longer title."""
    longer = "The role of naloxone in impulsive stealing of adults: follow-up after two years"

    assert verdict(about("naloxone", **SUPPLEMENT), {**SUPPLEMENT, "title": longer}) == UNSURE


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ({"year": "2003", "number": "2"}, {"year": "2004", "number": "3"}, VERSIONS),
        ({"year": "2010", "number": "1"}, {"year": "2010", "number": "10"}, VERSIONS),
        (
            {"year": "2009", "number": "2", "doi": "10.1002/14651858.CD002207.pub2"},
            {"year": "2008", "number": "3"},
            VERSIONS,
        ),
        ({"year": "2003", "number": "2"}, {"year": "2009", "number": "3"}, VERSIONS),
        ({"pages": "CD002207.pub2"}, {"pages": "CD002207.pub3"}, VERSIONS),
        ({"year": "2009", "number": ""}, {"year": "2008", "number": "3"}, UNSURE),
        (
            {"year": "2009", "number": "1", "doi": "10.1002/14651858.CD002207"},
            {"year": "2008", "number": "3", "doi": "10.1002/14651858.CD002207"},
            UNSURE,
        ),
        ({"number": "2", "doi": "10.1002/14651858.CD002207.pub2", "pages": ""}, {"number": "2"}, DUPLICATE),
        ({"number": "2"}, {"number": "2", "journal": "Cochrane Database Syst Rev"}, DUPLICATE),
    ],
)
def test_updates_of_a_cochrane_review(one, other, wanted):
    """Another issue or year under one number is another version."""
    assert verdict({**COCHRANE, **one}, {**COCHRANE, **other}) == wanted
    assert verdict({**COCHRANE, **other}, {**COCHRANE, **one}) == wanted


def test_two_numbers_of_a_journal_without_volumes():
    """One page in two numbers is no one place where no volume is known; in one volume a number may be wrong."""
    assert verdict({"doi": "", "volume": ""}, {"doi": "", "volume": "", "number": "4"}) == UNSURE
    assert verdict({"doi": ""}, {"doi": "", "number": "4"}) == DUPLICATE


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"howpublished": "PsyArXiv preprint"}, VERSIONS),
        ({"publisher": "bioRxiv"}, VERSIONS),
        ({"archiveprefix": "arXiv", "eprint": "1001.0001"}, VERSIONS),
        ({"type": "unpublished", "note": "Manuscript submitted for publication"}, UNSURE),
        ({"howpublished": "Poster presented at the CPDD meeting"}, UNSURE),
        ({"url": "https://www.crd.york.ac.uk/prospero/CRD42010"}, UNSURE),
        ({"howpublished": "ClinicalTrials.gov NCT00000001"}, UNSURE),
        ({"type": "inproceedings"}, UNSURE),
        ({"type": "article"}, DUPLICATE),
    ],
)
def test_what_stands_nowhere_and_the_article_of_the_year(changes, wanted):
    """A preprint is a version; a poster, a manuscript, a register's record goes to the queue; an article is a copy."""
    assert verdict({**NOWHERE, **changes}, {}) == wanted
    assert verdict({}, {**NOWHERE, **changes}) == wanted


def test_why_a_poster_or_a_revised_edition_is_doubted():
    """What speaks against it is told."""
    poster = judge(row("a", **NOWHERE), row("b")).to_dict()
    revised = judge(row("a", **BOOK, edition="Revised"), row("b", **BOOK)).to_dict()

    assert poster["against"] == ["one is of no journal or book"]
    assert revised["against"] == ["one says that it is an edition"]


def test_two_that_stand_nowhere():
    """A poster and a register's record are not one; nor do they become one as identical records."""
    poster = record_of_row("a", "row a", {**TRIAL, **NOWHERE, "howpublished": "Poster"})
    register = record_of_row("b", "row b", {**TRIAL, **NOWHERE, "url": "https://clinicaltrials.gov/study/NCT1"})
    copy = record_of_row("c", "row c", {**TRIAL, **NOWHERE, "url": "https://www.clinicaltrials.gov/NCT1"})
    found = find([poster, register, copy])

    assert [[record.key for record in group.records] for group in found.groups] == [["b", "c"]]
    assert len(found.unsure) == 1


def test_a_short_title_without_a_place():
    """A title of four words that count may be of two documents; one of six is not."""
    short = {"title": "Treatment of impulsive young shoplifters", "doi": ""}

    assert verdict({**short, **UNPLACED, "journal": "", "volume": ""}, short) == UNSURE


def test_a_revised_edition():
    """An edition without a number against a book that says nothing of editions goes to the queue, not by one ISBN."""
    revised = {**BOOK, "edition": "Revised"}

    assert verdict(revised, BOOK) == UNSURE
    assert verdict(revised, revised) == DUPLICATE
    assert verdict({**BOOK, "edition": "2nd"}, BOOK) == DUPLICATE
    assert verdict({**revised, "isbn": "3-16-148410-X"}, {**BOOK, "isbn": "9783161484100"}) == DUPLICATE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The response to naltrexone in impulsive offenders", "Response to naltrexone in impulsive offenders"),
        ("Re-evaluation of naltrexone in impulsive stealing", "Reevaluation of naltrexone in impulsive stealing"),
        ("The correction of hyponatremia in impulsive offenders", "Correction of hyponatremia in impulsive offenders"),
        ("A summary of the evidence on stealing by adults", "Summary of the evidence on stealing by adults"),
        ("Naltrexone for stealing: a trial in 25 patients", "Naltrexone for stealing: a trial in twenty-five patients"),
        ("Stealing in the 21st century and its treatment", "Stealing in the twenty-first century and its treatment"),
    ],
)
def test_copies_with_an_article_a_hyphen_or_a_number_in_words(one, other):
    """They are one document in one place."""
    assert verdict({"title": one, "doi": ""}, {"title": other, "doi": ""}) == DUPLICATE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TRIAL["title"], f"{TRIAL['title']} (Correction)"),
        ("Outcomes of group therapy for shoplifters: A", "Outcomes of group therapy for shoplifters: B"),
        (
            "Naltrexone 50 mg for offenders with alcohol problems",
            "Naltrexone 100 mg for offenders with alcohol problems",
        ),
        ("Therapy for shoplifters: phase 2", "Therapy for shoplifters: phase three"),
    ],
)
def test_another_kind_or_number_in_one_place(one, other):
    """In one place by the same authors somebody looks; on another page it is another document."""
    assert verdict({"title": one, "doi": ""}, {"title": other, "doi": ""}) == UNSURE
    assert verdict({"title": one, "doi": ""}, {"title": other, "doi": "", "pages": "400"}) == DISTINCT


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("A trial in twenty-five patients", ("25",)),
        ("The twenty-first of ninety men", ("21", "90")),
        ("Twenty ten", ("20", "10")),
        ("The twelfth of thirteen", ("12", "13")),
    ],
)
def test_numbers_in_words(text, numbers):
    """Tens and units make one number."""
    assert title_of(text).numbers == numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("counselling programme", "counseling program"),
        ("centre for defence", "center for defense"),
        ("analysing sulphate tumours", "analyzing sulfate tumors"),
        ("an oestrogen", "estrogen"),
    ],
)
def test_spellings(one, other):
    """Pairs of spellings as dictionaries give them."""
    assert respelled(one.split()) == respelled(other.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mourning", "morning"),
        ("filled", "filed"),
        ("vitamin a", "vitamin"),
        ("course", "corse"),
        ("agonist", "antagonist"),
    ],
)
def test_words_that_are_no_spellings(one, other):
    """Other words stay other words."""
    assert respelled(one.split()) != respelled(other.split())


def test_the_key_does_not_change_a_record():
    """The new fields are compared: two loose records that stand elsewhere have other contents."""
    assert row("a", **NOWHERE, howpublished="Poster").content != row("a", **NOWHERE, howpublished="Radio").content
