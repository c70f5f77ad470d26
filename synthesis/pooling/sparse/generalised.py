"""Generalised linear mixed models of sparse counts: what each takes for granted, as a likelihood.

A model gives two likelihoods, of equal effects (EE) and of effects with variance tau2 (ML). `GLMMS` holds them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.sparse.columns import NoEstimate
from synthesis.pooling.sparse.counts import Counts
from synthesis.pooling.sparse.families import Binomial, Family, Poisson, hypergeometric
from synthesis.pooling.sparse.quadrature import MixedModel

CODINGS: Mapping[float, tuple[float, float]] = {0.5: (0.5, -0.5), 1: (1.0, 0.0), 0: (0.0, 1.0)}
LARGEST_TABLES = 2_000_000  # possible tables of all studies together, for the exact conditional likelihood
FIRST_GROUP = np.array([1.0, 0.0])


@dataclass(frozen=True, slots=True)
class Glmm:
    """One kind of model."""

    label: str
    source: str
    measures: tuple[str, ...]  # that it takes
    studies: str  # what it does with the differences between studies: "fixed", "random", "conditional" or "none"
    build: Callable[[Counts, float, int, bool], MixedModel]  # counts, coding, points, and whether effects differ
    finite: Callable[[Counts], bool]  # whether the effect has a finite maximum likelihood estimate


def arms(counts: Counts) -> tuple[Family, FloatArray]:
    """The distribution of the events in each group, and the offset of its eta, shape (k, r)."""
    if counts.people:
        return Binomial(counts.events, counts.size), np.zeros(counts.events.shape)
    return Poisson(counts.events), np.log(counts.size)


def fixed_studies(counts: Counts, coding: float, points: int, differ: bool) -> MixedModel:
    """The first group has eta = a_i + theta, the second a_i; and a random effect, coded as asked."""
    family, offset = arms(counts)
    return MixedModel(family, offset, _group_design(counts), _contrast(counts, coding, differ), 1, points)


def random_studies(counts: Counts, coding: float, points: int, differ: bool) -> MixedModel:
    """As `fixed_studies`, with a_i from a normal distribution of mean alpha and variance sigma2."""
    family, offset = arms(counts)
    between = np.ones((*counts.events.shape, 1))
    loading = np.concatenate([between, _contrast(counts, coding, differ)], axis=-1)
    return MixedModel(family, offset, _group_design(counts), loading, 0, points)


def exact_conditional(counts: Counts, coding: float, points: int, differ: bool) -> MixedModel:
    """The events of the first group given those of both: non-central hypergeometric; binomial for rates."""
    if not counts.people:
        return approximate_conditional(counts, coding, points, differ)
    (a, c), (n1, n2) = counts.events.T, counts.size.T
    tables = float((np.minimum(n1, a + c) - np.maximum(0, a + c - n2) + 1).sum())
    if tables > LARGEST_TABLES:
        raise NoEstimate(
            f"the exact likelihood of CM.EL runs over {tables:.0f} possible tables, and {LARGEST_TABLES} is the most: "
            "take UM.FS, or CM.AL where events are rare"
        )
    return _one_effect(hypergeometric(a, n1, c, n2), np.zeros(len(a)), points, differ)


def approximate_conditional(
    counts: Counts,
    coding: float,  # noqa: ARG001 - all models take the same
    points: int,
    differ: bool,
) -> MixedModel:
    """The events of the first group as binomial among those of both groups, with log(n1 / n2) as offset."""
    first = Binomial(counts.events[:, :1], counts.events.sum(axis=1, keepdims=True))
    return _one_effect(first, np.log(counts.size[:, 0]) - np.log(counts.size[:, 1]), points, differ)


def one_group(
    counts: Counts,
    coding: float,  # noqa: ARG001 - all models take the same
    points: int,
    differ: bool,
) -> MixedModel:
    """Binomial or Poisson events of single groups."""
    family, offset = arms(counts)
    return _one_effect(family, offset[:, 0], points, differ)


def _one_effect(family: Family, offset: FloatArray, points: int, differ: bool) -> MixedModel:
    """One count a study, with eta = offset + theta and a random effect."""
    one = np.ones((len(offset), 1, 1))
    return MixedModel(family, offset[:, None], one, one if differ else one[..., :0], 0, points)


def _group_design(counts: Counts) -> FloatArray:
    """A column of ones, and one that marks the first group."""
    design = np.ones((*counts.events.shape, 2))
    design[..., 1] = FIRST_GROUP
    return design


def _contrast(counts: Counts, coding: float, differ: bool) -> FloatArray:
    """How the random effect of a study enters its two groups."""
    loading = np.broadcast_to(np.array(CODINGS[coding])[:, None], (*counts.events.shape, 1))
    return loading if differ else loading[..., :0]


def _mixed_in_each_group(counts: Counts) -> bool:
    """Whether each group has, over all studies, events, and people without."""
    return not bool(((counts.events == 0).all(axis=0) | counts.full.all(axis=0)).any())


def _inside_margins(counts: Counts) -> bool:
    """Whether the tables, given their margins, allow both more and fewer events in the first groups."""
    empty, full = counts.events == 0, counts.full
    fewest, most = empty[:, 0] | full[:, 1], empty[:, 1] | full[:, 0]
    return not bool(fewest.all() or most.all())


def _events_in_each_group(counts: Counts) -> bool:
    """Whether each group has events."""
    return not bool((counts.events == 0).all(axis=0).any())


_STIJNEN = (
    "Stijnen T, Hamza TH, Ozdemir P (2010). Random effects meta-analysis of event outcome in the framework of the "
    "generalized linear mixed model with applications in sparse data. Statistics in Medicine 29(29), 3046-3067."
)
_JACKSON = (
    "Jackson D, Law M, Stijnen T, Viechtbauer W, White IR (2018). A comparison of seven random-effects models for "
    "meta-analyses that estimate the summary odds ratio. Statistics in Medicine 37(7), 1059-1085."
)
_TURNER = (
    "Turner RM, Omar RZ, Yang M, Goldstein H, Thompson SG (2000). A multilevel model framework for meta-analysis of "
    "clinical trials with binary outcomes. Statistics in Medicine 19(24), 3417-3432."
)

GLMMS: Mapping[str, Glmm] = {
    "UM.FS": Glmm(
        "unconditional, fixed study effects", _TURNER, ("OR", "IRR"), "fixed", fixed_studies, _inside_margins
    ),
    "UM.RS": Glmm(
        "unconditional, random study effects", _JACKSON, ("OR", "IRR"), "random", random_studies, _mixed_in_each_group
    ),
    "CM.EL": Glmm(
        "conditional, exact likelihood", _STIJNEN, ("OR", "IRR"), "conditional", exact_conditional, _inside_margins
    ),
    "CM.AL": Glmm(
        "conditional, approximate likelihood", _STIJNEN, ("OR",), "conditional", approximate_conditional,
        _events_in_each_group,
    ),
    "BN": Glmm("binomial-normal, one group", _STIJNEN, ("PLO",), "none", one_group, _mixed_in_each_group),
    "PN": Glmm("Poisson-normal, one group", _STIJNEN, ("IRLN",), "none", one_group, _events_in_each_group),
}  # fmt: skip
