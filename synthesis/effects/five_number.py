"""Means and standard deviations from medians, quartiles and ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from synthesis.effects.columns import BoolArray, FloatArray, check_known, refuse
from synthesis.effects.convert import arrays, or_absent
from synthesis.effects.effect import RowNote, note_rows, notes_text, plain_notes, plain_numbers
from synthesis.text import decimal, table

FEWEST = 5  # people; the methods are not made for fewer
DISTRIBUTIONS = ("normal", "lognormal")
SCENARIOS = {1: "range", 2: "quartiles", 3: "range and quartiles"}


@dataclass(frozen=True, slots=True)
class Quantiles:
    """What reports print of a sample, each of one shape; NaN where they do not."""

    low: FloatArray
    q1: FloatArray
    median: FloatArray
    q3: FloatArray
    high: FloatArray
    n: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class EstimatedMeans:
    """Means and standard deviations of the shape of what was given; NaN where there is none, with its reason."""

    mean: FloatArray
    sd: FloatArray  # standard deviation, not standard error
    scenario: FloatArray  # 1: range, 2: quartiles, 3: both, NaN: neither
    skewness: FloatArray  # statistic of the test for skewness, 0 or above; NaN where it cannot be tested
    critical: FloatArray  # a statistic above it is significant at 5 %
    notes: tuple[RowNote, ...] = ()

    def __len__(self) -> int:
        """How many samples there are, those without an estimate included."""
        return self.mean.size

    @property
    def skewed(self) -> BoolArray:
        """Which samples are skewed, by the test."""
        skewed: BoolArray = self.skewness >= self.critical
        return skewed

    @property
    def dropped(self) -> tuple[RowNote, ...]:
        """The notes of the samples that have no estimate."""
        return tuple(note for note in self.notes if note.dropped)

    def summary(self) -> str:
        """The estimates as text, one a line, and the notes below."""
        rows = [
            [str(row + 1), decimal(mean), decimal(sd), SCENARIOS.get(int(np.nan_to_num(kind)), "-")]
            for row, (mean, sd, kind) in enumerate(
                zip(self.mean.ravel().tolist(), self.sd.ravel().tolist(), self.scenario.ravel().tolist(), strict=True)
            )
        ]
        return table(["row", "mean", "sd", "from"], rows, numeric=range(3)) + notes_text(self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Columns and notes as plain values, fit for JSON; what is absent is None, and the first row is 1."""
        names = ("mean", "sd", "scenario", "skewness", "critical")
        return {name: plain_numbers(getattr(self, name)) for name in names} | {"notes": plain_notes(self.notes)}


def range_width(n: FloatArray) -> FloatArray:
    """Expected range of n normal numbers in standard deviations, about (Wan et al. 2014, equation 9)."""
    width: FloatArray = 2 * ndtri((n - 0.375) / (n + 0.25))
    return width


def quartile_width(n: FloatArray) -> FloatArray:
    """Expected distance of the quartiles in standard deviations, about (Wan et al. 2014, equation 16)."""
    width: FloatArray = 2 * ndtri((0.75 * n - 0.125) / (n + 0.25))
    return width


def means(given: Quantiles, scenario: FloatArray) -> FloatArray:
    """Means as weighted sums of the mid-range, the mid-quartile and the median.

    References
    ----------
    Luo D, Wan X, Liu J, Tong T (2018). Optimally estimating the sample mean from the sample size, median, mid-range,
    and/or mid-quartile range. Statistical Methods in Medical Research 27(6), 1785-1805; equations 7, 11 and 15.
    """
    n, middle = given.n, given.median
    by_range, by_quartiles = (given.low + given.high) / 2 - middle, (given.q1 + given.q3) / 2 - middle
    from_range = middle + 4 / (4 + n**0.75) * by_range
    from_quartiles = middle + (0.7 + 0.39 / n) * by_quartiles
    from_both = middle + 2.2 / (2.2 + n**0.75) * by_range + (0.7 - 0.72 / n**0.55) * by_quartiles
    return _chosen(scenario, from_range, from_quartiles, from_both)


def deviations(given: Quantiles, scenario: FloatArray) -> FloatArray:
    """Standard deviations from the range, the quartiles, or both.

    References
    ----------
    Wan X, Wang W, Liu J, Tong T (2014). Estimating the sample mean and standard deviation from the sample size,
    median, range and/or interquartile range. BMC Medical Research Methodology 14, 135; equations 9 and 16.
    Shi J, Luo D, Weng H, et al. (2020). Optimally estimating the sample standard deviation from the five-number
    summary. Research Synthesis Methods 11(5), 641-654; equation 10.
    """
    n = given.n
    by_range, by_quartiles = (given.high - given.low) / range_width(n), (given.q3 - given.q1) / quartile_width(n)
    share = 1 / (1 + 0.07 * n**0.6)
    return _chosen(scenario, by_range, by_quartiles, share * by_range + (1 - share) * by_quartiles)


