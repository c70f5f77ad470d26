"""The line that a problem speaks of, with a sign under its column."""

from __future__ import annotations

import unicodedata

from synthesis.bibliography.blocks import Lines
from synthesis.errors import Problem

WIDEST = 100  # characters of a line that are shown
BEFORE = 60  # of them before the column


def snippet(text: str, problem: Problem, lines: Lines | None = None) -> str:
    r"""Two lines: that of a problem as it stands in the file, and `^` under its column.

    Parameters
    ----------
    text : str
        Of the file, after a BOM.
    problem : Problem
        With its line and column.
    lines : Lines, optional
        Of the text, where several problems of one file are shown.

    Returns
    -------
    str
        Of a long line the piece around the column, with dots; control characters as a sign of their own. Nothing where
        the file has no such line.

    Examples
    --------
    >>> print(snippet("@misc{K,\n  year = old,\n}", Problem("a.bib", 2, 10, "SY433", "no macro", "put it in braces")))
      year = old,
             ^
    """
    starts = (lines or Lines.of(text)).starts
    if problem.line > len(starts):
        return ""
    first = starts[problem.line - 1]
    last = starts[problem.line] if problem.line < len(starts) else len(text)
    column = problem.column - 1
    start = first + max(0, column - BEFORE) if last - first > WIDEST else first
    shown = text[start : min(last, start + WIDEST)].rstrip("\r\n")
    before, after = ("..." if start > first else ""), ("..." if start + WIDEST < last else "")
    sign = len(before) + _width(shown[: column - (start - first)])
    return f"{before}{_plain(shown)}{after}\n{' ' * sign}^"


def _plain(text: str) -> str:
    """Text that does nothing to a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if char == "\t" else char if unicodedata.category(char)[0] != "C" else "\ufffd" for char in text)


def _width(text: str) -> int:
    """The columns of a terminal that a text takes: accents none, signs of East Asia two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
