"""Which pairs are worth comparing: those that share an exact key, in blocks of bounded size.

A key is made from one record alone, so that no other record changes which keys it has. A block that is too large is
parted by year, by first author and by first page: two records that agree on none of these are never one document. What
is still too large is sorted by title and each record compared with its neighbours only, and that is reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from synthesis.bibliography.duplicates.record import Record

BOUND = 60  # records of a block that are compared each with each
NEIGHBOURS = 10  # to each side, in a block that stays too large
EDGE = 22  # letters at the beginning and at the end of a title
LONG = 6  # letters of a word that tells titles apart
WORDS = 4  # longest words of a title that make a key


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to compare, as places in the list of records, and how many blocks were too large to compare whole."""

    pairs: tuple[tuple[int, int], ...]
    sampled: int


def candidates(records: Sequence[Record]) -> Candidates:
    """The pairs of records that share a key."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for key in set(keys_of(record)):
            blocks[key].append(place)
    size = len(records)
    coded: set[int] = set()
    sampled = 0
    for block in blocks.values():
        if len(block) > BOUND:
            sampled += _large(records, block, coded)
        else:
            coded.update(one * size + other for one, other in combinations(block, 2))
    return Candidates(tuple(divmod(code, size) for code in sorted(coded)), sampled)


def keys_of(record: Record) -> Iterator[str]:
    """The keys of a record; two records are compared if they share one."""
    if record.doi:
        yield f"doi {record.version[0] or record.doi}"
    if record.pmid:
        yield f"pmid {record.pmid}"
    yield from _keys_of_title(record)
    if record.first_page and record.volume:
        yield f"place {record.volume} {record.first_page} {record.year}"
    if record.first_page and record.authors.families:
        yield f"page {record.first_page} {min(record.authors.families)}"


def _keys_of_title(record: Record) -> Iterator[str]:
    letters, families = record.title.letters, record.authors.families
    if not letters:
        if families:
            yield f"label {record.exact.hex()}"
        return
    yield f"begins {letters[:EDGE]}"
    yield f"ends {letters[-EDGE:]}"
    words = sorted({word for word in record.title.words if len(word) >= LONG}, key=lambda word: (-len(word), word))
    if len(words) >= WORDS - 1:
        yield f"words {' '.join(sorted(words[:WORDS]))}"
    if words and families and record.year:
        yield from (f"who {family} {record.year} {words[0]}" for family in {families[0], families[-1]})


def _large(records: Sequence[Record], block: Sequence[int], coded: set[int]) -> int:
    """The pairs of a block that is too large: 1 if some of them were left out, else 0."""
    size, sampled = len(records), 0
    for part in _parted(records, block):
        if len(part) <= BOUND:
            coded.update(one * size + other for one, other in combinations(part, 2))
            continue
        sampled = 1
        near = sorted(part, key=lambda place: (records[place].title.letters, records[place].first_page, place))
        for place, one in enumerate(near):
            coded.update(min(one, other) * size + max(one, other) for other in near[place + 1 : place + 1 + NEIGHBOURS])
    return sampled


def _parted(records: Sequence[Record], block: Iterable[int]) -> Iterator[list[int]]:
    parts: dict[tuple[str, object], list[int]] = defaultdict(list)
    for place in block:
        record = records[place]
        parts["year", record.year].append(place)
        parts["first author", record.authors.families[:1]].append(place)
        parts["first page", record.first_page].append(place)
        parts["title", record.title.letters].append(place)
    return (part for part in parts.values() if len(part) > 1)
