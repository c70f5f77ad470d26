r"""Plain and styled text as LaTeX, and back.

Values here are decoded LaTeX (see `latex.decode`), in which `~` is a tilde: the tie of a file is a no-break space.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from synthesis.bibliography import latex
from synthesis.bibliography.formats.values import VERBATIM, without_controls
from synthesis.bibliography.latex import Span

MARKUP = re.compile(r"[\\{}$~`]|--|''")
SHOWN_OTHERWISE = re.compile(r"[?!]?`|'(?=')|-(?=-)")
ASKS_TO_BE_ESCAPED = re.compile(r"[&%#_^~<>|]|[^\S \t\r\n]")
LETTERS = re.compile(r"[^\x00-\x7f\s]")
TILDE = r"{\textasciitilde}"
INDEX = re.compile(r"\{?\}?([_^])(?:\{?(?:\\(?:mathrm|rm|text|textrm)\s*)?\{?([\w.,+-]+)\}{0,2}|([\w+-]))")  # of H$_2$O
PRIVATE = 0xE000
COMMANDS = {
    "italic": r"\textit{",
    "bold": r"\textbf{",
    "superscript": r"\textsuperscript{",
    "subscript": r"\textsubscript{",
    "smallcaps": r"\textsc{",
    "protected": "{",
}
Run = tuple[str, frozenset[str]]  # text and its styles


def literal(text: str) -> str:
    """Plain text as decoded LaTeX that shows just this text, ligatures included."""
    if not MARKUP.search(text):
        return text
    return SHOWN_OTHERWISE.sub(_apart, latex.literal(text))


def _apart(found: re.Match[str]) -> str:
    text = found[0]
    if text[-1] == "`":
        return text[:-1] + r"{\textasciigrave}"
    return text + "{}"


def plain_text(text: str) -> str:
    """What a reader sees of a decoded value, on one line and without control characters: nothing breaks out of it."""
    shown = latex.plain(text.replace("~", TILDE)) if MARKUP.search(text) else text
    return shown if shown.isprintable() and shown == shown.strip() and "  " not in shown else without_controls(shown)[0]


def shown(name: str, value: str) -> str:
    """What a reader sees of the value of a field; identifiers and addresses are no LaTeX."""
    return without_controls(value)[0] if name in VERBATIM else plain_text(value)


def runs_of(text: str, styles: Collection[str]) -> list[Run]:
    """What a reader sees of a decoded value, in runs of one style; only these styles count.

    A formula that is one index or power, as in H$_2$O, has that style; other formulas are shown as text.
    """
    spans = map(_without_formula, latex.spans(text.replace("~", TILDE)))
    runs = ((span.shown, span.style & frozenset(styles)) for span in spans)
    return list(_joined(runs))


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs with neighbours in one style put together."""
    for styles, group in groupby(runs, key=lambda run: run[1]):
        yield "".join(text for text, _ in group), styles


def _without_formula(span: Span) -> Span:
    found = INDEX.fullmatch(span.text) if "math" in span.style else None
    if found is None:
        return span
    style = "subscript" if found[1] == "_" else "superscript"
    return Span(found[2] or found[3], span.style - {"math"} | {style})


def styled(runs: Iterable[Run]) -> str:
    """Runs of text with styles as decoded LaTeX; neighbours in one style are one run."""
    return _styled(_joined(runs))


def _styled(runs: Iterable[Run]) -> str:
    pieces = []
    for text, styles in runs:
        names = [name for name in COMMANDS if name in styles]
        if len(names) > 1 and names[-1] == "protected":
            names.pop()  # the braces of a command protect as well
        pieces.append("".join(COMMANDS[name] for name in names) + literal(text) + "}" * len(names))
    return "".join(pieces)


def escaped(text: str) -> str:
    """A decoded value as it stands in a file of UTF-8: letters stay, what LaTeX would take for markup is escaped."""
    if not ASKS_TO_BE_ESCAPED.search(text):
        return text
    letters = sorted(set(LETTERS.findall(text)))
    veiled = {ord(letter): PRIVATE + number for number, letter in enumerate(letters)}
    shown = {private: letter for letter, private in veiled.items()}
    return latex.encode(text.translate(veiled)).translate(shown)
