"""Evidence synthesis: effects, pools, and what they rest on.

Names are loaded when they are first used, so that `import synthesis` costs nothing: `import synthesis as sy`, then
`sy.escalc`, `sy.pool` and the others of `__all__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthesis.effects import (
        MEASURES,
        Effects,
        Measure,
        RowNote,
        combine_counts,
        combine_means,
        complement,
        composite,
        escalc,
        flipped,
        from_estimate,
        log_odds_ratio_to_smd,
        shared_control_covariance,
        smd_from_d,
        smd_to_log_odds_ratio,
    )
    from synthesis.errors import InvalidArgument, InvalidData, NotFound, Problem, Severity, SynthesisError
    from synthesis.pooling import (
        TAU2,
        TESTS,
        ManyPooled,
        Note,
        Pooled,
        companion,
        few_studies,
        mantel_haenszel,
        pool,
        pool_groups,
        pool_many,
    )
    from synthesis.sensitivity import EggerTest, LeaveOneOut, egger, leave_one_out

__all__ = [
    "MEASURES",
    "TAU2",
    "TESTS",
    "Effects",
    "EggerTest",
    "InvalidArgument",
    "InvalidData",
    "LeaveOneOut",
    "ManyPooled",
    "Measure",
    "NotFound",
    "Note",
    "Pooled",
    "Problem",
    "RowNote",
    "Severity",
    "SynthesisError",
    "combine_counts",
    "combine_means",
    "companion",
    "complement",
    "composite",
    "egger",
    "escalc",
    "few_studies",
    "flipped",
    "from_estimate",
    "leave_one_out",
    "log_odds_ratio_to_smd",
    "mantel_haenszel",
    "pool",
    "pool_groups",
    "pool_many",
    "shared_control_covariance",
    "smd_from_d",
    "smd_to_log_odds_ratio",
]

_LAYERS = ("errors", "effects", "pooling", "sensitivity")  # where the names are looked for, the cheapest first


def __getattr__(name: str) -> Any:
    """One of the public names, imported now and kept."""
    from importlib import import_module

    if name in __all__:
        for layer in _LAYERS:
            module = import_module(f"synthesis.{layer}")
            if hasattr(module, name):
                globals()[name] = value = getattr(module, name)
                return value
    raise AttributeError(f"module 'synthesis' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, as an editor completes them."""
    return sorted({*globals(), *__all__})
