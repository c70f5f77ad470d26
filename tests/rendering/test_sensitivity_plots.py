"""What holds of every figure of sensitivity: the same bytes, words that do not touch, a refusal of what is no data."""

import random
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from synthesis.errors import InvalidArgument
from synthesis.rendering import plots
from synthesis.rendering.plots import PLOTS
from synthesis.rendering.plots.canvas import render
from synthesis.rendering.plots.specification_data import MOST
from tests.rendering.drawn import outside, overlapping, random_words, said
from tests.rendering.sensitivity_samples import SAMPLES

EMPTY = {"specification": {name: np.array([]) for name in ("estimate", "low", "high")}}
EMPTY["gosh"] = {"estimate": np.array([]), "i2": np.array([]), "marked": None}
EMPTY["influence"] = {"labels": (), "measures": (), "influential": ()}
EMPTY["p_curve"] = {"counts": (0, 0, 0, 0, 0)}
EMPTY["drapery"] = {"studies": ()}


def plot(name, data, ax=None):
    """The Axes with the drawing."""
    return getattr(plots, f"plot_{name}")(data, ax=ax)


@pytest.mark.parametrize("name", SAMPLES)
def test_twice_drawn_the_same_bytes(name):
    """Two drawings of the same data give the same file, as vectors and as dots."""
    figures = [PLOTS[name](SAMPLES[name]()) for _ in range(2)]

    for kind in ("svg", "png"):
        first, second = (render(figure, kind, dpi=60) for figure in figures)
        assert first == second


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_words_touch(name, seed):
    """Names, titles and notes of any length and script neither overlap nor leave the canvas."""
    chance = random.Random(seed)
    names = [random_words(chance, 60) for _ in range(6)]
    axes = plot(name, SAMPLES[name](names, random_words(chance)))

    assert overlapping(axes) == []
    assert outside(axes) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_an_axes_of_another_size_holds_it(name):
    """On a given Axes everything is drawn smaller, letters too, and that Axes comes back."""
    axes = Figure(figsize=(3, 2)).add_axes((0, 0, 1, 1))

    assert plot(name, SAMPLES[name](), axes) is axes
    assert max(text.get_fontsize() for text in axes.texts) < 9
    assert overlapping(axes) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_to_draw(name):
    """Data without a study, a subset or a specification are refused by name."""
    with pytest.raises(InvalidArgument, match=r"cannot be drawn: .*it has no "):
        plot(name, replace(SAMPLES[name](), **EMPTY.get(name, {"points": ()})))


NUMBERS = {
    "funnel": {"points": (plots.FunnelPoint("Ames", 0.1, 0.0),)},
    "radial": {"points": (plots.RadialPoint("Ames", float("nan"), 0.2),)},
    "baujat": {"points": (plots.BaujatPoint("Ames", -1.0, 0.2),)},
    "drapery": {"studies": (plots.DraperyCurve("Ames", 0.1, -0.2),)},
    "qq": {"points": (plots.QQPoint("Ames", float("inf")),)},
    "influence": {"measures": (plots.InfluenceMeasure("Ames", (float("nan"),) * 6),)},
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_is_none(name):
    """A number that cannot be drawn is refused with the name of what it is of."""
    with pytest.raises(InvalidArgument, match="'Ames'"):
        plot(name, replace(SAMPLES[name](), **NUMBERS[name]))


@pytest.mark.parametrize("name", SAMPLES)
def test_it_tells_what_it_shows(name):
    """The SVG has a title, and a description that begins with what the figure is and counts."""
    svg = render(PLOTS[name](SAMPLES[name]()), "svg").decode()
    text = svg.partition('<desc id="plot-desc">')[2].partition("</desc>")[0]

    assert any(word.isdigit() for word in text.partition(":")[0].replace(".", " ").replace(",", " ").split())
    assert 'role="img"' in svg


def test_many_studies_keep_few_names():
    """Of a hundred studies, a funnel names those outside the region, and says so."""
    chance = np.random.default_rng(1)
    points = tuple(plots.FunnelPoint(f"S{row}", y, 0.3) for row, y in enumerate(chance.normal(0, 0.4, 100).tolist()))
    axes = plot("funnel", replace(SAMPLES["funnel"](), points=points, lines=(plots.FunnelLine("pooled", 0.0),)))
    far = {point.label for point in points if abs(point.estimate) > 1.96 * 0.3}

    assert {word for word in said(axes) if word in {point.label for point in points}} == far
    assert "Of 100 studies those outside the dotted lines are named." in said(axes)


def test_many_specifications_are_thinned():
    """Of a curve too long to draw, evenly spaced specifications are drawn, with both ends and the planned one."""
    n = 5000
    estimate = np.linspace(-1, 1, n)
    data = replace(
        SAMPLES["specification"](), choice=np.zeros((n, 3), np.int64), estimate=estimate, low=estimate - 1,
        high=estimate + 1, own=1234,
    )  # fmt: skip
    axes = plot("specification", data)
    drawn = np.concatenate(
        [line.get_ydata() for line in axes.child_axes[0].lines if line.get_gid() in ("holds", "above", "below")]
    )

    assert MOST <= len(drawn) <= MOST + 1
    assert {estimate[0], estimate[-1], estimate[1234]} <= set(drawn)
    assert any(text.endswith("of 5,000 specifications are drawn, evenly spaced.") for text in said(axes))
