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
from synthesis.effects.biserial import biserial, biserial_z, point_biserial, point_biserial_z
from synthesis.effects.correlations import correlation, fisher_z, unbiased_correlation
from synthesis.effects.determination import (
    fixed_predictors,
    fixed_predictors_z,
    random_predictors,
    random_predictors_z,
)
from synthesis.effects.effect import Effects, generic
from synthesis.effects.genotypes import excess_heterozygosity
from synthesis.effects.means import MD_VARIANCES, SMD_VARIANCES, mean_difference, standardised_mean_difference
from synthesis.effects.one_group import (
    log_coefficient_of_variation,
    log_deviation,
    log_mean,
    mean,
    standardised_mean,
)
from synthesis.effects.paired import (
    conditional_odds_ratio,
    conditional_peto,
    from_margins,
    from_pairs,
    marginal_odds_ratio,
    marginal_risk_difference,
    marginal_risk_ratio,
)
from synthesis.effects.partial import partial_correlation, partial_z, semipartial_correlation, semipartial_z
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
from synthesis.effects.ratios import coefficient_of_variation_ratio, ratio_of_means, variability_ratio
from synthesis.effects.reliability import alpha, alpha_cube_root, alpha_log
from synthesis.effects.smd import by_second_group, by_second_group_unequal, log_odds_ratio, unequal_variances
from synthesis.effects.superiority import normal_superiority, paired_superiority, superiority
from synthesis.effects.tetrachoric import tetrachoric, tetrachoric_z
from synthesis.effects.two_by_two import (
    arcsine_difference,
    from_counts,
    odds_ratio,
    peto_odds_ratio,
    risk_difference,
    risk_ratio,
)
from synthesis.effects.within import (
    by_both,
    by_both_unequal,
    by_change,
    by_first,
    by_first_unequal,
    mean_change,
)
from synthesis.effects.within_ratios import log_ratio_of_deviations, log_ratio_of_means, log_ratio_of_variation


