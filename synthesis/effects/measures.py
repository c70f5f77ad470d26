"""The measures that there are: one line each, with what it is computed from and on which scale it lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from synthesis.effects.association import (
    phi,
    phi_z,
    probit,
    probit_difference,
    smd_from_odds_logistic,
    smd_from_odds_normal,
    yule_q,
    yule_y,
)
from synthesis.effects.effect import Effects, generic
from synthesis.effects.means import mean_difference, standardised_mean_difference
from synthesis.effects.paired import (
    conditional_odds_ratio,
    conditional_peto,
    from_margins,
    from_pairs,
    marginal_odds_ratio,
    marginal_risk_difference,
    marginal_risk_ratio,
)
from synthesis.effects.proportions import (
    arcsine_proportion,
    freeman_tukey_proportion,
    from_proportion,
    log_proportion,
    logit_proportion,
    proportion,
)
from synthesis.effects.rates import (
    freeman_tukey_rate,
    from_rate,
    from_rates,
    log_rate,
    rate,
    rate_difference,
    rate_ratio,
    root_rate,
    root_rate_difference,
)
from synthesis.effects.tetrachoric import tetrachoric, tetrachoric_z
from synthesis.effects.two_by_two import (
    arcsine_difference,
    from_counts,
    odds_ratio,
    peto_odds_ratio,
    risk_difference,
    risk_ratio,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One effect measure: what it is called, and how it is computed from what a study shows.

    `function` takes the columns of `inputs` that were given, as arrays of one shape with at least one axis and the
    studies along the last, by these names; those of `options` by their names; and `vtype` if there are `vtypes`.
    """

    label: str
    family: str  # binary | continuous | time | paired | correlation | association | proportion | rate | mean | change
    back: str  # takes an effect to the scale that is read, named as metafor's `transf`; "" where it lies on it
    inputs: tuple[tuple[str, ...], ...] = ()  # each a set of columns that is enough
    function: Callable[..., Effects] | None = None  # None: only from printed estimates
    options: tuple[str, ...] = ()  # add | to | drop00 | correct
    vtypes: tuple[str, ...] = ()  # formulas of the variance, the default first
    add: float = 0.5  # default of the option of that name

    @property
    def is_ratio(self) -> bool:
        """Whether it is pooled as its log, and read as its exponential."""
        return self.back == "exp"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it may be computed from."""
        return tuple(dict.fromkeys(name for names in self.inputs for name in names))


PRINTED = ("estimate", "se", "ci_low", "ci_high", "z", "p")
REVIEWED = ("OR", "RR", "RD", "MD", "SMD", "HR", "IRR")  # what the pools of a review are made of
COUNTS = (("ai", "bi", "ci", "di"), ("ai", "n1i", "ci", "n2i"), ("ai", "bi", "ci", "n2i"), ("ai", "n1i", "ci", "di"))
PAIRS = (("ai", "bi", "ci", "di"),)
MARGINS = (("ai", "bi", "ci", "di", "ri"), ("ai", "bi", "ci", "di", "pi"))
EVENTS = (("xi", "ni"), ("xi", "mi"))
MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
RATES = (("x1i", "t1i", "x2i", "t2i"),)
RATE = (("xi", "ti"),)
ADD = ("add", "to")
ZEROS = ("add", "to", "drop00")
SAMPLED = ("CS", "ST")  # cross-sectional (only the total is fixed) | stratified (the sizes of the groups are)
MEASURES: Mapping[str, Measure] = {
    # two groups, counts
    "OR": Measure("odds ratio", "binary", "exp", COUNTS, partial(from_counts, "OR", odds_ratio), ZEROS),
    "RR": Measure("risk ratio", "binary", "exp", COUNTS, partial(from_counts, "RR", risk_ratio), ZEROS),
    "RD": Measure("risk difference", "binary", "", COUNTS, partial(from_counts, "RD", risk_difference), ZEROS),
    "AS": Measure(
        "arcsine difference", "binary", "", COUNTS, partial(from_counts, "AS", arcsine_difference), ZEROS, add=0.0
    ),
    "PETO": Measure("odds ratio (Peto)", "binary", "exp", COUNTS, partial(from_counts, "PETO", peto_odds_ratio), ZEROS),
    "PBIT": Measure("probit difference", "binary", "", COUNTS, partial(from_counts, "PBIT", probit_difference), ZEROS),
    "OR2D": Measure(
        "standardised mean difference, from an odds ratio (logistic)", "binary", "", COUNTS,
        partial(from_counts, "OR2D", smd_from_odds_logistic), ZEROS,
    ),
    "OR2DL": Measure(
        "standardised mean difference, from an odds ratio (logistic)", "binary", "", COUNTS,
        partial(from_counts, "OR2DL", smd_from_odds_logistic), ZEROS,
    ),
    "OR2DN": Measure(
        "standardised mean difference, from an odds ratio (normal)", "binary", "", COUNTS,
        partial(from_counts, "OR2DN", smd_from_odds_normal), ZEROS,
    ),
    # two yes-or-no variables
    "PHI": Measure(
        "phi coefficient", "association", "", COUNTS, partial(from_counts, "PHI", phi), ZEROS, SAMPLED, add=0.0
    ),
    "ZPHI": Measure(
        "z of the phi coefficient", "association", "ztor", COUNTS, partial(from_counts, "ZPHI", phi_z), ZEROS,
        SAMPLED, add=0.0,
    ),
    "YUQ": Measure("Yule's Q", "association", "", COUNTS, partial(from_counts, "YUQ", yule_q), ZEROS),
    "YUY": Measure("Yule's Y", "association", "", COUNTS, partial(from_counts, "YUY", yule_y), ZEROS),
    "RTET": Measure(
        "tetrachoric correlation", "association", "", COUNTS, partial(from_counts, "RTET", tetrachoric), ZEROS, add=0.0
    ),
    "ZTET": Measure(
        "z of the tetrachoric correlation", "association", "ztor", COUNTS,
        partial(from_counts, "ZTET", tetrachoric_z), ZEROS, add=0.0,
    ),
    # pairs, counts
    "MPRD": Measure(
        "risk difference of pairs", "paired", "", PAIRS, partial(from_pairs, "MPRD", marginal_risk_difference), ADD
    ),
    "MPRR": Measure(
        "risk ratio of pairs", "paired", "exp", PAIRS, partial(from_pairs, "MPRR", marginal_risk_ratio), ADD
    ),
    "MPOR": Measure(
        "marginal odds ratio of pairs", "paired", "exp", PAIRS, partial(from_pairs, "MPOR", marginal_odds_ratio), ADD
    ),
    "MPORC": Measure(
        "conditional odds ratio of pairs", "paired", "exp", PAIRS,
        partial(from_pairs, "MPORC", conditional_odds_ratio), ADD,
    ),
    "MPPETO": Measure(
        "conditional odds ratio of pairs (Peto)", "paired", "exp", PAIRS,
        partial(from_pairs, "MPPETO", conditional_peto), ADD,
    ),
    "MPORM": Measure("marginal odds ratio of pairs, from the margins", "paired", "exp", MARGINS, from_margins, ADD),
    # two groups, means
    "MD": Measure("mean difference", "continuous", "", (MEANS,), mean_difference, (), ("LS", "HO")),
    "SMD": Measure(
        "standardised mean difference", "continuous", "", (MEANS,), standardised_mean_difference,
        ("correct",), ("LS", "LS2", "UB", "AV", "H0"),
    ),
    # two groups, time
    "HR": Measure("hazard ratio", "time", "exp"),
    "HD": Measure("hazard difference", "time", ""),
    "IRR": Measure("rate ratio", "time", "exp", RATES, partial(from_rates, "IRR", rate_ratio), ZEROS),
    "IRD": Measure("rate difference", "time", "", RATES, partial(from_rates, "IRD", rate_difference), ZEROS),
    "IRSD": Measure(
        "difference of the square roots of rates", "time", "", RATES,
        partial(from_rates, "IRSD", root_rate_difference), ZEROS, add=0.0,
    ),
    # one group, counts
    "PR": Measure("proportion", "proportion", "", EVENTS, partial(from_proportion, "PR", proportion), ADD),
    "PLN": Measure(
        "proportion (log)", "proportion", "exp", EVENTS, partial(from_proportion, "PLN", log_proportion), ADD
    ),
    "PLO": Measure(
        "proportion (logit)", "proportion", "ilogit", EVENTS, partial(from_proportion, "PLO", logit_proportion), ADD
    ),
    "PRZ": Measure(
        "proportion (probit)", "proportion", "iprobit", EVENTS, partial(from_proportion, "PRZ", probit), ADD
    ),
    "PAS": Measure(
        "proportion (arcsine)", "proportion", "iarcsin", EVENTS, partial(from_proportion, "PAS", arcsine_proportion),
        ADD, add=0.0,
    ),
    "PFT": Measure(
        "proportion (double arcsine)", "proportion", "ipft", EVENTS,
        partial(from_proportion, "PFT", freeman_tukey_proportion), ADD, add=0.0,
    ),
    # one group, time
    "IR": Measure("rate", "rate", "", RATE, partial(from_rate, "IR", rate), ADD),
    "IRLN": Measure("rate (log)", "rate", "exp", RATE, partial(from_rate, "IRLN", log_rate), ADD),
    "IRS": Measure("rate (square root)", "rate", "isqrt", RATE, partial(from_rate, "IRS", root_rate), ADD, add=0.0),
    "IRFT": Measure(
        "rate (double square root)", "rate", "iirft", RATE, partial(from_rate, "IRFT", freeman_tukey_rate), ADD, add=0.0
    ),
    # anything else
    "GEN": Measure("effect", "generic", "", (("yi", "vi"), ("yi", "sei")), generic),
}  # fmt: skip
