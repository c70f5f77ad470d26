"""One call for all measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import broadcast, check_columns, check_known, given_columns, looked_up
from synthesis.effects.convert import from_estimate
from synthesis.effects.effect import Effects
from synthesis.effects.measures import MEASURES, PRINTED, Measure
from synthesis.errors import InvalidArgument, did_you_mean

OPTIONS = ("data", "add", "to", "drop00", "vtype", "correct", "level")  # of `escalc`


def escalc(
    measure: str,
    *,
    data: Any = None,
    add: float | None = None,
    to: str = "only0",
    drop00: bool = False,
    vtype: Any = None,
    correct: bool = True,
    level: Any = 0.95,
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
        What is done about zero cells; see `zeros`. Defaults are those of metafor's `escalc`: 1/2 is added to the
        studies that have a zero cell, and nothing for measures that need nothing (`MEASURES[measure].add`).
    vtype : str or array-like of str, optional
        Formula of the variance, one of `MEASURES[measure].vtypes`, or one for each study; the first of them where
        none is named.
    correct : bool
        Whether the bias of small samples is corrected, in measures that have a correction.
    level : float or array-like
        Confidence level of `ci_low`, `ci_high`, of all or of each.
    **given : array-like or str
        Columns, or their names in `data`: those of one of `MEASURES[measure].inputs`. Columns are of one length k;
        single numbers are repeated; arrays of more axes, (m, k, ...), broadcast as those of numpy do, and then
        what depends on all studies of a set (`to="if0all"`, `vtype="AV"`) looks along the last axis.
        Printed estimates of any measure: estimate (a ratio as a ratio) with se (of the log, for a ratio), or ci_low
        and ci_high, or z, or p; see `convert.from_estimate`.

    Returns
    -------
    Effects
        yi (logs of ratios) and vi in the broadcast shape, with a note for each study that was corrected or has no
        effect.

    Raises
    ------
    InvalidArgument
        For an unknown measure, column or option, and for numbers that cannot be; the message names the rows.

    Examples
    --------
    >>> effects = escalc("RR", ai=[4, 6], n1i=[123, 306], ci=[11, 29], n2i=[139, 303])
    >>> effects.yi.round(4).tolist()
    [-0.8893, -1.5854]
    """
    check_known(measure, MEASURES, "measure")
    for name, value in (("drop00", drop00), ("correct", correct)):
        if not isinstance(value, (bool, np.bool_)):
            raise InvalidArgument(f"{name} must be True or False, not {value!r}")
    chosen = MEASURES[measure]
    found = given_columns(given, data)
    if "estimate" in found:
        check_columns(found, PRINTED, measure, OPTIONS)
        return from_estimate(measure, ratio=chosen.is_ratio, level=looked_up(level, data), **found)
    check_columns(found, chosen.columns or PRINTED, measure, (*PRINTED, *OPTIONS))
    if chosen.function is None:
        raise InvalidArgument(
            f"{measure} comes from printed estimates only: give estimate with se, ci_low and ci_high, or p"
        )
    _enough(found, chosen, measure)
    options: dict[str, Any] = {"add": add, "to": to, "drop00": drop00, "correct": correct}
    compute = partial(chosen.function, **broadcast(**found), **_options(chosen, measure, options))
    kinds = _vtypes(chosen, measure, vtype)
    return _mixed(compute, kinds) if isinstance(kinds, np.ndarray) else compute(**kinds)


def _enough(found: Mapping[str, Any], chosen: Measure, measure: str) -> None:
    """Refuse to go on unless one of the sets of columns is there as a whole; the nearest is named first."""
    nearest, *others = sorted(chosen.inputs, key=lambda names: len(set(names) - set(found)))
    absent = [name for name in nearest if name not in found]
    if absent:
        instead = "".join(f"; or give {', '.join(names)}" for names in others)
        raise InvalidArgument(f"{measure} needs {', '.join(nearest)}; there is no {', '.join(absent)}{instead}")


def _options(chosen: Measure, measure: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options that the measure takes; one that it does not take may only have its default."""
    defaults = {"add": None, "to": "only0", "drop00": False, "correct": True}
    for name, value in given.items():
        if name not in chosen.options and value != defaults[name]:
            raise InvalidArgument(f"{measure} takes no option {name!r}: {_takes(chosen)}")
    taken = {name: given[name] for name in chosen.options}
    return taken | {"add": chosen.add} if taken.get("add", 0) is None else taken


def _vtypes(chosen: Measure, measure: str, vtype: Any) -> dict[str, str] | NDArray[Any]:
    """The formula of the variance, for measures that have several: as an option, or one for each study."""
    kinds = np.asarray(chosen.vtypes[:1] if vtype is None else vtype, dtype=object)
    if vtype is not None and not chosen.vtypes:
        raise InvalidArgument(f"{measure} takes no option 'vtype': {_takes(chosen)}")
    for kind in kinds.ravel():
        if kind not in chosen.vtypes:
            known = ", ".join(chosen.vtypes)
            nearest = did_you_mean(str(kind), chosen.vtypes)
            raise InvalidArgument(f"vtype of {measure} must be one of {known}, not {kind!r}: {nearest}")
    if not chosen.vtypes:
        return {}
    return kinds if vtype is not None and kinds.ndim else {"vtype": str(kinds.ravel()[0])}


def _mixed(compute: Callable[..., Effects], kinds: NDArray[Any]) -> Effects:
    """Effects with a formula of the variance for each study."""
    of_kind = {str(kind): compute(vtype=str(kind)) for kind in dict.fromkeys(kinds.ravel())}
    shape = next(iter(of_kind.values())).yi.shape
    if kinds.shape != shape[len(shape) - kinds.ndim :]:
        raise InvalidArgument(f"vtype must be one name, or one for each study: {kinds.shape} for {shape}")
    yi, vi, notes = np.full(shape, np.nan), np.full(shape, np.nan), []
    for kind, effects in of_kind.items():
        here = np.broadcast_to(kinds == kind, shape)
        yi[here], vi[here] = effects.yi[here], effects.vi[here]
        notes += [note for note in effects.notes if here.ravel()[note.row]]
    return Effects(yi, vi, effects.measure, tuple(sorted(notes)))


def _takes(chosen: Measure) -> str:
    names = [*chosen.options, *(["vtype"] if chosen.vtypes else [])]
    return f"it takes {', '.join(names)}" if names else "it takes none"
