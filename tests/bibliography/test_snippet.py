"""The line that a problem speaks of."""

import pytest

from synthesis.bibliography import read_library
from synthesis.bibliography.snippet import snippet
from synthesis.errors import Problem


def shown(text, line, column):
    """The snippet of a problem at a place."""
    return snippet(text, Problem("a.bib", line, column, "SY433", "what", "remedy"))


def test_a_line_and_a_sign_under_its_column():
    """The place is that of the problem."""
    text = "@misc{K,\r\n  year = old,\r\n}\r\n"
    (problem,) = read_library(text).problems

    assert snippet(text, problem) == "  year = old,\n         ^"


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("x" * 300, 200, "..." + "x" * 100 + "...\n" + " " * 63 + "^"),
        ("a\tb\x1b[31m\x07c", 3, "a b\ufffd[31m\ufffdc\n  ^"),
        ("é漢字 x", 5, "é漢字 x\n      ^"),
        ("e\u0301 x", 4, "e\u0301 x\n  ^"),
        ("", 1, "\n^"),
    ],
)
def test_lines_that_are_long_wide_or_dangerous(text, column, expected):
    """Only a piece of a long one; no control character reaches the terminal; wide signs count twice."""
    assert shown(text, 1, column) == expected


def test_a_line_that_is_not_there():
    """A file that cannot be read has none."""
    assert shown("one line", 2, 1) == ""
