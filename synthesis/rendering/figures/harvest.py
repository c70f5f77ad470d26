"""Studies as the data of a harvest plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthesis.evidence import Evidence
from synthesis.evidence.attributes import CHOICES
from synthesis.records.review import Review
from synthesis.rendering.figures.results import MIXED, Cell, StudyResult, study_results, without_direction
from synthesis.rendering.figures.words import cell_labels, check_attribute, title_of
from synthesis.rendering.plots.harvest_data import HarvestBar, HarvestData, HarvestRow

PANELS: Mapping[str, str] = {"effective": "benefit", "contrary": "harm", "ineffective": "none", MIXED: "none"}
ONE_DIRECTION = ("Harm", "No difference", "Benefit")
SEVERAL = ("Harm", "No difference, or mixed", "Benefit")
KIND = "setting"


def harvest_data(
    evidence: Evidence,
    review: Review,
    *,
    kind: str = KIND,
    by: str = "computed",
    active: bool = False,
    title: str = "",
) -> HarvestData:
    """Every study that has a direction as a bar, on a row for each modality and outcome.

    Parameters
    ----------
    evidence : Evidence
        Its contrasts, by modality and outcome.
    review : Review
        Labels, and the order of modalities and outcomes.
    kind : str
        The attribute that the patterns tell apart, a key of ATTRIBUTES.
    by : {"computed", "reported"}
        Which direction places a bar where both are known: that of its one effect, tested two-sided at .05, or that
        of the words of its source, whatever their significance.
    active : bool
        The contrasts with active comparators in place of the others.
    title : str
        Of the figure; otherwise it names what is shown.

    Raises
    ------
    NotFound
        There is no study, or none with a direction.
    InvalidArgument
        There is no such attribute.
    """
    check_attribute(kind)
    results = study_results(evidence, review, active=active)
    shown = [one for one in results if one.computed or one.reported]
    if not shown:
        raise without_direction(results)
    labels = cell_labels((one.cell for one in shown), review)
    cells: dict[Cell, list[StudyResult]] = {}
    for one in shown:
        cells.setdefault(one.cell, []).append(one)
    bars = {cell: tuple(_bar(one, kind, evidence) for one in found) for cell, found in cells.items()}
    mixed = any(MIXED in (one.computed, one.reported) for one in shown)
    return HarvestData(
        title=title or title_of(labels, review),
        rows=tuple(HarvestRow(labels[cell], found) for cell, found in bars.items()),
        by=by,
        panels=SEVERAL if mixed else ONE_DIRECTION,
        kinds=CHOICES.get(kind, ()),
        kind_name=f"{kind.replace('_', ' ').capitalize()}:",
        footnotes=_footnotes(results, active=active),
    )


def _bar(one: StudyResult, kind: str, evidence: Evidence) -> HarvestBar:
    return HarvestBar(
        label=one.study.key,
        level=one.level,
        computed=None if one.computed is None else PANELS[one.computed],
        reported=None if one.reported is None else PANELS[one.reported],
        kind=one.attribute(kind, evidence.options),
    )


def _footnotes(results: Sequence[StudyResult], *, active: bool) -> tuple[str, ...]:
    against = "active" if active else "inactive"
    height = "Height: Maryland level of the contrast, 1 to 5."
    computed = "Computed: two-sided test of the study's own effect at .05."
    reported = "Reported: in words, whatever the significance."
    found = [f"{height} {computed} {reported} Against {against} comparators."]
    absent = sorted({one.study.key for one in results if not (one.computed or one.reported)})
    if absent:
        found.append(f"Without any stated direction, and not shown: {', '.join(absent)}.")
    return tuple(found)
