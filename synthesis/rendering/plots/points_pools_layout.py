"""Where everything of points against pooled effects stands, in points from the top left of a canvas that fits it.

From left to right: the points of a band, its cells by name, one axis for each measure, the strip of cells without a
pool, the effect as text, the status. The last band has the cells without points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from synthesis.rendering.plots.axis import Tick, limits, ticks
from synthesis.rendering.plots.fonts import measure, wrap
from synthesis.rendering.plots.forest_numbers import level_text
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, Placed, block, centred, fitting
from synthesis.rendering.plots.points_pools_data import BenefitAxis, PointsCell, PointsPoolsData, Status, bands, spans
from synthesis.rendering.plots.shades import points_sign, shade, white_on
from synthesis.rendering.plots.sheet import widest

BAND, NUMBER = 34.0, 14.0  # width of the band's points, and size of their number
GAP = 14.0
STRIP = 48.0  # width of the strip without pools
LABEL_WIDTH, TEXT_WIDTH, STATUS_WIDTH = 230.0, 150.0, 130.0
PANEL, OVERHANG = 190.0, 16.0  # width of an axis, and room for its tick labels at both ends
ROW_GAP, BAND_GAP = 4.0, 7.0
EFFECT, STATUS = ("Effect as read",), ("Status",)  # headers
NO_POOL, NO_POINTS = "no pool", "no points"


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis: its place, limits and ticks."""

    axis: BenefitAxis
    left: float
    limits: tuple[float, float]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class PoolsLayout:
    """The canvas; heights run downwards."""

    width: float
    height: float
    texts: tuple[Placed, ...]
    scales: tuple[Scale, ...]
    strip: float | None  # left side of the strip without pools, where there are such cells
    span: tuple[float, float]  # heights of the first and last band's ends
    bands: tuple[tuple[int | None, float, float], ...]  # points, top, bottom
    rows: tuple[tuple[PointsCell, float], ...]  # with the height of the mark
    key: tuple[tuple[Status, float], ...]  # legend: status and height of its mark
    columns: tuple[float, float]  # left sides of the labels and of the text behind the axes


@dataclass(slots=True)
class _Draft:
    """What the layout gathers."""

    texts: list[Placed] = field(default_factory=list)
    bands: list[tuple[int | None, float, float]] = field(default_factory=list)
    rows: list[tuple[PointsCell, float]] = field(default_factory=list)

    def write(self, texts: Iterable[Placed]) -> None:
        self.texts += [text for text in texts if text.text]


@dataclass(frozen=True, slots=True)
class _Columns:
    label: float
    panels: tuple[float, ...]
    strip: float | None
    text: float
    status: float
    right: float


def layout(data: PointsPoolsData) -> PoolsLayout:
    """The places of all text and marks."""
    columns, draft = _columns(data), _Draft()
    width = columns.right + MARGIN
    heading, y = block(wrap(data.title, width - 2 * MARGIN, TITLE, bold=True), MARGIN, MARGIN, TITLE, bold=True)
    draft.write(heading)
    top = _header(draft, data, columns, y + 6 if data.title.strip() else y)
    bottom = _bands(draft, data, columns, top)
    scales = tuple(_scale(data, axis, left) for axis, left in zip(data.axes, columns.panels, strict=True))
    y = max(_axis_words(draft, scale, bottom) for scale in scales)
    key, y = _key(draft, data, width, y + 8)
    for line in (_marks_note(data), *data.footnotes):
        placed, y = block(wrap(line, width - 2 * MARGIN, SMALL), MARGIN, y + 2, SMALL, grey=True)
        draft.write(placed)
    return PoolsLayout(
        width, y + MARGIN, tuple(draft.texts), scales, columns.strip, (top, bottom), tuple(draft.bands),
        tuple(draft.rows), key, (columns.label, columns.text),
    )  # fmt: skip


def _columns(data: PointsPoolsData) -> _Columns:
    label = MARGIN + BAND + 8
    x = label + widest((line for cell in data.cells for line in wrap(cell.label, LABEL_WIDTH, SIZE)), SIZE) + GAP
    panels = []
    for _ in data.axes:
        panels.append(x + OVERHANG)
        x += PANEL + 2 * OVERHANG
    strip = x if any(cell.effect is None for cell in data.cells) else None
    text = x + (0 if strip is None else STRIP + GAP)
    effects = widest((line for cell in data.cells for line in _effect_text(cell)), SIZE)
    status = text + max(effects, widest(EFFECT, SIZE, bold=True)) + GAP
    words = widest((line for cell in data.cells for line in _status_lines(cell)), SIZE)
    return _Columns(label, tuple(panels), strip, text, status, status + max(words, widest(STATUS, SIZE, bold=True)))


def _effect_text(cell: PointsCell) -> tuple[str, ...]:
    return wrap(cell.effect.text if cell.effect is not None else NO_POOL, TEXT_WIDTH, SIZE)


def _status_lines(cell: PointsCell) -> tuple[str, ...]:
    return wrap(cell.status.replace("_", " "), STATUS_WIDTH, SIZE)


