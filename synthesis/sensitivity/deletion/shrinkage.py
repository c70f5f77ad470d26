"""What a model says of each study's own true effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.moderators.regression import Regression
from synthesis.pooling.moderators.residuals import Blups, blups
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.deletion.influence import fitted_model
from synthesis.sensitivity.deletion.influence_findings import of_model
from synthesis.sensitivity.findings import told


@dataclass(frozen=True, slots=True, eq=False)
class ShrunkenEffects(Tabular):
    """Effects of k studies drawn towards what the model expects of them, in the order of the rows that it used."""

    row: IntArray  # (k,) of the data, the first 1
    effect: FloatArray  # (k,) as the study found it
    shrinkage: FloatArray  # (k,) share of its distance from the fitted value that is taken away: v / (v + tau2)
    predicted: Blups  # the shrunken effects with their prediction intervals, and the random effects
    findings: tuple[Note, ...]

    @property
    def verdict(self) -> str:
        """What shrunken effects can and cannot tell here."""
        return told(self.findings)

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        return {name: getattr(self, name) for name in ("row", "effect", "shrinkage")} | self.predicted.columns()

    def summary(self) -> str:
        """The first studies as text, and the verdict."""
        shown = ("row", "effect", "shrinkage", "estimate", "pi_low", "pi_high")
        return f"{table_of(self.columns(), shown)}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """All columns as plain values, fit for JSON, with the verdict."""
        return {name: plain_column(column) for name, column in self.columns().items()} | {"verdict": self.verdict}


def shrunken_effects(
    yi: Any, vi: Any = None, mods: Any = None, *, data: Any = None, method: str = "REML", test: str = "adhoc"
) -> ShrunkenEffects:
    """Best linear unbiased predictions of the true effects of the studies of a pool or a meta-regression.

    Parameters
    ----------
    yi, vi, mods, data, method, test
        As for `influence`.

    Returns
    -------
    ShrunkenEffects
        See `blups`, which gives the same numbers for a fitted meta-regression.

    Raises
    ------
    InvalidArgument
        As for `regress`.
    """
    fit = fitted_model(yi, vi, mods, data=data, method=method, test=test)
    shrinkage = fit.vi / (fit.vi + fit.tau2)
    return ShrunkenEffects(fit.design.rows, fit.model.yi, shrinkage, blups(fit), _findings(fit, shrinkage))


def _findings(fit: Regression, shrinkage: FloatArray) -> tuple[Note, ...]:
    """What shrunken effects can and cannot tell here."""
    found = [note for note in of_model(fit) if note.field == "few"]
    if fit.tau2 == 0:
        why = "by assumption" if fit.method == "EE" else "as estimated"
        words = f"tau^2 is 0 {why}: all effects are drawn wholly to the fitted values and say nothing of single studies"
        return (*found, Note("no_heterogeneity", words))
    strongest = np.median(shrinkage)
    return (
        *found,
        Note("shrinkage", f"half of the studies lose {100 * strongest:.0f} % or more of their distance from the mean"),
        Note(
            "tau2_taken_as_known",
            "the intervals take tau^2 for known: with few studies they are too narrow, and the effects of outlying "
            "studies are drawn in too far where the true effects are not normal",
        ),
    )
