"""The specification curve: estimates in their order over the choices that made them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.specification import plot_specification
from tests.rendering.drawn import mark, said, words
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import specification_sample

SIDES = ("below", "holds", "above")
UP = {"0.5": math.log(0.5), "1": 0.0}


def drawn(axes):
    """Place on the curve -> estimate, of all marks."""
    panel = axes.child_axes[0]
    return {x: y for side in SIDES for x, y in zip(*mark(panel, side).get_data(), strict=True)}


def test_the_curve_is_the_sorted_estimates():
    """The lowest estimate stands first, and every one once."""
    found = drawn(plot_specification(specification_sample()))

    assert [found[x] for x in range(12)] == sorted(specification_sample().estimate)


def test_estimates_stand_where_the_ticks_say():
    """Each is within half a point of its estimate by the labels of the scale."""
    axes = plot_specification(specification_sample())

    for side in SIDES:
        values = mark(axes.child_axes[0], side).get_ydata()
        for value, (_, y) in zip(values, on_sheet(axes, side), strict=True):
            assert y == pytest.approx(place(axes, UP, value, upright=True), abs=0.5)


def test_sides_are_told_by_the_interval_and_not_by_colour_alone():
    """An interval that holds the null has a hollow mark and short strokes."""
    axes = plot_specification(specification_sample())
    strokes = mark(axes.child_axes[1], "choice-1-1").get_segments()
    order = np.argsort(specification_sample().estimate, kind="stable")
    holds = {place for place, row in enumerate(order) if abs(specification_sample().estimate[row]) < 0.45}

    assert set(mark(axes.child_axes[0], "holds").get_xdata()) == holds
    assert mark(axes.child_axes[0], "holds").get_markerfacecolor() == "#ffffff"
    assert max(np.ptp(one[:, 1]) for one in strokes if one[0, 0] in holds) < 5
    assert min(np.ptp(one[:, 1]) for one in strokes if one[0, 0] not in holds) > 8


def test_choices_stand_under_their_estimates():
    """The strokes of a choice are at the places of the specifications that made it, in the height of its name."""
    axes, data = plot_specification(specification_sample()), specification_sample()
    order = np.argsort(data.estimate, kind="stable")

    for family, choice, name in ((0, 0, "A"), (1, 2, "E"), (2, 1, "no")):
        strokes = np.array(mark(axes.child_axes[1], f"choice-{family + 1}-{choice + 1}").get_segments())
        (text,) = [one for one in words(axes) if one.get_text() == name]
        assert strokes[:, 0, 0].tolist() == np.flatnonzero(data.choice[order, family] == choice).tolist()
        assert strokes[:, :, 1].mean() == pytest.approx(text.get_position()[1] - 0.36 * text.get_fontsize(), abs=0.5)


def test_intervals_are_drawn_to_the_edge_of_the_panel():
    """Each interval spans its bounds, as far as the panel reaches."""
    axes, data = plot_specification(specification_sample()), specification_sample()
    low, high = axes.child_axes[0].get_ylim()
    order = np.argsort(data.estimate, kind="stable")

    for (x, start), (_, end) in np.array(mark(axes.child_axes[0], "holds-intervals").get_segments()):
        assert (start, end) == pytest.approx(
            tuple(np.clip([data.low[order[int(x)]], data.high[order[int(x)]]], low, high))
        )


def test_the_planned_specification_is_marked():
    """A diamond stands on it, and the legend gives its estimate."""
    axes = plot_specification(specification_sample())
    (x,), (y,) = mark(axes.child_axes[0], "own").get_data()

    assert (drawn(axes)[x], y) == (-0.6, -0.6)
    assert "as planned: 0.549" in said(axes)


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("do not fit", {"low": np.zeros(3)}),
        ("specification 1 is not inside", {"low": np.full(12, 5.0), "high": np.full(12, 6.0)}),
        ("specification 2 has a number", {"high": np.array([9.0, np.nan, *([9.0] * 10)])}),
        ("a choice of 'first' that is none of 2", {"choice": np.full((12, 3), 2)}),
        ("number 12, of 0 to 11", {"own": 12}),
    ],
)
def test_what_cannot_be_drawn(message, wrong):
    """Arrays that do not fit together, and choices that there are not, are refused."""
    with pytest.raises(InvalidArgument, match=message):
        plot_specification(replace(specification_sample(), **wrong))
