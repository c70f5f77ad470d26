"""Inputs of the laws of pooling."""

import numpy as np
from hypothesis import strategies as st

from synthesis import pooling

effects = st.floats(-3, 3).map(lambda value: round(value, 3))
variances = st.floats(-3, 1).map(lambda exponent: float(f"{10**exponent:.3g}"))


@st.composite
def studies(draw, least=2, most=12):
    """Effects and sampling variances of a few studies; the variances may differ ten thousandfold."""
    k = draw(st.integers(least, most))
    return (
        np.array(draw(st.lists(effects, min_size=k, max_size=k))),
        np.array(draw(st.lists(variances, min_size=k, max_size=k))),
    )


def pool(y, v, *, method, test="adhoc"):
    """As `pool`; DLMH gets the weighted mean of y shifted a little, in the unit of y, as its centre."""
    centre = np.average(y, weights=1 / v) + 0.1 * np.sqrt(np.median(v)) if method == "DLMH" else None
    return pooling.pool(y, v, method=method, test=test, mantel_haenszel=centre)
