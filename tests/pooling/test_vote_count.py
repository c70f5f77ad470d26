"""Vote counting by direction: the reference whole, printed intervals, and laws."""

import json
import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from synthesis.errors import InvalidArgument
from synthesis.pooling.vote_count import ALTERNATIVES, PROPORTION_INTERVALS, sign_test, vote_count
from tests.pooling.reference import blocks

BLOCKS = {block["id"]: block for block in blocks("combining_p") if block["id"].startswith("sign_test_")}
NAMES = {"positive": "positive", "k": "k", "proportion": "proportion", "pval": "p_value"}
NAMES |= {"ci.lb": "ci_low", "ci.ub": "ci_high"}
# Newcombe RG (1998). Statistics in Medicine 17(8), 857-872, Table I: methods 3 (Wilson) and 5 (Clopper-Pearson)
PRINTED = {
    (81, 263): {"wilson": ("0.2553", "0.3662"), "exact": ("0.2527", "0.3676")},
    (15, 148): {"wilson": ("0.0624", "0.1605"), "exact": ("0.0578", "0.1617")},
    (0, 20): {"wilson": ("0.0000", "0.1611"), "exact": ("0.0000", "0.1684")},
    (1, 29): {"wilson": ("0.0061", "0.1718"), "exact": ("0.0009", "0.1776")},
}
counted = st.integers(0, 60)


def votes(positive, negative, **options):
    """The result for so many positive and negative effects."""
    return vote_count([1] * positive + [-1] * negative, **options)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize("name", BLOCKS)
def test_reference(name, alternative):
    """R's binom.test of the positive effects, with its exact interval, to 1e-8: six numbers, nine times."""
    expected = BLOCKS[name]["outputs"][alternative.replace("-", "_")]
    found = vote_count(BLOCKS[name]["inputs"]["yi"], alternative=alternative, interval="exact")

    assert set(expected) == set(NAMES)
    for theirs, ours in NAMES.items():
        assert getattr(found, ours) == pytest.approx(expected[theirs], rel=1e-8, abs=0)


def test_the_reference_is_compared_whole():
    """Three blocks; what else they hold is compared with the combinations of p-values."""
    assert len(BLOCKS) == 3
    others = {"p_one_sided", "fisher", "stouffer"}
    assert all(set(block["outputs"]) == {"two_sided", "greater", "less"} | others for block in BLOCKS.values())


@pytest.mark.parametrize("interval", PROPORTION_INTERVALS)
@pytest.mark.parametrize("case", PRINTED)
def test_printed_intervals(case, interval):
    """95 % intervals as printed, to the last digit."""
    x, n = case
    found = votes(x, n - x, interval=interval)

    assert (f"{found.ci_low:.4f}", f"{found.ci_high:.4f}") == PRINTED[case][interval]


@given(positive=counted, negative=counted.filter(bool))
def test_the_sign_test_is_exact(positive, negative):
    """Against sums of binomial coefficients in fractions."""
    n = positive + negative
    more = float(Fraction(sum(math.comb(n, j) for j in range(positive, n + 1)), 2**n))
    fewer = float(Fraction(sum(math.comb(n, j) for j in range(positive + 1)), 2**n))

    assert sign_test(positive, negative, "greater") == pytest.approx(more, rel=1e-12)
    assert sign_test(positive, negative, "less") == pytest.approx(fewer, rel=1e-12)
    assert sign_test(positive, negative, "two-sided") == pytest.approx(min(1, 2 * min(more, fewer)), rel=1e-12)


@given(positive=counted.filter(bool), negative=counted.filter(bool), level=st.floats(0.5, 0.999))
def test_wilsons_bounds_solve_the_score_equation(positive, negative, level):
    """Each bound q lies z sqrt(q (1 - q) / n) from the proportion."""
    found = votes(positive, negative, level=level)
    z = float(ndtri((1 + level) / 2))

    for bound in (found.ci_low, found.ci_high):
        reach = z * math.sqrt(bound * (1 - bound) / found.k)
        assert abs(found.proportion - bound) == pytest.approx(reach, rel=1e-9)


@pytest.mark.parametrize("interval", PROPORTION_INTERVALS)
@given(positive=counted, negative=counted.filter(bool))
def test_the_other_direction_mirrors(interval, positive, negative):
    """Effects of the other sign give 1 less the proportion and its bounds, and the same two-sided p-value."""
    one, other = votes(positive, negative, interval=interval), votes(negative, positive, interval=interval)

    mirrored = (1 - one.ci_high, 1 - one.ci_low, one.p_value)
    assert (other.ci_low, other.ci_high, other.p_value) == pytest.approx(mirrored, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("interval", PROPORTION_INTERVALS)
@given(positive=counted, negative=counted.filter(bool))
def test_one_sided_intervals_are_those_of_a_lower_level(interval, positive, negative):
    """A one-sided bound at 95 % is that of the two-sided interval at 90 %; the other is 0 or 1."""
    greater, less = (votes(positive, negative, interval=interval, alternative=one) for one in ("greater", "less"))
    both = votes(positive, negative, interval=interval, level=0.9)

    assert (greater.ci_low, greater.ci_high) == (pytest.approx(both.ci_low, rel=1e-9), 1)
    assert (less.ci_low, less.ci_high) == (0, pytest.approx(both.ci_high, rel=1e-9))


def test_what_is_not_known_is_left_out():
    """Effects of 0 and missing ones count as undetermined, and a note names their rows."""
    found = vote_count([0.2, 0.0, -0.1, None, 0.4])

    assert (found.positive, found.negative, found.undetermined, found.k) == (2, 1, 2, 3)
    assert found.reason("undetermined") == "rows 2, 4: an effect of 0, or of no known direction; left out"
    assert found.p_value == vote_count([1, -1, 1]).p_value


def test_words():
    """Directions may be written out."""
    words = ["positive", "negative", "undetermined", "positive"]

    assert vote_count(words) == vote_count(pd.Series(words)) == vote_count([1, -1, 0, 1])
    assert vote_count([*words[:2], None, 1]) == vote_count([1, -1, None, 1])


def test_nothing_is_known():
    """No proportion without a direction, and a reason for each field."""
    found = vote_count([0, 0])

    assert (found.proportion, found.ci_low, found.ci_high, found.p_value) == (None,) * 4
    assert found.reason("p_value") == "no study has a known direction"
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["undetermined"] == 2


def test_summary():
    """Count, proportion with its interval, and the test."""
    assert (
        votes(3, 1).summary()
        == "3 of 4 positive: 0.7500 [0.3006, 0.9544] (wilson, 95 %), sign test p 0.625 (two-sided)\n"
    )


@pytest.mark.parametrize(
    ("message", "direction", "options"),
    [
        ("direction is empty", [], {}),
        ("one of positive, negative, undetermined: row 2", ["positive", "up"], {}),
        ("direction must be finite.*: row 1", [math.inf], {}),
        ("no alternative 'greter': did you mean 'greater'", [1], {"alternative": "greter"}),
        ("no interval 'wald'", [1], {"interval": "wald"}),
        ("level must be between 0 and 1", [1], {"level": 95}),
    ],
)
def test_refused(message, direction, options):
    """Each bad input has one error that says what is wrong and where."""
    with pytest.raises(InvalidArgument, match=message):
        vote_count(direction, **options)


def test_a_column_by_name():
    """The direction may be the name of a column of `data`, of numbers or of words."""
    data = {"effect": [0.3, -0.1, 0.2], "direction": ["positive", "negative", "positive"]}

    assert vote_count("effect", data=data) == vote_count("direction", data=data) == vote_count(data["effect"])
