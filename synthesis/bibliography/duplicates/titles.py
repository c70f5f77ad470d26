"""Titles: what kind of document one announces, its numbers, and how two of them compare."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.bibliography.duplicates.folding import folded
from synthesis.bibliography.duplicates.spelling import respelled

SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "the",
        "to",
        "via",
        "with",
        "der",
        "die",
        "das",
        "und",
        "la",
        "le",
        "les",
        "de",
        "des",
        "et",
    ]
)
ROMAN: Mapping[str, str] = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
}  # fmt: skip
COUNTED: Mapping[str, str] = {
    word: str(place)
    for words in (
        "one two three four five six seven eight nine ten",
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th",
    )
    for place, word in enumerate(words.split(), 1)
}
TEENS: Mapping[str, str] = {
    word: str(place)
    for words in (
        "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
    )
    for place, word in enumerate(words.split(), 11)
}
TENS: Mapping[str, str] = {
    word: str(10 * place)
    for words in (
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth",
    )
    for place, word in enumerate(words.split(), 2)
}
PART = frozenset(
    [
        "part",
        "parts",
        "section",
        "chapter",
        "volume",
        "vol",
        "book",
        "paper",
        "study",
        "experiment",
        "phase",
        "stage",
        "wave",
        "type",
    ]
)
SINGLE: Mapping[str, str] = {"i": "1", "v": "5", "x": "10"}  # numbers only after a word of PART or at the end
COUNTING = frozenset((*ROMAN, *COUNTED, *TEENS, *TENS, *PART))
TYPO = 78.0  # likeness in percent from which two words that differ are one word, written otherwise
TYPO_LETTERS = 5  # of the shorter word
LIKE = 80.0  # likeness in percent from which two titles are similar; set on the tuning half
PREFIX = 25  # letters that a title which begins or ends another one must have
MORE = 4  # letters that the longer one must have more
GENERIC = 4  # words, small ones apart, below which a title is no sign of one document
LONG = 6  # words, small ones apart, from which a title is a sign of one document without a place

KINDS: Mapping[str, re.Pattern[str]] = {
    "correction": re.compile(r"(?:publisher |author )?(?:erratum|errata|corrigend(?:um|a)|corrections?|addendum)\b"),
    "retraction": re.compile(r"(?:notice of )?retraction\b|expression of concern\b|retraction notice\b"),
    "reply": re.compile(
        r"(?:(?:the )?authors? )?(?:repl(?:y|ies)|responses?|respond)(?: to\b| from\b|$)|in repl(?:y|ies)\b"
        r"|(?:the )?authors? (?:reply|replies|response)\b|rejoinder\b|re \b"
    ),
    "comment": re.compile(
        r"(?:invited )?(?:comments?|commentary|letter|discussion)(?: on| to| re| regarding| about|$)\b"
    ),
    "editorial": re.compile(r"editorial(?: comment| commentary)?\b"),
    "review of it": re.compile(
        r"(?:book )?review of\b|book reviews?\b|in brief\b|summary of\b|plain language summary\b"
    ),
    "protocol": re.compile(r"(?:study )?protocol (?:for|of)\b"),
}
ENDINGS: Mapping[str, re.Pattern[str]] = {
    "correction": re.compile(r" (?:erratum|errata|corrigendum|correction)$"),
    "retraction": re.compile(r" (?:retraction|retraction notice)$"),
    "reply": re.compile(r" (?:(?:authors? )?reply|(?:authors? )?response|rejoinder)$"),
    "comment": re.compile(r" (?:comment|commentary|discussion)$"),
    "protocol": re.compile(r" (?:study |trial |review )?protocol$|\bprotocol (?:for|of)\b"),
}
ANY_KIND = re.compile("|".join(form.pattern for form in KINDS.values()))
ANY_ENDING = re.compile("|".join(form.pattern for form in ENDINGS.values()))
DIGIT = re.compile(r"\d")
ARTICLE = re.compile(r"^(?:the|an?) ")
RETRACTED = re.compile(r"^(?:retracted(?: article)?|withdrawn) ")
EDITION = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)? ed(?:ition|n)?|(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
    r" (?:revised )?ed(?:ition|n)?)\b"
)
ISSUED = re.compile(r"\[version (\d+)[^\]]*\]", re.IGNORECASE)  # as F1000 and its kin write into titles
UPDATED = frozenset(("update", "updated", "updating"))
DATABASE = re.compile(r"\[[^\]]{1,60}\]\s*\.?$|\((?:review|abstract|meeting abstract)\)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared."""

    words: tuple[str, ...] = ()
    letters: str = ""  # of the words, without blanks
    kind: str = ""  # a key of KINDS, or nothing
    numbers: tuple[str, ...] = ()  # in order; of part letters too, where they follow `part` or end the title
    edition: str = ""  # a number, or nothing
    issued: str = ""  # the number of a version, where the title says one
    updated: bool = False  # says that it is an update
    generic: bool = True  # too short to be a sign of one document
    long: bool = False  # so long that no other document has it by chance

    @property
    def known(self) -> bool:
        """Whether there is a title."""
        return bool(self.letters)


