"""Tables of references and the file of decisions."""

import pytest

from synthesis.bibliography.duplicates import find, records_of_table
from synthesis.bibliography.duplicates.decisions import PATH, Decision, decide, decisions_of, read_decisions
from synthesis.bibliography.duplicates.foreign import records_of_file
from synthesis.errors import InvalidArgument, InvalidData

TABLE = "record_id,author,title,year,pages,doi\n1,Doe J.Roe K.,Caf\xe9s in prison,2004,11-Sep,NA\n2,,,,,\n"
DECISIONS = 'one,other,verdict,because\nA,B,duplicate,seen\nC,D,distinct,"two, parts"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_a_table_in_any_encoding(encoding, sign):
    """Commas, tabs or semicolons; NA is nothing; a date made by a spreadsheet is no page."""
    (record, empty) = records_of_table(TABLE.replace(",", sign).encode(encoding), "x.csv")

    assert (record.key, record.title.letters, record.doi, record.first_page) == ("1", "cafesinprison", "", "")
    assert record.authors.families == ("doe", "roe")
    assert empty.key == "2"


def test_names_of_columns_of_databases():
    """Scopus, Web of Science and EndNote name their columns otherwise."""
    scopus = (
        b"Authors,Title,Year,Source title,Volume,Issue,Page start,DOI\nDoe J.,Prison,2004,J Crim,3,1,22,10.1234/a\n"
    )

    (record,) = records_of_table(scopus, "x.csv")

    assert (record.journal, record.number, record.doi) == (("j", "crim"), "1", "10.1234/a")


def test_repeated_numbers_of_records():
    """Two rows with one number are called by their rows."""
    keys = [record.key for record in records_of_table(b"id,title\n7,One thing\n7,Another thing\n,Third\n", "x.csv")]

    assert keys == ["7 row 2", "7 row 3", "row 4"]


def test_no_column_of_titles():
    """SY551, with the place and the nearest column."""
    with pytest.raises(InvalidData, match=r"x\.csv:1:1: SY551 no column of titles or DOIs"):
        records_of_table(b"name,titel\na,b\n", "x.csv")


def test_a_foreign_file_of_bibtex(tmp_path):
    """Entries that share a key, or have none, are called by their number."""
    path = tmp_path / "x.bib"
    path.write_text("@misc{a, title = {One thing of two}, year = 2000}\n" * 2)

    (group,) = find(records_of_file(path).records).groups

    assert [record.key for record in group.records] == ["a 1", "a 2"]


@pytest.mark.parametrize("name", ["x.ris", "x.nbib"])
def test_a_foreign_file_of_a_database(tmp_path, name):
    """RIS and nbib are read by the room of formats."""
    one = {"x.ris": "TY  - JOUR\nTI  - Prison and after\nAU  - Doe, J.\nPY  - 2004\nER  - \n",
           "x.nbib": "PMID- 123456\nTI  - Prison and after\nFAU - Doe, Jane\nDP  - 2004\n"}[name]  # fmt: skip
    path = tmp_path / name
    path.write_text(f"{one}\n{one}")

    assert len(find(records_of_file(path).records).groups) == 1


def test_an_ending_that_no_format_has(tmp_path):
    """The known endings are named."""
    (tmp_path / "x.docx").write_bytes(b"PK")

    with pytest.raises(InvalidArgument, match=r"no format has the ending '.docx'; known are .*\.bib, .*\.csv"):
        records_of_file(tmp_path / "x.docx")


def test_decisions_are_read():
    """Accepted and rejected pairs, whichever key comes first; versions are two documents."""
    decided = decisions_of(DECISIONS + "F,E,versions,\n")

    assert decided.problems == ()
    assert decided.decisions().accepted == {("A", "B")}
    assert decided.decisions().rejected == {("C", "D"), ("E", "F")}


@pytest.mark.parametrize(
    ("row", "code"),
    [("A,,duplicate,", "SY553"), ("A,A,duplicate,", "SY553"), ("A,B,duplikate,", "SY552"), ("B,A,distinct,", "SY554")],
)
def test_decisions_that_are_none(row, code):
    """Each is told with its line and what to do."""
    (problem,) = (
        decisions_of(f"{DECISIONS}{row}\n").problems
        if code == "SY554"
        else decisions_of(f"one,other,verdict,because\n{row}\n").problems
    )

    assert (problem.code, problem.path) == (code, PATH)
    assert problem.line == (4 if code == "SY554" else 2)


def test_a_file_of_decisions_in_another_encoding(tmp_path):
    """SY550, and so is one whose quotes do not close."""
    path = tmp_path / PATH
    path.parent.mkdir()
    path.write_bytes(b"one,other,verdict,because\nA,B,duplicate,caf\xe9\n")

    with pytest.raises(InvalidData, match="SY550"):
        decide(tmp_path, [Decision("A", "C", "duplicate", "")])
    assert [problem.code for problem in read_decisions(tmp_path).problems] == ["SY550"]
    assert [problem.code for problem in decisions_of('one,other,verdict,because\nA,B,"dup\n').problems] == ["SY550"]


def test_a_file_without_its_columns():
    """SY551."""
    assert [problem.code for problem in decisions_of("a,b\n1,2\n").problems] == ["SY551"]


def test_decisions_are_written(tmp_path):
    """Other rows keep their bytes, an older row of a pair goes, and the new ones follow in order."""
    path = tmp_path / PATH
    path.parent.mkdir()
    path.write_bytes(DECISIONS.replace("\n", "\r\n").encode())

    decide(tmp_path, [Decision("D", "C", "duplicate", "looked\nagain"), Decision("A", "Z", "distinct", "")])

    assert path.read_bytes().decode() == (
        "one,other,verdict,because\r\nA,B,duplicate,seen\r\nA,Z,distinct,\r\nD,C,duplicate,looked again\r\n"
    )
    assert read_decisions(tmp_path).problems == ()


def test_a_new_file_of_decisions(tmp_path):
    """It begins with its columns."""
    decide(tmp_path, [Decision("A", "B", "duplicate", "same, page")])

    assert (tmp_path / PATH).read_text() == 'one,other,verdict,because\nA,B,duplicate,"same, page"\n'


def test_a_broken_file_of_decisions_is_not_touched(tmp_path):
    """Nothing is written over what cannot be read."""
    path = tmp_path / PATH
    path.parent.mkdir()
    path.write_text("a,b\n1,2\n")

    with pytest.raises(InvalidData, match="SY551"):
        decide(tmp_path, [Decision("A", "B", "duplicate", "")])

    assert path.read_text() == "a,b\n1,2\n"


def test_keys_that_are_nowhere():
    """A note for each, with the nearest key."""
    (note,) = decisions_of("one,other,verdict,because\nA,Doe204,duplicate,\n").unknown(["A", "Doe2004"])

    assert (note.code, note.fails) == ("SY555", False)
    assert "did you mean 'Doe2004'?" in note.remedy
