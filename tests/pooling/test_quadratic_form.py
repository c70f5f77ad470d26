"""The exact distribution of y'Ay against other ways to it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import chdtr, erf

from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.quadratic_form import cdf_and_slope, tau2_at
from tests.pooling import ruben
from tests.pooling.strategies import few_examples, weighted_studies

places = st.floats(0.05, 4)  # in means of the form


def form(v, a, q, tau2=0.0):
    """Probability and slope of one meta-analysis."""
    batch = batch_of_one(np.zeros(len(v)), np.asarray(v))
    found = cdf_and_slope(batch, np.asarray(a)[None, :], np.array([q]), np.array([tau2]))
    return tuple(float(one[0]) for one in found)


@given(k=st.integers(2, 40), v=st.floats(0.01, 10), tau2=st.floats(0, 10), place=places)
def test_equal_weights_give_chi_squared(k, v, tau2, place):
    """With equal variances and weights 1 / v it is (v + tau2) / v times chi-squared on k - 1 degrees of freedom."""
    scale = (v + tau2) / v
    q = place * scale * (k - 1)

    assert form([v] * k, [1 / v] * k, q, tau2)[0] == pytest.approx(chdtr(k - 1, q / scale), abs=1e-12)


@given(d=st.tuples(st.floats(0.1, 5), st.floats(0.1, 5)), place=places)
def test_two_eigenvalues(d, place):
    """Three studies, two of them alike: two eigenvalues, whose distribution is a single integral.

    P = E erf(sqrt((q - c z^2) / 2b)) for standard normal z; z = sqrt(q / c) sin t makes it smooth.
    """
    v, a = np.array([d[0], d[0], d[1]]), np.ones(3)
    c, b = ruben.eigenvalues(a, v)
    q = place * (c + b)
    reach = np.sqrt(q / c)

    def part(t):
        density = np.exp(-0.5 * (reach * np.sin(t)) ** 2) / np.sqrt(2 * np.pi)
        return erf(np.sqrt(q / (2 * b)) * np.cos(t)) * density * reach * np.cos(t)

    exact, _ = quad(part, -np.pi / 2, np.pi / 2, epsabs=1e-14, epsrel=1e-13)
    assert form(v, a, q)[0] == pytest.approx(exact, abs=1e-11)


@few_examples
@given(data=weighted_studies(most=8), tau2=st.floats(0.05, 3), place=places)
def test_any_weights(data, tau2, place):
    """Any weights and variances, against Ruben's series where its eigenvalues let it converge."""
    _, v, a = data
    scales = ruben.eigenvalues(a, v + tau2)
    q = place * scales.sum()
    if scales[-1] < 150 * scales[0]:
        assert form(v, a, q, tau2)[0] == pytest.approx(ruben.probability(a, v + tau2, q), abs=1e-11)


@few_examples
@given(data=weighted_studies(), tau2=st.floats(0.05, 3), place=places)
def test_the_slope_is_that_of_the_probability(data, tau2, place):
    """The derivative in tau2, against the difference of two probabilities."""
    _, v, a = data
    q, h = place * ruben.eigenvalues(a, v + tau2).sum(), 1e-4 * tau2
    before, after = (form(v, a, q, tau2 + step)[0] for step in (-h, h))
    slope = form(v, a, q, tau2)[1]

    assert slope <= 1e-12
    assert slope == pytest.approx((after - before) / (2 * h), rel=1e-5, abs=1e-8 / h * 1e-3)


@few_examples
@given(data=weighted_studies(), tau2=st.floats(0, 3), factor=st.floats(1e-6, 1e6), place=places)
def test_the_unit_of_the_weights_does_not_matter(data, tau2, factor, place):
    """Weights and form times a factor leave the probability."""
    _, v, a = data
    q = place * ruben.eigenvalues(a, v + tau2).sum()

    assert form(v, factor * a, factor * q, tau2)[0] == pytest.approx(form(v, a, q, tau2)[0], abs=1e-12)


@few_examples
@given(v=st.lists(st.floats(0.1, 5), min_size=2, max_size=6), place=places)
def test_a_study_without_weight_adds_nothing(v, place):
    """The form of some studies is that of all with weight 0 for the others."""
    v = np.array(v)
    q = place * ruben.eigenvalues(np.ones(len(v)), v).sum()
    more, none = np.append(v, [0.3, 2.0]), np.append(np.ones(len(v)), [0.0, 0.0])

    assert form(more, none, q)[0] == pytest.approx(form(v, np.ones(len(v)), q)[0], abs=1e-12)


@few_examples
@given(data=weighted_studies(), probability=st.sampled_from([0.025, 0.5, 0.975]))
def test_tau2_at_undoes_the_probability(data, probability):
    """The probability at the tau2 that is found is the one asked for; at 0 it is not larger."""
    y, v, a = data
    batch = batch_of_one(y, v)
    q = batch.form(a[None, :], batch.y)
    found = tau2_at(batch, a[None, :], q, probability)

    assert found.converged.all()
    if found.value[0] > 0:
        assert form(v, a, q[0], found.value[0])[0] == pytest.approx(probability, abs=1e-10)
    elif q[0] > 0:
        assert form(v, a, q[0])[0] <= probability + 1e-10
