"""The normal quantile plot: residuals at their expected quantiles, inside or outside the envelope."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest
from scipy.integrate import trapezoid
from scipy.stats import norm

from synthesis.rendering.plots.qq import QQPoint, plot_qq
from synthesis.rendering.plots.qq_data import envelope, outside, quantiles
from tests.rendering.drawn import mark, said
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import qq_sample


def test_studies_stand_where_the_ticks_say():
    """Each study is within half a point of its quantile and residual by the labels of the scales."""
    axes = plot_qq(qq_sample())
    values = [point.residual for point in qq_sample().points]

    for number, value in enumerate(values, 1):
        (x, y), *_ = on_sheet(axes, f"point-{number}")
        quantile = quantiles(6)[sorted(values).index(value)]
        assert x == pytest.approx(place(axes, {"0": 0.0, "1.0": 1.0}, quantile), abs=0.5)
        assert y == pytest.approx(place(axes, {"0": 0.0, "2": 2.0}, value, upright=True), abs=0.5)


def test_expected_values_of_ordered_normal_values():
    """The i-th of five has the density of i - 1 values below and 5 - i above it; Blom's formula is good to .02."""
    x = np.linspace(-9, 9, 20_001)
    density = [5 * comb(4, i) * norm.cdf(x) ** i * norm.sf(x) ** (4 - i) * norm.pdf(x) for i in range(5)]

    assert quantiles(5).tolist() == pytest.approx([float(trapezoid(x * one, x)) for one in density], abs=0.02)


def test_the_envelope_holds_its_share():
    """Of normal values each is inside the pointwise envelope as often as it says; all are in the simultaneous one."""
    values = np.sort(np.random.default_rng(1).normal(size=(4000, 6)), axis=1)
    low, high = envelope(replace(qq_sample(), level=0.9))
    all_low, all_high = envelope(replace(qq_sample(), level=0.9, simultaneous=True))

    assert ((values >= low) & (values <= high)).mean(axis=0) == pytest.approx(0.9, abs=4 * (0.09 / 4000) ** 0.5)
    assert ((values >= all_low) & (values <= all_high)).all(axis=1).mean() > 0.9 - 4 * (0.09 / 4000) ** 0.5


def test_the_drawn_envelope_is_that_one():
    """Its corners are the limits at the quantiles."""
    corners = mark(plot_qq(qq_sample()), "envelope").get_xy()[:12]
    low, high = envelope(qq_sample())

    assert corners[:, 0].tolist() == pytest.approx([*quantiles(6), *quantiles(6)[::-1]])
    assert corners[:, 1].tolist() == pytest.approx([*low, *high[::-1]])


def test_studies_outside_are_diamonds_with_names():
    """The two residuals beyond the envelope have another marker, and alone have names."""
    axes = plot_qq(qq_sample())

    assert set(outside(qq_sample())) == {0, 5}
    assert [mark(axes, f"point-{number}").get_marker() for number in range(1, 7)] == ["D", "o", "o", "o", "o", "D"]
    assert set(said(axes)) & set("ABCDEF") == {"A", "F"}


def test_one_study():
    """A single residual stands at the middle."""
    axes = plot_qq(replace(qq_sample(), points=(QQPoint("A", 0.3),)))

    assert mark(axes, "point-1").get_xdata() == [0.0]
