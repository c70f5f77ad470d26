"""What a changed record changes, as text and as plain values."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.crosscheck.snapshot import Supposed
from synthesis.rendering.beside import compared_json, compared_lines
from synthesis.text import one_line


def supposed_text(supposed: Supposed) -> str:
    """Every cell that changes, before and after; then the problems of the changed record."""
    return "".join(f"{one_line(line)}\n" for line in _lines(supposed))


def _lines(supposed: Supposed) -> Iterator[str]:
    yield f"if {supposed.target} had {', '.join(f'{path} = {value}' for path, value in supposed.changes)}"
    if supposed.after is None:
        yield "the record could not be used: nothing is computed"
    else:
        yield from compared_lines(supposed.before, supposed.after)
    if supposed.problems:
        yield "synth check would say"
        yield from (f"    {line}" for problem in supposed.problems for line in str(problem).splitlines())


def supposed_json(supposed: Supposed) -> dict[str, object]:
    """The same as plain values."""
    nothing: dict[str, object] = {"cells": [], "matrix": [], "rules": []}
    after = supposed.after
    return {
        "target": supposed.target,
        "changes": dict(supposed.changes),
        "usable": after is not None,
        **(nothing if after is None else compared_json(supposed.before, after)),
        "problems": [str(problem) for problem in supposed.problems],
    }
