"""The p-curve: shares of the significant p-values, read back from its ticks."""

import re
from dataclasses import replace

import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.canvas import render
from synthesis.rendering.plots.p_curve import p_curve, plot_p_curve
from synthesis.rendering.plots.p_curve_data import counted_bins
from tests.rendering.drawn import mark, said
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import p_curve_sample

SHARES = (0.45, 0.2, 0.15, 0.05, 0.15)


def test_shares_stand_where_the_ticks_say():
    """Each bin is over its label, at its share by the labels of the scale, within half a point."""
    axes = plot_p_curve(p_curve_sample())

    for number, share in enumerate(SHARES, 1):
        (x, y), *_ = on_sheet(axes, f"observed-{number}")
        assert x == pytest.approx(place(axes, {".01": 1, ".05": 5}, number), abs=0.5)
        assert y == pytest.approx(place(axes, {"0 %": 0.0, "40 %": 0.4}, share, upright=True), abs=0.5)


def test_it_is_compared_to_no_effect_and_low_power():
    """Without effects a fifth lies in each bin; the other line is what 33 % power gives."""
    axes = plot_p_curve(p_curve_sample())

    assert list(mark(axes, "no-effect").get_ydata()) == [0.2] * 5
    assert tuple(mark(axes, "low-power").get_ydata()) == p_curve_sample().low_power


def test_lines_differ_without_colour():
    """Each of the three lines has other dashes."""
    svg = render(p_curve(p_curve_sample()), "svg").decode()
    parts = [svg.partition(f'<g id="{gid}">')[2].partition("</g>")[0] for gid in ("observed", "no-effect", "low-power")]
    dashes = [re.search(r"stroke-dasharray: ([^;]*)", part) for part in parts]

    assert dashes[0] is None
    assert dashes[1].group(1) != dashes[2].group(1)


def test_shares_and_what_is_left_out_are_printed():
    """Percentages stand beside the points; the p-values that are not significant are counted."""
    found = set(said(plot_p_curve(p_curve_sample())))

    assert {"45 %", "20 %", "15 %", "5 %", "observed (20 significant results)"} <= found
    assert "5 of 25 p-values are .05 or more, and not shown." in found


def test_bins_hold_their_upper_ends():
    """As the p-curve counts: up to .01, up to .02, ..., and below .05."""
    assert counted_bins([0.0, 0.01, 0.010001, 0.02, 0.03, 0.045, 0.05, 0.9]) == (2, 2, 1, 0, 1)


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("are not 5 numbers", {"counts": (1, 2)}),
        ("are not 5 shares of 1", {"low_power": (0.5, 0.5, 0.5, 0.5, 0.5)}),
    ],
)
def test_what_cannot_be_drawn(message, wrong):
    """Counts and shares of other bins are refused."""
    with pytest.raises(InvalidArgument, match=message):
        plot_p_curve(replace(p_curve_sample(), **wrong))
