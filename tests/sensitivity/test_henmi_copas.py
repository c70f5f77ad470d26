"""The interval of Henmi and Copas."""

import json
from itertools import pairwise

import numpy as np
import pytest
from mpmath import mp
from scipy.integrate import quad
from scipy.special import gammainc

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity.small_studies.henmi_copas import henmi_copas
from tests.sensitivity import fooling
from tests.sensitivity.fooling import REFERENCE, Counted, columns

EXACT = {"b": "estimate", "se": "se", "tau2": "tau2"}
BOUNDS = {"ci.lb": "ci_low", "ci.ub": "ci_high"}
LOOSE = {"hackshaw1998_or", "li2007_or"}  # whose bounds metafor's integral leaves 1.0e-8 and 1.8e-8 off, see below


def compared(name, fields):
    """Fields of one data set, compared."""
    seen, found = Counted(name), henmi_copas(*columns(name))
    for theirs, ours in fields.items():
        seen.value(ours, getattr(found, ours), REFERENCE[name]["outputs"]["henmi_copas"][theirs])
    return seen


@pytest.mark.parametrize("name", REFERENCE)
def test_hc_of_metafor(name):
    """Estimate, standard error and tau^2 of six data sets, and the bounds of four of them."""
    assert compared(name, EXACT if name in LOOSE else EXACT | BOUNDS).differences == []


def test_how_much_of_the_reference_is_compared():
    """30 numbers: 26 to 1e-8, and four bounds to 2e-8 of them, where the reference is off."""
    counted = sum(compared(name, EXACT | BOUNDS).count for name in REFERENCE)
    off = [one for name in LOOSE for one in compared(name, BOUNDS).differences]

    assert counted == 30
    assert all(abs(ours / theirs - 1) < 2e-8 for _, ours, theirs in off)
    assert 1 <= len(off) <= 4


def matrices(v, tau2):
    """Q's matrix A, the covariance S of the effects, and their covariance c with the mean."""
    w = 1 / v
    return np.diag(w) - np.outer(w, w) / w.sum(), np.diag(v + tau2), (1 + tau2 * w) / w.sum()


def exceeded(v, tau2, t):
    """P(U > t) by adaptive quadrature, with the conditional moments of Q from its matrices."""
    a, s, c = matrices(v, tau2)
    variance, w = (1 + tau2 * np.sum(1 / v**2) / np.sum(1 / v)) / np.sum(1 / v), 1 / v
    left = a @ (s - np.outer(c, c) / variance)
    w2, df = np.sum(w**2) / w.sum(), len(v) - 1
    g = variance * w.sum()

    def height(r):
        mean = np.trace(left) + r**2 * (c @ a @ c) / variance
        spread = 2 * np.trace(left @ left) + 4 * r**2 * (c @ a @ (s - np.outer(c, c) / variance) @ a @ c) / variance
        bound = (w.sum() - w2) / w2 * (r**2 * g / t**2 - 1) + df
        return gammainc(mean**2 / spread, bound * mean / spread) * np.exp(-(r**2) / 2) / np.sqrt(2 * np.pi)

    start = t / np.sqrt(g)
    edges = start + np.array([0, 0.25, 1, 3, 10, 40])
    return sum(quad(height, *edge, epsabs=0, epsrel=1e-12)[0] for edge in pairwise(edges))


@pytest.mark.parametrize("name", REFERENCE)
def test_the_bounds_are_the_point_where_the_tail_is_one_fortieth(name):
    """Independent moments and quadrature: P(U > t) is 0.025, and nearer to it than the reference where that is off."""
    y, v = columns(name)
    found, expected = henmi_copas(y, v), REFERENCE[name]["outputs"]["henmi_copas"]
    ours, theirs = (
        abs(exceeded(v, found.tau2, (high - found.estimate) / found.se) - 0.025)
        for high in (found.ci_high, expected["ci.ub"])
    )

    assert ours < 1e-12
    assert ours <= theirs or name not in LOOSE


def test_without_heterogeneity_it_is_nearly_the_z_interval():
    """With tau^2 = 0 it is a little narrower than that of the equal-effects model, and says that this is better."""
    y, v = fooling.alike()
    found, plain = henmi_copas(y, v), pool(y, v, method="EE", test="z")
    widths = found.ci_high - found.ci_low, plain.ci_high - plain.ci_low

    assert (found.tau2, found.estimate) == (0.0, pytest.approx(plain.estimate))
    assert 0.9 < widths[0] / widths[1] < 1
    assert "narrower than the equal-effects interval" in found.reason("ci_low")
    assert "tau2 is 0" in found.verdict.names


def test_it_covers_what_it_promises():
    """Of 150 meta-analyses of 20 studies with tau 0.3 about 95 % hold the mean (seeded; three standard errors)."""
    random, held = np.random.default_rng(2), []
    for _ in range(150):
        v = random.uniform(0.02, 0.6, 20)
        found = henmi_copas(random.standard_normal(20) * np.sqrt(v + 0.09), v)
        held.append(found.ci_low <= 0 <= found.ci_high)

    assert abs(np.mean(held) - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 150)


