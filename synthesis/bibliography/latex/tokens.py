"""A text as LaTeX's tokens: words of text, commands, braces, and stretches that are kept to the letter."""

from __future__ import annotations

import re
from functools import cached_property

from synthesis.bibliography.latex.tables import VERBATIM

LONGEST = 500_000  # characters; what is longer is no title, and stays as it is
COMMAND = r"|(?P<breaks>(?:\\\\)++)|\\(?P<word>[A-Za-z]++)[ \t\r\n]*+|\\(?P<symbol>[^A-Za-z])"
PIECE = re.compile(r"(?P<text>[^\\{}$~]++)" + COMMAND + r"|(?P<mark>[{}$~\\])", re.DOTALL)
DECODED = re.compile(r"(?P<text>[^\\{}$]++)" + COMMAND + r"|(?P<mark>[{}$\\])", re.DOTALL)
"""The pieces of decoded text, where ~ is a tilde and no tie."""
DOLLARS = re.compile(r"(\$\$?)((?:[^$\\]++|\\.)*+)\1", re.DOTALL)
ROUND = re.compile(r"\\\(((?:[^\\]++|\\[^()])*+)\\\)", re.DOTALL)
SQUARE = re.compile(r"\\\[((?:[^\\]++|\\[^\[\]])*+)\\\]", re.DOTALL)
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
OPTION = re.compile(r"\*?(?:\[[^\[\]{}\\]*+\])?[ \t]*+")
VERB = re.compile(r"\\verb\*?([|+!/@:;])")
LONGEST_VERB = 1000  # characters between the delimiters of \verb


class Source:
    """A text, and where the stretches of it end that are kept to the letter."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def partners(self) -> dict[int, int]:
        """The offset of the closing brace of each opening one; escaped braces are no braces to TeX."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for brace in BRACE.finditer(self.text):
            if brace[0] == "{":
                opened.append(brace.start())
            elif brace[0] == "}" and opened:
                found[opened.pop()] = brace.start()
        return found

    def kept_until(self, piece: re.Match[str]) -> int:
        """The offset after the formula or the verbatim text that begins with a piece; 0 where none does."""
        word = piece["word"]
        if word is not None:
            return self._after_argument(piece) if word in VERBATIM else self._after_verb(piece)
        formula = _formula(self.text, piece)
        return formula.end() if formula else 0

    def _after_argument(self, piece: re.Match[str]) -> int:
        option = OPTION.match(self.text, piece.end())
        assert option is not None
        closing = self.partners.get(option.end())
        return 0 if closing is None else closing + 1

    def _after_verb(self, piece: re.Match[str]) -> int:
        verb = VERB.match(self.text, piece.start()) if piece["word"] == "verb" else None
        if verb is None:
            return 0
        return self.text.find(verb[1], verb.end(), verb.end() + LONGEST_VERB) + 1


def _formula(text: str, piece: re.Match[str]) -> re.Match[str] | None:
    """The formula that begins with a piece; braces balance in one, so that a lone dollar sign begins none."""
    pattern = {"$": DOLLARS, "\\(": ROUND, "\\[": SQUARE}.get(piece[0])
    found = pattern.match(text, piece.start()) if pattern else None
    return found if found and _balanced(found[0]) else None


def _balanced(text: str) -> bool:
    if "{" not in text and "}" not in text:
        return True
    depth = 0
    for brace in BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth < 0:
            return False
    return depth == 0
