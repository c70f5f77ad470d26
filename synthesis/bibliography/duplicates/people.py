"""Authors as they are compared: families, whatever the form in which a database writes a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from synthesis.bibliography.duplicates.folding import compact, folded

PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "el",
        "al",
        "ter",
        "ten",
        "zu",
        "zum",
        "af",
        "av",
        "bin",
        "ibn",
    ]
)
INITIALS = re.compile(r"(?:[^\W\d_]\.?[- ]?){1,4}")
SEPARATOR = re.compile(r"\s*(?:[;|\n]|\s&\s|\band\b)\s*")
RUN_TOGETHER = re.compile(r"(?<=\.)(?=[^\W\d_]{2,})")  # Adeli K.Lewis G. F.
VANCOUVER = re.compile(r"[^\W\d_][\w'’ -]* [A-Z]{1,3}")  # noqa: RUF001  an apostrophe that is met
OTHERS = re.compile(r"(?:,?\s*\bet\.? al\b\.?|,?\s*\band others\b)\s*$", re.IGNORECASE)
BLANKS = re.compile(r"[ \t]+")
LONGEST = 50_000  # characters of a list of authors
LONGEST_NAME = 300
MOST = 100  # authors that are compared one by one
ENDING = 30  # characters in which `et al.` stands
SAME = 0.6  # share of the shorter list that must be in the other
SPELT = 80.0  # likeness in percent of two spellings of one family; set on the tuning half


@dataclass(frozen=True, slots=True)
class People:
    """A list of authors as it is compared."""

    families: tuple[str, ...] = ()  # letters only, without particles; of the first MOST
    words: frozenset[str] = (
        frozenset()
    )  # of all authors, of at least two letters: families, particles apart, and given names
    count: int = 0
    others: bool = False  # `et al.`
    corporate: bool = False  # a body is among them

    @property
    def known(self) -> bool:
        """Whether anybody is named."""
        return bool(self.families)


def people(names: Iterable[tuple[str, str, bool]], *, others: bool = False) -> People:
    """Authors from (family, given, whether it is a body)."""
    families: list[str] = []
    words: set[str] = set()
    corporate = False
    for family, given, body in names:
        one, more = _name(family, given, body=body)
        if one:
            families.append(one)
            words.update(more)
        corporate = corporate or body
    return People(tuple(families[:MOST]), frozenset(words), len(families), others, corporate)


def people_of_text(text: str) -> People:
    """Authors from a cell of a table, in any of the forms in which databases export them.

    Parted by `;`, `|`, `and`, line ends, or by nothing (`Doe J.Roe K.`); `Doe, Jane`, `Doe J`, `J. Doe`, `Jane Doe`;
    `Doe J, Roe K` and `Doe, J., Roe, K.` too.
    """
    short = BLANKS.sub(" ", text)[:LONGEST].strip()
    ending = OTHERS.search(short[-ENDING:])
    named = short[: len(short) - len(ending[0])] if ending else short
    return people((_split_name(name[:LONGEST_NAME]) for name in split_names(named)), others=ending is not None)


def split_names(text: str) -> list[str]:
    """The names of a cell, each in one of the forms for one name."""
    names = [name.strip(" ,") for name in SEPARATOR.split(text) if name.strip(" ,")]
    if len(names) == 1:
        names = _undivided(names[0])
    return names


def compare_people(one: People, other: People) -> str:
    """How two lists of authors compare: `same`, `some`, `differ` or `unknown`."""
    if not (one.known and other.known):
        return "unknown"
    if one.families == other.families:
        return "same"
    return _compared(*sorted((one, other), key=_size))


def contains(full: People, short: People) -> bool:
    """Whether every author of the shorter list is in the fuller one."""
    return full.count >= short.count and all(_is_in(family, full) for family in short.families)


def _size(one: People) -> tuple[int, tuple[str, ...]]:
    return one.count, one.families


def _compared(short: People, long: People) -> str:
    hits = sum(1 for family in short.families if _is_in(family, long))
    size = len(short.families)
    if hits < SAME * size:  # names in the other order: the words of the longer list in the shorter one
        hits = max(hits, min(size, sum(1 for family in long.families if family in short.words)))
    if hits >= SAME * size:
        return "same"
    if hits:
        return "some"
    return "differ" if short.corporate == long.corporate else "unknown"


def _is_in(family: str, others: People) -> bool:
    if family in others.words:
        return True
    from rapidfuzz import fuzz

    return any(fuzz.ratio(family, one, score_cutoff=SPELT) for one in others.families if len(one) > 3 < len(family))


@lru_cache(maxsize=65536)
def _name(family: str, given: str, *, body: bool) -> tuple[str, frozenset[str]]:
    """The letters of a family, and the words of the whole name."""
    if body:
        whole = folded(family)
        return whole.replace(" ", ""), frozenset((whole.replace(" ", ""),))
    if given and _is_initials(family) and not _is_initials(given):
        family, given = given, family  # `Doe J`, which BibTeX reads as a family called J
    words = folded(family).split()
    bare = [word for word in words if word not in PARTICLES] or words
    letters = "".join(bare)
    more = [word for word in (*bare, *folded(given).split()) if len(word) > 1 and word not in PARTICLES]
    return letters, frozenset((letters, compact(family), *more))


def _is_initials(text: str) -> bool:
    bare = text.strip()
    return INITIALS.fullmatch(bare) is not None and bare.upper() == bare and len(compact(bare)) <= 4


def _split_name(name: str) -> tuple[str, str, bool]:
    """Family and given names of one name without LaTeX."""
    family, comma, given = name.partition(",")
    if comma:
        return family.strip(), given.strip(), False
    words = name.split()
    last = len(words)
    while last and _is_initials(words[last - 1]):
        last -= 1
    if 0 < last < len(words):
        return " ".join(words[:last]), " ".join(words[last:]), False
    first = next((place for place, word in enumerate(words) if word.lower() in PARTICLES), len(words) - 1)
    first = first or len(words) - 1
    return " ".join(words[first:]), " ".join(words[:first]), False


def _undivided(text: str) -> list[str]:
    parts = [part.strip() for part in RUN_TOGETHER.split(text)]
    if len(parts) > 1 and not _is_initials(parts[0]):
        return parts
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if len(pieces) > 1 and all(VANCOUVER.fullmatch(piece) for piece in pieces):
        return pieces
    if len(pieces) > 2 and _alternate(pieces):
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=False)]
    return [text]


def _alternate(pieces: Sequence[str]) -> bool:
    """Whether families and initials take turns."""
    return all(_is_initials(piece) == bool(place % 2) for place, piece in enumerate(pieces))
