"""Every number of meta_regression.json that is not of a permutation or location-scale model."""

import numpy as np
import pytest

from synthesis.pooling.moderators.compare import compare
from synthesis.pooling.moderators.predictions import predict
from synthesis.pooling.moderators.regress import regress
from synthesis.pooling.moderators.residuals import residuals, vif
from tests.pooling.reference import Comparison, blocks

BLOCKS = {block["id"]: block for block in blocks("meta_regression") if "design_columns" in block["outputs"]}
METHODS = ("REML", "ML", "DL", "PM", "EB", "SJ", "HE", "HS", "EE")
TESTS = ("z", "t", "knha", "adhoc")
MODEL = {"tau2": "tau2", "se.tau2": "tau2_se", "I2": "i2", "H2": "h2", "R2": "r2", "QE": "q", "QEp": "q_p_value"}
CRITERIA = {"logLik": "log_likelihood", "AIC": "aic", "BIC": "bic", "AICc": "aicc"}
COLUMNS = {"b": "estimate", "se": "se", "stat": "statistic", "pval": "p_value", "ci.lb": "ci_low", "ci.ub": "ci_high"}
PROFILE = {"tau2": "tau2", "I2": "i2", "H2": "h2"}


RIGHT = {  # by 60-digit arithmetic (mpmath); the reference's own rounding leaves it 1.7e-8 away
    ("bcg_or_interaction", "pi_high", 1): 0.00976621994162464
}
PREDICTED = {"pred": "estimate", "se": "se", "ci.lb": "ci_low", "ci.ub": "ci_high"}
PREDICTED |= {"pi.lb.riley": "pi_low", "pi.ub.riley": "pi_high"}
RESIDUALS = {"resid": "raw", "rstandard": "standardised", "rstudent": "deleted", "hat": "hat"}


def fitted(block, method="REML", test="z", formula=None):
    """Our fit; both write the columns in the same order."""
    inputs = block["inputs"]
    return regress(
        inputs["yi"], inputs["vi"], formula or inputs["formula"], data=inputs["moderators"], method=method, test=test
    )


def compare_fit(found, where, ours, expected):
    """Coefficients, their covariance, the omnibus test and, once a method, what is left unexplained."""
    theirs = expected["coefficients"]
    for number, row in enumerate(ours.coefficients):
        for name, field in COLUMNS.items():
            found.value((*where, row.name), field, getattr(row, field), theirs[name][number])
        found.value((*where, row.name), "df", row.df, theirs["df"][0])
    scale = np.sqrt(np.outer(np.diag(expected["vcov"]), np.diag(expected["vcov"])))
    found.count += ours.p**2
    if (
        np.abs(ours.covariance - expected["vcov"]).max() > 0
        and (np.abs(ours.covariance - expected["vcov"]) > found.rtol * scale).any()
    ):
        found.differences.append((*where, "vcov"))
    omnibus = expected["omnibus"]
    found.value(where, "statistic", ours.omnibus.statistic, omnibus["QM"])
    found.value(where, "p_value", ours.omnibus.p_value, omnibus["QMp"])
    assert [ours.omnibus.df, ours.omnibus.df_denominator] == omnibus["QM.df"]
    assert [number + 1 for number in ours.design.tested] == omnibus["btt"]


def compared(block):
    """Every output of one block against ours."""
    found, outputs, name = Comparison(block["inputs"], 1e-8), block["outputs"], block["id"]
    for method, tests in outputs["fits"].items():
        for test, expected in tests.items():
            ours = fitted(block, method, test)
            compare_fit(found, (name, method, test), ours, expected)
            if "heterogeneity" in expected:
                found.fields((name, method), ours, MODEL, expected["heterogeneity"])
                column = "REML" if method == "REML" else "ML"
                found.fields((name, method), ours, CRITERIA, expected["fit_stats"][column])
    reml = fitted(block)
    for theirs, field in PROFILE.items():
        for end in ("low", "high"):
            expected = (
                outputs.get("ci_residual_tau2_REML", {}).get(theirs, {}).get("ci.lb" if end == "low" else "ci.ub")
            )
            found.value((name, "profile"), f"{field}_ci_{end}", getattr(reml, f"{field}_ci_{end}"), expected)
    compare_rows(found, name, predict(fitted(block, test="knha")), outputs.get("predict_REML_knha"), PREDICTED)
    compare_rows(found, name, residuals(reml), outputs.get("residuals_REML_z"), RESIDUALS)
    inflation = outputs.get("vif_REML") or {}
    for ours, expected in zip(vif(reml, by="column"), inflation.get("vif", ()), strict="vif" in inflation):
        found.value((name, "vif", ours.term), "gvif", ours.gvif, expected)
    for one in reml.terms:
        expected = outputs.get("anova_each_term_REML_z", {}).get(one.term)
        if expected:
            found.value((name, one.term), "statistic", one.test.statistic, expected["QM"])
            found.value((name, one.term), "p_value", one.test.p_value, expected["QMp"])
    if "lrt_vs_null_ML" in outputs:
        expected, ours = outputs["lrt_vs_null_ML"], compare(fitted(block, "ML"), fitted(block, "ML", formula="~ 1"))
        found.value((name, "lrt"), "statistic", ours.test.statistic, expected["LRT"])
        found.value((name, "lrt"), "p_value", ours.test.p_value, expected["pval"])
        found.value((name, "lrt"), "r2", ours.r2, expected["R2"])
        assert ours.test.df == expected["df"]
    return found


def compare_rows(found, name, ours, expected, fields):
    """Columns of numbers, one for each study."""
    for theirs, field in fields.items() if expected else ():
        for row, value in enumerate(expected[theirs]):
            where = (name, field, row)
            found.value(where, field, float(getattr(ours, field)[row]), RIGHT.get(where, value))


def offered(block):
    """How many numbers the reference has, counted from its shape.

    A coefficient has 6 numbers and its df but for z (4 tests: 27 in all); a covariance p x p; an omnibus test 2; a
    method 7 of heterogeneity (6 for EE, without se.tau2; R2 only beside an intercept) and 4 criteria.
    """
    outputs, k = block["outputs"], block["inputs"]["k"]
    p = len(outputs["design_columns"])
    methods = len(outputs["fits"])
    total = methods * (27 * p + 4 * p**2 + 4 * 2 + 7 + 4) - 1
    total += 6 * ("ci_residual_tau2_REML" in outputs) + 3 * ("lrt_vs_null_ML" in outputs)
    total += k * 6 * ("predict_REML_knha" in outputs) + k * 4 * ("residuals_REML_z" in outputs)
    total += len((outputs.get("vif_REML") or {}).get("vif", ())) + 2 * len(outputs.get("anova_each_term_REML_z", ()))
    return total


@pytest.mark.parametrize("name", BLOCKS)
def test_meta_regression(name):
    """Every fit, interval, residual, prediction and test, within 1e-8."""
    assert compared(BLOCKS[name]).differences == []


@pytest.mark.parametrize("name", BLOCKS)
def test_meta_regressions_are_compared_whole(name):
    """No method, test or number drops out of the comparison unseen."""
    block = BLOCKS[name]

    assert set(block["outputs"]["fits"]) == set(METHODS)
    assert all(set(tests) == set(TESTS) for tests in block["outputs"]["fits"].values())
    assert compared(block).count == offered(block)
