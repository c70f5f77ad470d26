"""The few tags of CSL's rich text, and LaTeX.

`<i>`, `<b>`, `<sup>`, `<sub>`, small capitals and `nocase`, the tags that citeproc-js takes in text fields.
A tag that is not closed is text.
"""

from __future__ import annotations

import re

from synthesis.bibliography.formats.markup import Run, literal, plain_text, runs_of, styled
from synthesis.bibliography.formats.values import BREAKS, CONTROL

OPENING = {
    "italic": "<i>",
    "bold": "<b>",
    "superscript": "<sup>",
    "subscript": "<sub>",
    "smallcaps": '<span style="font-variant:small-caps;">',
    "protected": '<span class="nocase">',
}
TAG = re.compile(
    r"<(?P<tag>i|b|sup|sub|sc)>|<span\s+(?P<span>class|style)\s*=\s*[\"'](?P<value>[^\"'<>]*)[\"']\s*>|"
    r"</(?P<end>i|b|sup|sub|sc|span)>"
)
STYLES = {"i": "italic", "b": "bold", "sup": "superscript", "sub": "subscript", "sc": "smallcaps"}
MOST_TAGS = 10_000  # signs < in one value; more are text
DEEPEST = 20  # tags inside one another that count
MARKED = re.compile(r"[\\{}$]")


def latex_of_csl(text: str) -> str:
    """Rich text of CSL as decoded LaTeX."""
    return styled(_runs(text)) if 0 < text.count("<") < MOST_TAGS else literal(text)


def csl_of_latex(text: str, *, title: bool = False) -> str:
    """Decoded LaTeX as rich text of CSL; formulas are shown as text, and only a title needs its case protected."""
    if not MARKED.search(text):
        return plain_text(text)
    styles = OPENING.keys() if title else OPENING.keys() - {"protected"}
    return "".join(_tagged(text, found) for text, found in runs_of(text, styles)).strip()


def _tagged(text: str, styles: frozenset[str]) -> str:
    names = [name for name in OPENING if name in styles]
    ends = ["</span>" if OPENING[name].startswith("<span") else OPENING[name].replace("<", "</") for name in names]
    shown = _piece(text)
    return "".join(OPENING[name] for name in names) + shown + "".join(reversed(ends))


def _piece(text: str) -> str:
    """A piece of text on one line; the blanks at its ends stay."""
    return BREAKS.sub(" ", CONTROL.sub("", text))


def _runs(text: str) -> list[Run]:
    """Text apart at its tags, each piece with the styles that are open; what is not closed is text."""
    pairs = _pairs(text)
    runs: list[Run] = []
    styles: list[str] = []
    position = 0
    for found in TAG.finditer(text):
        if found.start() not in pairs:
            continue
        runs.append((text[position : found.start()], frozenset(filter(None, styles))))
        position = found.end()
        if found["end"]:
            styles.pop()
        else:
            styles.append(_style(found))
    runs.append((text[position:], frozenset(filter(None, styles))))
    return [run for run in runs if run[0]]


def _pairs(text: str) -> set[int]:
    """The offsets of the tags that open and close one another."""
    opened: list[tuple[str, int]] = []
    pairs: set[int] = set()
    for found in TAG.finditer(text):
        name = found["end"] or found["tag"] or "span"
        if not found["end"]:
            opened = [*opened[-DEEPEST:], (name, found.start())]
        elif any(name == one for one, _ in opened):
            while opened[-1][0] != name:
                opened.pop()
            pairs |= {opened.pop()[1], found.start()}
    return pairs


def _style(found: re.Match[str]) -> str:
    """The style of an opening tag; nothing for a span that means nothing here."""
    if found["tag"]:
        return STYLES[found["tag"]]
    value = found["value"].replace(" ", "").lower()
    if found["span"] == "class":
        return "protected" if value == "nocase" else ""
    return "smallcaps" if "font-variant:small-caps" in value else ""