def skewness_test(given: Quantiles, scenario: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Statistic and 5 % critical value of the test for skewness; NaN where the values do not differ.

    References
    ----------
    Shi J, Luo D, Wan X, et al. (2023). Detecting the skewness of data from the five-number summary and its
    application in meta-analysis. Statistical Methods in Medical Research 32(7), 1338-1360. Constants as in metafor.
    """
    n = given.n
    by_range = _asymmetry(given.low, given.median, given.high)
    by_quartiles = _asymmetry(given.q1, given.median, given.q3)
    weight = 2.65 * np.log(0.6 * n) / np.sqrt(n)
    statistic = _chosen(scenario, by_range, by_quartiles, np.maximum(weight * by_range, by_quartiles))
    critical = _chosen(
        scenario, 1 / np.log(n + 9) + 2.5 / (n + 1), 2.65 / np.sqrt(n) - 6 / n**2, 3 / np.sqrt(n) - 40 / n**3
    )
    return statistic, critical


def _asymmetry(low: FloatArray, middle: FloatArray, high: FloatArray) -> FloatArray:
    """|low + high - 2 middle| / (high - low)."""
    width = high - low
    nothing = np.full_like(width, np.nan)
    ratio: FloatArray = np.divide(np.abs((high - middle) - (middle - low)), width, out=nothing, where=width > 0)
    return ratio


def _chosen(
    scenario: FloatArray, from_range: FloatArray, from_quartiles: FloatArray, from_both: FloatArray
) -> FloatArray:
    """Row by row, the value for its scenario."""
    return np.select([scenario == 1, scenario == 2, scenario == 3], [from_range, from_quartiles, from_both], np.nan)


# Shi et al. (2020), log-normal: per scenario, the correction of the variance of the logs, that of its square, and
# the factors of variance and square in the three denominators (of the mean; of the two parts of the variance).
VARIANCE_CORRECTION: Mapping[int, Callable[[FloatArray], FloatArray]] = {
    1: lambda n: 1.01 + 0.25 / np.log(n) ** 2,
    2: lambda n: 1 + 1.58 / n,
    3: lambda n: 1 + 0.28 / np.log(n) ** 2,
}
SQUARE_CORRECTION: Mapping[int, Callable[[FloatArray], FloatArray]] = {
    1: lambda n: 1 + 2.23 / np.log(n) ** 2,
    2: lambda n: 1 + 19.2 / n**1.2,
    3: lambda n: 1 + 3.93 / n,
}
FACTORS = {
    1: ((0.565, 0.37), (2.26, 5.92), (2.26, 1.48)),
    2: ((0.57, 0.75), (2.28, 12.0), (2.28, 3.0)),
    3: ((0.405, 0.315), (1.62, 5.04), (1.62, 1.26)),
}


def lognormal(mean: FloatArray, sd: FloatArray, n: FloatArray, scenario: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of log-normal data from those of their logs, with the bias of each part taken out.

    References
    ----------
    Shi J, Tong T, Wang Y, Genton MG (2020). Estimating the mean and variance from the five-number summary of a
    log-normal distribution. Statistics and Its Interface 13(4), 519-531.
    """
    found_mean, found_sd = np.full_like(mean, np.nan), np.full_like(sd, np.nan)
    for kind, factors in FACTORS.items():
        variance = sd**2 / VARIANCE_CORRECTION[kind](n)
        square = sd**4 / SQUARE_CORRECTION[kind](n)
        of_mean, of_first, of_second = (1 + (first * variance + second * square) / n for first, second in factors)
        spread = np.exp(2 * variance) / of_first - np.exp(variance) / of_second
        here = scenario == kind
        found_mean = np.where(here, np.exp(mean + variance / 2) / of_mean, found_mean)
        found_sd = np.where(here, np.exp(mean) * np.sqrt(np.maximum(spread, 0.0)), found_sd)
    return found_mean, found_sd


def means_from_quantiles(
    n: Any,
    median: Any = None,
    *,
    data: Any = None,
    minimum: Any = None,
    q1: Any = None,
    q3: Any = None,
    maximum: Any = None,
    distribution: str = "normal",
    test: bool = True,
) -> EstimatedMeans:
    """Means and standard deviations of samples whose median, quartiles or range were printed.

    Parameters
    ----------
    n : array-like or str
        Sizes of the samples.
    median, minimum, q1, q3, maximum : array-like or str, optional
        Of each sample the range, or the quartiles, or both; without a median there is a standard deviation only.
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    distribution : str
        "normal", or "lognormal" for positive data whose logs are normal.
    test : bool
        Whether a sample that the test for skewness finds skewed gets no estimate, as in metafor's `conv.fivenum`
        (there the default too). A skewed sample has a note either way.

    Returns
    -------
    EstimatedMeans
        By the methods of Luo et al. for the mean, of Wan et al. and Shi et al. for the standard deviation, the
        default of metafor's `conv.fivenum`; with the test for skewness beside them.

    Raises
    ------
    InvalidArgument
        Where minimum <= q1 <= median <= q3 <= maximum does not hold, for sizes below 1, infinite numbers, and values
        not above 0 in log-normal data, with the rows.

    Notes
    -----
    Estimates are less precise than printed means and standard deviations, and sampling variances computed from
    them are too small; see them as a sensitivity analysis would.
    """
    check_known(distribution, DISTRIBUTIONS, "distribution")
    printed = {"minimum": minimum, "q1": q1, "median": median, "q3": q3, "maximum": maximum}
    given = _checked(or_absent({"n": n, **printed}, data))
    logs = distribution == "lognormal"
    if logs:
        given = _logs(given)
    scenario = _scenarios(given)
    mean, sd = means(given, scenario), deviations(given, scenario)
    statistic, critical = skewness_test(given, scenario)
    if logs:
        mean, sd = lognormal(mean, sd, given.n, scenario)
    left_out = statistic >= critical if test else np.zeros(scenario.shape, dtype=np.bool_)
    mean, sd = (np.where(left_out, np.nan, one) for one in (mean, sd))
    notes = _notes(given, scenario, statistic >= critical, dropped=test)
    return EstimatedMeans(mean, sd, scenario, statistic, critical, notes)


def _checked(given: dict[str, Any]) -> Quantiles:
    """Sizes and what was printed, in its order, as arrays of one shape."""
    size, *values = arrays(**given)
    refuse((size < 1) | np.isinf(size), "n, the size of a sample, must be finite and at least 1")
    refuse(np.any(np.isinf(values), axis=0), "quantiles must be finite")
    wrong = np.any([low > high for place, low in enumerate(values) for high in values[place + 1 :]], axis=0)
    refuse(wrong, "minimum <= q1 <= median <= q3 <= maximum does not hold")
    low, first, middle, third, high = values
    return Quantiles(low, first, middle, third, high, size)


def _logs(given: Quantiles) -> Quantiles:
    """Logs of all the values."""
    values = (given.low, given.q1, given.median, given.q3, given.high)
    refuse(np.any([one <= 0 for one in values], axis=0), "log-normal data must be greater than 0")
    low, first, middle, third, high = map(np.log, values)
    return Quantiles(low, first, middle, third, high, given.n)


def _scenarios(given: Quantiles) -> FloatArray:
    """1 for a range, 2 for quartiles, 3 for both, NaN for neither and for samples that are too small."""
    has_range = ~np.isnan(given.low) & ~np.isnan(given.high)
    has_quartiles = ~np.isnan(given.q1) & ~np.isnan(given.q3)
    usable = (has_range | has_quartiles) & (given.n >= FEWEST)
    return np.where(usable, 1.0 * has_range + 2.0 * has_quartiles, np.nan)


def _notes(given: Quantiles, scenario: FloatArray, skewed: BoolArray, *, dropped: bool) -> tuple[RowNote, ...]:
    """What must be known about each sample."""
    small, none = given.n < FEWEST, np.isnan(scenario)
    alone = np.isnan(given.low) != np.isnan(given.high)
    lone = np.isnan(given.q1) != np.isnan(given.q3)
    consequence = "no estimate" if dropped else "estimated all the same"
    notes = [
        *note_rows(small, f"fewer than {FEWEST} people", dropped=True),
        *note_rows(none & ~small, "neither range nor quartiles, or no sample size", dropped=True),
        *note_rows(~none & np.isnan(given.median), "no median: a standard deviation only", dropped=False),
        *note_rows(~none & (alone | lone), "one of a pair of values is missing, the other not used", dropped=False),
        *note_rows(skewed, f"skewed by the test of Shi et al. (2023): {consequence}", dropped=dropped),
    ]
    return tuple(sorted(notes))
