"""The pools of a review by models of counts, beside the usual ones; points and matrix never use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synthesis.effects import MEASURES
from synthesis.evidence.contrasts import LeftOut
from synthesis.evidence.entries import Entry
from synthesis.evidence.options import Options
from synthesis.evidence.pools import Evidence, Key, Pool
from synthesis.pooling.model_pooled import ModelPooled
from synthesis.pooling.sparse.models import check_model, pool_counts
from synthesis.records.study import Counts

ENTERS_COUNTS = (
    "Each study enters with the counts of its one effect (follow-up, detail and arms as in the usual pool); beneath "
    "each pool stands the usual one, weighted by inverse variances."
)


@dataclass(frozen=True, slots=True)
class OtherPool:
    """One pool by another model, and the usual pool of the same outcome beside it."""

    key: Key
    measure: str
    better: str  # of the outcome: lower | higher
    entries: tuple[Entry, ...]  # what entered: one a study, or several of dependent effects
    fit: ModelPooled
    by_rho: Mapping[float, ModelPooled]  # with other correlations, where covariances rest on one
    usual: Pool | None  # None where the usual rule leaves no study

    @property
    def is_ratio(self) -> bool:
        """Whether numbers are logs of ratios."""
        return MEASURES[self.measure].is_ratio


@dataclass(frozen=True, slots=True)
class OtherEvidence:
    """All pools of a review by another model, and everything that entered none of them."""

    options: Options
    model: str  # a key of COUNT_MODELS or of DEPENDENCE
    method: str
    test: str
    enters: str  # what enters, in words
    pools: tuple[OtherPool, ...]
    left_out: tuple[LeftOut, ...]
    unasked: int


def count_pools(evidence: Evidence, model: str, *, method: str | None, test: str | None) -> OtherEvidence:
    """The pools of an evidence by a model of counts.

    Parameters
    ----------
    evidence : Evidence
        The usual pools.
    model : str
        A key of COUNT_MODELS.
    method, test : str, optional
        Of a generalised linear mixed model; its usual ones if not given.

    Raises
    ------
    InvalidArgument
        For a model, method or test that there is not, and a model that is not of the binary measure.
    """
    measure = "OR" if evidence.options.convert else evidence.options.measure["binary"]
    method, test = check_model(model, measure, method, test)
    pools: list[OtherPool] = []
    left = list(evidence.left_out)
    for pool in evidence.pools:
        reasons = {entry.study.key: _without_counts(entry, pool, model) for entry in pool.entries}
        entries = [entry for entry in pool.entries if not reasons[entry.study.key]]
        for entry in pool.entries:
            if reasons[entry.study.key]:
                left += _left(entry, reasons[entry.study.key])
        if entries:
            fit, out = pool_counts(
                model, measure, _columns(entries), method=method, test=test, level=evidence.options.level
            )
            for note in out:
                left += _left(entries[note.row], note.reason)
            dropped = {note.row for note in out}
            kept = tuple(entry for row, entry in enumerate(entries) if row not in dropped)
            pools.append(OtherPool(pool.key, pool.measure, pool.better, kept, fit, {}, pool))
    ordered = tuple(sorted(left, key=lambda one: one.order))
    return OtherEvidence(
        evidence.options, model, method, test, ENTERS_COUNTS, tuple(pools), ordered, evidence.unasked
    )  # fmt: skip


def _left(entry: Entry, reason: str) -> list[LeftOut]:
    return [LeftOut(entry.study, one.contrast.finding, reason) for one in entry.effects]


def _without_counts(entry: Entry, pool: Pool, model: str) -> str:
    """Why a study's effect has no counts for a model; empty where it has."""
    if pool.key.family != "binary":
        return f"the model {model} pools counts, and this is a pool of {pool.measure}: without --model it is pooled"
    if entry.data is None:
        return f"its effect is averaged from several, and the model {model} needs counts"
    if not isinstance(entry.data, Counts):
        return f"its effect is printed without counts, which the model {model} needs"
    if any(one.inflation > 1 for one in entry.effects):
        return f"clusters inflate its variance, which the counts that the model {model} takes do not show"
    return ""


def _columns(entries: Sequence[Entry]) -> dict[str, list[float]]:
    data = [entry.data for entry in entries if isinstance(entry.data, Counts)]
    return {
        "ai": [one.events for one in data], "n1i": [one.n for one in data],
        "ci": [one.control_events for one in data], "n2i": [one.control_n for one in data],
    }  # fmt: skip
