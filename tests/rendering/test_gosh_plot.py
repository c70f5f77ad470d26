"""The GOSH plot: how many subsets each cell shows, whose outline holds what, and the histograms at its sides."""

import math
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.path import Path

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.gosh import SHADES, plot_gosh
from synthesis.rendering.plots.gosh_data import density
from tests.rendering.drawn import artists, mark, said
from tests.rendering.read_back import on_sheet, place
from tests.rendering.sensitivity_samples import gosh_sample

ACROSS = {"0.4": math.log(0.4), "1.0": 0.0}


def cells_of(axes):
    """The corners of the drawn cells, and their shades from 0, the palest."""
    found = mark(axes, "cells")
    corners = np.array([path.vertices[[0, 2]] for path in found.get_paths()])
    shades = [tuple(int(shade[place : place + 2], 16) for place in (1, 3, 5)) for shade in SHADES]
    return corners, [
        shades.index(tuple(colour)) for colour in (255 * found.get_facecolors()[:, :3]).round().astype(int)
    ]


def test_the_pool_of_all_stands_where_the_ticks_say():
    """It is within half a point of its estimate and I2 by the labels of the scales."""
    axes = plot_gosh(gosh_sample())
    (x, y), *_ = on_sheet(axes, "whole")

    assert x == pytest.approx(place(axes, ACROSS, -0.5), abs=0.5)
    assert y == pytest.approx(place(axes, {"20": 20, "80": 80}, 44.0, upright=True), abs=0.5)


def test_cells_are_where_the_subsets_are():
    """Every subset with I2 lies in a drawn cell, every drawn cell has one, and fuller ones are not paler."""
    data = gosh_sample()
    corners, shades = cells_of(plot_gosh(data))
    inside = np.array(
        [
            (data.estimate >= low[0])
            & (data.estimate <= high[0])
            & (data.i2 >= low[1] - 1e-9)
            & (data.i2 <= high[1] + 1e-9)
            for low, high in corners
        ]
    )
    counts = inside.sum(axis=1)
    order = np.argsort(counts, kind="stable")

    assert inside.any(axis=0).sum() == np.isfinite(data.i2).sum() == 3999
    assert counts.min() >= 1
    assert (np.diff(np.array(shades)[order][counts[order] > 1]) >= 0).mean() > 0.99  # ends of cells belong to two


def test_outlines_hold_four_fifths_of_their_own_subsets():
    """The outline of the marked subsets holds about 80 % of them, and few of the others."""
    data = gosh_sample()
    axes = plot_gosh(data)
    known = np.isfinite(data.i2)
    spots = np.column_stack([data.estimate, data.i2])

    for gid, own in (("marked-outline", data.marked), ("others-outline", ~data.marked)):
        lines = [np.column_stack(one.get_data()) for one in artists(axes) if one.get_gid() == gid]
        inside = np.logical_xor.reduce([Path(line).contains_points(spots) for line in lines])
        assert inside[own & known].mean() == pytest.approx(0.8, abs=0.07)
        assert inside[~own & known].mean() < 0.1


def test_histograms_add_up():
    """At both sides the marked and the other subsets make up all; these are the subsets that can tell I2."""
    axes, data = plot_gosh(gosh_sample()), gosh_sample()
    for panel, upright in zip(axes.child_axes[1:], (False, True), strict=True):
        lines = {
            one.get_gid(): one.get_data()[0 if upright else 1]
            for one in panel.get_children()
            if one.get_gid() in {"marked", "others"}
        }
        of_all = mark(panel, "all").get_xy()[:-1, 0 if upright else 1]
        assert (np.array(lines["marked"]) + np.array(lines["others"])).tolist() == of_all.tolist()
        assert of_all[1::2].sum() == pytest.approx(np.isfinite(data.i2).sum())


def test_density_counts_every_subset_once():
    """Cells between two estimates hold all subsets there, and the marked among them."""
    found = density(gosh_sample(), (-2.0, 1.0))

    assert found.count.sum() == 3999
    assert found.marked.sum() == gosh_sample().marked[1:].sum()


def test_without_marks():
    """Without marked subsets there are neither outlines nor lines in the histograms, and no entry for them."""
    axes = plot_gosh(replace(gosh_sample(), marked=None, whole=None))

    assert {one.get_gid() for one in artists(axes)} & {"marked", "others", "marked-outline", "whole"} == set()
    assert not any("outline" in text for text in said(axes))


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("not one and the same length", {"i2": np.zeros(3)}),
        ("I² is not between 0 and 100", {"i2": np.full(4000, 101.0)}),
        ("no subset with", {"i2": np.full(4000, np.nan)}),
        ("the pool of all studies", {"whole": (0.0, 120.0)}),
    ],
)
def test_what_cannot_be_drawn(message, wrong):
    """Arrays that do not fit together, and what is no I2, are refused."""
    with pytest.raises(InvalidArgument, match=message):
        plot_gosh(replace(gosh_sample(), **wrong))
