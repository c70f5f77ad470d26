"""The list itself: works in a style."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthesis.bibliography import latex
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.latex import Span
from synthesis.bibliography.reference_lists import apa, vancouver
from synthesis.bibliography.reference_lists.runs import Runs, shown, tidy
from synthesis.bibliography.reference_lists.work import Work, work_of
from synthesis.errors import InvalidArgument, did_you_mean


@dataclass(frozen=True, slots=True)
class Style:
    """A style of reference lists."""

    title: str
    listed: Callable[[Sequence[Work]], list[tuple[Work, Runs]]]
    numbered: bool


STYLES: Mapping[str, Style] = {
    "apa": Style("American Psychological Association, 7th edition", apa.listed, numbered=False),
    "vancouver": Style("ICMJE and National Library of Medicine (Vancouver)", vancouver.listed, numbered=True),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One reference."""

    key: str
    label: str  # its number with a full stop and a blank, in a numbered style
    runs: Runs

    @property
    def text(self) -> str:
        """The reference as plain text, without its number."""
        return shown(self.runs)


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """References in the order of their style."""

    style: str  # a key of STYLES
    items: tuple[Item, ...]

    @property
    def numbered(self) -> bool:
        """Whether the references have numbers."""
        return STYLES[self.style].numbered

    def summary(self) -> str:
        """All references as text, one a line."""
        return "\n".join(f"{item.label}{item.text}" for item in self.items)

    def to_dict(self) -> dict[str, Any]:
        """Keys, texts and runs with their styles."""
        return {
            "style": self.style,
            "references": [
                {
                    "key": item.key,
                    "text": item.text,
                    "runs": [{"text": text, "style": sorted(span.style)} for text, span in _texts(item.runs)],
                }
                for item in self.items
            ],
        }


def _texts(runs: Runs) -> list[tuple[str, Span]]:
    """The runs with their texts, a formula in one line with what stands before it."""
    return [(text if "math" in span.style else span.text, span) for text, span in latex.in_context(runs)]


def reference_list(entries: Iterable[Entry], style: str = "apa", library: Iterable[Entry] = ()) -> ReferenceList:
    """A reference list of some entries.

    Parameters
    ----------
    entries : iterable of Entry
        In the order in which they are cited, which is the order of a numbered list.
    style : str
        A key of STYLES.
    library : iterable of Entry
        Where the entries that others name as `crossref` are found, beside `entries`.

    Raises
    ------
    InvalidArgument
        There is no such style.
    """
    if style not in STYLES:
        raise InvalidArgument(f"no style {style!r}: {did_you_mean(style, STYLES)}")
    wanted = list(entries)
    parents = {entry.key.casefold(): entry for entry in (*library, *wanted)}
    works = [work_of(entry, parents.get(entry.get("crossref").casefold())) for entry in wanted]
    numbered = STYLES[style].numbered
    made = enumerate(STYLES[style].listed(works), 1)
    items = tuple(Item(work.key, f"{number}. " if numbered else "", tidy(runs)) for number, (work, runs) in made)
    return ReferenceList(style, items)
