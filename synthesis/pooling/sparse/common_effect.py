"""What the methods share that pool counts without effects of single studies: their tables, zeros and result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from scipy.special import chdtrc

from synthesis.effects import escalc
from synthesis.effects.columns import BoolArray, FloatArray, columns, refuse
from synthesis.effects.effect import Effects, RowNote, note_rows
from synthesis.effects.two_by_two import cells, double_zero
from synthesis.effects.zeros import which_corrected
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.heterogeneity import i2_and_h2_from_q
from synthesis.pooling.intervals import wald
from synthesis.pooling.pooled import Note
from synthesis.text import decimal, interval, p_value

Four = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
COUNTS = ("ai", "bi", "ci", "di", "n1i", "n2i")
RATES = ("x1i", "t1i", "x2i", "t2i")
LARGEST = 1e60  # of a count or a person-time; beyond it, products of four of them leave double precision


@dataclass(frozen=True, slots=True)
class CommonEffect:
    """One effect common to all studies, from their counts; what cannot be given is None, with its reason in `notes`.

    Estimate, standard error and bounds are on the log scale for OR, RR and IRR; I^2 is in percent.
    """

    measure: str
    method: str  # "MH" or "Peto"
    estimate: float | None
    se: float | None
    statistic: float | None  # z
    p_value: float | None  # two-sided
    ci_low: float | None
    ci_high: float | None
    tau2: float  # 0: the method assumes one effect
    i2: float | None  # from Q, as H^2
    h2: float | None
    q: float | None  # of the studies' own effects about the estimate
    q_df: int
    q_p_value: float | None
    cochran: float | None  # Cochran's test of no association: binomial variance, chi-squared on 1 df; OR
    cochran_p_value: float | None
    mantel_haenszel: float | None  # Mantel and Haenszel's: hypergeometric variance; OR, and IRR (binomial)
    mantel_haenszel_p_value: float | None
    breslow_day: float | None  # test of one odds ratio in all tables, chi-squared on k_informative - 1 df; OR
    breslow_day_p_value: float | None
    tarone: float | None  # the same after Tarone's correction
    tarone_p_value: float | None
    k: int  # studies that are pooled
    k_effects: int  # studies whose own effects enter Q
    k_informative: int | None  # tables with both events and non-events; of OR only
    level: float
    notes: tuple[Note, ...] = ()

    def reason(self, field: str) -> str:
        """Why a field is None or what is special about it; empty where there is nothing to say."""
        return "; ".join(note.reason for note in self.notes if note.field == field)

    def summary(self) -> str:
        """The result as a few lines of text."""
        label = f"{self.measure} ({self.method}, z, {100 * self.level:g} %)"
        bounds = interval(self.ci_low, self.ci_high)
        lines = [
            f"k = {self.k}: {decimal(self.estimate)} {bounds}, p {p_value(self.p_value)}, {label}",
            f"Q {decimal(self.q)} on {self.q_df} df, p {p_value(self.q_p_value)}, I^2 {decimal(self.i2, 1)} %",
        ]
        tests = {
            "Cochran": (self.cochran, self.cochran_p_value),
            "Mantel-Haenszel": (self.mantel_haenszel, self.mantel_haenszel_p_value),
            "Tarone": (self.tarone, self.tarone_p_value),
        }
        given = [f"{name} {decimal(value)}, p {p_value(p)}" for name, (value, p) in tests.items() if value is not None]
        lines += ["; ".join(given)] if given else []
        lines += [f"{note.field}: {note.reason}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


@dataclass(frozen=True, slots=True)
class Zeros:
    """What is done about zeros, once for the studies' own effects and once for the pooled tables."""

    add: float
    to: str
    drop00: bool


@dataclass(frozen=True, slots=True)
class Strata:
    """Counts of k studies: the cells a, b, c, d, or events and person-time x1, t1, x2, t2."""

    four: Four  # shape (k,) each; NaN where missing
    names: tuple[str, str, str, str]
    grows: tuple[bool, bool, bool, bool]  # to which of the four something is added against zeros
    zero: BoolArray  # studies with a zero among those
    empty: BoolArray  # studies without events, or with nothing but events, in both groups
    missing: BoolArray


class Spread(NamedTuple):
    """Heterogeneity of the studies' own effects about an estimate."""

    q: float | None
    df: int
    p_value: float | None
    i2: float | None
    h2: float | None
    k: int


def two_by_two(given: Mapping[str, Any]) -> Strata:
    """2x2 tables from ai, ci and bi, di or n1i, n2i; errors as `synthesis.effects.two_by_two.cells`."""
    _only(given, COUNTS)
    if not {"ai", "ci"} <= given.keys() or not ({"bi", "n1i"} & given.keys() and {"di", "n2i"} & given.keys()):
        raise InvalidArgument("counts need ai and ci (events), and bi and di (non-events) or n1i and n2i (group sizes)")
    four = cells(**dict(zip(given, columns(**given), strict=True)))
    zero = np.any([cell == 0 for cell in four], axis=0)
    none, full = double_zero(*four)
    return _not_empty(Strata(four, ("ai", "bi", "ci", "di"), (True,) * 4, zero, none | full, np.isnan(sum(four))))


