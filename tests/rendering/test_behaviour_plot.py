"""How a rule behaves, and what its thresholds trade: numbers read back from the drawings, and the same bytes."""

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots import PLOTS, plot_behaviour, plot_frontier
from synthesis.rendering.plots.behaviour_data import BehaviourData, FrontierData, Threshold
from synthesis.rendering.plots.canvas import FORMATS, render
from synthesis.rendering.plots.frontier import frontier_steps
from tests.rendering.drawn import mark, outside, overlapping, random_words, said

K = (1, 2, 4, 8)
SHARES = np.random.default_rng(7).dirichlet(np.ones(4), size=(2, 3, len(K)))
BESIDE = np.linspace(0.1, 0.9, 24).reshape(2, 3, len(K))
DATA = BehaviourData(
    "Behaviour", K, ("n 25", "n 100", "n 400"), ("tau 0", "tau 0.3"), ("0", "1", "2", "3"), SHARES,
    "true effect d = 0.2", BESIDE, "pooled interval above 0",
)  # fmt: skip
THRESHOLDS = (
    Threshold("two at level 5", 0.6, 0.1, frontier=True),
    Threshold("one at level 5", 0.9, 0.3, frontier=True),
    Threshold("three at level 5", 0.3, 0.1),
    Threshold("one at level 4", 0.8, 0.4, chosen=True),
)
FRONTIER = FrontierData("Thresholds", THRESHOLDS)


@cache
def drawn():
    """The drawing of the behaviour, made once."""
    return plot_behaviour(DATA)


def heights(panel, score, k):
    """Lower and upper end of one part of a bar."""
    (part,) = [one for one in panel.get_children() if one.get_gid() == f"score-{score}-{k}"]
    y = part.get_xy()[:, 1]
    return float(y.min()), float(y.max())


@pytest.mark.parametrize("which", [(0, 0), (0, 2), (1, 1)])
def test_parts_of_bars_are_the_probabilities(which):
    """Row by row, the parts of each bar are as high as their probabilities, the best score at the bottom."""
    panel = drawn().child_axes[3 * which[0] + which[1]]

    assert panel.get_label() == f"{DATA.rows[which[0]]}, {DATA.columns[which[1]]}"
    for place, k in enumerate(K):
        ends = np.cumsum([0.0, *SHARES[which][place, ::-1]])
        for depth, score in enumerate((3, 2, 1, 0)):
            assert heights(panel, score, k) == pytest.approx((ends[depth], ends[depth + 1]), rel=1e-12)


def test_the_other_probability_is_a_line():
    """It goes through its values at every number of studies, and is named under the scores."""
    panel = drawn().child_axes[4]
    (line,) = [one for one in panel.get_children() if one.get_gid() == "beside"]

    assert list(line.get_ydata()) == list(BESIDE[1, 1])
    assert "pooled interval above 0" in said(drawn())


def test_scores_are_told_by_digits_too():
    """Every panel prints the digits of its scores in the bars, and the numbers of studies under the last row."""
    words = said(drawn())

    assert all(words.count(digit) >= 3 for digit in "0123")
    assert words.count("8") == 3
    assert {"score 3", "score 0", "tau 0.3", "n 400", "true effect d = 0.2"} <= set(words)


def test_blank_is_a_score_of_its_own():
    """A cell without a study is white under a dash, and the other scores keep their grounds."""
    axes = plot_behaviour(replace(DATA, scores=("blank", "0", "1", "3")))

    assert "blank" in said(axes)
    assert "–" in said(axes)  # noqa: RUF001
    assert mark_colours(axes, 0) == (1.0, 1.0, 1.0, 1.0)


def mark_colours(axes, score):
    """The ground of a score in the first bar of the first panel."""
    (part,) = [one for one in axes.child_axes[0].get_children() if one.get_gid() == f"score-{score}-1"]
    return part.get_facecolor()


def test_thresholds_stand_at_their_probabilities():
    """Right is what is believed wrongly, up what is found; the frontier rises in steps; the named are numbered."""
    axes = plot_frontier(FRONTIER)

    for number, one in enumerate(THRESHOLDS, 1):
        point = mark(axes, f"threshold-{number}")
        assert (*point.get_xdata(), *point.get_ydata()) == (one.useless, one.useful)
    assert frontier_steps(FRONTIER) == [(0.1, 0.6), (0.3, 0.6), (0.3, 0.9)]
    assert list(mark(axes, "frontier").get_ydata()) == [0.6, 0.6, 0.9]
    assert {"one at level 4 (chosen)", "two at level 5", "0.600", "0.300", "3"} <= set(said(axes))
    assert "three at level 5" not in said(axes)


