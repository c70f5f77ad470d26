"""LaTeX as stretches of text, each in one style: what a reader sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from synthesis.bibliography.latex.decoding import decode
from synthesis.bibliography.latex.formulas import ends_raised, in_line, raised
from synthesis.bibliography.latex.tables import ACCENTS
from synthesis.bibliography.latex.tokens import DECODED, LONGEST, OPTION, Source

STYLES = {
    "textit": "italic", "emph": "italic", "textsl": "italic", "mkbibemph": "italic", "mkbibitalic": "italic",
    "textbf": "bold", "mkbibbold": "bold", "textsuperscript": "superscript", "mkbibsuperscript": "superscript",
    "textsubscript": "subscript", "mkbibsubscript": "subscript", "textsc": "smallcaps",
}  # fmt: skip
SWITCHES = {
    "em": "italic", "it": "italic", "itshape": "italic", "sl": "italic", "slshape": "italic", "bf": "bold",
    "bfseries": "bold", "sc": "smallcaps", "scshape": "smallcaps",
}  # fmt: skip
UPRIGHT = frozenset({"textrm", "textup", "textnormal", "rm", "rmfamily", "upshape", "normalfont"})
HIDDEN = frozenset(
    {"noopsort", "singleletter", "switchargs", "label", "textcolor", "foreignlanguage", "selectlanguage"}
)
"""Commands whose first argument is not printed."""
WORDS = {
    "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}",
    "textdollar": "$", "textquotesingle": "'", "textasciigrave": "`", "textquotedbl": '"', "slash": "/", "TeX": "TeX",
    "LaTeX": "LaTeX", "BibTeX": "BibTeX", "hyphen": "-", "space": " ", "quad": " ", "qquad": " ", "newline": " ",
    "linebreak": " ", "par": " ",
}  # fmt: skip
SYMBOLS = {" ": " ", "\\": " ", "{": "{", "}": "}", "$": "$", ";": " ", ":": " ", "\n": " ", "\t": " "}
QUOTING = frozenset({"enquote", "mkbibquote"})
LIGATURES = {
    "---": "\u2014",
    "--": "\u2013",
    "``": "\u201c",
    "''": "\u201d",
    "`": "\u2018",
    "?`": "\u00bf",
    "!`": "\u00a1",
}
LIGATURE = re.compile(r"---|--|``|''|\?`|!`|`")
STRUCTURE = re.compile(r"[\\{}$`]|--|''")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style.

    Of a formula (`math` among the styles) `text` is its source between the delimiters; `shown` makes characters of it.
    """

    text: str
    style: frozenset[str] = frozenset()  # italic bold superscript subscript smallcaps protected math

    @property
    def shown(self) -> str:
        """The text as a reader sees it."""
        return self.after("")

    def after(self, before: str) -> str:
        """The text as a reader sees it in one line behind other text: `10` and a raised `3` are 10³ and not 103."""
        if "math" in self.style:
            return in_line(self.text, before)
        return raised(self.text, before) if "superscript" in self.style else self.text

    @property
    def ends_raised(self) -> bool:
        """Whether its last character is raised: what follows is raised over no number then."""
        return ends_raised(self.text) if "math" in self.style else "superscript" in self.style


def plain(text: str) -> str:
    r"""What a reader sees of LaTeX as it stands in the file: Unicode without braces and markup.

    Examples
    --------
    >>> plain(r"The {DNA} of \emph{M{\"u}ller} --- $n \leq 5$")
    'The DNA of Müller — n ≤ 5'
    """
    decoded = decode(text)
    return shown(_Spans(decoded).spans()) if _structured(decoded) else decoded


def shown(spans: Iterable[Span]) -> str:
    """The spans as a reader sees them in one line of text."""
    return "".join(text for text, _ in in_context(spans))


def in_context(spans: Iterable[Span]) -> Iterator[tuple[str, Span]]:
    """The spans, each with what a reader sees of it behind those before it."""
    before = ""
    for span in spans:
        text = span.after(before)
        yield text, span
        before = "" if span.ends_raised else text or before


def spans(text: str) -> tuple[Span, ...]:
    r"""LaTeX as it stands in the file, as stretches of text in one style each; an empty text has none.

    `protected` is what BibTeX leaves in its case: text in braces, unless the group begins with a backslash.
    """
    decoded = decode(text)
    if not decoded:
        return ()
    return _Spans(decoded).spans() if _structured(decoded) else (Span(decoded),)


def _structured(text: str) -> bool:
    return len(text) <= LONGEST and STRUCTURE.search(text) is not None


@cache
def _with(style: frozenset[str], *more: str) -> frozenset[str]:
    return style.union(more)


