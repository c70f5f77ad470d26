"""Genotypes in one group: how far they are from the Hardy-Weinberg equilibrium."""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.effect import Effects
from synthesis.effects.rows import explained


def excess_heterozygosity(*, ai: FloatArray, bi: FloatArray, ci: FloatArray) -> Effects:
    """Log of the relative excess heterozygosity b / (2 sqrt(a c)), 0 in equilibrium (REH).

    Parameters
    ----------
    ai, bi, ci : ndarray
        People with two dominant alleles, with one of each, with two recessive ones.

    Notes
    -----
    The variance is 1 / (4 a) + 1 / b + 1 / (4 c).

    References
    ----------
    Ziegler A, Van Steen K, Wellek S (2011). Investigating Hardy-Weinberg equilibrium in case-control or cohort studies
    or meta-analysis. Breast Cancer Research and Treatment 128(1), 197-201.
    """
    refuse((ai < 0) | (bi < 0) | (ci < 0), "counts must not be below 0")
    a, b, c = (np.where(count > 0, count, np.nan) for count in (ai, bi, ci))
    empty = (ai * bi * ci == 0, "a genotype that nobody has")
    yi = np.log(b) - np.log(2) - (np.log(a) + np.log(c)) / 2
    return explained("REH", (yi, 1 / (4 * a) + 1 / b + 1 / (4 * c)), (ai, bi, ci), [empty])
