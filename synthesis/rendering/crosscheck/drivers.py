"""What stands behind a status, line by line: eligibility first, then the score, then the pool."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.crosscheck.discordance import CrossCheck, Model, OnPool, Together
from synthesis.evidence import Pool
from synthesis.rendering.cells import clause_text, output_text, points_text, ways_text
from synthesis.rendering.crosscheck.words import (
    beside_name,
    effect_text,
    placement,
    prediction_text,
    published_text,
    rests,
    subset_text,
)
from synthesis.rendering.sensitivity_files import cell_lines
from synthesis.scoring.operating.fragility import Fragility
from synthesis.scoring.operating.surprise import Chance
from synthesis.scoring.rule import BLANK
from synthesis.text import ABSENT, decimal, interval, p_value, percent


def driven_by(check: CrossCheck) -> Iterator[str]:
    """What stands behind a status, line by line."""
    yield from _eligibility(check)
    yield from _of_score(check)
    if check.pool is not None:
        yield from _of_pool(check, check.pool)
    if check.sensitivity is not None:
        yield from cell_lines(check.sensitivity)
    if check.on_pool is not None:
        yield on_pool_text(check.on_pool)
    if check.printed_status and check.printed is not None:
        yield f"printed points {points_text(check.printed.points)}: {check.printed_status}{placement(check)}"
    yield from (f"published: {published_text(one)}" for one in check.published)


def _eligibility(check: CrossCheck) -> Iterator[str]:
    """Selections on which a disagreement vanishes."""
    found = [f"{subset_text(one)} ({one.output} by the rule, k {one.k}, {one.status})" for one in check.resolved_by]
    if found:
        yield f"eligibility: the disagreement vanishes with {'; '.join(found)}"


def _of_score(check: CrossCheck) -> Iterator[str]:
    score, drivers = check.score, check.drivers
    if not score.output:
        return
    what = f"points {check.points}" if check.points is not None else f"verdict {score.output}"
    yield f"{what}: {clause_text(score)}" + (f"; {on}" if (on := rests(check)) else "")
    if check.points is None and check.standing is not None:
        yield f"by its colour, {score.colour}, the verdict stands for {check.standing} points"
    elif check.why_no_points:
        yield f"no points: {check.why_no_points}"
    if check.printed is not None and check.cell_points != check.points:
        yield f"row {check.modality.row} has {points_text(check.cell_points)} over all its modalities"
    yield f"samples: {len(score.studies)}, from {drivers.reports} {'report' if drivers.reports == 1 else 'reports'}"
    if drivers.fragility is not None:
        yield fragility_text(drivers.fragility)
    if drivers.reported is not None:
        said = drivers.reported
        yield f"direction as the sources report it: {output_text(said)} ({clause_text(said)})"
    if score.could_be:
        yield f"what is not stated leaves open: {', '.join(name or BLANK for name in score.could_be)}"


def fragility_text(found: Fragility) -> str:
    """The fewest flips that change a score, and its range without one study."""
    flips = found.reason if found.flips is None else f"{found.flips} flipped gives {found.becomes} ({ways_text(found)})"
    span = found.lowest if found.lowest == found.highest else f"{found.lowest} to {found.highest}"
    return f"fragility: {flips}; without one study {span}"


def _of_pool(check: CrossCheck, pool: Pool) -> Iterator[str]:
    drivers = check.drivers
    yield from (model_text(pool, model) for model in check.models)
    if check.status_beside and not any(model.name == beside_name(check) for model in check.models):
        yield f"with {beside_name(check)}: {check.status_beside}"
    if check.few:
        yield "few studies: every statement about this effect is weak"
    if check.in_smd is not None:
        smd = check.in_smd
        yield f"as SMD, benefit above 0: {decimal(smd.estimate, 2)}, lower bound {decimal(smd.low, 2)} (k {smd.k})"
    if check.together is not None:
        yield from together_lines(check.together, pool)
    yield f"weight by level: {', '.join(f'level {level} {percent(share)} %' for level, share in drivers.levels)}"
    if drivers.heaviest is not None:
        yield f"most weight: {drivers.heaviest[0]} ({percent(drivers.heaviest[1])} %)"
    yield from (f"without {study} in the pool: {status}" for study, status in drivers.turning)


def model_text(pool: Pool, model: Model) -> str:
    """One model of a pool with its status."""
    prediction = prediction_text(pool, model.fit)
    predicted = (
        f"no prediction interval ({model.fit.reason('pi_low')})" if prediction == ABSENT else f"prediction {prediction}"
    )
    tau2 = "" if model.fit.tau2 is None or model.fit.method == "EE" else f", tau2 {decimal(model.fit.tau2, 3)}"
    return f"with {model.name}: {effect_text(pool, model.fit)}, {model.status}; {predicted}{tau2}"


def together_lines(found: Together, pool: Pool) -> Iterator[str]:
    """What the studies of a pool show together."""
    r = f"r {p_value(found.r_fisher)} (Fisher), {p_value(found.r_bonferroni)} (Bonferroni)"
    least = f"at least {found.least_benefit} of {pool.fit.k} show a benefit, at least {found.least_harm} harm"
    yield f"replicated in two studies: {r}; {least}"
    yield (
        f"significant benefits: {found.observed} observed, {decimal(found.expected, 1)} expected, "
        f"p {p_value(found.excess_p)} of an excess"
    )
    scale = "log, " if pool.is_ratio else ""
    yield f"lower bound without one study ({scale}benefit above 0): {interval(*found.low_without, 2)}"


def on_pool_text(found: OnPool) -> str:
    """How often the rule gives what it gives for the pool's own studies."""
    odds = found.surprise
    own, effect = (f"{odds.k} studies", "pooled effect") if odds.k > 1 else ("1 study", "effect of that study")
    return (
        f"of the pool's own {own} the rule gives {found.output or BLANK}: {_chance_text(odds.pooled)} if the {effect} "
        f"holds; {_chance_text(odds.nothing)} if there is none"
    )


def _chance_text(chance: Chance) -> str:
    expected = "" if chance.expected is None else f", {decimal(chance.expected, 1)} expected"
    return f"P {decimal(chance.same, 2)}, P of that or more {decimal(chance.as_good, 2)}{expected}"
