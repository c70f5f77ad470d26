"""What rules give for the evidence of a review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.evidence import Evidence
from synthesis.pipeline.loading import Loaded, first_years, printed_matrix, statements
from synthesis.pipeline.narrowing import narrowed
from synthesis.pipeline.pools import pool_review

if TYPE_CHECKING:
    from synthesis.scoring.beside import Answer, Key, Taken
    from synthesis.scoring.matrix import Matrix, Reading
    from synthesis.scoring.report import Cells
    from synthesis.scoring.rule import Rule
    from synthesis.scoring.score import Score
    from synthesis.scoring.states import Context
    from synthesis.scoring.steadiness import Steadiness

BY_MODALITY, BY_ROW = "modality", "row"  # what a cell is of, beside its outcome


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings a rule is asked about; nothing asked is the living evidence under the review's own rule."""

    rule: str | None = None
    policy: str | None = None
    as_of: int | None = None  # a year
    setting: str | None = None  # of samples
    evidence_set: str | None = None
    every: bool = False  # contrasts of every level and comparator, not only those of the pools

    @property
    def narrows(self) -> bool:
        """Whether another body of evidence is asked about, beside another rule."""
        return (self.as_of, self.setting, self.evidence_set) != (None, None, None)


def rule_of(loaded: Loaded, name: str | None = None) -> Rule:
    """A rule by its name, shipped or of the review's own; by default the one that review.toml names."""
    from synthesis.scoring.chosen import chosen_rule
    from synthesis.scoring.reading.rule_file import load_rule

    return load_rule(name, loaded.root) if name else chosen_rule(loaded.records.review, loaded.root)


def matrix_of(loaded: Loaded, evidence: Evidence | None = None) -> Matrix:
    """The scoring matrix: printed points, the report's own findings read in two ways, and the living evidence.

    Parameters
    ----------
    loaded : Loaded
        The report is the first evidence set of review.toml that is not a living one.
    evidence : Evidence, optional
        The pools under the review's own options, where they are known already.

    Raises
    ------
    InvalidData
        Everything wrong with the published tables, or with a rule of the review's own.
    """
    from synthesis.scoring.contexts import row_contexts
    from synthesis.scoring.living import readings_of
    from synthesis.scoring.matrix import CAUTIOUS, LIVING, LIVING_CAUTIOUS, Reading, build_matrix, report_readings
    from synthesis.scoring.report import generous_findings, strict_findings
    from synthesis.scoring.rule import procedure_of

    review, studies, rule = loaded.records.review, loaded.records.studies, rule_of(loaded)
    pooled = evidence or pool_review(loaded)
    printed = printed_matrix(loaded.root, review)
    stated = [one for one in statements(loaded.root, review) if one.document not in loaded.untrusted]
    living = readings_of(pooled, review, years_for(loaded, [rule]))
    told: tuple[Reading, ...] = ()
    if report := review.report:
        told = report_readings(strict_findings(studies, report), generous_findings(studies, stated, report))
    policy = review.policy or rule.base
    headline = {CAUTIOUS: LIVING_CAUTIOUS, rule.base: LIVING}.get(policy, f"{LIVING}, {policy}")
    if headline not in {reading.name for reading in living}:
        means = f"{living[0].means}; {procedure_of(rule, policy).says}"
        living = (*living, Reading(headline, living[0].findings, policy, means))
    contexts = row_contexts(pooled, review, rule)
    return build_matrix(review, printed, rule, [*told, *living], headline=headline, contexts=contexts)


def rules_of(
    loaded: Loaded, names: Iterable[str] | None = None, policy: str | None = None, *, every: bool = False
) -> dict[str, dict[tuple[str, str], Score]]:
    """What each rule gives for every modality and outcome that has a finding.

    Parameters
    ----------
    loaded : Loaded
        The review; its living evidence is taken.
    names : iterable of str, optional
        Rules; by default all that grade an intervention, those of the review's own folder among them.
    policy : str, optional
        Of every one of these rules; by default the first of each.
    every : bool
        Contrasts of every level and comparator, and not only those that the pools use.

    Raises
    ------
    NotFound
        There is no such rule.
    InvalidArgument
        A rule has no such policy.
    """
    from synthesis.scoring.contexts import modality_contexts
    from synthesis.scoring.many_rules import run_rules

    rules = every_rule(loaded, names)
    evidence = pool_review(loaded)
    found = _living(loaded, evidence, BY_MODALITY, years_for(loaded, rules), every=every)
    cells = {key: found[key] for key in _in_order(loaded, {key for key, held in found.items() if held}, BY_MODALITY)}
    return run_rules(cells, rules, modality_contexts(evidence, loaded.records.review, *rules), policy)


def every_rule(loaded: Loaded, names: Iterable[str] | None = None) -> list[Rule]:
    """Rules by their names; by default all that grade an intervention, those of the review's own folder among them.

    Raises
    ------
    NotFound
        There is no such rule.
    InvalidArgument
        A rule that is named grades single studies.
    """
    from synthesis.scoring.reading.rule_file import load_rule, rule_names

    asked = None if names is None else list(names)
    rules = [load_rule(name, loaded.root) for name in (rule_names(loaded.root) if asked is None else asked)]
    single = [rule.key for rule in rules if rule.grades == "study"]
    if asked is not None and single:
        raise InvalidArgument(f"rule {single[0]} grades single studies: `synth levels` runs it")
    return [rule for rule in rules if rule.grades != "study"]


