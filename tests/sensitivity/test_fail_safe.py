"""Fail-safe N."""

import json
from math import log

import numpy as np
import pytest
from scipy.special import gammaincc, ndtr
from scipy.stats import binomtest

from synthesis.errors import InvalidArgument
from synthesis.pooling import combine_p, pool
from synthesis.sensitivity.missing_evidence.fail_safe import fail_safe
from synthesis.sensitivity.missing_evidence.fail_safe_kinds import FAIL_SAFE, MOST, with_nulls
from tests.sensitivity import fooling
from tests.sensitivity.fooling import REFERENCE, Counted, columns

CALLS = {
    "rosenthal": ("rosenthal", {}), "rosenthal_alpha10": ("rosenthal", {"alpha": 0.1}), "binomial": ("binomial", {}),
    "orwin_unweighted_default": ("orwin-unweighted", {}), "orwin_weighted_default": ("orwin", {}),
    "orwin_weighted_third": ("orwin", {}), "rosenberg": ("rosenberg", {}),
}  # fmt: skip
GENERAL = {
    "general_DL": {"method": "DL"}, "general_DL_exact": {"method": "DL", "exact": True},
    "general_EE": {"method": "EE"}, "general_REML": {}, "general_REML_target_half": {},
}  # fmt: skip
OBSERVED = {"fsnum": "n", "est": "estimate", "tau2": "tau2", "pval": "p_value", "target": "target"}
AFTER = {"est.fsn": "estimate", "tau2.fsn": "tau2", "pval.fsn": "p_value"}
ONE_MORE = {  # the calls for which metafor's root of a step function ends one study above the first that is enough
    ("bcg_rr", "general_DL"), ("bcg_rr", "general_DL_exact"), ("bcg_rr", "general_REML"),
    ("raudenbush1985_smd", "general_REML_target_half"), ("hackshaw1998_or", "general_DL"),
    ("hackshaw1998_or", "general_EE"), ("hackshaw1998_or", "general_REML"),
    ("hackshaw1998_or", "general_REML_target_half"), ("egger2001_or", "general_DL"),
    ("egger2001_or", "general_DL_exact"), ("egger2001_or", "general_REML_target_half"),
    ("li2007_or", "general_DL_exact"), ("molloy2014_zcor", "general_DL"), ("molloy2014_zcor", "general_EE"),
    ("molloy2014_zcor", "general_REML"),
}  # fmt: skip


def answer(name, call):
    """Our answer to one call of the reference, and the reference."""
    expected = REFERENCE[name]["outputs"]["fsn"][call]
    kind, options = CALLS[call] if call in CALLS else ("general", GENERAL[call])
    target = {} if call.endswith("default") or expected["target"] is None else {"target": expected["target"]}
    return fail_safe(*columns(name), kind, **options, **target), expected


def plain(name):
    """The kinds in closed form, compared."""
    seen = Counted(name)
    for call in CALLS:
        found, expected = answer(name, call)
        for theirs, ours in OBSERVED.items():
            seen.value(ours, getattr(found, ours), expected[theirs])
    return seen


def general(name, call):
    """The general kind, compared at the reference's own number of studies.

    Its `fsn` fits REML with metafor's default limits, which leave tau^2 up to 8e-5 off; so only that is asked there.
    """
    seen = Counted(name, rtol=1e-4 if "REML" in call else 1e-8)
    found, expected = answer(name, call)
    after = with_nulls(
        *columns(name), expected["fsnum"], found_method(call), exact=GENERAL[call].get("exact", False)
    )  # fmt: skip
    for theirs, ours in list(OBSERVED.items())[1:]:
        seen.value(ours, getattr(found, ours), expected[theirs])
    for (theirs, ours), one in zip(AFTER.items(), after, strict=True):
        seen.value(ours, one, expected[theirs])
    return seen


def found_method(call):
    """The estimator of a general call."""
    return GENERAL[call].get("method", "REML")


@pytest.mark.parametrize("name", REFERENCE)
def test_fsn_of_metafor(name):
    """Rosenthal, binomial, Orwin (plain, weighted, another target) and Rosenberg: numbers, means, p-values, targets."""
    assert plain(name).differences == []


@pytest.mark.parametrize("call", GENERAL)
@pytest.mark.parametrize("name", REFERENCE)
def test_the_general_kind_of_metafor(name, call):
    """Pool, tau^2 and p, before and with the reference's number of null studies."""
    assert general(name, call).differences == []


