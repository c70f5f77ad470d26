"""The map of the overlap of reviews, read back; and the overlap as files."""

import random
from dataclasses import replace

import pytest
from matplotlib.colors import to_rgba

from synthesis.citations import overlap
from synthesis.citations.overlap_report import OverlapReport
from synthesis.errors import InvalidArgument
from synthesis.rendering.figures.overlap import overlap_data
from synthesis.rendering.overlap import overlap_files
from synthesis.rendering.plots import PLOTS
from synthesis.rendering.plots.canvas import render
from synthesis.rendering.plots.overlap_map import plot_overlap
from synthesis.rendering.plots.overlap_map_data import OverlapPair, overlap_text
from synthesis.rendering.plots.shades import BLUES
from synthesis.rendering.plots.sheet import PAPER
from tests.rendering.drawn import boxes, mark, outside, overlapping, random_words

FOUND = overlap({"P": "abcd", "Q": "ad", "R": "e", "S": "f"}, {"R": "abcdf", "S": "e"})
DATA = overlap_data(FOUND, "Map")


def test_every_pair_is_printed_in_its_cell():
    """The area in percent inside the cell of row and column; the sizes on the diagonal."""
    axes = plot_overlap(DATA)
    (found, room), high = boxes(axes), axes.get_ylim()[0]
    scale = room.height / high
    corners = mark(axes, "pair-2-1").get_xy()
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)

    inside = [
        text
        for text, box in found
        if left < (box.x0 - room.x0) / scale
        and (box.x1 - room.x0) / scale < right
        and top < (room.y1 - box.y1) / scale
        and (room.y1 - box.y0) / scale < bottom
    ]
    assert inside == ["50.0"]
    assert [mark(axes, f"size-{number}").get_text() for number in (1, 2, 3, 4)] == ["4", "2", "1", "1"]


@pytest.mark.parametrize(
    ("both", "either", "ground"),
    [(0, 9, PAPER), (1, 21, BLUES[0]), (1, 20, BLUES[1]), (1, 10, BLUES[2]), (3, 20, BLUES[3]), (9, 9, BLUES[3])],
)
def test_the_shade_is_that_of_the_band(both, either, ground):
    """Each begins at its bound; no common study is white."""
    found = overlap({"P": map(str, range(either)), "Q": map(str, range(both))}, empty=True)
    axes = plot_overlap(overlap_data(found))

    assert mark(axes, "pair-2-1").get_facecolor() == to_rgba(ground)


def test_a_pair_without_an_area_is_hatched():
    """R and S could have had nothing of each other; it is said, and no number printed."""
    axes = plot_overlap(DATA)

    assert len(axes.collections) == 1
    assert any("Hatched" in text.get_text() for text in axes.texts)
    assert not any(
        "Hatched" in text.get_text() for text in plot_overlap(overlap_data(overlap({"P": "a", "Q": "a"}))).texts
    )


def test_what_it_shows_in_words():
    """How many pairs share a study, and the largest areas: its alternative text."""
    text = overlap_text(DATA)

    assert text == (
        "Overlap of 4 reviews: 1 of 6 pairs share a study. Largest corrected covered areas: P and Q 50.0 %."
    )
    assert text in render(PLOTS["overlap"](DATA), "svg").decode()


@pytest.mark.parametrize("seed", range(2))
def test_names_of_any_length_and_script(seed):
    """They neither overlap nor leave the canvas, of twenty reviews either."""
    chance = random.Random(seed)
    names = tuple(random_words(chance, 90) for _ in range(8 if seed else 20))
    found = overlap({str(number): map(str, range(number, number + 3)) for number in range(len(names))})
    axes = plot_overlap(replace(overlap_data(found), reviews=names))

    assert overlapping(axes) == []
    assert outside(axes) == []


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_the_same_bytes_twice(kind):
    """For the same data."""
    assert render(PLOTS["overlap"](DATA), kind) == render(PLOTS["overlap"](DATA), kind)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (replace(DATA, reviews=("P",), sizes=(1,), pairs=()), "it has 1 review"),
        (replace(DATA, sizes=(1,)), "1 sizes for 4 reviews"),
        (replace(DATA, pairs=DATA.pairs[1:]), "not each two reviews once"),
        (replace(DATA, pairs=(OverlapPair(0, 1, 2.0, 1), *DATA.pairs[1:])), "an area is 2.0"),
    ],
)
def test_what_cannot_be_drawn(data, words):
    """It is said what is wrong."""
    with pytest.raises(InvalidArgument, match=words):
        plot_overlap(data)


def test_the_files_of_an_overlap():
    """1 included, 0 not, X impossible; the page has the notes and the pairs."""
    files = overlap_files(OverlapReport(FOUND), "T")

    assert files["overlap.csv"].decode().splitlines()[:2] == ["study,P,Q,R,S,reviews", "a,1,1,X,0,2"]
    assert "| P | Q | 2 | 4 | 50.0 | 0 | 100.0 |" in files["overlap.md"].decode()
    assert "no methodological basis" in files["overlap.md"].decode()
