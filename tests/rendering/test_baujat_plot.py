"""The Baujat plot: contributions and influence, read back from its ticks."""

from dataclasses import replace

import pytest

from synthesis.rendering.plots.baujat import BaujatPoint, plot_baujat
from synthesis.rendering.plots.baujat_data import baujat_text
from tests.rendering.drawn import said
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import baujat_sample


def test_studies_stand_where_the_ticks_say():
    """Each study is within half a point of its two numbers by the labels of the scales."""
    axes = plot_baujat(baujat_sample())

    for number, point in enumerate(baujat_sample().points, 1):
        (x, y), *_ = on_sheet(axes, f"point-{number}")
        assert x == pytest.approx(place(axes, {"0": 0.0, "8": 8.0}, point.heterogeneity), abs=0.5)
        assert y == pytest.approx(place(axes, {"0": 0.0, "2.0": 2.0}, point.influence, upright=True), abs=0.5)


def test_studies_that_stand_out_have_names():
    """Those near the origin, and of many all but the fifteen furthest, have none."""
    many = tuple(BaujatPoint(f"S{row}", row / 10, 0.0) for row in range(40))

    assert {"B", "C", "D", "F"} == set(said(plot_baujat(baujat_sample()))) & set("ABCDEF")
    drawn = said(plot_baujat(replace(baujat_sample(), points=many)))
    assert {word for word in drawn if " S" in word} == {f"{row + 1} S{row}" for row in range(25, 40)}


def test_all_alike():
    """Studies that contribute nothing and move nothing are drawn at the origin."""
    axes = plot_baujat(replace(baujat_sample(), points=(BaujatPoint("A", 0.0, 0.0), BaujatPoint("B", 0.0, 0.0))))

    assert on_sheet(axes, "point-1").tolist() == on_sheet(axes, "point-2").tolist()


def test_the_most_influential_study_comes_first_in_words():
    """The alternative text lists studies by their influence."""
    text = baujat_text(baujat_sample())

    assert text.index(" D: 1, 3.") < text.index(" B: 9, 2.5.") < text.index(" E: 0.3, 0.1.")
