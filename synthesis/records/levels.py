"""The Maryland scale of methods as data, and the level that a design alone gives.

After paragraph 6.13 of Appendix B of the Patel report (2010), which cites Sherman and others (1997).
"""

from __future__ import annotations

from collections.abc import Mapping

from synthesis.records.study import NOT_STATED, Design

LEVELS: Mapping[int, str] = {
    1: "intervention and outcome are seen together at one moment only",
    2: "before-and-after order is observed, or there is a comparison group whose comparability cannot be shown",
    3: "two or more comparable units, one with and one without the intervention",
    4: "units with and without the intervention, with statistical control or only minor differences between them",
    5: "random assignment to intervention and control, and analysis of comparable units",
}

OF_ALLOCATION: Mapping[str, int | None] = {
    "randomised": 5,
    "matched": 4,
    "statistically controlled": 4,
    "nonequivalent": 3,
    "self-selected": 2,
    "before-after": 2,
    "cross-sectional": 1,
    NOT_STATED: None,
}


def derived_level(design: Design) -> int | None:
    """The level that the allocation gives; None where the allocation is not stated.

    A nonequivalent group that is said not to be comparable gives level 2, since level 3 asks for comparable units.
    """
    if design.allocation == "nonequivalent" and design.comparability == "not comparable":
        return 2
    return OF_ALLOCATION[design.allocation]
