"""How the rules agree across the cells of a review, and whether points go with pooled benefits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from synthesis.evidence import Evidence
from synthesis.pipeline.loading import Loaded, first_years
from synthesis.pipeline.pools import pool_review

if TYPE_CHECKING:
    from synthesis.crosscheck.ledger.rules import RuleAgreement, Taking


def agreement_of(
    loaded: Loaded, evidence: Evidence | None = None, *, draws: int | None = None, seed: int | None = None
) -> RuleAgreement:
    """Every pair of rules on the contrasts that the pools use, and the points of the review's rule with the pools.

    Each rule takes the first of its policies under which a cell has a colour; the review's rule takes its own.

    Parameters
    ----------
    loaded : Loaded
        The review; rules of its own folder are among those compared.
    evidence : Evidence, optional
        The pools under the review's own options, where they are known already.
    draws, seed : int, optional
        How often the studies are drawn, and from which seed.
    """
    from synthesis.crosscheck.ledger.ordered import points_with_pools
    from synthesis.crosscheck.ledger.rules import DRAWS, SEED, rule_agreement
    from synthesis.scoring.living import by_modality

    review, pooled = loaded.records.review, evidence or pool_review(loaded)
    takings = _takings(loaded, pooled)
    cells = by_modality(pooled, years=first_years(loaded.root, loaded.records.studies))
    chance = {"draws": DRAWS if draws is None else draws, "seed": SEED if seed is None else seed}
    pools = {
        (modality.key, outcome.key): pool
        for modality in review.modalities.values()
        for outcome in review.outcomes.values()
        if (pool := pooled.headline(modality.key, outcome.key)) is not None
    }
    with_pools = points_with_pools(cells, pools, takings[review.rule], pooled.options, **chance)
    placed = sum(bool(review.modalities[key].row and review.outcomes[outcome].column) for key, outcome in cells)
    found = rule_agreement(cells, takings.values(), **chance)
    return replace(found, placed=placed, with_pools=with_pools)


def _takings(loaded: Loaded, evidence: Evidence) -> dict[str, Taking]:
    """Every rule with its policies, and what is known of each cell beside its studies."""
    from synthesis.crosscheck.ledger.rules import Taking
    from synthesis.scoring.contexts import modality_contexts
    from synthesis.scoring.reading.rule_file import load_rule, rule_names

    review = loaded.records.review
    found = {}
    for rule in (load_rule(name, loaded.root) for name in rule_names(loaded.root)):
        own = (review.policy,) if rule.key == review.rule and review.policy else tuple(rule.policies)
        contexts = {} if rule.grades == "study" else modality_contexts(evidence, review, rule)
        found[rule.key] = Taking(rule, own, contexts)
    return found