@pytest.mark.parametrize(
    ("studies_", "cautions"),
    [
        (fooling.one_outlier, {"one study far away"}),
        (fooling.three, {"few studies"}),
        (fooling.alike, {"tau2 is 0"}),
    ],
)
def test_on_studies_made_to_fool_it(studies_, cautions):
    """A small outlier hardly moves it; few studies and tau^2 = 0 are told."""
    found = henmi_copas(*studies_())

    assert set(found.verdict.names) >= cautions
    assert found.ci_low < found.estimate < found.ci_high


def test_a_small_outlier_moves_it_less_than_random_effects():
    """Its estimate keeps the weights of the equal-effects model."""
    moved = [henmi_copas(*studies_()).estimate for studies_ in (fooling.unbiased, fooling.one_outlier)]
    pooled = [pool(*studies_()).estimate for studies_ in (fooling.unbiased, fooling.one_outlier)]

    assert abs(moved[1] - moved[0]) < abs(pooled[1] - pooled[0])


def test_selection_of_all_that_is_significant_is_not_undone():
    """No effect, of which only significant results are left: it does not hold 0, and says what it cannot tell."""
    found = henmi_copas(*fooling.pure_selection())

    assert found.ci_low > 0
    assert "not against all" in found.verdict.cannot_tell


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_a_change_of_units_changes_nothing_but_units(unit):
    """Bounds have the new unit."""
    y, v = columns("bcg_rr")
    one, other = henmi_copas(y, v), henmi_copas(unit * y, unit**2 * v)

    assert (other.ci_low, other.ci_high) == (
        pytest.approx(unit * one.ci_low, rel=1e-10), pytest.approx(unit * one.ci_high, rel=1e-10),
    )  # fmt: skip


def test_what_is_refused_and_what_is_given():
    """One study is refused; two have an interval; the result is text and JSON."""
    with pytest.raises(InvalidArgument, match="at least two studies"):
        henmi_copas([0.1], [0.2])
    with pytest.raises(InvalidArgument, match="level must be between 0 and 1"):
        henmi_copas([0.1, 0.2], [0.2, 0.1], level=95)
    found = henmi_copas([0.1, 0.9], [0.2, 0.1], level=0.9)
    assert "verdict: " in found.summary()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["level"] == 0.9


def exactly(y, v, high):
    """P(U > t) at an upper bound, in 30 digits from the matrices, by quadrature in panels that double."""
    with mp.workdps(30):
        y, v = ([mp.mpf(one) for one in column] for column in (y, v))
        w, k = [1 / one for one in v], len(v)
        total, w2 = sum(w), sum(one**2 for one in w) / sum(w)
        mean = sum(a * b for a, b in zip(w, y, strict=True)) / total
        q = sum(a * (b - mean) ** 2 for a, b in zip(w, y, strict=True))
        tau2 = max(0, (q - (k - 1)) / (total - w2))
        a = mp.diag(w) - mp.matrix(w) * mp.matrix(w).T / total
        s, c = mp.diag([one + tau2 for one in v]), mp.matrix([(1 + tau2 * one) / total for one in w])
        variance = (1 + tau2 * w2) / total
        rest, along = s - c * c.T / variance, a * c
        left = a * rest
        of_r2 = (c.T * along)[0] / variance, 4 * (along.T * rest * along)[0] / variance
        plain = sum(left[i, i] for i in range(k)), 2 * sum((left * left)[i, i] for i in range(k))
        start = (high - mean) / mp.sqrt(variance) / mp.sqrt(variance * total)

        def height(r):
            mean_q, of_q = (one + two * r**2 for one, two in zip(plain, of_r2, strict=True))
            bound = (total - w2) / w2 * ((r / start) ** 2 - 1) + k - 1
            return mp.gammainc(mean_q**2 / of_q, 0, bound * mean_q / of_q, regularized=True) * mp.npdf(r)

        return float(mp.quad(height, [start, *(start + mp.mpf(2) ** n for n in range(int(mp.log(start, 2)) - 2, 4))]))


@pytest.mark.parametrize(
    ("y", "v"),
    [
        ([-0.26158675, 1.16331247], [1.97e-5, 4.13e-14]),
        ([0.0, 1.0], [1e-5, 1e-12]),
        ([0.0, 1.0, 3.0], [1e-5, 1e-12, 1.0]),
    ],
)
def test_one_study_that_is_far_more_precise(y, v):
    """The interval has a width, and the tail beyond its bound is .025 in arithmetic of 30 digits."""
    found = henmi_copas(y, v)

    assert found.ci_high - found.ci_low > found.se
    assert exactly(y, v, found.ci_high) == pytest.approx(0.025, rel=1e-10)


@pytest.mark.parametrize("least", [1e-20, 1e-40, 1e-80])
def test_a_study_without_error_has_a_limit(least):
    """As the variance of one study falls to 0, the interval comes to rest, and nothing is divided by 0."""
    near, limit = (henmi_copas([0.0, 1.0], [1e-5, one]) for one in (1e-12, least))

    assert limit.ci_low == pytest.approx(near.ci_low, rel=1e-5)
    assert limit.ci_high == pytest.approx(near.ci_high, rel=1e-5)
