"""Trim and fill."""

import json

import numpy as np
import pytest
from hypothesis import given

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.small_studies.trim_and_fill import MISSING, trim_and_fill
from tests.pooling.reference import is_target
from tests.pooling.strategies import studies
from tests.sensitivity import fooling
from tests.sensitivity.fooling import REFERENCE, Counted, columns

POOL = {"b": "estimate", "se": "se", "ci.lb": "ci_low", "ci.ub": "ci_high", "pval": "p_value", "tau2": "tau2"}
POOL |= {"QE": "q", "I2": "i2", "k.filled": "k"}
FAILED = {f"{method}|Q0|{side}" for method in ("EE", "DL", "REML") for side in ("auto", "right")}  # of egger2001_or


def fitted(name, call):
    """Our answer to one call of the reference."""
    method, estimator, side = call.split("|")
    given_side = None if side == "auto" else side
    return trim_and_fill(*columns(name), method=method, estimator=estimator, side=given_side, test="z")


def compared(name):
    """The whole block `trimfill` of one data set, but for the calls that failed there."""
    seen = Counted(name)
    for call, expected in REFERENCE[name]["outputs"]["trimfill"].items():
        if "error" in expected:
            continue
        found = fitted(name, call)
        seen.value("side", float(found.side == expected["side"]), 1.0)
        for ours, theirs in ((found.k0, "k0"), (found.k0_se, "se.k0"), (found.k0_p_value, "p.k0")):
            seen.value("k0", ours, expected[theirs])
            seen.value("k0", float((ours is None) == (expected[theirs] is None)), 1.0)
        for theirs, ours in POOL.items():
            seen.value(ours, getattr(found.filled, ours), expected[theirs])
        for ours, theirs in ((found.filled_yi, "filled_yi"), (found.filled_vi, "filled_vi")):
            numbers = np.atleast_1d([] if expected[theirs] is None else expected[theirs]).tolist()
            seen.value("k0", float(len(ours)), float(len(numbers)))
            for one, other in zip(ours, numbers, strict=True):
                seen.value("estimate", one, other)
    return seen


@pytest.mark.parametrize("name", REFERENCE)
def test_trimfill_of_metafor(name):
    """Three estimators, three methods, the side given and found: number, its se and p, pool, and what is filled in."""
    assert compared(name).differences == []


def test_how_much_of_the_reference_is_compared():
    """156 of 162 calls; the other six are those that stopped with an error there."""
    calls = [(name, call, one) for name in REFERENCE for call, one in REFERENCE[name]["outputs"]["trimfill"].items()]

    assert sum("error" not in one for *_, one in calls) == 156
    assert {(name, call) for name, call, one in calls if "error" in one} == {("egger2001_or", call) for call in FAILED}
    assert sum(compared(name).count for name in REFERENCE) == 3695


@pytest.mark.parametrize("call", sorted(FAILED))
def test_where_q0_has_no_value(call):
    """Its root is of a number below 0: no number of studies, with the reason, where metafor stops with an error."""
    found = fitted("egger2001_or", call)
    assert (found.k0, found.filled, found.filled_yi, found.verdict.usable) == (None, None, (), False)
    assert "Q0 has no value here" in found.reason("k0")


def test_the_haloperidol_trials():
    """Nine studies are added, and the risk ratio falls to 1.4.

    As a public rerun has it of the commands of Balduzzi S, Rucker G, Schwarzer G (2019). How to perform a meta-analysis
    with R: a practical tutorial. Evidence-Based Mental Health 22(4), 153-160, which itself was not read: Joy's trials,
    Paule-Mandel, 1/2 added to the events and to the people of both groups of a trial with a zero.
    """
    found = trim_and_fill(*fooling.haloperidol(), method="PM", test="z")

    assert (found.k0, round(np.exp(found.filled.estimate), 1)) == (9, 1.4)


@pytest.mark.parametrize("estimator", MISSING)
@given(data=studies(least=3))
def test_a_mirrored_funnel_has_the_other_side(estimator, data):
    """Turned signs turn the side and the filled effects, and change nothing else."""
    y, v = data
    one = trim_and_fill(y, v, estimator=estimator, method="DL", side="left")
    other = trim_and_fill(-y, v, estimator=estimator, method="DL", side="right")

    assert (other.k0, other.converged) == (one.k0, one.converged)
    assert other.filled_yi == pytest.approx([-effect for effect in one.filled_yi])