def title_of(text: str) -> Title:
    """A title as it is compared; text in Unicode, without LaTeX."""
    issued = ISSUED.search(text)
    base = folded(_without_brackets(ISSUED.sub("", text) if issued else text))
    edition = EDITION.search(base)
    words = tuple(RETRACTED.sub("", EDITION.sub("", base) + " ").split())
    telling = sum(1 for word in words if word not in SMALL)
    return Title(
        words=words,
        letters="".join(words),
        kind=_kind(ARTICLE.sub("", base)),
        numbers=_numbers(words),
        edition=edition_number(edition[0]) if edition else "",
        issued=issued[1] if issued else "",
        updated=not UPDATED.isdisjoint(words),
        generic=telling < GENERIC,
        long=telling >= LONG,
    )


def edition_number(text: str) -> str:
    """The number of an edition, in figures: of `2nd ed.`, `Second`, `2`; the folded text where there is none."""
    words = folded(text).split()
    for word in words:
        if word in COUNTED:
            return COUNTED[word]
        if figure := re.match(r"\d+", word):
            return figure[0]
    return " ".join(words)


def compare_titles(one: Title, other: Title) -> tuple[str, float]:
    """How two titles compare, and their likeness in percent.

    Returns
    -------
    str
        `same`: the same letters and digits, British or American spelling and articles apart. `close`: one or two words
        that are nearly one: a typing error, or another word (hypotension, hypertension); small words or their order.
        `part`: one begins or ends the other. `similar`: whole words differ. `differ`, or `unknown` where one is
        missing.
    """
    if not (one.known and other.known):
        return "unknown", 0.0
    if one.letters == other.letters:
        return "same", 100.0
    from rapidfuzz import fuzz

    like = fuzz.ratio(one.letters, other.letters)
    if like >= LIKE and respelled(one.words) == respelled(other.words):
        return "same", like
    short, long = sorted((one.letters, other.letters), key=len)
    if len(short) >= PREFIX and len(long) - len(short) >= MORE and (long.startswith(short) or long.endswith(short)):
        return "part", max(like, LIKE)
    if like < LIKE:
        return "differ", like
    return ("close" if _only_spelling(one, other) else "similar"), like


def parts_differ(one: Title, other: Title) -> bool:
    """Whether the numbers of two titles, of which neither begins or ends the other, contradict one another."""
    if one.numbers == other.numbers:
        return False
    return Counter(one.numbers) != Counter(other.numbers)


def _without_brackets(text: str) -> str:
    """A title without the brackets of a translation, and without a database's remark at its end."""
    bare = text.strip().rstrip(".")
    if bare.startswith("[") and bare.endswith("]"):
        return bare[1:-1]
    return DATABASE.sub("", bare) or bare


def _kind(base: str) -> str:
    if ANY_KIND.match(base):
        return next(kind for kind, form in KINDS.items() if form.match(base))
    if ANY_ENDING.search(base):
        return next(kind for kind, form in ENDINGS.items() if form.search(base))
    return ""


def _numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    last = len(words) - 1
    if COUNTING.isdisjoint(words) and not DIGIT.search("".join(words)) and not (words and len(words[last]) == 1):
        return ()
    found = []
    for place, word in enumerate(words):
        if word.isdecimal():
            found.append(word.lstrip("0") or "0")
        elif word in TENS or word in TEENS:
            found.append(TENS.get(word) or TEENS[word])
        elif place and words[place - 1] in TENS and len(COUNTED.get(word, "10")) == 1:
            found[-1] = str(int(found[-1]) + int(COUNTED[word]))
        elif word in ROMAN or word in COUNTED:
            found.append(ROMAN.get(word) or COUNTED[word])
        elif len(word) == 1 and place and (place == last or words[place - 1] in PART):
            found.append(SINGLE.get(word, word))
        elif any(char.isdecimal() for char in word):
            found.extend(re.findall(r"\d+", word))
    return tuple(found)


def _only_spelling(one: Title, other: Title) -> bool:
    """Whether every word that one title has and the other has not is a small word or another spelling."""
    mine, theirs = Counter(one.words), Counter(other.words)
    left = [word for word in (mine - theirs).elements() if word not in SMALL]
    right = [word for word in (theirs - mine).elements() if word not in SMALL]
    if not left and not right:
        return True
    if "".join(word for word in one.words if word in left) == "".join(word for word in other.words if word in right):
        return True
    return len(left) == len(right) and _paired(left, right)


def _paired(left: list[str], right: list[str]) -> bool:
    from rapidfuzz import fuzz

    first, second = sorted((sorted(left), sorted(right)))  # so that the order of the titles changes nothing
    rest = list(second)
    for word in first:
        near = next((other for other in rest if _one_word(fuzz.ratio(word, other), word, other)), None)
        if near is None:
            return False
        rest.remove(near)
    return True


def _one_word(like: float, word: str, other: str) -> bool:
    if word.isdecimal() or other.isdecimal():
        return False
    return like >= TYPO and min(len(word), len(other)) >= TYPO_LETTERS
