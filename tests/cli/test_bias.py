"""`synth bias` on a small review and on plain tables."""

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pipeline import load, pool_review
from synthesis.pooling import pool
from synthesis.sensitivity.missing_evidence.excess_significance import excess_significance
from synthesis.sensitivity.missing_evidence.fail_safe import fail_safe
from synthesis.sensitivity.missing_evidence.fail_safe_kinds import FAIL_SAFE
from synthesis.sensitivity.missing_evidence.unpublished import unpublished
from synthesis.sensitivity.overview.bias_finding import KINDS
from synthesis.sensitivity.overview.bias_methods import BIAS
from synthesis.sensitivity.selection import (
    assumed_selection,
    p_curve,
    p_uniform,
    p_uniform_star,
    selection_model,
)
from synthesis.sensitivity.small_studies.henmi_copas import henmi_copas
from synthesis.sensitivity.small_studies.limit import limit_meta
from synthesis.sensitivity.small_studies.named_tests import small_study_test
from synthesis.sensitivity.small_studies.permutation import small_study_permutation
from synthesis.sensitivity.small_studies.pet_peese import pet_peese
from synthesis.sensitivity.small_studies.trim_and_fill import MISSING, trim_and_fill
from tests.cli.sensitivity_runs import BCG, COUNTS, SIX_DIGITS, asked, bcg, four_studies, rows, run
from tests.pooling.reference import blocks

OR = tuple("OR" if word == "RR" else word for word in COUNTS)


@pytest.fixture(scope="module")
def effects(pytestconfig):
    """Effects and variances of the BCG trials."""
    y, v, _ = bcg(pytestconfig.rootpath)
    return y, v


@pytest.fixture(scope="module")
def answer():
    """The whole answer on the BCG trials."""
    (one,) = asked("bias", BCG, *COUNTS)["results"]
    return one["result"]


@pytest.fixture(scope="module")
def found(answer):
    """The methods by name."""
    return {method["name"]: method for method in answer["methods"]}


def numbers(method, *names):
    return [method[name] for name in names]


@pytest.mark.parametrize("name", ["begg", "egger", "thompson-sharp"])
def test_tests_of_asymmetry(found, effects, name):
    """p, and the effect in a study without error where the test has one."""
    expected = small_study_test(name, *effects, measure="RR")

    assert found[name]["p_bias"] == pytest.approx(expected.p_value, **SIX_DIGITS)
    limit = expected.limit_estimate
    assert found[name]["estimate"] == (None if limit is None else pytest.approx(limit, **SIX_DIGITS))
    assert found[name]["usable"] == expected.verdict.usable


@pytest.mark.parametrize("estimator", MISSING)
def test_trim_and_fill(found, effects, estimator):
    """The pool with the filled-in studies, and their number."""
    expected = trim_and_fill(*effects, estimator=estimator)
    told = numbers(found[f"trim-and-fill {estimator}"], "estimate", "ci_low", "ci_high", "p_effect")

    filled = expected.filled
    assert told == pytest.approx([filled.estimate, filled.ci_low, filled.ci_high, filled.p_value], **SIX_DIGITS)
    assert found[f"trim-and-fill {estimator}"]["count"] == expected.k0


def test_adjusted_for_small_studies(found, effects):
    """Henmi-Copas, PET-PEESE and the limit meta-analysis."""
    interval, pet, limit = henmi_copas(*effects), pet_peese(*effects), limit_meta(*effects)
    expected = {
        "henmi-copas": (interval.estimate, interval.ci_low, interval.ci_high),
        "pet-peese": (pet.adjusted.estimate, pet.adjusted.ci_low, pet.adjusted.ci_high),
        "limit": (limit.expectation.estimate, limit.expectation.ci_low, limit.expectation.ci_high),
    }

    for name, three in expected.items():
        assert numbers(found[name], "estimate", "ci_low", "ci_high") == pytest.approx(three, **SIX_DIGITS)
    assert found["pet-peese"]["p_bias"] == pytest.approx(pet.pet.slope_p_value, **SIX_DIGITS)
    assert found["limit"]["p_bias"] == pytest.approx(limit.q_small_p_value, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("step function", {"type": "stepfun", "steps": 0.025, "alternative": "less"}),
        ("step function, two-sided", {"type": "stepfun", "steps": 0.05, "alternative": "two-sided"}),
        ("negexp", {"type": "negexp", "alternative": "less"}),
        ("logistic", {"type": "logistic", "alternative": "less"}),
    ],
)
def test_selection_models(found, effects, name, given):
    """Mean, interval and the test of selection; the favoured side is that of the mean. Some only where named."""
    if name not in found:
        (one,) = asked("bias", BCG, *COUNTS, "--show", name)["results"]
        found = {name: one["result"]["methods"][0]}
    expected = selection_model(*effects, **given, profile=False)

    mean = expected.mean
    told = numbers(found[name], "estimate", "ci_low", "ci_high", "p_bias")
    assert told == pytest.approx([mean.estimate, mean.ci_low, mean.ci_high, expected.selection_test.p_value], rel=1e-5)
    assert found[name]["usable"] == expected.usable


