"""What a rule sees of a finding beside its direction: the facts that its record states, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from synthesis.records.design import known_of
from synthesis.records.study import BIAS, NOT_STATED, Counts, Finding, Means, Study
from synthesis.scoring.fields import FIELDS
from synthesis.scoring.states import Fact, Facts

OF_DESIGN: Mapping[str, str] = {  # field of a rule -> of `known_of`
    "randomised": "randomised",
    "comparison": "comparison",
    "pre_post": "measured_before",
    "several_units": "several_units",
    "sound": "sound",
    "method": "method",
    "controls": "controls",
}


def facts_of(study: Study, finding: Finding, year: int | None = None) -> Facts:
    """Every fact that is known of a finding, by the names that rules use.

    Parameters
    ----------
    study : Study
        The one that has the finding.
    finding : Finding
        One contrast on one outcome at one time.
    year : int, optional
        Of the study's first report, where it was looked up.

    Returns
    -------
    tuple of (str, float or bool or str)
        Each name once. What is not known is left out. Level, direction, significance, `limited`, effect, outcome,
        detail, study and basis are not here: they depend on how a finding is read, not on its record alone.

    Notes
    -----
    Of the design, what follows by definition counts as known, and a stated field wins over it (`known_of`):

    =================================  ==========================================================================
    `allocation: randomised`           randomised; method: randomised trial; comparison
    any other stated allocation        not randomised
    `matched`                          comparison; controls: adequate
    `statistically controlled`         comparison; controls: adequate
    `nonequivalent`, `self-selected`   comparison
    `before-after`                     method: before-after; no comparison; pre_post
    `cross-sectional`                  method: cross-section, unless its controls are adequate; not pre_post
    `unit: individual`                 several_units
    `analysed_as_allocated: false`     not sound
    =================================  ==========================================================================

    A stated method says what OF_METHOD of `synthesis.records.design` has: differences in differences have a
    comparison group and measure before. `n` are the people of the contrast: those of the effect, else of the two arms,
    else of the sample. A judgement that is named like a field is no fact: the record states that field itself.
    """
    facts = {**facts_of_study(study, year), **_known(_of_finding(study, finding))}
    return tuple(facts.items())


def facts_of_study(study: Study, year: int | None = None) -> Mapping[str, Fact]:
    """What is known of a study whatever finding is looked at: its people, its design, and what was judged of it.

    See `facts_of`; `n` are the people of the sample. The level that somebody typed is not here.
    """
    judged = ((judgement.name, judgement.value) for judgement in study.judgements if judgement.name not in FIELDS)
    return _known((*_of_study(study, year), *judged))


def _known(facts: Iterable[tuple[str, Fact | None]]) -> dict[str, Fact]:
    return {name: value for name, value in facts if value is not None and value not in ("", NOT_STATED)}


def people_of(study: Study, finding: Finding) -> int | None:
    """People in a contrast: those of its effect, else of its two arms, else of the whole sample."""
    effect = finding.effect
    if isinstance(effect, (Counts, Means)):
        return effect.n + effect.control_n
    sizes = {arm.key: arm.n for arm in study.arms}
    treated, controls = sizes.get(finding.treatment), sizes.get(finding.control)
    return study.sample.n if treated is None or controls is None else treated + controls


def _of_study(study: Study, year: int | None) -> Iterator[tuple[str, Fact | None]]:
    """Every field of the record that is the same for all its findings, known or not."""
    design, sample = study.design, study.sample
    known = known_of(design)
    yield from ((name, known.get(of)) for name, of in OF_DESIGN.items())
    yield from (("allocation", design.allocation), ("unit", design.unit), ("comparability", design.comparability))
    yield from (("analysed_as_allocated", design.analysed_as_allocated), ("attrition", design.attrition))
    yield from (("setting", sample.setting), ("country", sample.country), ("female", sample.female))
    judged = {domain: judgement for domain, judgement, _ in study.risk_of_bias}
    yield from ((name, judged.get(domain)) for name, domain in BIAS.items())
    yield from (("n", _number(sample.n)), ("year", _number(year)))


def _of_finding(study: Study, finding: Finding) -> Iterator[tuple[str, Fact | None]]:
    """Every field of one finding, known or not."""
    yield from (("comparator", finding.comparator), ("time", finding.time.label), ("report", _report(study, finding)))
    yield from (("n", _number(people_of(study, finding))), ("months", _number(finding.time.since_end)))
    yield "trial_level", _number(study.maryland.level)


def _report(study: Study, finding: Finding) -> str:
    """The report of the study that states a finding; a page about it by others is none, and counts with the study."""
    document = finding.source.document
    return document if document in study.cite else study.key


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
