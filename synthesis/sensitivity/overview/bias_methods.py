"""Every method against small-study effects and selection: how it is run on the studies of a pool, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from synthesis.sensitivity.cautions import verdict
from synthesis.sensitivity.findings import side_of_zero
from synthesis.sensitivity.missing_evidence.excess_significance import excess_significance
from synthesis.sensitivity.missing_evidence.fail_safe import fail_safe
from synthesis.sensitivity.missing_evidence.fail_safe_kinds import FAIL_SAFE
from synthesis.sensitivity.missing_evidence.unpublished import unpublished
from synthesis.sensitivity.overview.bias_finding import BiasFinding, by_rules, by_verdict
from synthesis.sensitivity.overview.subject import Subject
from synthesis.sensitivity.selection import (
    assumed_selection,
    copas,
    p_curve,
    p_uniform,
    p_uniform_star,
    selection_model,
)
from synthesis.sensitivity.selection.model_rules import ALPHA
from synthesis.sensitivity.small_studies.henmi_copas import henmi_copas
from synthesis.sensitivity.small_studies.limit import limit_meta
from synthesis.sensitivity.small_studies.methods import EFFECTS, SMALL_STUDY_TESTS
from synthesis.sensitivity.small_studies.named_tests import small_study_test
from synthesis.sensitivity.small_studies.pet_peese import pet_peese
from synthesis.sensitivity.small_studies.trim_and_fill import MISSING, trim_and_fill
from synthesis.text import decimal, p_value

ASYMMETRY = 0.10  # p below which a test is said to find asymmetry: Egger and others (1997)
SELECTION = "whether studies are missing: the model fits whatever selection of its own shape the p-values allow"
EXCESS = (
    "whether more studies are significant than their power lets expect",
    (
        "why: studies held back, results chosen because they are significant, or effects that differ more than tau^2 "
        "says"
    ),
)


@dataclass(frozen=True, slots=True)
class BiasMethod:
    """One method."""

    kind: str  # a key of KINDS
    least: int  # studies that it needs
    run: Callable[[Subject], BiasFinding]
    meaning: str
    only_named: str = ""  # why it is run only where it is named; empty: always
    needs: tuple[str, ...] = ()  # columns of counts
    measures: tuple[str, ...] = ()  # keys of MEASURES that it is made for; none: any
    whole: Callable[[Subject], BiasFinding] | None = None  # with what takes long, where something does


def _test(name: str, of: Subject) -> BiasFinding:
    method = SMALL_STUDY_TESTS[name]
    found = small_study_test(name, of.yi, of.vi, **of.counts, measure=of.measure, level=of.level)
    limit: dict[str, Any] = {}
    if method.needs[:2] == EFFECTS:  # else the line is on another scale than the effects
        limit = {"estimate": found.limit_estimate, "ci_low": found.limit_ci_low, "ci_high": found.limit_ci_high}
    p = found.p_value
    says = found.reason("bias") if p is None else "asymmetry" if p < ASYMMETRY else "no asymmetry shown"
    return by_verdict(name, "test", found, found.verdict, says or "nothing to judge the bias by", p_bias=p, **limit)


def _trim_and_fill(estimator: str, name: str, of: Subject) -> BiasFinding:
    found = trim_and_fill(of.yi, of.vi, estimator=estimator, method=of.method, test=of.test, level=of.level)
    count, filled = found.k0, found.filled
    says = found.reason("k0") or "no number" if count is None else f"{count} filled in on the {found.side}"
    numbers = {} if filled is None else {
        "estimate": filled.estimate, "ci_low": filled.ci_low, "ci_high": filled.ci_high, "p_effect": filled.p_value,
    }  # fmt: skip
    return by_verdict(
        name, "adjusted", found, found.verdict, says, count=count, p_bias=found.k0_p_value, **numbers
    )  # fmt: skip


def _henmi_copas(of: Subject) -> BiasFinding:
    found = henmi_copas(of.yi, of.vi, level=of.level)
    says = "equal-effects mean, interval with tau^2"
    bounds = {"estimate": found.estimate, "ci_low": found.ci_low, "ci_high": found.ci_high}
    return by_verdict("henmi-copas", "adjusted", found, found.verdict, says, **bounds)


def _pet_peese(of: Subject) -> BiasFinding:
    found = pet_peese(of.yi, of.vi, level=of.level)
    one, pet = found.adjusted, found.pet
    if one is None or pet is None:
        return by_verdict("pet-peese", "adjusted", found, found.verdict, found.reason("pet") or "no line")
    return by_verdict(
        "pet-peese", "adjusted", found, found.verdict, f"{found.chosen} holds", estimate=one.estimate,
        ci_low=one.ci_low, ci_high=one.ci_high, p_effect=one.p_value, p_bias=pet.slope_p_value,
    )  # fmt: skip


def _limit(of: Subject) -> BiasFinding:
    found = limit_meta(of.yi, of.vi, method=of.method, test=of.test, level=of.level)
    one = found.expectation
    if one is None:
        return by_verdict("limit", "adjusted", found, found.verdict, found.reason("expectation") or "no line")
    return by_verdict(
        "limit", "adjusted", found, found.verdict, f"G^2 {decimal(found.g2, 1)} %", estimate=one.estimate,
        ci_low=one.ci_low, ci_high=one.ci_high, p_effect=one.p_value, p_bias=found.q_small_p_value,
    )  # fmt: skip


def _excess(of: Subject) -> BiasFinding:
    pooled = of.pooled()
    found = excess_significance(of.yi, of.vi, theta=pooled.estimate, tau2=pooled.tau2 or 0.0)
    says = f"{found.observed} of {found.k} significant, {decimal(found.expected, 1)} expected"
    judged = verdict(
        of.yi, of.vi, rules=("few studies", "heterogeneity"), against=("few studies",), tells=EXCESS[0],
        cannot_tell=EXCESS[1],
    )  # fmt: skip
    return by_verdict("excess-significance", "significant", found, judged, says, p_bias=found.p_value)


def _selection(name: str, function: str, asked: Mapping[str, Any], profile: bool, of: Subject) -> BiasFinding:
    given = {"alternative": of.side, **asked}
    found = selection_model(of.yi, of.vi, function, level=of.level, profile=profile, **given)
    one, test = found.mean, found.selection_test
    says = "no test of selection" if test is None else f"selection {_shown(test.p_value)}"
    return by_rules(
        name, "selection", found, says, SELECTION, estimate=one.estimate, ci_low=one.ci_low, ci_high=one.ci_high,
        p_effect=one.p_value, p_bias=None if test is None else test.p_value,
    )  # fmt: skip


def _shown(p: float) -> str:
    """As the finding "assumption" of the same result says it."""
    return "not shown" if p > ALPHA else "shown"


def _assumed(of: Subject) -> BiasFinding:
    found = assumed_selection(of.yi, of.vi, alternative=of.side, level=of.level)
    side = side_of_zero(found.ci_low, found.ci_high)
    none = found.selection.tolist().index("none")
    others = [name for name, one in zip(found.selection.tolist(), side.tolist(), strict=True) if one != side[none]]
    says = f"another conclusion under {', '.join(others)}" if others else f"one conclusion under all {len(side) - 1}"
    return by_rules("assumed selection", "selection", found, says, "how strong selection is")


def _p_uniform_star(of: Subject) -> BiasFinding:
    found = p_uniform_star(of.yi, of.vi, alternative=of.side, level=of.level)
    p = found.bias_test.p_value
    return by_rules(
        "p-uniform*", "selection", found, f"selection {_shown(p)}", SELECTION, estimate=found.estimate,
        ci_low=found.ci_low, ci_high=found.ci_high, p_effect=found.p_value, p_bias=p,
    )  # fmt: skip


def _copas(of: Subject) -> BiasFinding:
    found = copas(of.yi, of.vi, alternative=of.side, level=of.level)
    cannot = "how strong selection is: it shows what would follow from each strength"
    if found.adjusted is None:
        return by_rules("copas", "selection", found, "no selection of the grid explains the asymmetry", cannot)
    row = found.adjusted
    estimate, low, high, p = (float(found[name][row]) for name in ("estimate", "ci_low", "ci_high", "p_value"))
    share = decimal(float(found.probability[row]), 2)
    return by_rules(
        "copas", "selection", found, f"least precise study published with probability {share}", cannot,
        estimate=estimate, ci_low=low, ci_high=high, p_effect=p,
    )  # fmt: skip


def _p_curve(of: Subject) -> BiasFinding:
    found = p_curve(of.yi, of.vi)
    cannot = "how large the effect is, or how many studies are missing"
    if found.right_skew is None:
        return by_rules("p-curve", "significant", found, "no significant study", cannot)
    says = "evidential value" if found.evidential_value else "no evidential value shown"
    says += "; flatter than power 1/3" if found.inadequate else ""
    curve = f"{says} ({found.significant} significant)"
    return by_rules("p-curve", "significant", found, curve, cannot, p_effect=found.right_skew.p_full)


def _p_uniform(of: Subject) -> BiasFinding:
    found = p_uniform(of.yi, of.vi, alternative=of.side, level=of.level)
    says = f"{found.significant} significant, {of.side} than 0"
    return by_rules(
        "p-uniform", "significant", found, says, "an effect that differs between studies", estimate=found.estimate,
        ci_low=found.ci_low, ci_high=found.ci_high, p_effect=found.p_value, p_bias=found.bias_p_value,
    )  # fmt: skip


def _fail_safe(kind: str, name: str, of: Subject) -> BiasFinding:
    found = fail_safe(of.yi, of.vi, kind, method=of.method)
    says = found.sentence if found.p_value is None else f"{found.sentence} (now p {p_value(found.p_value)})"
    return by_verdict(name, "fail-safe", found, found.verdict, says, count=found.n)


def _unpublished(of: Subject) -> BiasFinding:
    """As many unpublished studies as there are published ones."""
    number = len(of.names)
    found = unpublished(of.yi, of.vi, number=number, method=of.method, test=of.test, level=of.level)
    return by_verdict("unpublished", "fail-safe", found, found.verdict, found.sentence, count=found.number)


DIAGNOSTIC = "it is of diagnostic accuracy: name it where the groups are with and without disease"
ALIKE = "it has one parameter and nearly the shape of negexp: name it to see it too"
LIKE_NEGEXP = ("halfnorm", "logistic", "power")
SELECTIONS: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    # the selection function, what is asked of it, what it is
    "step function": (
        "stepfun", {"steps": 0.025},
        "one weight for studies that are not significant on the favoured side (one-sided p above .025)",
    ),
    "step function, two-sided": (
        "stepfun", {"steps": 0.05, "alternative": "two-sided"},
        "one weight for studies that are not significant on either side (two-sided p above .05)",
    ),
    "beta": ("beta", {}, "weights by a beta density of p"),
    "negexp": ("negexp", {}, "weights that fall exponentially with p"),
    "halfnorm": ("halfnorm", {}, "weights that fall as half a normal density of p"),
    "logistic": ("logistic", {}, "weights that fall as a logistic function of p"),
    "power": ("power", {}, "weights that fall as a power of 1 - p"),
}  # fmt: skip
BIAS: Mapping[str, BiasMethod] = {
    **{
        name: BiasMethod(
            "test", 3, partial(_test, name), method.meaning,
            only_named=DIAGNOSTIC if name == "deeks" else "",
            needs=tuple(column for column in method.needs if column not in EFFECTS), measures=method.measures,
        )
        for name, method in SMALL_STUDY_TESTS.items()
    },
    **{
        f"trim-and-fill {estimator}": BiasMethod(
            "adjusted", 3, partial(_trim_and_fill, estimator, f"trim-and-fill {estimator}"),
            f"pool of the studies and filled-in mirror images, their number by {estimator}",
        )
        for estimator in MISSING
    },
    "henmi-copas": BiasMethod("adjusted", 2, _henmi_copas, "interval that small studies move little"),
    "pet-peese": BiasMethod("adjusted", 3, _pet_peese, "effect of a study without error"),
    "limit": BiasMethod("adjusted", 3, _limit, "effect of studies whose precision grows without end"),
    **{
        name: BiasMethod(
            "selection", 3, partial(_selection, name, function, asked, False), meaning,
            only_named=ALIKE if name in LIKE_NEGEXP else "", whole=partial(_selection, name, function, asked, True),
        )
        for name, (function, asked, meaning) in SELECTIONS.items()
    },
    "assumed selection": BiasMethod(
        "selection", 2, _assumed, "selection of given strength, moderate and severe (Vevea and Woods)"
    ),
    "p-uniform*": BiasMethod(
        "selection", 3, _p_uniform_star, "mean and tau^2, given which studies are significant on the favoured side"
    ),
    "copas": BiasMethod("selection", 3, _copas, "selection by precision and effect: the weakest that explains it"),
    "excess-significance": BiasMethod("significant", 2, _excess, "observed against expected significant studies"),
    "p-curve": BiasMethod("significant", 1, _p_curve, "skew and flatness of the significant p-values"),
    "p-uniform": BiasMethod("significant", 1, _p_uniform, "one effect from the significant studies of one side"),
    **{
        f"fail-safe {kind}": BiasMethod(
            "fail-safe", 2, partial(_fail_safe, kind, f"fail-safe {kind}"), f"studies needed to overturn it, by {kind}"
        )
        for kind in FAIL_SAFE
    },
    "unpublished": BiasMethod(
        "fail-safe", 2, _unpublished, "mean effect that as many unpublished studies would need to overturn it"
    ),
}  # fmt: skip
