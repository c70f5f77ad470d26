"""What the layers below give, as the data of figures."""

from dataclasses import replace
from functools import cache

import pytest

from synthesis.crosscheck.statuses import KINDS, STATUSES
from synthesis.errors import InvalidArgument
from synthesis.pipeline import crosscheck_of, load, matrix_of
from synthesis.rendering.figures.behaviour import behaviour_data, frontier_data
from synthesis.rendering.figures.matrix_map import matrix_map_data
from synthesis.rendering.figures.points_pools import MARKS, points_pools_data
from synthesis.rendering.plots.behaviour_data import checked_behaviour, checked_frontier
from synthesis.rendering.plots.matrix_map_data import checked as checked_map
from synthesis.rendering.plots.points_pools_data import checked as checked_pools
from synthesis.scoring.operating.behaviour import behaviour
from synthesis.scoring.operating.thresholds import Truth, design_rule
from synthesis.scoring.reading.rule_file import load_rule
from tests.rendering.test_rendering_matrix import matrix
from tests.small_review import write_review


def test_the_map_has_the_points_of_the_headline():
    """Cell by cell: points, printed points and the mark of their column, the points under every policy."""
    source = matrix()
    data = checked_map(matrix_map_data(source, "T"))

    for row, drawn in zip(source.rows, data.rows, strict=True):
        for cell, shown in zip(row.cells, drawn.cells, strict=True):
            score = cell.scores[source.headline]
            assert (shown.points, shown.printed) == (score.points, cell.printed.points)
            assert shown.points in (shown.readings or (None,))
            assert len(shown.readings) in (0, len(source.rule.policies))
            steady = source.steady.get((cell.row, cell.outcome))
            assert shown.fragility == (steady.fragile.flips if steady else None)
    assert {cell.placement for row in data.rows for cell in row.cells} == {"", "inferred"}


def test_a_rule_of_words_has_no_map():
    """What is no number of points has no shade, and is refused by the rule's name."""
    source = matrix()
    first = source.rows[0].cells[0]
    words = {name: replace(score, output="works", points=None) for name, score in first.scores.items()}
    row = replace(source.rows[0], cells=(replace(first, scores=words), *source.rows[0].cells[1:]))

    with pytest.raises(InvalidArgument, match="rule pdtsrg-2009 gives 'works', not points"):
        matrix_map_data(replace(source, rows=(row,)), "T")


def test_points_and_pools_are_those_of_the_cross_check(tmp_path):
    """The small review's one cell: its points, and its pooled effect with benefit above 0."""
    loaded = load(write_review(tmp_path))
    (check,) = crosscheck_of(loaded, matrix=matrix_of(loaded))
    (cell,) = checked_pools(points_pools_data([check], "T")).cells
    fit = check.pool.fit

    assert (cell.points, cell.status) == (check.points, check.status)
    assert (cell.effect.estimate, cell.effect.low, cell.effect.high) == (-fit.estimate, -fit.ci_high, -fit.ci_low)
    assert f"k {fit.k}" in cell.effect.text


def test_every_status_has_a_mark():
    """Absent evidence has another mark than evidence of absence, and nothing shown another than both."""
    assert list(MARKS) == list(STATUSES) == list(KINDS)
    assert len({MARKS[name] for name in ("no_points", "equivalent", "agree_none", "agree_benefit")}) == 4


@cache
def found():
    """A rule's behaviour over two sizes of studies and three numbers of them."""
    rule = load_rule("pdtsrg-2009")
    sizes, numbers = (50, 200), (4, 1, 2)
    return rule, {
        ("tau 0", f"n {n}", k): behaviour(rule, [2 / n] * k, theta=0.3, tau2=0.0) for n in sizes for k in numbers
    }


def test_panels_are_the_distributions():
    """By size and k, in ascending order of k; what the rule never gives is left out."""
    rule, given = found()
    data = checked_behaviour(behaviour_data(given, rule, "T"))

    assert (data.rows, data.columns, data.k) == (("tau 0",), ("n 50", "n 200"), (1, 2, 4))
    assert data.scores == ("0", "1", "2", "3")
    for (_, size, k), one in given.items():
        shares = data.probabilities[0, data.columns.index(size), data.k.index(k)]
        assert tuple(shares) == tuple(one.probability(output) for output in data.scores)


def test_a_missing_combination_is_named():
    """A grid with a hole is refused by the place of the hole."""
    rule, given = found()
    holed = {place: one for place, one in given.items() if place != ("tau 0", "n 50", 2)}

    with pytest.raises(InvalidArgument, match="no behaviour for tau 0, n 50, 2: give every combination"):
        behaviour_data(holed, rule, "T")


def test_the_frontier_is_that_of_the_thresholds():
    """Every choice with its two probabilities; the chosen one has the least loss; one at least is unbeaten."""
    rule = load_rule("pdtsrg-2009")
    truths = (Truth(0.5, 0.3), Truth(0.5, 0.0))
    designed = design_rule(rule, truths, policies=list(rule.policies)[:3], k=(2, 4))
    data = checked_frontier(frontier_data(designed, "T"))

    assert [(one.useful, one.useless) for one in data.thresholds] == [
        (one.top_useful, one.called_useless) for one in designed.choices
    ]
    (chosen,) = [place for place, one in enumerate(data.thresholds) if one.chosen]
    assert designed.choices[chosen].loss == min(one.loss for one in designed.choices)
    assert any(one.frontier for one in data.thresholds)
    assert data.useful == "P(3 | useful)"
