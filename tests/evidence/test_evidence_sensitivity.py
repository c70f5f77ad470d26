"""What would change a pool of a review: its variants are those of the library on the same studies."""

import math

import numpy as np
import pytest

from synthesis.evidence.sensitivity import KINDS, direction_of, pool_sensitivity
from synthesis.pooling import pool
from synthesis.sensitivity.deletion.leave_out import leave_one_out
from synthesis.sensitivity.selection import selection_model
from synthesis.sensitivity.small_studies.pet_peese import pet_peese
from synthesis.sensitivity.small_studies.trim_and_fill import trim_and_fill
from tests.evidence.values import counts, estimate, finding, pooled, study

EVENTS = ((8, 24), (14, 22), (10, 25), (5, 21), (12, 20), (9, 26))
LEVELS = (5, 4, 5, 5, 4, 3)


def trials(number=6):
    """So many trials of one cell, at three Maryland levels."""
    return [
        study(f"t{place}", finding(effect=counts(a, 60, c, 60)), level=LEVELS[place])
        for place, (a, c) in enumerate(EVENTS[:number])
    ]


def varied(*studies, **asked):
    """The one pool of these studies, with its effects and variances."""
    evidence = pooled(*studies, maryland=(3, 4, 5), **asked)
    (one,) = evidence.pools
    y, v = (np.array([getattr(entry, name) for entry in one.entries]) for name in ("yi", "vi"))
    return pool_sensitivity(one, evidence.options), y, v


@pytest.fixture(scope="module")
def six():
    """Six trials."""
    return varied(*trials())


def numbers(found, *names):
    return [getattr(found, name) for name in names]


def test_each_study_left_out(six):
    """Named, with estimate, interval and prediction interval of the library."""
    found, y, v = six
    without = leave_one_out(y, v)

    assert [one.name for one in found.of("leave-one-out")] == [f"without t{number}" for number in range(6)]
    for row, one in enumerate(found.of("leave-one-out")):
        names = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")
        assert numbers(one, *names) == pytest.approx([without[name][row] for name in names], rel=1e-12)


def test_other_levels(six):
    """Level 5 alone, and 4 and 5 where level 3 is admitted too."""
    found, y, v = six
    five, four = found.of("level")
    at_five, above_three = np.array(LEVELS) == 5, np.array(LEVELS) > 3

    assert (five.name, four.name) == ("level 5 alone", "levels 4 and 5")
    assert five.estimate == pytest.approx(pool(y[at_five], v[at_five]).estimate, rel=1e-12)
    assert four.ci_low == pytest.approx(pool(y[above_three], v[above_three]).ci_low, rel=1e-12)


@pytest.mark.parametrize("step", [0.025, 0.05])
def test_selection_models(six, step):
    """Step functions of benefits, here effects below 0, with whether they are usable."""
    found, y, v = six
    expected = selection_model(y, v, steps=step, alternative="less", profile=False)
    one = next(each for each in found.variants if each.name == f"step function at {step:g}")

    assert one.estimate == pytest.approx(expected.estimate, rel=1e-9)
    assert one.se == pytest.approx(expected.mean.se, rel=1e-6)
    assert (one.caution == "") == expected.usable


def test_small_study_effects(six):
    """PET-PEESE and trim-and-fill by their defaults; with six studies both are named as not usable."""
    found, y, v = six
    adjusted, filled = found.of("small-study")

    assert adjusted.estimate == pytest.approx(pet_peese(y, v).adjusted.estimate, rel=1e-12)
    assert filled.estimate == pytest.approx(trim_and_fill(y, v).filled.estimate, rel=1e-12)
    assert "few studies" in filled.caution
    assert "fewer than 20 studies" in adjusted.caution


def test_ranges_and_changes(six):
    """Each kind from its lowest to its highest estimate; what concludes otherwise is among the variants."""
    found, _, _ = six
    for kind in KINDS:
        estimates = [one.estimate for one in found.of(kind) if one.direction]
        assert found.range(kind) == (min(estimates), max(estimates))

    assert all(one.direction != found.direction for one in found.changing)
    assert [one for one in found.variants if one.direction not in (found.direction, "")] == list(found.changing)


def test_one_study_that_makes_the_conclusion():
    """Leaving it out turns a benefit into none shown, and the verdict counts it."""
    rest = [study(f"t{n}", finding(effect=estimate(ratio, se=0.2))) for n, ratio in enumerate((0.97, 1.0, 0.99, 1.02))]
    found, _, _ = varied(*rest, study("last", finding(effect=estimate(0.5, se=0.05))), method="EE", test="z")

    assert found.direction == "benefit"
    assert [one.name for one in found.changing if one.kind == "leave-one-out"] == ["without last"]
    assert found.verdict.startswith(f"otherwise in {len(found.changing)} of ")


@pytest.mark.parametrize(
    ("low", "high", "said"), [(-0.5, -0.1, "benefit"), (0.1, 0.4, "harm"), (-0.1, 0.2, "none shown"), (None, 0.2, "")]
)
def test_directions_of_an_outcome_of_which_less_is_better(six, low, high, said):
    """An interval on the side of benefit or harm; without one nothing is said."""
    found, _, _ = six

    assert direction_of(found.pool, low, high) == said
    assert direction_of(found.pool, math.nan, 0.1) == ""


def test_a_single_study_has_nothing_to_vary():
    """No variant, and the reason."""
    found, _, _ = varied(*trials(1))

    assert found.variants == ()
    assert found.verdict == "nothing to vary: a single study"
    assert found.left_out[0].reason == "1 study: selection needs 3 or more"


def test_two_studies_are_only_left_out():
    """No model of selection on two studies; each remaining one has its own interval."""
    found, y, _ = varied(*trials(2))

    assert [one.kind for one in found.variants] == ["leave-one-out", "leave-one-out", "level"]
    assert [one.estimate for one in found.of("leave-one-out")] == pytest.approx(y[::-1].tolist())


def test_the_method_of_mantel_and_haenszel():
    """DLMH has its estimate anew for every study left out."""
    found, y, v = varied(*trials(), method="DLMH")

    assert found.pool.fit.method == "DLMH"
    assert len(found.of("leave-one-out")) == len(y) == len(v)
