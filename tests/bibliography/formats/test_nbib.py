"""PubMed's nbib, whole and broken."""

from pathlib import Path

import pytest

from synthesis.bibliography.formats import Reference, read_references, write_references
from synthesis.bibliography.names import Name, Names

DATA = Path(__file__).parents[2] / "data" / "bibliography"


@pytest.fixture(scope="module")
def pubmed():
    """The two citations of the sample file: Coviello 2001 and Wakefield 1998, PMIDs 11137279 and 9500320."""
    return read_references(DATA / "pubmed.nbib").references


def test_continued_lines_are_one_value(pubmed):
    """The full stop that PubMed puts after titles is not part of one."""
    assert pubmed[0].get("title").endswith("treatment for cocaine dependence")


def test_abbreviated_pages_are_written_out(pubmed):
    """145-54 is 145 to 154; 637-41 is 637 to 641."""
    assert [one.get("pages") for one in pubmed] == ["145--154", "637--641"]


def test_identifiers(pubmed):
    """The DOI of LID or AID, the PMID and the PMCID; the publisher's own is kept with its kind."""
    assert [one.get("doi") for one in pubmed] == ["10.1016/S0376-8716(00)00136-8", "10.1016/s0140-6736(97)11096-0"]
    assert (pubmed[0].get("pmid"), pubmed[0].get("pmcid")) == ("11137279", "PMC1234567")
    assert pubmed[0].get("x-nbib-aid") == "S0376-8716(00)00136-8 [pii]"


def test_authors_and_groups_in_their_order(pubmed):
    """FAU before AU, CN whole, `et al` as others, suffixes apart."""
    assert pubmed[0].authors.people == (
        Name("Coviello", "D M"),
        Name("Torre", "R", prefix="de la", suffix="3rd"),
        Name("", literal="Cochrane Drugs and Alcohol Group, London"),
    )
    assert pubmed[1].authors == Names((Name("Wakefield", "AJ"), Name("Murch", "SH")), others=True)


def test_publication_types_and_the_retraction(pubmed):
    """All types are kept; so is what PubMed says about the retraction."""
    assert pubmed[0].get("type") == "Clinical Trial; Journal Article; Randomized Controlled Trial"
    assert pubmed[1].get("type") == "Journal Article; Retracted Publication"
    assert pubmed[1].get("retraction").startswith("Lancet. 2010 Feb 6")


def test_the_registration_of_a_trial_is_kept(pubmed):
    """SI names the sample, which two reports of one trial share."""
    assert pubmed[0].get("x-nbib-si") == "ClinicalTrials.gov/NCT00000001"


def test_tags_of_the_database_are_named_once():
    """What is not taken over is said to be."""
    (problem,) = read_references(DATA / "pubmed.nbib").problems

    assert (problem.line, problem.code) == (2, "SY545")
    assert problem.what == "known and not taken over: AD (1), DCOM (1), OWN (2), SO (1), STAT (1)"


def test_a_broken_file_is_read_as_far_as_it_goes():
    """A line before the first citation, an unknown tag, a citation without a number."""
    found = read_references(DATA / "broken.nbib")

    assert [one.get("title") for one in found.references] == ["First", "Without a number"]
    assert found.references[0].get("month") == "Mar-Apr"
    assert found.references[0].get("x-nbib-zzz") == "unknown"
    assert [(problem.line, problem.code) for problem in found.problems] == [(1, "SY541"), (4, "SY544")]


def test_the_form_that_is_written():
    """Tags of four letters, PMID first, pages whole, initials without points."""
    reference = Reference(
        "article", "x",
        {"pmid": "11137279", "title": "A title", "pages": "145--154", "year": "2001", "month": "January"},
        Names((Name("Coviello", "David M."), Name("", literal="A Group"))),
    )  # fmt: skip

    assert write_references([reference], "nbib").splitlines() == [
        "PMID- 11137279", "DP  - 2001 Jan", "TI  - A title.", "PG  - 145-154", "FAU - Coviello, David M.",
        "AU  - Coviello DM", "CN  - A Group", "PT  - Journal Article",
    ]  # fmt: skip


def test_grants_and_interests_are_kept():
    """They describe the work, not the database's record."""
    (reference,) = read_references(b"PMID- 1\nTI  - x\nGR  - R01/NIDA\nCOIS- None.\n", "nbib").references

    assert (reference.get("x-nbib-gr"), reference.get("x-nbib-cois")) == ("R01/NIDA", "None.")
    assert "GR  - R01/NIDA\n" in write_references([reference], "nbib")
