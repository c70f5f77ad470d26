"""How titles, names, journals and places are read for comparison."""

import time

import pytest

from synthesis.bibliography import read_library
from synthesis.bibliography.duplicates.folding import compact, folded
from synthesis.bibliography.duplicates.journals import journal_words, same_journal
from synthesis.bibliography.duplicates.locations import number_of, pages_of, volume_of
from synthesis.bibliography.duplicates.people import People, compare_people, people_of_text, split_names
from synthesis.bibliography.duplicates.record import record_of, record_of_entry, record_of_reference, record_of_row
from synthesis.bibliography.duplicates.titles import compare_titles, title_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller's β-cells", "muller's beta cells"),
        ("Crime &amp; Delinquency", "crime and delinquency"),
        ("ApoE<sup>-/-</sup> mice", "ApoE(-/-) mice"),
        ("naïve Straße", "Naive Strasse"),
        ("two-year", "two year"),
        ("Ætiology", "AETIOLOGY"),
    ],
)
def test_folded_alike(one, other):
    """Two writings of one text are one text."""
    assert compact(one) == compact(other)


def test_other_scripts_stay():
    """Letters that are not Latin are compared as they are."""
    assert folded("Преступление и наказание") == "преступление и наказание"
    assert folded("犯罪学研究") == "犯罪学研究"


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("221-8", ("221", "228")),
        ("221--228", ("221", "228")),
        ("pp. 1022–1032", ("1022", "1032")),  # noqa: RUF001  the dash of a printed range
        ("A254-A255", ("a254", "a255")),
        ("S34-5", ("s34", "s35")),
        ("e0168396", ("168396", "")),
        ("(no pagination) e70933", ("70933", "")),
        ("Article 65", ("65", "")),
        ("12, 14-19", ("12", "")),
        ("11-Sep", ("", "")),
        ("Nov-19", ("", "")),
        ("n/a", ("", "")),
        ("", ("", "")),
    ],
)
def test_pages(text, pages):
    """First and last page in one form; nothing where a spreadsheet made a date of them."""
    assert pages_of(text) == pages


@pytest.mark.parametrize(
    ("text", "volume"), [("242 Pt A", "242"), ("Part A. 242", "242"),
                         ("8 (8)", "8"), ("57 Suppl 1", "57"), ("96-98", "96"),
                         ("1)", ""), ("xii", "xii"), ("012", "12"), ("", "")]
)  # fmt: skip
def test_volumes(text, volume):
    """The volume alone; nothing of a shred that a broken export left."""
    assert volume_of(text) == volume


def test_a_number_that_became_a_date():
    """`1-2`, which a spreadsheet writes as 01-Feb, says nothing."""
    assert number_of("01-Feb") == ""
    assert number_of("3") == "3"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Journal of Experimental Criminology", "J Exp Criminol", True),
        (
            "Proceedings of the National Academy of Sciences of the United States of America",
            "Proc Natl Acad Sci U S A",
            True,
        ),
        ("Proceedings of the National Academy of Sciences", "PNAS", True),
        ("Naunyn-Schmiedeberg's Archives of Pharmacology", "Naunyn Schmiedebergs Arch Pharmacol", True),
        ("Crime & Delinquency", "Crime and Delinquency", True),
        ("Microcirculation", "Microcirculation. Conference: 66th Annual Meeting", True),
        ("Atherosclerosis Supplements", "Atherosclerosis", True),
        ("Diabetes", "Diabetologia", False),
        ("Diabetes", "Diabetes Care", False),
        ("Journal of Criminology", "Journal of Criminal Justice", False),
        ("Circulation", "Circulation Research", False),
    ],
)
def test_journals(one, other, same):
    """An abbreviated name is the full one; a longer name is another journal."""
    words = journal_words(one), journal_words(other)

    assert same_journal(*words) is same
    assert same_journal(*reversed(words)) is same


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Doe J.Roe K.", ["Doe J.", "Roe K."]),
        ("Van Der Tuin S. J. L.Li Z.", ["Van Der Tuin S. J. L.", "Li Z."]),
        ("Doe J, Roe KA", ["Doe J", "Roe KA"]),
        ("Doe, J., Roe, K. A.", ["Doe, J.", "Roe, K. A."]),
        ("Doe, Jane", ["Doe, Jane"]),
        ("Doe, Jane and Roe, Rick", ["Doe, Jane", "Roe, Rick"]),
        ("Doe, Jane|Roe, Rick\nPoe, E", ["Doe, Jane", "Roe, Rick", "Poe, E"]),
        ("J. Smith", ["J. Smith"]),
    ],
)
def test_names_of_a_cell(text, names):
    """The names of a cell, parted as each database parts them."""
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Müller, Jörg", "Mueller J", "same"),
        ("Müller, Jörg", "Muller J", "same"),
        ("van der Berg, Jan", "Berg J. van der", "same"),
        ("García-Cubas, M.", "Garcia Cubas M", "same"),
        ("O'Neill, K. M.", "ONeill KM", "same"),
        ("Doe J; Roe R; Poe E", "Doe J, et al.", "same"),
        ("Doe J; Roe R; Poe E", "Doe J; Zhu L; Wang W", "some"),
        ("Doe J", "Zhu L", "differ"),
        ("", "Zhu L", "unknown"),
    ],
)
def test_lists_of_authors(one, other, how):
    """How two lists compare, in both orders."""
    first, second = people_of_text(one), people_of_text(other)

    assert compare_people(first, second) == how
    assert compare_people(second, first) == how


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Therapy for tumours in the brain of rats", "Therapy for tumors in brain of rats", "same"),
        ("Health care in European prisons", "Healthcare in European prisons", "same"),
        (
            "Screening in primary health care: a trial of men",
            "Screening in primary healthcare: the trial of men",
            "close",
        ),
        ("A trial of therapy for men in prison", "A trial of therapy for women in prison", "similar"),
        ("Group therapy for shoplifters", "Group therapy for shoplifters: a trial", "part"),
        ("[Gruppentherapie bei Ladendieben]", "Gruppentherapie bei Ladendieben.", "same"),
        ("Group therapy for shoplifters (Review)", "Group therapy for shoplifters", "same"),
        ("Boot camps", "Drug courts", "differ"),
        ("", "Drug courts", "unknown"),
    ],
)
def test_titles(one, other, how):
    """How two titles compare, in both orders."""
    first, second = title_of(one), title_of(other)

    assert compare_titles(first, second)[0] == how
    assert compare_titles(second, first)[0] == how