def person_time(given: Mapping[str, Any]) -> Strata:
    """Events and person-time from x1i, t1i, x2i, t2i; events must not be below 0, person-time above it."""
    _only(given, RATES)
    absent = [name for name in RATES if given.get(name) is None]
    if absent:
        raise InvalidArgument(f"rates need {', '.join(RATES)}; there is no {', '.join(absent)}")
    x1, t1, x2, t2 = four = columns(**{name: given[name] for name in RATES})
    refuse(np.minimum(t1, t2) < 1 / LARGEST, f"person-time must be greater than 0, and not below {1 / LARGEST:.0e}")
    refuse((x1 < 0) | (x2 < 0), "events must not be below 0")
    zero, none = (x1 == 0) | (x2 == 0), (x1 == 0) & (x2 == 0)
    grows = (True, False, True, False)
    return _not_empty(Strata((x1, t1, x2, t2), ("x1i", "t1i", "x2i", "t2i"), grows, zero, none, np.isnan(sum(four))))


def _only(given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuse columns that the measure does not take."""
    for name in given:
        if name not in known:
            raise InvalidArgument(f"there is no column {name!r} here: {did_you_mean(name, known)}")


def _not_empty(strata: Strata) -> Strata:
    for name, column in zip(strata.names, strata.four, strict=True):
        refuse(column > LARGEST, f"{name} must not exceed {LARGEST:.0e}")
    if strata.missing.all():
        raise InvalidArgument("there is no study with all its counts: nothing can be pooled")
    return strata


def pooled_tables(strata: Strata, zeros: Zeros) -> tuple[Four, list[Note]]:
    """The counts that are pooled, and what was left out or touched."""
    out = strata.missing | (strata.empty & zeros.drop00)
    where = which_corrected(strata.zero & ~out, add=zeros.add, to=zeros.to) & ~out
    extra = np.where(where, zeros.add, 0.0)
    a, b, c, d = ((column + extra * grows)[~out] for column, grows in zip(strata.four, strata.grows, strict=True))
    notes = note_rows(strata.missing, "a count is missing; left out", dropped=True)
    if zeros.drop00:
        notes += note_rows(strata.empty, "no events, or nothing but events, in both groups; left out", dropped=True)
    if zeros.add > 0:
        notes += note_rows(where, f"{zeros.add:g} added to the counts that are pooled", dropped=False)
    return (a, b, c, d), row_notes("estimate", notes)


def own_effects(measure: str, strata: Strata, zeros: Zeros) -> tuple[Effects, list[Note]]:
    """The studies' own effects, which only Q needs, and what was left out or touched."""
    given: dict[str, Any] = dict(zip(strata.names, strata.four, strict=True))
    found = escalc(measure, add=zeros.add, to=zeros.to, drop00=zeros.drop00, **given)
    known = [note for note in found.notes if not strata.missing[note.row]]
    without = ~found.usable & ~strata.missing & ~np.isin(np.arange(len(found.yi)), [n.row for n in known if n.dropped])
    notes = [note._replace(reason=f"{note.reason}; left out") if note.dropped else note for note in known]
    notes += note_rows(without, "an effect without variance; left out", dropped=True)
    return found.complete(), row_notes("q", notes)


def row_notes(field: str, notes: Iterable[RowNote]) -> list[Note]:
    """One note for each reason, naming all its rows; the first row is 1."""
    rows: dict[str, list[int]] = {}
    for note in notes:
        rows.setdefault(note.reason, []).append(note.row + 1)
    return [
        Note(field, f"row{'s' if len(found) > 1 else ''} {', '.join(map(str, found))}: {reason}")
        for reason, found in rows.items()
    ]


def spread_about(estimate: float | None, yi: FloatArray, vi: FloatArray) -> tuple[Spread, list[Note]]:
    """Q = sum of (y - estimate)^2 / v on k - 1 degrees of freedom, with I^2 and H^2 from it; effects of shape (k,)."""
    k = len(yi)
    df = max(0, k - 1)
    if estimate is None or k < 2:
        why = "there is no estimate" if estimate is None else "fewer than two studies have an effect of their own"
        return Spread(None, df, None, None, None, k), [Note(name, why) for name in ("q", "i2", "h2")]
    q = float(np.sum(np.square(yi - estimate) / vi))
    i2, h2 = i2_and_h2_from_q(np.array([q]), np.array([float(df)]))
    return Spread(q, df, float(chdtrc(df, q)), float(i2[0]), float(h2[0]), k), []


class Judged(NamedTuple):
    """An estimate's z test and interval; None without a standard error."""

    statistic: float | None
    p_value: float | None
    low: float | None
    high: float | None


def judged(estimate: float | None, se: float | None, level: float) -> tuple[Judged, list[Note]]:
    """The z test and interval of an estimate, or why there are none."""
    if estimate is None or not se:
        names = ("statistic", "p_value", "ci_low", "ci_high")
        why = "there is no estimate" if estimate is None else "the standard error is 0"
        return Judged(None, None, None, None), [Note(name, why) for name in names]
    found = wald(np.array([estimate]), np.array([se]), np.array([np.inf]), level)
    return Judged(*(float(x[0]) for x in (found.statistic, found.p_value, found.low, found.high))), []


def chi_squared(statistic: float, df: int) -> tuple[float | None, float | None]:
    """A chi-squared statistic with its p-value; None for both where a variance of 0 leaves none."""
    return (statistic, float(chdtrc(df, statistic))) if isfinite(statistic) else (None, None)
