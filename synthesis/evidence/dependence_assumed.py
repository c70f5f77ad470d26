"""How far the correlation between averaged effects of one study must move to change the answer of a review's pool."""

from __future__ import annotations

import numpy as np

from synthesis.evidence.entries import Entry, entry_of
from synthesis.evidence.options import Options
from synthesis.evidence.pools import WITHOUT_COUNTS, Pool
from synthesis.pooling import pool
from synthesis.records.review import Review
from synthesis.sensitivity.many_worlds.dependence_assumed import (
    POINTS,
    DependenceAssumed,
    Studied,
    answer_of,
    over_correlations,
)
from synthesis.sensitivity.many_worlds.dependence_findings import Answer

AVERAGED = "averaged"


def correlation_assumed(one: Pool, review: Review, options: Options) -> DependenceAssumed | None:
    """A pool over all correlations that could be assumed where effects of one study were averaged.

    Parameters
    ----------
    one : Pool
        As `pool_evidence` made it.
    review, options
        What it was made with.

    Returns
    -------
    DependenceAssumed or None
        None where no effect of the pool was averaged under an assumed correlation. Studies whose arms were put
        together, or share a control of known size, do not move.
    """
    resting = [entry for entry in one.entries if entry.uses_rho]
    if not resting:
        return None
    outcome = review.outcomes[one.key.outcome]
    method = WITHOUT_COUNTS if options.method == "DLMH" else options.method  # an averaged effect has no counts

    def at(entry: Entry, rho: float) -> Entry:
        made = entry_of(entry.effects, outcome, options, rho)[0] if entry.uses_rho else entry
        assert made is not None  # its effects are known to make one
        return made

    def answer(rho: float) -> Answer:
        entries = [at(entry, rho) for entry in one.entries]
        y, v = np.array([entry.yi for entry in entries]), np.array([entry.vi for entry in entries])
        return answer_of(pool(y, v, method=method, test=options.test, level=options.level))

    about = Studied(
        len(one.entries), sum(len(entry.effects) for entry in one.entries), len(resting), AVERAGED, method,
        options.test, options.level,
    )  # fmt: skip
    return over_correlations(answer, np.linspace(0.0, 1.0, POINTS), options.rho, about)
