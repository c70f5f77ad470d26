"""Studies of one pool as the data of an albatross plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from synthesis.errors import InvalidArgument, NotFound, did_you_mean
from synthesis.evidence import ACTIVE, INACTIVE, Evidence
from synthesis.records.review import Review
from synthesis.records.study import Counts
from synthesis.rendering.figures.results import StudyResult, study_results
from synthesis.rendering.figures.words import check_attribute, favours, title_of
from synthesis.rendering.plots.albatross_contours import CONTOURS
from synthesis.rendering.plots.albatross_data import LEAST_P, AlbatrossData, AlbatrossPoint

DIFFERENCE = "SMD"
GROUP = "level"


@dataclass(frozen=True, slots=True)
class _Contours:
    """Which contours are drawn, and why these."""

    measure: str
    baseline: float | None = None
    why: str = ""


def albatross_data(
    evidence: Evidence,
    review: Review,
    *,
    contours: str | None = None,
    baseline: float | None = None,
    group: str = GROUP,
    active: bool = False,
    title: str = "",
) -> AlbatrossData:
    """Every study that has an effect in numbers, by the p-value of its own effect and its participants.

    Parameters
    ----------
    evidence : Evidence
        Of one modality and one outcome.
    review : Review
        Labels, and the declared event.
    contours : str, optional
        A key of CONTOURS; by default the measure of the headline pool, where it can have contours, else SMD.
    baseline : float, optional
        The risk of the control group that contours of a ratio start from; by default the median of those of the
        studies with counts.
    group : str
        The attribute that marks tell apart, a key of ATTRIBUTES.
    active : bool
        The contrasts with active comparators in place of the others.
    title : str
        Of the figure; otherwise it names what is shown.

    Returns
    -------
    AlbatrossData
        Effects above the null stand on the right, as on a forest plot. A trial of clusters whose intra-cluster
        correlation is stated stands at its effective number of participants.

    Raises
    ------
    NotFound
        No study has an effect in numbers and a known number of participants.
    InvalidArgument
        For a measure or an attribute that there is not, and for contours of a ratio without a baseline risk.
    """
    check_attribute(group)
    results = study_results(evidence, review, active=active)
    shown = [one for one in results if one.entry is not None and one.people is not None]
    if not shown:
        names = ", ".join(sorted({one.study.key for one in results}))
        raise NotFound(f"no study has an effect in numbers and a number of participants: {names}")
    found = _contours(evidence, shown, contours, baseline, active=active)
    return AlbatrossData(
        title=title or title_of(dict.fromkeys(one.cell for one in shown), review),
        measure=found.measure,
        points=tuple(_point(one, one.attribute(group, evidence.options), group) for one in shown),
        baseline_risk=found.baseline,
        favours=favours(review.outcomes[shown[0].cell[1]].better),
        footnotes=tuple(_footnotes(results, shown, found, active=active)),
    )


def _point(one: StudyResult, mark: str, group: str) -> AlbatrossPoint:
    assert one.entry is not None
    people, p = one.people, one.p_value
    assert people is not None
    assert p is not None
    return AlbatrossPoint(
        label=one.study.key,
        n=people,
        p=max(p, LEAST_P),
        direction=1 if one.entry.yi >= 0 else -1,
        clusters=_clusters(one, people),
        group=f"{group.replace('_', ' ')} {mark}",
    )


def _clusters(one: StudyResult, people: float) -> tuple[float, float] | None:
    """Intra-cluster correlation and mean size of the clusters, where a trial of clusters states them."""
    design = one.study.design
    if design.unit != "cluster" or design.icc is None or not design.clusters:
        return None
    return design.icc, max(1.0, people / design.clusters)


def _contours(
    evidence: Evidence, shown: Sequence[StudyResult], asked: str | None, baseline: float | None, *, active: bool
) -> _Contours:
    """The contours that are asked for, else those of the pool."""
    if asked is not None and asked not in CONTOURS:
        raise InvalidArgument(f"no contours of {asked!r}: {did_you_mean(asked, CONTOURS)}")
    pooled = _measure(evidence, active=active)
    measure = asked or (pooled if pooled in CONTOURS else DIFFERENCE)
    if not CONTOURS[measure].ratio:
        why = f"The pool is in {pooled}, for which there are no contours." if measure not in (asked, pooled) else ""
        return _Contours(measure, why=why if pooled else "")
    risks = [
        one.entry.data.control_events / one.entry.data.control_n
        for one in shown
        if one.entry is not None and isinstance(one.entry.data, Counts)
    ]
    if baseline is None and not risks and asked is None:
        return _Contours(DIFFERENCE, why=f"The pool is in {pooled}, but no study gives counts for a baseline risk.")
    if baseline is None and not risks:
        raise InvalidArgument(f"no study gives counts for a baseline risk: contours of {measure} need --baseline-risk")
    risk = median(risks) if baseline is None else baseline
    if baseline is None and asked is None and not 0 < risk < 1:
        return _Contours(DIFFERENCE, why=f"The pool is in {pooled}, but the median baseline risk is {risk:g}.")
    why = f"Baseline risk: the median of {len(risks)} control groups." if baseline is None else ""
    return _Contours(measure, risk, why)


def _measure(evidence: Evidence, *, active: bool) -> str:
    """The measure of the headline pool, or of the first one; empty where there is none."""
    group = ACTIVE if active else INACTIVE
    pools = [pool for pool in evidence.pools if pool.key.group == group]
    return next((pool.measure for pool in pools if pool.headline), pools[0].measure if pools else "")


def _footnotes(
    results: Sequence[StudyResult], shown: Sequence[StudyResult], found: _Contours, *, active: bool
) -> list[str]:
    against = "active" if active else "inactive"
    notes = [found.why] if found.why else []
    notes.append(f"p: two-sided z test of each study's own effect. Against {against} comparators.")
    keys = {one.study.key for one in shown}
    words = sorted({one.study.key for one in results if one.entry is None})
    unknown = sorted({one.study.key for one in results if one.entry is not None} - keys)
    if words:
        notes.append(f"Without an effect in numbers, and not shown: {', '.join(words)}.")
    if unknown:
        notes.append(f"With an effect, but without a number of participants, and not shown: {', '.join(unknown)}.")
    whole = sorted(
        one.study.key
        for one in shown
        if one.study.design.unit == "cluster" and _clusters(one, one.people or 1.0) is None
    )
    if whole:
        notes.append(f"Trials of clusters at their whole number of participants: {', '.join(whole)}.")
    return notes
