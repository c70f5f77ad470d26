"""A pool as the data of a forest plot."""

from __future__ import annotations

from synthesis.effects import MEASURES
from synthesis.errors import NotFound
from synthesis.evidence import ACTIVE, INACTIVE, Entry, Evidence, Pool
from synthesis.records.review import Review
from synthesis.records.study import Counts, Means
from synthesis.rendering.figures.words import favours
from synthesis.rendering.plots.forest_data import ForestData, ForestRow, ForestSummary
from synthesis.rendering.pools import MAIN, models, own_interval
from synthesis.text import decimal, interval, p_value

HEADERS = {Counts: ("Treatment\nn/N", "Control\nn/N"), Means: ("Treatment\nmean (SD), n", "Control\nmean (SD), n")}


def chosen_pool(evidence: Evidence, *, family: str | None, active: bool) -> Pool:
    """The pool to draw: the headline, or the one of a family and kind of comparator.

    Raises
    ------
    NotFound
        There is none; what was left out is counted by reason.
    """
    group = ACTIVE if active else INACTIVE
    fitting = [pool for pool in evidence.pools if pool.key.group == group and family in (None, pool.key.family)]
    if not fitting:
        reasons = "; ".join(dict.fromkeys(one.reason for one in evidence.left_out)) or "no finding"
        others = ", ".join(f"{pool.key.family} ({pool.key.group})" for pool in evidence.pools)
        raise NotFound(f"there is no such pool to draw; pools there are: {others or 'none'}; left out: {reasons}")
    return next((pool for pool in fitting if pool.headline), fitting[0])


def forest_data(pool: Pool, review: Review) -> ForestData:
    """Everything that the forest plot of a pool shows."""
    modality, outcome = review.modalities[pool.key.by[0]], review.outcomes[pool.key.outcome]
    kinds = {type(entry.data) for entry in pool.entries}
    kind = kinds.pop() if len(kinds) == 1 else None
    headers = HEADERS.get(kind, ()) if kind else ()
    fit = pool.fit
    rows = tuple(_row(pool, number, counted=bool(headers)) for number in range(len(pool.entries)))
    reason = "" if fit.pi_low is not None else fit.reason("pi_low")
    prediction = None if fit.pi_low is None or fit.pi_high is None else (fit.pi_low, fit.pi_high)
    return ForestData(
        title=f"{modality.label}: {outcome.label}",
        measure=MEASURES[pool.measure].label.capitalize(),
        ratio=pool.is_ratio,
        columns=headers,
        rows=rows,
        summaries=_summaries(pool),
        prediction=prediction if fit.k > 1 else None,
        prediction_reason=reason if fit.k > 1 else "",
        heterogeneity=_heterogeneity(pool),
        favours=favours(pool.better),
        footnotes=(f"Against {pool.key.group} comparators; {fit.method}, test {fit.test}.",),
        level=fit.level,
    )


def _row(pool: Pool, number: int, *, counted: bool) -> ForestRow:
    entry = pool.entries[number]
    low, high = own_interval(entry, pool)
    weight = pool.fit.weights[number] if pool.fit.k > 1 else None
    columns = _columns(entry) if counted else ()
    return ForestRow(entry.study.key, columns, entry.yi, low, high, weight, "; ".join(entry.notes))


def _columns(entry: Entry) -> tuple[str, ...]:
    data = entry.data
    if isinstance(data, Counts):
        return f"{data.events}/{data.n}", f"{data.control_events}/{data.control_n}"
    assert isinstance(data, Means)
    return (
        f"{data.mean:g} ({data.sd:g}), {data.n}",
        f"{data.control_mean:g} ({data.control_sd:g}), {data.control_n}",
    )


def _summaries(pool: Pool) -> tuple[ForestSummary, ...]:
    if pool.fit.k == 1:
        return ()
    return tuple(
        ForestSummary(
            f"{'Equal' if fit.method == 'EE' else 'Random'} effects ({fit.method}, {fit.test})"
            + ("" if name in (MAIN, "z", "equal effects, z") else f", {name}"),
            fit.estimate,
            fit.ci_low,
            fit.ci_high,
        )
        for name, fit in models(pool)
    )


def _heterogeneity(pool: Pool) -> str:
    fit = pool.fit
    if fit.k == 1:
        return "One study: its own effect, not pooled"
    tau2 = f"tau² = {decimal(fit.tau2, 3)} {interval(fit.tau2_ci_low, fit.tau2_ci_high, 3)}"
    return f"{tau2}, I² = {decimal(fit.i2, 1)} %, Q = {decimal(fit.q, 2)} (df {fit.q_df}, p {p_value(fit.q_p_value)})"
