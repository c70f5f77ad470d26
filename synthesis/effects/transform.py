"""The transformations that there are: one entry each, with what it takes and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from synthesis.effects import distributions, risks, scales
from synthesis.effects.columns import FloatArray

RISES = "rises"  # a greater value has a greater image
VALLEY = "valley"  # falls to 0 and rises from there
PEAK = "peak"  # rises to 0 and falls from there
POLE = "pole"  # falls on either side of 0, where it is infinite

ALL = (-math.inf, math.inf)
POSITIVE = (0.0, math.inf)
UNIT = (0.0, 1.0)
CORRELATION = (-1.0, 1.0)
BELOW_1 = (-math.inf, 1.0)

BONETT = "Bonett (2002), Journal of Educational and Behavioral Statistics 27(4), 335-340"
CHINN = "Chinn (2000), Statistics in Medicine 19(22), 3127-3131"
COHEN = "Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd edition"
COX = "Cox and Snell (1989), Analysis of Binary Data, 2nd edition"
DIGBY = "Digby (1983), Biometrics 39(3), 753-757"
FISHER = "Fisher (1921), Metron 1, 1-32"
FREEMAN = "Freeman and Tukey (1950), Annals of Mathematical Statistics 21(4), 607-611"
HAKSTIAN = "Hakstian and Whalen (1976), Psychometrika 41(2), 219-231"
HANDBOOK = "Cochrane Handbook for Systematic Reviews of Interventions, version 6.4, section 15.4"
INMAN = "Inman and Bradley (1989), Communications in Statistics, Theory and Methods 18(10), 3851-3874"
JACOBS = "Jacobs and Viechtbauer (2017), Research Synthesis Methods 8(2), 161-180"
MCGRAW = "McGraw and Wong (1992), Psychological Bulletin 111(2), 361-365"
MILLER = "Miller (1978), The American Statistician 32(4), 138"
OLKIN = "Olkin and Finn (1995), Psychological Bulletin 118(1), 155-164"
PEARSON = "Pearson (1900), Philosophical Transactions of the Royal Society A 195, 1-47"
ROSENTHAL = "Rosenthal and Rubin (1982), Journal of Educational Psychology 74(2), 166-169"
CLIFF = "Cliff (1993), Psychological Bulletin 114(3), 494-509"


@dataclass(frozen=True, slots=True)
class Transform:
    """One transformation: from what to what, and how it maps an interval."""

    function: Callable[..., FloatArray]
    label: str
    metafor: str = ""  # its name there, after `transf.`; empty where there is none
    domain: tuple[float, float] = ALL  # what it takes; both ends included
    shape: str = RISES
    needs: tuple[str, ...] = ()  # keys of ARGUMENTS that must be given
    takes: tuple[str, ...] = ()  # that may be given
    inverse: str = ""  # a key of TRANSFORMS
    source: str = ""


class Argument(NamedTuple):
    """One further number that a transformation takes: what it is, and between which bounds it lies."""

    label: str
    low: float
    high: float
    includes: bool  # whether the bounds themselves are allowed


ARGUMENTS: Mapping[str, Argument] = {
    "n": Argument("the size of the sample", 0.0, math.inf, False),
    "person_time": Argument("the person-time at risk", 0.0, math.inf, False),
    "tau2": Argument("the variance of the true effects", 0.0, math.inf, True),
    "sd": Argument("the standard deviation", 0.0, math.inf, False),
    "n1i": Argument("the size of the first group", 0.0, math.inf, False),
    "n2i": Argument("the size of the second group", 0.0, math.inf, False),
    "share": Argument("the share of people in the first group", 0.0, 1.0, False),
    "base_risk": Argument("the risk of the second group", 0.0, 1.0, False),
}
SIZES = ("n1i", "n2i")
RISK = ("base_risk",)

TRANSFORMS: Mapping[str, Transform] = {
    # ratios
    "log": Transform(np.log, "log of a ratio", "", POSITIVE, inverse="exponential"),
    "exponential": Transform(np.exp, "ratio from its log", "exp", inverse="log"),
    "exponential_integral": Transform(
        distributions.exponential_integral, "mean of log-normal ratios", "exp.int", needs=("tau2",)
    ),
    "exponential_mode": Transform(
        distributions.exponential_mode, "mode of log-normal ratios", "exp.mode", needs=("tau2",)
    ),
    # proportions
    "logit": Transform(logit, "log odds of a proportion", "logit", UNIT, inverse="inverse_logit"),
    "inverse_logit": Transform(expit, "proportion from its log odds", "ilogit", inverse="logit"),
    "inverse_logit_integral": Transform(
        distributions.inverse_logit_integral, "mean of logit-normal proportions", "ilogit.int", needs=("tau2",)
    ),
    "inverse_logit_mode": Transform(
        distributions.inverse_logit_mode, "mode of logit-normal proportions", "ilogit.mode", needs=("tau2",)
    ),
    "probit": Transform(ndtri, "normal quantile of a proportion", "probit", UNIT, inverse="inverse_probit"),
    "inverse_probit": Transform(ndtr, "proportion from its normal quantile", "iprobit", inverse="probit"),
    "arcsine": Transform(
        lambda x: np.arcsin(np.sqrt(x)), "arcsine of the root of a proportion", "arcsin", UNIT,
        inverse="inverse_arcsine",
    ),
    "inverse_arcsine": Transform(
        scales.inverse_arcsine, "proportion from the arcsine of its root", "iarcsin", inverse="arcsine"
    ),
    "freeman_tukey": Transform(
        scales.freeman_tukey, "double arcsine of a proportion", "pft", UNIT, needs=("n",),
        inverse="inverse_freeman_tukey", source=FREEMAN,
    ),
    "inverse_freeman_tukey": Transform(
        scales.inverse_freeman_tukey, "proportion from its double arcsine", "ipft", needs=("n",),
        inverse="freeman_tukey", source=MILLER,
    ),
    "inverse_freeman_tukey_harmonic": Transform(
        scales.inverse_freeman_tukey_harmonic, "proportion from a pooled double arcsine, n the sizes of all studies",
        "ipft.hm", needs=("n",), source=MILLER,
    ),
    "odds_to_probability": Transform(
        risks.odds_to_probability, "probability from odds", "", POSITIVE, inverse="probability_to_odds"
    ),
    "probability_to_odds": Transform(
        risks.probability_to_odds, "odds from a probability", "", UNIT, inverse="odds_to_probability"
    ),
    # rates
    "square_root": Transform(np.sqrt, "square root of a rate", "", POSITIVE, inverse="inverse_square_root"),
    "inverse_square_root": Transform(
        scales.inverse_square_root, "rate from its square root", "isqrt", inverse="square_root"
    ),
    "freeman_tukey_rate": Transform(
        scales.freeman_tukey_rate, "double square root of a rate", "irft", POSITIVE, needs=("person_time",),
        inverse="inverse_freeman_tukey_rate", source=FREEMAN,
    ),
    "inverse_freeman_tukey_rate": Transform(
        scales.inverse_freeman_tukey_rate, "rate from its double square root", "iirft", needs=("person_time",),
        inverse="freeman_tukey_rate", source=FREEMAN,
    ),
    # reliability
    "hakstian_whalen": Transform(
        scales.hakstian_whalen, "coefficient alpha, by its cube root", "ahw", BELOW_1,
        inverse="inverse_hakstian_whalen", source=HAKSTIAN,
    ),
    "inverse_hakstian_whalen": Transform(
        scales.inverse_hakstian_whalen, "coefficient alpha from its cube root", "iahw", inverse="hakstian_whalen",
        source=HAKSTIAN,
    ),
    "bonett": Transform(
        scales.bonett, "coefficient alpha, by its log", "abt", BELOW_1, inverse="inverse_bonett", source=BONETT
    ),
    "inverse_bonett": Transform(
        scales.inverse_bonett, "coefficient alpha from its log", "iabt", inverse="bonett", source=BONETT
    ),
    # correlations
    "r_to_z": Transform(
        np.arctanh, "Fisher's z of a correlation", "rtoz", CORRELATION, inverse="z_to_r", source=FISHER
    ),
    "z_to_r": Transform(np.tanh, "correlation from Fisher's z", "ztor", inverse="r_to_z", source=FISHER),
    "z_to_r_integral": Transform(
        distributions.z_to_r_integral, "mean of correlations whose z is normal", "ztor.int", needs=("tau2",)
    ),
    "z_to_r_mode": Transform(
        distributions.z_to_r_mode, "mode of correlations whose z is normal", "ztor.mode", needs=("tau2",)
    ),
    "r2_to_z": Transform(
        scales.r2_to_z, "Fisher's z of a coefficient of determination", "r2toz", UNIT, inverse="z_to_r2", source=OLKIN
    ),
    "z_to_r2": Transform(
        scales.z_to_r2, "coefficient of determination from Fisher's z", "ztor2", inverse="r2_to_z", source=OLKIN
    ),
    "biserial_to_point_biserial": Transform(
        scales.biserial_to_point_biserial, "point-biserial from biserial correlation", "rtorpb", takes=("share",),
        inverse="point_biserial_to_biserial", source=JACOBS,
    ),
    "point_biserial_to_biserial": Transform(
        scales.point_biserial_to_biserial, "biserial from point-biserial correlation", "rpbtorbis", CORRELATION,
        takes=("share",), inverse="biserial_to_point_biserial", source=JACOBS,
    ),
    # standardised mean differences
    "d_to_u1": Transform(scales.d_to_u1, "Cohen's U1 from an SMD", "dtou1", shape=VALLEY, source=COHEN),
    "d_to_u2": Transform(scales.d_to_u2, "Cohen's U2 from an SMD", "dtou2", inverse="u2_to_d", source=COHEN),
    "u2_to_d": Transform(scales.u2_to_d, "SMD from Cohen's U2", "", UNIT, inverse="d_to_u2", source=COHEN),
    "d_to_u3": Transform(ndtr, "Cohen's U3 from an SMD", "dtou3", inverse="u3_to_d", source=COHEN),
    "u3_to_d": Transform(ndtri, "SMD from Cohen's U3", "", UNIT, inverse="d_to_u3", source=COHEN),
    "d_to_overlap": Transform(
        scales.d_to_overlap, "overlapping coefficient from an SMD", "dtoovl", shape=PEAK, source=INMAN
    ),
    "d_to_cles": Transform(
        scales.d_to_cles, "probability of superiority from an SMD", "dtocles", inverse="cles_to_d", source=MCGRAW
    ),
    "cles_to_d": Transform(
        scales.cles_to_d, "SMD from the probability of superiority", "", UNIT, inverse="d_to_cles", source=MCGRAW
    ),
    "d_to_cliff": Transform(
        scales.d_to_cliff, "Cliff's delta from an SMD", "dtocliffd", inverse="cliff_to_d", source=CLIFF
    ),
    "cliff_to_d": Transform(
        scales.cliff_to_d, "SMD from Cliff's delta", "", CORRELATION, inverse="d_to_cliff", source=CLIFF
    ),
    "d_to_besd": Transform(
        scales.d_to_besd, "binomial effect size display from an SMD", "dtobesd", inverse="besd_to_d", source=ROSENTHAL
    ),
    "besd_to_d": Transform(
        scales.besd_to_d, "SMD from the binomial effect size display", "", UNIT, inverse="d_to_besd", source=ROSENTHAL
    ),
    "d_to_mean_difference": Transform(
        scales.d_to_mean_difference, "mean difference from an SMD", "dtomd", needs=("sd",),
        inverse="mean_difference_to_d", source=HANDBOOK,
    ),
    "mean_difference_to_d": Transform(
        scales.mean_difference_to_d, "SMD from a mean difference", "", needs=("sd",), inverse="d_to_mean_difference"
    ),
    "d_to_point_biserial": Transform(
        scales.d_to_point_biserial, "point-biserial correlation from an SMD", "dtorpb", takes=SIZES,
        inverse="point_biserial_to_d", source=JACOBS,
    ),
    "point_biserial_to_d": Transform(
        scales.point_biserial_to_d, "SMD from a point-biserial correlation", "rpbtod", CORRELATION, takes=SIZES,
        inverse="d_to_point_biserial", source=JACOBS,
    ),
    "d_to_biserial": Transform(
        scales.d_to_biserial, "biserial correlation from an SMD", "dtorbis", takes=SIZES, inverse="biserial_to_d",
        source=JACOBS,
    ),
    "biserial_to_d": Transform(
        scales.biserial_to_d, "SMD from a biserial correlation", "rtod", takes=SIZES, inverse="d_to_biserial",
        source=JACOBS,
    ),
    "d_to_log_odds_ratio_normal": Transform(
        scales.d_to_log_odds_ratio_normal, "log odds ratio from an SMD of normal outcomes", "dtolnor.norm",
        inverse="log_odds_ratio_to_d_normal", source=COX,
    ),
    "d_to_log_odds_ratio_logistic": Transform(
        scales.d_to_log_odds_ratio_logistic, "log odds ratio from an SMD of logistic outcomes", "dtolnor.logis",
        inverse="log_odds_ratio_to_d_logistic", source=CHINN,
    ),
    # log odds ratios and log risk ratios
    "log_odds_ratio_to_d_normal": Transform(
        scales.log_odds_ratio_to_d_normal, "SMD of normal outcomes from a log odds ratio", "lnortod.norm",
        inverse="d_to_log_odds_ratio_normal", source=COX,
    ),
    "log_odds_ratio_to_d_logistic": Transform(
        scales.log_odds_ratio_to_d_logistic, "SMD of logistic outcomes from a log odds ratio", "lnortod.logis",
        inverse="d_to_log_odds_ratio_logistic", source=CHINN,
    ),
    "log_odds_ratio_to_tetrachoric_pearson": Transform(
        scales.log_odds_ratio_to_tetrachoric_pearson, "tetrachoric correlation from a log odds ratio, by a cosine",
        "lnortortet.pearson", inverse="tetrachoric_pearson_to_log_odds_ratio", source=PEARSON,
    ),
    "tetrachoric_pearson_to_log_odds_ratio": Transform(
        scales.tetrachoric_pearson_to_log_odds_ratio, "log odds ratio from a tetrachoric correlation, by a cosine",
        "", CORRELATION, inverse="log_odds_ratio_to_tetrachoric_pearson", source=PEARSON,
    ),
    "log_odds_ratio_to_tetrachoric_digby": Transform(
        scales.log_odds_ratio_to_tetrachoric_digby, "tetrachoric correlation from a log odds ratio, by its power 3/4",
        "lnortortet.digby", inverse="tetrachoric_digby_to_log_odds_ratio", source=DIGBY,
    ),
    "tetrachoric_digby_to_log_odds_ratio": Transform(
        scales.tetrachoric_digby_to_log_odds_ratio, "log odds ratio from a tetrachoric correlation, by its power 3/4",
        "", CORRELATION, inverse="log_odds_ratio_to_tetrachoric_digby", source=DIGBY,
    ),
    "log_odds_ratio_to_risk": Transform(
        risks.log_odds_ratio_to_risk, "risk of the first group from a log odds ratio", "", needs=RISK,
        inverse="risk_to_log_odds_ratio", source=HANDBOOK,
    ),
    "risk_to_log_odds_ratio": Transform(
        risks.risk_to_log_odds_ratio, "log odds ratio from the risk of the first group", "", UNIT, needs=RISK,
        inverse="log_odds_ratio_to_risk", source=HANDBOOK,
    ),
    "log_odds_ratio_to_risk_ratio": Transform(
        risks.log_odds_ratio_to_risk_ratio, "risk ratio from a log odds ratio", "lnortorr", needs=RISK,
        inverse="risk_ratio_to_log_odds_ratio", source=HANDBOOK,
    ),
    "risk_ratio_to_log_odds_ratio": Transform(
        risks.risk_ratio_to_log_odds_ratio, "log odds ratio from a risk ratio", "", POSITIVE, needs=RISK,
        inverse="log_odds_ratio_to_risk_ratio", source=HANDBOOK,
    ),
    "log_odds_ratio_to_risk_difference": Transform(
        risks.log_odds_ratio_to_risk_difference, "risk difference from a log odds ratio", "lnortord", needs=RISK,
        inverse="risk_difference_to_log_odds_ratio", source=HANDBOOK,
    ),
    "risk_difference_to_log_odds_ratio": Transform(
        risks.risk_difference_to_log_odds_ratio, "log odds ratio from a risk difference", "", CORRELATION, needs=RISK,
        inverse="log_odds_ratio_to_risk_difference", source=HANDBOOK,
    ),
    "log_risk_ratio_to_risk_difference": Transform(
        risks.log_risk_ratio_to_risk_difference, "risk difference from a log risk ratio", "", needs=RISK,
        source=HANDBOOK,
    ),
    "risk_difference_to_number_needed": Transform(
        risks.number_needed, "number needed to treat for one event more, from a risk difference", "", CORRELATION,
        POLE, source=HANDBOOK,
    ),
    "log_odds_ratio_to_number_needed": Transform(
        risks.log_odds_ratio_to_number_needed, "number needed to treat for one event more, from a log odds ratio",
        shape=POLE, needs=RISK, source=HANDBOOK,
    ),
    "log_risk_ratio_to_number_needed": Transform(
        risks.log_risk_ratio_to_number_needed, "number needed to treat for one event more, from a log risk ratio",
        shape=POLE, needs=RISK, source=HANDBOOK,
    ),
}  # fmt: skip
BY_METAFOR = {one.metafor: name for name, one in TRANSFORMS.items() if one.metafor}
