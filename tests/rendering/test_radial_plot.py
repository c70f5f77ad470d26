"""The radial plot: effects in standard deviations at their precision, and effects along the arc."""

import math
from dataclasses import replace

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.radial import plot_radial
from tests.rendering.drawn import mark, words
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import EFFECTS, radial_sample

UP = {"0": 0.0, "\N{MINUS SIGN}2": -2.0}


def precision(se):
    """Of a study, with tau2 0.3."""
    return 1 / math.sqrt(se**2 + 0.3)


def test_studies_stand_where_the_ticks_say():
    """Each study is within half a point of its precision and standardised effect by the labels of the scales."""
    axes = plot_radial(radial_sample())

    for number, (effect, se) in enumerate(EFFECTS, 1):
        (x, y), *_ = on_sheet(axes, f"point-{number}")
        assert x == pytest.approx(place(axes, {"0": 0.0, "1.0": 1.0}, precision(se)), abs=0.5)
        assert y == pytest.approx(place(axes, UP, effect * precision(se), upright=True), abs=0.5)


def test_the_pool_is_a_line_through_the_origin():
    """Its slope is the pooled effect, and the band is 1.96 above and below it."""
    axes = plot_radial(radial_sample())
    (x, end), (y, high) = mark(axes, "pooled").get_data()
    corners = mark(axes, "band").get_xy()[:4]

    assert (x, y, high / end) == pytest.approx((0.0, 0.0, -0.8))
    assert (corners[:, 1] + 0.8 * corners[:, 0]).tolist() == pytest.approx([-1.96, -1.96, 1.96, 1.96], abs=1e-4)


def test_the_arc_is_round_and_holds_the_interval():
    """All of the arc is as far from the origin, and the ends of its thick part point to the bounds of the interval."""
    axes = plot_radial(radial_sample())
    arc, origin = on_sheet(axes, "arc"), on_sheet(axes, "pooled")[0]
    x, y = map(np.array, mark(axes, "interval").get_data())

    assert np.ptp(np.hypot(*(arc - origin).T)) < 0.01
    assert (y / x)[[0, -1]] == pytest.approx([-1.4, -0.2])


def test_labels_of_the_arc_are_ratios():
    """A label stands beyond the arc on the line through the origin whose slope is the log of its ratio."""
    axes = plot_radial(radial_sample())
    origin, unit = on_sheet(axes, "pooled")[0], on_sheet(axes, "pooled")[1] - on_sheet(axes, "pooled")[0]
    (label,) = [one for one in words(axes) if one.get_text() == "0.4"]
    x, y = label.get_position() - origin
    slope = (y - 0.36 * label.get_fontsize()) / x * unit[0] / unit[1] * -0.8

    assert slope == pytest.approx(math.log(0.4), abs=0.01)


def test_what_cannot_be_drawn():
    """An interval beside its effect and a negative tau2 are refused."""
    with pytest.raises(InvalidArgument, match="not inside its interval"):
        plot_radial(replace(radial_sample(), low=-0.1))
    with pytest.raises(InvalidArgument, match="tau2 is -1"):
        plot_radial(replace(radial_sample(), tau2=-1))
