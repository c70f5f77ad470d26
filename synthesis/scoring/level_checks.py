"""Typed Maryland levels against what the design gives under the same profile; levels of two profiles never meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from synthesis.errors import Problem, Severity, did_you_mean
from synthesis.records.study import Level, Place, Study
from synthesis.scoring.levels import GRADED, DerivedLevel, as_level, derived_levels, either, profiles
from synthesis.scoring.reading.rule_file import load_rule, rule_names
from synthesis.scoring.rule import Rule
from synthesis.text import one_line

CODES: Mapping[str, str] = {
    "SY202": "a level that the design does not give, without a basis",
    "SY301": "a level that the design does not give, with its basis",
    "SY302": "a level that the design gives only if the people lost are passed over",
    "SY306": "a level of a profile that there is not",
}


def level_problems(studies: Iterable[Study], root: Path | None = None) -> Iterator[Problem]:
    """Typed levels that the design does not allow under their own profile.

    A typed level stands, whatever it is. It is told where the stated facts of the design leave no room for it:
    a warning without its basis (SY202), a note with it (SY301), a note where only the people lost speak against
    it (SY302). The level of a single contrast is its own: only its basis is asked for (SY202). A level of a
    profile for which there is no rule file is compared with nothing (SY306).

    Parameters
    ----------
    studies : iterable of Study
        In any order.
    root : Path, optional
        The review folder, which may have profiles of its own.

    Raises
    ------
    InvalidData
        The rule file of a profile that a level names cannot be used.
    """
    of_profile: dict[str, list[Study]] = defaultdict(list)
    for study in studies:
        for name in dict.fromkeys(level.profile for level, _ in _typed(study)):
            of_profile[name].append(study)
    for name, several in of_profile.items():
        profile = _profile(name, root)
        yield from _unknown(name, several, root) if profile is None else _outside(several, profile)


def _typed(study: Study) -> Iterator[tuple[Level, Place]]:
    """The typed level of a study, then those of its contrasts, each with its place."""
    own = ((finding.level, finding.at("level")) for finding in study.findings)
    yield from (
        (level, place)
        for level, place in ((study.maryland, study.at("maryland")), *own)
        if level is not None and level.level is not None
    )


def _profile(name: str, root: Path | None) -> Rule | None:
    """The profile of that name; None where there is no such rule, or it grades something else."""
    if name not in rule_names(root):
        return None
    rule = load_rule(name, root)
    return rule if rule.grades == GRADED else None


def _unknown(name: str, studies: Iterable[Study], root: Path | None) -> Iterator[Problem]:
    what = f"there is no profile {name!r}: this level is compared with nothing"
    remedy = did_you_mean(name, profiles(root))
    for study in studies:
        yield from (_note(place, "SY306", what, remedy) for level, place in _typed(study) if level.profile == name)


def _outside(studies: Iterable[Study], profile: Rule) -> Iterator[Problem]:
    """The levels of one profile that the designs leave no room for."""
    quick = derived_levels(studies, profile, supposing=False)
    doubtful = [study for study in studies if any(_is_outside(one, quick[study.key]) for one, _ in _typed(study))]
    derived = derived_levels(doubtful, profile)
    kept = derived_levels([_without_losses(study) for study in doubtful], profile)
    for study in doubtful:
        yield from _of_trial(study, derived[study.key], kept[study.key])
        yield from _of_contrasts(study, derived[study.key])


def _is_outside(typed: Level, derived: DerivedLevel) -> bool:
    return typed.profile == derived.profile and typed.level not in (None, *map(as_level, derived.possible))


def _without_losses(study: Study) -> Study:
    return replace(study, design=replace(study.design, attrition=None))


def _of_trial(study: Study, derived: DerivedLevel, kept: DerivedLevel) -> Iterator[Problem]:
    """What is told of the study's own level; `kept` is what its profile derives if nobody were lost."""
    typed, lost = study.maryland, study.design.attrition
    if not _is_outside(typed, derived):
        return
    if lost is not None and not _is_outside(typed, kept):
        what = f"level {typed.level}, with {lost:.0%} of the people lost: {_gives(derived)}"
        remedy = "nothing, if the source gives this level all the same; it is often lowered for this"
        yield _note(study.at("design.attrition"), "SY302", what, remedy)
        return
    what = f"level {typed.level}, but {_gives(derived)}"
    if typed.basis:
        yield _note(study.at("maryland"), "SY301", what, f"nothing, if the level rests on its basis: {typed.basis}")
    else:
        yield _warning(study.at("maryland"), what, "correct one of the two, or give the `basis` of the level")


def _of_contrasts(study: Study, derived: DerivedLevel) -> Iterator[Problem]:
    """A contrast has a level of its own because it differs from the trial; only its basis is asked for."""
    for finding in study.findings:
        own = finding.level
        if own is not None and not own.basis and _is_outside(own, derived):
            what = f"a contrast of level {own.level} in a study where {_gives(derived)}"
            yield _warning(finding.at("level"), what, "give the `basis` of the level")


def _gives(derived: DerivedLevel) -> str:
    return f"the design gives {either(derived.possible)} under {derived.profile}"


def _warning(place: Place, what: str, remedy: str) -> Problem:
    return replace(_note(place, "SY202", what, remedy), severity=Severity.WARNING)


def _note(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place.path, place.line, place.column, code, one_line(what), one_line(remedy), Severity.NOTE)
