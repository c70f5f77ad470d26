"""Verdicts: what a method can and cannot tell of the data at hand, as sentences of named rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.fit import Fit
from synthesis.pooling.pooled import Note

FEW = 5  # studies below which one of them is a large part of the evidence
NAMED = 10  # of a list of names


def told(findings: Iterable[Note]) -> str:
    """The sentences of the rules that apply, as one text; a note's `field` is the name of its rule."""
    return " ".join(f"{words[0].upper()}{words[1:]}." for _, words in findings)


def side_of_zero(low: FloatArray, high: FloatArray) -> FloatArray:
    """1 for intervals above 0, -1 for those below, 0 for those that hold it."""
    found: FloatArray = np.where(low > 0, 1.0, np.where(high < 0, -1.0, 0.0))
    return found


def left_out_findings(fit: Fit, names: Sequence[str], what: str) -> tuple[Note, ...]:
    """What pools that each lack something can and cannot tell.

    Nothing is said of the pool of all, which need not lie where each of these does.

    Parameters
    ----------
    fit : Fit
        m pools.
    names : sequence of str
        What each lacks, m names.
    what : str
        What is left out, in one word: study, group.
    """
    side, found = side_of_zero(fit.ci_low, fit.ci_high), []
    kinds = set(side.tolist())
    if kinds == {0.0}:
        found.append(Note("holds_0", f"the interval holds 0 whichever {what} is left out"))
    elif len(kinds) == 1:
        where = "above" if kinds == {1.0} else "below"
        found.append(Note("sign_holds", f"the interval lies {where} 0 whichever {what} is left out"))
    elif {-1.0, 1.0} <= kinds:
        found.append(Note("sign_turns", f"the interval lies on one side of 0 or on the other as a {what} is left out"))
    else:
        rest = np.flatnonzero(side == 0 if 2 * np.count_nonzero(side == 0) <= len(side) else side != 0)
        holds, others = ("holds", "does not") if side[rest[0]] == 0 else ("does not hold", "does")
        listed = ", ".join(names[place] for place in rest[:NAMED].tolist()) + (", ..." if len(rest) > NAMED else "")
        found.append(
            Note("sign_rests", f"the interval {holds} 0 without {what} {listed}, and {others} without any other")
        )
    if fit.k.min() == 1:
        words = "where one study is left its own interval is given, and nothing is pooled"
        found.append(Note("one_left", f"{words}: it does not tell whether the pool of all holds 0"))
    elif fit.k.min() < FEW - 1:
        few = f"as few as {fit.k.min()} studies are left: each is a large part of the evidence"
        found.append(Note("few", few))
    one = f"one {what} is left out at a time: two that act alike hide one another"
    return (*found, Note("masking", one))
