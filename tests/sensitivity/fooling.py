"""Studies made to fool the methods for small-study effects and selection, and what the reference is compared by."""

import numpy as np

from tests.pooling.reference import agrees, blocks, is_target

REFERENCE = {block["id"]: block for block in blocks("publication_bias")}
WIDE = np.geomspace(0.01, 0.5, 30)  # variances of small studies beside large ones


def columns(name):
    """Effects and variances of one data set of the reference."""
    inputs = REFERENCE[name]["inputs"]
    return np.array(inputs["yi"]), np.array(inputs["vi"])


def even(k):
    """Errors of k studies that are spread as normal ones are, in an order that has nothing to do with k."""
    from scipy.special import ndtri

    return ndtri((np.argsort(np.arange(k) * 0.6180339887 % 1) + 0.5) / k)


def unbiased():
    """Thirty studies of one effect, without any bias."""
    return 0.2 + even(30) * np.sqrt(WIDE), WIDE


def one_outlier():
    """The same with a smallest study far off."""
    y, v = unbiased()
    return np.append(y[:-1], 6.0), v


def two_clusters():
    """Large studies of one population and small studies of another, each without any bias."""
    y, v = unbiased()
    return y + np.where(v > 0.07, 1.0, 0.0), v


def pure_selection():
    """No effect at all, and of many studies only those that are significant and positive."""
    random = np.random.default_rng(5)
    v = np.repeat(WIDE, 40)
    y = random.standard_normal(len(v)) * np.sqrt(v)
    found = y > 1.96 * np.sqrt(v)
    return y[found], v[found]


def three():
    """Three studies."""
    return np.array([0.1, 0.4, 0.9]), np.array([0.01, 0.05, 0.2])


def alike():
    """Twelve studies with effects that do not differ beyond chance, so that tau^2 is 0."""
    v = np.geomspace(0.01, 0.5, 12)
    return 0.2 + 0.2 * even(12) * np.sqrt(v), v


class Counted:
    """Compares with the reference as its README asks; counts, and keeps what differs."""

    def __init__(self, name, rtol=1e-8):
        self.typical, self.rtol = float(np.median(columns(name)[1])), rtol
        self.count, self.differences = 0, []

    def value(self, name, ours, expected):
        """One number, if the reference has it."""
        if is_target(expected):
            self.count += 1
            if not agrees(name, ours, expected, rtol=self.rtol, typical=self.typical):
                self.differences.append((name, ours, expected))


HALOPERIDOL = np.array([
    # responded, failed, dropped out: haloperidol, then placebo; Joy's trials as in the tutorial of Balduzzi and others
    # (2019), which the tests know from a public rerun of its commands (R: meta 4.15-1, metasens 0.5-0), not from print
    [25, 25, 2, 18, 33, 0], [29, 18, 22, 20, 14, 34], [12, 17, 1, 2, 28, 1], [3, 9, 0, 0, 12, 0],
    [10, 11, 0, 3, 19, 0], [11, 8, 0, 1, 14, 0], [7, 18, 1, 4, 21, 1], [8, 9, 0, 3, 10, 0], [19, 45, 2, 14, 50, 2],
    [1, 9, 0, 0, 10, 0], [11, 23, 3, 0, 13, 0], [20, 9, 0, 2, 9, 0], [17, 1, 11, 7, 4, 18], [4, 10, 0, 0, 13, 1],
    [2, 14, 0, 0, 7, 1], [11, 1, 0, 1, 11, 0], [9, 20, 1, 0, 29, 1],
], dtype=float)  # fmt: skip


def haloperidol():
    """Log risk ratios of Joy's 17 trials, and their variances, with the zeros as the R package meta treats them."""
    a, b, _, c, d, _ = HALOPERIDOL.T
    extra = np.where((a == 0) | (b == 0) | (c == 0) | (d == 0), 0.5, 0.0)
    a, c, n1, n2 = a + extra, c + extra, a + b + extra, c + d + extra
    return np.log(a / n1) - np.log(c / n2), 1 / a - 1 / n1 + 1 / c - 1 / n2