def test_assumed_selection(found, effects):
    """Whether the conclusion holds under the four selections of Vevea and Woods."""
    expected = assumed_selection(*effects, alternative="less")
    outside = (expected.ci_low > 0) | (expected.ci_high < 0)
    others = [name for name, one in zip(expected.selection, outside, strict=True) if one != outside[0]]

    assert found["assumed selection"]["usable"] == expected.usable
    assert all(name in found["assumed selection"]["says"] for name in others)
    assert found["assumed selection"]["says"].startswith("another" if others else "one conclusion under all 4")


def test_of_the_significant_studies(found, effects):
    """Excess significance at the pooled effect and tau2; p-curve, p-uniform and p-uniform*."""
    pooled = pool(*effects)
    excess = excess_significance(*effects, theta=pooled.estimate, tau2=pooled.tau2)
    uniform, star = (one(*effects, alternative="less") for one in (p_uniform, p_uniform_star))

    assert found["excess-significance"]["p_bias"] == pytest.approx(excess.p_value, **SIX_DIGITS)
    assert found["p-curve"]["p_effect"] == pytest.approx(p_curve(*effects).right_skew.p_full, **SIX_DIGITS)
    for name, one in (("p-uniform", uniform), ("p-uniform*", star)):
        told = numbers(found[name], "estimate", "ci_low", "ci_high", "p_effect")
        assert told == pytest.approx([one.estimate, one.ci_low, one.ci_high, one.p_value], rel=1e-5)


@pytest.mark.parametrize("kind", FAIL_SAFE)
def test_fail_safe_numbers(found, effects, kind):
    """Each number with its sentence."""
    expected = fail_safe(*effects, kind)

    assert found[f"fail-safe {kind}"]["count"] == expected.n
    assert found[f"fail-safe {kind}"]["says"].startswith(expected.sentence)


def test_the_unpublished(found, effects):
    """The mean effect that as many unpublished studies would need, by the pool's own method and test."""
    expected = unpublished(*effects, number=13)

    assert found["unpublished"]["count"] == 13
    assert found["unpublished"]["says"] == expected.sentence


def test_every_method_is_run_or_left_out_with_its_reason(answer, found):
    """Of log risk ratios the tests of odds ratios and of standardised mean differences are left out."""
    done, left = list(found), {each["method"]: each["reason"] for each in answer["left_out"]}

    assert sorted([*done, *left]) == sorted(BIAS)
    assert "OR" in left["peters"]
    assert "SMD" in left["pustejovsky-rodgers"]
    assert {method["kind"] for method in answer["methods"]} == set(KINDS)


def test_tests_of_counts_come_with_odds_ratios():
    """Harbord, Peters, Macaskill and Schwarzer; Deeks only where it is named, for it is of diagnostic accuracy."""
    (one,) = asked("bias", BCG, *OR)["results"]
    done = {method["name"] for method in one["result"]["methods"]}
    (named,) = asked("bias", BCG, *OR, "--show", "deeks")["results"]

    assert {"harbord", "peters", "macaskill", "schwarzer"} <= done
    assert "deeks" not in done
    assert named["result"]["results"]["deeks"]["name"] == "deeks"


def test_the_reference_from_a_table():
    """Henmi and Copas' interval and the fail-safe N of Rosenthal, as metafor has them."""
    block = next(block for block in blocks("publication_bias") if block["id"] == "bcg_rr")
    (one,) = asked("bias", BCG, *COUNTS, "--show", "henmi-copas", "--show", "fail-safe rosenthal")["results"]
    results, expected = one["result"]["results"], block["outputs"]["henmi_copas"]

    assert results["henmi-copas"]["ci_low"] == pytest.approx(expected["ci.lb"], rel=1e-4)
    assert results["henmi-copas"]["ci_high"] == pytest.approx(expected["ci.ub"], rel=1e-4)
    assert results["fail-safe rosenthal"]["n"] == block["outputs"]["fsn"]["rosenthal"]["fsnum"]


def test_one_in_full(effects):
    """--show prints the whole result, with profile intervals and the verdict."""
    said = run("bias", BCG, *COUNTS, "--show", "step function").stdout
    whole = selection_model(*effects, "stepfun", steps=0.025, alternative="less")

    assert whole.summary().splitlines()[3] in said
    assert whole.verdict in said


def test_methods_are_listed_and_named():
    """--show list; a mistyped name gets the nearest, and --test is the test of the mean."""
    assert all(name in run("bias", "--show", "list").stdout for name in BIAS)
    with pytest.raises(InvalidArgument, match="egger"):
        run("bias", BCG, *COUNTS, "--show", "eger")
    refused = run("bias", BCG, *COUNTS, "--test", "egger")
    assert refused.exit_code == 2
    assert "--show egger" in refused.stderr


def test_ratios_in_csv_are_ratios(effects):
    """One row for each method, the kind, the verdict and the cautions beside it."""
    told = {row["method"]: row for row in rows("bias", BCG, *COUNTS)}

    expected = np.exp(henmi_copas(*effects).estimate)
    assert float(told["henmi-copas"]["estimate"]) == pytest.approx(expected, **SIX_DIGITS)
    assert told["pet-peese"]["usable"] == "no"
    assert "fewer than 20 studies" in told["pet-peese"]["cautions"]


