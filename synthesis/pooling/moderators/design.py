"""Design matrices: from a formula and a table, or from columns as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from synthesis.effects.columns import refuse
from synthesis.errors import SHOWN_ROWS, InvalidArgument, did_you_mean, rows_text
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.check import LARGEST
from synthesis.pooling.labels import names_of
from synthesis.pooling.moderators.formulas import UnusableFormula, variables
from synthesis.pooling.moderators.frame import frame_of, levels_in_use
from synthesis.pooling.pooled import Note

INTERCEPT = "Intercept"
ONLY_NUMBERS = "a design matrix must hold numbers only; use a formula for factors"


class Term(NamedTuple):
    """One term of a formula and the columns that it takes."""

    name: str
    columns: tuple[int, ...]  # the first is 0


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The design matrix of the rows that have all moderators, and how it came about."""

    matrix: FloatArray  # (k, p)
    names: tuple[str, ...]  # of the p columns
    terms: tuple[Term, ...]
    kept: BoolArray  # (n,) which rows of the data it has
    formula: str | None  # None for a matrix
    spec: Any  # formulaic's description of the columns, for predictions from new data
    notes: tuple[Note, ...] = ()

    @property
    def tested(self) -> tuple[int, ...]:
        """The columns of the omnibus test: all but the intercept, or all where there is none."""
        moderators = tuple(number for number, name in enumerate(self.names) if name != INTERCEPT)
        return moderators or tuple(range(len(self.names)))

    @property
    def rows(self) -> IntArray:
        """The rows of the data that it has, the first 1, shape (k,)."""
        return np.flatnonzero(self.kept) + 1

    def rows_for(self, new: Any) -> FloatArray:
        """The design matrix of new values, shape (m, p): a table for a formula, else a matrix.

        Raises
        ------
        InvalidArgument
            For missing columns or values, unknown factor levels, and a matrix of another width.
        """
        if self.spec is None:
            rows = _matrix(new, len(self.names))
            refuse(np.logical_or.reduce(~np.isfinite(rows), axis=1), "new values must be finite numbers")
            return rows
        table = frame_of(new)
        needed = variables(self.formula or "")
        _columns_known(needed, table)
        absent = table[list(needed)].isna().any(axis=1)
        if absent.any():
            raise InvalidArgument(f"new values are missing in {_rows_named(absent.to_numpy())}")
        _levels_known(self.spec, table)
        try:
            rows = np.asarray(self.spec.get_model_matrix(table, na_action="ignore"), dtype=np.float64)
        except Exception as wrong:  # a formula runs as Python: it can fail in any way
            first_line = str(wrong).partition("\n")[0]
            raise InvalidArgument(f"the formula cannot be used for the new values: {first_line}") from wrong
        return rows


def design(moderators: Any, data: Any, n: int, names: Sequence[str] | None = None) -> Design:
    """The design of n rows.

    Parameters
    ----------
    moderators : str, array-like or None
        A formula of Wilkinson's notation as formulaic reads it ("~ year + C(allocation)", "~ 0 + allocation",
        "~ a * b"), or the columns of the matrix, shape (n, p), used as they are: give the intercept too. None for an
        intercept alone.
    data : data frame or mapping, optional
        Where the formula's names are looked up. A formula is Python: never take one from a file that you do not trust.
    n : int
        How many rows there must be.
    names : sequence of str, optional
        Names of the columns of a matrix.

    Raises
    ------
    InvalidArgument
        For a formula that cannot be read, unknown names, rows of another number, no more rows than columns, and columns
        that depend linearly on one another; rows with a missing moderator are left out, and named in `notes`.
    """
    if moderators is None:
        moderators, names = np.ones((n, 1)), (INTERCEPT,)
    found = _from_formula(moderators, data, n) if isinstance(moderators, str) else _from_matrix(moderators, n, names)
    k, p = found.matrix.shape
    if k <= p:
        raise InvalidArgument(f"{k} studies cannot carry {p} coefficients: there must be more studies")
    _full_rank(found)
    return found


