"""Judgements of records against what the rules ask for: a name that no rule asks, a value that none could use."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from synthesis.errors import Problem, Severity, did_you_mean
from synthesis.records.review import Review
from synthesis.records.study import Judgement, Study
from synthesis.scoring.language import Declared
from synthesis.scoring.rule import Ask, Rule

CODES: Mapping[str, str] = {
    "SY307": "a judgement that no rule asks for",
    "SY308": "a judgement whose value no rule that asks for it can use",
}
WANTED = {"a condition": "true or false", "a number": "a number", "a text": "words"}


def judgement_problems(studies: Iterable[Study], review: Review, rules: Iterable[Rule]) -> Iterator[Problem]:
    """Judgements of studies and of modalities that no rule would see.

    Parameters
    ----------
    studies : iterable of Study
        Their judgements are asked `of: study`.
    review : Review
        The judgements of its modalities are asked `of: intervention`.
    rules : iterable of Rule
        All that there are, the review's own among them.
    """
    asked: dict[str, dict[str, list[Ask]]] = {"study": defaultdict(list), "intervention": defaultdict(list)}
    for rule in rules:
        for name, ask in rule.asks.items():
            asked[ask.of][name].append(ask)
    for study in studies:
        yield from (found for one in study.judgements for found in _of_one(one, "study", asked["study"]))
    for modality in review.modalities.values():
        yield from (found for one in modality.judgements for found in _of_one(one, "modality", asked["intervention"]))


def _of_one(judgement: Judgement, of: str, asked: Mapping[str, list[Ask]]) -> Iterator[Problem]:
    if judgement.name not in asked:
        what = f"no rule asks of a {of} whether it is {judgement.name!r}"
        yield _problem(judgement, "SY307", what, did_you_mean(judgement.name, asked), Severity.NOTE)
        return
    wanted = [ask.declared for ask in asked[judgement.name]]
    if judgement.value is not None and not any(_fits(judgement.value, declared) for declared in wanted):
        what = f"the judgement {judgement.name!r} is {judgement.value!r}"
        remedy = f"write {' or '.join(dict.fromkeys(map(_words, wanted)))}"
        yield _problem(judgement, "SY308", what, remedy, Severity.WARNING)


def _problem(judgement: Judgement, code: str, what: str, remedy: str, severity: Severity) -> Problem:
    place = judgement.place
    return Problem(place.path, place.line, place.column, code, what, remedy, severity)


def _fits(value: float | bool | str, declared: Declared) -> bool:
    if declared.kind == "a condition":
        return isinstance(value, bool)
    if declared.kind == "a number":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, str) and (not declared.words or value in declared.words)


def _words(declared: Declared) -> str:
    return f"one of {', '.join(declared.words)}" if declared.words else WANTED[declared.kind]
