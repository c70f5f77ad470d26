"""The Maryland level that a design gives under a named profile, what is open in it, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from pathlib import Path

from synthesis.errors import NotFound, did_you_mean
from synthesis.records.study import Study
from synthesis.scoring.engine.grade import Graded, grade_studies
from synthesis.scoring.facts import facts_of_study
from synthesis.scoring.language import Declared
from synthesis.scoring.reading.rule_file import load_rule, rule_names
from synthesis.scoring.rule import Rule
from synthesis.scoring.states import Fact

Supposed = tuple[tuple[str, Fact], ...]  # facts with a value each
MOST_FACTS = 4  # that are supposed together
MOST_TRIED = 20_000  # suppositions of one size; with more of them the larger ones are not tried
GRADED = "study"  # what a profile grades


@dataclass(frozen=True, slots=True)
class DerivedLevel:
    """What a profile gives for the design of one study."""

    profile: str
    output: str  # what the stated facts surely come to: a level, or a word such as not_scoreable
    clause: str  # that gave it
    says: str
    verified: str  # whether the clause was seen in its source
    could_be: tuple[str, ...]  # other outputs that what is not stated leaves open, sorted
    flags: tuple[str, ...]
    facts: Supposed  # stated ones, of those that the profile speaks of
    not_stated: tuple[str, ...]  # the others that it speaks of
    settled_by: Mapping[str, Supposed]  # output -> the fewest facts that would surely give it, sorted by output

    @property
    def level(self) -> int | None:
        """The level; None where it is open, or where the profile gives none."""
        return None if self.could_be else as_level(self.output)

    @property
    def possible(self) -> tuple[str, ...]:
        """Every output that the stated facts allow, sorted."""
        return tuple(sorted({self.output, *self.could_be}))


def as_level(output: str) -> int | None:
    """An output as a level; None for a word."""
    return int(output) if output.isdecimal() else None


def either(outputs: Sequence[str]) -> str:
    """Outputs as words: `2, 3 or 4`."""
    return " or ".join(filter(None, (", ".join(outputs[:-1]), outputs[-1])))


def profiles(root: Path | None = None) -> dict[str, Rule]:
    """The profiles that there are: the rules that grade single studies, shipped or of the review's own, by name.

    Raises
    ------
    InvalidData
        Everything wrong with the first rule file that cannot be used.
    """
    rules = (load_rule(name, root) for name in rule_names(root))
    return {rule.key: rule for rule in rules if rule.grades == GRADED}


def some_profiles(names: Iterable[str] = (), root: Path | None = None) -> dict[str, Rule]:
    """The profiles of these names, in their order; every one where none is named.

    Raises
    ------
    NotFound
        There is no such profile; the nearest one is suggested.
    InvalidData
        A rule file cannot be used.
    """
    known = profiles(root)
    for name in names:
        if name not in known:
            raise NotFound(f"no profile {name!r}: {did_you_mean(name, known)}")
    return {name: known[name] for name in names} or known


def some_studies(studies: Sequence[Study], keys: Iterable[str]) -> tuple[Study, ...]:
    """The studies of these keys, in their order; all of them where none is named.

    Raises
    ------
    NotFound
        There is no such study; the nearest one is suggested.
    """
    known = {study.key: study for study in studies}
    for key in keys:
        if key not in known:
            raise NotFound(f"no study {key!r}: {did_you_mean(key, known)}")
    return tuple(known[key] for key in dict.fromkeys(keys)) or tuple(studies)


def derived_levels(studies: Iterable[Study], profile: Rule, *, supposing: bool = True) -> dict[str, DerivedLevel]:
    """What a profile gives for the design of each study.

    Parameters
    ----------
    studies : iterable of Study
        Their designs as recorded, with what follows from the words of a design (`facts_of_study`). A level that
        somebody typed, of the study or of one contrast, is no part of it.
    profile : Rule
        One that grades studies.
    supposing : bool
        False leaves out `settled_by`, and in `could_be` what only a supposition finds; that is faster.

    Returns
    -------
    dict of str to DerivedLevel
        By the key of the study, in their order.

    Raises
    ------
    InvalidArgument
        The rule grades something else.
    """
    names = asked_by(profile)
    stated = {}
    for study in studies:
        facts = facts_of_study(study)
        stated[study.key] = tuple((name, facts[name]) for name in names if name in facts)
    designs = tuple(dict.fromkeys(stated.values()))
    graded = grade_studies([dict(facts) for facts in designs], profile)
    derived = {
        facts: _derived(facts, names, one, profile, supposing=supposing)
        for facts, one in zip(designs, graded, strict=True)
    }
    return {key: derived[facts] for key, facts in stated.items()}


def asked_by(profile: Rule) -> tuple[str, ...]:
    """The facts of a study that a profile speaks of, in the order of the language's fields."""
    names = {table.of for table in profile.tables.values()}
    for procedure in profile.policies.values():
        names |= procedure.names
    return tuple(name for name in profile.fields if name in names)


def _derived(facts: Supposed, names: Sequence[str], graded: Graded, profile: Rule, *, supposing: bool) -> DerivedLevel:
    not_stated = tuple(name for name in names if name not in dict(facts))
    settled_by = _settled_by(facts, not_stated, profile) if supposing else {}
    return DerivedLevel(
        profile=profile.key,
        output=graded.output,
        clause=graded.clause,
        says=graded.says,
        verified=graded.verified,
        could_be=tuple(sorted({*graded.could_be, *settled_by} - {graded.output})),
        flags=graded.flags,
        facts=facts,
        not_stated=not_stated,
        settled_by=settled_by,
    )


def _settled_by(facts: Supposed, not_stated: Sequence[str], profile: Rule) -> dict[str, Supposed]:
    """For each output the fewest further facts that would surely give it; none for one that is sure as it is.

    Conditions and texts of known words are supposed, numbers are not: an output that hangs on a number may be missing.
    A profile may ask whether something `is stated`; then suppositions find outputs that the grading leaves out.
    """
    values = {name: known for name in not_stated if (known := _values(profile.fields[name]))}
    found: dict[str, Supposed] = {}
    for size in range(min(MOST_FACTS, len(values)) + 1):
        tried = list(islice(_suppositions(values, size), MOST_TRIED))
        graded = grade_studies([{**dict(facts), **dict(more)} for more in tried], profile)
        for more, one in zip(tried, graded, strict=True):
            if not one.could_be:
                found.setdefault(one.output, more)
        if len(tried) == MOST_TRIED:
            break
    return dict(sorted(found.items()))


def _suppositions(values: Mapping[str, Sequence[Fact]], size: int) -> Iterator[Supposed]:
    """Every choice of values for so many of the facts."""
    for names in combinations(values, size):
        for picked in product(*(values[name] for name in names)):
            yield tuple(zip(names, picked, strict=True))


def _values(declared: Declared) -> Sequence[Fact]:
    """What a fact can be; nothing where that is a number or any text."""
    return (True, False) if declared.kind == "a condition" else declared.words
