"""What sy.multilevel takes, what it refuses, and what it says beside its numbers."""

import json

import numpy as np
import pandas as pd
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling.blocks import Blocks
from synthesis.pooling.dependent.multilevel import multilevel
from synthesis.pooling.dependent.multilevel_problem import point_at
from synthesis.pooling.dependent.profile import profile_interval

YI = [0.1, 0.3, 0.5, 0.6, -0.1, 0.1, 0.9, 0.2]
VI = [0.02, 0.03, 0.02, 0.05, 0.02, 0.04, 0.03, 0.02]
DATA = {
    "yi": YI,
    "vi": VI,
    "study": ["a", "a", "b", "b", "c", "c", "d", "d"],
    "outcome": ["x", "y", "x", "y", "x", "y", "x", "y"],
    "lab": [1, 1, 2, 2, 1, 1, 2, 2],
    "time": [0.0, 1.5, 0.0, 4.0, 0.0, 1.5, 0.5, 1.5],
    "year": [2001, 2001, 2004, 2004, 2010, 2010, 2007, 2007],
    "one": ["same"] * 8,
    "step": ["2", "10"] * 4,
}


def fit(random="study/outcome", **options):
    return multilevel(YI, VI, random=random, data=DATA, **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"random": "stdy/outcome"}, "did you mean 'study'"),
        ({"random": "outcome | studi"}, "did you mean 'study'"),
        ({"random": ["study", "study/outcome"]}, "'study' twice"),
        ({"random": [[1, 2, 3]]}, "a column of 8 levels"),
        ({"random": [["a", None, "b", "b", "c", "c", None, "d"]]}, "leave such rows out or name their level"),
        ({"random": [["a", None, "b", "b", "c", "c", None, "d"]]}, "rows 2, 7"),
        ({"random": ["outcome | study", "lab | study", "time | study"]}, "give 2 at most"),
        ({"random": "outcome | study", "struct": "UNS"}, "did you mean 'UN'"),
        ({"random": "outcome | study", "struct": ["CS", "AR"]}, "struct has 2 entries"),
        ({"random": "outcome | study", "struct": "CAR"}, "must be numbers, the times"),
        ({"random": "step | study", "struct": "AR"}, "numbers as text"),
        ({"method": "DL"}, "no method 'DL'"),
        ({"test": "knha"}, "no test 'knha'"),
        ({"dfs": "containment"}, "did you mean 'contain'"),
        ({"level": 95}, "between 0 and 1"),
        ({"sigma2": [1.0]}, "sigma2 has 1 values; the model has 2: sigma2 study, sigma2 study/outcome"),
        ({"sigma2": -1.0}, "sigma2 study must be between 0 and inf"),
        ({"tau2": 0.1}, "random has no such component"),
        ({"random": "outcome | study", "rho": 1.5}, "rho must be between -1 and 1"),
        ({"random": "lab | study", "struct": "UN", "rho": 2}, "rho 1, 2 must be between -1 and 1"),
        ({"moderators": "~ yr"}, "no column 'yr'"),
        ({"moderators": np.eye(8)}, "8 coefficients"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_a_remedy(options, words):
    """One named error for each."""
    with pytest.raises(InvalidArgument) as refused:
        fit(**options)

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("V", "words"),
    [
        (VI[:7], "must be of one length"),
        ([*VI[:7], 0.0], "must be greater than 0: row 8"),
        (np.diag([*VI[:7], -1.0]), "not positive definite in the block of rows 8"),
        (np.ones((8, 7)), "square"),
        (Blocks((np.array([0, 1]), np.array([1, 2])), (np.eye(2), np.eye(2))), "every row once"),
    ],
)
def test_sampling_variances_that_cannot_be_are_refused(V, words):
    """Of each kind in which they are given."""
    with pytest.raises(InvalidArgument) as refused:
        multilevel(YI[: len(V)] if isinstance(V, Blocks) else YI, V)

    assert words in str(refused.value)


def test_a_single_effect_is_refused():
    """It leaves nothing to estimate a variance from."""
    with pytest.raises(InvalidArgument, match="cannot carry 1 coefficients"):
        multilevel([0.1], [0.2])


