"""What holds for every meta-regression, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool, roots
from synthesis.pooling.moderators.compare import compare
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import REGRESSION_TESTS
from synthesis.pooling.moderators.predictions import predict
from synthesis.pooling.moderators.regress import NOT_HERE, regress
from synthesis.pooling.moderators.residuals import blups, residuals, vif
from synthesis.pooling.moderators.subgroups import subgroups
from synthesis.pooling.tau2 import TAU2
from tests.pooling.reference import Comparison, blocks

METHODS = sorted(set(TAU2) - set(NOT_HERE))
EVERY_METHOD = pytest.mark.parametrize("method", METHODS)
FRAME = pd.DataFrame(
    {
        "yi": [0.12, 0.55, 0.31, 0.92, 0.44, -0.2, 0.71, 0.05],
        "vi": [0.04, 0.09, 0.02, 0.2, 0.05, 0.03, 0.08, 0.06],
        "year": [1999, 2004, 2001, 2012, 2007, 1996, 2010, 2003],
        "kind": ["a", "b", "a", "b", "c", "a", "c", "b"],
    }
)


@st.composite
def regressions(draw):
    """Effects, variances and one moderator of a few studies."""
    k = draw(st.integers(4, 10))
    numbers = st.lists(st.integers(-300, 300), min_size=k, max_size=k)
    v = draw(st.lists(st.integers(1, 300), min_size=k, max_size=k))
    x = draw(numbers.filter(lambda column: len(set(column)) > 1))
    return np.array(draw(numbers)) / 100, np.array(v) / 100, np.array(x) / 100


def with_intercept(x):
    return np.column_stack([np.ones(len(x)), x])


def numbers(fit):
    """What must not depend on how the data are written down."""
    return [*fit.model.estimate, *np.sqrt(np.diag(fit.covariance)), fit.tau2, fit.q, fit.i2, fit.log_likelihood]


@EVERY_METHOD
@given(data=regressions(), order=st.randoms(use_true_random=False))
def test_the_order_of_studies_changes_nothing(method, data, order):
    """Shuffled studies give the same coefficients and the same tau2."""
    y, v, x = data
    places = list(range(len(y)))
    order.shuffle(places)
    one, other = (regress(y[p], v[p], with_intercept(x[p]), method=method) for p in (np.arange(len(y)), places))

    assert numbers(other) == pytest.approx(numbers(one), rel=1e-8, abs=1e-9)


@EVERY_METHOD
@given(data=regressions(), exponent=st.integers(-9, 9))
def test_a_change_of_units_changes_only_the_units(method, data, exponent):
    """Effects times s give coefficients times s and tau2 times s^2, s from 1e-9 to 1e9."""
    y, v, x = data
    s = 10.0**exponent
    one, other = (
        regress(y, v, with_intercept(x), method=method),
        regress(y * s, v * s * s, with_intercept(x), method=method),
    )

    assert other.model.estimate / s == pytest.approx(one.model.estimate, rel=1e-8, abs=1e-9)
    assert other.tau2 / s**2 == pytest.approx(one.tau2, rel=1e-8, abs=1e-10)
    assert [other.q, other.i2] == pytest.approx([one.q, one.i2], rel=1e-8, abs=1e-8)


@EVERY_METHOD
@given(data=regressions(), shift=st.integers(-2000, 2000), scale=st.integers(1, 1000))
def test_how_a_moderator_is_measured_changes_nothing_else(method, data, shift, scale):
    """A moderator moved and stretched has its slope shrunk; tau2, Q and the fitted values stay."""
    y, v, x = data
    one = regress(y, v, with_intercept(x), method=method)
    other = regress(y, v, with_intercept(scale * x + shift), method=method)

    assert other.coefficients[1].estimate * scale == pytest.approx(one.coefficients[1].estimate, rel=1e-7, abs=1e-9)
    assert [other.tau2, other.q] == pytest.approx([one.tau2, one.q], rel=1e-8, abs=1e-9)


@EVERY_METHOD
@pytest.mark.parametrize("test", REGRESSION_TESTS)
def test_an_intercept_alone_is_the_pool(method, test):
    """Without moderators a meta-regression gives the numbers of `pool`."""
    y, v = FRAME["yi"], FRAME["vi"]
    fit, pooled = regress(y, v, method=method, test=test), pool(y, v, method=method, test=test)
    one = fit.coefficients[0]

    assert [one.estimate, one.se, one.p_value, one.ci_low, fit.tau2, fit.i2, fit.q, fit.log_likelihood, fit.aicc] == (
        pytest.approx(
            [pooled.estimate, pooled.se, pooled.p_value, pooled.ci_low, pooled.tau2, pooled.i2, pooled.q,
             pooled.log_likelihood, pooled.aicc], rel=1e-10, abs=1e-12,
        )
    )  # fmt: skip
    assert (fit.tau2_ci_high is None) == (pooled.tau2_ci_high is None) == (method == "EE")
    if method != "EE":
        assert fit.tau2_ci_high == pytest.approx(pooled.tau2_ci_high, rel=1e-9)


def test_the_matrix_behind_the_traces():
    """Traces, diagonal and logarithm of the determinant are those of A = diag(a) - aX(X'aX)^-1 X'a, written out."""
    random = np.random.default_rng(2)
    x, a, d = random.normal(size=(7, 3)), random.uniform(0.1, 5, 7), random.uniform(0.1, 2, 7)
    batch = design_batch(random.normal(size=(1, 7)), 1 / a[None], x[None])
    whole = np.diag(a) - a[:, None] * x @ np.linalg.inv(x.T @ (a[:, None] * x)) @ x.T * a
    dense = np.diag(d) @ whole

    assert batch.diagonal(a[None])[0] == pytest.approx(np.diag(whole), rel=1e-12)
    assert batch.trace(a[None])[0] == pytest.approx(np.trace(whole), rel=1e-12)
    assert batch.trace_of_square(a[None], d[None])[0] == pytest.approx(np.trace(dense @ dense), rel=1e-11)
    ratio = np.linalg.det(x.T @ (a[:, None] * x)) / np.linalg.det(x.T @ x)
    assert batch.log_det(a[None])[0] == pytest.approx(np.log(ratio), rel=1e-11)


def test_padded_regressions_are_those_of_their_studies():
    """Studies that are absent from a batch count for nothing."""
    y, v, x = FRAME["yi"].to_numpy(), FRAME["vi"].to_numpy(), with_intercept(FRAME["year"].to_numpy(float))
    present = np.array([[1.0] * 6 + [0.0] * 2])
    part = design_batch(y[None], v[None], x[None], present)

    assert TAU2["REML"](part).value[0] == pytest.approx(regress(y[:6], v[:6], x[:6]).tau2, rel=1e-10)


def test_columns_by_name_and_rows_without_moderators():
    """Columns come from the data frame by name; a row without a moderator is left out and named."""
    frame = FRAME.assign(year=FRAME["year"].astype(float))
    frame.loc[2, "year"] = np.nan
    fit = regress("yi", "vi", "~ year + kind", data=frame, test="z")

    assert (fit.k, fit.p) == (7, 4)
    assert fit.design.notes == (("k", "a moderator is missing in row 3: left out"),)
    assert fit.notes[0] in fit.design.notes
    assert numbers(fit) == pytest.approx(
        numbers(regress("yi", "vi", "~ year + kind", data=FRAME.drop(index=2), test="z"))
    )


def test_a_moderator_inside_a_function_may_be_missing():
    """Rows are left out for a missing year also where it stands in center(), which formulaic does not list."""
    frame = FRAME.assign(year=FRAME["year"].where(FRAME["year"] != 2001))
    fit = regress("yi", "vi", "~ center(year)", data=frame)

    assert fit.design.notes == (("k", "a moderator is missing in row 3: left out"),)
    with pytest.raises(InvalidArgument, match="new values are missing in row 1"):
        predict(fit, {"year": [np.nan]})


def test_predictions_of_new_studies():
    """New rows by formula; at a study's own moderators they are its fitted value."""
    fit = regress("yi", "vi", "~ year + kind", data=FRAME)
    new = predict(fit, {"year": [2004, 2015], "kind": ["b", "a"]})

    assert new.estimate[0] == pytest.approx(predict(fit).estimate[1], rel=1e-10)
    assert (new.pi_low < new.ci_low).all()
    for formula in ("~ year + kind", "~ year + C(kind)"):
        with pytest.raises(InvalidArgument, match="levels that the model was not fitted to: z"):
            predict(regress("yi", "vi", formula, data=FRAME), {"year": [2004], "kind": ["z"]})


def test_a_single_value_of_a_mapping_stands_in_every_row():
    """What says where the data come from does not make them uneven; a column of another length does."""
    columns = {name: FRAME[name].tolist() for name in FRAME}
    fit = regress("yi", "vi", "~ year", data={**columns, "source": "a registry", "checked": None})

    assert fit.to_dict() == regress("yi", "vi", "~ year", data=FRAME).to_dict()
    with pytest.raises(InvalidArgument, match="columns of data must be of one length: yi 8, vi 8, year 8, kind 7"):
        regress("yi", "vi", "~ year", data={**columns, "kind": columns["kind"][:-1]})


def test_new_rows_of_a_matrix_are_numbers():
    """A missing value in a row to predict for is refused with its row, as by formula."""
    fit = regress("yi", "vi", np.column_stack([np.ones(8), FRAME["year"]]), data=FRAME)
    with pytest.raises(InvalidArgument, match="new values must be finite numbers: row 2"):
        predict(fit, [[1, 2004], [1, np.nan]])


def test_predictions_keep_their_digits_far_from_0():
    """A year counted from a million years ago costs six of sixteen digits, in standard errors no more than in means."""
    year, (y, v) = np.array([0.0, 3.0, 4.0, 9.0, 11.0]), ([0.1, 0.5, 0.2, 0.4, 0.9], [0.04, 0.02, 0.09, 0.05, 0.03])
    near, far = (predict(regress(y, v, np.column_stack([np.ones(5), year + since]))) for since in (0, 1e6))

    for name in near.columns():
        assert far[name] == pytest.approx(near[name], rel=1e-8)  # 16 digits less 6, with two to spare


def test_deleted_residuals_come_from_the_model_without_the_study():
    """By fitting without each study in turn; a study that alone has its level has none."""
    fit = regress("yi", "vi", "~ year", data=FRAME, test="z")
    without = regress("yi", "vi", "~ year", data=FRAME.drop(index=3), test="z")
    at = predict(without, FRAME.loc[[3]])
    expected = (0.92 - at.estimate[0]) / np.sqrt(0.2 + without.tau2 + at.se[0] ** 2)

    assert residuals(fit).deleted[3] == pytest.approx(expected, rel=1e-8)
    alone = regress("yi", "vi", "~ kind", data=FRAME.assign(kind=["a", "b", "a", "b", "c", "a", "b", "b"]))
    assert np.isnan(residuals(alone).deleted).tolist() == [False] * 4 + [True] + [False] * 3


def test_blups_lie_between_effect_and_fitted_value():
    """Each is drawn towards the fitted value by v / (tau2 + v)."""
    fit = regress("yi", "vi", "~ year", data=FRAME, test="z", method="SJ")
    y, v, fitted = fit.model.yi, fit.vi, fit.model.design @ fit.model.estimate

    assert blups(fit).estimate == pytest.approx((fit.tau2 * y + v * fitted) / (fit.tau2 + v), rel=1e-12)


BLUPS = {"pred": "estimate", "se": "se", "pi.lb": "pi_low", "pi.ub": "pi_high"}
DIAGNOSTICS = [block for block in blocks("diagnostics") if block["id"] != "all_subsets_bcg_rr_first10"]


@pytest.mark.parametrize("block", DIAGNOSTICS, ids=[block["id"] for block in DIAGNOSTICS])
def test_blups_of_the_reference(block):
    """`blup` and `ranef` of every fit, with and without moderators, within 1e-8."""
    given, found = block["inputs"], Comparison(block["inputs"], 1e-8)
    for fit, expected in block["outputs"].items():
        method, _, test = fit.partition("|")
        formula = "~ " + " + ".join(given.get("columns", ["1"]))
        table = given.get("moderators", {"yi": given["yi"]})
        ours = blups(regress(given["yi"], given["vi"], formula, data=table, method=method, test=test or "z"))
        for theirs, field in BLUPS.items():
            for row, value in enumerate(expected["blup"].get(theirs, [])):
                found.value((fit, row), field, float(getattr(ours, field)[row]), value)
        for theirs, field in {"pred": "random_effect", "se": "random_effect_se"}.items():
            for row, value in enumerate(expected.get("ranef", {}).get(theirs, [])):
                found.value((fit, row), field, float(getattr(ours, field)[row]), value)

    rows = sum(given["k"] * (len(one["blup"]) + 2 * ("ranef" in one)) for one in block["outputs"].values())
    assert found.differences == []
    assert found.count == rows


def test_inflation_of_a_factor():
    """A factor's columns count as one term; one moderator alone is not inflated."""
    fit = regress("yi", "vi", "~ year + kind", data=FRAME)

    assert [(one.term, one.columns) for one in vif(fit)] == [("year", (1,)), ("kind", (2, 3))]
    assert vif(fit)[0].gvif == pytest.approx(vif(fit)[1].gvif, rel=1e-10)
    assert vif(regress("yi", "vi", "~ year", data=FRAME))[0].gvif == pytest.approx(1)


def test_models_that_cannot_be_compared():
    """REML fits, other studies and models that are not nested are refused, each by name."""
    fits = {test: regress("yi", "vi", test, data=FRAME, method="ML") for test in ("~ year", "~ kind", "~ year + kind")}

    assert compare(fits["~ year + kind"], fits["~ kind"]).test.df == 1
    with pytest.raises(InvalidArgument, match="must lie within the first"):
        compare(fits["~ kind"], fits["~ year"])
    with pytest.raises(InvalidArgument, match='fit both models with method "ML"'):
        compare(*(regress("yi", "vi", formula, data=FRAME) for formula in ("~ year", "~ 1")))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"moderators": "~ yaer"}, "no column 'yaer' in data: did you mean 'year'"),
        ({"moderators": "~ year +"}, "cannot be read"),
        ({"moderators": "~ 0"}, "has no term"),
        ({"moderators": "~ year | kind"}, "more than one"),
        ({"moderators": "~ year + one", "data": FRAME.assign(one="a")}, "one has one level only"),
        ({"moderators": "~ log(year - 1996)"}, "not finite"),
        ({"moderators": "~ year + I(2 * year)"}, r"already determine I\(2 \* year\)"),
        ({"moderators": np.ones((3, 1)), "data": None, "yi": FRAME["yi"], "vi": FRAME["vi"]}, "3 rows and yi has 8"),
        ({"moderators": "~ year * kind * vi"}, "more studies"),
        ({"moderators": [["1", "2"]] * 8}, "must hold numbers only; use a formula"),
        ({"moderators": [[1.0, "2"]] * 8}, "must hold numbers only; use a formula"),
        ({"moderators": [[1.0, np.inf], *([[1.0, 2.0]] * 7)]}, r"finite, and within 1e\+90: row 1"),
        ({"method": "DLMH"}, "no method DLMH"),
        ({"method": "RELM"}, "did you mean 'REML'"),
        ({"test": "kr"}, "no test 'kr' of meta-regression"),
        ({"yi": "y"}, "no column 'y' in data"),
        ({"vi": FRAME["vi"].where(FRAME["vi"] > 0.02, -1.0)}, "must be greater than 0: row 3"),
    ],
)
def test_what_is_refused(asked, message):
    """One error that names what is wrong."""
    with pytest.raises(InvalidArgument, match=message):
        regress(**({"yi": "yi", "vi": "vi", "data": FRAME} | asked))


def test_an_iteration_that_stops_early_is_said(monkeypatch):
    """Not converged: a note by `regress` and by `subgroups` with a common tau2, as by `pool`."""
    monkeypatch.setattr(roots, "MOST_ITERATIONS", 1)
    y, v, group = [0.1, 0.9, 0.2, 1.4], [0.01, 0.3, 0.02, 0.04], list("aabb")
    fit = regress(y, v)

    assert not fit.converged
    assert fit.reason("converged") == pool(y, v).reason("converged") == "the iteration stopped at its limit"
    assert subgroups(y, v, group, tau2="common").reason("converged") == fit.reason("converged")


def test_results_as_text_and_as_plain_values():
    """The summary names every coefficient; the dictionary goes into JSON."""
    import json

    fit = regress("yi", "vi", "~ year + kind", data=FRAME)

    assert all(name in fit.summary() for name in ("Intercept", "year", "kind[T.b]", "moderators: F"))
    assert json.loads(json.dumps(fit.to_dict()))["formula"] == "~ year + kind"
