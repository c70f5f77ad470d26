"""The rows of a plain table as the data of a harvest plot, an effect-direction plot and an albatross plot."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.errors import InvalidArgument, NotFound
from synthesis.plain.directions import PlainResult
from synthesis.rendering.figures.effect_direction import AGREE, agreed_arrow, check_agree
from synthesis.rendering.figures.words import favours
from synthesis.rendering.plots.albatross_data import LEAST_P, AlbatrossData, AlbatrossPoint
from synthesis.rendering.plots.effect_direction_data import SIZES, EffectArrow, EffectDirectionData, EffectDirectionRow
from synthesis.rendering.plots.harvest_data import HarvestBar, HarvestData, HarvestRow

SIGNIFICANT_AT = 0.05
PANELS = {1: "benefit", -1: "harm", 0: "none"}
ALL = "All studies"  # a row or column of studies that are not grouped
TESTED = "Computed: two-sided test of the study's own effect at .05."


def harvest_of_table(
    results: Sequence[PlainResult], *, by: str = "computed", kind_name: str = "", title: str = ""
) -> HarvestData:
    """Every row that has a direction and a level as a bar, on a row for each group.

    Parameters
    ----------
    results : sequence of PlainResult
        A direction whose p-value is known counts as none from .05 on; others stand as they are given. The text
        `kind` is the pattern.
    by : {"computed", "reported"}
        Which direction places a bar where both are known.
    kind_name, title : str
        What the patterns show, and the figure's title.

    Raises
    ------
    NotFound
        No row has both a direction and a level.
    """
    shown = [one for one in results if one.level is not None and (one.sign, one.reported) != (None, None)]
    if not shown:
        raise NotFound("no row has a direction and a level: name their columns with --direction or --yi, and --level")
    groups = dict.fromkeys(one.group for one in shown)
    rows = tuple(HarvestRow(group or ALL, tuple(_bar(one) for one in shown if one.group == group)) for group in groups)
    notes = [TESTED] if any(one.sign is not None and one.p is not None for one in shown) else []
    return HarvestData(
        title=title,
        rows=rows,
        by=by,
        kind_name=f"{kind_name}:" if kind_name else "",
        footnotes=("Height: level of the design, 1 to 5.", *notes, *_absent(results, shown)),
    )


def _bar(one: PlainResult) -> HarvestBar:
    null = one.p is not None and one.p >= SIGNIFICANT_AT
    return HarvestBar(
        label=one.study,
        level=int(one.level or 0),
        computed=None if one.sign is None else "none" if null else PANELS[one.sign],
        reported=None if one.reported is None else PANELS[one.reported],
        kind=one.text("kind"),
    )


def effect_direction_of_table(
    results: Sequence[PlainResult], *, agree: float = AGREE, sizes: tuple[float, float] = SIZES, title: str = ""
) -> EffectDirectionData:
    """Studies by groups, an arrow for the rows of one study in one group.

    Parameters
    ----------
    results : sequence of PlainResult
        Those of one name are one study; its level and design are those of its first row that gives them.
    agree, sizes
        As for `effect_direction_data`.
    title : str
        Of the figure.

    Raises
    ------
    NotFound
        No row has a direction.
    InvalidArgument
        For another share.
    """
    check_agree(agree)
    shown = [one for one in results if one.sign is not None]
    if not shown:
        raise NotFound("no row has a direction: name their column with --direction or --yi")
    outcomes = list(dict.fromkeys(one.group for one in shown))
    rows = tuple(
        _row([one for one in shown if one.study == study], outcomes, agree)
        for study in dict.fromkeys(one.study for one in shown)
    )
    known = {row.quality for row in rows} - {""}
    return EffectDirectionData(
        title=title,
        outcomes=tuple(outcome or ALL for outcome in outcomes),
        rows=rows,
        qualities=(*sorted(known, reverse=True), "") if known else (),
        quality_name="Level",
        sizes=sizes,
        footnotes=tuple(_absent(results, shown)),
    )


def _row(found: Sequence[PlainResult], outcomes: Sequence[str], agree: float) -> EffectDirectionRow:
    arrows = tuple(_arrow([one for one in found if one.group == outcome], agree) for outcome in outcomes)
    levels = [one.level for one in found if one.level is not None]
    return EffectDirectionRow(
        label=found[0].study,
        design=next((one.text("design") for one in found if one.text("design")), ""),
        n=max((one.n for one in found if one.n is not None), default=None),
        arrows=arrows,
        quality=f"{min(levels):g}" if levels else "",
    )


def _arrow(found: Sequence[PlainResult], agree: float) -> EffectArrow | None:
    signs = [one.sign for one in found if one.sign is not None]
    return agreed_arrow(signs, agree, max((one.n for one in found if one.n is not None), default=None))


def albatross_of_table(
    results: Sequence[PlainResult],
    *,
    contours: str = "SMD",
    baseline: float | None = None,
    better: str | None = None,
    title: str = "",
) -> AlbatrossData:
    """Every row that has a p-value, a side of the null and a number of participants as a point.

    Parameters
    ----------
    results : sequence of PlainResult
        Effects stand right of the null where they are above 0; directions in words where they are a benefit. The
        groups have marks of their own.
    contours : str
        A key of CONTOURS.
    baseline : float, optional
        The control group's risk, for contours of a ratio.
    better : {"higher", "lower"}, optional
        Which sign of an effect favours treatment.
    title : str
        Of the figure.

    Raises
    ------
    NotFound
        No row has all three.
    InvalidArgument
        Rows have p-values, and neither effects nor directions.
    """
    placed = [(one, _point(one)) for one in results]
    shown = [one for one, point in placed if point is not None]
    if not shown and any(one.p is not None for one in results) and all(_side(one) is None for one in results):
        raise InvalidArgument("a two-sided p-value has no side: name a column with --direction or --yi too")
    if not shown:
        raise NotFound("no row has a p-value and participants: name their columns with --p or --yi and --vi, and --n")
    return AlbatrossData(
        title,
        contours,
        tuple(point for _, point in placed if point is not None),
        baseline_risk=baseline,
        favours=_favours(shown, better),
        footnotes=("p: two-sided.", *_absent(results, shown)),
    )


def _point(one: PlainResult) -> AlbatrossPoint | None:
    """A row as a point, of at least the least p-value that is drawn; None where a number is missing."""
    side = _side(one)
    if one.p is None or one.n is None or side is None:
        return None
    return AlbatrossPoint(one.study, one.n, max(one.p, LEAST_P), side, group=one.group)


def _favours(shown: Sequence[PlainResult], better: str | None) -> tuple[str, str]:
    """What stands left and right of the null."""
    if all(one.effect is None for one in shown):
        return "Harm", "Benefit"
    return ("", "") if better is None else favours(better)


def _side(one: PlainResult) -> int | None:
    """1 right of the null, -1 left of it; neither direction stands right."""
    sign = one.sign if one.effect is None else one.effect
    return None if sign is None else 1 if sign >= 0 else -1


def _absent(results: Sequence[PlainResult], shown: Sequence[PlainResult]) -> list[str]:
    lines = {one.line for one in shown}
    absent = [f"{one.study} (line {one.line})" for one in results if one.line not in lines]
    return [f"Rows without what is drawn: {', '.join(absent)}."] if absent else []
