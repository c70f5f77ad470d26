"""Pooled effects under assumed selection."""

import json

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.selection import SELECTIONS, assumed_selection
from tests.sensitivity.fooling import three
from tests.sensitivity.selection.printed import COHEN_N, COHEN_R, fisher_z


def test_student_ratings():
    """Estimates and tau^2 of four selections as metafor tests them (test_misc_selmodel.r, Vevea and Woods' weights)."""
    found = assumed_selection(*fisher_z(COHEN_R, COHEN_N))

    assert found.selection.tolist() == list(SELECTIONS)
    assert found.estimate[1:] == pytest.approx([0.351894, 0.321518, 0.362019, 0.33218], abs=2e-5)
    assert found.tau2[1:] == pytest.approx([0.0045, 0.009544, 0.002774, 0.005652], abs=2e-5)


def test_the_first_row_is_without_selection():
    """The row "none" is the estimate by maximum likelihood; the mirror has the other sign."""
    from synthesis.pooling import pool

    y, v = fisher_z(COHEN_R, COHEN_N)
    plain, mirror = pool(y, v, method="ML", test="z"), assumed_selection(-y, v, alternative="less")

    assert assumed_selection(y, v).estimate[0] == pytest.approx(plain.estimate, rel=1e-6)
    assert mirror.estimate == pytest.approx(-assumed_selection(y, v).estimate, rel=1e-9)


def test_three_studies_are_enough_for_a_what_if():
    """Nothing is estimated about selection, and the verdict says that no row is the answer."""
    found = assumed_selection(*three())

    assert found.usable
    assert "no row is the answer" in found.verdict
    json.dumps(found.to_dict(), allow_nan=False)


def test_selections_of_ones_own_and_none():
    """Weights with their own steps; an empty mapping is refused."""
    y, v = fisher_z(COHEN_R, COHEN_N)
    found = assumed_selection(y, v, selections={"half": (1, 0.5), "tenth": (1, 0.1)}, steps=(0.025, 1))

    assert np.all(np.diff(found.estimate) < 0)
    with pytest.raises(InvalidArgument, match="selections is empty"):
        assumed_selection(y, v, selections={})
    with pytest.raises(InvalidArgument, match="must be a mapping"):
        assumed_selection(y, v, selections=5)
    with pytest.raises(InvalidArgument, match="'open' must have a weight for each"):
        assumed_selection(y, v, selections={"open": (1, None)}, steps=(0.025, 1))


def test_a_weight_of_0_where_studies_are():
    """Such a study could not be there: refused, with its row."""
    with pytest.raises(InvalidArgument, match=r"holds studies.*rows 1, 2"):
        assumed_selection([0.5, 0.3, 0.9], [0.1, 0.2, 0.1], selections={"none": (1,) + (0,) * 13})
