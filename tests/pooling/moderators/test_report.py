"""All that is asked of a regression at once, and why there is none."""

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling.moderators.asked import Request, answer, compared_groups, refuse_hopeless, settled
from synthesis.pooling.moderators.permutation import permutation_test
from synthesis.pooling.moderators.predictions import predict
from synthesis.pooling.moderators.regress import regress

YEAR = [1990, 1994, 1999, 2003, 2008, 2011]
KIND = ["a", "b", "a", "b", "a", "b"]
DATA = {"year": YEAR, "kind": KIND}
Y, V = [0.1, 0.5, 0.2, 0.9, 0.6, 0.7], [0.04, 0.05, 0.03, 0.06, 0.02, 0.05]


def asked(formula="~ year", **more):
    return settled(Request(formula, **more), DATA)


def test_everything_that_is_asked_is_the_librarys():
    """Fit, prediction, permutation and residuals are those of the functions that make them."""
    found = answer(
        asked("~ year + kind", permute=True, new={"year": ("2000",), "kind": ("b",)}, residuals=True), Y, V, DATA
    )
    fit = regress(Y, V, "~ year + kind", data=DATA)

    assert found.fit.coefficients == fit.coefficients
    assert found.predictions.estimate == predict(fit, {"year": [2000], "kind": ["b"]}).estimate
    assert found.permutation == permutation_test(Y, V, "~ year + kind", data=DATA)
    assert len(found.residuals.raw) == len(found.blups.estimate) == found.k == 6
    assert [one.term for one in found.inflation] == ["year", "kind"]


def test_without_moderators_the_signs_are_changed():
    """An intercept alone is tested as a pooled effect is: 2^5 arrangements of six signs give all p-values."""
    found = answer(asked("~ 1", permute=True), Y, V, {})

    assert found.permutation == permutation_test(Y, V)


def test_a_location_scale_model():
    """With a scale formula the defaults that it does not have give way to REML and z."""
    chosen = settled(Request("~ kind", scale="~ year"), DATA, method="PM", test="adhoc")
    found = answer(chosen, Y, V, DATA)

    assert (chosen.method, chosen.test, found.fit) == ("REML", "z", None)
    assert [one.name for one in found.scale.scale] == ["Intercept", "year"]


def test_a_smaller_model_that_is_not_within_is_a_note():
    """The fit stays; a study without a moderator of either model is in neither."""
    found = answer(asked("~ year", method="ML", against="~ kind"), Y, V, DATA)

    assert found.fit is not None
    assert found.comparison is None
    assert any("must lie within the first" in note.reason for note in found.notes)


@pytest.mark.parametrize(
    ("formula", "rows", "words"),
    [
        ("~ year", 0, "no study states"),
        ("~ year", 1, "one study alone"),
        ("~ year", 2, "2 studies cannot carry 2 coefficients"),
        ("~ C(year)", 5, "5 studies cannot carry 5 coefficients"),
        ("~ year * kind + np.log(year)", 4, "4 studies cannot carry 5 coefficients"),
        ("~ year + {year - 2000}", 6, "already determine year - 2000"),
    ],
)
def test_studies_that_do_not_carry_it(formula, rows, words):
    """Too few of them, and columns that say one thing twice: a reason, no error."""
    data = {name: DATA[name][:rows] for name in Request(formula).names}
    found = answer(asked(formula), Y[:rows], V[:rows], data)

    assert words in found.problem
    assert found.fit is None


def test_a_moderator_that_does_not_vary():
    """It is named, and not dropped without a word."""
    assert (
        answer(asked("~ year + kind"), Y, V, {"year": YEAR, "kind": ["a"] * 6}).problem == "kind is a in all 6 studies"
    )


def test_a_formula_that_fails_everywhere_is_an_error():
    """Where it fails for some only, the others are kept."""
    wrong = answer(asked("~ np.nothing(year)"), Y, V, {"year": YEAR})
    good = answer(asked(), Y, V, {"year": YEAR})

    refuse_hopeless([wrong, good])
    with pytest.raises(InvalidArgument, match="the formula"):
        refuse_hopeless([wrong])


