"""One value as YAML text: in the style that stands there, where that style can hold it, and safely quoted otherwise.

A text is written without quotes only where every reader of YAML 1.1 and 1.2 takes it for text (YAML 1.2.2, section
10.3.2, the core schema; YAML 1.1, the type repository); a record's own reader needs no such care (`nodes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from yaml.resolver import Resolver

from synthesis.errors import InvalidArgument
from synthesis.records.nodes import PureLoader, ScalarNode, compose

NOT_TEXT_12 = re.compile(  # what YAML 1.2 reads as null, truth or number
    r"~?|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
SHORT_TRUTHS = ("y", "n")  # of YAML 1.1 beside yes and no
REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")  # no text of a record
ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P"}
LINE_END = re.compile("[\n\x85\u2028\u2029]")  # what YAML takes for one
BLOCK = "|>"  # the styles of text on lines of its own
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Bare:
    """A number, a truth or a word that is written without quotes, sign for sign."""

    text: str


Scalar = str | Bare


def written(value: Scalar, like: str | None = None, old: str = "", *, flow: bool = True) -> str:
    """A value as it can stand in a record.

    Parameters
    ----------
    value : str or Bare
        Text, or a number or word that stays without quotes.
    like : str, optional
        The style to keep where it can hold the text: a quotation mark, or nothing for text without quotes.
    old : str, optional
        The text without quotes that stood there: where it is a word such as `yes`, `no` may follow it as it is.
    flow : bool, optional
        Whether it stands between brackets or braces.

    Raises
    ------
    InvalidArgument
        It holds a control character, or it cannot be written without quotes though it must be.
    """
    text = value.text if isinstance(value, Bare) else value
    if REFUSED.search(text):
        raise InvalidArgument(f"{_shown(text)} holds a control character: remove it")
    for candidate in (text,) if isinstance(value, Bare) else _candidates(text, like, old):
        if _reads_as(candidate, value, flow=flow):
            return candidate
    raise InvalidArgument(f"{_shown(text)} cannot be written without quotes: give one number, one truth or plain words")


def in_block(value: str, header: str, indent: int, line_end: str) -> str | None:
    """A text on lines of its own under `|` or `>`; None where that form cannot hold it.

    Parameters
    ----------
    value : str
        The text.
    header : str
        The sign with what follows it on its line: `|`, `>-`, `|  # why`.
    indent : int
        Of the lines.
    line_end : str
        Between them.
    """
    lines = value.rstrip("\n").split("\n")
    if not value.strip() or lines[0].startswith(" ") or REFUSED.search(value):
        return None
    if header.startswith(">"):  # one line end more, for those that folding takes away
        lines = re.sub(r"\n+", lambda ends: ends[0] + "\n", "\n".join(lines)).split("\n")
    made = line_end.join([header, *(f"{' ' * indent}{line}" if line else "" for line in lines)])
    node, problems = compose(f"a:\n{' ' * (indent - 1)}b: {made}\n", "") if indent > 1 else compose(f"a: {made}\n", "")
    found = None if node is None or problems else node.value[0][1]
    if found is not None and not isinstance(found, ScalarNode):
        found = found.value[0][1]
    same = found is not None and found.style == header[0] and found.value.rstrip("\n") == value.rstrip("\n")
    return made if same else None


def _candidates(text: str, like: str | None, old: str) -> Iterator[str]:
    """The ways to write a text, the preferred one first."""
    several = bool(LINE_END.search(text))
    if like == "'" and not several:
        yield _single(text)
    if like in ("", None, *BLOCK) and not several and _is_plain(text, old):
        yield text
    if like != '"' and not several and ("\\" in text or '"' in text) and "'" not in text:
        yield _single(text)
    yield '"' + "".join(ESCAPED.get(char, _escape(char)) for char in text) + '"'


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escape(char: str) -> str:
    """A character in double quotes; those that no eye sees by their number."""
    hidden = char in "\ufeff\u200b\u200e\u200f\u2060" or "\u202a" <= char <= "\u202e"
    return f"\\u{ord(char):04X}" if hidden else char


def _is_plain(text: str, old: str) -> bool:
    """Whether text may stand without quotes and be text to everybody."""
    if text != text.strip() or text != "".join(_escape(char) for char in text) or NOT_TEXT_12.fullmatch(text):
        return False
    return not _is_odd(text) or (bool(old) and _is_odd(old) and not NOT_TEXT_12.fullmatch(old))


@cache
def _is_odd(text: str) -> bool:
    """Whether YAML 1.1 reads a text without quotes as something else: yes, 1:30, 2001-01-01."""
    resolver: Any = Resolver()  # the stubs give its method no types
    tag = resolver.resolve(yaml.ScalarNode, text, (True, False)) if text else "null"
    return tag != "tag:yaml.org,2002:str" or text.lower() in SHORT_TRUTHS


def _reads_as(candidate: str, value: Scalar, *, flow: bool) -> bool:
    """Whether a text in YAML is exactly this value, as a key and as a value."""
    text = f"[{candidate}]" if flow else f"a: {candidate}"
    if not candidate.isalnum() and compose(text, "", PureLoader)[0] is None:  # it takes less between brackets: `a?`
        return False
    node, problems = compose(text, "")
    if node is None or problems or len(node.value) != 1:
        return False
    found = node.value[0] if flow else node.value[0][1]
    if not isinstance(found, ScalarNode):
        return False
    if isinstance(value, Bare):
        return not found.style and bool(found.value == value.text)
    return bool(found.value == value)


def _shown(text: str) -> str:
    short = repr(text)
    return short if len(short) <= SHOWN else f"{short[: SHOWN - 3]}...'"
