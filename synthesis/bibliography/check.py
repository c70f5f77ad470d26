"""Everything wrong with the library of a review, by itself and against what the review cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis.bibliography.library import read_folder
from synthesis.bibliography.lint import PlaceLike, SampleLike, Shelf, chosen, found_by
from synthesis.bibliography.retractions import read_retractions, unknown_documents
from synthesis.errors import Problem


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
        What the rules of `lint` find, and what is wrong with the list of retractions (SY404).

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
    of_list = (*listed.problems, *unknown_documents(libraries, listed.rows))
    return tuple(sorted([*(one for one in of_list if one.code in codes), *found_by(rules, codes, shelf)]))