@pytest.mark.parametrize("call", GENERAL)
@pytest.mark.parametrize("name", REFERENCE)
def test_the_first_number_that_is_enough(name, call):
    """Ours is enough and one less is not; metafor gives the same or, in fifteen calls, one more."""
    found, expected = answer(name, call)
    exact = GENERAL[call].get("exact", False)

    def enough(n):
        mean, _, p = with_nulls(*columns(name), n, found_method(call), exact=exact)
        return p >= 0.05 if found.target is None else abs(mean) <= abs(found.target)

    assert enough(found.n)
    assert found.n == 0 or not enough(found.n - 1)
    assert expected["fsnum"] - found.n == ((name, call) in ONE_MORE)


@pytest.mark.parametrize("name", REFERENCE)
def test_fishers_kind_keeps_the_direction(name):
    """P is Fisher's over one-sided p-values of one direction, and n the first number of p = 1/2 that is enough.

    metafor takes each study's p in its own direction, so that opposite effects add up, and without any effect it would
    be below .05 far too often; and it seeks its number with degrees of freedom for the next study already. Both of its
    numbers come out that way here, and are not ours.
    """
    y, v = columns(name)
    z, expected = y / np.sqrt(v), REFERENCE[name]["outputs"]["fsn"]["rosenthal_fisher"]
    found = fail_safe(y, v, "fisher")
    own = combine_p(ndtr(-abs(z)), "fisher").p_value
    half = -float(np.sum(np.log(ndtr(z if z.sum() < 0 else -z))))

    assert own == pytest.approx(expected["pval"], rel=1e-8)
    assert found.p_value == pytest.approx(float(gammaincc(len(y), half)), rel=1e-9)
    assert gammaincc(len(y) + found.n, half + found.n * log(2)) >= 0.05
    assert found.n == 0 or gammaincc(len(y) + found.n - 1, half + (found.n - 1) * log(2)) < 0.05


@pytest.mark.parametrize("name", REFERENCE)
def test_where_metafors_number_for_fisher_comes_from(name):
    """P over |z|, its degrees of freedom between those of n and n + 1 on the way to a root: between these numbers."""
    y, v = columns(name)
    half, k = -float(np.sum(np.log(ndtr(-np.abs(y / np.sqrt(v)))))), len(y)
    lowest, highest = (
        next(n for n in range(1, 2000) if gammaincc(k + n, half + (n - early) * log(2)) >= 0.05) for early in (1, 0)
    )

    assert lowest <= REFERENCE[name]["outputs"]["fsn"]["rosenthal_fisher"]["fsnum"] <= highest
    null = -np.log(ndtr(-np.abs(np.random.default_rng(1).normal(size=(4000, 10))))).sum(axis=1)
    assert np.mean(gammaincc(10, null) < 0.05) > 0.5


def test_how_much_of_the_reference_is_compared():
    """All 13 calls on six data sets: 108 numbers in closed form, 186 of the general kind, six p of Fisher's."""
    counted = sum(plain(name).count for name in REFERENCE)
    counted_general = sum(general(name, call).count for name in REFERENCE for call in GENERAL)

    assert {len(block["outputs"]["fsn"]) for block in REFERENCE.values()} == {len(CALLS) + len(GENERAL) + 1}
    assert (counted, counted_general) == (108, 186)


@pytest.mark.parametrize("n", [2, 5, 40])
def test_added_studies_are_real_studies(n):
    """`exact` is a pool with n studies of mean 0 and the asked variance, whatever their effects are one by one."""
    y, v = columns("li2007_or")
    tau2, each = pool(y, v, method="REML").tau2, 1 / np.mean(1 / v)
    random = np.random.default_rng(n).normal(size=n)
    added = (random - random.mean()) / random.std(ddof=1) * np.sqrt(each + tau2)
    theirs = pool(np.append(y, added), np.append(v, np.full(n, each)), method="REML", test="z")

    assert with_nulls(y, v, n, "REML", exact=True) == pytest.approx(
        (theirs.estimate, theirs.tau2, theirs.p_value), rel=1e-8
    )  # fmt: skip


