"""Names as RIS, EndNote and MEDLINE write them.

A person is `Family, Given, Suffix` (RIS specification, authors); a group has several words and no comma, or ends in
one, or has its own first comma doubled (EndNote's rule for corporate authors). `et al.` stands for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from synthesis.bibliography.formats.values import one_line
from synthesis.bibliography.names import Name, Names

OTHERS = "et al."
ET_AL = re.compile(r"(?:and )?(?:et[. ]*al\.?|others)", re.IGNORECASE)
SUFFIXED = re.compile(r"(.+?) (Jr\.?|Sr\.?|II|III|IV|[2-9](?:nd|rd|th))")
INITIALS = re.compile(
    r"((?:[a-z'\u2019]+ ){0,3}[^\W\d_a-z][\w'\u2019-]*[^\W\d_A-Z](?: [^\W\d_a-z][\w'\u2019-]+)?) ([A-Z]{1,3})"
)
MEDLINE = re.compile(r"(?P<family>.+?) (?P<initials>[^\W\d_]{1,4})(?: (?P<suffix>Jr|Sr|[2-9](?:nd|rd|th)|I{2,3}|IV))?")


def people_of(texts: Iterable[str]) -> Names:
    """The people of a reference, each a text of its own."""
    people, others = [], False
    for text in map(one_line, texts):
        if ET_AL.fullmatch(text):
            others = True
        elif text.strip(", "):
            people.append(person_of(text))
    return Names(tuple(people), others=others)


def with_commas(texts: Sequence[str]) -> list[str]:
    """Names that are all written `Coviello DM`, as Ovid has them, with a comma; one alone may be that of a body."""
    bare = [text for text in map(one_line, texts) if "," not in text and not ET_AL.fullmatch(text)]
    if len(bare) < 2 or not all(INITIALS.fullmatch(text) for text in bare):
        return list(texts)
    return [INITIALS.sub(r"\1, \2", text) if text in bare else text for text in map(one_line, texts)]


def person_of(text: str) -> Name:
    """One person or group.

    Examples
    --------
    >>> person_of("van der Berg, Jan, Jr")
    Name(family='Berg', given='Jan', prefix='van der', suffix='Jr', literal='')
    >>> person_of("World Health Organization,").literal, person_of("Department of Health,, London").literal
    ('World Health Organization', 'Department of Health, London')
    """
    if ",," in text:
        return Name("", literal=text.replace(",,", ",", 1))
    if "," not in text:
        return named(text) if " " not in text or text[0].islower() else Name("", literal=text)
    family, _, rest = text.partition(",")
    given, _, suffix = rest.partition(",")
    if not rest.strip():
        return Name("", literal=family.strip())
    if not family.strip():
        return Name("", literal=text.strip(", "))
    given, suffix = given.strip(), suffix.strip()
    if suffix and not given:
        return named(family, "", suffix)
    return named(family, given, suffix)


def named(family: str, given: str = "", suffix: str = "") -> Name:
    """A person; the words up to the last small one before the name are its prefix, as BibTeX takes them."""
    words = family.split()
    count = next((place for place in range(len(words) - 1, 0, -1) if _is_small(words[place - 1])), 0)
    return Name(" ".join(words[count:]), one_line(given), " ".join(words[:count]), one_line(suffix))


def _is_small(word: str) -> bool:
    return next((char for char in word if char.isalpha()), "").islower()


def texts_of(names: Names) -> Iterator[str]:
    """Every person or group as RIS and EndNote take it, and `et al.` for others."""
    yield from map(text_of, names.people)
    if names.others:
        yield OTHERS


def text_of(name: Name) -> str:
    """One person or group, so that `person_of` gives it back."""
    if name.literal:
        literal = one_line(name.literal)
        return literal.replace(",", ",,", 1) if "," in literal else f"{literal},"
    family = one_line(f"{name.prefix} {name.family}")
    if name.suffix:
        return f"{family}, {one_line(name.given)}, {one_line(name.suffix)}"
    return f"{family}, {one_line(name.given)}" if name.given else family


def medline_person(text: str) -> Name:
    """A name as MEDLINE's AU has it: the family name, then initials without points, then a suffix.

    Examples
    --------
    >>> medline_person("de la Torre R 3rd")
    Name(family='Torre', given='R', prefix='de la', suffix='3rd', literal='')
    """
    found = MEDLINE.fullmatch(one_line(text))
    if found is None or not found["initials"].isupper():
        return named(text)
    return named(found["family"], found["initials"], found["suffix"] or "")


def full_person(text: str) -> Name:
    """A name as MEDLINE's FAU has it, `Family, Given Suffix`.

    Examples
    --------
    >>> full_person("Zanis, David A Jr").suffix
    'Jr'
    """
    name = person_of(text)
    found = SUFFIXED.fullmatch(name.given)
    return replace(name, given=found[1], suffix=found[2]) if found and not name.suffix else name


def full_text(name: Name) -> str:
    """A person or group as FAU has it."""
    if name.suffix and name.given and SUFFIXED.fullmatch(f"{name.given} {name.suffix}"):
        return text_of(replace(name, given=f"{name.given} {name.suffix}", suffix=""))
    return text_of(name)


def medline_text(name: Name) -> str:
    """A person as AU has it, with at most two initials."""
    letters = "".join(word[0].upper() for word in re.split(r"[\s.-]+", name.given) if word)
    return one_line(f"{name.prefix} {name.family} {letters[:2]} {name.suffix.rstrip('.')}")
