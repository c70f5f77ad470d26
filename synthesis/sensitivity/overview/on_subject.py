"""Methods of sensitivity on the studies of one pool, by its own estimator and test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.moderators.regress import regress
from synthesis.pooling.moderators.regression import Regression
from synthesis.pooling.pooled import Pooled
from synthesis.sensitivity.deletion.cumulative import OWN_ORDERS, Cumulative, cumulative
from synthesis.sensitivity.deletion.influence import Baujat, Influence, baujat, influence
from synthesis.sensitivity.deletion.leave_out import LeaveGroupOut, LeaveOneOut, leave_one_group_out, leave_one_out
from synthesis.sensitivity.deletion.leave_out_regression import RegressionsWithout
from synthesis.sensitivity.deletion.shrinkage import ShrunkenEffects, shrunken_effects
from synthesis.sensitivity.overview.subject import Subject
from synthesis.sensitivity.subsets.every_subset import MOST_EXACT, Gosh, gosh


@dataclass(frozen=True, slots=True, eq=False)
class WholeInfluence:
    """What each study does to one model: measures of influence, Baujat's coordinates, and shrunken effects."""

    measures: Influence
    baujat: Baujat
    shrunken: ShrunkenEffects


@dataclass(frozen=True, slots=True, eq=False)
class WithoutEach:
    """The pool or regression of all studies, and those without each study or group."""

    whole: Pooled | Regression
    without: LeaveOneOut | LeaveGroupOut | RegressionsWithout


def influence_of(subject: Subject, moderators: str | None = None) -> WholeInfluence:
    """Influence of the studies on the pool, or on its regression on what they state."""
    _refuse_single(subject, "there is no other for it to influence")
    found = influence(
        subject.yi, subject.vi, moderators, data=dict(subject.columns) if moderators else None,
        method=subject.method, test=subject.test,
    )  # fmt: skip
    return WholeInfluence(found, baujat(found.fit), shrunken_effects(found.fit))


def _refuse_single(subject: Subject, why: str) -> None:
    """Raise InvalidArgument for a pool of one study."""
    if len(subject.names) < 2:
        raise InvalidArgument(f"a single study: {why}")


def _how(subject: Subject) -> dict[str, Any]:
    """How the pools of a subject are made."""
    return {"method": subject.method, "test": subject.test, "level": subject.level}


def without_each(subject: Subject) -> WithoutEach:
    """The pools without each study in turn."""
    _refuse_single(subject, "nothing remains when it is left out")
    how = _how(subject)
    centres = subject.centres(subject.without_each())
    without = leave_one_out(subject.yi, subject.vi, mantel_haenszel=centres, **how)
    return WithoutEach(subject.pooled(), without)


def regressions_of(subject: Subject, moderators: str) -> WithoutEach:
    """The regression on what the studies state, without each study in turn."""
    _refuse_single(subject, "nothing remains when it is left out")
    how, data = _how(subject), dict(subject.columns)
    whole = regress(subject.yi, subject.vi, moderators, data=data, **how)
    return WithoutEach(whole, leave_one_out(subject.yi, subject.vi, moderators, data=data, **how))


def without_groups(subject: Subject, name: str) -> WithoutEach:
    """The pools without each group of studies in turn, by what they state under a name."""
    how = _how(subject)
    groups = np.array([str(value) for value in subject.column(name)])
    rows = [np.flatnonzero(groups != group) for group in np.unique(groups)]
    centres = subject.centres(rows) if len(rows) > 1 else None
    without = leave_one_group_out(subject.yi, subject.vi, groups, mantel_haenszel=centres, **how)
    return WithoutEach(subject.pooled(), without)


def built_up(subject: Subject, by: str, *, descending: bool = False, together: bool = False) -> Cumulative:
    """The pools of ever more studies, by precision, as they stand, or by what they state under a name."""
    _refuse_single(subject, "there is no second one to add")
    order = by if by in OWN_ORDERS else np.array(subject.column(by))
    asked: dict[str, Any] = {"descending": descending, "together": together}
    centres = None
    if subject.method == "DLMH":
        steps = cumulative(subject.yi, subject.vi, order, method="EE", **asked).rows
        centres = subject.centres(np.concatenate(steps[: place + 1]) for place in range(len(steps)))
    return cumulative(subject.yi, subject.vi, order, mantel_haenszel=centres, **_how(subject), **asked)


def subsets_of(subject: Subject, subsets: int, seed: int) -> Gosh:
    """The pools of all subsets of the studies, or of so many beyond what can be pooled whole."""
    _refuse_single(subject, "it has no subsets")
    random = np.random.default_rng(seed) if len(subject.names) > MOST_EXACT else None
    return gosh(subject.yi, subject.vi, method=subject.method, subsets=subsets, random=random)
