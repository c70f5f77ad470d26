"""Unicode to LaTeX in ASCII."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from synthesis.bibliography.latex.decoding import OPTIONAL, decode
from synthesis.bibliography.latex.tables import ESCAPES, MARK_COMMANDS, MATH, SPACING, SYMBOLS
from synthesis.bibliography.latex.tokens import DECODED, LONGEST, OPTION, Source

ANYTHING = re.compile(r"[&%#_^~<>|]|[^\x00-\x7f]")
CLUSTER = re.compile(rf"[^\\{{}}$\s]?[{''.join(MARK_COMMANDS)}]{{1,8}}+|[&%#_^~<>|]|[^\x00-\x7f]")
ESCAPED = {char: f"\\{name}" for name, char in ESCAPES.items()} | {"\u00a0": "~"}
ENSURED = {char: f"\\ensuremath{{{name}}}" for name, char in MATH.items()}
SPACED = {char: f"\\{MARK_COMMANDS[mark]}{{}}" for mark, char in SPACING.items()}
WHOLE = {**SPACED, **ENSURED, **{char: f"\\{name}{{}}" for char, name in SYMBOLS.items()}, **ESCAPED}
LITERAL = {"\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "$": r"{\textdollar}"}
STRUCTURE = re.compile(r"[\\{}$]")


def encode(text: str) -> str:
    r"""Decoded text as LaTeX in ASCII, so that `decode(encode(text)) == text`.

    What LaTeX has no command for (Cyrillic, Chinese, ...) and what stands in formulas and addresses stays Unicode.

    Examples
    --------
    >>> encode("{DNA} of Müller & Łukasz, 50%")
    '{DNA} of M{\\"u}ller \\& {\\L}ukasz, 50\\%'
    """
    return _Encoder(text).encoded() if len(text) <= LONGEST and ANYTHING.search(text) else text


def literal(text: str) -> str:
    r"""Plain Unicode, from a file that knows no LaTeX, as decoded text: `plain(encode(literal(text))) == text`.

    Dashes and quotes made of several characters are the exception: what a person typed as `--` stays so, and is shown
    as the dash that was meant.

    Examples
    --------
    >>> literal("costs $5 {net}")
    'costs {\\textdollar}5 {\\textbraceleft}net{\\textbraceright}'
    """
    return STRUCTURE.sub(lambda found: LITERAL[found[0]], text)


class _Encoder:
    def __init__(self, text: str) -> None:
        self.text, self.source = text, Source(text)
        self.out: list[str] = []
        self.arguments: list[bool] = []  # of each open brace, whether it holds an argument
        self.takes_argument = self.opened = False

    def encoded(self) -> str:
        position, end = 0, len(self.text)
        while position < end:
            piece = DECODED.match(self.text, position)
            assert piece is not None
            position = self._piece(piece)
        return "".join(self.out)

    def _piece(self, piece: re.Match[str]) -> int:
        end = piece.end()
        if piece.lastgroup == "text":
            option = self.takes_argument and OPTIONAL.match(piece[0]) is not None
            self.out.append(self._run(piece[0]))
            self.takes_argument, self.opened = option, False
            return end
        opened = False
        if piece[0] == "{":
            opened = not self.takes_argument
            self.arguments.append(self.takes_argument)
            self.takes_argument = False
        elif piece[0] == "}":
            self.takes_argument = self.arguments.pop() if self.arguments else False
        else:
            end = self.source.kept_until(piece) or end
            self.takes_argument = piece["word"] is not None
        self.out.append(self.text[piece.start() : end])
        self.opened = opened
        return end

    def _run(self, text: str) -> str:
        if not ANYTHING.search(text):
            return text
        bare = self._bare_until(text)

        def command(found: re.Match[str]) -> str:
            if found.start() < bare:
                return _command(found[0])
            return _letter(found[0], found.start() == 0 and self.opened)

        return CLUSTER.sub(command, text)

    def _bare_until(self, text: str) -> int:
        """The offset before which a brace would be taken for the argument of the command before the text."""
        option = OPTION.match(text) if self.takes_argument else None
        return 0 if option is None else len(text) if "[" in text else option.end() + 1


@lru_cache(maxsize=4096)
def _letter(cluster: str, protect: bool) -> str:
    r"""A character as BibTeX's special character `{\...}`, or as an escape; in braces anyway to protect a group."""
    command = _command(cluster)
    if cluster in SYMBOLS:
        return f"{{\\{SYMBOLS[cluster]}}}"
    if command == cluster or (cluster in ESCAPED and not (protect and command.startswith("\\"))):
        return command
    return f"{{{command}}}"


@lru_cache(maxsize=4096)
def _command(cluster: str) -> str:
    """The commands that print a character with its marks; the character itself where there are none."""
    if cluster in WHOLE:
        return WHOLE[cluster]
    apart = unicodedata.normalize("NFD", cluster)
    composed = unicodedata.normalize("NFC", cluster) == cluster and not unicodedata.combining(cluster[0])
    base, marks = _base_and_marks(apart if composed else cluster)
    if not marks or not MARK_COMMANDS.keys() >= set(marks):
        return cluster
    made = _nested(base, marks) if composed else _loose(base, marks)
    return made if decode(made) == cluster else cluster


def _nested(base: str, marks: str) -> str:
    r"""Commands of marks around their base, the innermost first: `\'{\^e}`."""
    above = base in "ij" and unicodedata.combining(marks[0]) == unicodedata.combining("\u0301")
    made = f"\\{base}" if above else WHOLE.get(base, base)
    for mark in marks:
        name = MARK_COMMANDS[mark]
        bare = made.isascii() and made.isalpha() and not name.isalpha()
        made = f"\\{name}{made}" if bare else f"\\{name}{{{made}}}"
    return made


def _loose(base: str, marks: str) -> str:
    r"""Commands of marks that do not compose with their base, though Unicode has the composed letter: `\'{e\relax}`."""
    made = _command(base) if base else ""
    for mark in marks:
        made = f"\\{MARK_COMMANDS[mark]}{{{made}\\relax}}"
    return made


def _base_and_marks(cluster: str) -> tuple[str, str]:
    return ("", cluster) if unicodedata.combining(cluster[0]) else (cluster[0], cluster[1:])