def test_names_columns_and_matrices_say_the_same():
    """Effects by name, levels as a column, variances as a matrix or as blocks."""
    one = fit("study")
    blocks = Blocks(tuple(np.arange(8)[:, None]), tuple(np.array(VI)[:, None, None]))
    others = [
        multilevel("yi", "vi", random="~ 1 | study", data=DATA),
        multilevel(YI, np.diag(VI), random=[DATA["study"]]),
        multilevel(YI, blocks, random=np.array(DATA["study"])),
    ]

    assert [other.log_likelihood for other in others] == pytest.approx([one.log_likelihood] * 3, rel=1e-12)


def test_a_data_frame_does_as_well():
    """Columns of pandas, a categorical one among them."""
    frame = pd.DataFrame(DATA).astype({"study": "category"})

    assert multilevel("yi", "vi", random="study/outcome", data=frame).sigma2 == pytest.approx(fit().sigma2)


def test_categories_keep_their_order():
    """Steps of an autoregression are between the categories of pandas as they are ordered there, unused ones apart."""
    order = ["never", "low", "mid", "high"]
    dose = ["mid", "low", "high", "mid", "low", "high", "high", "low"]
    data = {"study": DATA["study"], "dose": pd.Categorical(dose, categories=order)}
    number = {"study": DATA["study"], "dose": [order.index(one) for one in dose]}
    fits = [
        multilevel(YI, VI, random="dose | study", struct="AR", data=one, tau2=0.1, rho=0.5)
        for one in (data, pd.DataFrame(data), number)
    ]

    assert fits[0].problem.components.parts[0].term.levels == ("low", "mid", "high")
    assert [one.log_likelihood for one in fits] == pytest.approx([fits[2].log_likelihood] * 3, rel=1e-12)


def test_missing_levels_of_pandas_are_refused():
    """NA, which does not compare."""
    level = pd.Series(["a", pd.NA, "b", "b", "c", "c", "d", "d"], dtype="string")
    for one in (level, level.astype("category")):
        with pytest.raises(InvalidArgument, match="missing; leave such rows out or name their level: row 2"):
            multilevel(YI, VI, random=[one])


def test_rows_without_a_moderator_are_left_out_by_name():
    """They leave V and the levels with them."""
    data = DATA | {"year": [2001, None, 2004, 2004, 2010, 2010, 2007, 2007]}
    V = np.where(np.array(DATA["lab"])[:, None] == DATA["lab"], 0.005, 0.0)
    V[np.diag_indices(8)] = VI
    found = multilevel(YI, V, random="study", moderators="~ year", data=data)
    kept = np.array([0, 2, 3, 4, 5, 6, 7])
    rest = {name: [column[row] for row in kept] for name, column in data.items()}
    expected = multilevel(np.array(YI)[kept], V[np.ix_(kept, kept)], random="study", moderators="~ year", data=rest)

    assert found.k == 7
    assert "row 2" in found.reason("k")
    assert found.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-12)


def test_what_the_data_cannot_tell_is_held_at_0_with_a_note():
    """A factor of one level, and one whose levels are those of another."""
    alone = fit(["one", "study"])
    twins = fit(["study", "year"])

    assert alone.sigma2 == pytest.approx((0.0, fit("study").sigma2[0]))
    assert "single level" in alone.reason("sigma2 one")
    assert twins.sigma2[1] == 0.0
    assert "those of study" in twins.reason("sigma2 year")


def test_a_correlation_of_nothing_is_none_with_its_reason():
    """Where tau2 is 0 the likelihood does not depend on rho."""
    found = multilevel([0.1] * 8, VI, random="outcome | study", data=DATA)

    assert found.tau2 == (0.0,)
    assert found["tau2"].boundary
    assert found.rho == (None,)
    assert "variances" in found.reason("rho")
    assert [one.estimate for one in found.profile_intervals()] == [0.0, None]