def _from_formula(formula: str, data: Any, n: int) -> Design:
    """The design of a formula, on the rows where none of its variables is missing."""
    import formulaic

    if data is None:
        raise InvalidArgument(f"the formula {formula!r} needs data to look its names up in")
    table = frame_of(data)
    if len(table) != n:
        raise InvalidArgument(f"data has {len(table)} rows and yi has {n}: they must be of one length")
    right, needed = formula.strip().removeprefix("~").strip() or "1", list(variables(formula))
    _columns_known(needed, table)
    kept = ~table[needed].isna().any(axis=1).to_numpy(dtype=np.bool_) if needed else np.ones(n, np.bool_)
    try:
        with np.errstate(all="ignore"):  # what is not finite is refused below, with or without a warning
            matrix = formulaic.model_matrix(right, levels_in_use(table[kept]), na_action="ignore", context={})
    except Exception as wrong:  # a formula runs as Python: it can fail in any way
        first_line = str(wrong).partition("\n")[0]
        raise UnusableFormula(f"the formula {formula!r} cannot be used: {first_line}") from wrong
    spec = matrix.model_spec
    terms = tuple(
        Term(INTERCEPT if str(term) == "1" else str(term), tuple(places)) for term, places in spec.term_indices.items()
    )
    empty = [term.name for term in terms if not term.columns]
    if empty:
        raise InvalidArgument(f"{', '.join(empty)} has one level only among the studies: leave it out")
    numbers = np.asarray(matrix, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise InvalidArgument(f"the formula {formula!r} gives values that are not finite")
    return Design(numbers, tuple(map(str, matrix.columns)), terms, kept, formula, spec, _left_out(kept))


def _left_out(kept: BoolArray) -> tuple[Note, ...]:
    """A note that names the rows without all moderators, if there are any."""
    return () if kept.all() else (Note("k", f"a moderator is missing in {_rows_named(~kept)}: left out"),)


def _from_matrix(columns: Any, n: int, names: Sequence[str] | None) -> Design:
    """Columns as they are; rows with a missing value are left out."""
    given = getattr(columns, "columns", None) if names is None else names
    matrix = _matrix(columns)
    if len(matrix) != n:
        raise InvalidArgument(f"the design has {len(matrix)} rows and yi has {n}: they must be of one length")
    p = matrix.shape[1]
    called = names_of([f"x{number + 1}" for number in range(p)] if given is None else given, p, "columns")
    absent = np.logical_or.reduce(np.isnan(matrix), axis=1)
    beyond = np.logical_or.reduce(np.abs(matrix) > LARGEST, axis=1)
    refuse(beyond, f"a moderator must be finite, and within {LARGEST:.0e}")
    kept: BoolArray = ~absent
    called = tuple(
        INTERCEPT if given is None and (matrix[kept, number] == 1).all() else name for number, name in enumerate(called)
    )
    terms = tuple(Term(name, (number,)) for number, name in enumerate(called))
    return Design(matrix[kept], called, terms, kept, None, None, _left_out(kept))


def _matrix(columns: Any, width: int | None = None) -> FloatArray:
    """Numbers as a matrix; a single column may come without its second dimension."""
    try:
        given = np.asarray(columns)
        found = given.astype(np.float64) if given.dtype.kind != "c" else np.empty(given.shape)
    except (TypeError, ValueError, OverflowError):
        raise InvalidArgument(ONLY_NUMBERS) from None
    if given.dtype.kind in "Uc" or any(isinstance(one, str) for one in given.ravel() if given.dtype.kind == "O"):
        raise InvalidArgument(ONLY_NUMBERS)
    if found.ndim == 1:
        found = found[:, None] if width in (None, 1) else found[None, :]
    if found.ndim != 2 or not found.shape[1] or (width is not None and found.shape[1] != width):
        raise InvalidArgument(f"the design must have the shape (rows, {width or 'columns'}), not {found.shape}")
    return found


def _columns_known(needed: Sequence[str], table: Any) -> None:
    """Refuse names that the data does not have."""
    for name in needed:
        if name not in table.columns:
            raise InvalidArgument(f"no column {name!r} in data: {did_you_mean(name, map(str, table.columns))}")


def _levels_known(spec: Any, table: Any) -> None:
    """Refuse levels of a factor that the model was not fitted to; formulaic would take them for the first one."""
    for factor, (_, state) in spec.encoder_state.items():
        known = list(state.get("categories", ())) if isinstance(state, dict) else []
        names = variables(str(factor)) if known else ()
        strange = sorted({str(value) for value in table[names[0]] if value not in known}) if len(names) == 1 else []
        if strange:
            raise InvalidArgument(f"{factor} has levels that the model was not fitted to: {', '.join(strange)}")


def _rows_named(where: BoolArray) -> str:
    """Rows by their numbers, the first being 1."""
    rows = (np.flatnonzero(where) + 1).tolist()
    return rows_text(rows, SHOWN_ROWS)


def _full_rank(found: Design) -> None:
    """Refuse columns that the columns before them already hold, by name."""
    matrix = found.matrix
    length = np.linalg.norm(matrix, axis=0)
    scaled = matrix / np.where(length > 0, length, 1.0)
    if np.linalg.matrix_rank(scaled) == matrix.shape[1]:
        return
    redundant = [
        found.names[number]
        for number in range(matrix.shape[1])
        if np.linalg.matrix_rank(scaled[:, : number + 1])
        == (np.linalg.matrix_rank(scaled[:, :number]) if number else 0)
    ]
    raise InvalidArgument(f"the columns before them already determine {', '.join(redundant)}: leave them out")
