"""Words that are spelt in two ways, British and American, which no other two words of a title are mistaken for."""

from __future__ import annotations

import re
from collections.abc import Sequence

SHORTEST = 5  # letters of a word that has another spelling
ARTICLES = frozenset(("a", "an", "the"))
VARIANTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ao]e"), "e"),
    (re.compile(r"our(?=$|s$|al|ed$|ing$|able)"), "or"),
    (re.compile(r"(?<=[iy])s(?=(?:e|ed|es|ing|ation|ations|er|ers)$)"), "z"),
    (re.compile(r"(?<=\w{4})ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"(?<=def|off)ence"), "ense"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"sulph"), "sulf"),
)


def respelled(words: Sequence[str]) -> str:
    """The letters of a folded title in one spelling, without `the` and without an article that begins it.

    Examples
    --------
    >>> respelled(["the", "behaviour", "of", "randomised", "foetal"])
    'behaviorofrandomizedfetal'
    """
    bare = words[1:] if words and words[0] in ARTICLES and len(words) > 1 else words
    return "".join(_one(word) for word in bare if word != "the")


def _one(word: str) -> str:
    if len(word) < SHORTEST:
        return word
    for form, other in VARIANTS:
        word = form.sub(other, word)
    return word