def test_two_correlated_terms_have_tau2_and_gamma2():
    """Each with its own structure, and their values can be held."""
    found = fit(["outcome | study", "time | lab"], struct=["DIAG", "CAR"], gamma2=0.01, phi=0.5)

    assert [one.name for one in found.components] == ["tau2 x", "tau2 y", "gamma2", "phi"]
    assert [one.fixed for one in found.components] == [False, False, True, True]
    assert (found.gamma2, found.phi) == (pytest.approx((0.01,)), pytest.approx((0.5,)))


def test_correlations_by_time_are_by_the_unit_of_time():
    """At twice the times phi is the root of what it was, and the likelihood is the same."""
    data = DATA | {"twice": [2 * time for time in DATA["time"]]}
    one, other = (
        multilevel(YI, VI, random=f"{name} | lab", struct="CAR", data=data, tau2=0.1, rho=rho)
        for name, rho in (("time", 0.6), ("twice", 0.6**0.5))
    )

    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("held", [{"tau2": [None, 0.2, None]}, {"rho": [None, 0.3, None]}, {"rho": [0.1, 0.3, -0.2]}])
def test_parts_of_an_unstructured_covariance_can_be_held(held):
    """One variance, one correlation, or all correlations; the rest is higher than with any other value."""
    rng = np.random.default_rng(2)
    study, outcome = np.divmod(np.arange(30), 3)
    y, v = rng.normal(size=(10, 1)).repeat(3, axis=1).ravel() + rng.normal(0, 0.5, 30), np.full(30, 0.1)
    data = {"study": study, "outcome": outcome}
    found = multilevel(y, v, random="outcome | study", struct="UN", data=data, **held)
    free = multilevel(y, v, random="outcome | study", struct="UN", data=data)
    (letter, values), names = next(iter(held.items())), ("0, 1", "0, 2", "1, 2")

    assert [one.name for one in found.components] == [one.name for one in free.components]
    assert [one.name for one in found.components[3:]] == [f"rho {name}" for name in names]
    for value, estimate in zip(values, getattr(found, letter), strict=True):
        assert value is None or estimate == pytest.approx(value)
    assert found.log_likelihood < free.log_likelihood
    assert found.parameters == free.parameters - sum(value is not None for value in values)


def test_every_correlation_of_three_has_its_profile():
    """That of the second and the third level, for which the levels are reordered, as the others."""
    rng = np.random.default_rng(3)
    study, outcome = np.divmod(np.arange(60), 3)
    effects = rng.multivariate_normal(np.zeros(3), 0.3 * (np.eye(3) + 1), size=20)
    fitted = multilevel(
        effects.ravel() + rng.normal(0, 0.3, 60), np.full(60, 0.09), random="outcome | study", struct="UN",
        data={"study": study, "outcome": outcome},
    )  # fmt: skip
    name = fitted.problem.components.names[-1]
    last = profile_interval(fitted.problem, fitted.maximum, name, restricted=True, level=0.95)
    assert last.name == "rho 1, 2"
    assert -1 < last.ci_low < last.estimate < last.ci_high < 1
    for bound in (last.ci_low, last.ci_high):
        there = multilevel(
            fitted.yi, np.full(60, 0.09), random="outcome | study", struct="UN", rho=[None, None, bound],
            data={"study": study, "outcome": outcome},
        )  # fmt: skip
        assert fitted.compare(there).p_value == pytest.approx(0.05, rel=1e-5)


def test_unstructured_correlations_that_cannot_be_are_refused():
    """All three of them -0.9, and two of three."""
    data = DATA | {"part": [1, 2, 3, 1, 2, 3, 1, 2]}
    for rho, words in (([-0.9] * 3, "not positive definite"), ([0.1, 0.2, None], "or all of them")):
        with pytest.raises(InvalidArgument, match=words):
            multilevel(YI, VI, random="part | lab", struct="UN", data=data, rho=rho)


