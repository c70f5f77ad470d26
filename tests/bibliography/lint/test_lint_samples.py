"""The rules about what a review rests on: one fault each, and what is none."""

import pytest

from synthesis.bibliography.retractions import read_retractions
from synthesis.errors import Severity
from synthesis.records.study import Place
from tests.bibliography.lint.libraries import entry, found, places, samples

TITLE = "A randomised trial of counselling"
ARTICLE = entry(f"author = {{Doe, Jane}}, title = {{{TITLE}}}, journal = {{Addiction}}, year = 2002", key="Doe2002")
PREPRINT = entry(f"author = {{Doe, Jane}}, title = {{{TITLE}}}, journal = {{medRxiv}}, year = 2001", key="Doe2001")


def test_a_cited_key_without_an_entry():
    """At its place; nothing where nobody has looked what is cited."""
    cited = {"Absent1999": Place("studies/a.yaml", 3, 5), "Doe2001": ()}

    assert places("cited", PREPRINT, cited=cited) == [("SY450", 3, 5)]
    assert places("cited", PREPRINT, cited={}) == [("SY451", 1, 1)]
    assert places("cited", PREPRINT) == []


def test_one_doi_in_the_reports_of_two_samples():
    """At the later record; two reports of one record, or one key in both, are no matter of this rule."""
    text = entry("doi = {10.1000/x}", key="A") + entry("doi = {10.1000/X}", key="B")

    (problem,) = found("samples-sharing-dois", text, samples=samples(one="A", two="B"))
    assert (problem.path, problem.line, problem.code) == ("studies/two.yaml", 2, "SY452")
    assert places("samples-sharing-dois", text, samples=samples(one="A B")) == []
    assert places("samples-sharing-dois", text, samples=samples(one="A", two="A")) == []


def test_a_preprint_and_its_article():
    """In two records they are suspected; in one they are in order, as are two articles."""
    (problem,) = found("preprints", PREPRINT + ARTICLE, samples=samples(one="Doe2001", two="Doe2002"))

    assert (problem.path, problem.line, problem.code) == ("studies/two.yaml", 2, "SY453")
    assert "'Doe2002' is the article of 'Doe2001'" in problem.what
    assert places("preprints", PREPRINT + ARTICLE, samples=samples(one="Doe2001 Doe2002")) == []
    both = PREPRINT.replace("medRxiv", "Addiction") + ARTICLE
    assert places("preprints", both, samples=samples(one="Doe2001", two="Doe2002")) == []


@pytest.mark.parametrize(
    "fields",
    [
        "title = {RETRACTED: A trial}",
        "title = {{[Retracted]} A trial}",
        "title = {Retracted article: A trial}",
        "note = {This article has been retracted}",
        "note = {Retraction in: J Trials 2005}",
        "type = {Retracted Publication}",
        "pubstate = {retracted}",
        "retracted = {yes}",
    ],
)
def test_a_retracted_report(fields):
    """A warning at the record; a note at another place that cites it, or at the entry where nothing does."""
    text, place = entry(fields), Place("bibliography/citations.csv", 4, 1)

    (problem,) = found("retracted", text, samples=samples(one="Doe2001"), cited={"Doe2001": place})[1:]
    assert (problem.path, problem.line, problem.severity) == ("studies/one.yaml", 2, Severity.WARNING)
    (problem,) = found("retracted", text, cited={"Doe2001": (place,)})
    assert (problem.path, problem.line, problem.severity) == ("bibliography/citations.csv", 4, Severity.NOTE)
    (problem,) = found("retracted", text)
    assert (problem.path, problem.line, problem.severity) == ("a.bib", 1, Severity.NOTE)


@pytest.mark.parametrize(
    "fields",
    [
        "title = {Retraction of the tongue in sleep}, note = {Not retracted}",
        "title = {Retracted potential energy surfaces}",
        "title = {Correction of vision in schools}",
        "title = {Concern and comfort}",
        "retracted = {no}",
    ],
)
def test_words_that_retract_nothing(fields):
    """A tongue may be retracted, too."""
    assert places("retracted", entry(fields)) == []


def test_a_listed_retraction():
    """The list names keys or DOIs; a correction is a note also where a record rests on it."""
    text = entry("doi = {10.1000/X}") + entry("note = {n}", key="Roe2002")
    rows = read_retractions(
        "document,kind,source\n10.1000/x,retraction,Retraction Watch 2024\nRoe2002,correction,the journal\n"
    ).rows

    first, second = found("retracted", text, samples=samples(one="Doe2001", two="Roe2002"), retractions=rows)
    assert (first.path, first.severity) == ("studies/one.yaml", Severity.WARNING)
    assert first.what.endswith("retracted, says bibliography/retractions.csv:2 (Retraction Watch 2024)")
    assert (second.path, second.severity) == ("studies/two.yaml", Severity.NOTE)


def test_the_name_of_a_record():
    """Author and year of a report; a key of the same name is a matter of `labels`."""
    text = entry("author = {Doe, Jane}, year = 2001", key="D1")

    assert places("sample-labels", text, samples=samples(doe2001="D1")) == []
    assert places("sample-labels", text, samples=samples(doe2001b="D1")) == []
    assert places("sample-labels", text, samples=samples(doe2003="D1")) == [("SY455", 1, 1)]
    assert places("sample-labels", text, samples=samples(roe2001="D1")) == [("SY455", 1, 1)]
    assert places("sample-labels", text.replace("D1", "Roe2001"), samples=samples(roe2001="Roe2001")) == []


@pytest.mark.parametrize(
    "fields",
    [
        "title = {Counselling: a systematic review and {Meta-Analysis}}",
        "title = {Counselling}, journal = {Cochrane Database of Systematic Reviews}",
    ],
)
def test_a_review_as_the_only_report(fields):
    """At the record; beside a report of the study itself it is in order."""
    text = entry(fields) + entry("title = {A trial}", key="Roe2002")

    assert places("reviews-as-reports", text, samples=samples(one="Doe2001")) == [("SY456", 2, 7)]
    assert places("reviews-as-reports", text, samples=samples(one="Doe2001 Roe2002")) == []


@pytest.mark.parametrize(
    "fields",
    [
        "title = {Counselling in prisons: study protocol for a randomised trial}",
        "title = {Protocol for a trial of counselling}",
        "title = {The CALM trial: rationale and design}",
        "title = {A trial}, url = {https://clinicaltrials.gov/study/NCT01234567}",
    ],
)
def test_a_protocol_as_the_only_report(fields):
    """At the record; beside the results it is in order."""
    text = entry(fields) + entry("title = {A protocol-driven treatment}", key="Roe2002")

    assert places("protocols-as-reports", text, samples=samples(one="Doe2001")) == [("SY457", 2, 7)]
    assert places("protocols-as-reports", text, samples=samples(one="Doe2001 Roe2002", two="Roe2002")) == []


def test_a_record_without_a_year():
    """At the entry, once; one dated report is enough."""
    text = entry("note = {n}", key="A") + entry("year = 2001", key="B")

    assert places("undated-reports", text, samples=samples(one="A", two="A")) == [("SY458", 1, 1)]
    assert places("undated-reports", text, samples=samples(one="A B")) == []
