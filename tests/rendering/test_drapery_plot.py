"""The drapery plot: what each curve says at the p-value of an interval, and at its peak."""

import math

import numpy as np
import pytest

from synthesis.rendering.plots.drapery import DraperyCurve, plot_drapery
from synthesis.rendering.plots.drapery_data import p_values
from tests.rendering.drawn import mark, said, words
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import EFFECTS, drapery_sample

ACROSS = {"0.5": math.log(0.5), "2": math.log(2)}
UP = {"0.2": 0.2, "0.8": 0.8}


def test_curves_stand_where_the_ticks_say():
    """Each peak is at its effect and p 1, within half a point by the labels of the scales."""
    axes = plot_drapery(drapery_sample())

    for number, (effect, _) in enumerate(EFFECTS, 1):
        x, y = min(on_sheet(axes, f"study-{number}").tolist(), key=lambda spot: spot[1])
        assert x == pytest.approx(place(axes, ACROSS, effect), abs=0.5)
        assert y == pytest.approx(place(axes, UP, 1.0, upright=True), abs=0.5)


@pytest.mark.parametrize(("df", "reach"), [(None, 1.959964), (5.0, 2.570582)])
def test_an_interval_is_read_off_at_its_p_value(df, reach):
    """At p .05 a curve spans its 95 % interval: of z, and of t with 5 degrees of freedom (tables of the t)."""
    curve = DraperyCurve("x", -0.8, 0.25, df)
    ends = np.array([-0.8 - reach * 0.25, -0.8, -0.8 + reach * 0.25])

    assert p_values(curve, ends).tolist() == pytest.approx([0.05, 1.0, 0.05], rel=1e-5)


def test_drawn_curves_are_p_values():
    """Curves of studies and pools go through their p-value functions."""
    axes, data = plot_drapery(drapery_sample()), drapery_sample()
    curves = {"study-2": data.studies[1], "pool-1": data.pools[0], "pool-2": data.pools[1]}

    for gid, curve in curves.items():
        x, y = map(np.array, mark(axes, gid).get_data())
        assert y == pytest.approx(p_values(curve, x))


def test_names_stand_over_the_peaks_in_their_order():
    """Names from left to right are those of the effects from lowest to highest."""
    axes = plot_drapery(drapery_sample())
    shown = sorted((one.get_position()[0], one.get_text()) for one in words(axes) if one.get_text() in set("ABCDEF"))

    assert [name for _, name in shown] == [name for _, name in sorted(zip(EFFECTS, "ABCDEF", strict=True))]


def test_pools_differ_without_colour():
    """Pools are thick, and each has other dashes."""
    axes = plot_drapery(drapery_sample())
    lines = [mark(axes, gid) for gid in ("pool-1", "pool-2", "study-1")]

    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert min(line.get_linewidth() for line in lines[:2]) > 2 * lines[2].get_linewidth()
    assert {"random: 0.449", "95 % intervals"} <= set(said(axes))
