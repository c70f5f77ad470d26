"""The heat map of the matrix: its numbers, read back from the drawing, and the same bytes every time."""

import itertools
import random
from dataclasses import replace

import pytest
from matplotlib.colors import to_hex

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots import PLOTS, plot_matrix_map
from synthesis.rendering.plots.canvas import FORMATS, render
from synthesis.rendering.plots.matrix_map_data import MapCell, MapRow, MatrixMapData
from synthesis.rendering.plots.matrix_map_layout import layout
from synthesis.rendering.plots.shades import BLUES, ZERO, shade, white_on
from tests.rendering.drawn import mark, outside, overlapping, random_words, said, words

CELLS = (
    (MapCell(3, (2, 3, 3), 2, "inferred", 4, ("contradicted at level 5",)), MapCell(None, (None, None))),
    (MapCell(0, (0, 0), 3, "ambiguous", 1), MapCell(None, (None, 0, 2), 1, "certain")),
)
ROWS = tuple(MapRow(key, label, row) for key, label, row in zip("KJ", ("Naltrexone", "Other"), CELLS, strict=True))
DATA = MatrixMapData("Matrix", ("Drug use", "Re-offending"), ROWS, "living evidence")


def beside(axes, place):
    """The words of a cell beside its points: the range, and the line under it."""
    found = {text.get_gid(): text.get_text() for text in words(axes)}
    return found.get(f"range-{place}", ""), found.get(f"beside-{place}", "")


def test_every_cell_prints_its_points_on_their_shade():
    """The number stands inside the rectangle of its shade; blank is a dash on white, and 0 a number on another hue."""
    axes = plot_matrix_map(DATA)
    expected = {"1-1": ("3", BLUES[-1]), "1-2": ("–", "#ffffff"), "2-1": ("0", ZERO), "2-2": ("–", "#ffffff")}  # noqa: RUF001

    for place, (text, ground) in expected.items():
        number, cell = mark(axes, f"points-{place}"), mark(axes, f"cell-{place}")
        left, top = cell.get_xy().min(axis=0)
        assert number.get_text() == text
        assert to_hex(cell.get_facecolor()) == ground
        assert left < number.get_position()[0] < left + 30
        assert top < number.get_position()[1] < top + 28


def test_certainty_stands_beside_the_points():
    """The range over readings, printed points with the mark of a doubtful column, the fragility, numbers of flags."""
    axes = plot_matrix_map(DATA)

    assert beside(axes, "1-1") == ("2–3", "print 2 (i)  ↕4  ¹")  # noqa: RUF001
    assert beside(axes, "1-2") == ("", "")
    assert beside(axes, "2-1") == ("", "print 3 (?)  ↕1")
    assert beside(axes, "2-2") == ("0–2 or –", "print 1")  # noqa: RUF001
    assert "¹ contradicted at level 5" in said(axes)


def test_points_are_told_without_colours():
    """Letters have a contrast of at least 4.5 on every ground, so that numbers are read where colours are not."""
    for most in (1, 2, 3, 4, 5):
        grounds = [shade(points, most, -most) for points in range(-most, most + 1)]
        assert len(set(grounds)) == 2 * most + 1
        assert all(contrast(ground, "#ffffff" if white_on(ground) else "#1a1a1a") >= 4.5 for ground in grounds)


def test_points_below_none_have_a_sign():
    """A rule that takes points away has numbers with a minus, on a hue of their own, and squares for them."""
    cell = MapCell(-1, (-2, -1, 1), -1, "certain")
    axes = plot_matrix_map(replace(DATA, least=-2, rows=(MapRow("K", "x", (cell, MapCell(None))),)))

    assert mark(axes, "points-1-1").get_text() == "−1"  # noqa: RUF001 - the minus sign
    assert to_hex(mark(axes, "cell-1-1").get_facecolor()) == shade(-1, 3, -2) not in (ZERO, *BLUES)
    assert beside(axes, "1-1") == ("−2 to 1", "print −1")  # noqa: RUF001


def contrast(one, other):
    """The contrast of two colours as WCAG 2 defines it."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    """Relative luminance of an sRGB colour, WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("kind", FORMATS)