def test_degrees_of_freedom_follow_the_levels():
    """The year varies between studies, the outcome within them; too few levels leave 1, with a note."""
    found = fit("study", moderators="~ year + outcome")
    few = fit("lab")

    assert [one.df for one in found.coefficients] == [1.0, 1.0, 5.0]
    assert found.omnibus.df_denominator == 1.0
    assert few.coefficients[0].df == 1.0
    assert fit("lab", moderators=np.column_stack([np.ones(8), DATA["year"]])).reason("df")


def test_predictions_say_what_they_need():
    """Moderators for a formula, and the inner level where levels differ in their variance."""
    regression = fit("study", moderators="~ year")
    levels = fit("outcome | study", struct="DIAG", tau2=[0.1, 0.2])
    one = levels.predict(inner="y")[0]

    assert regression.predict({"year": [2005, 2006]})[1].estimate == pytest.approx(
        regression.coefficients[0].estimate + 2006 * regression.coefficients[1].estimate
    )
    with pytest.raises(InvalidArgument, match="give the moderators"):
        regression.predict()
    assert levels.predict()[0].pi_low is None
    assert one.pi_high - one.estimate > one.ci_high - one.estimate
    with pytest.raises(InvalidArgument, match="no inner level 'z'"):
        levels.predict(inner="z")


def test_random_effects_are_the_conditional_means():
    """G Z' M^-1 (y - X b) by dense matrices, of an intercept and of correlated effects."""
    found = fit(["lab", "outcome | study"], struct="HCS", sigma2=0.02, tau2=[0.03, 0.01], rho=0.4)
    model = found.model
    pull = np.linalg.solve(model.marginal.dense(), model.yi - model.design @ model.estimate)
    lab, correlated = found.random_effects()
    in_first = np.array(DATA["lab"]) == 1
    first_x = 0.03 * pull[0] + 0.4 * np.sqrt(0.03 * 0.01) * pull[1]

    assert lab.estimate[0] == pytest.approx(0.02 * pull[in_first].sum())
    assert correlated.levels[:3] == ("a: x", "a: y", "b: x")
    assert correlated.estimate[0] == pytest.approx(first_x)
    assert (correlated.se < np.sqrt(0.03)).all()


def test_comparisons_are_refused_where_likelihoods_do_not_compare():
    """Other methods, other designs by REML, and models of no fewer parameters."""
    whole = fit()
    for other, words in (
        (fit(method="ML"), "same method"),
        (fit(moderators="~ year"), "different designs"),
        (fit(), "parameters"),
    ):
        with pytest.raises(InvalidArgument, match=words):
            whole.compare(other)


def test_contrasts_of_another_length_are_refused():
    """One weight for each coefficient, one name for each contrast."""
    regression = fit(moderators="~ year")
    with pytest.raises(InvalidArgument, match="rows of 2 weights"):
        regression.contrast([1, 0, 0])
    with pytest.raises(InvalidArgument, match="there are 2 names for 1"):
        regression.contrast([1, 0], names=["a", "b"])


def test_a_result_is_plain_values_and_text():
    """JSON without NaN; a summary that names levels, components and their share."""
    found = fit("outcome | study", struct="HCS")
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    text = found.summary()

    assert [one["name"] for one in plain["components"]] == ["tau2 x", "tau2 y", "rho"]
    assert plain["log_likelihood"] == found.log_likelihood
    assert plain["notes"][-1]["field"] == "i2"
    assert "levels: study 4" in text
    assert "tau2 x" in text
    with pytest.raises(InvalidArgument, match="did you mean 'rho'"):
        found["rh"]


def test_several_maxima_are_reported():
    """The note says how many, and the fit is at the highest of them."""
    from tests.pooling.dependent.test_multilevel_reference import BLOCKS, by_study, indicators

    data = BLOCKS["fine1993_autoregressive"]["inputs"]
    found = multilevel(
        data["yi"], by_study(data["V_by_study"]), random="time | study", struct="HAR", data=data,
        moderators=indicators(data["time"], (1, 2, 3, 4)),
    )  # fmt: skip

    assert found.maxima > 1
    assert "different height" in found.reason("maxima")
    assert found.maximum.point.restricted == pytest.approx(
        point_at(found.problem, found.maximum.working).restricted, rel=1e-12
    )