def test_latex_is_read():
    """An entry with accents, braces and commands is the same as one in Unicode."""
    one = (
        r"@article{a, author = {M{\"u}ller, J{\"o}rg}, title = {{DNA} of \textit{E. coli}}, journal = {Cell \& Tissue}}"
    )
    other = "@article{b, author = {Müller, Jörg}, title = {DNA of E. coli}, journal = {Cell and Tissue}}"
    first, second = (record_of_entry(read_library(text).entries[0]) for text in (one, other))

    assert first.content == second.content


HOSTILE = (
    " ",
    "[",
    "(",
    "-",
    "1",
    "a.",
    "A. ",
    "\n",
    "<a",
    "&a;",
    "and ",
    "\u0301",
    ",",
    "10.1/",
    ".v1",
    "[x] ",
    "978-",
    "et al ",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_values(piece):
    """A hundred thousand repeats of anything in every field are read in no time."""
    names = ("title", "author", "year", "journal", "volume", "number", "pages", "doi", "pmid", "isbn", "edition", "url")
    start = time.process_time()

    record_of_row("a", "", dict.fromkeys(names, piece * 100_000))

    assert time.process_time() - start < 2


def test_a_body_is_one_author():
    """A corporate author in braces is not parted at `and`."""
    record = record_of_entry(
        read_library("@misc{a, author = {{Ministry of Justice and Police}}, title = {T}}").entries[0]
    )

    assert record.authors.count == 1
    assert record.authors.corporate


def test_an_entry_and_the_reference_made_of_it():
    """What goes through the room of formats compares as the entry did."""
    from synthesis.bibliography.formats.reference import reference_of

    text = r"@article{a, author = {Doe, J. and {WHO}}, title = {{DNA} \& \emph{crime}}, year = 2004, doi = {10.1234/a}}"
    entry = read_library(text).entries[0]

    assert record_of_reference(reference_of(entry)).content == record_of_entry(entry).content


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"url": "https://pubmed.ncbi.nlm.nih.gov/1234567/"}, "pmid", "1234567"),
        ({"eprint": "1234567", "eprinttype": "pubmed"}, "pmid", "1234567"),
        ({"pmid": "PMID: 01234567 [Indexed]"}, "pmid", "1234567"),
        ({"url": "https://doi.org/10.1234/ABC"}, "doi", "10.1234/abc"),
        ({"doi": "10.1234/abc [doi]"}, "doi", "10.1234/abc"),
        ({"doi": "none"}, "doi", ""),
        ({"isbn": "0957-9672 (Print)\n0957-9672"}, "issns", frozenset({"09579672"})),
        ({"isbn": "978-3-16-148410-0"}, "isbns", frozenset({"316148410"})),
        ({"date": "2004-05-01"}, "year", 2004),
        ({"edition": "Second"}, "edition", "2"),
        ({"title": "A book (3rd ed.)"}, "edition", "3"),
        ({"doi": "10.48550/arXiv.2001.01234"}, "form", "preprint"),
    ],
)
def test_fields_that_are_looked_for(fields, name, value):
    """Identifiers, years and editions in the places where programs put them."""
    assert getattr(record_of("a", "", "misc", fields, People()), name) == value
