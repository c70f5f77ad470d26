"""The cross-check as CSV rows and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.crosscheck.discordance import CrossCheck, Model, OnPool, Subset, Together
from synthesis.crosscheck.ledger.across import MEASURED, Across, Counted, across
from synthesis.crosscheck.ledger.rules import RuleAgreement
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.crosscheck.statuses import KINDS, MEANING, STATUSES
from synthesis.evidence import Pool
from synthesis.rendering.crosscheck.rules import agreement_json
from synthesis.rendering.crosscheck.varied import COLUMNS as VARIED
from synthesis.rendering.crosscheck.varied import sensitivity_fields, sensitivity_json
from synthesis.rendering.crosscheck.words import benefit_of, beside_name, published_text, rests, subset_text
from synthesis.rendering.fits import READ, natural, plain
from synthesis.rendering.tables import Cell
from synthesis.scoring.operating.surprise import Chance
from synthesis.scoring.rule import BLANK
from synthesis.text import rounded

COLUMNS = (
    "modality", "outcome", "row", "points", "studies_scored", "clause", "why_no_points", "cell_points", "printed",
    "placement", "k", "few_studies", "family", "measure", "better", "estimate", "ci_low", "ci_high", "pi_low",
    "pi_high", "benefit", "benefit_low", "benefit_high", "benefit_pi_low", "benefit_pi_high", "status", "model_beside",
    "status_beside", "status_of_printed", "column_of_printed", "points_rest_on", "most_weight", "its_weight",
    "status_turns_without", "published",
    "output", "stands_for_points", "verified", "could_be", "evidence", "why_no_pool",
    "status_adhoc", "z_model", "z_benefit_low", "z_benefit_high", "z_benefit_pi_low", "z_benefit_pi_high", "status_z",
    "tau2", "disagreement_vanishes_with", "reports", "output_as_reported", "weight_by_level",
    "r_fisher", "r_bonferroni", "least_benefit", "least_harm", "significant_observed", "significant_expected",
    "excess_p", "low_without_least", "low_without_most", "smd", "smd_low", "smd_k",
    "flips", "flips_to", "output_without_least", "output_without_most",
    "output_of_pool", "p_pooled", "p_pooled_or_more", "expected_pooled", "p_nothing", "p_nothing_or_more",
    "expected_nothing", "p_by", *VARIED,
)  # fmt: skip


def csv_rows(checks: Sequence[CrossCheck]) -> Iterator[list[Cell]]:
    """One line for each cross-check, under COLUMNS; benefit is above 0, ratios in it are logs."""
    for check in checks:
        score, printed, drivers = check.score, check.printed, check.drivers
        heaviest: tuple[Cell, Cell] = drivers.heaviest or ("", None)
        yield [
            check.modality.key, check.outcome.key, check.modality.row, check.points, check.studies,
            score.clause, check.why_no_points, check.cell_points,
            None if printed is None else printed.points, "" if printed is None else printed.placement,
            *_pool_fields(check), check.status, beside_name(check) if check.status_beside else "", check.status_beside,
            check.printed_status, printed.placement if check.printed_status and printed is not None else "",
            rests(check), *heaviest, "; ".join(f"{study}: {status}" for study, status in drivers.turning),
            "; ".join(map(published_text, check.published)),
            *_score_fields(check), check.kind, check.why_no_pool, *_model_fields(check),
            None if check.pool is None else check.pool.fit.tau2, "; ".join(map(subset_text, check.resolved_by)),
            drivers.reports, "" if drivers.reported is None else drivers.reported.output,
            "; ".join(f"level {level}: {share:.4f}" for level, share in drivers.levels),
            *_together_fields(check.together), *_smd_fields(check), *_fragility_fields(check),
            *_on_pool_fields(check.on_pool), *sensitivity_fields(check.sensitivity),
        ]  # fmt: skip


def _pool_fields(check: CrossCheck) -> list[Cell]:
    pool = check.pool
    if pool is None:
        return [None] * 15
    fit = pool.fit
    read = [natural(getattr(fit, name), ratio=pool.is_ratio) for name in READ]
    about: list[Cell] = [fit.k, check.few, pool.key.family, pool.measure, pool.better]
    return [*about, *read, *benefit_of(pool, fit)]


def _score_fields(check: CrossCheck) -> list[Cell]:
    score = check.score
    return [score.output or BLANK, check.standing, score.verified, "; ".join(name or BLANK for name in score.could_be)]


def _model_fields(check: CrossCheck) -> list[Cell]:
    """The status by adhoc, and the model by z with its bounds and status."""
    if check.pool is None:
        return ["", "", None, None, None, None, ""]
    adhoc = next((model.status for model in check.models if model.name == "adhoc"), "")
    z = next(model for model in check.models if model.name != "adhoc")
    return [adhoc, z.name, *benefit_of(check.pool, z.fit)[1:], z.status]


def _together_fields(found: Together | None) -> list[Cell]:
    if found is None:
        return [None] * 9
    return [
        found.r_fisher, found.r_bonferroni, found.least_benefit, found.least_harm, found.observed, found.expected,
        found.excess_p, *found.low_without,
    ]  # fmt: skip


def _smd_fields(check: CrossCheck) -> list[Cell]:
    found = check.in_smd
    return [None] * 3 if found is None else [found.estimate, found.low, found.k]


def _fragility_fields(check: CrossCheck) -> list[Cell]:
    found = check.drivers.fragility
    return [None, "", "", ""] if found is None else [found.flips, found.becomes, found.lowest, found.highest]


def _on_pool_fields(found: OnPool | None) -> list[Cell]:
    if found is None:
        return ["", *[None] * 6, ""]
    odds = found.surprise
    chances = (value for one in (odds.pooled, odds.nothing) for value in (one.same, one.as_good, one.expected))
    return [found.output or BLANK, *chances, odds.method]


def crosscheck_json(checks: Sequence[CrossCheck], agreement: RuleAgreement | None = None) -> dict[str, object]:
    """All cross-checks as plain values; null where a reason is given or nothing is known."""
    together = across(checks)
    counts = together.living.statuses
    return {
        "statuses": {
            name: {"means": means, "evidence": KINDS[name], "count": counts[name]} for name, means in STATUSES.items()
        },
        "evidence": dict(MEANING),
        "benefit_scale": "benefit above 0; ratios as logs",
        "across": _across_json(together),
        "rules": None if agreement is None else agreement_json(agreement),
        "cross_checks": [_json(check) for check in checks],
    }


def _across_json(found: Across) -> dict[str, object]:
    return {
        "cells": found.cells,
        "cells_in_the_matrix": found.placed,
        "living": _counted_json(found.living),
        "printed": _counted_json(found.printed),
        "points_with": [
            {"number": name, "of": MEASURED[name], **plain(one.to_dict())} for name, one in found.ordered.items()
        ],
    }


def _counted_json(found: Counted) -> dict[str, object]:
    return {
        "compared": found.compared,
        "disagree": found.disagree,
        "rate": rounded(found.rate),
        "more_than_three_studies": {
            "compared": found.firm, "disagree": found.firm_disagree, "rate": rounded(found.firm_rate),
        },
    }  # fmt: skip


def _json(check: CrossCheck) -> dict[str, object]:
    score, printed, pool, drivers = check.score, check.printed, check.pool, check.drivers
    return {
        "modality": check.modality.key,
        "outcome": check.outcome.key,
        "row": check.modality.row or None,
        "points": check.points,
        "studies_scored": check.studies,
        "why_no_points": check.why_no_points,
        "clause": score.clause,
        "output": score.output or BLANK,
        "stands_for_points": check.standing,
        "verified": score.verified,
        "could_be": [name or BLANK for name in score.could_be],
        "cell_points": check.cell_points,
        "printed": None if printed is None else {"points": printed.points, "placement": printed.placement},
        "pool": None if pool is None else _pool_json(pool),
        "why_no_pool": check.why_no_pool,
        "few_studies": check.few,
        "evidence": check.kind,
        "status": check.status,
        "status_beside": {"model": beside_name(check), "status": check.status_beside} if check.status_beside else None,
        "status_of_printed": check.printed_status or None,
        "models": [] if pool is None else [_model_json(pool, model) for model in check.models],
        "eligibility": {
            "selections": [_subset_json(one) for one in drivers.subsets],
            "disagreement_vanishes_with": [subset_text(one) for one in check.resolved_by],
        },
        "points_rest_on": [{"study": study, "points_without": output} for study, output in drivers.decisive],
        "fragility": None if drivers.fragility is None else drivers.fragility.to_dict(),
        "reports": drivers.reports,
        "as_reported": None if drivers.reported is None else
            {"output": drivers.reported.output or BLANK, "clause": drivers.reported.clause},
        "weight_by_level": [{"level": level, "weight": rounded(share)} for level, share in drivers.levels],
        "most_weight": None if drivers.heaviest is None else
            {"study": drivers.heaviest[0], "weight": rounded(drivers.heaviest[1])},
        "status_turns_without": [{"study": study, "status": status} for study, status in drivers.turning],
        "together": _together_json(check.together, pool),
        "smd": None if check.in_smd is None else
            {"estimate": rounded(check.in_smd.estimate), "low": rounded(check.in_smd.low), "k": check.in_smd.k},
        "of_pool": None if check.on_pool is None else _on_pool_json(check.on_pool),
        "sensitivity": sensitivity_json(check.sensitivity),
        "published": [published_json(one) for one in check.published],
    }  # fmt: skip


def _pool_json(pool: Pool) -> dict[str, object]:
    return {
        "k": pool.fit.k,
        "family": pool.key.family,
        "measure": pool.measure,
        "better": pool.better,
        "benefit": dict(zip(READ, map(rounded, benefit_of(pool, pool.fit)), strict=True)),
        "no_prediction_because": pool.fit.reason("pi_low") or None,
        "tau2": rounded(pool.fit.tau2),
    }


def _model_json(pool: Pool, model: Model) -> dict[str, object]:
    return {
        "model": model.name,
        "benefit": dict(zip(READ, map(rounded, benefit_of(pool, model.fit)), strict=True)),
        "no_prediction_because": model.fit.reason("pi_low") or None,
        "status": model.status,
    }


def _subset_json(one: Subset) -> dict[str, object]:
    return {
        "levels": list(one.levels),
        "follow_up": one.follow_up,
        "output": one.output or BLANK,
        "k": one.k,
        "status": one.status,
    }


def _together_json(found: Together | None, pool: Pool | None) -> dict[str, object]:
    """What the studies show together, or why that cannot be said."""
    if found is None:
        return {"why_not": "nothing is pooled" if pool is None else "a single study"}
    return {
        "r_fisher": rounded(found.r_fisher),
        "r_bonferroni": rounded(found.r_bonferroni),
        "direction": found.direction or None,
        "least_benefit": found.least_benefit,
        "least_harm": found.least_harm,
        "significant_observed": found.observed,
        "significant_expected": rounded(found.expected),
        "excess_p": rounded(found.excess_p),
        "low_without_one": [rounded(bound) for bound in found.low_without],
    }


def _on_pool_json(found: OnPool) -> dict[str, object]:
    odds = found.surprise
    return {
        "output": found.output or BLANK,
        "k": odds.k,
        "pooled": _chance_json(odds.pooled),
        "nothing": _chance_json(odds.nothing),
        "method": odds.method,
        "why_not_exact": odds.reason or None,
    }


def _chance_json(chance: Chance) -> dict[str, object]:
    return {
        "p": rounded(chance.same),
        "p_or_more": rounded(chance.as_good),
        "expected": rounded(chance.expected),
        "likeliest": chance.likeliest,
    }


def published_json(one: PublishedPool) -> dict[str, object]:
    """A published pooled result as plain values."""
    return {
        "review": one.review,
        "detail": one.detail,
        "k": one.k,
        "measure": one.measure,
        "estimate": one.estimate,
        "ci_low": one.ci_low,
        "ci_high": one.ci_high,
        "better": one.better,
        "locator": one.locator,
    }