def test_values_that_are_not_finite():
    """Logarithms of what is not above 0: a reason, for other studies may have them."""
    found = answer(asked("~ np.log(year - 3000)"), Y, V, {"year": YEAR})

    assert "not finite" in found.problem
    refuse_hopeless([found])


@pytest.mark.parametrize(("k", "noted"), [(9, True), (10, False)])
def test_fewer_than_ten_studies_for_each_characteristic(k, noted):
    """Said, not refused."""
    rng = np.random.default_rng(1)
    notes = answer(asked(), rng.normal(size=k), np.full(k, 0.1), {"year": list(range(k))}).notes

    assert any("fewer than ten for each" in note.reason for note in notes) == noted


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({"year": ("old",), "kind": ("a",)}, "year is a number"),
        ({"year": ("1",), "kind": ("c",)}, "no study has kind c"),
    ],
)
def test_values_that_cannot_be_predicted_for(new, words):
    """A note, and the fit stays: another pool may have that kind of study."""
    found = answer(asked("~ year + kind", new=new), Y, V, DATA)

    assert found.fit is not None
    assert found.predictions is None
    assert any(words in note.reason for note in found.notes)


def test_a_level_of_a_factor_of_numbers_must_be_known():
    """C(year) has no effect of a year that no study has."""
    chosen = settled(Request("~ C(decade)", new={"decade": ("3",)}), ["decade"])
    found = answer(chosen, Y, V, {"decade": [1, 1, 2, 2, 4, 4]})

    assert any("no study has decade 3" in note.reason for note in found.notes)


def test_too_many_arrangements_are_a_note():
    """All orders of twelve different years are 479 million: a sample is asked for, and the same seed gives it again."""
    rng = np.random.default_rng(2)
    y, v, data = rng.normal(size=12), np.full(12, 0.1), {"year": list(range(12))}
    every = answer(asked(permute=True), y, v, data)
    first, again = (answer(asked(permute=True, arrangements=200, seed=5), y, v, data) for _ in range(2))

    assert every.permutation is None
    assert any("too many arrangements" in note.reason for note in every.notes)
    assert first.permutation == again.permutation
    assert (first.permutation.arrangements, first.permutation.exact) == (200, False)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Request("~ yeer"), "did you mean 'year'"),
        (Request("~ year", scale="~ knid"), "did you mean 'kind'"),
        (Request("~ year", method="REM"), "no method"),
        (Request("~ year", method="DLMH"), "has no method DLMH"),
        (Request("~ year", test="zz"), "no test"),
        (Request("~ year", level=2), "level"),
        (Request("~ year", scale="~ kind", method="DL"), "REML or ML"),
        (Request("~ year", scale="~ kind", test="knha"), "z or t"),
        (Request("~ year", scale="~ kind", permute=True), "without scale moderators"),
        (Request("~ year + kind", new={"year": ("1",)}), "kind too"),
        (Request("~ year", new={"yeer": ("1",)}), "did you mean 'year'"),
        (Request("~ year", permute=True, arrangements=100), "needs a seed"),
        (Request("~ year", against="~ knid"), "did you mean 'kind'"),
        (Request("~ year", against="~ 1"), 'fit both models with method "ML"'),
        (Request("~ year", scale="~ kind", against="~ 1"), "without scale moderators"),
    ],
)
def test_what_cannot_be_asked(wanted, words):
    """Refused before any study is looked at, with the nearest name."""
    with pytest.raises(InvalidArgument, match=words):
        settled(wanted, DATA)


def test_groups_that_cannot_be_compared():
    """One group, or no more studies than groups with a common tau2: a reason; an unknown option: an error."""
    options = {"tau2": "common", "method": "REML", "test": "z", "level": 0.95}

    assert compared_groups(Y, V, ["a"] * 6, **options)[1] == "all 6 studies are of one group, a"
    assert "cannot carry" in compared_groups(Y[:2], V[:2], ["a", "b"], **options)[1]
    assert compared_groups([], [], [], **options)[1] == "no study states what is asked"
    with pytest.raises(InvalidArgument, match="did you mean 'common'"):
        compared_groups(Y, V, KIND, **{**options, "tau2": "comon"})
