"""Editions of books as reference lists print them.

References
----------
American Psychological Association. Publication Manual, seventh edition, and Patrias K. Citing Medicine: `2nd ed.`,
`Rev. ed.` (from memory, and as lists that follow them print them; see the tests).
"""

from __future__ import annotations

import re

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
            "ninth": 9, "tenth": 10}  # fmt: skip
KINDS = {
    "revised": "rev.", "rev": "rev.", "revision": "rev.", "expanded": "expanded", "exp": "expanded",
    "enlarged": "enlarged", "enl": "enlarged", "extended": "extended", "updated": "updated", "corrected": "corrected",
    "abridged": "abridged", "illustrated": "illustrated", "international": "international", "student": "student",
    "new": "new", "text": "text", "and": "and", "&": "&",
}  # fmt: skip
"""Words that describe an edition, as they are printed."""
EDITION = re.compile(r"(?:^|\s+|(?<=\d)(?<!\d\d\d\d))ed(?:ition|n)?\.?(?=[\s,]|\Z)", re.IGNORECASE)
NUMBER = re.compile(r"(\d{1,3})(?:st|nd|rd|th)?\Z", re.IGNORECASE)
LEADING = re.compile(r"(\d{1,3})(?!\d)")


def edition_shown(text: str) -> str:
    """An edition with its word: `2nd ed.`, `Rev. ed.`, `3rd rev. ed.`, `4th ed., text rev.`; nothing for a first one.

    Examples
    --------
    >>> edition_shown("Second"), edition_shown("3rd revised"), edition_shown("Revised edition"), edition_shown("1")
    ('2nd ed.', '3rd rev. ed.', 'Rev. ed.', '')
    """
    before, _, after = _parted(text.strip())
    first = _described(before)
    later = _described(after.strip(" ,.")).lower() if after.strip(" ,.") else ""
    if first in ("", "1st"):
        return f"{later[0].upper()}{later[1:]} ed." if later else ""
    return f"{first} ed., {later}" if later else f"{first} ed."


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`."""
    teen = 10 < number % 100 < 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before the word edition, the word, and what stands after it."""
    found = EDITION.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _described(text: str) -> str:
    """Numbers as ordinals and known words shortened; with a word that is not known the number alone, or the text."""
    bare = text.rstrip(" .,")
    words = [_word(word.strip(",.")) for word in bare.split()]
    if words and all(words):
        made = " ".join(words)
        return made[0].upper() + made[1:]
    number = LEADING.match(bare)
    return ordinal(int(number[1])) if number else bare


def _word(word: str) -> str:
    """One word of an edition as it is printed; nothing for one that is not known."""
    low = word.casefold()
    number = ORDINALS.get(low) or int(found[1] if (found := NUMBER.match(low)) else 0)
    return ordinal(number) if number else KINDS.get(low, "")
