"""The funnel plot: studies at their effect and standard error, read back from its ticks."""

import math
from dataclasses import replace

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.funnel import FunnelPoint, FunnelTrend, plot_funnel
from tests.rendering.drawn import mark, names, said
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import EFFECTS, funnel_sample

ACROSS = {"0.2": math.log(0.2), "1": 0.0}
DOWN = {"0.2": 0.2, "0.6": 0.6}
Z = 1.959963984540054


def test_studies_stand_where_the_ticks_say():
    """Each study, added or not, is within half a point of its effect and standard error by the labels of the scales."""
    axes = plot_funnel(funnel_sample())
    data = [(f"point-{number}", *one) for number, one in enumerate(EFFECTS, 1)]

    for gid, effect, se in [*data, ("filled-1", 0.1, 0.5), ("filled-2", 0.4, 0.44)]:
        (x, y), *_ = on_sheet(axes, gid)
        assert x == pytest.approx(place(axes, ACROSS, effect), abs=0.5)
        assert y == pytest.approx(place(axes, DOWN, se, upright=True), abs=0.5)


def test_the_smallest_error_is_on_top():
    """The scale of standard errors runs downwards from 0."""
    low, high = plot_funnel(funnel_sample()).child_axes[0].get_ylim()

    assert high == 0 < low


def test_areas_of_significance_are_about_no_effect():
    """The sides of each area are the effects with its p-value at every standard error."""
    axes = plot_funnel(funnel_sample())

    for number, z in ((1, 1.6448536269514722), (2, Z), (3, 2.5758293035489004)):
        top, left, right = mark(axes, f"contour-{number}").get_xy()[:3]
        assert tuple(top) == (0.0, 0.0)
        assert (left[0] / left[1], right[0] / right[1]) == pytest.approx((-z, z))
    assert {"p ≥ 0.1", "p 0.05 to 0.1", "p 0.01 to 0.05", "p < 0.01"} <= set(said(axes))


def test_the_region_is_about_the_first_line():
    """Its sides leave the pooled effect by 1.96 standard errors."""
    axes = plot_funnel(funnel_sample())

    for name, sign in (("low", -1), ("high", 1)):
        (start, end), (_, deepest) = mark(axes, f"region-{name}").get_data()
        assert start == -0.7
        assert (end - start) / deepest == pytest.approx(sign * Z)


def test_trends_are_lines_in_the_error_or_its_square():
    """PET is straight, PEESE a parabola."""
    axes = plot_funnel(funnel_sample())

    for number, (start, slope, power) in enumerate(((-0.5, -0.6, 1), (-0.6, -0.9, 2)), 1):
        x, se = map(np.array, mark(axes, f"trend-{number}").get_data())
        assert x == pytest.approx(start + slope * se**power)


def test_added_studies_differ_without_colour():
    """What trim-and-fill adds is hollow; groups have markers of their own."""
    axes = plot_funnel(funnel_sample())

    assert mark(axes, "filled-1").get_markerfacecolor() == "#ffffff"
    assert len({mark(axes, f"point-{number}").get_marker() for number in (1, 2, 3)}) == 3


def test_without_contours_and_lines():
    """A bare funnel has its studies and the null alone."""
    axes = plot_funnel(replace(funnel_sample(), filled=(), lines=(), trends=(), contours=()))

    assert names(axes) == {"null", *(f"point-{number}" for number in range(1, 7))}


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("7 groups; at most 6", {"points": tuple(FunnelPoint(one, 0.0, 1.0, one) for one in "abcdefg")}),
        ("the power of 'x' is 3", {"trends": (FunnelTrend("x", 0.0, 1.0, 3),)}),
        ("a contour of p = 2", {"contours": (2.0,)}),
        ("the region holds a share of 95", {"region": 95}),
    ],
)
def test_what_cannot_be_drawn(message, wrong):
    """What cannot be told apart or is out of its range is refused with what is wrong."""
    with pytest.raises(InvalidArgument, match=message):
        plot_funnel(replace(funnel_sample(), **wrong))
