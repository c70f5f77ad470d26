"""Points against pooled effects: the numbers, read back from the drawing, and the same bytes every time."""

import math
import random
from dataclasses import replace
from functools import cache

import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots import PLOTS, plot_points_pools
from synthesis.rendering.plots.canvas import FORMATS, render
from synthesis.rendering.plots.points_pools_data import (
    MARKERS,
    BenefitAxis,
    PointsCell,
    PointsPoolsData,
    PooledEffect,
    Status,
    bands,
)
from tests.rendering.drawn import artists, mark, outside, overlapping, random_words, said

SURE = PooledEffect("SMD", 0.4, 0.2, 0.6, -0.1, 0.9, "SMD -0.40 [-0.60, -0.20], k 9")
RATIO = PooledEffect("RR", math.log(1.3), 0.0, math.log(4), text="RR 0.77 [0.25, 1.00], k 2")
HARM = PooledEffect("SMD", -0.2, -0.4, -0.05, text="SMD 0.20 [0.05, 0.40], k 4")
CELLS = (
    PointsCell("No points", None, HARM, "no_points"),
    PointsCell("Harm", 3, HARM, "reversal"),
    PointsCell("Agree", 3, SURE, "agree"),
    PointsCell("Ratio", 0, RATIO, "agree"),
    PointsCell("No pool", 2, None),
    PointsCell("Neither", None, None),
)
STATUSES = (
    Status("agree", "both say the same", "circle"),
    Status("reversal", "points for it, effect against it", "down", differ=True),
    Status("no_points", "an effect and no points", "square"),
)
DATA = PointsPoolsData("Ledger", (BenefitAxis("SMD", worthwhile=0.2), BenefitAxis("RR", ratio=True)), CELLS, STATUSES)
ORDER = ("Agree", "Harm", "No pool", "Ratio", "No points", "Neither")  # from the top: most points, most benefit first


@cache
def drawn():
    """The drawing of these cells, made once."""
    return plot_points_pools(DATA)


def place(label):
    """The name of a cell's mark."""
    return f"cell-{ORDER.index(label) + 1}"


def panel_of(axes, gid):
    """The Axes on which a mark stands: the sheet's own has no label."""
    return mark(axes, gid).axes.get_label()


def test_cells_stand_in_the_band_of_their_points():
    """Most points at the top, in a band most benefit first; empty bands are shown, those without points come last."""
    heights = [float(mark(drawn(), place(label)).get_ydata()[0]) for label in ORDER]

    assert heights == sorted(heights)
    assert list(bands(DATA)) == [3, 2, 1, 0, None]
    assert {"3", "2", "1", "0", "no", "points"} <= set(said(drawn()))


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.effect], ids=lambda cell: cell.label)
def test_marks_are_the_pooled_effects(cell):
    """Each estimate and interval on the axis of its measure, the marker that of its status."""
    gid = place(cell.label)
    marker = {"agree": "o", "reversal": "v", "no_points": "s"}[cell.status]

    assert panel_of(drawn(), gid) == cell.effect.measure
    assert tuple(mark(drawn(), gid).get_xdata()) == (cell.effect.estimate,)
    assert mark(drawn(), gid).get_marker() == marker
    assert mark(drawn(), f"{gid}-interval").get_xdata()[0] == cell.effect.low


def test_absence_has_its_own_place():
    """A cell without a pool has a ring in a strip of its own, not a mark at no effect; one without points a band."""
    for label in ("No pool", "Neither"):
        assert panel_of(drawn(), place(label)) == ""
        assert mark(drawn(), place(label)).get_markerfacecolor() == "#ffffff"
    assert said(drawn()).count("no pool") == 2
    assert panel_of(drawn(), place("No points")) == "SMD"


def test_prediction_null_and_worthwhile_have_their_lines():
    """The prediction interval from end to end, no effect at 0 on each axis, the smallest worthwhile benefit on one."""
    found = [(one.axes.get_label(), one.get_gid(), *one.get_xdata()) for one in artists(drawn()) if one.get_gid()]

    assert ("SMD", f"{place('Agree')}-prediction", -0.1, 0.9) in found
    assert ("SMD", "null", 0.0, 0.0) in found
    assert ("RR", "null", 0.0, 0.0) in found
    assert [line for line in found if line[1] == "worthwhile"] == [("SMD", "worthwhile", 0.2, 0.2)]


