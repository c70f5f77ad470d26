"""The shipped review: every command that scores a modality and outcome gives the same."""

import pytest

from synthesis.pipeline import BY_MODALITY, Asked, answer_of, crosscheck_of, load, suppose
from tests.console import ROOT


@pytest.fixture(scope="module")
def loaded():
    return load(ROOT)


@pytest.fixture(scope="module")
def checks(loaded):
    return {(check.modality.key, check.outcome.key): check for check in crosscheck_of(loaded)}


def told(score):
    return score.output, score.clause, score.policy, [(one.study, one.state) for one in score.studies]


def test_the_ledger_has_the_scores_of_synth_score(loaded, checks):
    """All cells with a finding, with points, clause, policy and studies; the ledger's other ones are blank."""
    scores = {cell.key: cell.asked for cell in answer_of(loaded, Asked(), BY_MODALITY).cells}

    assert {key: told(checks[key].score) for key in scores} == {key: told(score) for key, score in scores.items()}
    assert {check.score.output for key, check in checks.items() if key not in scores} == {""}


def test_the_ledger_has_the_cells_of_synth_whatif(loaded, checks):
    """A judgement left open in every modality touches them all and changes nothing: scores and statuses are equal."""
    open_ones = [(f"modalities.{key}.judgements.manual", "not stated") for key in loaded.records.review.modalities]
    found = suppose(loaded, "review.toml", open_ones)

    assert found.before.cells == found.after.cells
    assert {key: (told(seen.score), seen.status) for key, seen in found.before.cells.items()} == {
        key: (told(check.score), check.status) for key, check in checks.items() if key in found.before.cells
    }
    assert {check.score.output for key, check in checks.items() if key not in found.before.cells} == {""}