@dataclass(frozen=True, slots=True)
class Measure:
    """One effect measure: what it is called, and how it is computed from what a study shows.

    `function` takes the columns of `inputs` that were given, as arrays of one shape with at least one axis and the
    studies along the last, by these names; those of `options` by their names; and `vtype` if there are `vtypes`.
    """

    label: str
    family: str  # binary | continuous | time | paired | correlation | association | reliability | ...
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
SAMPLED = ("CS", "ST", "LS")  # cross-sectional (only the total is fixed) | stratified (the sizes of the groups are)
SHARED = ("LS", "AV", "H0")
UNIT = ("LS", "LS2", "UB", "H0")
NORMAL = ("LS", "HO", "LS2", "LS3", "H0")
SHOWN = (MEANS, *((name, "n1i", "n2i") for name in ("di", "ri", "ti", "pi")))
REPORTED = (("ai", "n1i", "n2i"), ("ai", "mi", "n1i", "n2i"))
MEAN = ("mi", "sdi", "ni")
CHANGE = ("m1i", "m2i", "sd1i", "sd2i", "ni", "ri")
CORRELATION = (("ri", "ni"), ("ti", "ni"), ("pi", "ni"))
COEFFICIENT = (("ti", "mi", "ni"), ("pi", "mi", "ni"), ("ri", "mi", "ni"))
COEFFICIENT_R2 = (("ti", "mi", "ni", "r2i"), ("pi", "mi", "ni", "r2i"), ("ri", "mi", "ni", "r2i"))
R2 = (("r2i", "mi", "ni"), ("fi", "mi", "ni"), ("pi", "mi", "ni"))
ITEMS = ("ai", "mi", "ni")
CORRECT = ("correct",)
MEASURES: Mapping[str, Measure] = {
    # two groups, counts
    "OR": Measure("odds ratio", "binary", "exp", COUNTS, partial(from_counts, "OR", odds_ratio), ZEROS, SHARED),
    "RR": Measure("risk ratio", "binary", "exp", COUNTS, partial(from_counts, "RR", risk_ratio), ZEROS, SHARED),
    "RD": Measure(
        "risk difference", "binary", "", COUNTS, partial(from_counts, "RD", risk_difference), ZEROS,
        ("LS", "UB", "AV", "H0"),
    ),
    "AS": Measure(
        "arcsine difference", "binary", "", COUNTS, partial(from_counts, "AS", arcsine_difference), ZEROS, add=0.0
    ),
    "PETO": Measure("odds ratio (Peto)", "binary", "exp", COUNTS, partial(from_counts, "PETO", peto_odds_ratio), ZEROS),
    "PBIT": Measure("probit difference", "binary", "", COUNTS, partial(from_counts, "PBIT", probit_difference), ZEROS),
    "OR2D": Measure(
        "standardised mean difference, from an odds ratio (logistic)", "binary", "", COUNTS,
        partial(from_counts, "OR2D", smd_from_odds_logistic), ZEROS, SHARED,
    ),
    "OR2DL": Measure(
        "standardised mean difference, from an odds ratio (logistic)", "binary", "", COUNTS,
        partial(from_counts, "OR2DL", smd_from_odds_logistic), ZEROS, SHARED,
    ),
    "OR2DN": Measure(
        "standardised mean difference, from an odds ratio (normal)", "binary", "", COUNTS,
        partial(from_counts, "OR2DN", smd_from_odds_normal), ZEROS, SHARED,
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
    "MD": Measure("mean difference", "continuous", "", (MEANS,), mean_difference, (), MD_VARIANCES),
    "SMD": Measure(
        "standardised mean difference", "continuous", "", SHOWN, standardised_mean_difference, CORRECT, SMD_VARIANCES
    ),
    "SMDH": Measure(
        "standardised mean difference, unequal variances", "continuous", "", (MEANS,), unequal_variances, CORRECT,
        ("LS", "LS2", "LS3"),
    ),
    "SMD1": Measure(
        "mean difference by the second standard deviation", "continuous", "",
        (("m1i", "n1i", "m2i", "sd2i", "n2i"), MEANS), by_second_group, CORRECT, SMD_VARIANCES,
    ),
    "SMD1H": Measure(
        "mean difference by the second standard deviation, unequal variances", "continuous", "", (MEANS,),
        by_second_group_unequal, CORRECT,
    ),
    "ROM": Measure(
        "ratio of means", "continuous", "exp", (MEANS,), ratio_of_means, CORRECT, ("LS", "HO", "LS2", "AV", "AVHO")
    ),
    "VR": Measure(
        "ratio of standard deviations", "continuous", "exp", (("sd1i", "n1i", "sd2i", "n2i"), MEANS),
        variability_ratio, CORRECT, ("LS", "LS2"),
    ),
    "CVR": Measure(
        "ratio of coefficients of variation", "continuous", "exp", (MEANS,), coefficient_of_variation_ratio, CORRECT,
        ("LS", "LS2"),
    ),
    "D2OR": Measure(
        "odds ratio, from a standardised mean difference (logistic)", "continuous", "exp", SHOWN,
        partial(log_odds_ratio, "D2OR", "logistic"),
    ),
    "D2ORL": Measure(
        "odds ratio, from a standardised mean difference (logistic)", "continuous", "exp", SHOWN,
        partial(log_odds_ratio, "D2ORL", "logistic"),
    ),
    "D2ORN": Measure(
        "odds ratio, from a standardised mean difference (normal)", "continuous", "exp", SHOWN,
        partial(log_odds_ratio, "D2ORN", "normal"),
    ),
    "CLES": Measure(
        "common language effect size", "continuous", "", REPORTED, partial(superiority, "CLES"), (),
        ("LS", "LS2", "H0", "MAX"),
    ),
    "AUC": Measure(
        "area under the ROC curve", "continuous", "", REPORTED, partial(superiority, "AUC"), (),
        ("LS", "LS2", "H0", "MAX"),
    ),
    "CLESN": Measure(
        "common language effect size (normal)", "continuous", "", (*SHOWN, REPORTED[0]),
        partial(normal_superiority, "CLESN"), (), NORMAL,
    ),
    "AUCN": Measure(
        "area under the ROC curve (normal)", "continuous", "", (*SHOWN, REPORTED[0]),
        partial(normal_superiority, "AUCN"), (), NORMAL,
    ),
    # a quantity and two groups
    "RPB": Measure("point-biserial correlation", "correlation", "", SHOWN, point_biserial, (), ("ST", "CS", "LS")),
    "ZPB": Measure(
        "z of the point-biserial correlation", "correlation", "ztor", SHOWN, point_biserial_z, (), ("ST", "CS", "LS")
    ),
    "RBIS": Measure("biserial correlation", "correlation", "", SHOWN, biserial),
    "ZBIS": Measure("z of the biserial correlation", "correlation", "ztor", SHOWN, biserial_z),
    # two quantities
    "COR": Measure("correlation", "correlation", "", CORRELATION, correlation, (), (*SHARED, "H0a", "H0b")),
    "UCOR": Measure(
        "correlation without bias", "correlation", "", CORRELATION, unbiased_correlation, (), ("LS", "UB", "AV")
    ),
    "ZCOR": Measure("z of the correlation", "correlation", "ztor", CORRELATION, fisher_z),
    # regressions
    "PCOR": Measure(
        "partial correlation", "correlation", "", (*COEFFICIENT, *COEFFICIENT_R2), partial_correlation, (),
        ("LS", "AV"),
    ),
    "ZPCOR": Measure("z of the partial correlation", "correlation", "ztor", (*COEFFICIENT, *COEFFICIENT_R2), partial_z),
    "SPCOR": Measure(
        "semi-partial correlation", "correlation", "", COEFFICIENT_R2, semipartial_correlation, (), ("LS", "AV")
    ),
    "ZSPCOR": Measure(
        "z of the semi-partial correlation", "correlation", "ztor", COEFFICIENT_R2, semipartial_z, (), ("LS", "AV")
    ),
    "R2": Measure(
        "R squared", "correlation", "", R2, random_predictors, (), ("LS", "LS2", "AV", "AV2")
    ),
    "ZR2": Measure("z of R squared", "correlation", "ztor2", R2, random_predictors_z),
    "R2F": Measure("R squared, predictors fixed", "correlation", "", R2, fixed_predictors),
    "ZR2F": Measure("z of R squared, predictors fixed", "correlation", "ztor2", R2, fixed_predictors_z),
    # one group, means
    "MN": Measure("mean", "mean", "", (MEAN,), mean, (), ("LS", "HO")),
    "SMN": Measure("standardised mean", "mean", "", (MEAN,), standardised_mean, CORRECT),
    "MNLN": Measure("mean (log)", "mean", "exp", (MEAN,), log_mean),
    "SDLN": Measure("standard deviation (log)", "mean", "exp", (("sdi", "ni"), MEAN), log_deviation, CORRECT),
    "CVLN": Measure("coefficient of variation (log)", "mean", "exp", (MEAN,), log_coefficient_of_variation, CORRECT),
    # change, or pairs, means
    "MC": Measure("mean change", "change", "", (CHANGE,), mean_change),
    "SMCC": Measure(
        "standardised mean change", "change", "", (CHANGE, ("di", "ni"), ("ti", "ni"), ("pi", "ni")), by_change,
        CORRECT, UNIT,
    ),
    "SMCR": Measure(
        "mean change by the first standard deviation", "change", "", (("m1i", "m2i", "sd1i", "ni", "ri"), CHANGE),
        by_first, CORRECT, UNIT,
    ),
    "SMCRH": Measure(
        "mean change by the first standard deviation, unequal variances", "change", "", (CHANGE,), by_first_unequal,
        CORRECT, ("LS", "LS2"),
    ),
    "SMCRP": Measure("mean change by both standard deviations", "change", "", (CHANGE,), by_both, CORRECT),
    "SMCRPH": Measure(
        "mean change by both standard deviations, unequal variances", "change", "", (CHANGE,), by_both_unequal,
        CORRECT, ("LS", "LS2"),
    ),
    "CLESCN": Measure(
        "common language effect size of correlated values (normal)", "change", "", (CHANGE,),
        partial(paired_superiority, "CLESCN"),
    ),
    "AUCCN": Measure(
        "area under the ROC curve of correlated values (normal)", "change", "", (CHANGE,),
        partial(paired_superiority, "AUCCN"),
    ),
    "ROMC": Measure(
        "ratio of means of pairs", "change", "exp", (CHANGE,), log_ratio_of_means, CORRECT, ("LS", "LS2")
    ),
    "VRC": Measure(
        "ratio of standard deviations of pairs", "change", "exp", (("sd1i", "sd2i", "ni", "ri"), CHANGE),
        log_ratio_of_deviations, (), ("LS", "LS2"),
    ),
    "CVRC": Measure(
        "ratio of coefficients of variation of pairs", "change", "exp", (CHANGE,), log_ratio_of_variation, CORRECT,
        ("LS", "LS2"),
    ),
    # scales of several items, and genotypes
    "ARAW": Measure("Cronbach's alpha", "reliability", "", (ITEMS,), alpha),
    "AHW": Measure("Cronbach's alpha (cube root)", "reliability", "iahw", (ITEMS,), alpha_cube_root),
    "ABT": Measure("Cronbach's alpha (log)", "reliability", "iabt", (ITEMS,), alpha_log),
    "REH": Measure(
        "relative excess heterozygosity", "association", "exp", (("ai", "bi", "ci"),), excess_heterozygosity
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
    "PR": Measure(
        "proportion", "proportion", "", EVENTS, partial(from_proportion, "PR", proportion), ADD, ("LS", "UB", "AV")
    ),
    "PLN": Measure(
        "proportion (log)", "proportion", "exp", EVENTS, partial(from_proportion, "PLN", log_proportion), ADD,
        ("LS", "AV"),
    ),
    "PLO": Measure(
        "proportion (logit)", "proportion", "ilogit", EVENTS, partial(from_proportion, "PLO", logit_proportion), ADD,
        ("LS", "AV"),
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
