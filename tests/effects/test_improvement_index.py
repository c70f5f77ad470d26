"""Improvement indices of the What Works Clearinghouse, and optimal information sizes."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects.improvement_index import improvement_index, smd_from_improvement_index
from synthesis.effects.information_size import people_for_means, people_for_risks
from synthesis.errors import InvalidArgument


@pytest.mark.parametrize(("index", "g"), [(8, "0.202"), (14, "0.358"), (16, "0.412"), (19, "0.496")])
def test_indices_of_the_clearinghouse(index, g):
    """Positive Action (+19, +14), Lessons in Character (+16, +8): evidence_rules.md 3.2, to the digits given there."""
    assert f"{smd_from_improvement_index(index)[0]:.3f}" == g
    assert round(float(improvement_index(float(g))[0])) == index


def test_an_effect_without_end_gains_fifty_points():
    """The index keeps within -50 and 50, is odd, and an absent effect stays absent."""
    found = improvement_index([0.0, 40.0, -40.0, None])

    np.testing.assert_array_equal(found, [0.0, 50.0, -50.0, np.nan])


@given(g=st.floats(1e-12, 4))
def test_the_inverse_takes_the_index_back(g):
    """To a relative 1e-9 on either side, for tiny effects too."""
    found = smd_from_improvement_index(improvement_index([g, -g]))

    np.testing.assert_allclose(found, [g, -g], rtol=1e-9, atol=0)


@pytest.mark.parametrize("index", [50, -50, 70])
def test_no_effect_has_fifty_points(index):
    """An index of 50 or beyond is refused with its row."""
    with pytest.raises(InvalidArgument, match="between -50 and 50"):
        smd_from_improvement_index([8, index])


@pytest.mark.parametrize(("d", "people"), [(0.2, 393), (0.3, 175), (0.5, 63)])
def test_information_size_of_a_mean_difference(d, people):
    """Each arm at 5 % and power 80 %: rules/08-grade-lite.yaml."""
    assert people_for_means([d, -d]).tolist() == [people, people]


def test_information_size_of_two_risks():
    """0.5 against 0.4 needs 385 an arm: 7.848880 (0.25 + 0.24) / 0.01 = 384.6, by hand."""
    assert people_for_risks(0.5, 0.4).tolist() == [385.0]


def power_of(n, p0, p1):
    """Chance that two binomial groups of n differ by 1.959964 standard errors, each outcome by name."""
    chance = [[comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(n + 1)] for p in (p0, p1)]
    share = np.arange(n + 1) / n
    spread = np.sqrt((share * (1 - share))[:, None] + (share * (1 - share))[None, :]) / np.sqrt(n)
    found = np.abs(share[:, None] - share[None, :]) > 1.959964 * spread
    return float((np.outer(*chance) * found).sum())


def test_the_information_size_has_its_power():
    """Enumerating every pair of counts, the size found for 0.6 against 0.2 has a power of 80 % to within 3 points."""
    (people,) = people_for_risks(0.6, 0.2)

    assert power_of(int(people), 0.6, 0.2) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(
    "call",
    [
        lambda: people_for_means(0),
        lambda: people_for_means(0.2, alpha=0),
        lambda: people_for_means(0.2, power=1),
        lambda: people_for_risks(0.4, 0.4),
        lambda: people_for_risks(0.4, 1.2),
    ],
)
def test_what_has_no_information_size_is_refused(call):
    """No difference, a risk that is none, and a test that is none."""
    with pytest.raises(InvalidArgument):
        call()
