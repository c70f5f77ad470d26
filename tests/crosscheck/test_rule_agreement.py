"""Rules on cells whose studies are drawn anew, and how they agree."""

from dataclasses import replace

import numpy as np
import pytest

from synthesis import pool
from synthesis.crosscheck.discordance import standing_of
from synthesis.crosscheck.ledger.across import LOW, across
from synthesis.crosscheck.ledger.ordered import GAMMA, TAU_B, Pooling, lower_bounds
from synthesis.crosscheck.ledger.redrawn import NO_COLOUR, colours, judged, standings
from synthesis.crosscheck.ledger.rules import Taking, rule_agreement
from synthesis.crosscheck.resampling import redraw
from synthesis.pipeline import crosscheck_of, load, pool_review
from synthesis.pipeline.ledger import agreement_of
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.rule import COLOURS
from synthesis.scoring.score import score_cells
from synthesis.scoring.states import ScoredFinding
from tests.crosscheck.made import write_review

SAYS = (("effective", "yes"), ("ineffective", "no"), ("contrary", "yes"), ("mixed", "not stated"))
STUDIES = [f"s{number}" for number in range(12)]


@pytest.fixture(scope="module")
def cells():
    """Five cells of twelve studies, some of which have findings in several cells."""
    random = np.random.default_rng(5)
    return {
        cell: tuple(
            ScoredFinding(study, int(random.integers(3, 6)), "o", "d", *SAYS[random.integers(4)])
            for study in random.choice(STUDIES, size=cell, replace=False)
        )
        for cell in (1, 2, 4, 7, 10)
    }


def of_drawn(findings, drawn):
    """The findings of the studies that are drawn."""
    there = {study for study, is_drawn in zip(STUDIES, drawn.tolist(), strict=True) if is_drawn}
    return [one for one in findings if one.study in there]


RULES = [("pdtsrg-2009", "literal"), ("pdtsrg-2009", "cautious"), ("pdtsrg-2009", "majority-of-level-5"),
         ("sherman-1998", None)]  # fmt: skip


@pytest.mark.parametrize(("name", "policy"), RULES)
def test_drawn_studies_are_scored_as_if_there_were_no_others(cells, name, policy):
    """Points and colours of 40 draws equal those of score_cells on the records that are drawn."""
    rule = load_rule(name)
    drawn = np.random.default_rng(8).random((40, 12)) < 0.63
    held = judged(cells, rule, policy, {}, STUDIES)
    found, seen = standings(held, drawn), colours(held, drawn)

    for draw, row in enumerate(drawn):
        scores = score_cells({key: of_drawn(one, row) for key, one in cells.items()}, rule, policy)
        expected = [np.nan if standing_of(one) is None else standing_of(one) for one in scores.values()]
        assert found[draw] == pytest.approx(expected, nan_ok=True)
        of_output = [COLOURS.index(one.colour) if one.colour in COLOURS else NO_COLOUR for one in scores.values()]
        assert seen[draw].tolist() == of_output


def test_a_rule_agrees_with_itself(cells):
    """Two names for one rule: kappa 1 in every draw."""
    rule = load_rule("pdtsrg-2009")
    twin = replace(rule, key="twin")
    (pair,) = rule_agreement(cells, [Taking(one, ("literal",), {}) for one in (rule, twin)], draws=20).pairs

    assert (pair.agreement.proportion, pair.agreement.kappa_linear) == (1, 1)
    assert (pair.kappa.low, pair.kappa.high) == (1, 1)


def test_the_same_seed_draws_the_same_studies(cells):
    """Twice asked, the same draws; another seed, others."""
    rules = [Taking(load_rule(name), tuple(load_rule(name).policies), {}) for name in ("pdtsrg-2009", "sherman-1998")]
    first, again, other = (rule_agreement(cells, rules, draws=60, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert first.pairs[0].kappa != other.pairs[0].kappa
    assert first.pairs[0].kappa.estimate == other.pairs[0].kappa.estimate


def test_cells_that_share_their_studies_are_no_more_evidence(cells):
    """Every cell twice leaves the range of draws as it is: studies are drawn, and cells never."""
    rules = [Taking(load_rule(name), tuple(load_rule(name).policies), {}) for name in ("pdtsrg-2009", "sherman-1998")]
    doubled = {(copy, key): found for copy in (1, 2) for key, found in cells.items()}
    once, twice = (rule_agreement(given, rules, draws=100).pairs[0].same for given in (cells, doubled))

    assert once == twice
    assert once.low < once.high


def test_rules_without_colours_are_left_out_with_the_reason(cells):
    """A rule of single studies, one of certainty, and one that waits for what people judge."""
    names = ("maryland-1998", "grade-lite", "uspstf", "pdtsrg-2009")
    found = rule_agreement(cells, [Taking(load_rule(name), tuple(load_rule(name).policies), {}) for name in names])
    reasons = dict(found.left_out)

    assert reasons["maryland-1998"] == "it grades single studies"
    assert reasons["grade-lite"].startswith("it grades something else than effects")
    assert reasons["uspstf"].startswith("no cell has a colour; it needs what people judge: ")
    assert [one.rule for one in found.compared] == ["pdtsrg-2009"]
    assert found.pairs == ()


def test_the_rules_of_a_review(tmp_path):
    """Every shipped rule is compared or left out, none twice."""
    loaded = load(write_review(tmp_path))
    found = agreement_of(loaded, pool_review(loaded), draws=5)
    named = [*(one.rule for one in found.compared), *(rule for rule, _ in found.left_out)]

    assert len(named) == len(set(named))
    assert "pdtsrg-2009" in [one.rule for one in found.compared]
    assert found.draws == 5


def test_one_trial_is_never_two():
    """A single trial that is drawn twice gives 2 points, as one level 5 study does, and never 3 as two do."""
    cell = {0: (ScoredFinding("s0", 5, "o", "d", "effective", "yes"),)}
    taking = Taking(load_rule("pdtsrg-2009"), ("literal",), {})
    held = judged(cell, taking.rule, "literal", {}, STUDIES)

    def statistics(drawn):
        return {"points": standings(held, drawn)[:, 0]}

    found = redraw(statistics, 12, generator=np.random.default_rng(2), draws=300)["points"]

    assert (found.low, found.estimate, found.high) == (2, 2, 2)


def test_drawn_pools_are_those_of_the_drawn_studies():
    """The lower bound of every pool of 20 draws equals that of `pool` on the effects that are drawn."""
    random = np.random.default_rng(4)
    cell, sample = np.repeat([0, 1, 2], [2, 3, 5]), np.array([0, 1, 1, 2, 3, 0, 2, 3, 4, 5])
    y, v = random.normal(0.2, 0.3, 10), random.uniform(0.02, 0.1, 10)
    drawn = random.random((20, 6)) < 0.63
    found = lower_bounds(Pooling(y, v, cell, sample, 3, "REML", "adhoc", 0.95), drawn)

    for draw, row in enumerate(drawn):
        for one in range(3):
            rows = np.flatnonzero((cell == one) & row[sample])
            expected = pool(y[rows], v[rows]).ci_low if len(rows) else np.nan
            assert found[draw, one] == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_points_with_pools_are_those_of_the_cross_check(tmp_path):
    """The correlation that the studies as they are give is the one across cells; it has draws beside it."""
    loaded = load(write_review(tmp_path))
    found = agreement_of(loaded, draws=50).with_pools
    whole = across(crosscheck_of(loaded)).ordered[LOW]

    assert found[TAU_B].estimate == whole.tau_b
    assert found[GAMMA].estimate == whole.gamma
    assert found[TAU_B].draws == 50