def _inner(formula: str) -> str:
    """A formula without its delimiters."""
    if formula.startswith("\\ensuremath"):
        return formula[formula.index("{") + 1 : -1]
    width = 1 if formula[0] == "$" and not formula.startswith("$$") else 2
    return formula[width:-width]


@dataclass(slots=True)
class _Group:
    style: frozenset[str]  # outside it
    hidden: bool  # outside it
    argument: str  # the command that it is an argument of, or nothing
    closing: str = ""  # printed after it


class _Spans:
    def __init__(self, text: str) -> None:
        self.text, self.source = text, Source(text)
        self.out: list[tuple[str, frozenset[str]]] = []
        self.groups: list[_Group] = []
        self.style: frozenset[str] = frozenset()
        self.hidden = False
        self.command = ""  # whose argument may follow
        self.marks = ""  # of accents over something that is more than a letter
        self.special = False  # within a group that begins with a backslash at brace depth 0

    def spans(self) -> tuple[Span, ...]:
        position, end = 0, len(self.text)
        while position < end:
            piece = DECODED.match(self.text, position)
            assert piece is not None
            position = self._piece(piece)
        joined = groupby(self.out, key=lambda piece: piece[1])
        return tuple(Span("".join(text for text, _ in pieces), style) for style, pieces in joined)

    def _piece(self, piece: re.Match[str]) -> int:
        if piece.lastgroup == "text":
            return self._text(piece)
        if piece[0] == "{":
            self._open(piece)
        elif piece[0] == "}":
            self._close()
        elif end := self.source.kept_until(piece):
            self._kept(piece, self.text[piece.start() : end])
            return end
        elif piece.lastgroup == "word":
            self._word(piece["word"])
        elif piece.lastgroup == "breaks":
            self.command = ""
            self._print(" ")
        elif piece.lastgroup == "symbol":
            self._symbol(piece["symbol"])
        else:
            self.command = ""
            self._print(piece[0])
        return piece.end()

    def _symbol(self, symbol: str) -> None:
        self.command = ""
        self.marks = ACCENTS.get(symbol, "") + self.marks
        self._print(SYMBOLS.get(symbol, ""))

    def _text(self, piece: re.Match[str]) -> int:
        start = piece.start()
        if self.command:
            option = OPTION.match(self.text, start)
            start = option.end() if option and "[" in option[0] else start
        text = self.text[start : piece.end()]
        self.command = self.command if not text else ""
        self._print(LIGATURE.sub(lambda found: LIGATURES[found[0]], text))
        return max(start, piece.end())

    def _word(self, word: str) -> None:
        self.command = ""
        if word in SWITCHES:
            self.style = self.style ^ {"italic"} if word == "em" else _with(self.style, SWITCHES[word])
        elif word in UPRIGHT and not word.startswith("text"):
            self.style -= {"italic", "bold", "smallcaps"}
        elif word in WORDS:
            self._print(WORDS[word])
        elif word in ACCENTS:
            self.marks = ACCENTS[word] + self.marks
        else:
            self.command = word

    def _open(self, piece: re.Match[str]) -> None:
        word, self.command = self.command, ""
        group = _Group(self.style, self.hidden, word, "\u201d" if word in QUOTING else "")
        self.groups.append(group)
        if word in STYLES:
            self.style = self.style ^ {STYLES[word]} if word == "emph" else _with(self.style, STYLES[word])
        elif word in UPRIGHT:
            self.style -= {"italic", "bold", "smallcaps"}
        elif word in QUOTING:
            self._print("\u201c")
        self.hidden = self.hidden or word in HIDDEN
        if len(self.groups) == 1 and not word and self.text.startswith("\\", piece.end()):
            self.special = True
        elif not self.special:
            self.style = _with(self.style, "protected")

    def _close(self) -> None:
        self.command = ""
        if not self.groups:
            return
        group = self.groups.pop()
        self._print(group.closing)
        self.style, self.hidden = group.style, group.hidden
        if not self.groups:
            self.special = False
        self.command = f"{group.argument}, more" if group.argument else ""

    def _kept(self, piece: re.Match[str], text: str) -> None:
        self.command = ""
        word = piece["word"]
        if word is None or word == "ensuremath":
            if not self.hidden:
                self.out.append((_inner(text), _with(self.style, "math")))
        elif word == "verb":
            self._print(text[text.index(text[-1]) + 1 : -1])
        elif word in ("url", "path", "nolinkurl", "doi"):
            self._print(text[text.index("{") + 1 : -1])
        else:
            self.command = f"{word}, more"

    def _print(self, text: str) -> None:
        if text and not self.hidden:
            marked = unicodedata.normalize("NFC", text[0] + self.marks) if self.marks else text[0]
            self.marks = ""
            self.out.append((marked + text[1:], self.style))
