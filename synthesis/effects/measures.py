"""The measures that there are, and one call for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from synthesis.effects.convert import from_estimate
from synthesis.effects.effect import Effects
from synthesis.effects.means import mean_difference, standardised_mean_difference
from synthesis.effects.rates import rate_ratio
from synthesis.effects.two_by_two import cells, from_counts
from synthesis.errors import InvalidArgument, did_you_mean

COUNTS = ("ai", "bi", "ci", "di", "n1i", "n2i")
MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
RATES = ("x1i", "t1i", "x2i", "t2i")
PRINTED = ("estimate", "se", "ci_low", "ci_high", "p")


@dataclass(frozen=True, slots=True)
class Measure:
    """One effect measure: what it is called, and how it is computed from what the groups show."""

    label: str
    family: str  # binary | continuous | time
    is_ratio: bool  # pooled as its log
    inputs: tuple[str, ...] = ()  # columns that `function` takes
    function: Callable[..., Effects] | None = None  # None: only from printed estimates
    options: tuple[str, ...] = ()  # options of escalc that `function` takes


def _two_by_two(measure: str, *, add: float, to: str, drop00: bool, **counts: Any) -> Effects:
    """A measure from the cells or group sizes given."""
    return from_counts(measure, cells(**counts), add=add, to=to, drop00=drop00)


ZERO_CELLS = ("add", "to", "drop00")
MEASURES: Mapping[str, Measure] = {
    "OR": Measure("odds ratio", "binary", True, COUNTS, partial(_two_by_two, "OR"), ZERO_CELLS),
    "RR": Measure("risk ratio", "binary", True, COUNTS, partial(_two_by_two, "RR"), ZERO_CELLS),
    "RD": Measure("risk difference", "binary", False, COUNTS, partial(_two_by_two, "RD"), ZERO_CELLS),
    "MD": Measure("mean difference", "continuous", False, MEANS, mean_difference, ("vtype",)),
    "SMD": Measure(
        "standardised mean difference", "continuous", False, MEANS, standardised_mean_difference, ("vtype",)
    ),
    "HR": Measure("hazard ratio", "time", True),
    "IRR": Measure("rate ratio", "time", True, RATES, rate_ratio, ZERO_CELLS),
}


def escalc(
    measure: str,
    *,
    data: Any = None,
    add: float = 0.5,
    to: str = "only0",
    drop00: bool = False,
    vtype: str = "LS",
    level: float = 0.95,
    **given: Any,
) -> Effects:
    """Effects and sampling variances of k studies.

    Parameters
    ----------
    measure : str
        A key of MEASURES.
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    add, to, drop00
        What is done about zero cells; see `two_by_two.from_counts`. Defaults are those of metafor's `escalc`.
    vtype : str
        Formula of the variance of MD and SMD; see `means`.
    level : float
        Confidence level of `ci_low`, `ci_high`.
    **given : array-like or str
        Columns, or their names in `data`. Counts: ai, ci with bi, di (non-events) or n1i, n2i (group sizes).
        Means: m1i, sd1i, n1i, m2i, sd2i, n2i. Rates: x1i, t1i, x2i, t2i. Printed estimates of any measure:
        estimate (a ratio as a ratio) with se (of the log, for a ratio), or ci_low and ci_high, or p.

    Returns
    -------
    Effects
        yi (logs of ratios) and vi, with a note for each study that was corrected or has no effect.

    Raises
    ------
    InvalidArgument
        For an unknown measure or column, and for numbers that cannot be; the message names the rows.

    Examples
    --------
    >>> effects = escalc("RR", ai=[4, 6], n1i=[123, 306], ci=[11, 29], n2i=[139, 303])
    >>> effects.yi.round(4).tolist()
    [-0.8893, -1.5854]
    """
    if measure not in MEASURES:
        raise InvalidArgument(f"no measure {measure!r}: {did_you_mean(str(measure), MEASURES)}")
    chosen = MEASURES[measure]
    found = {name: _looked_up(value, data) for name, value in given.items() if value is not None}
    if "estimate" in found:
        _only(found, PRINTED, measure)
        return from_estimate(measure, ratio=chosen.is_ratio, level=level, **found)
    _only(found, chosen.inputs or PRINTED, measure)
    if chosen.function is None:
        raise InvalidArgument(
            f"{measure} comes from printed estimates only: give estimate with se, ci_low and ci_high, or p"
        )
    _all(found, chosen, measure)
    options = {"add": add, "to": to, "drop00": drop00, "vtype": vtype}
    return chosen.function(**found, **{name: options[name] for name in chosen.options})


def _looked_up(value: Any, data: Any) -> Any:
    """A column of `data` by its name; anything but text as it is."""
    if not isinstance(value, str):
        return value
    if data is None:
        raise InvalidArgument(f"the column {value!r} is given by name, and there is no data to look it up in")
    try:
        return data[value]
    except KeyError:
        raise InvalidArgument(f"no column {value!r} in data: {did_you_mean(value, map(str, data))}") from None


def _only(found: Mapping[str, Any], known: tuple[str, ...], measure: str) -> None:
    """Refuse columns that the measure does not take."""
    for name in found:
        if name not in known:
            raise InvalidArgument(
                f"{measure} takes no {name!r}: {did_you_mean(name, dict.fromkeys((*known, *PRINTED)))}"
            )


def _all(found: Mapping[str, Any], chosen: Measure, measure: str) -> None:
    """Refuse to go on without a column that the measure needs; counts check theirs themselves."""
    absent = [name for name in chosen.inputs if name not in found]
    if absent and chosen.inputs != COUNTS:
        raise InvalidArgument(f"{measure} needs {', '.join(chosen.inputs)}; there is no {', '.join(absent)}")
