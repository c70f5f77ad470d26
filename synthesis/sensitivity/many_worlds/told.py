"""What a multiverse can and cannot tell, by named rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from synthesis.pooling.pooled import Note
from synthesis.sensitivity.many_worlds.choices import OWN_FAMILIES
from synthesis.sensitivity.many_worlds.families import FamilyEffect
from synthesis.text import decimal

if TYPE_CHECKING:
    from synthesis.sensitivity.many_worlds.specifications import Multiverse

FEW = 4  # studies up to which tests disagree because of their few degrees of freedom
SAID = {"benefit": "benefit", "harm": "harm", "none": "no difference"}


def findings_of(found: Multiverse) -> Iterator[Note]:
    """The findings on a multiverse."""
    yield from _conclusions(found)
    yield from _families(found)
    yield from _data(found)
    yield from _limits(found)


def _conclusions(found: Multiverse) -> Iterator[Note]:
    """Whether the specifications agree, and where the analyst's own stands."""
    n, own = len(found), found.own
    count = {name: int((found.direction == name).sum()) for name in SAID}
    there = [name for name in SAID if count[name]]
    if n == 1:
        yield Note("alone", "there is one specification: nothing is compared")
    elif len(there) == 1:
        yield Note("agree", f"all {n} specifications conclude {SAID[there[0]]}")
    else:
        said = ", ".join(f"{count[name]} conclude {SAID[name]}" for name in there)
        yield Note("split", f"of {n} specifications {said}")
        if own is not None:
            name = str(found.direction[own])
            yield Note(
                "own", f"the first choices together conclude {SAID[name]}, as do {_of(count[name] - 1, n - 1)} others"
            )
    if count["benefit"] and count["harm"]:
        yield Note("reversed", "some conclude benefit and some harm: the choices decide the answer, not the studies")


def _families(found: Multiverse) -> Iterator[Note]:
    """Which choices move the conclusion and which the estimate."""
    moving = sorted((one for one in found.moved_by if one.changed), key=lambda one: -(one.share_changed or 0))
    if moving:
        said = "; ".join(f"{one.name} ({_of(one.changed, one.pairs)} pairs that differ in it alone)" for one in moving)
        yield Note("moved_by", f"the conclusion moves with {said}")
    still = [one.name for one in found.moved_by if one.pairs and not one.changed]
    if moving and still:
        yield Note("still", f"it never moves with {' or '.join(still)}")
    ranges = [one for one in found.moved_by if one.range]
    if ranges:
        most = max(ranges, key=lambda one: one.range or 0)
        yield Note("estimate", f"the estimate moves most with {most.name}: by {decimal(most.range)} on average")
    lost = [one.name for one in found.moved_by if not one.blocks and one.pairs]
    if lost:
        reason = "its choices are never all there, in one measure, with the other choices alike"
        yield Note("no_block", f"no mean estimates are compared for {' and '.join(lost)}: {reason}")


def _data(found: Multiverse) -> Iterator[Note]:
    """How many studies and how many different data sets there are."""
    n = len(found)
    one, few = int((found.k == 1).sum()), int(((found.k > 1) & (found.k <= FEW)).sum())
    if one:
        yield Note("one_study", f"{_of(one, n)} rest on one study, whose own effect stands in them: nothing is pooled")
    if few:
        yield Note(
            "few",
            f"{_of(few, n)} have two to {FEW} studies: there tests disagree because degrees of freedom are few, "
            "and no test is known to be right",
        )
    idle = [one.name for one in found.moved_by if _idle(one)]
    if idle:
        yield Note("idle", f"{' and '.join(idle)}: the choices keep the same studies with the same numbers")
    if len(found.sets) == 1 and any(family.name not in OWN_FAMILIES for family in found.families):
        yield Note("one_data_set", "all inclusion choices keep the same studies")


def _idle(one: FamilyEffect) -> bool:
    """Whether a family's choices never change the data, although they are about them."""
    every = len(set(one.specifications)) == 1
    return one.name not in OWN_FAMILIES and every and 0 < one.pairs == one.same_data


def _limits(found: Multiverse) -> Iterator[Note]:
    """What the specifications cannot tell."""
    estimated = np.isfinite(found.tau2) & (np.array(found.plan.methods)[found.choice[:, -3]] != "EE")
    if estimated.any() and not found.tau2[estimated].any():
        yield Note("no_heterogeneity", "tau^2 is estimated as 0 throughout: the estimators have nothing to differ in")
    stopped = int((~found.converged).sum())
    if stopped:
        yield Note("not_converged", f"{_of(stopped, len(found))} rest on an iteration that stopped at its limit")
    if len(set(found.measure.tolist())) > 1:
        yield Note("measures", "estimates in different measures cannot be set against one another; conclusions can")
    lost = sum(one.specifications for one in found.unpooled)
    if lost:
        yield Note("unpooled", f"{lost} more specifications make no pool")
    if len(found) > 1:
        yield Note(
            "no_probability",
            "specifications share studies, and count as often as there are choices: their shares are no probabilities",
        )


def _of(some: int, total: int) -> str:
    """So many of so many."""
    return f"{some} of {total}" if total else "0 of 0"
