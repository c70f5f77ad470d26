"""Names as CSL-JSON has them: family, given, particles and suffix, or a literal kept whole."""

from __future__ import annotations

from typing import Any

from synthesis.bibliography.formats.people import ET_AL, OTHERS, named, person_of
from synthesis.bibliography.formats.values import one_line
from synthesis.bibliography.names import Name, Names


def people_of_csl(value: Any) -> Names:
    """A name variable; a text in its place is one name."""
    people, others = [], False
    for one in value if isinstance(value, list) else [value]:
        name = _name(one)
        if ET_AL.fullmatch(name.literal) or (ET_AL.fullmatch(name.family) and not name.given):
            others = True
        elif name != Name(""):
            people.append(name)
    return Names(tuple(people), others=others)


def _name(value: Any) -> Name:
    if isinstance(value, str):
        return person_of(one_line(value)) if value.strip(" ,") else Name("")
    if not isinstance(value, dict):
        return Name("")
    texts = {key: one_line(text) for key, text in value.items() if isinstance(text, str)}
    literal = texts.get("literal") or texts.get("name", "")
    if literal:
        return Name("", literal=literal)
    particles = [texts.get(f"{kind}-particle", "") for kind in ("dropping", "non-dropping")]
    prefix, family = " ".join(filter(None, particles)), texts.get("family", "")
    given, suffix = texts.get("given", ""), texts.get("suffix", "")
    if not family:
        return Name("", literal=given)
    has_particle = not prefix and family[0].islower()  # Zotero leaves particles in the family name
    return named(family, given, suffix) if has_particle else Name(family, given, prefix, suffix)


def csl_people(names: Names) -> list[dict[str, str]]:
    """Names as a name variable; others are the literal `et al.`."""
    people = [_csl(name) for name in names.people]
    return [*people, {"literal": OTHERS}] if names.others else people


def _csl(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": one_line(name.literal)}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.prefix,
        "suffix": name.suffix,
    }
    return {part: one_line(text) for part, text in parts.items() if text}
