r"""Names of people and bodies, as BibTeX reads them.

BibTeX splits a value at `and` outside braces, and a name at its commas: `First von Last`, `von Last, First`, or
`von Last, Jr, First`. Words whose first letter outside braces is small are the `von`; a special character
(`{\'e}`) counts by its letter, a group in braces not at all. A name that is one group in braces is kept whole.

Two things are otherwise than in BibTeX's own source: a small letter after a hyphen (`Hyun-jung Kim`) begins no von, as
in pybtex, and an accent before braces (`\'{E}douard`) belongs to its letter.

References
----------
Patashnik O (1988). Designing BibTeX Styles, section 5.4 (read), and BibTeX's source, sections 387 to 396 (read in a
translation to C). Biblatex's extended format of names (`family=..., given=...`), as its manual has it (from memory).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synthesis.bibliography import latex

AND = re.compile(r" and(?= )", re.IGNORECASE)
BRACES_AND = re.compile(r"[{}]| and(?= )", re.IGNORECASE)
BRACES_COMMA = re.compile(r"[{},]")
BRACES_SPACE = re.compile(r"[{}]|(?:\s|(?<!\\)~)+")
SPACE = re.compile(r"(?:\s|(?<!\\)~)+")
SPECIAL = re.compile(r"[{}\\~$`]|--|''")
ET_AL = re.compile(r"(?:^|[ ,~])et\.?[ ~]al(?:ii|ia|\.)?$", re.IGNORECASE)
PART = re.compile(r"\s*([A-Za-z-]+)\s*=\s*(.*)", re.DOTALL)
PARTS = frozenset({"family", "given", "prefix", "suffix"})
OTHER_PARTS = frozenset(
    {"family-i", "given-i", "prefix-i", "suffix-i", "useprefix", "id", "sortingnamekeytemplatename"}
)
LETTER = re.compile(r"[^\W\d_]")
INITIALS_TOGETHER = 3  # capitals without full stops that are as many initials


@dataclass(frozen=True, slots=True)
class Name:
    """One person, or one body whose name is kept whole: Unicode as a reader sees it, without braces and LaTeX."""

    family: str
    given: str = ""
    prefix: str = ""  # BibTeX's von
    suffix: str = ""  # BibTeX's Jr
    literal: str = ""  # of a body; family is then empty

    @property
    def shown(self) -> str:
        """Given names first, as on a title page."""
        if self.literal:
            return self.literal
        main = " ".join(filter(None, (self.given, self.prefix, self.family)))
        return f"{main}, {self.suffix}" if self.suffix else main

    @property
    def last(self) -> str:
        """Prefix and family name, or the body."""
        return self.literal or " ".join(filter(None, (self.prefix, self.family)))


@dataclass(frozen=True, slots=True)
class Names:
    """The people of one author or editor value, and whether it ends in `and others`."""

    people: tuple[Name, ...] = ()
    others: bool = False


def names_of(value: str) -> Names:
    r"""The names in an author or editor value, LaTeX as it stands in the file.

    Empty names (`and and`) are left out; an ending `and others` or `et al.` is `others`.

    Examples
    --------
    >>> names_of("{World Health Organization} and van der Berg, Jan and others").people[1]
    Name(family='Berg', given='Jan', prefix='van der', suffix='', literal='')
    """
    if len(value) > latex.LONGEST:
        return Names((Name("", literal=value),))
    written = [name for name in split_names(value) if name]
    others = bool(written) and written[-1].lower() == "others"
    if others:
        written.pop()
    if written and (found := ET_AL.search(written[-1])):
        others = True
        written[-1] = written[-1][: found.start()].rstrip(" ,~")
    return Names(tuple(_name(name) for name in written if name), others)


def split_names(value: str) -> list[str]:
    """A value split at `and` outside braces; empty names stay, as empty texts."""
    value = f" {' '.join(value.split())} "
    pieces = AND.split(value) if "{" not in value else list(_apart(value, BRACES_AND))
    return [piece.strip() for piece in pieces]


def written(names: Names) -> str:
    """Names as an author value in Unicode that reads back as the same names; `latex.encode` makes ASCII of it."""
    people = [_written(name) for name in names.people]
    return " and ".join([*people, "others"] if names.others else people)


def initials(given: str, after: str = ".", between: str = " ") -> str:
    """Initials of given names; hyphenated ones keep their hyphen, and `JA`, as PubMed writes two of them, is two.

    Parameters
    ----------
    given : str
        Given names in Unicode.
    after, between : str
        What follows each initial, and what stands between two of them.

    Examples
    --------
    >>> initials("Jean-Paul Marie"), initials("J.-P. M.", after="", between="")
    ('J.-P. M.', 'J-PM')
    """
    words = re.sub(r"\.(?=[^\s.-])", ". ", given).split()
    return between.join(found for word in words for found in _initials_of(word, after))


def _initials_of(word: str, after: str) -> list[str]:
    if word.isalpha() and word.isupper() and len(word) <= INITIALS_TOGETHER:
        return [letter + after for letter in word]
    letters = [found[0].upper() + after for part in word.split("-") if (found := LETTER.search(part))]
    return ["-".join(letters)] if letters else []


def _apart(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """A text apart at the matches of a pattern that stand in no braces."""
    depth = start = 0
    for found in pattern.finditer(text):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def _name(text: str) -> Name:
    if whole := _whole_group(text):
        return Name("", literal=whole)
    parts = [part.strip(" \t\r\n~") for part in (_apart(text, BRACES_COMMA) if "{" in text else text.split(","))]
    if "=" in text and (extended := _extended(parts)):
        return extended
    if len(parts) == 1:
        return _first_von_last(_words(parts[0]))
    prefix, family = _von_last(_words(parts[0]))
    if len(parts) == 2:
        return Name(family, _shown(parts[1]), prefix)
    return Name(family, _shown(", ".join(filter(None, parts[2:]))), prefix, _shown(parts[1]))


def _whole_group(text: str) -> str:
    """What the one group in braces holds that a name consists of; nothing where it is otherwise."""
    if not text.startswith("{") or not text.endswith("}") or text.startswith("{\\"):
        return ""
    depth = 0
    for place, char in enumerate(text):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0 and place < len(text) - 1:
            return ""
    return _shown(text)


def _extended(parts: Sequence[str]) -> Name | None:
    """A name in biblatex's extended format; None where it is not in it."""
    found: dict[str, str] = {}
    for part in parts:
        match = PART.fullmatch(part.strip('"'))
        if match is None or match[1].lower() not in PARTS | OTHER_PARTS:
            return None
        found[match[1].lower()] = _shown(match[2].strip().strip('"').strip())
    if not PARTS & found.keys():
        return None
    return Name(**{"family": "", **{name: text for name, text in found.items() if name in PARTS}})


