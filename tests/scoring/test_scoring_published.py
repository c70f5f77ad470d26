"""The printed matrix and the statements, read strictly."""

import pytest

from synthesis.errors import InvalidData
from synthesis.scoring.published import CODES, read_matrix, read_statements

MATRIX = "row,outcome,points,placement,reason,other_readings\n"
STATEMENTS = "statement,document,at,rows,modality,outcome,direction,significant,limited,design,evidence_set\n"


def matrix(body, header=MATRIX):
    return read_matrix(header + body, "m.csv", ("J", "K"), ("drug_use", "reoffending"))


def statements(body):
    return read_statements(STATEMENTS + body, "s.csv", ("J", "K"), ("drug_use",), ("report",))


def test_a_printed_matrix():
    """Cells and totals by row; what is absent is an empty cell."""
    printed = matrix('J,drug_use,3,certain,"three, printed",\nJ,reoffending,,none,,\nJ,total,3,,,\n')

    assert printed.cell("J", "drug_use").points == 3
    assert printed.cell("J", "reoffending").points is None
    assert printed.cell("K", "drug_use").placement == "none"
    assert printed.totals == {"J": 3}


@pytest.mark.parametrize(
    ("body", "line", "column", "code"),
    [
        ("J,drug_use,three,certain,,\n", 2, 3, "SY605"),
        ("J,drug_use,-1,certain,,\n", 2, 3, "SY605"),
        ("Q,drug_use,3,certain,,\n", 2, 1, "SY604"),
        ("J,drug_us,3,certain,,\n", 2, 2, "SY604"),
        ("J,drug_use,3,sure,,\n", 2, 4, "SY604"),
        ("J,drug_use,3,,,\n", 2, 4, "SY603"),
        ("J,drug_use,3\n", 2, 1, "SY602"),
        ("J,drug_use,3,certain,,\nJ,drug_use,2,certain,,\n", 3, 1, "SY606"),
        ("J,drug_use,3,certain,,\nJ,total,4,,,\n", 3, 3, "SY607"),
        ('J,drug_use,3,certain,"two\nlines",\nK,drug_use,x,certain,,\n', 4, 3, "SY605"),
        ('J,drug_use,3,certain,"open,\n', 2, 1, "SY600"),
    ],
)
def test_a_fault_in_the_matrix(body, line, column, code):
    """One fault is named with its line, its field and its code, and a remedy."""
    with pytest.raises(InvalidData) as raised:
        matrix(body)
    (problem,) = raised.value.problems

    assert (problem.line, problem.column, problem.code) == (line, column, code)
    assert problem.remedy


@pytest.mark.parametrize("header", ["", "row,outcome,points,placement\n", MATRIX.replace("reason", "row")])
def test_a_header_that_lacks_a_column(header):
    """A table without all its columns, each once, is not read."""
    with pytest.raises(InvalidData, match="SY601"):
        matrix("", header)


def test_statements():
    """A statement can stand in several rows; what is empty is not stated."""
    (found,) = statements("S1,NICE2007a,4.28,J;K,,drug_use,ineffective,,,guideline,report\n")

    assert (found.rows, found.significant, found.limited) == (("J", "K"), "not stated", "")


@pytest.mark.parametrize(
    ("body", "column", "code"),
    [
        (",NICE,4.1,J,,drug_use,effective,yes,,,report\n", 1, "SY603"),
        ("S1,,4.1,J,,drug_use,effective,yes,,,report\n", 2, "SY603"),
        ("S1,NICE,4.1,J;Q,,drug_use,effective,yes,,,report\n", 4, "SY604"),
        ("S1,NICE,4.1,J,,drug_use,good,yes,,,report\n", 7, "SY604"),
        ("S1,NICE,4.1,J,,drug_use,effective,yes,,,repor\n", 11, "SY604"),
    ],
)
def test_a_fault_in_a_statement(body, column, code):
    """One fault is named with its field and its code."""
    with pytest.raises(InvalidData) as raised:
        statements(body)

    assert [(problem.column, problem.code) for problem in raised.value.problems] == [(column, code)]


def test_codes_are_told():
    """Every code has its meaning in CODES, and is three digits under 6."""
    assert all(code.startswith("SY6") and len(code) == 5 and meaning for code, meaning in CODES.items())
