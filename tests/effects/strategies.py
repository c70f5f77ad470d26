"""Inputs of the laws of effects."""

import numpy as np
from hypothesis import strategies as st


@st.composite
def tables(draw, least=1, most=8, zeros=True):
    """Events and sizes of both groups, (ai, n1i, ci, n2i); without `zeros` no cell is 0."""
    k, edge = draw(st.integers(least, most)), 0 if zeros else 1
    sizes = [draw(st.integers(2, 400)) for _ in range(2 * k)]
    events = [draw(st.integers(edge, n - edge)) for n in sizes]
    return tuple(np.array(column) for column in (events[:k], sizes[:k], events[k:], sizes[k:]))


@st.composite
def arms(draw, least=2, most=5):
    """Sizes, means and standard deviations of several arms."""
    a = draw(st.integers(least, most))
    return (
        np.array([draw(st.integers(2, 200)) for _ in range(a)]),
        np.array([draw(st.floats(-50, 50)) for _ in range(a)]),
        np.array([draw(st.floats(0.1, 20)) for _ in range(a)]),
    )
