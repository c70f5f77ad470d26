"""Capitals of titles: sentence case, where it can be made without doing harm."""

from __future__ import annotations

import re
from collections.abc import Callable

from synthesis.bibliography.latex import Span
from synthesis.bibliography.reference_lists.runs import Runs, shown

WORD = re.compile(r"[^\W\d_][\w'\u2019.-]*")
SUBTITLE = re.compile(r"(^|: )([a-z])(?=[a-z]*(?:[\s,-]|$))")
ENDINGS = (": ", "? ", "! ", ". ", "\u2014 ")  # of a sentence, before the next one
OPENINGS = "\"'\u201c\u2018(["
LONG = 4  # letters of a word that says whether a title is in title case
SHARE = 0.75  # of such words, capitalised, in title case
FEWEST = 3  # of them that are needed to say so
GERMAN = frozenset(
    {"der", "die", "das", "und", "des", "dem", "den", "im", "zur", "zum", "ein", "eine", "von", "\u00fcber"}
)

Change = Callable[[str, str], str]


def sentence_case(title: Runs) -> Runs:
    """A title in sentence case, if it is written in title case.

    Words in braces stay, as do words with a capital or a digit inside (`DNA`, `HIV-1`, `McMaster`). A title that is
    not in title case stays as it is, so that names which nobody put in braces survive there.
    """
    return _changed(title, _lowered) if _in_title_case(title) else title


def capital_after_colon(title: Runs) -> Runs:
    """A title whose subtitle begins with a capital, as APA wants it."""
    return _changed(title, _with_capitals)


def plain_title(title: Runs) -> str:
    """A title for sorting: small letters, without a leading article."""
    text = re.sub(r"[^\w\s]", "", shown(title).casefold()).strip()
    return re.sub(r"^(?:a|an|the)\s+", "", text)


def _free(span: Span) -> bool:
    return not span.style & {"protected", "math", "link"}


def _changed(title: Runs, change: Change) -> Runs:
    """A title with a change made to every stretch that nothing protects; the change is told what stands before."""
    made: list[Span] = []
    before = ""
    for span in title:
        made.append(Span(change(span.text, before), span.style) if _free(span) else span)
        before += span.shown
    return tuple(made)


def _in_title_case(title: Runs) -> bool:
    words = [word for span in title if _free(span) for word in WORD.findall(span.text)][1:]
    if not GERMAN.isdisjoint(words):
        return False
    telling = [word for word in words if len(word) >= LONG and not _inner_capital(word)]
    capital = sum(word[0].isupper() for word in telling)
    return len(telling) >= FEWEST and capital >= SHARE * len(telling)


def _inner_capital(word: str) -> bool:
    return any(char.isupper() or char.isdigit() for char in word[1:])


def _lowered(text: str, before: str) -> str:
    def word(found: re.Match[str]) -> str:
        ahead = (before[-9:] + text[: found.start()])[-9:].rstrip(OPENINGS)
        return _lower_word(found[0], first=not ahead or ahead.endswith(ENDINGS))

    return WORD.sub(word, text)


def _lower_word(word: str, *, first: bool) -> str:
    opening, *parts = word.split("-")
    lowered = [part if _inner_capital(part) else part.lower() for part in (opening, *parts)]
    return "-".join([opening, *lowered[1:]] if first else lowered)


def _with_capitals(text: str, before: str) -> str:
    start = before.endswith(": ")
    return SUBTITLE.sub(lambda found: found[1] + (found[2].upper() if found[1] or start else found[2]), text)
