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
FEWEST = 3  # of them that are needed to say so, unless an article has a capital too
SMALL = re.compile(r"(?<=\w )(?:(A)|An)(?!\w)")
GERMAN = frozenset(
    {"der", "die", "das", "und", "des", "dem", "den", "im", "zur", "zum", "ein", "eine", "von", "\u00fcber"}
)

SINGLE = re.compile(r"[A-Z](?:['\u2019]s)?\.?\Z")  # a symbol (`Vitamin D`), a numeral, an initial, I
ARTICLE = "A"
LABELLED = frozenset({
    "apolipoprotein", "appendix", "arm", "botulinum", "category", "ciclosporin", "class", "cluster", "coenzyme",
    "cohort", "condition", "cyclosporin", "cyclosporine", "factor", "figure", "grade", "group", "haemophilia",
    "hemophilia", "hepatitis", "immunoglobulin", "influenza", "level", "model", "panel", "part", "phase", "plan",
    "protein", "schedule", "section", "series", "stage", "study", "toxin", "trial", "type", "vitamin",
})  # fmt: skip
"""Words after which A is no article but a label, as in `Type A`; their plurals too."""
DETERMINERS = frozenset({"a", "an", "the"})  # no article follows them
LATIN = re.compile(r"\s+(?:priori|posteriori)\b", re.IGNORECASE)
PAIRING = r"\s+(?i:and|or|to|through|vs\.?|versus|&)\s+"
FIRST_OF_TWO = re.compile(PAIRING + r"[A-Z](?!\w)")
LAST_OF_TWO = re.compile(r"\b[A-HJ-Z],?" + PAIRING + r"\Z")
NEARBY = 40  # characters before and after a word that say what it is
ORDINAL = (
    r"(?:\d+(?:st|nd|rd|th)|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|\w+(?:ieth|teenth)|Annual|"
    r"International|World|European|National)"
)
MEETING = re.compile(
    rf"\bProceedings\b|\b{ORDINAL}\b.{{0,80}}\b(?:Conference|Congress|Symposium|Workshop|Meeting)\b", re.DOTALL
)

Change = Callable[[str, str, str], str]


def sentence_case(title: Runs) -> Runs:
    """A title in sentence case, if it is written in title case.

    Words in braces stay, as do words with a capital or a digit inside (`DNA`, `HIV-1`, `McMaster`) and single
    capitals (`Vitamin D`, `Type I`), unless they are the article. A title that is not in title case stays as it is,
    so that names which nobody put in braces survive there.
    """
    return _changed(title, _lowered) if _in_title_case(title) else title


def names_a_meeting(title: Runs) -> bool:
    """Whether a book is called after a conference or its proceedings: a proper name, which keeps its capitals."""
    return MEETING.search(shown(title)) is not None


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
    """A title with a change made to every stretch that nothing protects; the change is told what stands around it."""
    texts = [span.shown for span in title]
    whole = "".join(texts)
    made: list[Span] = []
    start = 0
    for span, text in zip(title, texts, strict=True):
        end = start + len(text)
        around = whole[max(0, start - NEARBY) : start], whole[end : end + NEARBY]
        made.append(Span(change(span.text, *around), span.style) if _free(span) else span)
        start = end
    return tuple(made)


def _in_title_case(title: Runs) -> bool:
    words = [word for span in title if _free(span) for word in WORD.findall(span.text)][1:]
    if not GERMAN.isdisjoint(words):
        return False
    telling = [word for word in words if len(word) >= LONG and not _inner_capital(word)]
    capital = sum(word[0].isupper() for word in telling)
    fewest = 1 if _has_capital_article(title) else FEWEST
    return len(telling) >= fewest and capital >= SHARE * len(telling)


def _has_capital_article(title: Runs) -> bool:
    """Whether an article within a title has a capital."""
    whole = "".join(span.shown if _free(span) else "\0" for span in title)
    around = ((found, whole[max(0, found.start() - NEARBY) : found.start()]) for found in SMALL.finditer(whole))
    return any(
        not found[1] or _is_article(before, whole[found.end() : found.end() + NEARBY]) for found, before in around
    )


def _inner_capital(word: str) -> bool:
    return any(char.isupper() or char.isdigit() for char in word[1:])


def _lowered(text: str, before: str, after: str) -> str:
    whole = before + text + after
    shift = len(before)

    def word(found: re.Match[str]) -> str:
        start, end = found.start() + shift, found.end() + shift
        ahead = whole[max(0, start - NEARBY) : start]
        bare = ahead.rstrip(OPENINGS)
        if found[0] == ARTICLE and bare and not bare.endswith(ENDINGS):
            return "a" if _is_article(ahead, whole[end : end + NEARBY]) else ARTICLE
        return _lower_word(found[0], first=not bare or bare.endswith(ENDINGS))

    return WORD.sub(word, text)


def _is_article(before: str, after: str) -> bool:
    """Whether the word A between two texts is the article, and no label as in `Type A` or `Hepatitis A and B`."""
    if LATIN.match(after):
        return True
    if not after[:1].isspace() or FIRST_OF_TWO.match(after) or LAST_OF_TWO.search(before):
        return False
    last = before.rsplit(maxsplit=1)[-1].casefold() if before.strip() else ""
    return last not in DETERMINERS and LABELLED.isdisjoint({last, last.removesuffix("s")})


def _lower_word(word: str, *, first: bool) -> str:
    opening, *parts = word.split("-")
    lowered = [part if _inner_capital(part) or SINGLE.match(part) else part.lower() for part in (opening, *parts)]
    return "-".join([opening, *lowered[1:]] if first else lowered)


def _with_capitals(text: str, before: str, _after: str) -> str:
    start = before.endswith(": ")
    return SUBTITLE.sub(lambda found: found[1] + (found[2].upper() if found[1] or start else found[2]), text)
