"""Pools of all subsets of the studies, or of a sample of the subsets (GOSH)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray, batch_from
from synthesis.pooling.check import check_effects, is_whole
from synthesis.pooling.fit import fit
from synthesis.pooling.heterogeneity import i2_and_h2_from_q
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.pooling.tau2 import TAU2
from synthesis.sensitivity.findings import told
from synthesis.sensitivity.subsets.splits import SubsetStudies, subset_findings, subset_studies
from synthesis.sensitivity.subsets.sums import mean_at, subset_sums
from synthesis.text import decimal

MOST_EXACT = 20  # studies up to which every subset is pooled: 1,048,575 of them
MOST_DRAWN = 10_000_000  # subsets of a sample
CELLS = 32_768  # numbers worked on at a time: a few arrays of so many fit into a processor's cache
CLOSED = ("EE", "DL")  # methods that need sums over the subsets only
NOT_HERE = {"DLMH": "a Mantel-Haenszel estimate for each subset", "GENQ": "weights", "GENQM": "weights"}
NUMBERS = ("size", "estimate", "tau2", "i2", "q")
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Gosh(Tabular):
    """Pools of n subsets of k studies, one row each; NaN for what a subset of one study cannot tell.

    Where all subsets are there, row r is that whose studies are the bits of r + 1, the first study the lowest bit.
    """

    members: NDArray[np.uint8]  # (n, ceil(k / 8)) bit mask: study i is bit i mod 8 of byte i // 8
    size: NDArray[np.uint16]  # (n,) how many studies
    estimate: FloatArray  # (n,) the study's own effect where the size is 1
    tau2: FloatArray  # (n,) squared units of the effects; NaN where the size is 1
    i2: FloatArray  # (n,) percent; NaN where the size is 1
    q: FloatArray  # (n,) 0 where the size is 1
    k: int  # how many studies there are
    method: str
    exact: bool  # whether these are all subsets, each once; else a sample in which each subset is as likely
    unfinished: int  # how many subsets have a tau2 whose iteration stopped at its limit
    studies: SubsetStudies  # what each study does to the subsets that have it
    findings: tuple[Note, ...]  # what the subsets can and cannot tell here, by rule

    def __len__(self) -> int:
        """How many subsets there are."""
        return len(self.estimate)

    def has(self, study: int) -> BoolArray:
        """Which subsets a study belongs to, shape (n,); the first study is 0."""
        if not is_whole(study) or not 0 <= study < self.k:
            raise InvalidArgument(f"there are the studies 0 to {self.k - 1}, not {study!r}")
        return has_study(self.members, study)

    @property
    def verdict(self) -> str:
        """What the subsets can and cannot tell here."""
        return told(self.findings)

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name; `has_1` says which subsets have the first study."""
        numbers = {name: getattr(self, name) for name in NUMBERS}
        return numbers | {f"has_{study + 1}": self.has(study) for study in range(self.k)}

    def quantiles(self) -> dict[str, list[float | None]]:
        """Quantiles of the numbers over the subsets that have them, at 0, 5, 25, 50, 75, 95 and 100 %."""
        found = {}
        for name in NUMBERS:
            values = getattr(self, name)
            known = values[np.isfinite(values)]
            found[name] = plain_column(np.quantile(known, QUANTILES)) if len(known) else [None] * len(QUANTILES)
        return found

    def summary(self) -> str:
        """How many subsets, the spread of their results, what each study does, and the verdict."""
        kind = "all" if self.exact else "a sample of"
        of_all = self.quantiles()
        spread = "\n".join(
            f"{name}: median {decimal(values[3])}, 5 to 95 % of subsets {decimal(values[1])} to {decimal(values[5])}"
            for name, values in of_all.items()
            if name in ("estimate", "i2")
        )
        head = f"{kind} {len(self)} subsets of {self.k} studies ({self.method})\n{spread}\n"
        return f"{head}{table_of(self.studies.columns())}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """Quantiles over the subsets, what each study does, and the findings, fit for JSON; not the subsets."""
        return {
            "subsets": len(self),
            "k": self.k,
            "method": self.method,
            "exact": self.exact,
            "unfinished": self.unfinished,
            "quantile_probabilities": list(QUANTILES),
            "quantiles": self.quantiles(),
            "studies": self.studies.to_dict(),
            "verdict": self.verdict,
            "findings": [{"rule": rule, "says": words} for rule, words in self.findings],
        }


def gosh(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    method: str = "REML",
    subsets: int = 100_000,
    random: np.random.Generator | None = None,
) -> Gosh:
    """Pools of every subset of the studies, and what each study does to them.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    method : str
        Estimator of tau^2, a key of `TAU2` other than DLMH, GENQ and GENQM.
    subsets : int
        How many subsets to draw where there are more than 20 studies; each is as likely as any other.
    random : numpy.random.Generator, optional
        What draws them; needed beyond 20 studies.

    Returns
    -------
    Gosh
        Up to 20 studies: all 2^k - 1 subsets, single studies included.

    Raises
    ------
    InvalidArgument
        As for `pool`; and beyond 20 studies without a generator.

    References
    ----------
    Olkin I, Dahabreh IJ, Trikalinos TA (2012). GOSH: a graphical display of study heterogeneity. Research Synthesis
    Methods 3(3), 214-223.
    """
    check_known(method, TAU2, "method")
    if method in NOT_HERE:
        raise InvalidArgument(f"gosh has no method {method}, which needs {NOT_HERE[method]}")
    y, v = check_effects(yi, vi, data)
    k = len(y)
    exact = k <= MOST_EXACT
    members = all_members(k) if exact else _drawn(k, subsets, random)
    columns = _closed_form(y, v, method) if exact and method in CLOSED else _in_parts(y, v, members, method)
    unfinished = int(columns.pop("unfinished", np.zeros(1)).sum())
    size = np.bitwise_count(members).sum(axis=1, dtype=np.uint16)
    studies = subset_studies(k, partial(has_study, members), size, columns["estimate"], columns["i2"])
    found = subset_findings(studies, columns["i2"], exact=exact, unfinished=unfinished)
    return Gosh(
        members, size, **columns, k=k, method=method, exact=exact, unfinished=unfinished, studies=studies,
        findings=found,
    )  # fmt: skip


def has_study(members: NDArray[np.uint8], study: int) -> BoolArray:
    """Which subsets have a study, shape (n,)."""
    found: BoolArray = (members[:, study // 8] >> np.uint8(study % 8) & np.uint8(1)).astype(np.bool_)
    return found


def all_members(k: int) -> NDArray[np.uint8]:
    """The bit masks 1 to 2^k - 1, shape (2^k - 1, ceil(k / 8))."""
    numbers = np.arange(1, 1 << k, dtype="<u4")
    return numbers.view(np.uint8).reshape(-1, 4)[:, : (k + 7) // 8].copy()


def _drawn(k: int, subsets: Any, random: Any) -> NDArray[np.uint8]:
    """A sample of subsets that are not empty, with replacement."""
    if not isinstance(random, np.random.Generator):
        raise InvalidArgument(
            f"{k} studies have too many subsets to pool all of them (at most {MOST_EXACT} studies): "
            "give random=np.random.default_rng(seed) to draw some"
        )
    if not is_whole(subsets) or not 1 <= subsets <= MOST_DRAWN:
        raise InvalidArgument(f"subsets must be a whole number from 1 to {MOST_DRAWN:,}, not {subsets!r}")
    bits = random.integers(0, 2, size=(int(subsets), k), dtype=np.uint8)
    while not (some := bits.any(axis=1)).all():
        bits[~some] = random.integers(0, 2, size=(np.count_nonzero(~some), k), dtype=np.uint8)
    return np.packbits(bits, axis=1, bitorder="little")


def _closed_form(y: FloatArray, v: FloatArray, method: str) -> dict[str, FloatArray]:
    """Equal effects, or DerSimonian and Laird, for all subsets."""
    sums = subset_sums(y, v)
    df = sums.size - 1.0
    several = df > 0
    if method == "EE":
        tau2, estimate = np.zeros(len(df)), sums.mean
    else:
        trace = np.where(several, sums.trace, 1.0)
        tau2 = np.maximum(0.0, (sums.q - df) / trace)
        estimate = mean_at(y, v, tau2)
    i2 = i2_and_h2_from_q(sums.q, np.maximum(df, 1.0))[0]
    return {
        "estimate": estimate,
        "tau2": np.where(several, tau2, np.nan),
        "i2": np.where(several, i2, np.nan),
        "q": sums.q,
    }


def _in_parts(y: FloatArray, v: FloatArray, members: NDArray[np.uint8], method: str) -> dict[str, FloatArray]:
    """Any method for any subsets, those of one size together."""
    n, k = len(members), len(y)
    size = np.bitwise_count(members).sum(axis=1, dtype=np.int64)
    found = {name: np.full(n, np.nan) for name in ("estimate", "tau2", "i2", "q", "unfinished")}
    by_size = np.argsort(size, kind="stable")
    bounds = np.searchsorted(size[by_size], np.arange(1, k + 2))
    for count, begin, end in zip(range(1, k + 1), bounds[:-1], bounds[1:], strict=True):
        step = max(1, CELLS // count)
        for first in range(begin, end, step):
            rows = by_size[first : min(first + step, end)]
            for name, values in _pooled(y, v, members[rows], count, method).items():
                found[name][rows] = values
    return found


def _pooled(
    y: FloatArray, v: FloatArray, members: NDArray[np.uint8], count: int, method: str
) -> dict[str, FloatArray]:  # fmt: skip
    """Any method for m subsets of so many studies each."""
    bits = np.unpackbits(members, axis=1, count=len(y), bitorder="little")
    place: IntArray = np.nonzero(bits)[1].reshape(-1, count)
    effects, variances = y[place], v[place]
    batch = batch_from(effects, variances, 1.0 / variances, np.full(len(place), count))
    fitted = fit(batch, method=method, test="z", level=0.95)
    q = fitted.q if count > 1 else np.zeros(len(place))
    return {"estimate": fitted.estimate, "tau2": fitted.tau2, "i2": fitted.i2, "q": q} | {
        "unfinished": (~fitted.converged).astype(np.float64)
    }
