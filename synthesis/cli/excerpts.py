"""The lines of files that problems speak of."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from synthesis import files
from synthesis.bibliography.blocks import Lines
from synthesis.bibliography.snippet import snippet
from synthesis.errors import Problem, SynthesisError

LIMIT = 50 * files.MEGABYTE
MARGIN = "    | "


class Excerpts:
    """The files of a review, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read_once = lru_cache(maxsize=8)(self._read)

    def of(self, problem: Problem) -> str:
        """The line of a problem with a mark under the place, both indented; nothing where there is no such line."""
        text, lines = self._read_once(problem.path)
        shown = snippet(text, problem, lines) if text else ""
        return "\n".join(MARGIN + line for line in shown.splitlines())

    def _read(self, path: str) -> tuple[str, Lines]:
        """The text of a file of the review; nothing of one that cannot be read, or lies outside."""
        try:
            data = files.read_limited(files.inside(self.root, self.root / path), LIMIT)
        except SynthesisError:
            return "", Lines.of("")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        return text, Lines.of(text)