def test_twice_drawn_the_same_bytes(kind):
    """Two drawings of the same data give the same file."""
    assert render(PLOTS["matrix_map"](DATA), kind, 60) == render(PLOTS["matrix_map"](DATA), kind, 60)


def test_an_svg_tells_what_it_shows():
    """Title and counts of every score and of blanks, for a screen reader."""
    svg = render(PLOTS["matrix_map"](DATA), "svg").decode()

    assert '<title id="plot-title">Matrix</title>' in svg
    assert "Drug use: 3 points 1, 2 points 0, 1 points 0, 0 points 1, blank 0." in svg
    assert "2 of 4 cells differ between the readings." in svg


@pytest.mark.parametrize("seed", range(2))
def test_no_texts_overlap(seed):
    """Whatever the labels, numbers of rows and columns, scripts and flags: all words stand apart and on the canvas."""
    axes = plot_matrix_map(random_matrix(random.Random(seed)))

    assert overlapping(axes) == []
    assert outside(axes) == []


def random_matrix(chance):
    """A matrix with random everything."""
    columns = chance.randint(1, 4)
    rows = [
        MapRow(
            random_words(chance, 6), random_words(chance, 120), tuple(random_cell(chance) for _ in range(columns)),
            random_words(chance, 60) if chance.random() < 0.4 else "",
        )
        for _ in range(chance.randint(1, 8))
    ]  # fmt: skip
    outcomes = tuple(random_words(chance) for _ in range(columns))
    return MatrixMapData(random_words(chance, 200), outcomes, tuple(rows), random_words(chance))


def random_cell(chance):
    """A cell with random certainty."""
    readings = tuple(chance.choice((None, 0, 1, 2, 3)) for _ in range(chance.randint(1, 6)))
    return MapCell(
        readings[0], readings, chance.choice((None, 0, 3)), chance.choice(("", "certain", "inferred", "ambiguous")),
        chance.choice((None, 1, 12)), tuple(random_words(chance) for _ in range(chance.choice((0, 0, 3)))),
    )  # fmt: skip


def test_it_is_drawn_into_an_axes_of_somebody():
    """Letters shrink with the room, so that nothing overlaps there either, and the figure keeps its name."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), label="mine")
    axes = figure.add_axes((0.5, 0.1, 0.4, 0.8))

    assert plot_matrix_map(DATA, ax=axes) is axes
    assert figure.get_label() == "mine"
    assert overlapping(axes) == []
    assert outside(axes) == []


def test_two_hundred_rows():
    """The canvas grows with its rows: each of them has its cells, none over another."""
    plan = layout(replace(DATA, rows=tuple(ROWS[number % 2] for number in range(200))))
    cells = [ground for ground in plan.grounds if ground.gid]

    assert [cell.gid for cell in cells] == [f"cell-{row}-{column}" for row in range(1, 201) for column in (1, 2)]
    assert all(one.top + one.height < other.top for one, other in itertools.pairwise(cells[::2]))
    assert cells[-1].top + cells[-1].height < plan.height


WRONG = {
    "it has no intervention": {"rows": ()},
    "it has no outcome": {"outcomes": (), "rows": (MapRow("K", "x", ()),)},
    "'x' has 1 cells for 2 outcomes": {"rows": (MapRow("K", "x", (MapCell(1),)),)},
    "'Naltrexone' has 3 points, not 0 to 2": {"most": 2},
    "the points are 0 to 9: give": {"most": 9},
    "has 1 points, which is none of its readings": {"rows": (MapRow("K", "x", (MapCell(1, (2,)), MapCell(None))),)},
    "has a fragility of 0": {"rows": (MapRow("K", "x", (MapCell(1, fragility=0), MapCell(None))),)},
    "did you mean 'certain'?": {"rows": (MapRow("K", "x", (MapCell(1, (), 1, "certian"), MapCell(None))),)},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_drawn(message):
    """An empty matrix, and numbers that do not fit together, are refused with what is wrong."""
    with pytest.raises(InvalidArgument) as refused:
        plot_matrix_map(replace(DATA, **WRONG[message]))

    assert message in str(refused.value)
