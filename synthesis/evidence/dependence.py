"""The pools of a review with all effects of a study, which depend on one another; points and matrix never use them.

What enters and what covaries is decided here. Independence holds between studies alone: every effect of a study stands
under its study, k counts studies, and effects of one study covary by the people whom they share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

import numpy as np

from synthesis.effects import shared_control_covariance
from synthesis.effects.columns import FloatArray
from synthesis.errors import InvalidArgument
from synthesis.evidence.contrasts import LeftOut
from synthesis.evidence.entries import OTHER_NUMBERS, Entry, at_one_time, preference, time_text
from synthesis.evidence.options import RHO_SHOWN, Options
from synthesis.evidence.other_models import OtherEvidence, OtherPool
from synthesis.evidence.own_effect import OwnEffect, own_effects
from synthesis.evidence.pools import Evidence, Key, Pool, by_study, grouped, order_of, poolable
from synthesis.pooling.blocks import Blocks
from synthesis.pooling.dependent.dependence import check_dependence, pool_dependent
from synthesis.pooling.dependent.nearest import SINGULAR
from synthesis.pooling.dependent.shared import exchangeable
from synthesis.pooling.dependent.vcalc import vcalc
from synthesis.pooling.model_pooled import ModelPooled
from synthesis.pooling.pooled import Note
from synthesis.records.review import Review
from synthesis.records.study import Counts, Means

AT_ONE_TIME = "all details and arms of a study at the follow-up that --follow-up takes first"
AT_ALL_TIMES = "all details, arms and follow-ups of a study"
COVARIANCE = (
    "Effects of one study that share an arm have the covariance of that arm (from its numbers, else from the sizes of "
    "the groups); what differs in detail or follow-up correlates by {rho:g} besides. k counts studies, which alone are "
    "independent; tau2 is the variance of true effects within and between studies. Beneath each pool stand other "
    "correlations, where it rests on one, and the usual pool, with one effect a study."
)
PART = "a part of an arm that is there whole"


class Way(NamedTuple):
    """A key of DEPENDENCE, and how it is asked."""

    kind: str
    method: str
    test: str


def dependent_pools(
    evidence: Evidence,
    review: Review,
    kind: str,
    *,
    method: str | None,
    test: str | None,
    say: Callable[[str, int], None] = lambda _, __: None,
) -> OtherEvidence:
    """The pools of an evidence with several effects of a study.

    Parameters
    ----------
    evidence : Evidence
        The usual pools, whose contrasts are taken.
    review : Review
        Its outcomes.
    kind : str
        A key of DEPENDENCE: aggregate takes one follow-up of each study, multilevel and robust take all.
    method, test : str, optional
        Of the way chosen. Aggregated effects are pooled as the options say.
    say : callable, optional
        Called with the name of each pool before it is fitted, and how many there are.

    Raises
    ------
    InvalidArgument
        For a way, method or test that there is not, and a correlation of 1.
    """
    options = evidence.options
    usual = (options.method, options.test) if kind == "aggregate" else (None, None)
    method, test = check_dependence(kind, method or usual[0], test or usual[1])
    if options.rho >= 1:
        raise InvalidArgument("rho must be below 1 for several effects of a study")
    effects, without = own_effects(evidence.selection.contrasts, review, options)
    left = [LeftOut(one.contrast.study, one.contrast.finding, one.reason) for one in without]
    taken, other = poolable(effects, review, options)
    left += [*evidence.selection.left_out, *other]
    groups = {key: _entering(group, options, left, kind) for key, group in grouped(taken).items()}
    keys = sorted((key for key, group in groups.items() if group), key=lambda key: order_of(key, review, options))
    known = {pool.key: pool for pool in evidence.pools}
    pools = []
    for key in keys:
        say(" ".join(key.by), len(keys))
        pools.append(_pool(key, groups[key], options, Way(kind, method, test), known.get(key)))
    ordered = tuple(sorted(left, key=lambda one: one.order))
    enters = (
        f"Each pool has {AT_ONE_TIME if kind == 'aggregate' else AT_ALL_TIMES}. {COVARIANCE.format(rho=options.rho)}"
    )
    return OtherEvidence(options, kind, method, test, enters, tuple(pools), ordered, evidence.unasked)


def _entering(group: Sequence[OwnEffect], options: Options, left: list[LeftOut], kind: str) -> list[OwnEffect]:
    """The effects of a pool, study by study."""
    found: list[OwnEffect] = []
    for effects in by_study(group):
        timed = at_one_time(effects, options, left) if kind == "aggregate" else list(effects)
        for one in _distinct(timed, left):
            if one.missing:
                left.append(LeftOut(one.contrast.study, one.contrast.finding, one.missing))
            else:
                found.append(one)
    return found


def _distinct(effects: Sequence[OwnEffect], left: list[LeftOut]) -> list[OwnEffect]:
    """One effect for each pair of arms, detail and follow-up; a part of an arm that is there whole is no other arm."""
    whole = _whole_arms(effects)

    def same(one: OwnEffect) -> tuple[str, ...]:
        finding = one.contrast.finding
        arms = (whole.get(finding.treatment, finding.treatment), whole.get(finding.control, finding.control))
        return (*arms, finding.detail, time_text(finding.time))

    def part(one: OwnEffect) -> bool:
        return one.contrast.finding.treatment in whole or one.contrast.finding.control in whole

    kept: list[OwnEffect] = []
    for _, several in groupby(sorted(effects, key=same), key=same):
        first, *others = sorted(several, key=lambda one: (part(one), preference(one)))
        kept.append(first)
        left += [
            LeftOut(one.contrast.study, one.contrast.finding, PART if part(one) else OTHER_NUMBERS) for one in others
        ]
    return kept


def _whole_arms(effects: Iterable[OwnEffect]) -> dict[str, str]:
    """Parts of arms, with the whole ones that are there too."""
    found = list(effects)
    used = {arm for one in found for arm in (one.contrast.finding.treatment, one.contrast.finding.control)}
    arms = found[0].contrast.study.arms if found else ()
    return {arm.key: arm.split_of for arm in arms if arm.split_of and arm.split_of in used}


def _pool(key: Key, effects: Sequence[OwnEffect], options: Options, way: Way, usual: Pool | None) -> OtherPool:
    studies = [one.contrast.study.key for one in effects]

    def fitted(rho: float, *, profile: bool = False) -> ModelPooled:
        said: list[Note] = []
        found = pool_dependent(
            way.kind, [one.yi for one in effects], covariances(effects, rho, said), studies, method=way.method,
            test=way.test, level=options.level, tau2_interval=options.tau2_interval, prediction=options.prediction,
            profile=profile,
        )  # fmt: skip
        return replace(found, notes=(*found.notes, *said))

    rests = _rests_on_rho(effects)
    by_rho = {rho: fitted(rho) for rho in RHO_SHOWN} if rests else {}
    entries = tuple(
        Entry(one.contrast.study, (one,), one.data, one.yi, one.vi, one.contrast.level, one.notes) for one in effects
    )
    return OtherPool(
        key, effects[0].measure, effects[0].better, entries, fitted(options.rho, profile=True), by_rho, usual
    )


def _rests_on_rho(effects: Sequence[OwnEffect]) -> bool:
    """Whether a study has effects that differ in more than their arms, or whose arms are not named."""
    return any(
        len(own) > 1 and (len({_measured(one) for one in own}) > 1 or not _named(own)) for own in by_study(effects)
    )


def _measured(one: OwnEffect) -> str:
    """What was measured and when."""
    finding = one.contrast.finding
    return f"{finding.detail}|{time_text(finding.time)}"


def _named(effects: Iterable[OwnEffect]) -> bool:
    return all(one.contrast.finding.treatment and one.contrast.finding.control for one in effects)


def covariances(effects: Sequence[OwnEffect], rho: float, said: list[Note] | None = None) -> Blocks:
    """Sampling covariances of effects, one block for each study.

    Two effects of a study covary by the arms that they share: where both come from numbers, are of one measurement and
    share one arm, by that arm's own variance (Gleser and Olkin 2009); else by the sizes of the groups (`vcalc`). What
    differs in detail or follow-up correlates by rho besides; so does everything in a study that does not name its arms.
    Contrasts that make a circle (a v b, b v c, a v c) hold nothing that two of them do not: they get the nearest
    correlations that are positive definite, and a note in `said`.
    """
    rows: list[list[int]] = []
    for _, own in groupby(range(len(effects)), key=lambda row: effects[row].contrast.study.key):
        rows.append(list(own))
    notes = [] if said is None else said
    matrices = [_of_study([effects[row] for row in own], rho, notes) for own in rows]
    return Blocks(tuple(np.array(own) for own in rows), tuple(matrices))


def _of_study(effects: Sequence[OwnEffect], rho: float, said: list[Note]) -> FloatArray:
    v = np.array([one.vi for one in effects])
    if len(v) == 1:
        return v[:, None]
    if not _named(effects):
        return exchangeable(v, rho)
    whole = _whole_arms(effects)
    arms = [
        tuple(whole.get(arm, arm) for arm in (one.contrast.finding.treatment, one.contrast.finding.control))
        for one in effects
    ]
    sizes = [_sizes(one) for one in effects]
    known = all(a and b for a, b in sizes)
    people = [[float(pair[role] or 1) for pair in sizes] if known else None for role in (0, 1)]
    blocks = vcalc(
        v, [effects[0].contrast.study.key] * len(v), obs=[_measured(one) for one in effects], rho=rho,
        grp1=[first for first, _ in arms], grp2=[second for _, second in arms],
        w1=people[0], w2=people[1], nearest=True,
    )  # fmt: skip
    said += [Note("model", note.reason) for note in blocks.notes]
    found = blocks.dense()
    exact = _with_shared_arms(found, effects, arms)
    return exact if np.linalg.eigvalsh(exact / np.sqrt(np.outer(v, v)))[0] > SINGULAR else found


def _sizes(one: OwnEffect) -> tuple[int | None, int | None]:
    """People in both groups, as the numbers or else the arms say."""
    if isinstance(one.data, (Counts, Means)):
        return one.data.n, one.data.control_n
    people = {arm.key: arm.n for arm in one.contrast.study.arms}
    return people.get(one.contrast.finding.treatment), people.get(one.contrast.finding.control)


def _with_shared_arms(found: FloatArray, effects: Sequence[OwnEffect], arms: Sequence[tuple[str, ...]]) -> FloatArray:
    """The matrix with the known covariances of pairs that share the treatment, or the control, of one measurement."""
    matrix = found.copy()
    for i, one in enumerate(effects):
        for j in range(i):
            other = effects[j]
            shared = [role for role in (0, 1) if arms[i][role] == arms[j][role]]
            if len(shared) == 1 and _measured(one) == _measured(other):
                value = _known(one, other, control=shared[0] == 1)
                if value is not None:
                    matrix[i, j] = matrix[j, i] = value * np.sqrt(one.inflation * other.inflation)
    return matrix


def _known(one: OwnEffect, other: OwnEffect, *, control: bool) -> float | None:
    """The covariance of two effects through an arm that they share, from its numbers; None where these do not say."""
    a, b, measure = one.data, other.data, one.measure
    if isinstance(a, Counts) and isinstance(b, Counts) and measure in ("OR", "RR", "RD"):
        cells = (a.events, a.n - a.events, a.control_events, a.control_n - a.control_events)
        if 0 in (*cells, b.events, b.n - b.events, b.control_events, b.control_n - b.control_events):
            return None
        events, people = (a.control_events, a.control_n) if control else (a.events, a.n)
        return shared_control_covariance(measure, control_events=events, control_n=people)
    if isinstance(a, Means) and isinstance(b, Means) and measure in ("MD", "SMD"):
        people, sd = (a.control_n, a.control_sd) if control else (a.n, a.sd)
        total = a.n + a.control_n + (b.n if control else b.control_n)
        return shared_control_covariance(
            measure, control_n=people, control_sd=sd, yi=(one.yi, other.yi), total_n=total
        )  # fmt: skip
    return None
