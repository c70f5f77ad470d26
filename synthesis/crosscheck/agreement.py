"""Agreement across cells: of a score with a number, and of two rules' verdicts.

The coefficients take cells along the last axis and any batch axes before it, so that those of many resampled data
sets are one call. A cell without a value (NaN, or a verdict below 0) is left out of its batch row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import check_known, numbers_of, refuse
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.check import numbers
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal


class Pairs(NamedTuple):
    """How many pairs of cells there are of each kind, each of shape (...)."""

    concordant: IntArray  # the cell with more of the one has more of the other
    discordant: IntArray  # the cell with more of the one has less of the other
    differ_x: IntArray  # not tied in x
    differ_y: IntArray  # not tied in y


def pairs(x: Any, y: Any) -> Pairs:
    """The kinds of pairs among n cells, both shape (..., n); about n^2 / 2 comparisons."""
    x, y = np.broadcast_arrays(numbers_of(x, "x"), numbers_of(y, "y"))
    order = np.argsort(x, axis=-1)
    x, y = np.take_along_axis(x, order, axis=-1), np.take_along_axis(y, order, axis=-1)
    x = np.where(np.isnan(y), np.nan, x)
    y = np.where(np.isnan(x), np.nan, y)
    counts = np.zeros((4, *x.shape[:-1]), dtype=np.int64)
    axis = -1 if x.ndim > 1 else None  # numpy is ten times as fast without an axis
    for lag in range(1, x.shape[-1]):
        more_x = x[..., lag:] > x[..., :-lag]
        more_y, less_y = y[..., lag:] > y[..., :-lag], y[..., lag:] < y[..., :-lag]
        kinds = more_x & more_y, more_x & less_y, more_x, more_y | less_y
        counts += [np.count_nonzero(kind, axis=axis) for kind in kinds]
    return Pairs(*counts)


def tau_b(x: Any, y: Any) -> FloatArray:
    """Kendall's rank correlation with ties: (C - D) / sqrt(pairs that differ in x times those that differ in y).

    Parameters
    ----------
    x, y : array-like, shape (..., n)
        A score and a number of n cells; the order is all that counts of them.

    Returns
    -------
    ndarray, shape (...)
        From -1 to 1; NaN where all x or all y are tied.

    References
    ----------
    Kendall MG (1945). The treatment of ties in ranking problems. Biometrika 33(3), 239-251.
    """
    return _tau_b(pairs(x, y))


def gamma(x: Any, y: Any) -> FloatArray:
    """Goodman and Kruskal's gamma, (C - D) / (C + D): of the pairs that are tied in neither.

    Parameters and result as for `tau_b`: where not all x and not all y are tied, some pair is tied in neither.

    References
    ----------
    Goodman LA, Kruskal WH (1954). Measures of association for cross classifications. Journal of the American
    Statistical Association 49, 732-764.
    """
    return _gamma(pairs(x, y))


def _tau_b(found: Pairs) -> FloatArray:
    scale = np.sqrt(found.differ_x.astype(np.float64)) * np.sqrt(found.differ_y.astype(np.float64))
    return _ratio(found.concordant - found.discordant, scale)


def _gamma(found: Pairs) -> FloatArray:
    return _ratio(found.concordant - found.discordant, found.concordant + found.discordant)


KAPPA_WEIGHTS: Mapping[str, Callable[[IntArray], IntArray]] = {
    "unweighted": lambda steps: (steps > 0).astype(np.int64),
    "linear": lambda steps: steps,
    "quadratic": np.square,
}  # how much two verdicts disagree that are so many categories apart


def confusion(first: Any, second: Any, categories: int) -> IntArray:
    """Cells by first and second verdict, shape (..., c, c) for c categories, from codes 0 to c - 1, shape (..., n)."""
    a, b = np.broadcast_arrays(np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64))
    known = ((a >= 0) & (b >= 0)).ravel()
    batches = int(np.prod(a.shape[:-1]))
    row = np.repeat(np.arange(batches), a.shape[-1])
    place = (row * categories + a.ravel()) * categories + b.ravel()
    counts = np.bincount(place[known], minlength=batches * categories**2)
    return counts.reshape(*a.shape[:-1], categories, categories)


def kappa(table: Any, weights: str = "linear") -> FloatArray:
    """Cohen's kappa: 1 - sum(w n) / sum(w e), e the counts expected of verdicts that know nothing of each other.

    Parameters
    ----------
    table : array-like, shape (..., c, c)
        Cells by the first and the second rule's verdict, in the same order of categories.
    weights : str
        A key of KAPPA_WEIGHTS: w is 1, the number of categories apart, or its square.

    Returns
    -------
    ndarray, shape (...)
        1 for full agreement, 0 for as much as by chance; NaN where both rules give one and the same verdict always.

    References
    ----------
    Cohen J (1968). Weighted kappa. Psychological Bulletin 70(4), 213-220.
    """
    check_known(weights, KAPPA_WEIGHTS, "kind of weights")
    n = np.asarray(table, dtype=np.float64)
    order = np.arange(n.shape[-1])
    w = KAPPA_WEIGHTS[weights](np.abs(order[:, None] - order))
    by_chance = n.sum(axis=-1)[..., :, None] * n.sum(axis=-2)[..., None, :]
    disagreement = (w * n).sum(axis=(-2, -1)) * n.sum(axis=(-2, -1))
    return 1 - _ratio(disagreement, (w * by_chance).sum(axis=(-2, -1)))


def proportion(table: Any) -> FloatArray:
    """Share of cells in which both verdicts are the same, shape (...), of a table as for `kappa`; NaN without cells."""
    n = np.asarray(table, dtype=np.float64)
    return _ratio(np.trace(n, axis1=-2, axis2=-1), n.sum(axis=(-2, -1)))


def _ratio(top: NDArray[Any], bottom: NDArray[Any]) -> FloatArray:
    """Their quotient; NaN where the lower is 0."""
    defined = bottom != 0
    return np.where(defined, top / np.where(defined, bottom, 1), np.nan)


@dataclass(frozen=True, slots=True)
class Association(Noted):
    """How a score goes with a number across cells; what cannot be given is None, with its reason in `notes`."""

    tau_b: float | None
    gamma: float | None
    concordant: int
    discordant: int
    n: int  # cells with both
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """One line of text, and one for each note."""
        counts = f"{self.concordant} pairs concordant, {self.discordant} discordant"
        lines = [f"{self.n} cells: tau-b {decimal(self.tau_b)}, gamma {decimal(self.gamma)} ({counts})"]
        return "\n".join([*lines, *(f"{note.field}: {note.reason}" for note in self.notes)]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


def association(score: Any, number: Any) -> Association:
    """Kendall's tau-b and Goodman and Kruskal's gamma of an ordinal score with a number.

    Parameters
    ----------
    score, number : array-like, shape (n,)
        Of n cells, in the same order; None or NaN where a cell has none: it is left out.

    Raises
    ------
    InvalidArgument
        For columns of different lengths, and for text.
    """
    x, y = numbers(score, "score"), numbers(number, "number")
    if len(x) != len(y):
        raise InvalidArgument(f"score has {len(x)} rows and number has {len(y)}: they must be of one length")
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    found = pairs(x, y)
    tied = [name for name, differ in (("score", found.differ_x), ("number", found.differ_y)) if not differ]
    why = f"every {' and every '.join(tied)} is the same" if len(x) > 1 else "there are fewer than two cells with both"
    values = {"tau_b": _plain(_tau_b(found)), "gamma": _plain(_gamma(found))}
    notes = tuple(Note(name, why) for name, value in values.items() if value is None)
    return Association(
        **values, concordant=int(found.concordant), discordant=int(found.discordant), n=len(x), notes=notes
    )


@dataclass(frozen=True, slots=True)
class VerdictAgreement(Noted):
    """How two rules agree across cells; what cannot be given is None, with its reason in `notes`."""

    proportion: float | None
    kappa: float | None
    kappa_linear: float | None
    kappa_quadratic: float | None
    n: int  # cells with a verdict of both
    categories: tuple[str, ...]  # in their order
    table: tuple[tuple[int, ...], ...]  # cells by the first rule's verdict (rows) and the second's (columns)
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """One line of text, and one for each note."""
        kappas = (
            f"{decimal(self.kappa)}, linear {decimal(self.kappa_linear)}, quadratic {decimal(self.kappa_quadratic)}"
        )
        lines = [f"{self.n} cells: same verdict {decimal(self.proportion)}, kappa {kappas}"]
        return "\n".join([*lines, *(f"{note.field}: {note.reason}" for note in self.notes)]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        plain = {"categories": list(self.categories), "table": [list(row) for row in self.table]}
        return asdict(self) | plain | {"notes": [note._asdict() for note in self.notes]}


def verdict_agreement(
    first: Sequence[str | None], second: Sequence[str | None], categories: Sequence[str]
) -> VerdictAgreement:
    """Agreement of two rules' verdicts on the same cells: its proportion and Cohen's kappas.

    Parameters
    ----------
    first, second : sequence of str or None, length n
        Verdicts on n cells, in the same order; None where a rule gives none: the cell is left out.
    categories : sequence of str
        All verdicts there can be, in their order: this is the scale of the weighted kappas.

    Raises
    ------
    InvalidArgument
        For a verdict that is no category, columns of different lengths, fewer than two categories or one twice.
    """
    a, b = verdict_codes(first, categories, "first"), verdict_codes(second, categories, "second")
    if len(a) != len(b):
        raise InvalidArgument(f"first has {len(a)} rows and second has {len(b)}: they must be of one length")
    table = confusion(a, b, len(categories))
    n = int(table.sum())
    values = {"proportion": _plain(proportion(table))}
    values |= {f"kappa_{name}": _plain(kappa(table, name)) for name in KAPPA_WEIGHTS}
    values["kappa"] = values.pop("kappa_unweighted")
    why = "both rules give every cell the same verdict" if n else "no cell has a verdict of both rules"
    notes = tuple(Note(name, why) for name, value in values.items() if value is None)
    rows = tuple(tuple(row) for row in table.tolist())
    return VerdictAgreement(**values, n=n, categories=tuple(categories), table=rows, notes=notes)


def verdict_codes(verdicts: Sequence[str | None], categories: Sequence[str], name: str = "verdicts") -> IntArray:
    """Where each verdict stands among the categories, shape (n,), the first being 0; -1 for None."""
    place = {category: number for number, category in enumerate(categories)}
    if len(place) < 2 or len(place) != len(categories):
        raise InvalidArgument(f"categories must be two or more different verdicts, not {list(categories)}")
    unknown = [one for one in verdicts if one is not None and one not in place]
    wrong = np.array([one in unknown for one in verdicts], dtype=np.bool_)
    if unknown:
        refuse(wrong, f"{name} has the verdict {unknown[0]!r}: {did_you_mean(str(unknown[0]), place)}")
    return np.array([-1 if one is None else place[one] for one in verdicts], dtype=np.int64)


def _plain(value: FloatArray) -> float | None:
    """A single number, None where there is none."""
    return None if np.isnan(value) else float(value)