def _words(text: str) -> list[str]:
    pieces = _apart(text, BRACES_SPACE) if "{" in text else SPACE.split(text)
    return [piece for piece in pieces if piece]


def _first_von_last(words: Sequence[str]) -> Name:
    start = next((place for place, word in enumerate(words[:-1]) if _is_von(word)), len(words) - 1)
    prefix, family = _von_last(words[start:])
    return Name(family, _shown(" ".join(words[:start])), prefix)


def _von_last(words: Sequence[str]) -> tuple[str, str]:
    """Prefix and family name: the prefix ends with the last small word before the last one."""
    end = next((place for place in range(len(words) - 1, 0, -1) if _is_von(words[place - 1])), 0)
    return _shown(" ".join(words[:end])), _shown(" ".join(words[end:]))


def _is_von(word: str) -> bool:
    """Whether the first letter of a word at brace depth 0, or its first special character, is small."""
    if "{" not in word and "\\" not in word:
        letter = next((char for char in word if char.isalpha()), "")
        return letter.islower()
    decoded = latex.decode(word)
    depth = 0
    for place, char in enumerate(decoded):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char == "{" and depth == 1 and decoded.startswith("\\", place + 1):
            return _small_special(decoded[place:])
        if depth == 0 and char.isalpha():
            return char.islower()
    return False


def _small_special(group: str) -> bool:
    r"""Whether the letter of a group like `{\relax x}` is small."""
    letter = next((char for char in latex.plain(group) if char.isalpha()), "")
    return letter.islower()


def _shown(text: str) -> str:
    if SPECIAL.search(text) is None:
        return text
    return " ".join(latex.plain(text).replace("\u00a0", " ").split())


def _written(name: Name) -> str:
    if len(name.literal) > latex.LONGEST:
        return name.literal
    for candidate in _candidates(name):
        if (
            split_names(candidate) == [candidate]
            and candidate.lower() != "others"
            and names_of(candidate) == Names((name,))
        ):
            return candidate
    return _extended_form(name)


def _candidates(name: Name) -> Iterator[str]:
    if name.literal:
        yield f"{{{_safe(name.literal)}}}"
        return
    family, given, prefix, suffix = map(_safe, (name.family, name.given, name.prefix, name.suffix))
    rest = f", {suffix}, {given}" if suffix else f", {given}" if given else ""
    yield f"{prefix} {family}{rest}".strip()
    yield f"{prefix} {family}, {suffix}, {given}".strip()
    braced = f", {{{suffix}}}, {{{given}}}" if suffix else f", {{{given}}}"
    yield f"{prefix} {{{family}}}{rest or ','}".strip()
    yield f"{prefix} {{{family}}}{braced}".strip()


def _extended_form(name: Name) -> str:
    parts = {"family": name.family, "given": name.given, "prefix": name.prefix, "suffix": name.suffix}
    return ", ".join(f"{part}={{{_safe(text)}}}" for part, text in parts.items() if text)


def _safe(text: str) -> str:
    """Plain text as decoded LaTeX that means the same in a name."""
    safe = latex.literal(text).replace("~", r"{\textasciitilde}").replace("`", r"{\textasciigrave}")
    return safe.replace("--", "-{}-").replace("--", "-{}-").replace("''", "'{}'").replace("''", "'{}'")