def test_an_interval_beyond_the_axis_has_an_arrow():
    """Where the limits are narrower than an interval, its line stops there with an arrowhead."""
    axes = plot_points_pools(replace(DATA, axes=(replace(DATA.axes[0], limits=(-0.3, 0.5)), DATA.axes[1])))

    assert tuple(mark(axes, f"{place('Agree')}-interval").get_xdata()) == (0.2, 0.5)
    assert tuple(mark(axes, f"{place('Agree')}-interval-arrow").get_xdata()) == (0.5,)


def test_the_words_stand_beside():
    """The name, the effect as it is read and the status of every cell; what the statuses mean."""
    assert {cell.label for cell in CELLS} <= set(said(drawn()))
    assert {cell.effect.text for cell in CELLS if cell.effect} <= set(said(drawn()))
    assert {"agree", "reversal", "no points"} <= set(said(drawn()))
    assert "reversal: points for it, effect against it" in said(drawn())


@pytest.mark.parametrize("kind", FORMATS)
def test_twice_drawn_the_same_bytes(kind):
    """Two drawings of the same data, the cells in another order, give the same file."""
    other = replace(DATA, cells=CELLS[::-1])

    assert render(PLOTS["points_pools"](DATA), kind, 60) == render(PLOTS["points_pools"](other), kind, 60)


def test_an_svg_tells_what_it_shows():
    """Counts of every band and its statuses, for a screen reader."""
    svg = render(drawn().figure, "svg").decode()

    assert "Points against pooled effects of 6 cells, 3 of them with both." in svg
    assert "3 points: 2 pooled, agree 1, reversal 1; 0 without a pool." in svg
    assert "Without points: 1 pooled, no_points 1; 1 without a pool." in svg


@pytest.mark.parametrize("seed", range(2))
def test_no_texts_overlap(seed):
    """Whatever the labels, scripts, sizes of effects and numbers of axes: all words stand apart and on the canvas."""
    axes = plot_points_pools(random_data(random.Random(seed)))

    assert overlapping(axes) == []
    assert outside(axes) == []


def random_data(chance):
    """Cells with random everything."""
    axes = tuple(BenefitAxis(f"{place} {random_words(chance)}", chance.random() < 0.5) for place in range(3))
    statuses = tuple(Status(f"{place}{random_words(chance)}", random_words(chance), name)
                     for place, name in enumerate(MARKERS))  # fmt: skip
    cells = tuple(random_cell(chance, axes, statuses) for _ in range(chance.randint(1, 12)))
    return PointsPoolsData(random_words(chance, 200), axes, cells, statuses)


def random_cell(chance, axes, statuses):
    """A cell that may lack points, a pool, or both."""
    estimate, size = chance.gauss(0, 1), 10.0 ** chance.randint(-3, 3)
    effect = PooledEffect(
        chance.choice(axes).measure, estimate * size, (estimate - chance.random()) * size,
        (estimate + chance.random()) * size, text=random_words(chance),
    )  # fmt: skip
    return PointsCell(
        random_words(chance), chance.choice((None, 0, 1, 2, 3)), chance.choice((None, effect)),
        chance.choice(statuses).name,
    )  # fmt: skip


WRONG = {
    "there is no cell": {"cells": ()},
    "there is no axis": {"axes": ()},
    "has 4 points, not 0 to 3": {"cells": (PointsCell("x", 4, None),)},
    "did you mean 'agree'?": {"cells": (PointsCell("x", 1, SURE, "agre"),)},
    "has an effect in 'OR'": {"cells": (PointsCell("x", 1, replace(SURE, measure="OR")),)},
    "not inside its interval": {"cells": (PointsCell("x", 1, replace(SURE, low=0.5)),)},
    "or a number that is not finite": {"cells": (PointsCell("x", 1, replace(SURE, estimate=math.nan)),)},
    "has only one end of a prediction interval": {"cells": (PointsCell("x", 1, replace(SURE, pi_high=None)),)},
    "ends are not finite or not in order": {"cells": (PointsCell("x", 1, replace(SURE, pi_low=2.0)),)},
    "does not hold the null": {"axes": (BenefitAxis("SMD", limits=(0.1, 1.0)), BenefitAxis("RR"))},
    "benefit of 'SMD' is -1, not above 0": {"axes": (BenefitAxis("SMD", worthwhile=-1), BenefitAxis("RR"))},
    "did you mean 'circle'?": {"statuses": (replace(STATUSES[0], marker="cirle"), *STATUSES[1:])},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_drawn(message):
    """Nothing to draw, and numbers or names that do not fit together, are refused with what is wrong."""
    with pytest.raises(InvalidArgument) as refused:
        plot_points_pools(replace(DATA, **WRONG[message]))

    assert message in str(refused.value)
