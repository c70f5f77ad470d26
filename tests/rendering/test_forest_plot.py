"""The forest plot: the numbers it places, read back from the drawing, and the same bytes every time."""

import math
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synthesis.effects import escalc
from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.rendering.plots import PLOTS
from synthesis.rendering.plots.canvas import FORMATS, render
from synthesis.rendering.plots.forest_data import ForestData, ForestRow, ForestSummary
from tests.console import ROOT

FOREST = PLOTS["forest"]
Z = 1.959963984540054
TABLE = np.genfromtxt(ROOT / "docs/examples/bcg.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")


@cache
def bcg():
    """The 13 trials of BCG vaccine, pooled by REML, with their equal-effects mean under it."""
    found = escalc("RR", **{name: TABLE[name] for name in ("ai", "bi", "ci", "di")})
    random, equal = pool(found.yi, found.vi), pool(found.yi, found.vi, method="EE", test="z")
    half = Z * np.sqrt(found.vi)
    rows = tuple(
        ForestRow(f"Trial {row + 1}", (f"{TABLE['ai'][row]}",), y, y - reach, y + reach, random.weights[row])
        for row, (y, reach) in enumerate(zip(found.yi.tolist(), half.tolist(), strict=True))
    )
    summaries = tuple(
        ForestSummary(one.method, one.estimate, one.ci_low, one.ci_high, diamond=one is random)
        for one in (random, equal)
    )
    return ForestData(
        "BCG vaccine", "Risk ratio", True, ("Cases",), rows, summaries, (random.pi_low, random.pi_high),
        heterogeneity="I² 92.2 %", favours=("Favours vaccine", "Favours control"), limits=(-4.0, 2.0),
    )  # fmt: skip


@cache
def drawn():
    """The drawing of these trials, made once."""
    return FOREST(bcg())


def mark(figure, gid):
    """The one mark of that name."""
    (found,) = [artist for artist in figure.axes[0].get_children() if artist.get_gid() == gid]
    return found


def ends(figure, gid):
    """The ends of a line along the axis of effects."""
    return tuple(mark(figure, gid).get_xdata())


def texts(figure):
    """All words of the drawing."""
    return [text.get_text() for text in figure.texts]


def test_boxes_and_lines_are_the_studies():
    """Each box stands at its estimate and each line ends at the bounds, on the log scale.

    The interval of the eighth study, 0.12 to each side, is narrower than its box, and is drawn on it with a tick.
    """
    for number, row in enumerate(bcg().rows, 1):
        assert mark(drawn(), f"study-{number}").get_offsets()[0][0] == row.estimate
        if number == 8:
            assert ends(drawn(), "study-8-tick") == (row.estimate, row.estimate)
        else:
            assert ends(drawn(), f"study-{number}-interval") == (max(row.low, -4), min(row.high, 2))


def test_the_area_of_a_box_is_the_weight():
    """Areas are proportional to the weights, down to the smallest box that can be seen."""
    areas = [float(mark(drawn(), f"study-{number}").get_sizes()[0]) for number in range(1, 14)]
    weights = [row.weight for row in bcg().rows]

    assert areas == pytest.approx([max(areas) * weight / max(weights) for weight in weights], rel=1e-3)


def test_the_diamond_is_the_pool():
    """Its corners are the estimate and the bounds; the other pool is a box with its line."""
    first, second = bcg().summaries
    corners = [x for x, _ in mark(drawn(), "summary-1").get_xy()]

    assert (min(corners), max(corners), corners[1]) == (first.low, first.high, first.estimate)
    assert mark(drawn(), "summary-2").get_offsets()[0][0] == second.estimate
    assert ends(drawn(), "summary-2-interval") == (second.low, second.high)


def test_prediction_null_and_pool_have_their_lines():
    """The prediction interval from bound to bound, no effect at 0, the first pool at its estimate."""
    assert ends(drawn(), "prediction") == bcg().prediction
    assert ends(drawn(), "null") == (0.0, 0.0)
    assert ends(drawn(), "pooled") == (bcg().summaries[0].estimate,) * 2


def test_an_interval_beyond_the_axis_has_an_arrow():
    """Where a bound lies outside the axis the line stops there with an arrowhead, and only there."""
    figure = FOREST(replace(bcg(), limits=(-1.0, 1.0)))
    arrows = {artist.get_gid() for artist in figure.axes[0].get_children() if "arrow" in str(artist.get_gid())}
    beyond = {number for number, row in enumerate(bcg().rows, 1) if row.low < -1 or row.high > 1}

    assert {f"study-{number}-interval-arrow" for number in beyond} == {one for one in arrows if "study" in one}
    assert ends(figure, "study-1-interval")[0] == -1.0


