"""What selection models, p-curves and their like can and cannot tell, by named rules with their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.pooling.pooled import Note

FEW = 10
SPARSE = 3  # studies of an interval below which its weight is hardly known


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason for caution."""

    decides: bool  # the result is not usable where the rule applies
    source: str


VEVEA_WOODS = "Vevea and Woods (2005), Psychological Methods 10(4), 428-443"
HEDGES_VEVEA = "Hedges and Vevea (1996), Journal of Educational and Behavioral Statistics 21(4), 299-332"
AERT_ASSEN = "van Aert and van Assen (2026), Psychonomic Bulletin & Review, doi 10.3758/s13423-025-02812-4"
SIMONSOHN = "Simonsohn, Nelson and Simmons (2014), Journal of Experimental Psychology: General 143(2), 534-547"
AERT_2016 = "van Aert, Wicherts and van Assen (2016), Perspectives on Psychological Science 11(5), 713-729"
COPAS_SHI = "Copas and Shi (2000), Biostatistics 1(3), 247-262"
CARPENTER = "Carpenter, Schwarzer, Rucker and Kunstler (2009), Journal of Clinical Epidemiology 62(6), 624-631"
STERNE = "Sterne et al. (2011), BMJ 343, d4002: other reasons for asymmetry than selection"
LIKELIHOOD = "theory of maximum likelihood: standard errors and chi-squared tests hold inside the parameter space"
METAFOR = "metafor, manual page of selmodel"
DEFINITION = "what the method takes for granted by its own definition"
THRESHOLD = "a threshold of this program, where papers give none"
JUDGED = "a judgement of this program, of no paper"
OWN = "this program: a search that did not end, or that ended in several places, says so"

RULES: Mapping[str, Rule] = {
    "few": Rule(
        decides=True, source=f"{AERT_ASSEN}: of use from ten studies on (p-uniform*, one step); of the rest {THRESHOLD}"
    ),
    "empty_interval": Rule(decides=True, source=f"{METAFOR}: their weights drift to 0 or to infinity"),
    "sparse_interval": Rule(decides=False, source=f"{VEVEA_WOODS}; {THRESHOLD}"),
    "all_significant": Rule(decides=True, source=f"{METAFOR}, of step functions; of the rest {JUDGED}"),
    "none_significant": Rule(decides=True, source=f"{METAFOR}, of step functions; of the rest {JUDGED}"),
    "parameter_on_bound": Rule(decides=True, source=LIKELIHOOD),
    "extrapolated": Rule(decides=True, source=THRESHOLD),
    "outlying": Rule(decides=False, source=f"{HEDGES_VEVEA}; {THRESHOLD}"),
    "small_studies": Rule(decides=False, source=STERNE),
    "tau2_on_bound": Rule(decides=False, source=LIKELIHOOD),
    "no_curvature": Rule(decides=True, source=LIKELIHOOD),
    "not_converged": Rule(decides=True, source=OWN),
    "several_maxima": Rule(decides=False, source=OWN),
    "hardly_known": Rule(decides=False, source=THRESHOLD),
    "reversed": Rule(decides=False, source=f"{METAFOR}: weights can be larger than 1"),
    "weights_assumed": Rule(decides=False, source=VEVEA_WOODS),
    "assumption": Rule(decides=False, source=DEFINITION),
    "no_p_value": Rule(decides=True, source=DEFINITION),
    "few_significant": Rule(decides=False, source=THRESHOLD),
    "only_significant": Rule(decides=False, source=SIMONSOHN),
    "heterogeneity": Rule(decides=False, source=AERT_2016),
    "much_heterogeneity": Rule(decides=True, source=f"{AERT_2016}; {THRESHOLD}"),
    "p_near_alpha": Rule(decides=False, source=AERT_2016),
    "no_asymmetry": Rule(decides=False, source=CARPENTER),
    "asymmetry_left": Rule(decides=False, source=CARPENTER),
    "not_identified": Rule(decides=False, source=COPAS_SHI),
    "alike_errors": Rule(decides=True, source=THRESHOLD),
    "correlation_on_bound": Rule(decides=False, source=JUDGED),
    "some_failed": Rule(decides=False, source=OWN),
}


def finding(rule: str, words: str) -> Note:
    """A rule that applies, in words."""
    if rule not in RULES:
        raise KeyError(f"no rule {rule!r}: {did_you_mean(rule, RULES)}")
    return Note(rule, words)


def usable(findings: Iterable[Note]) -> bool:
    """Whether no rule applies that decides against the result."""
    return not any(RULES[rule].decides for rule, _ in findings)


def listed(findings: Iterable[Note]) -> list[dict[str, str | bool]]:
    """Findings as plain values, with the source of each rule."""
    return [
        {"rule": rule, "says": words, "decides": RULES[rule].decides, "source": RULES[rule].source}
        for rule, words in findings
    ]
