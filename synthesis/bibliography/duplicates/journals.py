"""Whether two names are of one journal, in full or abbreviated."""

from __future__ import annotations

import re
from functools import lru_cache

from synthesis.bibliography.duplicates.folding import folded

SMALL = frozenset(
    [
        "and",
        "of",
        "the",
        "in",
        "for",
        "on",
        "to",
        "de",
        "la",
        "le",
        "et",
        "der",
        "die",
        "das",
        "und",
        "fur",
        "fuer",
        "y",
        "del",
    ]
)
SUPPLEMENT = frozenset(("supplement", "supplements", "suppl"))
MEETING = re.compile(
    r"\b(?:conference|congress|annual meeting|symposium|abstracts?|proceedings of the \d|meeting)\b|\bsuppl",
    re.IGNORECASE,
)
CUT = re.compile(r"[.:;(\[]\s*(?:conference|congress|meeting|suppl|annual|abstract)|\s[(\[:]|\s=\s", re.IGNORECASE)
SHORTEST = 3  # letters of an abbreviation that leaves out letters in the middle (natl, dept)


@lru_cache(maxsize=65536)
def journal_words(name: str) -> tuple[str, ...]:
    """The words of a journal's name that count, without what follows about a meeting, and without places."""
    bare = CUT.split(name.strip().replace("\\&", "and"), maxsplit=1)[0] or name
    words = folded(bare).split()
    return tuple(word for word in words if word not in SMALL and word not in SUPPLEMENT) or tuple(words)


def is_meeting(name: str) -> bool:
    """Whether the name speaks of a conference."""
    return MEETING.search(name) is not None


@lru_cache(maxsize=65536)
def same_journal(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one name abbreviates the other, word by word or by initials."""
    if one == other:
        return True
    short, long = sorted((one, other), key=lambda words: (len(words), sum(map(len, words)), words))
    if len(short) == len(long):
        return all(_abbreviates(*sorted(pair, key=len)) for pair in zip(short, long, strict=True))
    if len(short) == 1 and len(short[0]) > 2:
        return short[0] == "".join(word[0] for word in long) or short[0] == "".join(long)
    return "".join(short) == "".join(long)


def _abbreviates(short: str, long: str) -> bool:
    if long.startswith(short):
        return True
    if len(short) < SHORTEST or short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
