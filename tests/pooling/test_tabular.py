"""Results that are tables, and columns by their names in all that takes effects."""

import json

import numpy as np
import pandas as pd
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling import companion, few_studies, pool, pool_many
from synthesis.pooling.moderators import blups, predict, regress, residuals
from synthesis.pooling.tabular import SHOWN_ROWS
from synthesis.sensitivity import egger, leave_one_out

Y, V = [0.1, 0.4, 0.2, 0.9], [0.01, 0.02, 0.03, 0.05]
TABLE = {"effect": Y, "variance": V, "own": [1.0, 2.0, 3.0, 4.0], "field": ["a", "a", "b", "b"]}
BY_NAME = {
    "pool": lambda *columns, **given: pool(*columns, weights="own" if given else TABLE["own"], **given),
    "companion": companion,
    "few_studies": few_studies,
    "leave_one_out": lambda *columns, **given: leave_one_out(*columns, **given).to_dict(),
    "egger": egger,
    "pool_many": lambda *columns, **given: pool_many(
        *columns, *(("field",) if given else (TABLE["field"],)), weights="own" if given else TABLE["own"], **given
    ).to_dict(),
}
TABULAR = {
    "pool_many": pool_many(Y, V, TABLE["field"]),
    "leave_one_out": leave_one_out(Y, V),
    "predict": predict(regress(Y, V)),
    "residuals": residuals(regress(Y, V)),
    "blups": blups(regress(Y, V)),
}


@pytest.mark.parametrize("table", [dict, pd.DataFrame], ids=["mapping", "data frame"])
@pytest.mark.parametrize("name", BY_NAME)
def test_columns_by_name_are_the_columns(name, table):
    """Names of columns in `data` give what the columns give."""
    assert BY_NAME[name]("effect", "variance", data=table(TABLE)) == BY_NAME[name](Y, V)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_column_that_is_not_there(name):
    """The nearest name is suggested; a name without data is refused too."""
    with pytest.raises(InvalidArgument, match="no column 'efect' in data: did you mean 'effect'"):
        BY_NAME[name]("efect", "variance", data=TABLE)
    with pytest.raises(InvalidArgument, match="there is no data to look it up in"):
        BY_NAME[name]("effect", V)


@pytest.mark.parametrize("name", TABULAR)
def test_a_tabular_result_as_columns_text_and_plain_values(name):
    """Columns of one length, by name; plain values have None for NaN and go through JSON as they are."""
    found = TABULAR[name]
    plain = found.to_dict()

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert list(found.to_frame().columns) == list(found.columns())
    for column, values in found.columns().items():
        assert len(values) == len(found)
        np.testing.assert_array_equal(found[column], values)
        expected = [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN
        assert plain[column] == expected
    assert found.summary().count("\n") >= len(found)
    with pytest.raises(InvalidArgument, match="no column 'estimat'"):
        found["estimat"]


def test_a_summary_shows_the_first_rows():
    """Twenty of thirty, and how many more there are."""
    count = SHOWN_ROWS + 10
    lines = pool_many(np.repeat([0.1, 0.3], count), np.ones(2 * count), np.tile(np.arange(count), 2)).summary()

    assert lines.startswith("30 meta-analyses (REML, adhoc, 95 %)\n")
    assert lines.endswith("and 10 more\n")
    assert lines.count("\n") == SHOWN_ROWS + 4  # with a title, a header and its rule, and the last line
