"""Everything wrong with the library of a review, by itself and against what the review cites."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis.bibliography.library import FOLDER, read_folder
from synthesis.bibliography.lint import PlaceLike, SampleLike, Shelf, chosen, found_by
from synthesis.bibliography.retractions import read_retractions, unknown_documents
from synthesis.errors import Problem, Severity


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules are asked, and what they are told."""

    select: Sequence[str] = ()  # names of rules, or codes; nothing are all
    ignore: Sequence[str] = ()
    slow: bool = False  # the slow rules too, where nothing is selected
    as_of: int | None = None  # the latest year that an entry may have


ALL = Choice(slow=True)


def check_library(
    root: Path,
    cited: Mapping[str, PlaceLike | Sequence[PlaceLike]],
    used: Iterable[str] = (),
    samples: Sequence[SampleLike] = (),
    choice: Choice = ALL,
) -> tuple[Problem, ...]:
    """Everything wrong with `bibliography/*.bib` and `bibliography/retractions.csv`, sorted by place.

    Parameters
    ----------
    root : Path
        The review folder.
    cited : mapping
        Keys that must have an entry, each with the place, or places, that cite it: SY450 where one has none.
    used : iterable of str, optional
        Further keys that make an entry used; whether they have one is reported elsewhere (as `check_graph` does for
        citations.csv). An entry neither cited nor used is SY451, a note.
    samples : sequence of SampleLike, optional
        The records, for the rules about reports (SY452 to SY458).
    choice : Choice
        Which rules are asked; by default all, the slow ones too.

    Returns
    -------
    tuple of Problem
        What the rules of `lint` find, what is wrong with the list of retractions (SY404), and .bib files that are not
        read (SY405).

    Raises
    ------
    InvalidArgument
        A chosen rule does not exist.
    """
    rules, codes = chosen(choice.select, choice.ignore, slow=choice.slow)
    libraries = read_folder(root)
    known = {entry.key for library in libraries for entry in library.entries}
    also: dict[str, PlaceLike | Sequence[PlaceLike]] = {key: () for key in used if key in known}
    listed = read_retractions(root)
    shelf = Shelf(libraries, {**also, **cited}, samples, listed.rows, choice.as_of)
    also_found = (*listed.problems, *unknown_documents(libraries, listed.rows), *unread_files(root))
    return tuple(sorted([*(one for one in also_found if one.code in codes), *found_by(rules, codes, shelf)]))


def unread_files(root: Path) -> Iterator[Problem]:
    """SY405, warnings: files that look like a part of the library, and of which no entry is read."""
    folder = root / FOLDER
    read = set(folder.glob("*.bib"))
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(place) / name for name in sorted(names) if not name.startswith(".")):
            if path.suffix.lower() == ".bib" and path not in read:
                what = f"this file is not read: the library is {FOLDER}/*.bib, in small letters and without folders"
                label = path.relative_to(root).as_posix()
                yield Problem(label, 1, 1, "SY405", what, _where_to(path, folder), Severity.WARNING)


def _where_to(path: Path, folder: Path) -> str:
    """Where a file would be read."""
    goal = folder / f"{path.stem}.bib"
    if not goal.exists() or goal.samefile(path):
        return f"move it to {FOLDER}/{goal.name}"
    return f"move it to {FOLDER}/ under a free name, and look for keys that are there twice with `synth bib lint`"
