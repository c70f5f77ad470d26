"""Cells scored and cross-checked, and many rules on one matrix: python benchmarks/ledger.py.

Made-up studies, the same in every run. Seconds by the clock, the least of the turns, of one process without threads of
its own; what was made before (records, rules read from their files) is not counted.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from _timing import show

from synthesis.crosscheck.ledger import Ledger, ledger
from synthesis.scoring.operating.surprise import ScoredCell, surprise_many
from synthesis.scoring.reading.rule_file import load_rule, rule_names
from synthesis.scoring.rule import Rule
from synthesis.scoring.score import score_cells
from synthesis.scoring.states import ScoredFinding

TURNS = 3
CELLS, MOST_STUDIES = 10_000, 10
RULES, ROWS = 100, 28
Z_95 = 1.959963984540054
Cells = dict[int, list[ScoredFinding]]
Studies = tuple[np.ndarray, np.ndarray, np.ndarray]  # effects, variances, cells


def made_up(cells: int, most: int) -> tuple[Studies, Cells]:
    """Studies of level 3, 4 and 5 with an effect each, 0 to `most` of them in a cell, and their findings."""
    random = np.random.default_rng(2009)
    cell = np.repeat(np.arange(cells), random.integers(0, most + 1, cells))
    v = random.uniform(0.05, 0.4, len(cell)) ** 2
    y = random.normal(random.normal(0.15, 0.15, cells)[cell], np.sqrt(v + 0.01))
    level = random.integers(3, 6, len(cell))
    findings: Cells = {number: [] for number in range(cells)}
    for row, where in enumerate(cell.tolist()):
        findings[where].append(_finding(row, int(level[row]), float(y[row] / v[row] ** 0.5)))
    kept = level >= 4
    return (y[kept], v[kept], cell[kept]), findings


def _finding(row: int, level: int, deviate: float) -> ScoredFinding:
    significant = abs(deviate) > Z_95
    direction = ("effective" if deviate > 0 else "contrary") if significant else "ineffective"
    said = direction, "yes" if significant else "no"
    return ScoredFinding(f"study{row}", level, "outcome", "detail", *said, direction_basis="computed")


def cross_checked(rule: Rule, studies: Studies, findings: Cells) -> Ledger:
    """Points by the rule of all cells, and everything that the ledger says of them beside their pools."""
    points = [found.points for found in score_cells(findings, rule).values()]
    return ledger(*studies, points, worthwhile=np.full(len(points), 0.1))


def surprised(rule: Rule, studies: Studies, findings: Cells, found: Ledger) -> object:
    """How surprising the points of the cells with a pool are, under it and under no effect."""
    _, v, cell = studies
    scores = score_cells(findings, rule)
    order = np.split(v, np.searchsorted(cell, np.arange(1, len(findings))))
    tau2 = np.nan_to_num(found["tau2"])
    cells = {
        number: ScoredCell(scores[number].output, own, float(found["estimate"][number]), float(tau2[number]))
        for number, own in enumerate(order)
        if len(own)
    }
    return surprise_many(rule, cells)


def many_rules() -> list[Rule]:
    """As many rules as are asked for: the shipped ones that grade interventions, over and over."""
    shipped = [rule for name in rule_names() if (rule := load_rule(name)).grades != "study"]
    return [shipped[number % len(shipped)] for number in range(RULES)]


def seconds(call: Callable[[], object]) -> float:
    """The least of some turns by the clock."""
    found = []
    for _ in range(TURNS):
        begin = time.perf_counter()
        call()
        found.append(time.perf_counter() - begin)
    return min(found)


def main() -> None:
    """Measure and print."""
    rule = load_rule("pdtsrg-2009")
    studies, findings = made_up(CELLS, MOST_STUDIES)
    rules, (_, rows) = many_rules(), made_up(ROWS, 6)
    whole = cross_checked(rule, studies, findings)
    number = sum(map(len, findings.values()))
    measured = [
        (f"{CELLS:,} cells of {number:,} findings, scored and cross-checked", 5.0,
         seconds(lambda: cross_checked(rule, studies, findings))),
        (f"{CELLS:,} cells, P(S = s) and P(S >= s) of those with a pool", float("nan"),
         seconds(lambda: surprised(rule, studies, findings, whole))),
        (f"{RULES} rules on {ROWS} cells", 1.0, seconds(lambda: [score_cells(rows, one) for one in rules])),
    ]  # fmt: skip
    lines = [[what, f"{found:.2f}", "-" if np.isnan(bar) else f"{bar:.0f}"] for what, bar, found in measured]
    show("Cells and rules", ["", "seconds", "bar"], lines)
    counts = dict(zip(*np.unique(whole["status"], return_counts=True), strict=True))
    sys.stdout.write("".join(f"{name}: {count:,}\n" for name, count in counts.items()))


if __name__ == "__main__":
    main()
