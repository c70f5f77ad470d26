"""The pool without each study."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity import leave_one_out, leave_out
from tests.pooling.reference import Comparison, blocks
from tests.pooling.strategies import UNWEIGHTED, fitting_tests, studies

REFERENCE = {block["id"]: block for block in blocks("diagnostics")}
NAMES = {"estimate": "estimate", "se": "se", "zval": "statistic", "tval": "statistic", "pval": "p_value"}
NAMES |= {"ci.lb": "ci_low", "ci.ub": "ci_high", "Q": "q", "Qp": "q_p_value", "tau2": "tau2", "I2": "i2", "H2": "h2"}
COLUMNS = sorted(set(NAMES.values()) | {"pi_low", "pi_high", "tau2_se", "k"})
GRID = [(name, fit) for name, block in REFERENCE.items() for fit, one in block["outputs"].items() if "leave1out" in one]


@pytest.mark.parametrize(("name", "fit"), GRID)
def test_metafor_leaves_out_the_same(name, fit):
    """`leave1out` for EE, DL, REML and PM with z and knha, within 1e-8."""
    block, (method, _, test) = REFERENCE[name], fit.partition("|")
    inputs, expected = {key: block["inputs"][key] for key in ("yi", "vi")}, block["outputs"][fit]["leave1out"]
    ours, found = leave_one_out(**inputs, method=method, test=test), Comparison(inputs, 1e-8)
    for theirs, name_ in NAMES.items():
        for row, value in enumerate(expected.get(theirs, [])):
            found.value((fit, row), name_, float(ours[name_][row]), value)

    assert found.differences == []
    assert found.count >= 10 * len(inputs["yi"])


@pytest.mark.parametrize("method", UNWEIGHTED)
@given(data=studies(least=2, most=9), draw=st.data())
def test_leaving_out_is_pooling_the_others(method, data, draw):
    """Row i equals `pool` without study i, also where one study is left; NaN stands for None."""
    y, v = data
    options = {"method": method, "test": draw.draw(st.sampled_from(fitting_tests(method))), "level": 0.9}
    centre = [np.mean(np.delete(y, row)) for row in range(len(y))]
    ours = leave_one_out(y, v, **options, mantel_haenszel=centre)

    assert len(ours) == len(y)
    for row in range(len(y)):
        alone = pool(np.delete(y, row), np.delete(v, row), **options, mantel_haenszel=float(centre[row]))
        for name in COLUMNS:
            value = getattr(alone, name)
            expected = np.nan if value is None else value
            assert ours[name][row] == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.median(v), nan_ok=True), name


def test_many_studies_are_worked_on_in_parts(monkeypatch):
    """Parts of a few rows give the same as one part."""
    random = np.random.default_rng(3)
    y, v = random.normal(0, 1, 40), random.uniform(0.1, 1, 40)
    whole = leave_one_out(y, v)
    monkeypatch.setattr(leave_out, "CELLS", 100)

    np.testing.assert_allclose(leave_one_out(y, v)["tau2"], whole["tau2"], rtol=1e-10)
    assert whole.to_frame()["k"].tolist() == [39] * 40


def test_what_cannot_be_left_out():
    """A single study, a DLMH without its estimates, or with too few of them."""
    for given_, message in (
        (([1], [1], {}), "there is one study: nothing remains"),
        (([1, 2], [1, 1], {"method": "DLMH"}), "needs mantel_haenszel: the estimates without each study"),
        (([1, 2], [1, 1], {"method": "DLMH", "mantel_haenszel": [1]}), "must be 2 finite numbers"),
        (([1, 2], [1, 1], {"method": "RML"}), "did you mean 'REML'"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            leave_one_out(*given_[:2], **given_[2])
