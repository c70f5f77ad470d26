"""The columns that a formula needs."""

import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling.moderators.formulas import as_factor, variables


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("~ year + C(setting)", ("setting", "year")),
        ("year * setting", ("setting", "year")),
        ("~ center(year) + poly(n, 2)", ("n", "year")),
        ("~ bs(year, df=3):np.log(n)", ("n", "year")),
        ("~ C(setting, contr.treatment('prison'))", ("setting",)),
        ("~ {year - 2000} + I(n ** 2)", ("n", "year")),
        ("~ `follow up` + scale(`n-all`) + `a-b`", ("a-b", "follow up", "n-all")),
        ("~ scale + log(log)", ("scale",)),
        ("~ os.system('true') + __import__('os')", ("__import__", "os")),
        ("~ 1", ()),
        ("", ()),
    ],
)
def test_every_name_is_found(formula, names):
    """Also inside functions that keep a state; a function of formulaic is no column, any other name is."""
    assert variables(formula) == names


@pytest.mark.parametrize(
    ("formula", "words"),
    [("~ year +", "cannot be read"), ("y ~ year", "more than one"), ("~ a | b", "more than one"), ("~ 0", "no term")],
)
def test_what_is_no_formula_of_moderators_is_refused(formula, words):
    """Half a formula, one with two sides or parts, and one without a term."""
    with pytest.raises(InvalidArgument, match=words):
        variables(formula)


def test_a_column_of_names():
    """C(level) takes a column of numbers as names; level itself does not."""
    assert as_factor("~ year + C( level )", "level")
    assert as_factor("~ C(`a b`, contr.sum)", "a b")
    assert not as_factor("~ level + C(levels)", "level")
