"""RIS in the dialects of the programs that write it, and RIS that is broken."""

from pathlib import Path

import pytest

from synthesis.bibliography.formats import Reference, read_references, write_references
from synthesis.bibliography.names import Name
from synthesis.errors import Severity

DATA = Path(__file__).parents[2] / "data" / "bibliography"
COVIELLO = "The effectiveness of two intensities of psychosocial treatment for cocaine dependence"
DIALECTS = ["refman", "endnote", "ovid", "scopus", "webofscience"]


def read(name):
    """The references of a sample file."""
    return read_references(DATA / f"{name}.ris", name=f"{name}.ris")


def read_text(text):
    """The one reference of a text."""
    (reference,) = read_references(text.encode(), "ris").references
    return reference


@pytest.mark.parametrize("dialect", DIALECTS)
def test_one_article_in_every_dialect(dialect):
    """The same facts, wherever a program puts them; from the library's entry Coviello2001."""
    article = read(dialect).references[0]

    assert (article.type, article.get("title").lower()) == ("article", COVIELLO.lower())
    assert article.year == 2001
    assert (article.get("volume"), article.get("pages")) == ("61", "145--154")
    assert article.authors.people[0].family == "Coviello"
    assert article.get("journal").lower() in {
        "drug and alcohol dependence",
        "drug alcohol depend",
        r"drug & alcohol dependence",
    }


@pytest.mark.parametrize("dialect", ["endnote", "ovid", "scopus"])
def test_the_pmid_wherever_a_program_puts_it(dialect):
    """AN beside the name of a database of PubMed; C2 for Scopus."""
    assert read(dialect).references[0].get("pmid") == "11137279"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_line_ends_change_nothing(dialect, end):
    """LF, CRLF and CR, and a BOM."""
    data = (DATA / f"{dialect}.ris").read_bytes()

    assert read_references(b"\xef\xbb\xbf" + data.replace(b"\n", end), "ris").references == read(dialect).references


def test_groups_are_kept_whole():
    """With EndNote's doubled comma, with a comma at the end, or without one."""
    people = read("endnote").references[0].authors.people

    assert [name.literal for name in people[2:]] == ["Department of Health, London", "Cochrane Drugs and Alcohol Group"]
    assert read_text("TY  - RPRT\nAU  - World Health Organization\nER  - \n").authors.people == (
        Name("", literal="World Health Organization"),
    )


def test_names_with_suffix_and_particle():
    """`Family, Given, Suffix`, and particles before the family name."""
    assert read("refman").references[0].authors.people[3] == Name("Zanis", "D.A.", suffix="Jr.")
    assert read("zotero").references[0].authors.people[1] == Name("Berg", "Jan", prefix="van der")


def test_names_without_commas_are_people_only_where_all_are_written_so():
    """Ovid's `Coviello DM`; a single such name may be that of a body, and is kept whole."""
    assert read("ovid").references[0].authors.people == (Name("Coviello", "DM"), Name("Alterman", "AI"))
    assert read_text("TY  - RPRT\nAU  - Cochrane UK\nER  - \n").authors.people == (Name("", literal="Cochrane UK"),)


def test_keywords_on_lines_of_their_own():
    """As EndNote writes them; a comma does not part one."""
    assert read("endnote").references[0].get("keywords") == (
        "Cocaine-Related Disorders/*therapy; Diabetes Mellitus, Type 2; Humans"
    )


@pytest.mark.parametrize(
    ("lines", "year", "month", "day"),
    [
        ("PY  - 2008\nDA  - 2008/03/05/", "2008", "March", "5"),
        ("Y1  - 2008/03//", "2008", "March", ""),
        ("PY  - 2008\nDA  - Mar 5", "2008", "March", "5"),
        ("PY  - 2008///Spring", "2008", "Spring", ""),
        ("PY  - 2008\nDA  - 2008-12-01", "2008", "December", "1"),
        ("PY  - in press", "in press", "", ""),
        ("PY  - forthcoming", "forthcoming", "", ""),
        ("DA  - 5 March 2008", "2008", "March", "5"),
        ("PY  - 2008\nDA  - November, December", "2008", "November, December", ""),
        ("PY  - 2008\nDA  - 2008/13/45/", "2008", "", ""),
    ],
)
def test_dates(lines, year, month, day):
    """PY or Y1, and DA, in the ways of the specification and of programs; what is no date stays text."""
    reference = read_text(f"TY  - JOUR\nTI  - x\n{lines}\nER  - \n")

    assert (reference.get("year"), reference.get("month"), reference.get("day")) == (year, month, day)


def test_dates_that_disagree_are_both_kept():
    """PY is the year; DA stays under its own name."""
    reference = read_text("TY  - JOUR\nPY  - 2008\nDA  - 2009/01/02/\nER  - \n")

    assert (reference.get("year"), reference.get("x-ris-da")) == ("2008", "2009/01/02/")


