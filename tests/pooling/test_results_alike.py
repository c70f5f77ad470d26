"""Every result of pooling and sensitivity can be read, written as JSON and asked for its reasons in one manner."""

import json

import numpy as np
import pytest

import synthesis as sy
from synthesis.pooling.pooled import Note, Noted

Y, V = [0.1, 0.4, 0.2, 0.9, 0.6, 0.3], [0.01, 0.02, 0.03, 0.05, 0.02, 0.04]
YEAR, STUDY = [1.0, 2.0, 5.0, 4.0, 3.0, 6.0], ["a", "a", "b", "b", "c", "d"]
X = np.column_stack([np.ones(6), YEAR])
LINE, LEVELS = sy.regress(Y, V, X, method="ML"), sy.multilevel(Y, V, random=[STUDY])
RESULTS = {
    "pool": sy.pool(Y, V),
    "one study": sy.pool(Y[:1], V[:1]),
    "pool_many": sy.pool_many(Y, V, STUDY),
    "regress": LINE,
    "location_scale": sy.location_scale(Y, V, None, None),
    "subgroups": sy.subgroups(Y, V, STUDY),
    "permutation_test": sy.permutation_test(Y, V, exact=True),
    "predict": sy.predict(LINE),
    "residuals": sy.residuals(LINE),
    "blups": sy.blups(LINE),
    "compare": sy.compare(LINE, sy.regress(Y, V, method="ML")),
    "multilevel": LEVELS,
    "profile interval": LEVELS.profile_intervals()[0],
    "contrast": LEVELS.contrast([1.0]),
    "robust": sy.robust(LEVELS, STUDY),
    "correlated_effects": sy.correlated_effects(Y, V, STUDY),
    "hierarchical_effects": sy.hierarchical_effects(Y, V, STUDY),
    "aggregate": sy.aggregate(Y, V, STUDY),
    "vcalc": sy.vcalc(V, STUDY, obs=YEAR, rho=0.5),
    "egger": sy.egger(Y, V),
    "leave_one_out": sy.leave_one_out(Y, V),
}


@pytest.mark.parametrize("name", RESULTS)
def test_plain_values_go_through_json(name):
    """What `to_dict` gives comes back from JSON, and holds no NaN."""
    text = json.dumps(RESULTS[name].to_dict(), allow_nan=False)

    assert json.loads(text)


@pytest.mark.parametrize("name", RESULTS)
def test_a_summary_is_lines_of_text(name):
    """It ends with a line end, and no line is empty."""
    lines = RESULTS[name].summary().split("\n")

    assert lines.pop() == ""
    assert all(lines)


@pytest.mark.parametrize("name", [name for name, one in RESULTS.items() if hasattr(one, "notes")])
def test_notes_are_asked_for_by_field(name):
    """Where there are notes there is `reason`: the reasons of a field, or nothing; `to_dict` has the notes."""
    found = RESULTS[name]

    assert isinstance(found, Noted)
    assert found.reason("no such field") == ""
    assert found.to_dict()["notes"] == [note._asdict() for note in found.notes]
    for note in found.notes:
        assert isinstance(note, Note)
        assert note.reason in found.reason(note.field)


@pytest.mark.parametrize("name", RESULTS)
def test_no_result_can_be_changed_or_grows(name):
    """Results are frozen, and have the fields of their kind alone."""
    assert not hasattr(RESULTS[name], "__dict__")
    with pytest.raises((AttributeError, TypeError)):
        RESULTS[name].level = 0.5
