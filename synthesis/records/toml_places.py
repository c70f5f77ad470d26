"""Where the keys of a TOML text stand; `tomllib` gives values without their lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]  # keys, and the number of a table within [[an array]]

TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}'  # strings of several lines
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
    r"|\#[^\n]*|[\[\]{}\n=.]|[A-Za-z0-9_-]+|[ \t\r]+|.",
    re.DOTALL,
)


def toml_places(text: str) -> Mapping[Path, tuple[int, int]]:
    """Line and column, each from 1, of every table header and every key that begins a line.

    Keys inside an inline table or an array are not listed: they stand where their key does. The text is
    one that `tomllib` has read without an error.
    """
    places: dict[Path, tuple[int, int]] = {(): (1, 1)}
    numbers: dict[Path, int] = {}  # of the last table in each [[array]]
    table: Path = ()
    for line, column, tokens in _statements(text):
        if tokens[0] == "[":
            array = tokens[1] == "["
            keys = _keys(tokens[2:] if array else tokens[1:], "]")
            table = _table(keys, numbers, array=array)
            places.setdefault(table, (line, column))
        else:
            path = table
            for key in _keys(tokens, "="):
                path = (*path, key)
                places.setdefault(path, (line, column))
    return places


def nearest(places: Mapping[Path, tuple[int, int]], path: Path) -> tuple[int, int]:
    """The place of a path, or of the nearest one above it."""
    while path not in places:
        path = path[:-1]
    return places[path]


def _statements(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Line, column and tokens of every header and of every key with its value."""
    depth, line, column = 0, 1, 1
    statement: list[str] = []
    start = (1, 1)
    for piece in TOKEN.findall(text):
        if piece == "\n" and depth == 0:
            if statement:
                yield *start, statement
            statement = []
        elif piece.strip() and not piece.startswith("#"):
            if not statement:
                start = (line, column)
            statement.append(piece)
            depth += (piece in "[{") - (piece in "]}")
        breaks = piece.count("\n")
        line += breaks
        column = len(piece) - piece.rfind("\n") if breaks else column + len(piece)
    if statement:
        yield *start, statement


def _keys(tokens: list[str], end: str) -> list[str]:
    """The parts of a dotted key, up to the token that ends it."""
    return [_bare(piece) for piece in tokens[: tokens.index(end)] if piece != "."]


def _bare(piece: str) -> str:
    if piece[:1] in ('"', "'"):
        return str(tomllib.loads(f"key = {piece}")["key"])
    return piece


def _table(keys: list[str], numbers: dict[Path, int], *, array: bool) -> Path:
    """The path of a table header: every [[array]] on the way stands for its last table."""
    path: Path = ()
    for place, key in enumerate(keys):
        path = (*path, key)
        if array and place == len(keys) - 1:
            numbers[path] = numbers.get(path, -1) + 1
        if path in numbers:
            path = (*path, numbers[path])
    return path