def test_the_sign_test_is_exact():
    """Its p is that of the binomial test, with as many studies of each sign added."""
    y, v = columns("bcg_rr")
    found = fail_safe(y, v, "binomial")
    positive = int(np.sum(y > 0))

    assert found.p_value == pytest.approx(binomtest(positive, 13).pvalue)
    assert binomtest(positive + found.n // 2, 13 + found.n).pvalue >= 0.05
    assert binomtest(positive + found.n // 2 - 1, 13 + found.n - 2).pvalue < 0.05


@pytest.mark.parametrize("kind", FAIL_SAFE)
def test_every_kind_has_its_sentence(kind):
    """The sentence begins with the number; the verdict says that it estimates no studies."""
    found = fail_safe(*columns("bcg_rr"), kind)

    assert found.sentence.startswith(f"{found.n:,} more studies ")
    assert "{" not in found.sentence
    assert "how many there are" in found.verdict.cannot_tell
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["n"] == found.n
    assert found.summary().startswith(f"fail-safe N ({kind}): {found.sentence}")


@pytest.mark.parametrize(
    ("studies_", "cautions"),
    [
        (fooling.one_outlier, {"one study far away"}),
        (fooling.two_clusters, {"heterogeneity"}),
        (fooling.pure_selection, {"all significant"}),
    ],
)
def test_on_studies_made_to_fool_it(studies_, cautions):
    """Whatever the studies, a large number comes out, and the verdict says what it does not look at."""
    found = fail_safe(*studies_(), "rosenthal")

    assert set(found.verdict.names) >= cautions
    assert found.tolerated


def test_pure_selection_looks_safe():
    """Of no effect at all, of which only significant results are left, Rosenthal's number is huge: it is fooled."""
    y, v = fooling.pure_selection()

    assert fail_safe(y, v, "rosenthal").n > 40 * len(y)


def test_few_and_even_studies():
    """Three studies and a tau^2 of 0: the same as Rosenberg's where nothing differs, 0 where nothing is significant."""
    y, v = fooling.alike()
    numbers = fail_safe(y, v, "general", method="EE").n, fail_safe(y, v, "rosenberg").n

    assert numbers[0] == numbers[1] > 0
    assert fail_safe([0.1, -0.1, 0.05], [0.1, 0.1, 0.1], "general").n == 0
    assert "none significant" in fail_safe([0.1, -0.1, 0.05], [0.1, 0.1, 0.1]).verdict.names


def test_where_no_number_is_enough():
    """No number of null studies brings a mean to 0; and ten million are not tried further."""
    found = fail_safe(*columns("bcg_rr"), "orwin", target=0)
    beyond = fail_safe(*columns("bcg_rr"), "general", target=1e-9)

    assert (found.n, found.verdict.usable, found.tolerated) == (None, False, None)
    assert found.reason("n") == "no number of studies brings a mean to 0"
    assert fail_safe(*columns("bcg_rr"), "general", target=0.0).reason("n") == found.reason("n")
    assert beyond.reason("n") == f"it exceeds {MOST}"
    assert beyond.sentence.startswith("no number of more studies")


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@pytest.mark.parametrize("kind", FAIL_SAFE)
def test_a_change_of_units_changes_nothing(kind, unit):
    """As many studies, in whatever unit; turned signs as well."""
    y, v = columns("li2007_or")

    assert fail_safe(unit * y, unit**2 * v, kind).n == fail_safe(y, v, kind).n == fail_safe(-y, v, kind).n


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("rosental", {}, "did you mean 'rosenthal'"),
        ("rosenthal", {"target": 0.1}, "takes no target: try orwin or general"),
        ("orwin", {"target": float("nan")}, "target must be a finite number"),
        ("general", {"alpha": 5}, "alpha must be above 0 and below 0.5"),
        ("general", {"method": "DLMH"}, "has no method DLMH"),
    ],
)
def test_what_is_refused(kind, options, message):
    """One error that says what is wrong and what to do."""
    with pytest.raises(InvalidArgument, match=message):
        fail_safe([0.1, 0.2], [0.1, 0.2], kind, **options)
    with pytest.raises(InvalidArgument, match="at least two studies: try rosenberg"):
        fail_safe([0.1], [0.1])


@pytest.mark.parametrize("target", [10**400, -(10**400), float("inf")])
def test_a_target_beyond_all_floats_is_refused(target):
    """Whole numbers of Python have no end."""
    with pytest.raises(InvalidArgument, match="target must be a finite number"):
        fail_safe([0.1, 0.2], [0.1, 0.2], "orwin", target=target)
