"""One journal under one name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from synthesis.bibliography.latex import plain
from synthesis.bibliography.lint.fields import JOURNALS
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.errors import Problem

WORD = re.compile(r"[^\W_]+")
LITTLE = frozenset(
    ["a", "an", "and", "the", "of", "for", "in", "on", "to", "with", "by", "at", "from", "de", "la", "le", "les", "des",
     "du", "der", "die", "das", "und", "y", "et", "e", "del", "di"]
)  # fmt: skip
MOST = 200  # journals with the same initials that are compared with one another
SURE = 2  # letters that a word and its abbreviation have in common, unless it is contracted
CONTRACTED = {"natl": "national", "intl": "international", "dtsch": "deutsche", "engl": "english", "dr": "doctor"}


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY494: a journal that is also spelt otherwise, or abbreviated here and written out there; the rarer is named."""
    names: dict[str, list[Value]] = {}
    for value in shelf.named(*JOURNALS):
        if value.field.value:
            names.setdefault(value.field.value, []).append(value)
    spellings: dict[tuple[str, ...], dict[str, list[Value]]] = {}
    for name, values in names.items():
        read = plain(name)
        if words := _words(read):
            spellings.setdefault(words, {}).setdefault(read, []).extend(values)
    yield from _spellings(spellings)
    yield from _abbreviations(spellings)


def _words(name: str) -> tuple[str, ...]:
    """What tells journals apart: no case, no punctuation, no little words."""
    *words, last = WORD.findall(name.casefold()) or [""]  # the last may be a letter that counts: Physics Letters A
    return tuple(filter(None, (*(word for word in words if word not in LITTLE), last)))


def _spellings(found: dict[tuple[str, ...], dict[str, list[Value]]]) -> Iterator[Problem]:
    for spellings in found.values():
        if len(spellings) > 1:
            usual = _most_used(spellings)
            for name, values in spellings.items():
                if name != usual:
                    yield _problem(values, name, f"elsewhere spelt {usual!r}", spellings[usual])


def _abbreviations(found: dict[tuple[str, ...], dict[str, list[Value]]]) -> Iterator[Problem]:
    by_initials: dict[str, list[tuple[str, ...]]] = {}
    for words in found:
        by_initials.setdefault("".join(word[0] for word in words), []).append(words)
    for alike in by_initials.values():
        longest = sorted(alike, key=lambda words: -sum(map(len, words)))
        by_last: dict[str, list[tuple[str, ...]]] = {}  # the first letters of the last word
        for words in longest:
            by_last.setdefault(words[-1][:SURE], []).append(words)
        for short in alike if 1 < len(alike) <= MOST else ():
            last = short[-1]
            near = longest if len(last) < SURE or last in CONTRACTED else by_last[last[:SURE]]
            full = next((words for words in near if words != short and _abbreviates(short, words)), None)
            if full:
                yield _short_or_long(found[short], found[full])


def _abbreviates(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether each word begins the one in its place; a journal of one word has no abbreviation to be sure of."""
    pairs = zip(short, full, strict=True)
    return len(short) > 1 and all(
        long == word or (long.startswith(word) and len(long) > len(word) + 1) or CONTRACTED.get(word) == long
        for word, long in pairs
    )


def _short_or_long(short: dict[str, list[Value]], full: dict[str, list[Value]]) -> Problem:
    """The problem of the rarer of two forms; of the abbreviation where both are as frequent."""
    short_name, full_name = _most_used(short), _most_used(full)
    few, many = sum(map(len, short.values())), sum(map(len, full.values()))
    if few <= many:
        return _problem(short[short_name], short_name, f"elsewhere written out as {full_name!r}", full[full_name])
    return _problem(full[full_name], full_name, f"elsewhere abbreviated as {short_name!r}", short[short_name])


def _most_used(spellings: dict[str, list[Value]]) -> str:
    return max(spellings, key=lambda name: (len(spellings[name]), name))


def _problem(values: list[Value], name: str, what: str, better: list[Value]) -> Problem:
    first, more = values[0], len(values) - 1
    also = f" (and of {more} more)" if more else ""
    said = f"the journal {name!r} of {first.entry.key!r}{also} is {what}"
    return at_field(first, "SY494", said, f"write {better[0].field.value}")


RULE = Rule(
    name="journals",
    codes=("SY494",),
    says="one journal has one name, spelt one way, abbreviated everywhere or nowhere",
    check=check,
)
