"""Pooling 2x2 tables without effects of single studies: Mantel and Haenszel."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.check import numbers


def mantel_haenszel(measure: str, ai: Any, n1i: Any, ci: Any, n2i: Any, *, add: float = 0.0) -> float:
    """Mantel-Haenszel estimate of a common OR, RR (as logs) or RD.

    Parameters
    ----------
    measure : str
        "OR", "RR" or "RD".
    ai, ci : array-like, shape (k,)
        Events in the first and the second group.
    n1i, n2i : array-like, shape (k,)
        Sizes of the groups.
    add : float
        Added to the four cells of each study with a zero. The method needs none; RevMan 5 adds 0.5 before it
        takes Q about the estimate, so that is the value for the method DLMH of `pool`, with double-zero studies left
        out (with it the printed weights of Cochrane reviews come out to the last digit).

    Returns
    -------
    float
        log OR, log RR, or RD.

    Raises
    ------
    InvalidArgument
        For another measure, or where no event (or only events) in one of the groups leaves no estimate.

    References
    ----------
    Greenland S, Robins JM (1985). Estimation of a common effect parameter from sparse follow-up data. Biometrics
    41(1), 55-68.
    """
    a, n1, c, n2 = (numbers(x, name) for x, name in ((ai, "ai"), (n1i, "n1i"), (ci, "ci"), (n2i, "n2i")))
    extra = np.where((a == 0) | (c == 0) | (a == n1) | (c == n2), add, 0.0)
    a, n1, c, n2 = a + extra, n1 + 2 * extra, c + extra, n2 + 2 * extra
    n = n1 + n2
    if measure == "RD":
        return float(np.sum((a * n2 - c * n1) / n) / np.sum(n1 * n2 / n))
    if measure == "OR":
        above, below = np.sum(a * (n2 - c) / n), np.sum((n1 - a) * c / n)
    elif measure == "RR":
        above, below = np.sum(a * n2 / n), np.sum(c * n1 / n)
    else:
        raise InvalidArgument(f"Mantel-Haenszel estimates are of OR, RR and RD, not of {measure!r}")
    if above <= 0 or below <= 0:
        raise InvalidArgument(
            f"there is no Mantel-Haenszel {measure}: one of the groups has no (or nothing but) events"
        )
    return float(np.log(above / below))