def test_a_chapter_and_a_thesis():
    """T2 is the book, T3 its series, ED its editor; M3 says which thesis it is, PB its school."""
    _, chapter, thesis = read("zotero").references

    assert (chapter.type, chapter.get("booktitle"), chapter.get("series")) == (
        "incollection", "A book about treatment", "Addiction Science",
    )  # fmt: skip
    assert (chapter.editors.people, chapter.get("isbn")) == ((Name("Gossop", "Michael"),), "978-0-306-40615-7")
    assert (thesis.type, thesis.get("school"), thesis.get("type")) == ("phdthesis", "University of Example", "")


def test_what_would_be_markup_is_escaped():
    """Braces of RIS are braces, not LaTeX's."""
    keywords = read("zotero").references[0].get("keywords")

    assert keywords.endswith(r"100% {\textbraceleft}braces{\textbraceright}")


def test_nothing_is_dropped():
    """Known tags without a field, and unknown ones, stay under names of their own, and are written back."""
    text = "TY  - JOUR\nID  - a\nID  - b\nTI  - x\nU1  - mine\nL1  - a.pdf\nQQ  - what\nER  - \n"
    read_back = write_references([read_text(text)], "ris")

    assert {"ID  - a", "ID  - b", "U1  - mine", "L1  - a.pdf", "QQ  - what"} <= set(read_back.splitlines())


def test_text_outside_records_is_reported():
    """Numbers between Ovid's records, the preface of a publisher's site."""
    problems = read("webofscience").problems

    assert [(problem.line, problem.code, problem.severity) for problem in problems] == [
        (1, "SY541", Severity.NOTE), (2, "SY541", Severity.NOTE),
    ]  # fmt: skip


def test_a_tag_inside_a_text_begins_no_record():
    """`TY - ` with one blank, in a file that writes two."""
    assert "TY - as they were called" in read("ovid").references[0].get("abstract")


def test_a_broken_file_is_read_as_far_as_it_goes():
    """Every problem with its line, and four references all the same."""
    found = read("broken")

    assert [reference.get("title") for reference in found.references] == [
        "Not ended", "Café of an unknown type", "No type at all", "Whole",
    ]  # fmt: skip
    assert [(problem.line, problem.column, problem.code) for problem in found.problems] == [
        (1, 1, "SY541"), (5, 1, "SY542"), (5, 1, "SY543"), (6, 10, "SY540"), (7, 1, "SY544"), (9, 1, "SY542"),
        (12, 1, "SY542"),
    ]  # fmt: skip


def test_an_unknown_type_is_kept():
    """It is written back as it was."""
    assert "TY  - NOVELTY\n" in write_references(read("broken").references, "ris")


def test_a_file_without_records_says_so():
    """Not an empty answer."""
    assert [problem.code for problem in read_references(b"hello", "ris").problems] == ["SY541"]
    assert [problem.code for problem in read_references(b"", "ris").problems] == ["SY546"]


def test_the_form_that_is_written():
    """TY first, ER last, one value a line (RIS Format Specifications, tag format and order)."""
    reference = Reference(
        "article", "Doe2001", {"title": r"{DNA} \& \textit{E. coli}", "pages": "1--9", "year": "2001"}
    )

    assert write_references([reference], "ris") == (
        "TY  - JOUR\nID  - Doe2001\nTI  - DNA & E. coli\nPY  - 2001\nSP  - 1\nEP  - 9\nER  - \n"
    )


@pytest.mark.parametrize(
    ("lines", "month", "kept"),
    [
        ("DA  - 2009/05/03/Spring", "May", {"x-ris-da": "2009/05/03/Spring"}),
        ("PY  - 2009/05/03/Spring", "May", {"x-ris-py": "2009/05/03/Spring"}),
        ("PY  - 2009///Spring\nDA  - 2009/05/03", "Spring", {"x-ris-da": "2009/05/03"}),
        ("PY  - 2009\nY1  - 2009/05//\nDA  - 2009/05/03", "May", {}),
        ("PY  - 2009\nY2  - 2010/05/03/night", "", {"x-ris-y2": "2010/05/03/night"}),
    ],
)
def test_no_part_of_a_date_is_lost(lines, month, kept):
    """What has no field beside year, month and day stays under the tag's name, and comes back from there."""
    reference = read_text(f"TY  - JOUR\nTI  - x\n{lines}\nER  - \n")

    assert (reference.get("month"), {k: v for k, v in reference.fields.items() if k[:2] == "x-"}) == (month, kept)
    assert read_text(write_references([reference], "ris")) == reference


def test_the_end_of_a_file_of_web_of_science():
    """`EF` is no record and no text."""
    found = read_references(b"TY  - JOUR\nTI  - x\nER  - \n\nEF  - \n", "ris")

    assert (len(found.references), found.problems) == (1, ())