def _header(draft: _Draft, data: PointsPoolsData, columns: _Columns, y: float) -> float:
    """The names of the columns, their last lines on one height; and where the bands begin."""
    heads = [("Points", MARGIN, "left", BAND + 8), ("Cell", columns.label, "left", LABEL_WIDTH)]
    heads += [(*EFFECT, columns.text, "left", TEXT_WIDTH)]
    heads += [(*STATUS, columns.status, "left", STATUS_WIDTH)] if any(cell.status for cell in data.cells) else []
    heads += [
        (axis.measure, left + PANEL / 2, "center", PANEL) for axis, left in zip(data.axes, columns.panels, strict=True)
    ]
    if columns.strip is not None:
        heads.append(("No pool", columns.strip + STRIP / 2, "center", STRIP))
    blocks = [
        block(
            wrap(words, wide, SIZE, bold=True), x, y, SIZE, bold=True, align="center" if align == "center" else "left"
        )
        for words, x, align, wide in heads
    ]
    end = max(own for _, own in blocks)
    for lines, own in blocks:
        draft.write(replace(line, y=line.y + end - own) for line in lines)
    return end + 5


def _bands(draft: _Draft, data: PointsPoolsData, columns: _Columns, y: float) -> float:
    """Every band, also an empty one, since that no cell has 3 points is a finding; and where they end."""
    for points, found in bands(data).items():
        if points is None and not found:
            continue
        top = y
        y += 3
        for cell in found:
            y = _row(draft, cell, columns, y)
        y = max(y + 3, top + 24.0)
        draft.bands.append((points, top, y))
        _band_words(draft, data, points, (top + y) / 2)
        y += BAND_GAP
    return y - BAND_GAP


def _band_words(draft: _Draft, data: PointsPoolsData, points: int | None, middle: float) -> None:
    if points is None:
        lines = NO_POINTS.split()
        draft.write(
            centred(line, MARGIN + BAND / 2, middle + 10 * place - 5, SMALL, bold=True)
            for place, line in enumerate(lines)
        )
        return
    white = white_on(shade(points, data.most, data.least))
    draft.write([centred(points_sign(points), MARGIN + BAND / 2, middle, NUMBER, bold=True, white=white)])


def _row(draft: _Draft, cell: PointsCell, columns: _Columns, y: float) -> float:
    """One cell: its texts, their first lines on one height, the height of its mark; and where it ends."""
    texts = (
        (wrap(cell.label, LABEL_WIDTH, SIZE), columns.label),
        (_effect_text(cell), columns.text),
        (_status_lines(cell), columns.status),
    )
    ends = [y]
    for lines, x in texts:
        placed, end = block(lines, x, y + ROW_GAP / 2, SIZE, grey=cell.effect is None and x == columns.text)
        draft.write(placed)
        ends.append(end)
    ascent = measure("X", SIZE).ascent
    draft.rows.append((cell, y + ROW_GAP / 2 + ascent + (0.12 - HALF_CAPITAL) * SIZE))
    return max(ends) + ROW_GAP / 2


def _scale(data: PointsPoolsData, axis: BenefitAxis, left: float) -> Scale:
    found = spans(data, axis.measure)
    low, high = axis.limits or (limits(found, ()) if found else (-1.0, 1.0))
    return Scale(
        axis, left, (low, high), ticks(low, high, ratio=axis.ratio, fit=fitting(low, high, PANEL, OVERHANG + 2))
    )


def _axis_words(draft: _Draft, scale: Scale, bottom: float) -> float:
    """Labels of the ticks, and what the sides mean; and where they end."""
    low, high = scale.limits
    places = [(tick, scale.left + (tick.value - low) / (high - low) * PANEL) for tick in scale.ticks]
    base = bottom + 6 + SMALL
    draft.write(Placed(tick.label, x, base, SMALL, align="center") for tick, x in places)
    name = "ratio, log scale; above 1 is benefit" if scale.axis.ratio else "above 0 is benefit"
    words, end = block((name,), scale.left + PANEL / 2, base + 3, SMALL, align="center")
    draft.write(words)
    if scale.axis.worthwhile is not None:
        words, end = block(("dotted: smallest worthwhile benefit",), scale.left + PANEL / 2, end, SMALL, align="center")
        draft.write(words)
    return end


def _key(
    draft: _Draft, data: PointsPoolsData, width: float, y: float
) -> tuple[tuple[tuple[Status, float], ...], float]:
    """The statuses that cells have, with their marks and meaning; and where they end."""
    used = {cell.status for cell in data.cells if cell.effect is not None}
    key = []
    for status in data.statuses:
        if status.name in used:
            words = f"{status.name.replace('_', ' ')}: {status.means}"
            placed, end = block(wrap(words, width - 2 * MARGIN - 18, SMALL), MARGIN + 18, y + 2, SMALL)
            draft.write(placed)
            key.append((status, placed[0].y - HALF_CAPITAL * SMALL))
            y = end
    return tuple(key), y + 2


def _marks_note(data: PointsPoolsData) -> str:
    effects = [cell for cell in data.cells if cell.effect is not None]
    predicted = any(cell.effect is not None and cell.effect.pi_low is not None for cell in effects)
    beyond = ", thin line: prediction interval" if predicted else ""
    differing = {status.name for status in data.statuses if status.differ}
    different = any(cell.status in differing for cell in effects)
    red = " A red mark: points and pool say different things." if different else ""
    return f"Thick line: {level_text(data.level)}{beyond}; an arrowhead: it goes on.{red}"
