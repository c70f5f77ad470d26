"""Derived Maryland levels as text, CSV and plain values: profiles side by side, as scales that are never compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from synthesis.errors import Problem
from synthesis.records.study import NOT_STATED, Level, Source, Study
from synthesis.rendering.cells import SEEN
from synthesis.rendering.tables import Cell
from synthesis.scoring.levels import DerivedLevel, Supposed, as_level, either
from synthesis.scoring.states import Fact
from synthesis.text import ABSENT, table

IN_RECORDS = {"pre_post": "measured_before"}  # fact of a rule -> the field of a record that has another name
COLUMNS = (
    "study", "facts", "typed_level", "typed_profile", "typed_basis", "typed_source", "profile", "derived", "could_be",
    "clause", "says", "verified", "settled_by", "not_stated", "flags",
    "typed_against_design",
)  # fmt: skip
MARK = " *"  # of a typed level that something is said against
NEVER_COMPARED = "Each profile is a scale of its own: a level is compared with typed levels of the same profile only."


@dataclass(frozen=True, slots=True)
class StudyLevels:
    """A study, and what each profile gives for its design."""

    study: Study
    derived: tuple[DerivedLevel, ...]
    problems: tuple[Problem, ...]  # of its typed levels against its design, as `synth check` tells them


def levels_of(
    studies: Sequence[Study], derived: Mapping[str, Mapping[str, DerivedLevel]], problems: Iterable[Problem] = ()
) -> tuple[StudyLevels, ...]:
    """Studies beside their levels, from the levels of each profile by study, and what is said of the typed ones."""
    told = tuple(problems)
    return tuple(
        StudyLevels(
            study,
            tuple(each[study.key] for each in derived.values()),
            tuple(problem for problem in told if problem.path == study.place.path),
        )
        for study in studies
    )


def levels_table(found: Sequence[StudyLevels]) -> str:
    """One line for each study: the typed level, and a column for each profile."""
    names = [derived.profile for derived in found[0].derived] if found else []
    rows = ([one.study.key, one.study.design.allocation, _marked(one), *map(_short, one.derived)] for one in found)
    head = table(["study", "allocation", "typed", *names], rows)
    marked = "".join(f"{MARK.strip()} {one.study.key}: {line}\n" for one in found for line in against_lines(one))
    return f"{head}\n{marked}{NEVER_COMPARED}\nNames of studies after the command show the derivation of each.\n"


def _marked(one: StudyLevels) -> str:
    return typed_text(one.study.maryland) + (MARK if one.problems else "")


def against_lines(one: StudyLevels) -> list[str]:
    """What is said against the typed levels of a study, with its code."""
    return [f"{problem.what} ({problem.code})" for problem in one.problems]


def _short(derived: DerivedLevel) -> str:
    return either(derived.possible) if derived.could_be else derived.output


def levels_text(found: Sequence[StudyLevels]) -> str:
    """The derivation of each study in full."""
    return "\n".join("".join(f"{line}\n" for line in _story(one)) for one in found) + f"\n{NEVER_COMPARED}\n"


def _story(one: StudyLevels) -> Iterator[str]:
    study = one.study
    yield study.key
    yield f"  typed: {_typed_in_full(study.maryland)}"
    yield from (f"    {line}" for line in against_lines(one))
    for finding in study.findings:
        if finding.level is not None:
            what = f"{finding.modality}, {finding.outcome} (line {finding.place.line})"
            yield f"  typed of a contrast, never derived: {what}: {_typed_in_full(finding.level)}"
    for derived in one.derived:
        yield from (f"  {line}" for line in _derivation(derived))


def _derivation(derived: DerivedLevel) -> Iterator[str]:
    """What one profile gives, why, and what is open."""
    yield f"{derived.profile}: {_given(derived)}"
    yield f"  from: {facts_text(derived.facts) or 'nothing that this profile speaks of is stated'}"
    mark = "" if derived.verified == SEEN else f" [clause not seen in its source: {derived.verified}]"
    yield f"  by clause {derived.clause}: {derived.says}{mark}"
    if derived.could_be:
        yield from _open(derived)
    yield from (f"  flag: {flag}" for flag in derived.flags)


def _open(derived: DerivedLevel) -> Iterator[str]:
    """For each level that is open, facts that would settle it so."""
    for level in derived.possible:
        facts = derived.settled_by.get(level)
        if as_level(level) is None:
            continue
        if facts is None:
            yield f"  would be {level} by more of what is not stated: {', '.join(map(_field, derived.not_stated))}"
        else:
            yield f"  would be {level}, for instance with {facts_text(facts)}"


def _given(derived: DerivedLevel) -> str:
    if derived.could_be:
        return f"open, {either(derived.possible)}; {derived.output} on what is stated"
    return derived.output


def typed_text(level: Level) -> str:
    """A typed level with its profile."""
    return ABSENT if level.level is None else f"{level.level} ({level.profile})"


def _typed_in_full(level: Level) -> str:
    """A typed level with its basis and source."""
    said = NOT_STATED if level.level is None else typed_text(level)
    source = source_text(level.source)
    return "; ".join((said, level.basis or "no basis given", *([f"source {source}"] if source else [])))


def source_text(source: Source | None) -> str:
    """A document and the place in it; nothing where there is none."""
    return "" if source is None else ", ".join(filter(None, (source.document, source.at)))


def facts_text(facts: Supposed) -> str:
    """Facts as words: `comparison, not randomised, attrition 0.1`."""
    return ", ".join(_fact(name, value) for name, value in facts)


def _fact(name: str, value: Fact) -> str:
    if isinstance(value, bool):
        return _field(name) if value else f"not {_field(name)}"
    return f"{_field(name)} {value if isinstance(value, str) else f'{value:g}'}"


def _field(name: str) -> str:
    return IN_RECORDS.get(name, name)


def csv_rows(found: Sequence[StudyLevels]) -> Iterator[list[Cell]]:
    """One line for each study and profile, under COLUMNS."""
    for one in found:
        typed = one.study.maryland
        about: list[Cell] = [typed.level, typed.profile, typed.basis, source_text(typed.source)]
        for each in one.derived:
            settled = "; ".join(f"{output}: {facts_text(facts)}" for output, facts in each.settled_by.items())
            yield [
                one.study.key, facts_text(each.facts), *about, each.profile, each.output, "; ".join(each.could_be),
                each.clause, each.says, each.verified, settled, "; ".join(map(_field, each.not_stated)),
                "; ".join(each.flags), "; ".join(against_lines(one)) if each.profile == typed.profile else "",
            ]  # fmt: skip


def levels_json(found: Sequence[StudyLevels]) -> dict[str, object]:
    """All levels as plain values."""
    return {"profiles_are_never_compared": NEVER_COMPARED, "studies": [_json(one) for one in found]}


def _json(one: StudyLevels) -> dict[str, object]:
    contrasts = [
        {
            "line": finding.place.line,
            "modality": finding.modality,
            "outcome": finding.outcome,
            "typed": _level_json(finding.level),
        }
        for finding in one.study.findings
        if finding.level is not None
    ]
    derived = {each.profile: _derived_json(each) for each in one.derived}
    return {
        "study": one.study.key,
        "typed": _level_json(one.study.maryland),
        "typed_against_design": [{"code": problem.code, "what": problem.what} for problem in one.problems],
        "derived": derived,
        "contrasts": contrasts,
    }


def _level_json(level: Level) -> dict[str, object]:
    return {
        "level": level.level,
        "profile": level.profile,
        "basis": level.basis,
        "source": source_text(level.source),
    }


def _derived_json(derived: DerivedLevel) -> dict[str, object]:
    return {
        "level": derived.level,
        "output": derived.output,
        "could_be": list(derived.could_be),
        "clause": derived.clause,
        "says": derived.says,
        "verified": derived.verified,
        "facts": dict(derived.facts),
        "not_stated": list(derived.not_stated),
        "settled_by": {output: dict(facts) for output, facts in derived.settled_by.items()},
        "flags": list(derived.flags),
    }