def test_permutation_p_values(effects):
    """All changes of signs for Egger's test; a sample of orders for Begg's, the same from the same seed."""
    named = ("--show", "egger", "--show", "begg", "--permutations", "2000", "--seed", "4")
    (one,) = asked("bias", BCG, *COUNTS, *named)["results"]
    told = {method["name"]: method["p_permutation"] for method in one["result"]["methods"]}
    sample = small_study_permutation("begg", *effects, arrangements=2000, random=np.random.default_rng(4))

    assert told["egger"] == pytest.approx(small_study_permutation("egger", *effects, exact=True).p_value, **SIX_DIGITS)
    assert told["begg"] == pytest.approx(sample.p_value, **SIX_DIGITS)
    assert "by permutation" in run("bias", BCG, *COUNTS, *named).stdout


def test_the_favoured_side_can_be_said(effects):
    """--favours greater: selection of effects above 0."""
    (one,) = asked("bias", BCG, *COUNTS, "--show", "step function", "--favours", "greater")["results"]
    expected = selection_model(*effects, "stepfun", steps=0.025, alternative="greater")

    assert one["result"]["favoured"] == "greater"
    assert one["result"]["methods"][0]["estimate"] == pytest.approx(expected.estimate, rel=1e-5)


def test_a_review(tmp_path):
    """Selection favours benefits, here less of the outcome; four studies are too few for any test."""
    (one,) = asked("bias", "cbt", "use", "--root", four_studies(tmp_path))["results"]
    (pooled,) = pool_review(load(tmp_path)).pools
    y, v = ([getattr(entry, name) for entry in pooled.entries] for name in ("yi", "vi"))
    egger = next(method for method in one["result"]["methods"] if method["name"] == "egger")

    assert one["result"]["favoured"] == "less"
    assert egger["p_bias"] == pytest.approx(small_study_test("egger", y, v).p_value, **SIX_DIGITS)
    assert not egger["usable"]
    assert "none of these methods sees" in run("bias", "--root", tmp_path).stdout.lower()


@pytest.fixture
def made(tmp_path):
    """Writes effects and variances as a table, and gives the options that name it."""

    def write(yi, vi):
        path = tmp_path / "made.csv"
        path.write_text("yi,vi\n" + "".join(f"{y},{v}\n" for y, v in zip(yi, vi, strict=True)))
        return ("bias", path, "--yi", "yi", "--vi", "vi")

    return write


def test_pure_selection_is_seen(made):
    """Forty studies without an effect of which only the significant were kept: the pool is far from 0.

    The one weight of the step function cannot be told where no study is not significant, and the model says so;
    p-curve finds no evidential value.
    """
    random = np.random.default_rng(11)
    se = random.uniform(0.1, 0.5, 4000)
    y = random.normal(0, se)
    kept = np.flatnonzero(y / se > 1.96)[:40]
    (one,) = asked(*made(y[kept].tolist(), (se[kept] ** 2).tolist()))["results"]
    told = {method["name"]: method for method in one["result"]["methods"]}

    assert one["result"]["observed"]["ci_low"] > 0
    assert not told["step function"]["usable"]
    assert told["p-curve"]["says"].startswith("no evidential value")
    assert abs(told["p-uniform"]["estimate"]) < one["result"]["observed"]["estimate"] / 2
    assert told["excess-significance"]["p_bias"] < 0.001


def test_one_outlier_is_a_caution(made):
    """A single study far away may make the result of every test: they say so, and only then."""
    v = np.linspace(0.01, 0.2, 14)
    y = np.random.default_rng(5).normal(0.3, np.sqrt(v))
    said = []
    for last in (y[-1], 5.0):
        (one,) = asked(*made([*y[:-1].tolist(), last], v.tolist()), "--show", "egger", "--show", "begg")["results"]
        said += [caution["name"] for method in one["result"]["methods"] for caution in method["cautions"]]
        if last == y[-1]:
            assert "one study far away" not in said

    assert said.count("one study far away") == 2


def test_three_studies_of_one_effect(made):
    """k = 3 and tau2 = 0: no test, and no model that estimates selection, is called usable."""
    (one,) = asked(*made([0.2, 0.21, 0.19], [0.04, 0.05, 0.06]))["results"]
    usable = [method["name"] for method in one["result"]["methods"] if method["usable"]]

    assert [name for name in usable if BIAS[name].kind in ("test", "selection")] == ["assumed selection"]
    assert "none of the" in one["result"]["verdict"].lower()


def test_a_single_study_has_its_reason(made):
    """Nothing is tested on one study."""
    (one,) = asked(*made([0.2], [0.04]))["results"]

    assert one["result"] is None
    assert "single study" in one["reason"]


def test_a_figure_is_drawn(tmp_path):
    """The funnel with the studies that trim-and-fill adds."""
    run("bias", BCG, *COUNTS, "--show", "egger", "--figure", tmp_path / "funnel.svg")

    assert "added" in (tmp_path / "funnel.svg").read_text()
