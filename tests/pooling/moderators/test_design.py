"""How the columns of a design come from what users have."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.dependent import multilevel
from synthesis.pooling.moderators.permutation import permutation_test
from synthesis.pooling.moderators.predictions import predict
from synthesis.pooling.moderators.regress import regress

Y = np.array([0.1, 0.3, 0.5, -0.2, 0.4, 0.2, 0.0, 0.6])
V = np.array([0.04, 0.05, 0.02, 0.1, 0.03, 0.06, 0.07, 0.01])
X, Z = np.arange(8.0), np.array([1.0, 0, 0, 1, 1, 0, 1, 0])
BACKWARDS = range(7, -1, -1)


def coefficients(formula, data):
    return [one.estimate for one in regress(Y, V, formula, data=data).coefficients]


def test_series_of_a_mapping_stand_in_their_order():
    """Rows go together by place, never by the index of a Series, which may be any."""
    plain = {"x": X, "z": Z, "s": [1, 1, 2, 2, 3, 3, 4, 4]}
    shuffled = {"x": pd.Series(X), "z": pd.Series(Z, index=BACKWARDS), "s": pd.Series(plain["s"], index=BACKWARDS)}
    fit = regress(Y, V, "~ x + z", data=plain)

    assert coefficients("~ x + z", shuffled) == coefficients("~ x + z", plain)
    new = {"x": pd.Series([1.0, 2.0]), "z": pd.Series([0.0, 1.0], index=[1, 0])}
    assert predict(fit, new).estimate == pytest.approx(predict(fit, {"x": [1.0, 2.0], "z": [0.0, 1.0]}).estimate)
    slopes = [multilevel(Y, V, random="s", moderators="~ x", data=data).coefficients[1] for data in (plain, shuffled)]
    assert slopes[0] == slopes[1]


@pytest.mark.parametrize(
    "column",
    [
        np.array(X, dtype=object), [Decimal(int(one)) for one in X], pd.array(X.astype(int), dtype="Int64"),
        pd.Series(X, index=BACKWARDS), X.astype(np.uint8),
    ],
)  # fmt: skip
def test_numbers_of_any_kind_are_numbers(column):
    """A column of numbers is one column of the design, however it is stored."""
    assert coefficients("~ x", {"x": column}) == pytest.approx(coefficients("~ x", {"x": X}), rel=1e-12)


@pytest.mark.parametrize("kind", ["string", "object", "category"])
def test_names_of_any_kind_are_a_factor(kind):
    """Text, pandas' own strings and categories give the same factor; a level that no study has is no column."""
    names = pd.Series(["a", "b", "a", "b", "c", "a", "c", "b"])
    stored = pd.Categorical(names, categories=["a", "b", "c", "d"]) if kind == "category" else names.astype(kind)

    assert coefficients("~ f", {"f": stored}) == coefficients("~ f", {"f": names.tolist()})


def test_a_level_whose_studies_are_left_out_is_no_column():
    """Rows without another moderator take their level with them."""
    frame = pd.DataFrame({"f": pd.Categorical(list("aabbaabc")), "x": [*X[:7], np.nan]})
    fit = regress(Y, V, "~ f + x", data=frame)

    assert fit.model.names == ("Intercept", "f[T.b]", "x")


TWICE = pd.DataFrame(np.ones((8, 2)), columns=["x", "x"])


@pytest.mark.parametrize("data", [3, "abc", {"x": [1, 2]}, {"x": [1, 2], "z": [1, 2, 3]}, TWICE])
def test_what_is_no_table_is_refused(data):
    """One error of our own."""
    with pytest.raises(InvalidArgument):
        regress(Y, V, "~ x", data=data)


@pytest.mark.parametrize("v", [[1e-20, 1e20, *V[2:]], [1e-20, *V[1:]], [1e15, *V[1:]]])
def test_variances_beyond_all_comparison_are_refused(v):
    """A plain pool takes any; coefficients would have no digits left, so that the smallest variance is named."""
    asked = {"moderators": "~ x", "data": {"x": X}}

    assert np.isfinite(pool(Y, v).estimate)
    for call in (regress, permutation_test, lambda y, v, **k: multilevel(y, v, random=np.arange(8), **k)):
        with pytest.raises(InvalidArgument, match="must not differ by more than 1e\\+12 between studies"):
            call(Y, v, **asked)


def test_one_very_precise_study_costs_no_digits():
    """With an intercept alone tau2 and all standard errors are those of `pool`, up to variances 1e12 apart."""
    for apart in (1e4, 1e8, 1e12):
        v = np.array([1 / apart, *[1.0] * 7])
        fit, pooled = regress(Y, v, test="z"), pool(Y, v, test="z")

        assert [fit.tau2_se, fit.coefficients[0].se] == pytest.approx([pooled.tau2_se, pooled.se], rel=1e-12)