def test_a_funnel_that_is_even_is_full():
    """Where the ranks of the distances on both sides have one sum none is missing."""
    away = np.array([-0.9, -0.55, -0.4, -0.12, 0.1, 0.42, 0.5, 0.95])
    found = trim_and_fill(0.3 + away, np.full(8, 0.1), method="EE")

    assert (found.k0, found.filled_yi, found.filled) == (0, (), found.observed)


def test_studies_taken_from_a_full_funnel_are_put_back():
    """Without the four smallest effects, at least four are filled in on the left, and the pool moves there."""
    y, v = fooling.unbiased()
    rows = np.argsort(y)[4:]
    found = trim_and_fill(y[rows], v[rows], method="EE", estimator="R0")

    assert (found.side, found.k0 >= 4, found.filled.k) == ("left", True, 26 + found.k0)
    assert found.filled.estimate < found.observed.estimate


def test_a_circle_is_told():
    """Where the numbers run in a circle the last is given, and `converged` is False."""
    y, v = [-1.4, -0.8, -0.7, -0.3, 0.3, 0.8], [0.624, 0.003, 0.034, 0.057, 8.91, 5.053]
    found = trim_and_fill(y, v, side="left", method="DL", estimator="Q0")

    assert not found.converged
    assert "runs in a circle" in found.reason("converged")
    assert found.k0 == len(found.filled_yi)


@pytest.mark.parametrize(
    ("studies_", "fills", "cautions"),
    [
        (fooling.one_outlier, False, {"one study far away"}),
        (fooling.two_clusters, True, {"heterogeneity"}),
        (fooling.pure_selection, True, {"all significant"}),
        (fooling.three, True, {"few studies"}),
        (fooling.alike, True, set()),
    ],
)
def test_on_studies_made_to_fool_it(studies_, fills, cautions):
    """It fills where nothing is missing, though not for one outlier; the verdict says what else may be the cause."""
    found = trim_and_fill(*studies_())

    assert (found.k0 > 0) == fills
    assert set(found.verdict.names) >= cautions


def test_pure_selection_is_not_undone():
    """Of no effect at all, of which only significant results were kept, it leaves most of the false effect."""
    found = trim_and_fill(*fooling.pure_selection())

    assert found.filled.ci_low > 0
    assert "whether studies are missing" in found.verdict.cannot_tell


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"side": "middle"}, "no side 'middle'"),
        ({"estimator": "L1"}, "choose one of: L0, R0, Q0"),
        ({"method": "GENQ"}, "which takes weights"),
    ],
)
def test_what_is_refused(options, message):
    """One error that says what is wrong and what to do."""
    with pytest.raises(InvalidArgument, match=message):
        trim_and_fill([0.1, 0.2, 0.3], [0.1, 0.1, 0.2], **options)
    with pytest.raises(InvalidArgument, match="at least three studies, not 2"):
        trim_and_fill([0.1, 0.2], [0.1, 0.1])


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_a_change_of_units_changes_nothing_but_units(unit):
    """As many studies, in the new unit."""
    y, v = columns("li2007_or")
    one, other = trim_and_fill(y, v), trim_and_fill(unit * y, unit**2 * v)

    assert (other.k0, other.k0_se) == (one.k0, pytest.approx(one.k0_se))
    assert other.filled_yi == pytest.approx([unit * effect for effect in one.filled_yi], rel=1e-9)


def test_a_result_is_text_and_json():
    """The summary ends with the verdict; the dictionary is JSON, also where there is no number."""
    for call in ("DL|L0|auto", "DL|Q0|auto"):
        found = fitted("egger2001_or", call)
        assert "verdict: " in found.summary()
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["k0"] == found.k0
    assert is_target(fitted("bcg_rr", "DL|R0|auto").k0_p_value)


def test_variances_too_unlike_are_refused():
    """Instead of an error of linear algebra."""
    with pytest.raises(InvalidArgument, match=r"vi must not differ by more than 1e\+12 between studies here"):
        trim_and_fill([0.1, 0.3, 0.5, 0.2, 0.9], [1e-19, 0.01, 0.04, 0.09, 0.25])