def test_sets_in_one_place_share_a_number():
    """The chosen one is named first, the third only counted; its mark lies on top of theirs."""
    same = [replace(THRESHOLDS[1], label=f"other {place}") for place in (1, 2)]
    chosen = replace(THRESHOLDS[1], label="taken", chosen=True)
    axes = plot_frontier(replace(FRONTIER, thresholds=(THRESHOLDS[0], *same, chosen)))
    words = " ".join(said(axes))

    assert "taken (chosen); other 1; and 1 other" in words
    assert "3" not in said(axes)
    assert mark(axes, "threshold-4").get_zorder() > mark(axes, "threshold-3").get_zorder()


@pytest.mark.parametrize(
    ("figure", "data", "kind"), [*(("behaviour", DATA, kind) for kind in FORMATS), ("frontier", FRONTIER, "pdf")]
)
def test_twice_drawn_the_same_bytes(figure, data, kind):
    """Two drawings of the same data give the same file."""
    assert render(PLOTS[figure](data), kind, 60) == render(PLOTS[figure](data), kind, 60)


def test_an_svg_tells_what_it_shows():
    """The best score's probability at both ends of every panel; the frontier's ends and the chosen set."""
    shown = render(drawn().figure, "svg").decode()
    first, last = (100 * SHARES[1, 2, place, 3] for place in (0, 3))

    assert f"tau 0.3, n 400: score 3 in {first:.0f} % at k 1, {last:.0f} % at k 8." in shown
    assert "Chosen: one at level 4, 0.800 against 0.400." in render(PLOTS["frontier"](FRONTIER), "svg").decode()


@pytest.mark.parametrize("seed", range(2))
def test_no_texts_overlap_in_panels(seed):
    """Whatever the names and numbers of panels, scores and studies: all words stand apart and on the canvas."""
    axes = plot_behaviour(random_behaviour(random.Random(seed)))

    assert overlapping(axes) == []
    assert outside(axes) == []


def random_behaviour(chance):
    """Behaviour with random everything."""
    rows, columns, k, scores = (chance.randint(1, most) for most in (3, 3, 50, 6))
    shape = (rows, columns, k)
    generator = np.random.default_rng(chance.randint(0, 10**6))
    names = ["blank", *(random_words(chance, 5) for _ in range(scores))]
    return BehaviourData(
        random_words(chance, 200), tuple(sorted(chance.sample(range(2000), k))),
        tuple(random_words(chance) for _ in range(columns)), tuple(random_words(chance) for _ in range(rows)),
        tuple(names), generator.dirichlet(np.full(scores + 1, 0.5), size=shape), random_words(chance),
        chance.choice((None, generator.uniform(size=shape))), random_words(chance), (random_words(chance, 200),),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_no_texts_overlap_on_the_frontier(seed):
    """However close the sets lie, their numbers stand apart; many in one place share one text."""
    chance = random.Random(seed)
    places = [(chance.random() ** 3, chance.random()) for _ in range(20)]
    sets = [
        Threshold(random_words(chance), *chance.choice(places), chance.random() < 0.6, chance.random() < 0.1)
        for _ in range(40)
    ]
    axes = plot_frontier(FrontierData(random_words(chance, 200), tuple(sets)))

    assert overlapping(axes) == []
    assert outside(axes) == []


WRONG = {
    "it has no rows, columns, numbers of studies or scores": {"k": ()},
    "it has 4 scores, more than there are shades, or one of them twice": {"scores": tuple("0122")},
    "the score 'blank' is not the first one": {"scores": ("0", "1", "2", "blank")},
    "not whole numbers in ascending order": {"k": (1, 1, 2, 3)},
    "the probabilities have shape (2, 3, 4), not (2, 3, 4, 4)": {"probabilities": BESIDE},
    "do not sum to 1": {"probabilities": SHARES / 2},
    "are not between 0 and 1": {"probabilities": np.full_like(SHARES, np.nan)},
    "what stands beside has shape (4,), not (2, 3, 4)": {"beside": BESIDE[0, 0]},
}


@pytest.mark.parametrize("message", WRONG)
def test_behaviour_that_cannot_be_drawn(message):
    """Nothing to draw, and arrays that do not fit together, are refused with what is wrong."""
    with pytest.raises(InvalidArgument) as refused:
        plot_behaviour(replace(DATA, **WRONG[message]))

    assert message in str(refused.value)


def test_a_frontier_that_cannot_be_drawn():
    """No sets, and numbers that are no probabilities, are refused."""
    with pytest.raises(InvalidArgument, match="it has no set of thresholds"):
        plot_frontier(replace(FRONTIER, thresholds=()))
    with pytest.raises(InvalidArgument, match="no probability in 'odd'"):
        plot_frontier(replace(FRONTIER, thresholds=(Threshold("odd", 1.2, 0.1),)))
