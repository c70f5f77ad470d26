"""Sums in which nothing cancels, against exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.pooling import pool
from synthesis.pooling.batch import LONG, batch_from, padded, row_sum

exponents = st.lists(st.integers(-20, 20), min_size=2, max_size=6)


def exact(y, v, tau2=Fraction(0)):
    """Weights 1 / (v + tau2), the weighted mean and Q of numbers taken as they are, in fractions."""
    w = [1 / (Fraction(one) + tau2) for one in v]
    mean = sum(a * Fraction(b) for a, b in zip(w, y, strict=True)) / sum(w)
    return w, mean, sum(a * (Fraction(b) - mean) ** 2 for a, b in zip(w, y, strict=True))


@given(powers=exponents)
def test_traces_are_exact(powers):
    """tr A and tr (A D A D) to 1e-13 of themselves, with precisions up to forty powers of ten apart."""
    v = np.array([10.0**power for power in powers])
    batch = padded(np.zeros(len(v)), v, np.array([0]), np.array([len(v)]))
    w = [Fraction(one) for one in batch.w[0].tolist()]
    matrix = [[a * (i == j) - a * b / sum(w) for j, b in enumerate(w)] for i, a in enumerate(w)]
    square = sum(
        a * b
        for row, column in zip(matrix, zip(*matrix, strict=True), strict=True)
        for a, b in zip(row, column, strict=True)
    )

    assert batch.trace(batch.w)[0] == pytest.approx(float(sum(matrix[i][i] for i in range(len(w)))), rel=1e-13)
    assert batch.trace_of_square(batch.w)[0] == pytest.approx(float(square), rel=1e-13)


@given(powers=exponents, y=st.lists(st.floats(-2, 2), min_size=6, max_size=6))
def test_dersimonian_laird_is_exact(powers, y):
    """tau2, Q, mean and standard error of DL against fractions, with variances up to forty powers of ten apart."""
    v, y = [10.0**power for power in powers], y[: len(powers)]
    w, _, q = exact(y, v)
    tau2 = max(Fraction(0), (q - (len(v) - 1)) / (sum(w) - sum(a * a for a in w) / sum(w)))
    weights, mean, _ = exact(y, v, tau2)
    pooled = pool(y, v, method="DL", test="z")

    assert pooled.q == pytest.approx(float(q), rel=1e-9, abs=1e-9)
    assert pooled.tau2 == pytest.approx(float(tau2), rel=1e-9, abs=1e-9 * min(v))
    assert pooled.estimate == pytest.approx(float(mean), rel=1e-9, abs=1e-9)
    assert pooled.se == pytest.approx(float(1 / sum(weights)) ** 0.5, rel=1e-9)


def test_long_sums_are_the_same():
    """Sums on both sides of the length at which they leave the BLAS library."""
    random = np.random.default_rng(0)
    a, b = random.normal(size=(2, 3, LONG + 1))

    np.testing.assert_allclose(row_sum(a, b), (a * b).sum(axis=-1), rtol=1e-12)
    np.testing.assert_allclose(row_sum(a[:, :LONG], b[:, :LONG]), (a * b)[:, :LONG].sum(axis=-1), rtol=1e-12)


def test_padding_weighs_nothing():
    """A batch counts effects from the most precise study's, and absent studies are 0 everywhere."""
    batch = padded(np.array([3.0, 5.0, 4.0, 7.0]), np.array([2.0, 0.5, 1.0, 4.0]), np.array([0, 3]), np.array([3, 1]))

    assert batch.origin.tolist() == [5.0, 7.0]
    assert batch.y.tolist() == [[-2.0, 0.0, -1.0], [0.0, 0.0, 0.0]]
    assert batch.others.tolist() == [[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    assert batch.present.tolist() == [[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]]
    assert batch.take(np.array([1])).origin.tolist() == [7.0]
    assert batch_from(batch.y, batch.v, batch.w, batch.size, centre=np.array([1.0, 1.0])).centre.tolist() == [1.0, 1.0]
