"""Where everything of an albatross plot stands, in points from the lower left corner of its frame."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri_exp

from synthesis.rendering.plots.albatross_data import (
    AlbatrossData,
    Contour,
    contour_text,
    contours,
    groups,
    participants,
)
from synthesis.rendering.plots.axis import SUPERSCRIPTS
from synthesis.rendering.plots.chart import TINY, listing_words, side_words
from synthesis.rendering.plots.fonts import measure, wrap
from synthesis.rendering.plots.label_places import Box, Spot, touch
from synthesis.rendering.plots.placed import SIZE, SMALL, Placed, block
from synthesis.rendering.plots.point_names import PointNames, point_names
from synthesis.rendering.plots.sheet import flow, widest

RADIUS = 3.5  # of the marks
STEPS = 240  # of a contour
BAND = 12.5  # height of a line of the legend

Line = tuple[NDArray[np.float64], NDArray[np.float64]]  # places along x and y


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot: its size in points, and the limits of its scales."""

    width: float
    height: float
    reach: float  # the largest -log10 p on either side
    most: float  # the largest number of participants

    def spot(self, x: float, y: float) -> Spot:
        """A place on the scales in points from the lower left corner."""
        return (x + self.reach) / (2 * self.reach) * self.width, y / self.top * self.height

    def x(self, points: float) -> float:
        """Points from the left edge as a place on the scale."""
        return points / self.width * 2 * self.reach - self.reach

    def y(self, points: float) -> float:
        """Points from the lower edge as a place on the scale."""
        return points / self.height * self.top

    @property
    def top(self) -> float:
        """The place of the largest number of participants."""
        return height_of(self.most)


class Key(NamedTuple):
    """An entry of the legend: its place under the frame, the group whose mark it shows, and its words."""

    x: float
    y: float
    group: str
    text: str
    full: bool


Words = tuple[list[Placed], list[Key], float]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything of an albatross plot stands; lengths in points from the lower left corner of the frame."""

    frame: Frame
    contours: tuple[tuple[Contour, Line, Box], ...]  # each with its label's place
    names: PointNames  # of the studies
    texts: tuple[Placed, ...]  # under the frame; heights run down from its lower edge
    keys: tuple[Key, ...]
    depth: float  # of all that is under the frame


def plan(data: AlbatrossData, frame: Frame) -> Plan:
    """The places of everything."""
    spots = [frame.spot(place_of(one.p, one.direction), height_of(participants(one))) for one in data.points]
    lines = [(contour, _line(contour, frame)) for contour in contours(data)]
    boxes: list[Box] = []
    for contour, line in lines:
        boxes.append(_label_box(contour, line, frame, boxes, spots))
    dots = [frame.spot(x, y) for _, line in lines for x, y in zip(*line, strict=True)]
    dots += [(frame.width / 2, y) for y in np.arange(0.0, frame.height, 3.0).tolist()]
    labels = [point.label for point in data.points]
    names = point_names(spots, labels, (frame.width, frame.height), RADIUS, taken=boxes, dots=dots, most=len(labels))
    texts, keys, end = _words(data, frame, names)
    marked = tuple((contour, line, box) for (contour, line), box in zip(lines, boxes, strict=True))
    return Plan(frame, marked, names, tuple(texts), tuple(keys), end)


def _label_box(contour: Contour, line: Line, frame: Frame, boxes: Sequence[Box], spots: Sequence[Spot]) -> Box:
    """Where a contour is labelled: on the line, as near to its end as nothing else is."""
    width, height = measure(contour.label, TINY).width + 3, TINY + 2
    places = [frame.spot(line[0][place], line[1][place]) for place in range(STEPS - 1, STEPS // 4, -2)]
    found = [(x - width / 2, y - height / 2, x + width / 2, y + height / 2) for x, y in places]
    fitting = [box for box in found if _within(box, frame) and not any(touch(box, other) for other in boxes)]
    marks = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in spots]
    clear = (box for box in fitting if not any(touch(box, mark) for mark in marks))
    return next(clear, (fitting or found)[0])


def _within(box: Box, frame: Frame) -> bool:
    return box[0] > 2 and box[1] > 2 and box[2] < frame.width - 2 and box[3] < frame.height - 2


def place_of(p: float, direction: int) -> float:
    """Where a two-sided p-value stands along x."""
    return -direction * math.log10(p) + 0.0


def height_of(n: float) -> float:
    """Where a number of participants stands along y."""
    return math.log10(n) ** 2


def frame_for(data: AlbatrossData, width: float, height: float) -> Frame:
    """A frame of that size whose scales hold all studies."""
    reach = max(3.3, 1.1 * max(-math.log10(point.p) for point in data.points))
    largest = max(100.0, 1.05 * max(map(participants, data.points)))
    return Frame(width, height, reach, next(n for n in _round_numbers() if n >= largest))


def _round_numbers() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50 and so on."""
    return (digit * 10**power for power in itertools.count() for digit in (1, 2, 5))


