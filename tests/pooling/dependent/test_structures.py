"""Covariance structures: their matrices, and the derivatives that the likelihood is climbed with."""

import numpy as np
import pytest

from synthesis.pooling.dependent.structures import (
    STRUCTURES,
    covariance,
    covariance_bends,
    covariance_slopes,
    is_linear,
    parameters_of,
)

WORKING = {"variance": 0.7, "deviation": 1.2, "correlation": 0.3, "angle": 1.1}
SIZES = (1, 2, 4)
STEP = 1e-5


def case(code, m):
    """A structure with working values that differ from one another, and distances of at least 1."""
    structure = STRUCTURES[code]
    points = np.array([0.0, 1.0, 2.5, 4.0])[:m] if structure.numeric else np.arange(float(m))
    values = [WORKING[one.kind] for one in parameters_of(structure, m)]
    return structure, np.array(values) * np.linspace(1, 1.3, len(values)), np.abs(points[:, None] - points)


def differences(function, working):
    """Central differences of a function by each of its working values."""
    steps = STEP * np.eye(len(working))
    return np.stack([(function(working + step) - function(working - step)) / (2 * STEP) for step in steps])


@pytest.mark.parametrize("m", SIZES)
@pytest.mark.parametrize("code", STRUCTURES)
def test_a_covariance_matrix_is_symmetric_and_positive(code, m):
    """Every structure gives one, of the size of its levels."""
    g = covariance(*case(code, m))

    assert g.shape == (m, m)
    assert (g == g.T).all()
    assert np.linalg.eigvalsh(g).min() > 0


@pytest.mark.parametrize("m", SIZES)
@pytest.mark.parametrize("code", STRUCTURES)
def test_slopes_are_derivatives(code, m):
    """Against central differences."""
    structure, working, distance = case(code, m)
    expected = differences(lambda at: covariance(structure, at, distance), working)

    assert covariance_slopes(structure, working, distance) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("code", [code for code in STRUCTURES if code not in {"ID", "DIAG"}])
def test_bends_are_second_derivatives(code):
    """Against central differences of the slopes, for the structures that are not linear."""
    structure, working, distance = case(code, 4)
    expected = differences(lambda at: covariance_slopes(structure, at, distance), working)

    assert not is_linear(structure, 4)
    assert covariance_bends(structure, working, distance) == pytest.approx(expected, abs=1e-5)


def test_the_three_kinds_of_autoregression():
    """By steps with one variance and with several, and by the time between."""
    steps = np.abs(np.arange(3.0)[:, None] - np.arange(3.0))
    times = np.abs(np.array([0.0, 1.0, 3.0])[:, None] - np.array([0.0, 1.0, 3.0]))

    assert covariance(STRUCTURES["AR"], np.array([2.0, 0.5]), steps)[0].tolist() == [2.0, 1.0, 0.5]
    assert covariance(STRUCTURES["HAR"], np.array([1.0, 2.0, 3.0, 0.5]), steps)[0].tolist() == [1.0, 1.0, 0.75]
    assert covariance(STRUCTURES["CAR"], np.array([2.0, 0.5]), times)[0].tolist() == [2.0, 1.0, 0.25]


def test_every_correlation_matrix_has_its_angles():
    """The rows of a Cholesky factor of unit length are written as angles and read back."""
    from synthesis.pooling.dependent.variance_components import _all_angles

    half = np.random.default_rng(4).normal(size=(4, 9))
    covariances = half @ half.T
    sd = np.sqrt(np.diag(covariances))
    angles = _all_angles(np.linalg.cholesky(covariances / np.outer(sd, sd)), 4)

    assert covariance(STRUCTURES["UN"], np.concatenate([sd, angles]), np.zeros((4, 4))) == pytest.approx(covariances)
