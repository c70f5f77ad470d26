"""The harvest plot: bars as high as levels, in the panel of their direction, read back from the drawing."""

import random
from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.canvas import FORMATS, render
from synthesis.rendering.plots.harvest import HarvestBar, HarvestData, HarvestRow, harvest, plot_harvest
from tests.rendering.drawn import mark, names, outside, overlapping, random_words, said

STUDIES = HarvestData(
    "Therapeutic community",
    (
        HarvestRow(
            "Drug use",
            (
                HarvestBar("Weak 1982", 2, None, "benefit", "community"),
                HarvestBar("Strong 2012", 5, "benefit", "none", "community"),
                HarvestBar("Middle 1999", 4, "none", "none", "prison"),
                HarvestBar("Harmful 2007", 3, "harm", "none", "prison"),
            ),
        ),
        HarvestRow("Reoffending", (HarvestBar("Lowest 2000", 1, "benefit", "benefit", "prison"),)),
    ),
    kind_name="Setting",
)


def box(axes, gid):
    """Left, top, right and bottom of a bar."""
    corners = mark(axes, gid).get_xy()
    return (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())


def middle(axes, text):
    """Where a word stands across."""
    (found,) = [one for one in axes.texts if one.get_text() == text]
    return found.get_position()[0]


def test_a_bar_is_as_high_as_its_level():
    """Heights are proportional to the levels, on a common base in each row."""
    axes = plot_harvest(STUDIES)
    heights = [box(axes, f"row-1-bar-{place}") for place in (1, 2, 3, 4)] + [box(axes, "row-2-bar-1")]
    unit = heights[-1][3] - heights[-1][1]

    assert [(low - top) / unit for _, top, _, low in heights] == pytest.approx([2, 5, 4, 3, 1])
    assert len({low for _, _, _, low in heights[:4]}) == 1


def test_a_bar_stands_under_its_direction():
    """Each bar is nearest to the header of its computed direction, the strongest design first; else the authors'."""
    axes = plot_harvest(STUDIES)
    headers = {one: middle(axes, one) for one in ("← Harm", "No difference", "Benefit →")}

    def panel(place):
        left, _, right, _ = box(axes, f"row-1-bar-{place}")
        return min(headers, key=lambda one: abs(headers[one] - (left + right) / 2))

    assert [panel(place) for place in (1, 2, 3, 4)] == ["Benefit →", "Benefit →", "No difference", "← Harm"]
    assert box(axes, "row-1-bar-2")[2] < box(axes, "row-1-bar-1")[0]


def test_what_the_direction_rests_on():
    """A full dot is computed, a ring reported; a triangle points where the authors' direction lies."""
    axes = plot_harvest(STUDIES)
    full = {gid: mark(axes, gid).get_markerfacecolor() for gid in names(axes) if gid.endswith("basis")}

    assert full.pop("row-1-bar-1-basis") == "#ffffff"
    assert set(full.values()) == {"#1a1a1a"}
    assert mark(axes, "row-1-bar-2-other").get_marker() == "<"
    assert mark(axes, "row-1-bar-4-other").get_marker() == ">"
    assert len([gid for gid in names(axes) if gid.endswith("other")]) == 2


def test_placed_by_what_authors_report():
    """The same studies by their reported direction: another panel, rings, and triangles towards the numbers."""
    axes = plot_harvest(replace(STUDIES, by="reported"))

    assert {"1 benefit", "3 no difference", "0 harm"} <= set(said(axes))
    assert mark(axes, "row-1-bar-2-other").get_marker() == ">"
    assert mark(axes, "row-1-bar-3-basis").get_markerfacecolor() == "#ffffff"


def test_kinds_differ_without_colour():
    """Each kind has another hatch, and the legend names the kinds."""
    axes = plot_harvest(STUDIES)
    hatches = {place: mark(axes, f"row-1-bar-{place}").get_hatch() for place in (1, 2, 3, 4)}

    assert hatches[1] == hatches[2] != hatches[3] == hatches[4]
    assert {"Setting", "prison", "community", "4 studies", "1 study"} <= set(said(axes))


@pytest.mark.parametrize("kind", FORMATS)
def test_twice_drawn_the_same_bytes(kind):
    """Two drawings of the same data give the same file."""
    first, second = (render(harvest(STUDIES), kind, dpi=60) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("seed", [1, 2])
def test_no_words_touch(seed):
    """Names of any length and script neither overlap nor leave the canvas."""
    chance = random.Random(seed)
    directions = ("harm", "none", "benefit")
    bars = tuple(
        HarvestBar(
            random_words(chance, 60), chance.randint(1, 5), chance.choice(directions), None, chance.choice("abcd")
        )
        for _ in range(14)
    )
    rows = (HarvestRow(random_words(chance), bars[:9]), HarvestRow(random_words(chance), bars[9:]))
    axes = plot_harvest(HarvestData(random_words(chance), rows, kind_name=random_words(chance, 20)))

    assert overlapping(axes) == []
    assert outside(axes) == []


def test_it_tells_what_it_shows():
    """The alternative text names every study with its level under its direction, and counts the differences."""
    svg = render(harvest(STUDIES), "svg").decode()

    assert "Drug use: harm 1 (Harmful 2007 level 3); no difference 1 (Middle 1999 level 4);" in svg
    assert "Computed and reported direction differ in 2." in svg


def test_an_axes_of_another_size_holds_it():
    """On a given Axes everything is drawn smaller, letters too, and that Axes comes back."""
    axes = Figure(figsize=(3, 2)).add_axes((0, 0, 1, 1))

    assert plot_harvest(STUDIES, ax=axes) is axes
    assert {text.get_fontsize() < 7 for text in axes.texts} == {True}
    assert overlapping(axes) == []


WRONG = {
    "it has no study": {"rows": (HarvestRow("empty", ()),)},
    "the level of 'x' is 6, not 1 to 5": {"rows": (HarvestRow("r", (HarvestBar("x", 6, "harm"),)),)},
    "'x' has no direction, neither computed nor reported": {"rows": (HarvestRow("r", (HarvestBar("x", 1),)),)},
    "did you mean 'benefit'": {"rows": (HarvestRow("r", (HarvestBar("x", 1, "benefits"),)),)},
    "did you mean 'reported'": {"by": "report"},
    "it has 9 kinds of studies; at most 8": {
        "rows": (HarvestRow("r", tuple(HarvestBar("x", 1, "harm", None, kind) for kind in "abcdefghi")),)
    },
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_drawn(message):
    """Nothing to draw, and values that are none, are refused with what is wrong."""
    with pytest.raises(InvalidArgument) as refused:
        plot_harvest(replace(STUDIES, **WRONG[message]))

    assert message in str(refused.value)
