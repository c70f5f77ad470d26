"""LaTeX to Unicode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.bibliography.latex.tables import ACCENTS, COMMANDS, ESCAPES, MATH, SPACING
from synthesis.bibliography.latex.tokens import LONGEST, PIECE, Source

ANYTHING = re.compile(r"[\\~]")
LONGEST_BASE = 64  # characters under one accent; more stays as written
ENSURED = re.compile(r"\\ensuremath\s*\{(.*)\}\Z", re.DOTALL)
OPTIONAL = re.compile(r"\s*(?:\[[^\[\]]*\]\s*)+\Z")
DOTTED = {"\u0131": "i", "\u0237": "j"}  # marks above are written over the dotless letters


def decode(text: str) -> str:
    r"""LaTeX with accents and escapes as Unicode; braces, markup, mathematics and unknown commands as written.

    Dashes and quotes made of several characters (`--`, ```` `` ````, `''`) stay as written too; `plain` shows them.
    `{\'e}` is `é` without braces: to BibTeX such a group is one letter and protects nothing.

    Examples
    --------
    >>> decode(r"{DNA} of \textit{M{\"u}ller} \& Fran\c cois, {\'E}tude")
    '{DNA} of \\textit{Müller} & François, Étude'
    """
    return _Decoder(text).decoded() if len(text) <= LONGEST and ANYTHING.search(text) else text


@dataclass(slots=True)
class _Frame:
    """An open brace."""

    index: int  # of the brace among the pieces given out
    marks: tuple[str, ...] | None = None  # of the accents over the group
    argument: bool = False  # of a command that is kept
    special: bool = False  # it begins with a backslash
    kept: int = 0  # pieces inside that are not plain characters


class _Decoder:
    def __init__(self, text: str) -> None:
        self.text, self.source = text, Source(text)
        self.out: list[str] = []
        self.frames: list[_Frame] = []
        self.marks: list[str] = []  # accents that wait for their letter
        self.waiting = 0  # where the first of them begins
        self.takes_argument = False  # whether a brace here opens an argument of a command that is kept

    def decoded(self) -> str:
        position, end = 0, len(self.text)
        while position < end:
            piece = PIECE.match(self.text, position)
            assert piece is not None
            position = self._piece(piece)
        self._give_up(end)
        return "".join(self.out)

    def _piece(self, piece: re.Match[str]) -> int:
        """Give out one piece; the offset of the next one."""
        kind = piece.lastgroup
        if kind == "text":
            self._text(piece)
        elif kind == "breaks":
            return self._kept(piece)
        elif kind == "word":
            return self._command(piece, piece["word"], COMMANDS)
        elif kind == "symbol":
            return self._command(piece, piece["symbol"], ESCAPES)
        elif piece[0] == "{":
            self._open(piece)
        elif piece[0] == "}":
            self._give_up(piece.start())
            self._close()
        elif piece[0] == "~":
            self._give_up(piece.start())
            self._characters("\u00a0")
        else:
            return self._kept(piece)
        return piece.end()

    def _text(self, piece: re.Match[str]) -> None:
        text = piece[0]
        if self.marks:
            text = text.lstrip(" \t\r\n")
            if text[:1].isspace():
                self._give_up(piece.start())
            elif text:
                self._accented(text[0])
                text = text[1:]
        if text:
            option = self.takes_argument and OPTIONAL.match(text) is not None
            self._characters(text)
            self.takes_argument = option

    def _command(self, piece: re.Match[str], name: str, characters: Mapping[str, str]) -> int:
        if name in ACCENTS:
            if not self.marks:
                self.waiting = piece.start()
            self.marks.append(ACCENTS[name])
            return piece.end()
        char = characters.get(name)
        if char is None:
            return self._kept(piece)
        if self.marks and not char.isspace():
            self._accented(char)
        else:
            self._give_up(piece.start())
            self._characters(char)
        empty = piece["word"] is not None and self.text.startswith("{}", piece.end())
        return piece.end() + 2 * empty

    def _kept(self, piece: re.Match[str]) -> int:
        """Give out a command, a formula or verbatim text as written."""
        self._give_up(piece.start())
        end = self.source.kept_until(piece)
        ensured = ENSURED.match(self.text[piece.start() : end]) if piece["word"] == "ensuremath" and end else None
        if ensured and ensured[1].strip() in MATH:
            self._characters(MATH[ensured[1].strip()])
            return end
        end = end or piece.end()
        self._structure(self.text[piece.start() : end])
        self.takes_argument = piece["word"] is not None
        return end

    def _open(self, piece: re.Match[str]) -> None:
        marks, start = tuple(self.marks), self.waiting if self.marks else piece.start()
        self.marks.clear()
        special = self.text.startswith("\\", piece.end())
        frame = _Frame(len(self.out), marks or None, self.takes_argument and not marks, special)
        self.out.append(self.text[start : piece.end()])
        self.frames.append(frame)
        self.takes_argument = False

    def _close(self) -> None:
        if not self.frames:
            self._structure("}")
            return
        frame = self.frames.pop()
        if frame.marks:
            self._close_accent(frame, frame.marks)
        elif frame.special and not frame.argument and not frame.kept:
            self.out[frame.index] = ""
        else:
            if frame.special and not frame.argument and not self.frames and self._begins_bare(frame):
                self.out[frame.index] = "{\\relax "
            self._structure("}")
            self.takes_argument = frame.argument

    def _begins_bare(self, frame: _Frame) -> bool:
        """Whether a group lost the command at its beginning, so that its braces would now protect it."""
        return not self.out[frame.index + 1].startswith("\\")

    def _close_accent(self, frame: _Frame, marks: tuple[str, ...]) -> None:
        inside = self.out[frame.index + 1 :] if frame.kept <= 1 and len(self.out) - frame.index < LONGEST_BASE else []
        loose = bool(inside) and frame.kept == 1 and inside[-1].strip() == "\\relax"
        base = "".join(inside[:-1] if loose else inside)
        if (frame.kept and not loose) or len(base) > LONGEST_BASE or base[:1].isspace():
            self._structure("}")
            return
        del self.out[frame.index :]
        self._characters(base + "".join(reversed(marks)) if loose else _under(base, marks))

    def _accented(self, char: str) -> None:
        marks = tuple(self.marks)
        self.marks.clear()
        self._characters(_under(char, marks))

    def _give_up(self, end: int) -> None:
        """Give out as written the accents that found no letter."""
        if self.marks:
            self.marks.clear()
            self._structure(self.text[self.waiting : end])

    def _characters(self, text: str) -> None:
        self.out.append(text)
        self.takes_argument = False

    def _structure(self, text: str) -> None:
        self.out.append(text)
        self.takes_argument = False
        if self.frames:
            self.frames[-1].kept += 1


def _under(base: str, marks: tuple[str, ...]) -> str:
    """The first letter of a text with marks, the innermost last; without a letter the marks themselves."""
    for mark in reversed(marks):
        base = _composed(base, mark)
    return base


def _composed(base: str, mark: str) -> str:
    if not base:
        return SPACING.get(mark, mark)
    above = unicodedata.combining(mark) == unicodedata.combining("\u0301")
    letter = DOTTED.get(base[0], base[0]) if above else base[0]
    end = 1
    while end < len(base) and unicodedata.combining(base[end]):
        end += 1
    return unicodedata.normalize("NFC", letter + base[1:end] + mark) + base[end:]
