"""Inputs of the laws of pooling."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from synthesis import pooling
from synthesis.pooling import TAU2, TESTS

WEIGHTED = ("GENQ", "GENQM")  # estimators that need weights of the user's own
UNWEIGHTED = [method for method in TAU2 if method not in WEIGHTED]
few_examples = settings(max_examples=settings().max_examples // 10)  # for laws that are tried on every estimator
effects = st.floats(-3, 3).map(lambda value: round(value, 3))
variances = st.floats(-3, 1).map(lambda exponent: float(f"{10**exponent:.3g}"))
shares = st.floats(-2, 1).map(lambda exponent: float(f"{10**exponent:.3g}"))


def column(draw, values, k):
    """k drawn values."""
    return np.array(draw(st.lists(values, min_size=k, max_size=k)))


@st.composite
def studies(draw, least=2, most=12):
    """Effects and sampling variances of a few studies; the variances may differ ten thousandfold."""
    k = draw(st.integers(least, most))
    return column(draw, effects, k), column(draw, variances, k)


@st.composite
def weighted_studies(draw, least=2, most=12):
    """The same with weights of the user's own, which may differ a thousandfold."""
    y, v = draw(studies(least, most))
    return y, v, column(draw, shares, len(y))


def fitting_tests(method):
    """The tests that go with an estimator."""
    return [test for test in TESTS if test != "kr" or method == "REML"]


def needs(method, y, v, a):
    """What an estimator needs beside y and v: weights, or a centre, the weighted mean shifted a little."""
    if method in WEIGHTED:
        return {"weights": a}
    if method == "DLMH":
        return {"mantel_haenszel": np.average(y, weights=1 / v) + 0.1 * np.sqrt(np.median(v))}
    return {}


def pool(y, v, a, *, method, **options):
    """As `pooling.pool`, with what the method needs."""
    return pooling.pool(y, v, method=method, **needs(method, y, v, a), **options)
