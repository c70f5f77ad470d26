"""Formulas in one line of characters."""

from __future__ import annotations

import re

from synthesis.bibliography.latex.tables import COMMANDS, MATH, OTHER_MATH

ARGUMENT = r"\s*(?:\{((?:[^{}]++|\{[^{}]*+\})*+)\}|([^\s{}\\]))"
FRACTION = re.compile(r"(?:(\w) ?)?\\[dt]?frac(?![A-Za-z])" + ARGUMENT * 2 + r"(?=\s*(\w|\\[A-Za-z])?)")
SCRIPT = re.compile(r"([_^])" + ARGUMENT.replace(r"([^\s{}\\])", r"(\\[A-Za-z]+|[^\s{}\\])"))
DEGREE = re.compile(r"\^(?:\\circ(?![A-Za-z])|\{\\circ\})")
TOKEN = re.compile(r"\\([A-Za-z]+)|\\(.)|([{}^_~])", re.DOTALL)
PRINTED, SPACES = frozenset("{}%&#_$"), frozenset(" ,:;\n~")
DEEPEST = 4  # fractions within fractions
RAISED = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
SIGNS = ("+", "-", "\u2212", "(")
ENDINGS = frozenset({"st", "nd", "rd", "th"})  # of ordinals


def pieces(source: str) -> list[tuple[str, str]]:
    """The characters of a formula, each stretch with `superscript`, `subscript` or nothing."""
    flat = DEGREE.sub("\u00b0", _with_slashes(source))
    parts = SCRIPT.split(flat)
    found = [(characters(parts[0]), "")]
    for mark, braced, bare, after in zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True):
        level = "superscript" if mark == "^" else "subscript"
        found += [(characters(braced or bare or ""), level), (characters(after), "")]
    return [(text, level) for text, level in found if text]


def in_line(source: str, before: str = "") -> str:
    """A formula as a reader sees it in one line of text, after the text `before`."""
    made: list[str] = []
    for text, level in pieces(source):
        made.append(raised(text, before) if level == "superscript" else text)
        before = "" if level == "superscript" else made[-1]
    return "".join(made)


def ends_raised(source: str) -> bool:
    """Whether the last character of a formula is raised."""
    found = pieces(source)
    return bool(found) and found[-1][1] == "superscript"


def raised(text: str, before: str) -> str:
    """What stands raised after a text: beside a digit, where it would read as part of the number, it is marked.

    Examples
    --------
    >>> raised("-3", "10"), raised("x", "10"), raised("2", "cm"), raised("th", "5")
    ('⁻³', '^x', '2', 'th')
    """
    number = before[-1:].isdecimal() and text not in ENDINGS and (text[:1].isalnum() or text.startswith(SIGNS))
    if not number:
        return text
    small = text.translate(RAISED)
    if not set(small) & set(text):
        return small
    return f"^{text}" if len(text) == 1 else f"^({text})"


def characters(source: str) -> str:
    """The characters of a formula that raises and lowers nothing."""
    return TOKEN.sub(_character, source)


def _character(found: re.Match[str]) -> str:
    name, symbol = found[1], found[2]
    if name:
        return MATH.get(f"\\{name}") or OTHER_MATH.get(name) or COMMANDS.get(name, "")
    return symbol if symbol in PRINTED else " " if symbol in SPACES else ""


def _with_slashes(source: str) -> str:
    r"""A formula whose `\frac{a}{b}` is `a/b`."""
    for _ in range(DEEPEST):
        if "frac" not in source:
            break
        source = FRACTION.sub(_slashed, source)
    return source


def _slashed(found: re.Match[str]) -> str:
    """`a/b`, in brackets what is more than a number or a name; parted from a number or a letter beside it."""
    above, below = (_side(found[one] or found[other] or "") for one, other in ((2, 3), (4, 5)))
    return f"{f'{found[1]} ' if found[1] else ''}{above}/{below}{' ' if found[6] else ''}"


def _side(part: str) -> str:
    return part if re.fullmatch(r"[\w.]*", characters(part).strip()) and "frac" not in part else f"({part})"
