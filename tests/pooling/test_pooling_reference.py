"""Every number of metafor's pools, on ordinary and on extreme data.

Of the two files everything is compared but: `R2`, which is null; `p`, which is 1; `deviance`, which we do not offer;
a single study's tau2, I2, H2, Q and likelihood (0 or 1 there, None in ours); `riley` intervals of two studies, which
have no degree of freedom; the statistic of equal estimates under knha, infinite there and None in ours; and I2 and H2
at the ends of the GENQ intervals, whose search stopped early (see `test_intervals_with_weights`).
"""

import math

import numpy as np
import pytest

from synthesis.pooling import TAU2, pool
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.criteria import information_criteria
from synthesis.pooling.heterogeneity import typical_variance
from tests.pooling.reference import CRITERIA, MEAN, MODEL, Comparison, blocks
from tests.pooling.strategies import WEIGHTED

ORDINARY = {block["id"]: block for block in blocks("pooling")}
EXTREME = {block["id"]: block for block in blocks("edge_cases")}
OURS_ALONE = {"DL2", "DLMH"}  # metafor has neither
KINDS = {"default": "metafor", "riley": "riley", "t": "t", "simple": "simple"}  # of prediction interval
ON_ITS_WAY = ("hart1999_irr", "SJIT")  # its iteration goes to 0, and the reference stopped at 1.8e-14
UNIROOT = 2.0**-13  # .Machine$double.eps^0.25, the absolute tolerance of R's uniroot, to which GENQ intervals are given


def arguments(inputs, method):
    """What `pool` takes of the inputs: effects, variances and, for GENQ and GENQM, weights."""
    taken = {"yi": inputs["yi"], "vi": inputs["vi"], "method": method}
    return taken | ({"weights": inputs["genq_weights"]} if method in WEIGHTED else {})


def compared(block, rtol):
    """All methods and tests of one block against ours."""
    found, outputs = Comparison(block["inputs"], rtol), block["outputs"]
    for method, expected in outputs.get("methods", outputs).items():
        if "error" not in expected:
            compare(found, (block["id"], method), arguments(block["inputs"], method), expected)
    return found


def compare(found, where, given, expected):
    """One method: the mean by each test; what needs two studies, only where there are two."""
    for test, mean in expected["tests"].items():
        ours = pool(**given, test=test)
        found.fields((*where, test), ours, MEAN, mean)
        if ours.k > 1:
            predictions(found, (*where, test), given, mean)
    if ours.k == 1:
        return
    found.fields(where, ours, MODEL | {"QE.df": "q_df", "k": "k"}, expected)
    typical = typical_variance(batch_of_one(np.array(given["yi"]), np.array(given["vi"])))
    found.value(where, "vt", float(typical[0]), expected["vt"])
    likelihoods(found, where, given, ours, expected["fit_stats"])
    if where[1] not in WEIGHTED:
        ends(found, (*where, "QP"), ours, expected["ci_qprofile"])
    if "ci_profile_likelihood" in expected:
        ends(found, (*where, "PL"), pool(**given, tau2_interval="PL"), expected["ci_profile_likelihood"])


def predictions(found, where, given, mean):
    """The prediction intervals of all kinds that the block has."""
    for theirs, interval in (mean["prediction_interval"] or {}).items():
        if theirs == "riley" and len(given["yi"]) == 2:
            continue
        ours = pool(**given, test=where[-1], prediction=KINDS[theirs])
        found.value((*where, theirs), "pi_low", ours.pi_low, interval["pi.lb"])
        found.value((*where, theirs), "pi_high", ours.pi_high, interval["pi.ub"])


def likelihoods(found, where, given, ours, expected):
    """The likelihood of the method and, with tau2 taken from it, the other one."""
    own, other = ("REML", "ML") if ours.method == "REML" else ("ML", "REML")
    found.fields((*where, own), ours, CRITERIA, expected[own])
    height = pool(**given | {"method": other, "tau2": ours.tau2}).log_likelihood
    parameters = 1 if ours.method == "EE" else 2
    criteria = information_criteria(height, parameters, ours.k - (other == "REML"))
    for theirs, value in zip(("logLik", "AIC", "BIC", "AICc"), (height, *criteria), strict=True):
        found.value((*where, other), theirs, float(value), expected[other][theirs])


