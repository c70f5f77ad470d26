"""The albatross plot: points and contours read back from the drawing, and checked by arithmetic of other modules."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.stats import chi2, norm

from synthesis.effects import escalc
from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.albatross import AlbatrossData, AlbatrossPoint, albatross, plot_albatross
from synthesis.rendering.plots.albatross_contours import CONTOURS, effective_n
from synthesis.rendering.plots.canvas import FORMATS, render
from tests.rendering.drawn import boxes, mark, names, overlapping, random_words, said

STUDIES = AlbatrossData(
    "Drug use",
    "SMD",
    (
        AlbatrossPoint("Ames 2019", 240, 0.03, 1),
        AlbatrossPoint("Sacks 2012", 90, 0.6, -1),
        AlbatrossPoint("Nemes 1999", 200, 0.0004, 1, clusters=(0.05, 21)),
        AlbatrossPoint("Zhang 2011", 1000, 1.0, 1),
    ),
    favours=("Favours control", "Favours treatment"),
)


def place(axes, gid):
    """Where a mark stands, as two-sided p, side and participants."""
    (x,), (y,) = mark(axes, gid).get_data()
    return 10 ** -abs(x), np.sign(x), 10 ** math.sqrt(y)


def contour(axes, number, side):
    """A drawn contour as z-values and participants, without its rounded start at one participant."""
    x, y = map(np.asarray, mark(axes, f"contour-{number}-{side}").get_data())
    z = norm.isf(10 ** -np.abs(x) / 2)
    return z[10:], 10 ** np.sqrt(y[10:])


def test_points_stand_at_p_and_n():
    """Right or left of the null by direction, at the p-value and number of participants."""
    axes = plot_albatross(STUDIES)

    assert place(axes, "point-1") == pytest.approx((0.03, 1, 240), rel=1e-12)
    assert place(axes, "point-2") == pytest.approx((0.6, -1, 90), rel=1e-12)
    assert place(axes, "point-4") == pytest.approx((1.0, 0, 1000), rel=1e-12)
    assert tuple(mark(axes, "null").get_xdata()) == (0.0, 0.0)


def test_clusters_count_for_less():
    """200 participants in clusters of 21, ICC .05, are worth 200 / (1 + .05 x 20) = 100; the mark is hollow."""
    axes = plot_albatross(STUDIES)

    assert place(axes, "point-3")[2] == pytest.approx(100, rel=1e-12)
    assert mark(axes, "point-3").get_markerfacecolor() == "#ffffff"
    assert mark(axes, "point-1").get_markerfacecolor() != "#ffffff"
    assert effective_n(200, 0.05, 1) == 200


def test_contours_of_standardised_mean_differences():
    """A contour crosses each n at the z of that effect: d over the standard error that `escalc` gives it."""
    axes = plot_albatross(replace(STUDIES, contours=(0.3,)))
    for side in ("left", "right"):
        z, n = contour(axes, 1, side)
        half = n / 2
        v = escalc("SMD", di=np.full(len(n), 0.3), n1i=half, n2i=half, vtype="LS2", correct=False).vi
        assert z == pytest.approx(0.3 / np.sqrt(v), rel=1e-6)


@pytest.mark.parametrize("measure", ["OR", "RR"])
@pytest.mark.parametrize(("effect", "side"), [(1.8, "right"), (1 / 1.8, "left")])
def test_contours_of_ratios(measure, effect, side):
    """The z of a contour is the log ratio of the expected table over the standard error that `escalc` gives it.

    Three treated to one control, risk .2: left of the null stands the inverse ratio, with its own expected counts.
    """
    data = replace(STUDIES, measure=measure, contours=(1.8,), baseline_risk=0.2, ratio=3.0)
    z, n = contour(plot_albatross(data), 1, side)
    control, odds = n / 4, effect * 0.25
    risk = effect * 0.2 if measure == "RR" else odds / (1 + odds)
    table = {"ai": 3 * control * risk, "bi": 3 * control * (1 - risk), "ci": 0.2 * control, "di": 0.8 * control}
    found = escalc(measure, **table, to="none")

    assert found.yi == pytest.approx(math.log(effect), rel=1e-9)
    assert z == pytest.approx(abs(math.log(effect)) / np.sqrt(found.vi), rel=1e-6)


def test_contours_of_correlations():
    """The z^2 of a contour is the F statistic n r^2 / (1 - r^2) of a regression on one standardised predictor."""
    z, n = contour(plot_albatross(replace(STUDIES, measure="COR", contours=(0.25,))), 1, "right")
    explained = 0.25**2

    assert chi2.sf(z**2, 1) == pytest.approx(chi2.sf(explained * n / (1 - explained), 1), rel=1e-6)


def test_contours_are_labelled_on_both_sides():
    """Each size with its opposite: the inverse of a ratio, the negative of another measure."""
    assert {"0.1", "−0.1", "0.25", "−0.25", "0.5", "−0.5"} <= set(said(plot_albatross(STUDIES)))  # noqa: RUF001
    ratios = plot_albatross(replace(STUDIES, measure="OR", baseline_risk=0.3, contours=(2.0, 4.0)))
    assert {mark(ratios, f"contour-{n}-{side}-label").get_text() for n in (1, 2) for side in ("left", "right")} == {
        "0.5", "2", "0.25", "4",
    }  # fmt: skip


def test_contours_that_no_risk_allows_are_left_out():
    """With a control risk of .6 a risk ratio of 2 is impossible: 1.25 and 1.5 remain, and every inverse."""
    axes = plot_albatross(replace(STUDIES, measure="RR", baseline_risk=0.6))

    assert {name for name in names(axes) if name.endswith("right")} == {"contour-1-right", "contour-2-right"}
    assert {f"contour-{number}-left" for number in (1, 2, 3)} <= names(axes)
    assert "those that would make a risk of 1 or more are left out" in " ".join(said(axes))


@pytest.mark.parametrize("p", [1e-300, 1e-40])
def test_very_small_p_values_fit(p):
    """The scale reaches as far as the smallest p-value, and the contours to the edge of the frame."""
    axes = plot_albatross(replace(STUDIES, points=(AlbatrossPoint("x", 1e6, p, 1),), contours=(2.0,)))
    edge = axes.get_xlim()[1]

    assert place(axes, "point-1")[0] == pytest.approx(p, rel=1e-9)
    assert mark(axes, "contour-1-right").get_xdata()[-1] == pytest.approx(edge, rel=1e-9)
    assert overlapping(axes) == []


def test_points_are_named():
    """Names stand beside their points; groups have markers of their own, named in the legend."""
    points = tuple(replace(point, group=group) for point, group in zip(STUDIES.points, "abab", strict=True))
    axes = plot_albatross(replace(STUDIES, points=points))

    assert {point.label for point in points} | {"a", "b", "← Favours control", "Favours treatment →"} <= set(said(axes))
    assert len({mark(axes, f"point-{place}").get_marker() for place in (1, 2, 3, 4)}) == 2


def test_crowded_points_have_numbers():
    """Where names have no room, points are numbered and the numbers explained under the plot."""
    points = tuple(AlbatrossPoint(f"A study with a rather long name {n}", 100 + n, 0.5, 1) for n in range(1, 26))
    axes = plot_albatross(replace(STUDIES, points=points))

    assert "25 A study with a rather long name 25" in said(axes)
    assert overlapping(axes) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_twice_drawn_the_same_bytes(kind):
    """Two drawings of the same data give the same file."""
    first, second = (render(albatross(STUDIES), kind, dpi=60) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("seed", [1, 2])
def test_no_words_touch(seed):
    """Names of any length and script neither overlap nor leave the canvas."""
    chance = random.Random(seed)
    points = tuple(
        AlbatrossPoint(random_words(chance, 40), 10 ** chance.uniform(1, 4), chance.random(), chance.choice((1, -1)))
        for _ in range(15)
    )
    favours = (random_words(chance), random_words(chance))
    axes = plot_albatross(AlbatrossData(random_words(chance), "COR", points, favours=favours))
    width, height = axes.figure.get_size_inches() * 288

    assert overlapping(axes) == []
    assert [text for text, box in boxes(axes)[0] if min(box.x0, box.y0, width - box.x1, height - box.y1) < 0] == []


def test_it_tells_what_it_shows():
    """The alternative text gives side, p-value and number of each study, and what the contours are."""
    svg = render(albatross(STUDIES), "svg").decode()

    assert "Nemes 1999: Favours treatment, p &lt;0.001, n 100. Zhang 2011: Favours treatment, p 1.000, n 1000." in svg
    assert "Contours: standardised mean difference, groups of equal size." in svg


def test_the_frame_of_a_given_axes():
    """A given Axes becomes the frame, and takes more marks on the same scales."""
    axes = Figure(figsize=(5, 4)).add_axes((0.2, 0.3, 0.7, 0.6))

    assert plot_albatross(STUDIES, ax=axes) is axes
    assert axes.get_ylim() == (0.0, pytest.approx(math.log10(2000) ** 2))


X = AlbatrossPoint("x", 10, 0.5, 1)
WRONG = {
    "it has no study": {"points": ()},
    "the p-value of 'x' is 0, not between": {"points": (replace(X, p=0),)},
    "the p-value of 'x' is nan, not between": {"points": (replace(X, p=math.nan),)},
    "the direction of 'x' is 0, not 1 or -1": {"points": (replace(X, direction=0),)},
    "'x' has 0.5 participants": {"points": (replace(X, n=0.5),)},
    "'x' has clusters (2, 10), not an ICC": {"points": (replace(X, clusters=(2, 10)),)},
    "did you mean 'SMD'": {"measure": "SMDH"},
    "need baseline_risk": {"measure": "OR"},
    "a contour of -0.2 is not a standardised mean difference": {"contours": (-0.2,)},
    "a contour of 1.0 is not a correlation": {"measure": "COR", "contours": (1.0,)},
    "make a risk of 1 or more": {"measure": "RR", "baseline_risk": 0.5, "contours": (2.0,)},
    "the ratio of group sizes is 0": {"ratio": 0},
    "it has 7 groups; at most 6": {"points": tuple(replace(X, group=group) for group in "abcdefg")},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_drawn(message):
    """Nothing to draw, and numbers out of their range, are refused with what is wrong."""
    with pytest.raises(InvalidArgument) as refused:
        plot_albatross(replace(STUDIES, **WRONG[message]))

    assert message in str(refused.value)


@pytest.mark.parametrize("code", CONTOURS)
def test_more_participants_for_smaller_effects(code):
    """The usual sizes are in order, and each needs more participants than the next for the same p-value."""
    measure = CONTOURS[code]
    factors = [measure.factor(size, 1.0, 0.2) for size in measure.usual]

    assert factors == sorted(factors, reverse=True)
