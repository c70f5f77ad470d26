"""The influence plot: values of every measure in its own panel, in the row of their study."""

from dataclasses import replace

import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.influence import plot_influence
from tests.rendering.drawn import mark, names, said, words
from tests.rendering.sensitivity_samples import influence_sample


def row_of(axes, name):
    """The height of the middle of a study's name."""
    (found,) = [one for one in words(axes) if one.get_text() == name]
    return found.get_position()[1] - 0.36 * found.get_fontsize()


def test_values_stand_in_their_panel_and_row():
    """Each mark is at its value, in the height of its study's name within half a point."""
    axes = plot_influence(influence_sample())

    for panel, measure in zip(axes.child_axes, influence_sample().measures, strict=True):
        for row, value in enumerate(measure.values):
            if value is not None:
                (x,), (y,) = mark(panel, f"study-{row + 1}").get_data()
                assert x == value
                assert y == pytest.approx(row_of(axes, "ABCDEF"[row]), abs=0.5)


def test_ticks_say_where_a_value_is():
    """The labels under a panel stand at their values, within half a point."""
    axes = plot_influence(influence_sample())
    panel = axes.child_axes[0]
    labels = {one.get_text(): one for one in axes.texts if one.get_horizontalalignment() == "center"}

    for text, value in (("0", 0.0), ("2", 2.0)):
        x = axes.transData.inverted().transform(panel.transData.transform((value, 0.0)))[0]
        assert labels[text].get_position()[0] == pytest.approx(x, abs=0.5)


def test_an_influential_study_differs_without_colour():
    """Its marks are diamonds and its name is bold; the others' are not."""
    axes = plot_influence(influence_sample())
    weights = {one.get_text(): one.get_fontproperties().get_file().endswith("Bold.ttf") for one in words(axes)}

    assert [mark(axes.child_axes[0], f"study-{row}").get_marker() for row in (1, 4)] == ["o", "D"]
    assert [weights[name] for name in "ABCDEF"] == [False, False, False, True, False, False]


def test_a_value_that_is_missing_is_a_cross():
    """Where a measure has no value a cross stands in its place, and is explained."""
    axes = plot_influence(influence_sample())

    assert "none-5" in names(axes.child_axes[0])
    assert "study-5" not in names(axes.child_axes[0])
    assert "Cross: no value." in said(axes)


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("names 2", {"labels": ("A", "B")}),
        ("3 values for|6 values for 3", {"labels": ("A", "B", "C"), "influential": (False,) * 3}),
    ],
)
def test_what_cannot_be_drawn(message, wrong):
    """Values of another number of studies are refused."""
    with pytest.raises(InvalidArgument, match=message):
        plot_influence(replace(influence_sample(), **wrong))