def ends(found, where, ours, expected):
    """The interval of tau2, tau, I2 and H2, where there is one; an empty one is None in ours."""
    if not expected or "error" in expected:
        return
    if expected["ci.null"]:
        found.count += 1
        if (ours.tau2_ci_low, ours.tau2_ci_high) != (None, None):
            found.differences.append((where, "ci.null"))
        return
    for theirs, name in {"tau2": "tau2", "I2": "i2", "H2": "h2"}.items():
        found.value(where, f"{name}_ci_low", getattr(ours, f"{name}_ci_low"), expected[theirs]["ci.lb"])
        found.value(where, f"{name}_ci_high", getattr(ours, f"{name}_ci_high"), expected[theirs]["ci.ub"])
    found.value(where, "tau low", math.sqrt(ours.tau2_ci_low), expected["tau"]["ci.lb"])
    found.value(where, "tau high", math.sqrt(ours.tau2_ci_high), expected["tau"]["ci.ub"])


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_data(name):
    """Fifteen methods with four tests each, within 1e-8.

    The mean has 7 numbers, 6 for z. A method has 9 of the model (EE has no se.tau2), 4 of each likelihood, 8 of the
    Q-profile (but not EE, GENQ, GENQM), 8 of the profile likelihood (ML, REML), and for each test 8 of predictions
    (not EE).
    """
    found = compared(ORDINARY[name], 1e-8)

    assert [one for one in found.differences if one[0][:2] != ON_ITS_WAY] == []
    assert set(ORDINARY[name]["outputs"]["methods"]) == set(TAU2) - OURS_ALONE
    assert found.count == 15 * (3 * 7 + 6) + (15 * 9 - 1) + 15 * 2 * 4 + 12 * 8 + 2 * 8 + 14 * 4 * 8


def offered(name):
    """How many numbers an extreme block has: as above, with three tests (z, knha, adhoc) and no profile likelihood.

    Of predictions there are two kinds. Two studies have no `riley`; a single study has only a mean, without df, by z.
    An empty interval counts as one; equal estimates have no statistic by knha; EB has no reference once.
    """
    k, methods = EXTREME[name]["inputs"]["k"], 11 - (name == "wide_variance_ratio")
    if k == 1:
        return methods * 3 * 6
    empty = name in ("all_equal", "boundary_zero")
    mean = methods * (2 * 7 + 6) - (methods if name == "all_equal" else 0)
    model = methods * 9 - 1
    intervals = (methods - 1) * (1 if empty else 8)
    return mean + model + methods * 2 * 4 + intervals + (methods - 1) * 3 * (2 if k == 2 else 4)


@pytest.mark.parametrize("name", EXTREME)
def test_extreme_data(name):
    """Extreme scales, ratios and numbers of studies, within 1e-6, whole."""
    found = compared(EXTREME[name], 1e-6)

    assert found.differences == []
    assert found.count == offered(name)


def test_one_method_has_no_reference():
    """In all blocks metafor stopped once: EB at wide_variance_ratio; ours converges there."""
    stopped = [
        (name, method) for name, block in EXTREME.items() for method, one in block["outputs"].items() if "error" in one
    ]
    inputs = EXTREME["wide_variance_ratio"]["inputs"]

    assert stopped == [("wide_variance_ratio", "EB")]
    assert pool(inputs["yi"], inputs["vi"], method="EB").converged


def test_an_iteration_that_stopped_on_its_way():
    """SJIT on hart1999_irr differs in 9 numbers by no more than tau2 = 1.8e-14 in the place of 0 makes them differ."""
    name, method = ON_ITS_WAY
    block, found = ORDINARY[name], Comparison(ORDINARY[name]["inputs"], 1e-8)
    inputs, expected = block["inputs"], block["outputs"]["methods"][method]
    given = {"yi": inputs["yi"], "vi": inputs["vi"], "tau2": expected["tau2"]}
    assert len(compared(block, 1e-8).differences) == 9
    assert pool(inputs["yi"], inputs["vi"], method=method).tau2 == 0
    found.value(name, "i2", pool(**given).i2, expected["I2"])
    for test, mean in expected["tests"].items():
        predictions(found, (name, test), given, mean)

    assert found.differences == []
    assert found.count == 1 + 4 * 4 * 2


