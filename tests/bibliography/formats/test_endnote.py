"""EndNote XML: runs of style, EndNote's habits, and files that must not be trusted."""

from pathlib import Path

import pytest

from synthesis.bibliography.formats import Reference, read_references, write_references

DATA = Path(__file__).parents[2] / "data" / "bibliography"


@pytest.fixture(scope="module")
def article():
    """The first record of the sample file."""
    return read_references(DATA / "endnote20.xml").references[0]


def wrapped(*records, before=""):
    """A file of some records."""
    return f"{before}<xml><records>{''.join(records)}</records></xml>".encode()


def titled(title):
    """A record with a title."""
    return f'<record><ref-type name="Book">6</ref-type><titles><title>{title}</title></titles></record>'


def test_styles_become_latex(article):
    """Line ends inside a text are blanks; an ampersand is one."""
    assert article.get("title") == r"\textit{E. coli} and CO\textsubscript{2}: 50% & more on two lines"


def test_identifiers_and_dates(article):
    """The PMID beside its database, the PMCID in custom2, the month in pub-dates, pages written out."""
    assert (article.get("pmid"), article.get("pmcid")) == ("11137279", "PMC1234567")
    assert (article.get("year"), article.get("month"), article.get("day")) == ("2001", "January", "15")
    assert (article.get("pages"), article.get("issn")) == ("145--154", "0376-8716")


def test_the_database_may_stand_as_its_provider():
    """EndNote 20 writes NLM as remote-database-provider; `edition` of an article is a day, and no edition."""
    record = (
        '<record><ref-type name="Journal Article">17</ref-type><accession-num>29629291</accession-num>'
        "<edition>2018/04/10</edition><remote-database-provider>NLM</remote-database-provider></record>"
    )
    (reference,) = read_references(wrapped(record), "endnote").references

    assert (reference.get("pmid"), reference.get("edition")) == ("29629291", "")
    assert reference.get("x-endnote-edition") == "2018/04/10"


def test_nothing_is_dropped(article):
    """Custom fields, a second address and the other name of the journal are kept, and the record's own tags named."""
    kept = {name: value for name, value in article.fields.items() if name.startswith("x-endnote-")}
    (problem,) = read_references(DATA / "endnote20.xml").problems

    assert kept == {
        "x-endnote-alt-title": "Drug and alcohol dependence", "x-endnote-custom1": "mine",
        "x-endnote-url": "https://example.org/2",
    }  # fmt: skip
    assert "<database> (1), <foreign-keys> (1), <rec-number> (2), <source-app> (1)" in problem.what


def test_a_broken_record_does_not_stop_the_rest():
    """The error has line and column, and names the record that is lost."""
    found = read_references(DATA / "broken.xml", name="broken.xml")

    assert [one.get("title") for one in found.references] == ["First", "Third"]
    assert (found.problems[0].line, found.problems[0].code) == (4, "SY546")
    assert "the record that begins in line 4, which is not read" in found.problems[0].what


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE xml SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE xml [<!ENTITY % a SYSTEM "http://example.org/x.dtd"> %a;]>',
    ],
)
def test_document_types_and_entities_are_refused(before):
    """Entity bombs, files and addresses: nothing is read, and the place is named."""
    found = read_references(wrapped(titled("&a;"), before=before), "endnote")

    assert found.references == ()
    assert [(problem.code, problem.line) for problem in found.problems] == [("SY546", 1)]
    assert "refused" in found.problems[0].what


def test_the_place_of_a_bomb():
    """In a file: its line."""
    assert [str(problem).split(" ")[0] for problem in read_references(DATA / "bomb.xml", name="b.xml").problems] == [
        "b.xml:2:15:"
    ]


def test_nesting_is_limited():
    """A hundred thousand open elements are an error, not a crash; the record after them is read."""
    found = read_references(b"<xml><records><record>" + b"<a>" * 100_000 + titled("after").encode(), "endnote")

    assert "nested more than 20 deep" in found.problems[0].what
    assert [one.get("title") for one in found.references] == ["after"]


def test_forbidden_characters_are_dropped_with_a_word():
    """EndNote exports characters that XML forbids, raw and by number."""
    found = read_references(wrapped(titled("a&#x1F;b\x0bc&#11;")), "endnote")

    assert found.references[0].get("title") == "a b c"
    assert [(problem.code, problem.what.split(",")[0]) for problem in found.problems] == [
        ("SY548", "3 control characters")
    ]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-16"])
def test_declared_encodings(encoding):
    """The declaration of the file is believed."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{wrapped(titled("Café")).decode()}'

    assert read_references(text.encode(encoding), "endnote").references[0].get("title") == "Café"


def test_writing_and_reading_a_record_that_is_not_closed():
    """The next record says that the one before it has no end."""
    found = read_references(wrapped("<record><titles><title>a</title></titles>", titled("b")), "endnote")

    assert [one.get("title") for one in found.references] == ["b"]
    assert "is not closed" in found.problems[0].what


def test_the_form_that_is_written():
    """Types by name and number, text in runs of one style."""
    text = write_references([Reference("incollection", "Doe2001", {"title": r"On \textit{E. coli} <1>"})], "endnote")

    assert '<ref-type name="Book Section">5</ref-type>' in text
    assert (
        '<title><style face="normal" font="default" size="100%">On </style>'
        '<style face="italic" font="default" size="100%">E. coli</style>'
        '<style face="normal" font="default" size="100%"> &lt;1&gt;</style></title>'
    ) in text
