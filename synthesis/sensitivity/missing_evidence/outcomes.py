"""Missing outcomes of a binary event: what the pooled effect would be under what is assumed of the people missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from synthesis.effects.columns import broadcast, check_known, given_columns, refuse
from synthesis.effects.effect import Effects, effects, note_rows
from synthesis.errors import InvalidArgument
from synthesis.pooling.check import LARGEST, check_level, is_number
from synthesis.pooling.pool import pool
from synthesis.pooling.pooled import Pooled
from synthesis.sensitivity.cautions import Caution, Verdict, verdict
from synthesis.sensitivity.findings import side_of_zero
from synthesis.sensitivity.missing_evidence.imputed_risks import (
    HALF,
    MISSING_OUTCOMES,
    Arm,
    Assume,
    completed,
    effect_of,
    same,
    with_half,
)
from synthesis.text import decimal, interval, p_value, table

MEASURES = ("OR", "RR", "RD")
COLUMNS = ("ai", "n1i", "ci", "n2i", "m1i", "m2i")
TELLS = "how far the pooled effect moves under each assumption about the people whose outcome is missing"
CANNOT_TELL = "which assumption holds; the best and the worst case bound it and are rarely plausible"
SOURCE = (
    "Higgins JPT, White IR, Wood AM (2008). Imputation methods for missing outcome data in meta-analysis of clinical "
    "trials. Clinical Trials 5(3), 225-239"
)
RULES = ("heterogeneity", "one study far away")


def missing_outcomes(
    measure: str,
    strategy: str = "ICA-p",
    *,
    data: Any = None,
    imor: tuple[float, float] | None = None,
    beneficial: bool = False,
    level: float = 0.95,
    **counts: Any,
) -> Effects:
    """Effects of studies with missing outcomes, under an assumption about these.

    Parameters
    ----------
    measure : str
        "OR", "RR" (as logs) or "RD".
    strategy : str
        A key of MISSING_OUTCOMES, of the papers below; "IMOR" for odds ratios of one's own.
    data : DataFrame or mapping of columns, optional
        Where columns are looked up that are given by name.
    imor : pair of float, optional
        Of "IMOR": odds of the event among the missing over those among the observed, in the first and the second group.
    beneficial : bool
        Whether the event is a benefit; best and worst case turn with it.
    level : float
        Of "GH": the level of the intervals that are joined.
    **counts : array-like, shape (..., k), or str
        ai, ci events and n1i, n2i people, of those observed, in the first and the second group; m1i, m2i people whose
        outcome is missing. Studies along the last axis.

    Returns
    -------
    Effects
        Their variances count the imputed people as uncertain: the delta method (weights W4 of the paper), by which
        "ICA-0", "ICA-1", "ICA-b" and "ICA-w" have the variances of completed tables. "ICA-pc" and "ICA-pe" take the
        lent risk as estimated, and both groups as depending on it. 1/2 is added to the observed cells of a study whose
        completed table has a zero; with the same zero in both groups OR and RR are left out.

    Raises
    ------
    InvalidArgument
        For an unknown measure, strategy or level, an IMOR that is missing or below 0, and counts that cannot be.

    References
    ----------
    Higgins JPT, White IR, Wood AM (2008). Imputation methods for missing outcome data in meta-analysis of clinical
    trials. Clinical Trials 5(3), 225-239.
    Gamble C, Hollis S (2005). Uncertainty method improved on best-worst case analysis in a binary meta-analysis.
    Journal of Clinical Epidemiology 58(6), 579-588.
    """
    check_level(level)
    check_known(measure, MEASURES, "measure with missing outcomes")
    check_known(strategy, (*MISSING_OUTCOMES, "IMOR"), "strategy for missing outcomes")
    arms = _arms(given_columns(counts, data))
    if strategy == "GH":
        return _widened(measure, arms, level)
    if strategy == "ACA":
        return _effects(measure, _observed(arms), same(1, 1))
    if strategy == "IMOR":
        return _effects(measure, arms, _own(imor))
    turned = strategy if beneficial else {"ICA-b": "ICA-w", "ICA-w": "ICA-b"}.get(strategy, strategy)
    return _effects(measure, arms, MISSING_OUTCOMES[turned].assume)


def _own(imor: Any) -> Assume:
    """The IMORs of one's own."""
    if not isinstance(imor, (tuple, list)) or len(imor) != 2 or not all(_is_odds(one) for one in imor):
        raise InvalidArgument(f"strategy IMOR needs imor, two numbers not below 0 as (0.5, 2.0), not {imor!r}")
    return same(float(imor[0]), float(imor[1]))


