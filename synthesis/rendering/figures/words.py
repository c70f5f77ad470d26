"""What the figures about studies are called, their rows, and the sides of the null."""

from __future__ import annotations

from collections.abc import Iterable

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.evidence import ATTRIBUTES
from synthesis.records.review import Review
from synthesis.rendering.figures.results import Cell

SIDES = ("Favours treatment", "Favours control")


def favours(better: str) -> tuple[str, str]:
    """Whom the left and the right of the null favour, where so much is a benefit: "lower" or "higher"."""
    return SIDES if better == "lower" else SIDES[::-1]


def check_attribute(name: str) -> None:
    """Refuse an attribute that there is not.

    Raises
    ------
    InvalidArgument
        With the nearest name that there is.
    """
    if name not in ATTRIBUTES:
        raise InvalidArgument(f"no attribute {name!r}: {did_you_mean(name, ATTRIBUTES)}")


def cell_labels(cells: Iterable[Cell], review: Review) -> dict[Cell, str]:
    """What tells cells apart: their outcomes where the modality is one, their modalities where the outcome is one."""
    found = list(dict.fromkeys(cells))
    one_modality = len({modality for modality, _ in found}) == 1
    one_outcome = len({outcome for _, outcome in found}) == 1
    labels = {}
    for modality, outcome in found:
        names = (review.modalities[modality].label, review.outcomes[outcome].label)
        labels[modality, outcome] = names[1] if one_modality else names[0] if one_outcome else ": ".join(names)
    return labels


def title_of(cells: Iterable[Cell], review: Review) -> str:
    """What all cells have in common: the modality, the outcome, both, or the review."""
    found = list(cells)
    modalities = {modality for modality, _ in found}
    outcomes = {outcome for _, outcome in found}
    names = [review.modalities[one].label for one in modalities if len(modalities) == 1]
    names += [review.outcomes[one].label for one in outcomes if len(outcomes) == 1]
    return ": ".join(names) or review.title
