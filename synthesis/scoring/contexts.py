"""What is known of a cell beside its studies: what its pool shows, and what people judged of its intervention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from synthesis.evidence import Evidence, Pool
from synthesis.evidence.entries import Entry
from synthesis.pooling import Pooled
from synthesis.pooling.intervals import half_width
from synthesis.records.review import Modality, Review
from synthesis.records.study import NOT_STATED, Counts, Means
from synthesis.scoring.facts import people_of
from synthesis.scoring.fields import OF_A_POOL
from synthesis.scoring.rule import Rule
from synthesis.scoring.states import Fact
from synthesis.sensitivity import egger

UPPER_LEVEL = 0.90  # of the interval whose upper bound shows equivalence: two one-sided tests at .05
Contexts: TypeAlias = Mapping[tuple[str, str], Mapping[str, Fact]]


def modality_contexts(evidence: Evidence, review: Review, *rules: Rule) -> Contexts:
    """What rules may know of each modality and outcome, as far as one of them asks for it.

    Parameters
    ----------
    evidence : Evidence
        The headline pool of a modality and outcome gives the facts of `fields.OF_A_POOL`.
    review : Review
        Its modalities' judgements, and the smallest worthwhile effects of its outcomes.
    *rules : Rule
        Where none asks for anything there is nothing: a pool is looked at only where that is needed.
    """
    wanted = frozenset[str]().union(*map(_wanted, rules))
    if not wanted:
        return {}
    keys = [(modality, outcome) for modality in review.modalities for outcome in review.outcomes]
    return {key: dict(_of_cell(evidence, review, key, wanted)) for key in keys}


def row_contexts(evidence: Evidence, review: Review, *rules: Rule) -> Contexts:
    """The same by matrix row: what all modalities of a row have in common, a pool where the row has one modality."""
    found, contexts = modality_contexts(evidence, review, *rules), {}
    for row in review.rows if found else ():
        modalities = [modality.key for modality in review.modalities.values() if modality.row == row.code]
        for outcome in review.outcomes:
            parts = [found[modality, outcome] for modality in modalities]
            contexts[row.code, outcome] = _common(parts)
    return contexts


def _common(parts: list[Mapping[str, Fact]]) -> Mapping[str, Fact]:
    first = parts[0] if parts else {}
    return {name: value for name, value in first.items() if all(part.get(name) == value for part in parts)}


def _wanted(rule: Rule) -> frozenset[str]:
    """The names that the rule has from elsewhere than its studies: what it asks people, what it takes from a pool."""
    used = {name for procedure in rule.policies.values() for name in procedure.names}
    return frozenset({*rule.asked("intervention"), *(used & set(OF_A_POOL))})


def _of_cell(
    evidence: Evidence, review: Review, key: tuple[str, str], wanted: frozenset[str]
) -> Iterator[tuple[str, Fact]]:
    modality, outcome = key
    yield from ((name, value) for name, value in judged(review.modalities[modality]) if name in wanted)
    worthwhile = review.outcomes[outcome].smallest_worthwhile
    pool = evidence.headline(modality, outcome) if evidence.pools else None
    if pool is not None:
        known = {**benefit_of(pool, pool.fit), **_of_entries(pool), "worthwhile": worthwhile.get(pool.measure)}
        if "egger_p" in wanted:
            effects = [entry.yi for entry in pool.entries], [entry.vi for entry in pool.entries]
            known["egger_p"] = egger(*effects, level=evidence.options.level).p_value
        yield from ((name, value) for name, value in known.items() if value is not None and name in wanted)


def judged(modality: Modality) -> Iterator[tuple[str, Fact]]:
    """What people judged of an intervention; what they left open is unknown."""
    return ((one.name, one.value) for one in modality.judgements if one.value is not None)


def benefit_of(pool: Pool, fit: Pooled) -> dict[str, float | None]:
    """A pooled effect with benefit above 0, ratios as logs."""
    low, high = pool.benefit(fit.ci_low, fit.ci_high)
    prediction: tuple[float, float] | tuple[None, None] = (None, None)
    if fit.pi_low is not None and fit.pi_high is not None:
        prediction = pool.benefit(fit.pi_low, fit.pi_high)
    return {
        "k": float(fit.k),
        "i2": fit.i2,
        "estimate": pool.benefit(fit.estimate, fit.estimate)[0],
        "ci_low": low,
        "ci_high": high,
        "pi_low": prediction[0],
        "pi_high": prediction[1],
        "upper": upper_benefit(pool, fit),
    }


def upper_benefit(pool: Pool, fit: Pooled) -> float:
    """The upper bound of the 90 % interval with benefit above 0."""
    reach = half_width(fit.df, UPPER_LEVEL) * fit.se
    return pool.benefit(fit.estimate - reach, fit.estimate + reach)[1]


def _of_entries(pool: Pool) -> dict[str, float | None]:
    """People in all studies, and the share of weight of those at high risk of bias, where every study is judged."""
    people = [_people(entry) for entry in pool.entries]
    judged_overall = [_overall(entry) for entry in pool.entries]
    shares = [weight for weight, word in zip(pool.fit.weights, judged_overall, strict=True) if word == "high"]
    return {
        "people": None if None in people else float(sum(number or 0 for number in people)),
        "weight_high_risk": None if NOT_STATED in judged_overall else float(sum(shares)),
    }


def _people(entry: Entry) -> int | None:
    if isinstance(entry.data, (Counts, Means)):
        return entry.data.n + entry.data.control_n
    sizes = [people_of(entry.study, one.contrast.finding) for one in entry.effects]
    return max((size for size in sizes if size is not None), default=None)


def _overall(entry: Entry) -> str:
    return next((word for domain, word, _ in entry.study.risk_of_bias if domain == "overall"), NOT_STATED)