def answer_of(loaded: Loaded, asked: Asked, by: str) -> Answer:
    """What is asked, beside the living evidence under the review's own rule.

    Parameters
    ----------
    loaded : Loaded
        The whole review.
    asked : Asked
        Another rule or policy, or a part of the evidence; a part is set beside all of it under the same rule.
    by : str
        BY_MODALITY or BY_ROW.

    Raises
    ------
    InvalidArgument, NotFound
        There is no such rule, policy, setting or evidence set.
    """
    from synthesis.scoring.beside import Answer, set_beside

    part, left_out = narrowed(loaded, as_of=asked.as_of, setting=asked.setting)
    here = _taken(part, asked, by)
    same = (asked.rule, asked.policy) if asked.narrows else (None, None)
    against = Asked(*same, every=asked.every)
    whole = _taken(loaded, against, by)
    keys = _keys(loaded, (here, whole), by)
    cells = set_beside(here, whole, keys, same_studies=asked.evidence_set is not None)
    return Answer(here, None if asked == against else whole, cells, left_out)


def steadiness_of(loaded: Loaded, asked: Asked, by: str) -> tuple[Rule, dict[tuple[str, str], Steadiness]]:
    """Every cell of the findings that are asked about, under every policy of the rule and without each study."""
    from synthesis.scoring.steadiness import steadiness

    part, _ = narrowed(loaded, as_of=asked.as_of, setting=asked.setting)
    taken = _taken(part, asked, by)
    cells = {key: taken.cells[key] for key in _keys(loaded, (taken,), by)}
    return taken.rule, steadiness(cells, taken.rule, taken.policy, taken.contexts)


def _taken(loaded: Loaded, asked: Asked, by: str) -> Taken:
    """The findings that are asked about, with the rule and what is known beside them."""
    from synthesis.scoring.beside import Taken
    from synthesis.scoring.rule import procedure_of

    review, rule = loaded.records.review, rule_of(loaded, asked.rule)
    own = review.policy if asked.rule in (None, review.rule) else ""
    policy = procedure_of(rule, asked.policy or own or None).name
    evidence = pool_review(loaded, {"sets": (asked.evidence_set,)} if _living_set(loaded, asked) else None)
    told = asked.evidence_set is not None and not _living_set(loaded, asked)
    years = years_for(loaded, [rule])
    living = {} if told else _living(loaded, evidence, by, years, every=asked.every)
    cells = _told(loaded, asked.evidence_set or "", by) if told else living
    return Taken(_means(asked), cells, rule, policy, _contexts(loaded, evidence, rule, by))


def _means(asked: Asked) -> str:
    """Which findings are taken, in words."""
    kind = f"evidence set {asked.evidence_set}" if asked.evidence_set else "living evidence"
    parts = [
        kind,
        "every level and comparator" if asked.every else "",
        f"as of {asked.as_of}" if asked.as_of is not None else "",
        f"setting {asked.setting}" if asked.setting else "",
    ]
    return ", ".join(part for part in parts if part)


def _living_set(loaded: Loaded, asked: Asked) -> bool:
    """Whether a living evidence set is asked for by name."""
    sets, name = loaded.records.review.evidence_sets, asked.evidence_set
    if name is not None and name not in sets:
        raise InvalidArgument(f"no evidence set {name!r}: {did_you_mean(name, sets)}")
    return name is not None and sets[name].living


def _told(loaded: Loaded, name: str, by: str) -> Cells:
    """The findings of an evidence set as its source tells them."""
    from synthesis.scoring.living import by_row
    from synthesis.scoring.report import modality_findings, strict_findings

    studies = loaded.records.studies
    placed = strict_findings(studies, name)
    if by == BY_ROW and placed:
        return placed
    found = modality_findings(studies, name)
    return by_row(found, loaded.records.review) if by == BY_ROW else found


def _living(loaded: Loaded, evidence: Evidence, by: str, years: Mapping[str, int], *, every: bool = False) -> Cells:
    """The living findings by cell."""
    from synthesis.scoring.living import by_modality, by_row, of_every_level

    review, studies = loaded.records.review, loaded.records.studies
    if every:
        found = of_every_level(studies, review, evidence.options, years=years)
    else:
        found = by_modality(evidence, years=years)
    return by_row(found, review) if by == BY_ROW else found


def years_for(loaded: Loaded, rules: Iterable[Rule]) -> dict[str, int]:
    """The years of the studies where one of the rules speaks of them; the library is not read for others."""
    needed = any("year" in rule.fields for rule in rules)
    return first_years(loaded.root, loaded.records.studies) if needed else {}


def _contexts(loaded: Loaded, evidence: Evidence, rule: Rule, by: str) -> Mapping[Key, Context]:
    from synthesis.scoring.contexts import modality_contexts, row_contexts

    known = row_contexts if by == BY_ROW else modality_contexts
    return known(evidence, loaded.records.review, rule)


def _keys(loaded: Loaded, taken: Iterable[Taken], by: str) -> tuple[Key, ...]:
    """The cells with a finding, in the order of the review."""
    return _in_order(loaded, {key for one in taken for key, findings in one.cells.items() if findings}, by)


def _in_order(loaded: Loaded, there: set[Key], by: str) -> tuple[Key, ...]:
    """Cells in the order of the review."""
    review = loaded.records.review
    firsts = [row.code for row in review.rows] if by == BY_ROW else list(review.modalities)
    outcomes = [key for key, outcome in review.outcomes.items() if outcome.column or by == BY_MODALITY]
    return tuple((first, outcome) for first in firsts for outcome in outcomes if (first, outcome) in there)