def _is_odds(value: Any) -> bool:
    return is_number(value) and (value in (0, np.inf) or 1 / LARGEST <= value <= LARGEST)


def _arms(given: Mapping[str, Any]) -> tuple[Arm, Arm]:
    """Both groups, checked."""
    absent = [name for name in COLUMNS if name not in given]
    unknown = [name for name in given if name not in COLUMNS]
    if absent or unknown:
        named = ", ".join(given) or "none"
        raise InvalidArgument(f"missing outcomes need the columns {', '.join(COLUMNS)}, not {named}")
    columns = broadcast(**given)
    for name in COLUMNS:
        least = 1 if name.startswith("n") else 0
        refuse(~(np.isfinite(columns[name]) & (columns[name] >= least)), f"{name} must be a number not below {least}")
    a, n1, c, n2, m1, m2 = (columns[name] for name in COLUMNS)
    refuse(a > n1, "ai must not exceed n1i: there are more events than people")
    refuse(c > n2, "ci must not exceed n2i: there are more events than people")
    return Arm(a / n1, n1, m1), Arm(c / n2, n2, m2)


def _observed(arms: tuple[Arm, Arm]) -> tuple[Arm, Arm]:
    """The groups without the people missing."""
    first, second = (arm._replace(missing=np.zeros(arm.n.shape)) for arm in arms)
    return first, second


def _effects(measure: str, arms: tuple[Arm, Arm], assume: Assume) -> Effects:
    """Effects under an assumption, with what is done about zeros."""
    plain = completed(arms, assume)
    none, full = (np.all([one.risk == edge for one in plain], axis=0) for edge in (0.0, 1.0))
    out = (none | full) & (measure != "RD")
    zero = np.any([(one.risk == 0) | (one.risk == 1) for one in plain], axis=0) & ~out
    used = with_half(arms[0], zero), with_half(arms[1], zero)
    yi, vi = effect_of(measure, used, completed(used, assume))
    notes = note_rows(zero, f"{HALF:g} added to each of the four cells", dropped=False)
    notes += note_rows(none & out, "no events in either group", dropped=True)
    notes += note_rows(full & out, "nothing but events in both groups", dropped=True)
    return effects(measure, np.where(out, np.nan, yi), np.where(out, np.nan, vi), notes)


def _widened(measure: str, arms: tuple[Arm, Arm], level: float) -> Effects:
    """Available cases, with the standard errors of the interval that holds those of both extreme cases."""
    plain = _effects(measure, _observed(arms), same(1, 1))
    extremes = [_effects(measure, arms, MISSING_OUTCOMES[name].assume) for name in ("ICA-b", "ICA-w")]
    z = float(ndtri((1 + level) / 2))
    low, high = (
        np.stack([one.yi + sign * z * np.sqrt(one.vi) for one in (plain, *extremes)]) for sign in (-1, 1)
    )  # fmt: skip
    width = np.fmax.reduce(high) - np.fmin.reduce(low)
    vi = np.where(np.isfinite(plain.vi), (width / (2 * z)) ** 2, np.nan)
    return effects(measure, plain.yi, vi, plain.notes)


