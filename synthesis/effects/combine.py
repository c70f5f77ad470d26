"""Several arms or several effects of one study made one."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray, column, columns, refuse
from synthesis.errors import InvalidArgument

RHO = 0.6  # correlation of effects of one study that differ in outcome detail


def combine_counts(events: Any, n: Any) -> tuple[float, float]:
    """Events and people of several arms as one arm: the sums; columns of shape (a,), one number for each arm."""
    count, people = _whole(events=events, n=n)
    refuse((count < 0) | (count > people), "events must lie between 0 and n")
    return float(count.sum()), float(people.sum())


def combine_means(n: Any, mean: Any, sd: Any) -> tuple[float, float, float]:
    """Size, mean and standard deviation of several arms as one arm.

    Parameters
    ----------
    n, mean, sd : array-like, shape (a,)
        Size, mean and standard deviation of each of the a arms.

    Returns
    -------
    n, mean, sd : float
        Those of all the people together; the same for two arms at a time, in any order.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2023). Choosing effect measures and computing estimates of effect. In: Cochrane
    Handbook for Systematic Reviews of Interventions, version 6.4, section 6.5.2.10.
    """
    size, centre, spread = _whole(n=n, mean=mean, sd=sd)
    refuse(size < 1, "arms must have at least one person")
    refuse(spread < 0, "standard deviations must not be below 0")
    total = size.sum()
    if total < 2:
        raise InvalidArgument("one person has no standard deviation")
    overall = np.sum(size * centre) / total
    squares = np.sum((size - 1) * spread**2 + size * (centre - overall) ** 2)
    return float(total), float(overall), float(np.sqrt(squares / (total - 1)))


def _whole(**given: Any) -> tuple[FloatArray, ...]:
    """Columns of one length with a finite number in every row, and with at least one row."""
    found = columns(**given)
    for name, values in zip(given, found, strict=True):
        refuse(~np.isfinite(values), f"{name} is missing or not a finite number")
        if not len(values):
            raise InvalidArgument(f"{name} is empty: there is nothing to combine")
    return found


def shared_control_covariance(
    measure: str,
    *,
    control_events: float | None = None,
    control_n: float,
    control_sd: float | None = None,
    yi: tuple[float, float] = (0.0, 0.0),
    total_n: float | None = None,
) -> float:
    """Covariance of two effects of one study whose treatment arms were compared with the same control.

    Parameters
    ----------
    measure : str
        OR, RR (of their logs), RD, MD or SMD.
    control_events, control_n : float
        Events (OR, RR, RD; after any zero-cell correction) and people in the control arm.
    control_sd : float
        Standard deviation in the control arm (MD).
    yi : tuple of float
        The two SMDs.
    total_n : float
        People in all arms of the study together (SMD).

    Returns
    -------
    float
        OR: 1 / c + 1 / (n - c); RR: 1 / c - 1 / n; RD: c (n - c) / n^3; MD: sd^2 / n; SMD: 1 / n + y1 y2 / (2 N).

    References
    ----------
    Gleser LJ, Olkin I (2009). Stochastically dependent effect sizes. In: Cooper H, Hedges LV, Valentine JC (eds.),
    The Handbook of Research Synthesis and Meta-Analysis, 2nd edition, 357-376.
    """
    n = float(control_n)
    if measure in ("OR", "RR", "RD"):
        c = _needed(control_events, "control_events", measure)
        return c * (n - c) / n**3 if measure == "RD" else 1 / c + (1 / (n - c) if measure == "OR" else -1 / n)
    if measure == "MD":
        return _needed(control_sd, "control_sd", measure) ** 2 / n
    if measure == "SMD":
        return 1 / n + yi[0] * yi[1] / (2 * _needed(total_n, "total_n", measure))
    raise InvalidArgument(f"no covariance through a shared control is known for {measure!r}")


def _needed(value: float | None, name: str, measure: str) -> float:
    if value is None:
        raise InvalidArgument(f"the covariance of two {measure} needs {name}")
    return float(value)


def composite(yi: Any, vi: Any, rho: float = RHO, cov: Any = None) -> tuple[float, float]:
    """One effect for a study that has several: their mean.

    Parameters
    ----------
    yi, vi : array-like, shape (m,)
        The study's effects on one scale, and their sampling variances.
    rho : float
        Correlation of every two of them, from 0 to 1.
    cov : array-like, shape (m, m), optional
        Their covariances where these are known (as through a shared control); `rho` and `vi` are then not used.

    Returns
    -------
    yi, vi : float
        The mean, and its variance: the sum of all covariances rho sqrt(v_i v_j), and v_i, divided by m^2.

    References
    ----------
    Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009). Introduction to Meta-Analysis, chapter 24. Wiley.
    """
    y, v = _whole(yi=yi, vi=vi)
    refuse(v <= 0, "vi must be greater than 0")
    if isinstance(rho, str) or not 0 <= rho <= 1:
        raise InvalidArgument(f"rho must lie between 0 and 1, not {rho!r}")
    shared = _covariances(v, rho) if cov is None else np.asarray(cov, dtype=np.float64)
    if shared.shape != (len(y), len(y)):
        raise InvalidArgument(f"cov must have the shape ({len(y)}, {len(y)}), not {shared.shape}")
    variance = float(shared.sum()) / len(y) ** 2
    if not variance > 0:
        raise InvalidArgument("the covariances give the mean no variance above 0")
    return float(y.mean()), variance


def _covariances(v: FloatArray, rho: float) -> FloatArray:
    """Covariances of effects that all correlate by rho."""
    sd = np.sqrt(v)
    shared: FloatArray = np.outer(sd, sd) * np.where(np.eye(len(v)) > 0, 1.0, rho)
    return shared


def flipped(yi: Any) -> FloatArray:
    """Effects with the groups swapped, or coded so that benefit is above 0: the sign changed, nothing else."""
    return -column(yi, "yi")
