"""Keys of new entries by a pattern, such as `{author}{year}`: Doe2001.

A key is made of the entry alone and of the keys that are taken, so the same entries give the same keys. One that is
taken gets a letter: Doe2001a, Doe2001b; the entries that have the others keep theirs.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from synthesis.errors import InvalidArgument, did_you_mean

if TYPE_CHECKING:
    from synthesis.bibliography.names import Name, Names

PATTERN = "{author}{year}"
NO_YEAR = "ND"
NOBODY = "Anonymous"
MOST_WORDS = 4  # of a corporate author or a title that stand in a key
FORMS = ("author", "authors", "title", "word", "year", "year2")
FIELD = re.compile(r"\{([^{}]*)\}")
IN_KEY = re.compile(r"[A-Za-z0-9:._+/-]*")  # what every reader of BibTeX, biblatex and citations takes
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
SMALL_WORDS = frozenset(
    ("a", "an", "the", "of", "on", "in", "for", "and", "or", "to", "with", "by", "from", "at", "as", "is", "are", "der",
     "die", "das", "ein", "eine", "le", "la", "les", "un", "une", "el", "los", "il")
)  # fmt: skip
PLAIN_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D",
     "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "\u0131": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N", "'": "",
     "\u2019": ""}
)  # fmt: skip


def key_for(names: Names, year: int | str | None, title: str, pattern: str, taken: Collection[str]) -> str:
    """The key of a new entry.

    Parameters
    ----------
    names : Names
        Its authors; its editors where it has none. Where it has neither, words of the title stand for them.
    year : int, str or None
        Its year, or a date with one; `ND` where there is none.
    title : str
        Unicode text without markup.
    pattern : str
        Text with `{author}` (family name of the first author, with particles; a corporate author whole, at most four
        words), `{authors}` (of two authors both, of more the first and EtAl), `{title}` (first four words of weight),
        `{word}` (the first of them), `{year}` and `{year2}` (its last two digits). Each may be followed by `:lower`.
    taken : collection of str
        Keys that are in use, in small letters: two keys that differ only in case are one to BibTeX.

    Returns
    -------
    str
        ASCII; accents are dropped, letters without one are written out (ß as ss). Where the key is taken the first
        of a, b, ..., z, aa, ... that makes it new follows.

    Raises
    ------
    InvalidArgument
        The pattern is none.

    Examples
    --------
    >>> from synthesis.bibliography.names import names_of
    >>> key_for(names_of("Müller, Jörg and Doe, Jane"), 2001, "A title", "{authors}{year}", {"mullerdoe2001"})
    'MullerDoe2001a'
    """
    check_pattern(pattern)
    parts = _parts(names, year, title)
    key = FIELD.sub(lambda field: _part(parts, field[1]), pattern) or NOBODY
    return next(one for one in _suffixed(key) if one.lower() not in taken)


def check_pattern(pattern: str) -> None:
    """Raise InvalidArgument unless a pattern gives keys."""
    for field in FIELD.findall(pattern):
        name, colon, form = field.partition(":")
        if name not in FORMS or (colon and form != "lower"):
            remedy = did_you_mean(name, FORMS) if name not in FORMS else "only `:lower` may follow a name"
            raise InvalidArgument(f"the pattern of keys {pattern!r}: {{{field}}} is not known; {remedy}")
    if not FIELD.search(pattern) or not IN_KEY.fullmatch(FIELD.sub("", pattern)):
        raise InvalidArgument(
            f"the pattern of keys {pattern!r}: write names such as {{author}} between letters, digits and : . _ + / -"
        )


def ascii_letters(text: str) -> str:
    """Text in ASCII letters and digits: accents dropped, all other characters left out."""
    plain = unicodedata.normalize("NFKD", text.translate(PLAIN_LETTERS))
    return "".join(char for char in plain if char.isascii() and char.isalnum())


def _parts(names: Names, year: int | str | None, title: str) -> dict[str, str]:
    families = [family for family in map(_family, names.people) if family]
    words = [word for word in _words(title) if word.lower() not in SMALL_WORDS] or list(_words(title))
    joined = "".join(words[:MOST_WORDS])
    first = families[0] if families else joined or NOBODY
    found = YEAR.search(str(year or ""))
    return {
        "author": first,
        "authors": _together(families, others=names.others) or first,
        "title": joined,
        "word": words[0] if words else "",
        "year": found[0] if found else NO_YEAR,
        "year2": found[0][2:] if found else NO_YEAR,
    }


def _part(parts: dict[str, str], field: str) -> str:
    name, _, form = field.partition(":")
    return parts[name].lower() if form else parts[name]


def _family(name: Name) -> str:
    """A family name with its particles, or a corporate author, as one word."""
    words = list(_words(f"{name.prefix} {name.family}" if not name.literal else name.literal))
    if name.literal:
        words = [word for word in words if word.lower() not in SMALL_WORDS][:MOST_WORDS] or words[:MOST_WORDS]
    return "".join(words)


def _together(families: list[str], *, others: bool) -> str:
    if len(families) == 2 and not others:
        return "".join(families)
    return f"{families[0]}EtAl" if len(families) > 1 or (families and others) else "".join(families)


def _words(text: str) -> Iterator[str]:
    """The words of a text in ASCII, each with a capital at its beginning."""
    from synthesis.bibliography.latex import plain

    for word in WORD.findall(unicodedata.normalize("NFC", plain(text))):
        if letters := ascii_letters(word):
            yield letters[0].upper() + letters[1:]


def _suffixed(key: str) -> Iterator[str]:
    """A key, and then the key with a, b, ..., z, aa, ab, ..."""
    yield key
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_lowercase, repeat=length):
            yield key + "".join(letters)