@dataclass(frozen=True, slots=True)
class MissingOutcomes:
    """The pool of the same studies under each strategy."""

    measure: str
    strategies: tuple[str, ...]
    pools: tuple[Pooled, ...]  # in their order
    missing_share: tuple[float, float]  # of all people, in the first and the second group
    changes: tuple[str, ...]  # strategies under which the conclusion of the available cases does not hold
    verdict: Verdict

    @property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest pooled effect."""
        estimates = [one.estimate for one in self.pools]
        return min(estimates), max(estimates)

    def summary(self) -> str:
        """A line for each strategy, and the verdict."""
        rows = [
            (name, decimal(one.estimate), interval(one.ci_low, one.ci_high), p_value(one.p_value), decimal(one.tau2))
            for name, one in zip(self.strategies, self.pools, strict=True)
        ]
        changed = ", ".join(self.changes) or "none"
        text = table((f"strategy ({self.measure})", "estimate", "interval", "p", "tau^2"), rows, (1, 3, 4))
        return f"{text}conclusion changes under: {changed}\n{self.verdict.summary()}"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        pools = {name: one.to_dict() for name, one in zip(self.strategies, self.pools, strict=True)}
        return {
            "measure": self.measure, "pools": pools, "missing_share": list(self.missing_share),
            "bounds": list(self.bounds), "changes": list(self.changes), "verdict": self.verdict.to_dict(),
        }  # fmt: skip


def missing_outcome_bounds(
    measure: str,
    *,
    data: Any = None,
    strategies: tuple[str, ...] = tuple(MISSING_OUTCOMES),
    beneficial: bool = False,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    **counts: Any,
) -> MissingOutcomes:
    """The pooled effect under each assumption about missing outcomes, the best and the worst case among them.

    Parameters
    ----------
    measure, data, beneficial, counts
        As for `missing_outcomes`; of one meta-analysis.
    strategies : tuple of str
        Keys of MISSING_OUTCOMES; the first, ACA by default, is what the others are compared with.
    method, test, level
        As for `pool`.

    Returns
    -------
    MissingOutcomes
        The conclusion changes where the interval comes to hold 0 or to leave it, or lies on the other side of it.

    Raises
    ------
    InvalidArgument
        As `missing_outcomes` and `pool`; for no strategy, and one that is named twice.
    """
    _check_strategies(strategies)
    options: dict[str, Any] = {"data": data, "beneficial": beneficial, "level": level, **counts}
    found = [missing_outcomes(measure, name, **options).complete() for name in strategies]
    pools = tuple(pool(one.yi, one.vi, method=method, test=test, level=level) for one in found)
    side = side_of_zero(*(np.array([getattr(one, bound) for one in pools]) for bound in ("ci_low", "ci_high")))
    changes = tuple(name for name, one in zip(strategies, side.tolist(), strict=True) if one != side[0])
    arms = _arms(given_columns(counts, data))
    first, second = (float(arm.missing.sum() / (arm.n + arm.missing).sum()) for arm in arms)
    more = () if not changes else (_changing(changes),)
    judged = verdict(found[0].yi, found[0].vi, rules=RULES, tells=TELLS, cannot_tell=CANNOT_TELL, more=more)
    return MissingOutcomes(measure, tuple(strategies), pools, (first, second), changes, judged)


def _check_strategies(strategies: Any) -> None:
    """Raise InvalidArgument for anything but some keys of MISSING_OUTCOMES, each once."""
    if not isinstance(strategies, (tuple, list)):
        raise InvalidArgument(f"strategies must be names in a tuple, as ('ACA', 'ICA-b', 'ICA-w'), not {strategies!r}")
    if not strategies:
        raise InvalidArgument("there is no strategy to compare: name some of MISSING_OUTCOMES")
    for place, name in enumerate(strategies):
        check_known(name, MISSING_OUTCOMES, "strategy for missing outcomes")
        if name in strategies[:place]:
            raise InvalidArgument(f"strategies names {name} twice: leave one of them out")


def _changing(changes: tuple[str, ...]) -> Caution:
    """The caution that the answer hangs on what is missing."""
    return Caution("hangs on the missing", f"the conclusion is another one under {', '.join(changes)}", SOURCE)
