"""Against solutions with 40 digits, from the same numbers taken as exact."""

import mpmath
import pytest
from mpmath import mp, mpf

from synthesis.pooling import pool
from tests.pooling.reference import blocks

NAMES = ("bcg_rr", "normand1999_md", "raudenbush1985_smd", "hackshaw1998_or", "li2007_or", "pignon2000_hr")
DATA = {block["id"]: block["inputs"] for block in blocks("pooling") if block["id"] in NAMES}
METHODS = ("DL", "HE", "SJ", "PM", "EB", "ML", "REML")
DIGITS = 40


def close(ours, exact):
    return abs(mpf(ours) - exact) <= mpf("1e-10") * abs(exact)


class Exact:
    """The formulas, in exact variances and effects."""

    def __init__(self, name):
        self.y, self.v = ([mpf(one) for one in DATA[name][column]] for column in ("yi", "vi"))
        self.k = len(self.y)

    def weighted(self, tau2):
        """Weights, mean and residuals at tau2."""
        w = [1 / (v + tau2) for v in self.v]
        mean = mp.fdot(w, self.y) / mp.fsum(w)
        return w, mean, [y - mean for y in self.y]

    def q(self, tau2):
        w, _, r = self.weighted(tau2)
        return mp.fsum(a * b**2 for a, b in zip(w, r, strict=True))

    def score(self, tau2, *, restricted):
        """Twice the slope of the log-likelihood."""
        w, _, r = self.weighted(tau2)
        squares = mp.fsum((a * b) ** 2 for a, b in zip(w, r, strict=True))
        return squares - mp.fsum(w) + (mp.fsum(a**2 for a in w) / mp.fsum(w) if restricted else 0)

    def spread(self):
        """Sum of squares of y about its plain mean."""
        plain = mp.fsum(self.y) / self.k
        return mp.fsum((y - plain) ** 2 for y in self.y)

    def moments(self, method):
        """The estimators that are formulas."""
        if method == "DL":
            s1, s2 = (mp.fsum(v**-power for v in self.v) for power in (1, 2))
            return max(mpf(0), (self.q(mpf(0)) - (self.k - 1)) / (s1 - s2 / s1))
        if method == "HE":
            return max(mpf(0), self.spread() / (self.k - 1) - mp.fsum(self.v) / self.k)
        first = self.spread() / self.k
        return first * self.q(first) / (self.k - 1)

    def tau2(self, method, near):
        """Any estimator; one that is a root is looked for within a tenth of `near`."""
        equations = {
            "PM": lambda t: self.q(t) - (self.k - 1),
            "EB": lambda t: self.q(t) - (self.k - 1),
            "ML": lambda t: self.score(t, restricted=False),
            "REML": lambda t: self.score(t, restricted=True),
        }
        return root(equations[method], near) if method in equations else self.moments(method)


def root(equation, near):
    """A root within a tenth of `near`; an error where the equation has one sign there."""
    low, high = mpf(near) * mpf("0.9"), mpf(near) * mpf("1.1")
    assert equation(low) * equation(high) < 0
    return mpmath.findroot(equation, (low, high), solver="anderson", tol=mpf(10) ** (-2 * DIGITS + 20), verify=False)


def chi_squared_quantile(df, p, near):
    """The quantile, from the incomplete gamma function."""
    return root(lambda x: mpmath.gammainc(mpf(df) / 2, 0, x / 2, regularized=True) - p, near)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NAMES)
def test_tau2_and_mean(name, method):
    """tau2, the mean, its standard error, Q, I2 and H2 to 1e-10 of themselves."""
    with mp.workdps(DIGITS):
        exact, ours = Exact(name), pool(DATA[name]["yi"], DATA[name]["vi"], method=method, test="z")
        tau2 = exact.tau2(method, ours.tau2)
        w, mean, _ = exact.weighted(tau2)
        s1, s2 = (mp.fsum(v**-power for v in exact.v) for power in (1, 2))
        typical = (exact.k - 1) / (s1 - s2 / s1)

        assert close(ours.tau2, tau2)
        assert close(ours.estimate, mean)
        assert close(ours.se, 1 / mp.sqrt(mp.fsum(w)))
        assert close(ours.q, exact.q(mpf(0)))
        assert close(ours.i2, 100 * tau2 / (typical + tau2))
        assert close(ours.h2, 1 + tau2 / typical)


@pytest.mark.parametrize("name", NAMES)
def test_q_profile(name):
    """Both ends of the Q-profile interval to 1e-10 of themselves; hackshaw1998_or begins at 0."""
    with mp.workdps(DIGITS):
        exact, ours = Exact(name), pool(DATA[name]["yi"], DATA[name]["vi"])
        df, q0 = exact.k - 1, exact.q(mpf(0))
        for end, p in ((ours.tau2_ci_low, mpf("0.975")), (ours.tau2_ci_high, mpf("0.025"))):
            target = chi_squared_quantile(df, p, exact.q(mpf(end)) if end else mpf(df) * mpf("1.4"))
            if end:
                assert close(end, root(lambda t, target=target: exact.q(t) - target, end))
            else:
                assert (name, q0 < target) == ("hackshaw1998_or", True)
