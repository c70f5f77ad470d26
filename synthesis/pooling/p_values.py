"""Synthesis of p-values, where studies give neither effects nor their precision (Cochrane Handbook 12.2.1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from synthesis.effects.columns import BoolArray, FloatArray, check_known, column, looked_up, refuse
from synthesis.errors import InvalidArgument, rows_text
from synthesis.pooling.check import check_effects, is_number, is_whole, numbers
from synthesis.pooling.p_combinations import COMBINATIONS, Found
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, p_value

ALPHA = 0.05  # the usual level of significance
HALF = 0.5  # level of "vote", which so counts directions


@dataclass(frozen=True, slots=True)
class CombinedP(Noted):
    """A combined one-sided p-value; what cannot be given is None, with its reason in `notes`."""

    method: str  # a key of COMBINATIONS
    p_value: float | None
    log_p_value: float | None  # natural logarithm, which is exact where p_value is too small for a number
    statistic: float | None
    distribution: str  # of the statistic
    df: float | None  # of t and chi-squared
    k: int  # p-values that were combined
    details: Mapping[str, float | None]  # what a method has besides; see `combine_p`
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        meaning = COMBINATIONS[self.method].meaning
        df = "" if self.df is None else f" on {self.df:g} df"
        test = f"{decimal(self.statistic)} ({self.distribution}{df})"
        lines = [f"k = {self.k}: p {p_value(self.p_value)}, {test}, {self.method}: {meaning}"]
        lines += [f"{note.field}: {note.reason}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"details": dict(self.details), "notes": [note._asdict() for note in self.notes]}


def combine_p(
    p: Any,
    method: str = "fisher",
    *,
    data: Any = None,
    weights: Any = None,
    r: int | None = None,
    df: Any = None,
    tau: float | None = None,
    alpha: float | None = None,
) -> CombinedP:
    """One p-value from those of k independent studies.

    Parameters
    ----------
    p : array-like, shape (k,), or str
        Exact one-sided p-values, all of the same direction, above 0 and at most 1; see `one_sided_p`.
    method : str
        A key of COMBINATIONS, each with its formula and source.
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    weights : array-like, shape (k,), or str, optional
        Of "stouffer": weights above 0, best the square roots of the sample sizes or 1 / se; equal where not given.
    r : int, optional
        Of "wilkinson": which of the ordered p-values is judged, 1 for the smallest; needed.
    df : float, array-like, shape (k,), or str, optional
        Of "inverse_t" (above 2) and "inverse_chi2" (above 0): degrees of freedom of each study; needed.
    tau : float, optional
        Of "truncated": the largest p-value that enters the product, 0.05 where not given.
    alpha : float, optional
        Of "tippett", "maximum", "wilkinson": level of the critical value, 0.05 where not given; of "vote": the level
        at which results are counted, 0.5 where not given, which counts directions.

    Returns
    -------
    CombinedP
        A p of 1 has no deviate and is left out, with a note, by "stouffer", "logit", "mean_z" and "inverse_t".
        `details` by method: edgington `conservative_p_value`; tippett, maximum, wilkinson `r`, `critical_p`; mean_z
        `t_p_value`; truncated `below`, `above`; vote `positive`, `negative`.

    Raises
    ------
    InvalidArgument
        For p-values that cannot be, with the rows; an unknown method; options that it does not take or lacks.

    Notes
    -----
    A small combined p-value says that there is an effect in at least one study, not how large or how common it is.

    Examples
    --------
    >>> round(combine_p([0.016, 0.067, 0.25, 0.405, 0.871]).p_value, 4)
    0.0466
    """
    check_known(method, COMBINATIONS, "combination")
    chosen = COMBINATIONS[method]
    given = {"weights": looked_up(weights, data), "r": r, "df": looked_up(df, data), "tau": tau, "alpha": alpha}
    for name, value in given.items():
        if value is not None and name not in chosen.options:
            takers = ", ".join(key for key, one in COMBINATIONS.items() if name in one.options)
            raise InvalidArgument(f"the method {method} takes no {name}; those that do: {takers}")
    found_p = check_p(looked_up(p, data))
    used = found_p < 1 if chosen.below_one else np.ones(len(found_p), dtype=np.bool_)
    options = {name: _option(name, given[name], method, used) for name in chosen.options}
    notes = _left_out(used)
    found = chosen.function(found_p[used], **options) if used.any() else Found(None, why="no p-value is left")
    return _combined(method, found, int(used.sum()), notes)


def check_p(p: Any) -> FloatArray:
    """P-values as an array of shape (k,), or the reason why they cannot be combined."""
    found = numbers(p, "p")
    if not len(found):
        raise InvalidArgument("p is empty: there is no p-value to combine")
    refuse(np.isnan(found), "p is missing or not a number; leave such rows out")
    refuse((found < 0) | (found > 1), "p must lie between 0 and 1")
    refuse(found == 0, "no exact p-value is 0; give more digits, or the bound that was printed (0.001 for p < 0.001)")
    return found


def _option(name: str, value: Any, method: str, used: BoolArray) -> Any:
    """One option of the method, checked; columns only for the p-values that are used."""
    if name in ("weights", "df"):
        return _column(name, value, method, used)
    if name == "r":
        k = len(used)
        if not is_whole(value) or not 1 <= value <= k:
            raise InvalidArgument(f"the method {method} needs r, a whole number from 1 to {k}, not {value!r}")
        return int(value)
    counts_votes = method == "vote"  # above one half, a p would be counted on both sides
    level = (HALF if counts_votes else ALPHA) if value is None else value
    highest = HALF if counts_votes else 1.0
    if not is_number(level) or not 0 < level <= highest:
        raise InvalidArgument(f"{name} must be above 0 and at most {highest:g}, not {level!r}")
    return float(level)


def _column(name: str, value: Any, method: str, used: BoolArray) -> FloatArray:
    """Weights or degrees of freedom of the p-values that are used."""
    k = len(used)
    if value is None and name == "df":
        raise InvalidArgument(f"the method {method} needs df: one number, or one for each p-value")
    given = np.ones(k) if value is None else column(value, name)
    found = np.full(k, float(given)) if given.ndim == 0 else given
    if len(found) != k:
        raise InvalidArgument(f"{name} has {len(found)} rows and p has {k}: they must be of one length")
    least = 2 if method == "inverse_t" else 0
    refuse(~(np.isfinite(found) & (found > least)), f"{name} must be a finite number above {least}")
    kept: FloatArray = found[used]
    return kept


def _left_out(used: BoolArray) -> list[Note]:
    """A note on the rows that are not used."""
    rows = (np.flatnonzero(~used) + 1).tolist()
    if not rows:
        return []
    return [
        Note(
            "k",
            f"{rows_text(rows)}: a p of 1 has no finite deviate; left out, which makes the combined p-value smaller",
        )
    ]


def _combined(method: str, found: Found, k: int, notes: list[Note]) -> CombinedP:
    """The result, with None for what is not there."""
    p, log_p = found.tail or (None, None)
    if found.why:
        notes.append(Note("p_value", found.why))
    distribution = COMBINATIONS[method].distribution
    return CombinedP(method, p, log_p, found.statistic, distribution, found.df, k, found.details, tuple(notes))


def one_sided_p(yi: Any, vi: Any, *, data: Any = None, alternative: str = "greater") -> FloatArray:
    """One-sided p-values of effects, for `combine_p`.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and their sampling variances.
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    alternative : str
        "greater": small where an effect is above 0; "less": small where it is below 0.

    Returns
    -------
    ndarray, shape (k,)
        P(Z > yi / sqrt(vi)), or P(Z < yi / sqrt(vi)), Z standard normal.

    Raises
    ------
    InvalidArgument
        As `check_effects`; for another alternative.
    """
    if alternative not in ("greater", "less"):
        raise InvalidArgument(f"alternative must be greater or less, not {alternative!r}")
    y, v = check_effects(yi, vi, data)
    z = y / np.sqrt(v)
    p: FloatArray = ndtr(-z if alternative == "greater" else z)
    return p
