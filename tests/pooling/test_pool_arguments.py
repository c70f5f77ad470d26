"""What pooling refuses, with the rows; it never gives NaN or drops a study unseen."""

import numpy as np
import pandas as pd
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool, pool_groups, pool_many
from tests.pooling.strategies import UNWEIGHTED, fitting_tests

WRONG = {
    "yi is missing or not a number; leave such rows out: row 2": ([0.1, None, 0.2], [1, 1, 1]),
    "vi is missing or not a number; leave such rows out: rows 1, 3": ([0.1, 0.2, 0.3], [np.nan, 1, np.nan]),
    "yi must be finite: row 1": ([np.inf, 0.1], [1, 1]),
    "vi must be finite: row 2": ([0.2, 0.1], [1, np.inf]),
    "vi, a sampling variance, must be greater than 0: rows 1, 2": ([0.2, 0.1], [0, -1]),
    "yi has 2 rows and vi has 3: they must be of one length": ([0.2, 0.1], [1, 1, 1]),
    "yi and vi are empty: there is no study to pool": ([], []),
    "yi must be numbers, not text": (["a", "b"], [1, 1]),
    "vi must be numbers, not text": ([1, 2], ["0.3", "0.4"]),
    "yi must be numbers: row 2": ([0.2, "0.3", None], [1, 1, 1]),
    "yi must be numbers, not truth values": ([True, False], [1, 1]),
    "yi must be one column of numbers, not of shape (2, 2)": ([[1, 2], [3, 4]], [1, 1]),
    "yi must be a column of numbers, not a single number": (0.3, [1]),
    "yi and vi must lie within 1e-90 and 1e+90; change their unit: row 1": ([0.3, 0.1], [1e-200, 1]),
}
OPTIONS = {
    "no method 'RML': did you mean 'REML'?": {"method": "RML"},
    "no test 'hk'": {"test": "hk"},
    "no prediction interval 'NNF': choose one of: riley, metafor": {"prediction": "NNF"},
    "test 'kr' (Kenward-Roger) goes with a REML estimate": {"test": "kr", "method": "ML"},
    "test 'kr' (Kenward-Roger) goes with a REML estimate and": {"test": "kr", "tau2": 0.1},
    "test 'kr' (Kenward-Roger) goes with a REML estimate and its own weights": {"test": "kr", "weights": [1, 1, 1]},
    "method GENQ needs weights: give one for each study": {"method": "GENQ"},
    "method GENQM needs at least two weights above 0": {"method": "GENQM", "weights": [1, 0, 0]},
    "level must be between 0 and 1, as 0.95, not 95": {"level": 95},
    "tau2 must be finite and not below 0": {"tau2": -1.0},
    "method DLMH needs mantel_haenszel": {"method": "DLMH"},
    "weights has 1 rows and yi has 3": {"weights": [1]},
    "weights must be finite and not below 0: row 2": {"weights": [1, -1, 1]},
    "weights must not all be 0": {"weights": [0, 0, 0]},
}


@pytest.mark.parametrize("message", WRONG)
def test_effects_that_cannot_be_pooled(message):
    """One clear message with the numbers of the rows."""
    with pytest.raises(InvalidArgument) as refused:
        pool(*WRONG[message])

    assert str(refused.value) == message


@pytest.mark.parametrize("message", OPTIONS)
def test_options_that_do_not_exist(message):
    """The message names what is wrong, and the nearest name that there is."""
    with pytest.raises(InvalidArgument) as refused:
        pool([0.1, 0.2, 0.3], [1, 1, 1], **OPTIONS[message])

    assert str(refused.value).startswith(message)


def test_many_rows_are_not_all_listed():
    """The first ten wrong rows are named."""
    with pytest.raises(InvalidArgument, match=r"rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, \.\.\.$"):
        pool(np.zeros(50), np.zeros(50))


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, np.ma.masked_array])
def test_what_holds_numbers_is_taken(kind):
    """Lists, tuples, arrays and columns of data frames give the same pool."""
    y, v = [0.1, 0.9, 0.45], [0.04, 0.05, 0.2]

    assert pool(kind(y), kind(v)) == pool(y, v)


def test_masked_values_are_missing():
    """A masked entry is refused, not read through its mask."""
    with pytest.raises(InvalidArgument, match="yi is missing or not a number; leave such rows out: row 2"):
        pool(np.ma.masked_array([0.1, 0.2], mask=[False, True]), [1, 1])


TABLE = {  # the bad inputs on which anchors/engine.md (section 2) compares the engines: refused, with the reason
    "NaN yi": ([0.1, np.nan, 0.2], [1, 1, 1], "yi is missing or not a number; leave such rows out: row 2"),
    "NaN vi": ([0.1, 0.3, 0.2], [1, np.nan, 1], "vi is missing or not a number; leave such rows out: row 2"),
    "inf yi": ([0.1, np.inf, 0.2], [1, 1, 1], "yi must be finite: row 2"),
    "inf vi": ([0.1, 0.3, 0.2], [1, np.inf, 1], "vi must be finite: row 2"),
    "v = 0": ([0.1, 0.3, 0.2], [1, 0, 1], "vi, a sampling variance, must be greater than 0: row 2"),
    "v < 0": ([0.1, 0.3, 0.2], [1, -1, 1], "vi, a sampling variance, must be greater than 0: row 2"),
    "k = 0": ([], [], "yi and vi are empty: there is no study to pool"),
    "length mismatch": ([0.1, 0.3, 0.2], [1, 1], "yi has 3 rows and vi has 2: they must be of one length"),
    "strings": (["0.1", "0.3", "0.2"], [1, 1, 1], "yi must be numbers, not text"),
}
FITTED = {  # and those that have an answer
    "k = 1": ([0.3], [0.04]),
    "all equal effects": ([0.2, 0.2, 0.2], [0.1, 0.2, 0.3]),
    "v from 1e-20 to 1e20": ([0.1, 0.2, 0.4, 0.3, 0.25], [1e-20, 1e20, 1.0, 1e-10, 1e10]),
}
WAYS = {
    "pool": pool,
    "pool_groups": lambda y, v: pool_groups([(y, v)])[0],
    "pool_many": lambda y, v: pool_many(y, v, np.zeros(len(y))),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", TABLE)
def test_bad_input_is_one_named_error(case, way):
    """No NaN, no traceback of another library, nothing dropped: a message with rows and remedy."""
    y, v, message = TABLE[case]
    with pytest.raises(InvalidArgument) as refused:
        WAYS[way](y, v)

    assert str(refused.value).removeprefix("group 1: ") == message


@pytest.mark.parametrize("method", UNWEIGHTED)
@pytest.mark.parametrize("case", FITTED)
def test_hard_input_has_an_answer(case, method):
    """By every method and test: finite numbers, and a reason for all that cannot be given."""
    y, v = FITTED[case]
    for test in fitting_tests(method):
        pooled = pool(y, v, method=method, test=test, mantel_haenszel=0.2)
        values = [one for one in pooled.to_dict().values() if isinstance(one, float)]
        assert np.isfinite(values).all()
        assert pooled.converged
        none = [name for name, one in pooled.to_dict().items() if one is None and name != "df"]
        assert [name for name in none if not pooled.reason(name)] == []
