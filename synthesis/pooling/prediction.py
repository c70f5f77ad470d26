"""Intervals for the effect in a new study, each along a batch: estimate +- quantile(df) sqrt(tau2 + se^2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.intervals import Mean, SeAndDf, Wald, kenward_roger, knapp_hartung, prediction

Kind = Callable[[Mean, Wald], SeAndDf]


def riley(mean: Mean, chosen: Wald) -> SeAndDf:
    """Standard error of the chosen test and k - 2 degrees of freedom: the default.

    References
    ----------
    Riley RD, Higgins JPT, Deeks JJ (2011). Interpretation of random effects meta-analyses. BMJ 342, d549.
    """
    return chosen.se, mean.df - 1


def of_the_test(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Standard error and distribution of the chosen test, as metafor's `predict` does by default."""
    return chosen.se, chosen.df


def student(mean: Mean, chosen: Wald) -> SeAndDf:
    """Standard error of the chosen test and k - 1 degrees of freedom, as metafor's `predtype = "t"`."""
    return chosen.se, mean.df


def simple(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Normal, and as if the mean were known, as metafor's `predtype = "simple"`."""
    return np.zeros(len(mean.se)), np.full(len(mean.se), np.inf)


def veroniki(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Standard error 1 / sqrt(sum w) and k - 1 degrees of freedom.

    References
    ----------
    Veroniki AA, Jackson D, Bender R, et al. (2019). Methods to calculate uncertainty in the estimated overall effect
    size from a random-effects meta-analysis. Research Synthesis Methods 10(1), 23-43.
    """
    return mean.se, mean.df


def higgins_thompson_spiegelhalter(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Standard error 1 / sqrt(sum w) and k - 2 degrees of freedom.

    References
    ----------
    Higgins JPT, Thompson SG, Spiegelhalter DJ (2009). A re-evaluation of random-effects meta-analysis. Journal of the
    Royal Statistical Society, Series A 172(1), 137-159.
    """
    return mean.se, mean.df - 1


def hartung_knapp(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Standard error of Hartung and Knapp and k - 1 degrees of freedom (Veroniki and others 2019)."""
    return knapp_hartung(mean)


def hartung_knapp_fewer(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Standard error of Hartung and Knapp and k - 2 degrees of freedom (Partlett and Riley 2017)."""
    se, df = knapp_hartung(mean)
    return se, df - 1


def kenward_roger_prediction(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Standard error and degrees of freedom of Kenward and Roger (Partlett and Riley 2017)."""
    return kenward_roger(mean)


def kenward_roger_fewer(mean: Mean, chosen: Wald) -> SeAndDf:  # noqa: ARG001 - all kinds take the same
    """Standard error of Kenward and Roger and their degrees of freedom less 1; these may be few, but above 0.

    References
    ----------
    Partlett C, Riley RD (2017). Random effects meta-analysis: coverage performance of 95% confidence and prediction
    intervals following REML estimation. Statistics in Medicine 36(2), 301-317.
    """
    se, df = kenward_roger(mean)
    return se, df - 1


PREDICTION: Mapping[str, Kind] = {
    "riley": riley,
    "metafor": of_the_test,
    "t": student,
    "simple": simple,
    "V": veroniki,
    "HTS": higgins_thompson_spiegelhalter,
    "HK": hartung_knapp,
    "HK-PR": hartung_knapp_fewer,
    "KR": kenward_roger_prediction,  # for REML only, as KR-PR
    "KR-PR": kenward_roger_fewer,
}
ANY = np.finfo(float).tiny  # any degrees of freedom above 0
LEAST: Mapping[str, float] = {"KR": ANY, "KR-PR": ANY, "metafor": ANY}  # degrees of freedom needed; 1 by the others


def prediction_interval(kind: str, mean: Mean, chosen: Wald) -> tuple[FloatArray, FloatArray]:
    """Interval for the effect in a new study, shape (m,) each; NaN where it has too few degrees of freedom.

    Parameters
    ----------
    kind : str
        A key of `PREDICTION`.
    mean, chosen : Mean, Wald
        The pooled effects, and the test that was chosen for them.
    """
    se, df = PREDICTION[kind](mean, chosen)
    return prediction(mean.estimate, se, mean.tau2, df, mean.level, least=LEAST.get(kind, 1.0))
