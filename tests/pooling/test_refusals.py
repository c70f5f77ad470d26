"""Whatever is handed to a public function of pooling and sensitivity ends in a result or in one InvalidArgument."""

import numpy as np
import pandas as pd
import pytest

import synthesis as sy

Y, V, STUDY = [0.1, 0.4, 0.2, 0.9, 0.6, 0.3], [0.01, 0.02, 0.03, 0.05, 0.02, 0.04], list("aabbcd")
X = np.column_stack([np.ones(6), [1.0, 2.0, 5.0, 4.0, 3.0, 6.0]])
LEVELS, LINE = sy.multilevel(Y, V, random=[STUDY]), sy.regress(Y, V, X)
POOL = "method test level weights mantel_haenszel tau2_interval prediction"
OPTIONS = {
    "pool": (lambda **given: sy.pool(Y, V, **given), f"{POOL} tau2"),
    "pool_groups": (lambda **given: sy.pool_groups([(Y, V)], **given), POOL),
    "pool_many": (lambda **given: sy.pool_many(Y, V, STUDY, **given), POOL),
    "few_studies": (lambda **given: sy.few_studies(Y[:3], V[:3], **given), "method test level weights"),
    "regress": (lambda **given: sy.regress(Y, V, **{"moderators": X, **given}), "moderators names method test level"),
    "location_scale": (lambda **given: sy.location_scale(Y, V, **given), "moderators scale method test level"),
    "subgroups": (lambda **given: sy.subgroups(Y, V, STUDY, **given), "method test level tau2"),
    "permutation_test": (
        lambda **given: sy.permutation_test(Y, V, exact=False, **{"random": np.random.default_rng(1), **given}),
        "moderators names method test random arrangements",
    ),
    "predict": (lambda **given: sy.predict(LINE, **given), "new"),
    "vif": (lambda **given: sy.vif(LINE, **given), "by"),
    "multilevel": (
        lambda **given: sy.multilevel(Y, V, **{"random": [STUDY], **given}),
        "random moderators names struct method test dfs level sigma2 tau2 rho",
    ),
    "Multilevel.predict": (LEVELS.predict, "new inner"),
    "Multilevel.contrast": (lambda **given: LEVELS.contrast(**{"combinations": [1], **given}), "combinations names"),
    "Multilevel.profile_intervals": (LEVELS.profile_intervals, "level"),
    "robust": (lambda **given: sy.robust(LEVELS, STUDY, **given), "kind level tested"),
    "correlated_effects": (
        lambda **given: sy.correlated_effects(Y, V, STUDY, **given),
        "moderators names rho level",
    ),
    "aggregate": (lambda **given: sy.aggregate(Y, V, STUDY, **given), "struct rho phi time obs V"),
    "vcalc": (
        lambda **given: sy.vcalc(V, STUDY, **{"obs": list(range(6)), "rho": 0.3, **given}),
        "obs type time1 grp1 w1 rho phi subgroup",
    ),
    "egger": (lambda **given: sy.egger(Y, V, **given), "level"),
    "leave_one_out": (lambda **given: sy.leave_one_out(Y, V, **given), "method test level"),
}
COLUMNS = {
    "pool": lambda y, v, _: sy.pool(y, v),
    "pool_many": sy.pool_many,
    "regress": lambda y, v, _: sy.regress(y, v),
    "location_scale": lambda y, v, _: sy.location_scale(y, v),
    "subgroups": sy.subgroups,
    "permutation_test": lambda y, v, _: sy.permutation_test(y, v),
    "multilevel": lambda y, v, study: sy.multilevel(y, v, random=[study]),
    "correlated_effects": sy.correlated_effects,
    "hierarchical_effects": sy.hierarchical_effects,
    "aggregate": sy.aggregate,
    "egger": lambda y, v, _: sy.egger(y, v),
    "leave_one_out": lambda y, v, _: sy.leave_one_out(y, v),
}
NUMBERS = {
    "NaN": [np.nan, *Y[1:]], "None": [None, *Y[1:]], "text": ["a"] * 6, "infinite": [np.inf, *Y[1:]], "short": Y[:5],
    "no column": None, "single": 0.3, "table": [Y, Y], "truth": [True] * 6, "ragged": [[1, 2], [3]],
    "dates": pd.date_range("2020-01-01", periods=6), "complex": np.array(Y, complex), "a name": "effect",
}  # fmt: skip
GROUPS = {
    "short": STUDY[:5], "None": ["a", None, *STUDY[2:]], "blank": ["a", " ", *STUDY[2:]], "no column": None,
    "NA": pd.array(["a", None, *STUDY[2:]]), "table": [STUDY, STUDY], "ragged": [["a"], ["b", "c"]], "a name": "study",
}  # fmt: skip


@pytest.mark.parametrize("name", OPTIONS)
def test_any_value_of_an_option(name):
    """Numbers, text, truth values, lists and mappings where they do not belong: never another error."""
    call, options = OPTIONS[name]
    refused = 0
    for option in options.split():
        for value in (5, "x", float("nan"), True, [], ["x"], [1, 2], {"a": 1}, object(), -1, [[1, 2], [3]]):
            try:
                call(**{option: value})
            except sy.InvalidArgument:
                refused += 1

    assert refused >= 5 * len(options.split())  # of eleven values; the others are of use to some options


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("name", COLUMNS)
def test_effects_that_are_no_column_of_numbers(name, kind):
    """One and the same refusal by every function, of effects and of variances."""
    with pytest.raises(sy.InvalidArgument):
        COLUMNS[name](NUMBERS[kind], V, STUDY)
    with pytest.raises(sy.InvalidArgument):
        COLUMNS[name](Y, NUMBERS[kind], STUDY)


@pytest.mark.parametrize("kind", GROUPS)
@pytest.mark.parametrize(
    "name", ["pool_many", "subgroups", "multilevel", "correlated_effects", "hierarchical_effects", "aggregate"]
)
def test_labels_that_are_no_column(name, kind):
    """Labels that are missing, too few or no column are refused by all that take them."""
    with pytest.raises(sy.InvalidArgument):
        COLUMNS[name](Y, V, GROUPS[kind])


@pytest.mark.parametrize("name", COLUMNS)
def test_nothing_at_all(name):
    """Empty columns are refused."""
    with pytest.raises(sy.InvalidArgument, match="empty"):
        COLUMNS[name]([], [], [])