def test_the_numbers_stand_beside_the_marks():
    """Ratios, not logs: the first study 0.41 [0.13, 1.26], the pool 0.49 [0.33, 0.73], its weight in percent."""
    words = texts(drawn())
    first = bcg().rows[0]

    for value in (first.estimate, bcg().summaries[0].estimate):
        assert f"{math.exp(value):.2f}" in words
    assert f"[{math.exp(first.low):.2f}," in words
    assert f"{100 * first.weight:.1f}%" in words
    assert {"Trial 1", "Trial 13", "100.0%"} <= set(words)
    assert {"Favours vaccine", "Favours control"} <= {one.strip("←→ ") for one in words}


def test_a_study_without_an_estimate_says_so():
    """It has its line of text, and no mark."""
    rows = (ForestRow("Nobody", ("0",), None, None, None, note="no events in either group"), *bcg().rows)
    figure = FOREST(replace(bcg(), rows=rows))

    assert [one for one in figure.axes[0].get_children() if str(one.get_gid()).startswith("study-1-")] == []
    assert any("no events in either group" in words for words in texts(figure))
    assert "estimable" in texts(figure)


@pytest.mark.parametrize("kind", FORMATS)
def test_twice_drawn_the_same_bytes(kind):
    """Two drawings of the same data give the same file, without a date."""
    first, second = (render(FOREST(bcg()), kind, dpi=60) for _ in range(2))

    assert first == second
    assert first[:5] == {"svg": b"<?xml", "png": b"\x89PNG\r", "pdf": b"%PDF-"}[kind]
    assert b"CreationDate" not in first
    assert b"<dc:date>" not in first


def test_another_interpreter_draws_the_same_bytes():
    """Another hash seed, locale, time zone and configuration of matplotlib change no byte of the SVG."""
    code = (
        "import hashlib, matplotlib; matplotlib.rcParams.update({'font.size': 30, 'axes.facecolor': 'red'})\n"
        "from tests.rendering.test_forest_plot import FOREST, bcg, render\n"
        "print(hashlib.sha256(render(FOREST(bcg()), 'svg')).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "HOME": "/nonexistent", "MPLCONFIGDIR": home},
        ).stdout
        for seed, zone, home in (("1", "UTC", "/tmp"), ("2", "Asia/Tokyo", "/tmp"))
    }  # fmt: skip

    assert len(seen) == 1


def test_the_settings_of_the_user_come_back():
    """Drawing changes nothing in matplotlib for whoever draws next."""
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    render(FOREST(bcg()), "svg")

    assert dict(mpl.rcParams) == before


def test_an_svg_tells_what_it_shows():
    """Title and description for a screen reader: how many studies, the pools, and the prediction interval."""
    svg = render(drawn(), "svg").decode()

    assert '<title id="plot-title">BCG vaccine</title>' in svg
    assert "Forest plot of 13 studies, Risk ratio. REML: 0.49 [0.33, 0.73]." in svg
    assert "Prediction interval: [0.13, 1.79]." in svg


WRONG = {
    "it has no study with an estimate": {"rows": ()},
    "a pool has either a prediction interval or the reason why it has none": {"prediction": None},
    "the axis (1.0, 2.0) does not hold the null": {"limits": (1.0, 2.0)},
    "the level 95 is not between 0 and 1": {"level": 95},
    "'x' has only a part of estimate and interval": {"rows": (ForestRow("x", ("1",), 0.1, None, None),)},
    "the estimate of 'x' is not inside its interval": {"rows": (ForestRow("x", ("1",), 0.1, 0.2, 0.3),)},
    "'x' has 0 columns, the header 1": {"rows": (ForestRow("x", (), 0.1, 0.0, 0.3),)},
    "the weight of 'x' is 12, not a share of 1": {"rows": (ForestRow("x", ("1",), 0.1, 0.0, 0.3, 12),)},
    "'x' has a number that is not finite": {"rows": (ForestRow("x", ("1",), 0.1, -math.inf, 0.3),)},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_drawn(message):
    """Numbers that do not fit together are refused with what is wrong."""
    with pytest.raises(InvalidArgument) as refused:
        FOREST(replace(bcg(), **WRONG[message]))

    assert message in str(refused.value)


def test_formats_that_there_are_not():
    """Another format gets the nearest one named; dots are 50 to 1200 per inch."""
    with pytest.raises(InvalidArgument, match="did you mean 'svg'"):
        render(drawn(), "sgv")
    with pytest.raises(InvalidArgument, match="give 50 to 1200"):
        render(drawn(), "png", dpi=5)
