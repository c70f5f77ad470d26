"""What the YAML parser says, in words for people: where the mistake is, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
from yaml.reader import ReaderError

from synthesis.errors import Problem

OPENED = ("end of stream", "document indicator", "expected ':'")  # the mistake is where this began, not where it ended
REMEDIES: Mapping[str, str] = {  # the first whose words the parser says
    "',' or": "part the entries with commas, and close every bracket and brace",
    "mapping values are not allowed": "put text that holds a colon and a space in quotes, and check the indentation",
    "scanning a quoted scalar": "close the quotation mark",
    "cannot start any token": "put the text in quotes",
    "node content": "close every bracket and brace, or write the value",
    "expected key": "line this up with the fields above; nothing may follow text in quotes",
    "block end": "line this up with the fields above; nothing may follow text in quotes",
    "'-' indicator": "line this up with the fields above",
    "expected ':'": "write `field: value`, or indent what belongs to the line above",
}
OTHERWISE = "correct the line: `field: value`, two spaces for each step in, quotes around odd text"


class TooDeepError(yaml.MarkedYAMLError):
    """Lists and mappings nested beyond the limit."""


def not_yaml(error: yaml.YAMLError, text: str, path: str, deepest: int) -> Problem:
    """The problem that an error of the parser stands for; `deepest` is the limit of nesting."""
    if isinstance(error, ReaderError):
        before = text.encode()[: error.position].decode(errors="ignore")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Problem(path, line, column, "SY101", "a control character", "remove it")
    said = str(getattr(error, "problem", None) or "cannot be read")
    line, column = _place(error, said, text)
    if isinstance(error, TooDeepError) or "nesting depth" in said:
        return Problem(path, line, column, "SY102", f"more than {deepest} levels", "nest less")
    if "another document" in said:
        return Problem(path, line, column, "SY102", "a second document", "one file, one study: remove `---`")
    heard = f"{said} {getattr(error, 'context', None) or ''}"
    remedy = next((remedy for words, remedy in REMEDIES.items() if words in heard), OTHERWISE)
    return Problem(path, line, column, "SY101", f"not YAML: {said}", remedy)


def _place(error: yaml.YAMLError, said: str, text: str) -> tuple[int, int]:
    """Where the parser stopped; where a quotation mark or bracket was opened, if that was never closed."""
    stopped, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if stopped is None:
        return 1, 1
    lines = text.rstrip().split("\n")
    mark = stopped
    if began is not None:
        unclosed = "',' or" in said and stopped.line > began.line and _left(lines, stopped) <= _left(lines, began)
        mark = began if unclosed or any(words in said for words in OPENED) else stopped
    return min(mark.line, len(lines) - 1) + 1, mark.column + 1


def _left(lines: list[str], mark: yaml.Mark) -> int:
    """The indentation of the line of a mark; less than any for the end of the text."""
    return len(lines[mark.line]) - len(lines[mark.line].lstrip(" ")) if mark.line < len(lines) else -1
