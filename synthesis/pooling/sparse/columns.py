"""The columns of counts that the models take: their names, and what none of them can use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from synthesis.effects.columns import FloatArray, check_columns, columns, refuse
from synthesis.effects.two_by_two import cells, non_events
from synthesis.errors import InvalidArgument

Four = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
MISSING = "a count is missing"
OPTIONS = ("data", "level", "add", "to", "drop00", "correct", "model", "method", "test")  # what else may be meant


class NoEstimate(InvalidArgument):
    """Counts that can be, of which the model can estimate nothing."""


class Columns(NamedTuple):
    """Names of columns: all those that are needed, and of each pair at least one."""

    needed: tuple[str, ...]
    either: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """The names as a person lists them: `ai, ci, and bi, di or n1i, n2i`."""
        needed = ", ".join(self.needed)
        return f"{needed}, and {' or '.join(map(', '.join, zip(*self.either, strict=True)))}" if self.either else needed


TABLES = Columns(("ai", "ci"), (("bi", "n1i"), ("di", "n2i")))
RATES = Columns(("x1i", "t1i", "x2i", "t2i"))
PROPORTION = Columns(("xi",), (("mi", "ni"),))
RATE = Columns(("xi", "ti"))


def four_cells(given: Mapping[str, Any], measure: str) -> Four:
    """Events and non-events of the first and of the second group, shape (k,) each.

    Parameters
    ----------
    given : mapping of name to array-like, shape (k,)
        The columns of TABLES; for the other functions here those of RATES, PROPORTION and RATE.
    measure : str
        For which they are needed.

    Raises
    ------
    InvalidArgument
        For a column that is not known, one that is absent, columns of different lengths, and counts that cannot be,
        with their rows. A count that is missing is NaN, and refused by none of these functions.
    """
    return cells(**_read(given, TABLES, measure))


def two_rates(given: Mapping[str, Any], measure: str) -> Four:
    """Events and person-time of the first and of the second group, shape (k,) each; see `four_cells`."""
    x1, t1, x2, t2 = (found := _read(given, RATES, measure))["x1i"], found["t1i"], found["x2i"], found["t2i"]
    refuse((x1 < 0) | (x2 < 0), "events must not be below 0")
    refuse((t1 <= 0) | (t2 <= 0), "person-time must be greater than 0")
    return x1, t1, x2, t2


def one_proportion(given: Mapping[str, Any], measure: str) -> tuple[FloatArray, FloatArray]:
    """Events and people of one group, shape (k,) each; see `four_cells`."""
    found = _read(given, PROPORTION, measure)
    x = found["xi"]
    n = non_events(x, found.get("mi"), found.get("ni"), "the group") + x
    refuse((x < 0) | (n < x), "events must lie between 0 and the number of people")
    refuse(n == 0, "a group has nobody in it")
    return x, n


def one_rate(given: Mapping[str, Any], measure: str) -> tuple[FloatArray, FloatArray]:
    """Events and person-time of one group, shape (k,) each; see `four_cells`."""
    found = _read(given, RATE, measure)
    x, t = found["xi"], found["ti"]
    refuse(x < 0, "events must not be below 0")
    refuse(t <= 0, "person-time must be greater than 0")
    return x, t


def _read(given: Mapping[str, Any], kind: Columns, measure: str) -> dict[str, FloatArray]:
    """The columns given, of one length, if they are enough and no others."""
    check_columns(given, (*kind.needed, *(name for pair in kind.either for name in pair)), measure, OPTIONS)
    absent = [name for name in kind.needed if name not in given]
    absent += [" or ".join(pair) for pair in kind.either if not set(pair) & given.keys()]
    if absent:
        raise InvalidArgument(f"{measure} needs {kind.words}; there is no {', no '.join(absent)}")
    return dict(zip(given, columns(**given), strict=True))
