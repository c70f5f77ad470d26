"""Everything wrong with the library of a review, by itself and against what the review cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from synthesis.bibliography.library import read_folder
from synthesis.bibliography.lint import PlaceLike, check_cited, lint
from synthesis.errors import Problem


def check_library(
    root: Path, cited: Mapping[str, PlaceLike | Sequence[PlaceLike]], used: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """Everything wrong with `bibliography/*.bib`, sorted by place.

    Parameters
    ----------
    root : Path
        The review folder.
    cited : mapping
        Keys that must have an entry, each with the place, or places, that cite it: SY450 where one has none.
    used : iterable of str, optional
        Further keys that make an entry used; whether they have one is reported elsewhere (as `check_graph` does for
        citations.csv). An entry neither cited nor used is SY451, a note.

    Returns
    -------
    tuple of Problem
        What the rules of `lint` find, SY400 to SY443, and SY450 and SY451.
    """
    libraries = read_folder(root)
    known = {entry.key for library in libraries for entry in library.entries}
    also: dict[str, PlaceLike | Sequence[PlaceLike]] = {key: () for key in used if key in known}
    return tuple(sorted([*lint(libraries), *check_cited(libraries, {**also, **cited})]))