def p_ticks(frame: Frame) -> list[tuple[float, str]]:
    """Places right of the null and their labels: the densest powers of ten that do not touch, .05 where it fits."""
    for stride in (1, 2, 5, 10, 20, 50, 100):
        powers = [power for power in range(stride, math.floor(frame.reach) + 1, stride) if power > 1]
        found = [(0.0, "1")] + ([(-math.log10(0.05), "0.05")] if stride == 1 else [])
        found += [(float(power), _p_label(power)) for power in powers]
        spots = [frame.spot(x, 0.0)[0] for x, _ in found]
        halves = [measure(label, SMALL).width / 2 for _, label in found]
        ends = zip(spots, halves, strict=True)
        if all(b[0] - b[1] - a[0] - a[1] >= 6 for a, b in itertools.pairwise(ends)):
            return found
    return [(0.0, "1")]


def _p_label(power: int) -> str:
    return f"{10.0**-power:.{power}f}" if power <= 3 else f"10{str(-power).translate(SUPERSCRIPTS)}"


def n_ticks(frame: Frame) -> list[tuple[float, str]]:
    """Round numbers from the top down, a line of text apart."""
    found: list[tuple[float, str]] = []
    numbers = list(itertools.takewhile(lambda n: n <= frame.most, _round_numbers()))
    for n in reversed(numbers):
        y = height_of(n)
        if not found or frame.spot(0.0, found[-1][0])[1] - frame.spot(0.0, y)[1] >= 1.5 * SMALL:
            found.append((y, f"{n:,}"))
    return found


def _line(contour: Contour, frame: Frame) -> Line:
    """A contour from one participant to the edge of the frame."""
    edge = -float(ndtri_exp(-frame.reach * math.log(10) - math.log(2)))
    first, last = 1 / math.sqrt(contour.factor), min(math.sqrt(frame.most / contour.factor), edge)
    z = np.linspace(min(first, last), last, STEPS)
    x = -(log_ndtr(-z) + math.log(2)) / math.log(10)
    y = np.square(np.log10(np.maximum(1.0, contour.factor * np.square(z))))
    return contour.side * x, y


def _words(data: AlbatrossData, frame: Frame, names: PointNames) -> Words:
    """All words under the frame, the legend, and where they end."""
    texts, y = _axis_words(data, frame)
    keys, y = _legend(data, frame, y + 6)
    if names.listed:
        studies, y = listing_words(names.listed, 0.0, frame.width, y)
        texts, y = [*texts, *studies], y + 3
    lines = [
        line for note in (contour_text(data), *names.notes, *data.footnotes) for line in wrap(note, frame.width, TINY)
    ]
    below, y = block(lines, 0.0, y + 2, TINY, grey=True)
    return [*texts, *below], keys, y


def _axis_words(data: AlbatrossData, frame: Frame) -> tuple[list[Placed], float]:
    """The name of the axis, and under it whom each side of the null favours."""
    placed, y = block(["Two-sided p-value (log scale)"], frame.width / 2, 15.0, SIZE, align="center")
    sides, y = side_words(data.favours, 0.0, frame.width, y + 1)
    return [*placed, *sides], y


def _legend(data: AlbatrossData, frame: Frame, y: float) -> tuple[list[Key], float]:
    """Marks and their meaning: groups, where there are several, and hollow marks."""
    found = groups(data)
    words = [(group, wrap(group or "not stated", 300, SMALL)[0], True) for group in found if len(found) > 1]
    if any(point.clusters for point in data.points):
        words.append((found[0], "effective number of participants (trial of clusters)", False))
    places = flow([12 + widest([text], SMALL) for _, text, _ in words], 0.0, frame.width)
    keys = [
        Key(x, y + row * BAND + BAND / 2, group, text, full)
        for (x, row), (group, text, full) in zip(places, words, strict=True)
    ]
    return keys, y + (places[-1][1] + 1) * BAND + 3 if places else y
