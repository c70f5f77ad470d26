"""What is done about cells without events.

`add` is added to the cells of the studies that `to` names: "only0", those that have a zero cell; "all"; "if0all", all
of a set if any of those that stay in it has one; "none". `drop00` leaves out the studies without any event, and with
nothing but events, in both groups. All of it as in metafor's `escalc`, and every study that is touched or left out
gets a note.
"""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import BoolArray
from synthesis.errors import InvalidArgument, did_you_mean

TO = ("only0", "all", "if0all", "none")


def which_corrected(zero: BoolArray, *, add: float, to: str) -> BoolArray:
    """Studies to whose cells something is added, from those that have a zero; sets of studies lie along the last axis.

    Raises
    ------
    InvalidArgument
        For an unknown `to`, and an `add` that is no number or below 0.
    """
    if to not in TO:
        raise InvalidArgument(f"to must be one of {', '.join(TO)}, not {to!r}: {did_you_mean(str(to), TO)}")
    if not isinstance(add, (int, float, np.number)) or isinstance(add, bool) or not 0 <= add < np.inf:
        raise InvalidArgument(f"add must be a number not below 0, not {add!r}")
    if add == 0 or to == "none":
        return np.zeros(zero.shape, dtype=np.bool_)
    if to == "if0all":
        return np.broadcast_to(zero.any(axis=-1, keepdims=True), zero.shape)
    return zero if to == "only0" else np.ones(zero.shape, dtype=np.bool_)
