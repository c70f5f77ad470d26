"""What is implausible in a record that can be read.

A check takes a study and the review and gives warnings; what concerns two studies is in `twice.py`, typed levels in
`synthesis.scoring.level_checks`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from synthesis.errors import Problem, Severity
from synthesis.records.design import contradictions
from synthesis.records.effects import RATIOS
from synthesis.records.review import Review
from synthesis.records.study import Counts, Estimate, Means, Place, Study
from synthesis.records.twice import ACROSS
from synthesis.text import one_line

TIMES = {"short": (0.0, 6.0), "medium": (6.0, 12.0), "long": (12.0, math.inf)}  # months: above the first, to the second
SD_RATIO = 4.0
SD_DIFFERENCE = 3.0


def interval_symmetry(study: Study, _: Review) -> Iterator[Problem]:
    """An interval that is not symmetric about its estimate, on the log scale for a ratio, whatever was rounded (SY201).

    Each printed number stands for all that round to it. A number was printed to at least as many decimals as
    any larger one beside it, so that 0.5 between 0.35 and 0.76 is read as 0.50.
    """
    for finding in study.findings:
        effect = finding.effect
        if isinstance(effect, Estimate) and effect.ci and _asymmetric(effect.value, *effect.ci, effect.measure):
            low, high = effect.ci
            scale = " on the log scale" if effect.measure in RATIOS else ""
            what = f"[{low:g}, {high:g}] is not symmetric about {effect.value:g}{scale}, beyond rounding"
            remedy = "compare all three numbers with the source; accept the warning if they stand there"
            yield _warning(finding.at("effect"), "SY201", what, remedy)


def _asymmetric(value: float, low: float, high: float, measure: str) -> bool:
    numbers = (value, low, high)
    half = {
        number: 0.5 * 10.0 ** -max(_decimals(other) for other in numbers if abs(other) >= abs(number))
        for number in numbers
    }

    def scale(number: float, step: float) -> float:
        moved = number + step * half[number] * (1 + 1e-9)
        if measure not in RATIOS:
            return moved
        return math.log(moved) if moved > 0 else -math.inf

    return 2 * scale(value, 1) < scale(low, -1) + scale(high, -1) or 2 * scale(value, -1) > scale(low, 1) + scale(
        high, 1
    )


def _decimals(number: float) -> int:
    """How many decimals a number was written with; final zeros are lost."""
    text = f"{number:.12f}".rstrip("0")
    return len(text.partition(".")[2])


def standard_errors(study: Study, _: Review) -> Iterator[Problem]:
    """A standard deviation that looks like a standard error, which is smaller by the root of n (SY204).

    Two signs: the deviations of the two groups differ more than fourfold; or the means lie more than three
    deviations (pooled) apart, which is rare. A standard error in the place of a deviation makes a difference larger by
    the root of n.
    """
    for finding in study.findings:
        effect = finding.effect
        if not isinstance(effect, Means):
            continue
        less, more = sorted((effect.sd, effect.control_sd))
        pooled = math.sqrt((effect.sd**2 + effect.control_sd**2) / 2)
        apart = abs(effect.mean - effect.control_mean) / pooled
        if more > SD_RATIO * less:
            what = f"an SD of {less:g} beside one of {more:g}: is the smaller a standard error?"
        elif apart > SD_DIFFERENCE:
            what = f"means {apart:.1f} SD apart: are the SD of {effect.sd:g} and {effect.control_sd:g} standard errors?"
        else:
            continue
        remedy = "SD = SE times the root of n; accept the warning if the source calls it SD"
        yield _warning(finding.at("effect"), "SY204", what, remedy)


def design_words(study: Study, _: Review) -> Iterator[Problem]:
    """A design whose words contradict one another, such as a comparison group in a before-after design (SY206)."""
    for first, second in contradictions(study.design):
        remedy = "correct one of them, or leave out the one that the source does not state"
        yield _warning(study.at(f"design.{first.field}"), "SY206", f"{first} contradicts {second}", remedy)


def arms_and_sample(study: Study, _: Review) -> Iterator[Problem]:
    """Arms that hold more people than the sample (SY205). Fewer is no fault: an arm may be left out of a record."""
    total = sum(arm.n or 0 for arm in study.arms if not arm.split_of)
    if study.sample.n is not None and total > study.sample.n:
        what = f"the arms hold {total} people, the sample {study.sample.n}"
        remedy = "correct one of them; an arm that is part of another says `split_of`"
        yield _warning(study.at("arms"), "SY205", what, remedy)
    sizes = {arm.key: arm.n for arm in study.arms}
    for arm in study.arms:
        whole = sizes.get(arm.split_of)
        if arm.n is not None and whole is not None and arm.n > whole:
            what = f"arm {arm.key!r} of {arm.n} is part of arm {arm.split_of!r} of {whole}"
            yield _warning(study.at("arms"), "SY205", what, "correct one of them")


def effect_and_arms(study: Study, _: Review) -> Iterator[Problem]:
    """More people in an effect than in its arm (SY203)."""
    sizes = {arm.key: arm.n for arm in study.arms}
    for finding in study.findings:
        effect = finding.effect
        if not isinstance(effect, (Counts, Means)):
            continue
        for key, n in ((finding.treatment, effect.n), (finding.control, effect.control_n)):
            size = sizes.get(key)
            if size is not None and n > size:
                what = f"{n} people in the effect, {size} in arm {key!r}"
                yield _warning(finding.at("effect"), "SY203", what, "correct one of them, or name the right arm")


def follow_up(study: Study, _: Review) -> Iterator[Problem]:
    """Months outside the class of time they are put in (SY207)."""
    for finding in study.findings:
        time = finding.time
        if time.months is None or time.label not in TIMES:
            continue
        above, to = TIMES[time.label]
        if not (above < time.months <= to or time.months == above == 0):
            what = f"{time.months:g} months are not {time.label!r}"
            remedy = "short is up to 6 months, medium up to 12, long more than 12"
            yield _warning(finding.at("time"), "SY207", what, remedy)


def emptiness(study: Study, _: Review) -> Iterator[Problem]:
    """A study without a report (SY208) or without a finding (SY209)."""
    if not study.cite:
        remedy = "add `cite: [KEY]` with the library's key of each report"
        yield _warning(study.place, "SY208", f"study {study.key!r} cites no report", remedy)
    if not study.findings:
        yield _warning(study.place, "SY209", f"study {study.key!r} has no finding", "add `findings:`")


CHECKS: Mapping[str, Callable[[Study, Review], Iterator[Problem]]] = {
    "interval-symmetry": interval_symmetry,
    "standard-errors": standard_errors,
    "design-words": design_words,
    "arms-and-sample": arms_and_sample,
    "effect-and-arms": effect_and_arms,
    "follow-up": follow_up,
    "emptiness": emptiness,
}


def check_studies(studies: Sequence[Study], review: Review) -> Iterator[Problem]:
    """Everything that `CHECKS` finds in each study, and `ACROSS` between them."""
    for check in CHECKS.values():
        for study in studies:
            yield from check(study, review)
    for compare in ACROSS.values():
        yield from compare(studies, review)


def _warning(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place.path, place.line, place.column, code, one_line(what), one_line(remedy), Severity.WARNING)
