"""What if a record, or a judgement of review.toml, said something else: computed in memory, written nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from synthesis.errors import InvalidArgument, NotFound, Problem, Severity, did_you_mean
from synthesis.files import MEGABYTE, read_limited
from synthesis.pipeline.checking import evidence_problems, level_problems_of
from synthesis.pipeline.loading import Loaded
from synthesis.pipeline.scores import every_rule
from synthesis.pipeline.sides import side_of, snapshots, with_studies
from synthesis.records.review import FILE, Modality, Review
from synthesis.records.study import NOT_STATED, Judgement, Place, Study

if TYPE_CHECKING:
    from synthesis.crosscheck.snapshot import Supposed
    from synthesis.scoring.rule import Rule

JUDGED = re.compile(r"modalities\.(?P<modality>[^.]+)\.judgements\.(?P<name>[a-z][a-z0-9_]*)(\.is)?", re.ASCII)
BECAUSE = "what if"


def suppose(
    loaded: Loaded,
    target: str,
    changes: Sequence[tuple[str, str]],
    *,
    rule: str | None = None,
    policy: str | None = None,
) -> Supposed:
    """What changes if a record said something else.

    Parameters
    ----------
    loaded : Loaded
        The review as it is.
    target : str
        The key of a study, or `review.toml` for a judgement of a modality.
    changes : sequence of (str, str)
        Path and value: `design.allocation`, `randomised`; of review.toml `modalities.KEY.judgements.NAME`, `true`.
    rule, policy : str, optional
        What grades the cells; by default what review.toml names.

    Raises
    ------
    NotFound
        There is no such study, modality or rule.
    InvalidArgument
        A path that there is not, or a value that cannot stand there.
    """
    from synthesis.crosscheck.snapshot import Supposed

    rules = every_rule(loaded)
    if rule or policy:
        loaded = _graded_by(loaded, rule, policy)
    after, problems = _judged(loaded, changes, rules) if target == FILE else _changed(loaded, target, changes)
    touched = _modalities(loaded, after, target, changes)
    sides = [side_of(_only(one, touched), touched, rules) for one in (loaded, after) if one is not None]
    before, *rest = snapshots(sides, rules)
    return Supposed(target, tuple(changes), before, rest[0] if rest else None, problems)


def _graded_by(loaded: Loaded, rule: str | None, policy: str | None) -> Loaded:
    """The review as if it named another rule, or another policy of its own."""
    from synthesis.scoring.rule import procedure_of

    review = loaded.records.review
    (chosen,) = every_rule(loaded, [rule or review.rule])
    taken = procedure_of(chosen, policy or (review.policy if rule is None else "") or None)
    return _with_review(loaded, replace(review, rule=chosen.key, policy=taken.name))


def _with_review(loaded: Loaded, review: Review) -> Loaded:
    return replace(loaded, records=replace(loaded.records, review=review))


def _changed(loaded: Loaded, key: str, changes: Sequence[tuple[str, str]]) -> tuple[Loaded | None, tuple[Problem, ...]]:
    """The review with one changed record, if that can be used, and what the record has then against it."""
    from synthesis.records.folder import STUDIES
    from synthesis.records.read import read_study
    from synthesis.records.whatif import changed

    old = _study(loaded, key)
    text = read_limited(loaded.root / STUDIES / f"{key}.yaml", MEGABYTE).decode("utf-8")
    for path, value in changes:
        text = changed(text, path, value)
    study, problems = read_study(text, old.place.path, key, loaded.records.review)
    if study is None:
        return None, problems
    after = with_studies(loaded, (study if one.key == key else one for one in loaded.records.studies))
    return after, _new_problems(loaded, after, study)


def _study(loaded: Loaded, key: str) -> Study:
    found = {study.key: study for study in loaded.records.studies}
    if key not in found:
        raise NotFound(f"no study {key!r}: {did_you_mean(key, [*found, FILE])}")
    return found[key]


def _new_problems(before: Loaded, after: Loaded, study: Study) -> tuple[Problem, ...]:
    """What `synth check` would say of the changed record and does not say of it now."""
    from synthesis.records.waivers import apply_waivers

    old = {(problem.code, problem.what) for problem in _problems(before, study.key)}
    found = [problem for problem in _problems(after, study.key) if (problem.code, problem.what) not in old]
    told = apply_waivers(found, (study,))
    return tuple(problem for problem in told if problem in found or problem.accepted)


def _problems(loaded: Loaded, key: str) -> list[Problem]:
    """What the checks of records, their levels, and their words against their numbers find in one record."""
    from synthesis.records.checks import check_studies

    study, records = _study(loaded, key), loaded.records
    alone = with_studies(loaded, [study])
    found = [
        *check_studies(records.studies, records.review), *level_problems_of(alone), *evidence_problems(alone),
    ]  # fmt: skip
    return [problem for problem in found if problem.path == study.place.path]


def _judged(
    loaded: Loaded, changes: Sequence[tuple[str, str]], rules: Sequence[Rule]
) -> tuple[Loaded, tuple[Problem, ...]]:
    """The review with other judgements of its modalities."""
    review = loaded.records.review
    modalities = dict(review.modalities)
    problems: list[Problem] = []
    for path, value in changes:
        key, name = _judgement(review, path)
        modality = modalities[key]
        place = next((one.place for one in modality.judgements if one.name == name), Place(FILE, 1, 1))
        rest = [one for one in modality.judgements if one.name != name]
        modalities[key] = replace(modality, judgements=(*rest, Judgement(name, _value(value), BECAUSE, place)))
        problems += _unasked(rules, modality, name, place)
    return _with_review(loaded, replace(review, modalities=modalities)), tuple(problems)


def _judgement(review: Review, path: str) -> tuple[str, str]:
    """The modality and the judgement that a path names."""
    found = JUDGED.fullmatch(path)
    if not found:
        raise InvalidArgument(f"{FILE} has no path {path!r} here: write modalities.KEY.judgements.NAME=VALUE")
    key = found["modality"]
    if key not in review.modalities:
        raise NotFound(f"no modality {key!r}: {did_you_mean(key, review.modalities)}")
    return key, found["name"]


def _unasked(rules: Iterable[Rule], modality: Modality, name: str, place: Place) -> Iterable[Problem]:
    """A judgement that no rule asks for changes nothing."""
    asked = sorted({each for rule in rules for each, ask in rule.asks.items() if ask.of == "intervention"})
    if name not in asked:
        what = f"modality {modality.key}: no rule asks for the judgement {name!r}"
        yield Problem(place.path, place.line, place.column, "SY103", what, did_you_mean(name, asked), Severity.WARNING)


def _value(text: str) -> bool | float | str | None:
    """A truth, a number or text; None for `not stated`."""
    known: dict[str, bool | None] = {"true": True, "false": False, NOT_STATED: None}
    if text in known:
        return known[text]
    try:
        return float(text)
    except ValueError:
        return text


def _modalities(loaded: Loaded, after: Loaded | None, target: str, changes: Sequence[tuple[str, str]]) -> set[str]:
    """The modalities that a change can touch."""
    review = loaded.records.review
    if target == FILE:
        return {_judgement(review, path)[0] for path, _ in changes}
    studies = [_study(one, target) for one in (loaded, after) if one is not None]
    return {finding.modality for study in studies for finding in study.findings} & set(review.modalities)


def _only(loaded: Loaded, modalities: set[str]) -> Loaded:
    """The studies that share a modality, or the matrix row of one, with what a change can touch."""
    review = loaded.records.review
    rows = {review.modalities[key].row for key in modalities} - {""}
    wanted = modalities | {one.key for one in review.modalities.values() if one.row in rows}
    return with_studies(
        loaded,
        (
            study
            for study in loaded.records.studies
            if any(finding.modality in wanted or rows & set(finding.rows) for finding in study.findings)
        ),
    )
