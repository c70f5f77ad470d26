"""Sums over every subset of some studies, each from that of a subset with one study less.

The subsets are numbered by their bits, the first study the lowest, the empty one left out. Adding a study to all
subsets of those before it doubles their number, so that no sum is made anew; and every step adds numbers above 0, so
that nothing cancels, however unlike the studies are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class SubsetSums:
    """Of the 2^k - 1 subsets, all of shape (2^k - 1,)."""

    size: FloatArray  # studies
    total: FloatArray  # S1, the sum of the precisions w = 1 / v
    mean: FloatArray  # mean of the effects weighted by w
    q: FloatArray  # sum of w (y - mean)^2
    trace: FloatArray  # S1 - S2 / S1, Sr = sum(w^r)


def subset_sums(y: FloatArray, v: FloatArray) -> SubsetSums:
    """The sums for effects y and variances v, shape (k,).

    A study with effect y and precision w makes of S1, the mean m, Q and T = S1 - S2 / S1

        S1 + w,   m + w (y - m) / (S1 + w),   Q + S1 w (y - m)^2 / (S1 + w),   S1 (T + 2 w) / (S1 + w).

    References
    ----------
    Chan TF, Golub GH, LeVeque RJ (1983). Algorithms for computing the sample variance: analysis and recommendations.
    The American Statistician 37(3), 242-247.
    """
    precision, origin = 1.0 / v, y[v.argmin()]
    size, total, mean, q, trace = (np.zeros(1 << len(y)) for _ in range(5))
    for study, (effect, w) in enumerate(zip((y - origin).tolist(), precision.tolist(), strict=True)):
        old, new = slice(0, 1 << study), slice(1 << study, 2 << study)
        share, distance = w / (total[old] + w), effect - mean[old]
        size[new], total[new] = size[old] + 1.0, total[old] + w
        mean[new] = mean[old] + share * distance
        q[new] = q[old] + total[old] * share * np.square(distance)
        trace[new] = total[old] / total[new] * (trace[old] + 2 * w)
    return SubsetSums(size[1:], total[1:], mean[1:] + origin, q[1:], trace[1:])


def mean_at(y: FloatArray, v: FloatArray, tau2: FloatArray) -> FloatArray:
    """Means weighted by 1 / (v + tau2), shape (2^k - 1,), with a tau2 for each subset."""
    origin = y[v.argmin()]
    spread = np.append(0.0, tau2)
    above, below = np.zeros(len(spread)), np.zeros(len(spread))
    for study, (effect, variance) in enumerate(zip((y - origin).tolist(), v.tolist(), strict=True)):
        own, top, bottom = (one.reshape(-1, 2, 1 << study)[:, 1] for one in (spread, above, below))
        w = 1.0 / (variance + own)
        bottom += w
        top += w * effect
    found: FloatArray = above[1:] / below[1:] + origin
    return found
