"""In which order, and how high, the nodes of a drawing of citations stand in their columns. No chance is involved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

SWEEPS = 12
MOST_ROWS = 60  # of a column; more nodes of a kind stand in several columns

Columns = Sequence[Sequence[int]]


def split(nodes: Sequence[int], most: int = MOST_ROWS) -> list[list[int]]:
    """Nodes in as few columns as have no more than `most`, of almost the same length; their order is kept."""
    count = math.ceil(len(nodes) / most)
    ends = [round(len(nodes) * place / count) for place in range(count + 1)] if count else []
    return [list(nodes[first:end]) for first, end in pairwise(ends)]


def arranged(columns: Columns, links: Sequence[tuple[int, int]], heights: Sequence[float]) -> list[float]:
    """The middle of each node, so that linked nodes stand at about the same height.

    Parameters
    ----------
    columns : sequence of sequence of int
        The nodes of each column; every node stands in one.
    links : sequence of (int, int)
        Which nodes are linked.
    heights : sequence of float
        The room that each node takes.

    Returns
    -------
    list of float
        Of each node its height from the top; nodes of a column do not meet. Columns are sorted in turn by the mean
        height of what each node is linked to (the barycentre heuristic of Sugiyama), forwards and backwards; the
        arrangement with the shortest links is taken, the earliest of several.
    """
    room = max((sum(heights[node] for node in column) for column in columns), default=0.0)
    middle = [0.0] * len(heights)
    for column in columns:
        _place(column, _spread(column, heights, room), heights, middle, room)
    neighbours = _neighbours(columns, links, len(heights))
    best, least = list(middle), _length(links, middle)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wanted = {node: _mean([middle[other] for other in neighbours[node]], middle[node]) for node in column}
            order = sorted(column, key=lambda node: (round(wanted[node], 3), middle[node]))
            _place(order, [wanted[node] for node in order], heights, middle, room)
        length = _length(links, middle)
        if length < least - 1e-6:
            best, least = list(middle), length
    return best


def _spread(column: Sequence[int], heights: Sequence[float], room: float) -> list[float]:
    """Middles evenly down the whole height."""
    free = (room - sum(heights[node] for node in column)) / max(len(column), 1)
    tops = accumulate((heights[node] + free for node in column), initial=free / 2)
    return [top + heights[node] / 2 for node, top in zip(column, tops, strict=False)]


def _neighbours(columns: Columns, links: Sequence[tuple[int, int]], count: int) -> list[list[int]]:
    """What each node is linked to in other columns."""
    column_of = {node: place for place, column in enumerate(columns) for node in column}
    found: list[list[int]] = [[] for _ in range(count)]
    for one, other in links:
        if column_of[one] != column_of[other]:
            found[one].append(other)
            found[other].append(one)
    return found


def _place(
    order: Sequence[int], wanted: Sequence[float], heights: Sequence[float], middle: list[float], room: float
) -> None:
    """Give the nodes of a column, in this order, the middles nearest to the wanted ones at which they do not meet."""
    before = list(accumulate((heights[node] for node in order), initial=0.0))
    tops = [
        want - heights[node] / 2 - above for node, want, above in zip(order, wanted, before, strict=False)
    ]  # of a column whose nodes take no room: these may only rise
    free = room - before[-1]
    for node, top, above in zip(order, rising(tops), before, strict=False):
        middle[node] = min(max(top, 0.0), free) + above + heights[node] / 2


def rising(values: Sequence[float]) -> list[float]:
    """The numbers nearest to some values (in squares) that never fall: neighbours that would fall share their mean."""
    pools: list[tuple[float, int]] = []  # sum and number
    for value in values:
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            (total, count), (more, others) = pools[-2], pools.pop()
            pools[-1] = (total + more, count + others)
    return [total / count for total, count in pools for _ in range(count)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _length(links: Sequence[tuple[int, int]], middle: Sequence[float]) -> float:
    return sum(abs(middle[one] - middle[other]) for one, other in links)