@pytest.mark.parametrize("name", ORDINARY)
@pytest.mark.parametrize("method", WEIGHTED)
def test_intervals_with_weights(name, method):
    """The ends of tau2 for GENQ and GENQM, to the tolerance of the search that gave the reference.

    That they are right beyond it is tested in test_tau2_intervals, against another inversion.
    """
    inputs, expected = ORDINARY[name]["inputs"], ORDINARY[name]["outputs"]["methods"][method]["ci_qprofile"]["tau2"]
    ours = pool(**arguments(inputs, method), tau2_interval="GENQ")

    assert ours.tau2_ci_low == pytest.approx(expected["ci.lb"], abs=UNIROOT)
    assert ours.tau2_ci_high == pytest.approx(expected["ci.ub"], abs=UNIROOT)


@pytest.mark.parametrize("name", ORDINARY)
def test_a_given_tau2(name):
    """tau2 known from elsewhere is used as it is; both likelihoods have one parameter fewer.

    7 - 1 numbers of the mean, 8 of the model and the given one, 4 of each likelihood.
    """
    inputs, expected = ORDINARY[name]["inputs"], ORDINARY[name]["outputs"]["other"]["fixed_tau2"]
    found, given = Comparison(inputs, 1e-8), {"yi": inputs["yi"], "vi": inputs["vi"], "tau2": expected["tau2_given"]}
    ours = pool(**given, test="z")
    found.fields(name, ours, MEAN | MODEL | {"QE.df": "q_df", "k": "k"}, expected)
    found.value(name, "tau2_given", ours.tau2, expected["tau2_given"])
    for column in ("ML", "REML"):
        found.fields((name, column), pool(**given, method=column), CRITERIA, expected["fit_stats"][column])

    assert found.differences == []
    assert found.count == 6 + 9 + 2 * 4
    assert (ours.method, ours.reason("tau2_se").split(":")[0]) == ("given", "tau^2 was given, not estimated")


@pytest.mark.parametrize("name", ORDINARY)
def test_weights_of_ones_own(name):
    """Equal weights in place of 1 / (v + tau2): 6 numbers of the mean and 8 of the model."""
    inputs, expected = ORDINARY[name]["inputs"], ORDINARY[name]["outputs"]["other"]["unweighted_REML"]
    found = Comparison(inputs, 1e-8)
    ours = pool(inputs["yi"], inputs["vi"], weights=[1] * inputs["k"], test="z")
    found.fields(name, ours, MEAN | MODEL | {"QE.df": "q_df", "k": "k"}, expected)

    assert found.differences == []
    assert found.count == 6 + 8
    assert ours.log_likelihood < pool(inputs["yi"], inputs["vi"]).log_likelihood
    assert "off its maximum" in ours.reason("log_likelihood")


@pytest.mark.parametrize("name", ORDINARY)
def test_another_level(name):
    """Intervals of 90 %: of the mean, and for a new study as metafor's `predict` gives them."""
    inputs, expected = ORDINARY[name]["inputs"], ORDINARY[name]["outputs"]["other"]["level_90_REML_knha"]
    found = Comparison(inputs, 1e-8)
    ours = pool(inputs["yi"], inputs["vi"], test="knha", level=0.9, prediction="metafor")
    names = {"b": "estimate", "ci.lb": "ci_low", "ci.ub": "ci_high", "pi.lb": "pi_low", "pi.ub": "pi_high"}
    found.fields(name, ours, names, expected)

    assert found.differences == []
    assert found.count == 5


def test_q_profile_is_not_cut_off():
    """The upper bound of tau2 on normand1999 is 2889.45 for every estimator; metafor stops at ten times tau2."""
    inputs = ORDINARY["normand1999_md"]["inputs"]

    for method in set(TAU2) - {"EE", *OURS_ALONE}:
        assert math.isclose(pool(**arguments(inputs, method)).tau2_ci_high, 2889.4513, abs_tol=5e-5)
