"""Two records and what they are: each case is a sentence, most of them a trap that a naive rule falls into."""

import pytest

from synthesis.bibliography.duplicates import judge
from tests.bibliography.duplicates.making import TRIAL, row, verdict

TITLE = TRIAL["title"]
BARE = {"doi": "", "pages": "", "volume": "", "number": ""}
CHAPTER = {
    "type": "incollection",
    "journal": "Handbook of Offender Treatment",
    "isbn": "978-3-16-148410-0",
    "doi": "",
    "volume": "",
    "number": "",
}
BOOK = {
    "type": "book",
    "title": "Correctional counselling and rehabilitation",
    "journal": "",
    "volume": "",
    "number": "",
    "pages": "",
    "doi": "",
}
COCHRANE = {
    "title": "Opioid maintenance for offenders",
    "journal": "Cochrane Database of Systematic Reviews",
    "volume": "",
    "number": "",
    "pages": "CD001",
}
DUPLICATE, UNSURE, VERSIONS, DISTINCT = "duplicate", "unsure", "versions", "distinct"

CASES = {
    # One document, written in two ways
    "an abbreviated journal and abbreviated pages": (
        {},
        {"journal": "J Exp Criminol", "pages": "221-39", "doi": ""},
        DUPLICATE,
    ),
    "a DOI as an address, in capitals": ({}, {"doi": "https://doi.org/10.1234/JEC.2004.17"}, DUPLICATE),
    "a title in capitals with another dash": (
        {},
        {"title": "GROUP THERAPY FOR SHOPLIFTERS - A RANDOMISED CONTROLLED TRIAL"},
        DUPLICATE,
    ),
    "British and American spelling": (
        {},
        {"title": "Group therapy for shoplifters: a randomized controlled trial", "doi": ""},
        DUPLICATE,
    ),
    "a typing error in the title, the same place": (
        {},
        {"title": "Group therpay for shoplifters: a randomised controlled trial", "doi": ""},
        DUPLICATE,
    ),
    "a title without its subtitle, the same place": ({}, {"title": "Group therapy for shoplifters"}, DUPLICATE),
    "printed a year after it was online": ({"year": "2003"}, {"doi": ""}, DUPLICATE),
    "ahead of print, with pages from 1": ({"pages": "1-19", "volume": "", "number": ""}, {}, DUPLICATE),
    "pages that a spreadsheet made a date of": ({"pages": "9-11"}, {"pages": "11-Sep", "doi": ""}, DUPLICATE),
    "one without any place, of a long title": ({**BARE, "journal": ""}, {}, DUPLICATE),
    "one without DOI and pages": ({"doi": "", "pages": ""}, {}, DUPLICATE),
    "a second DOI in the very same place": ({}, {"doi": "10.2307/123456"}, DUPLICATE),
    "retracted, and marked so in the title": ({}, {"title": f"RETRACTED: {TITLE}"}, DUPLICATE),
    "one PubMed number": ({"doi": "", "pmid": "1234567"}, {"doi": "", "pmid": "1234567", "pages": ""}, DUPLICATE),
    "an author list cut after the first": ({}, {"author": "Doe J, et al.", "doi": ""}, DUPLICATE),
    "an article number in the volume": (
        {"pages": "e70933", "doi": ""},
        {"pages": "", "volume": "12 (3) (no pagination), e70933", "doi": ""},
        DUPLICATE,
    ),
    "a book with the same ISBN in ten and in thirteen digits": (
        {**BOOK, "isbn": "3-16-148410-X"},
        {**BOOK, "isbn": "9783161484100"},
        DUPLICATE,
    ),
    "a book, once without ISBN": ({**BOOK, "isbn": "3-16-148410-X"}, BOOK, DUPLICATE),
    # A shared DOI is no proof
    "two abstracts of a supplement with one DOI": (
        {"pages": "S34", "volume": "12 (1)"},
        {"pages": "S321", "volume": "12 (1)", "title": "Boot camps and their discontents", "author": "Zhu, Li"},
        DISTINCT,
    ),
    "two abstracts of one title in a supplement with one DOI, on two pages": (
        {"pages": "S34", "volume": "12 Suppl 1"},
        {"pages": "S35", "volume": "12 Suppl 1"},
        UNSURE,
    ),
    "one DOI, but other authors": ({}, {"author": "Zhu, Li; Wang, Wei"}, UNSURE),
    "two chapters that carry the DOI of their book": (
        {**CHAPTER, "doi": "10.1007/978-3-16"},
        {**CHAPTER, "doi": "10.1007/978-3-16", "title": "Relapse prevention with adults", "pages": "240-260"},
        DISTINCT,
    ),
    # A shared title is no proof
    "an editorial each year": (
        {"title": "Editorial", "doi": "", "pages": "1-2"},
        {"title": "Editorial", "doi": "", "pages": "1-2", "year": "2006", "volume": "14"},
        DISTINCT,
    ),
    "two editorials of one volume without pages": (
        {**BARE, "title": "Editorial", "volume": "12"},
        {**BARE, "title": "Editorial", "volume": "12", "number": "4"},
        UNSURE,
    ),
    "a yearly report": (
        {**BARE, "title": "Annual report on prisons 2003", "year": "2003"},
        {**BARE, "title": "Annual report on prisons 2004"},
        DISTINCT,
    ),
    "a yearly report whose title names no year": (
        {**BARE, "title": "Annual report of the prison service", "year": "2003", "type": "report"},
        {**BARE, "title": "Annual report of the prison service", "year": "2005", "type": "report"},
        VERSIONS,
    ),
    "part I and part II": (
        {"title": "Group therapy for shoplifters, part I", "doi": ""},
        {"title": "Group therapy for shoplifters, part II", "doi": "", "pages": "240-260"},
        DISTINCT,
    ),
    "parts a and b": (
        {"title": "Outcomes of group therapy for shoplifters: A", "doi": ""},
        {"title": "Outcomes of group therapy for shoplifters: B", "doi": "", "pages": "240-260"},
        DISTINCT,
    ),
    "two doses": (
        {"title": "Naltrexone 50 mg for offenders with alcohol problems", "doi": ""},
        {"title": "Naltrexone 100 mg for offenders with alcohol problems", "doi": "", "pages": "240-260"},
        DISTINCT,
    ),
    "phase 2 and phase three": (
        {"title": "Therapy for shoplifters: phase 2", "doi": ""},
        {"title": "Therapy for shoplifters: phase three", "doi": "", "pages": "240-260"},
        DISTINCT,
    ),
    "men and women": (
        {"title": "Group therapy for men who steal from shops in large cities", "doi": ""},
        {"title": "Group therapy for women who steal from shops in large cities", "doi": "", "pages": "240-259"},
        DISTINCT,
    ),
    "men and women in one volume without pages": (
        {"title": "Group therapy for men who steal from shops in large cities", "doi": "", "pages": ""},
        {"title": "Group therapy for women who steal from shops in large cities", "doi": "", "pages": ""},
        UNSURE,
    ),
    "a reply": ({"doi": ""}, {"title": f"Reply to: {TITLE}", "doi": "", "pages": "240"}, DISTINCT),
    "an erratum": ({}, {"title": f"Erratum: {TITLE}", "doi": "10.1234/jec.2004.99", "pages": "400"}, DISTINCT),
    "an erratum named at the end": (
        {"doi": ""},
        {"title": f"{TITLE} (Correction)", "doi": "", "pages": "400"},
        DISTINCT,
    ),
    "an erratum that carries the DOI of its article": ({}, {"title": f"Erratum: {TITLE}"}, UNSURE),
    "a notice of retraction": ({"doi": ""}, {"title": f"Retraction: {TITLE}", "doi": "", "year": "2009"}, DISTINCT),
    "a protocol": ({"doi": ""}, {"title": f"{TITLE} protocol", "doi": "", "year": "2002", "pages": "5-9"}, DISTINCT),
    "two samples under one title in two journals": (
        {"doi": "10.1234/one"},
        {"doi": "10.5678/two", "journal": "Crime and Delinquency", "volume": "50", "pages": "9-30"},
        VERSIONS,
    ),
    "one title by others": (
        {"doi": ""},
        {"doi": "", "author": "Zhu, Li", "journal": "Crime and Delinquency", "pages": "9-30"},
        DISTINCT,
    ),
    "two chapters of one book": (
        CHAPTER,
        {**CHAPTER, "title": "Relapse prevention with adults", "pages": "240-260"},
        DISTINCT,
    ),
    "two introductions to two chapters of one book": (
        {**CHAPTER, "title": "Introduction", "pages": "1-9"},
        {**CHAPTER, "title": "Introduction", "pages": "101-109"},
        DISTINCT,
    ),
    "two volumes of a handbook": (
        {**BOOK, "title": "Handbook of offender treatment in Europe", "volume": "1"},
        {**BOOK, "title": "Handbook of offender treatment in Europe", "volume": "2"},
        DISTINCT,
    ),
    "two volumes of a handbook under one ISBN": (
        {**BOOK, "title": "Handbook of offender treatment in Europe", "volume": "1", "isbn": "3-16-148410-X"},
        {**BOOK, "title": "Handbook of offender treatment in Europe", "volume": "2", "isbn": "3-16-148410-X"},
        DISTINCT,
    ),
    "the index of two volumes on the same pages": (
        {"title": "Index of authors and subjects of the journal", "doi": ""},
        {"title": "Index of authors and subjects of the journal", "doi": "", "year": "2005", "volume": "13"},
        UNSURE,
    ),
    "one title in two issues of a volume, without pages": (
        {"doi": "", "pages": "", "number": "1"},
        {"doi": "", "pages": "", "number": "4"},
        UNSURE,
    ),
    # One work, two documents
    "two editions of a book": (
        {**BOOK, "edition": "2nd", "year": "1989"},
        {**BOOK, "edition": "Third", "year": "1994"},
        VERSIONS,
    ),
    "an edition in the title": (
        BOOK,
        {**BOOK, "title": "Correctional counselling and rehabilitation (2nd ed.)", "year": "1994"},
        VERSIONS,
    ),
    "a book in two years without editions": (BOOK, {**BOOK, "year": "1994"}, VERSIONS),
    "a preprint and its article": (
        {**BARE, "type": "misc", "journal": "bioRxiv", "doi": "10.1101/2003.01.01.123456", "year": "2003"},
        {},
        VERSIONS,
    ),
    "a preprint that the article's own DOI is missing beside": (
        {**BARE, "journal": "PsyArXiv", "doi": "10.31234/osf.io/abcde"},
        {"doi": ""},
        VERSIONS,
    ),
    "a conference abstract and its article": (
        {
            "type": "inproceedings",
            "journal": "Annual Meeting of Criminologists",
            "pages": "A254",
            "volume": "",
            "doi": "",
        },
        {},
        VERSIONS,
    ),
    "an abstract given at two conferences": (
        {"journal": "Diabetes", "pages": "A254-A255", "doi": "10.2337/db12-1"},
        {"journal": "Diabetologia", "pages": "S334", "doi": "10.1007/s00125-1"},
        VERSIONS,
    ),
    "a thesis and its article": ({**BARE, "type": "phdthesis", "journal": ""}, {}, VERSIONS),
    "a report and its article": ({**BARE, "type": "techreport", "journal": "", "year": "2003"}, {}, VERSIONS),
    "two versions of a Cochrane review": (
        {**COCHRANE, "doi": "10.1002/14651858.CD001234.pub2", "year": "2006"},
        {**COCHRANE, "doi": "10.1002/14651858.CD001234.pub3", "year": "2012"},
        VERSIONS,
    ),
    "the first version of a Cochrane review, which has no number": (
        {**COCHRANE, "doi": "10.1002/14651858.CD001234"},
        {**COCHRANE, "doi": "10.1002/14651858.CD001234.pub2"},
        VERSIONS,
    ),
    "an updated review": (
        {"title": "Treatment of sex offenders: a systematic review of trials", "doi": ""},
        {"title": "Treatment of sex offenders: an updated systematic review of trials", "doi": "", "year": "2010"},
        VERSIONS,
    ),
    "two versions of a preprint": (
        {**BARE, "journal": "medRxiv", "doi": "10.1101/2020.01.01.20123456v1"},
        {**BARE, "journal": "medRxiv", "doi": "10.1101/2020.01.01.20123456v2"},
        VERSIONS,
    ),
    "two rounds of open review": (
        {**BARE, "title": "Therapy for shoplifters [version 1; peer review: 2 approved]"},
        {**BARE, "title": "Therapy for shoplifters [version 2; peer review: 2 approved]"},
        VERSIONS,
    ),
    # Somebody must look
    "a translated title on the same page": ({}, {"title": "Gruppentherapie bei Ladendieben"}, UNSURE),
    "no title, the same DOI": ({}, {"title": ""}, UNSURE),
    "one PubMed number under two titles": (
        {"pmid": "123456", "doi": ""},
        {"pmid": "123456", "doi": "", "title": "Boot camps and their discontents", "pages": ""},
        UNSURE,
    ),
    "one place, but years far apart": ({"doi": ""}, {"doi": "", "year": "1994"}, UNSURE),
    "one title on two pages of one volume": ({"doi": ""}, {"doi": "", "pages": "301-310"}, UNSURE),
    "a title that begins another one, and no pages": (
        {"title": "Two-year outcomes of group therapy for shoplifters", **BARE},
        {"title": "Two-year outcomes of group therapy for shoplifters with depression", **BARE},
        UNSURE,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_two_records_are(case):
    """Each case has the verdict that a librarian would give, whichever record comes first."""
    one, other, wanted = CASES[case]

    assert verdict(one, other) == wanted
    assert verdict(other, one) == wanted


def test_labels_without_a_title_are_not_merged():
    """Two entries that are an author and a year, as tables of reviews name studies, may be two documents."""
    label = {
        "author": "Cann",
        "title": "",
        "year": "2003",
        "journal": "",
        "volume": "",
        "number": "",
        "pages": "",
        "doi": "",
    }

    assert verdict(label, label) == UNSURE


def test_each_kind_of_evidence_has_words():
    """Likeness, some authors, neighbouring years, numbers and forms are told."""
    one = row("a", title="Naltrexone 50 mg for offenders", author="Doe J; Roe R; Poe E", type="article")
    other = row(
        "b", title="Naltrexone 100 mg for offenders", author="Doe J; Zhu L; Li W", year="2005", type="phdthesis"
    )
    told = judge(one, other).to_dict()

    assert told["for"][0].startswith("titles alike to 9")
    assert told["for"][-2:] == ["some authors", "years next to one another"]
    assert told["against"] == ["numbers in the titles", "article against thesis"]
    assert judge(row("a"), row("b", title="Drug courts")).to_dict()["against"][0].startswith("titles alike to ")


def test_a_verdict_says_what_is_for_and_against():
    """Two DOIs in two places are told, and so is what is the same."""
    told = judge(row("b", doi="10.1111/x", journal="Other"), row("a", pages="1")).to_dict()

    assert (told["one"], told["other"]) == ("a", "b")
    assert told["for"] == ["the title", "authors", "year", "volume", "number"]
    assert told["against"] == ["DOI", "journal", "first page"]
    assert told["because"].startswith("one title and its authors under two DOIs")
