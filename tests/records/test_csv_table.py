"""A CSV table read with its places and faults."""

import pytest

from synthesis.errors import InvalidData
from synthesis.records.csv_table import Table, TableCodes, finite, table_text

CODES = TableCodes("SY000", "SY001", "SY002", "SY003", "SY004", "SY005")


def lines(text):
    """The table of a text, and its lines."""
    table = Table(text, "t.csv", ("name", "kind"), CODES)
    return table, list(table.lines())


def test_lines_know_where_they_begin():
    """Quoted line ends count, white space around a value does not, and empty rows are passed over."""
    _, (first, second) = lines('name,kind\na,"x\ny"\n,\n b ,z\n')

    assert (first.number, first.text("kind"), second.number, second.text("name")) == (2, "x\ny", 5, "b")


def test_a_byte_order_mark_is_no_part_of_the_header():
    """As spreadsheets write it."""
    table, (line,) = lines("\ufeffname,kind\na,b\n")

    assert (table.problems, line.text("name")) == ([], "a")


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "SY001"),
        ("name\n", 1, "SY001"),
        ("name,kind,kind\n", 1, "SY001"),
        ("name,kind\na\n", 2, "SY002"),
        ('name,kind\na,"b\n', 2, "SY000"),
        ('"name,kind\n', 1, "SY000"),
    ],
)
def test_a_text_that_is_no_table(text, line, code):
    """One fault, at its line, with a remedy; `stop` raises it."""
    table, _ = lines(text)

    assert [(problem.line, problem.code) for problem in table.problems] == [(line, code)]
    with pytest.raises(InvalidData, match="remedy: "):
        table.stop()


def test_one_fault_does_not_stop_the_rest():
    """The other rows are read."""
    table, found = lines("name,kind\na,b,c\nd,e\n")

    assert [line.text("name") for line in found] == ["d"]
    assert len(table.problems) == 1


def test_values_of_several_kinds():
    """Whole numbers, finite numbers and lists; what is none of them is told at its field."""
    table, (line,) = lines("name,kind\n1; 2,1.5\n")

    assert (line.several("name"), line.number_of("kind", "SY009")) == (("1", "2"), 1.5)
    assert line.points("kind") is None
    assert [(problem.column, problem.code) for problem in table.problems] == [(2, "SY005")]


def test_a_key_given_twice():
    """The later row is told, and `first` names the earlier one."""
    table, (one, other) = lines("name,kind\na,b\na,c\n")
    for line in (one, other):
        line.once("SY009", "this", (line.text("name"),))

    assert [(problem.line, problem.code) for problem in table.problems] == [(3, "SY009")]
    assert other.first(("a",)) == 2


@pytest.mark.parametrize(("text", "value"), [("2", 2.0), ("-0.5", -0.5), ("nan", None), ("inf", None), ("x", None)])
def test_a_finite_number(text, value):
    """Anything else is None."""
    assert finite(text) == value


def test_a_file_that_is_not_utf_8(tmp_path):
    """Its line is named."""
    file = tmp_path / "t.csv"
    file.write_bytes(b"name,kind\n\xe9,b\n")
    with pytest.raises(InvalidData) as invalid:
        table_text(file, "t.csv", "SY000", 100)

    assert [(problem.line, problem.code) for problem in invalid.value.problems] == [(2, "SY000")]
