"""The index of outputs/: what the review holds today, in numbers, and which file says more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from synthesis.crosscheck.discordance import CrossCheck
from synthesis.crosscheck.statuses import HIGH, STATUSES
from synthesis.evidence import Evidence, Pool
from synthesis.evidence.robustness import robustness
from synthesis.records.study import Study
from synthesis.rendering.cells import NO_TOTAL
from synthesis.rendering.tables import markdown_table, markdown_text
from synthesis.scoring.matrix import HIGHER, LOWER, NOTHING, SAME, Matrix
from synthesis.sensitivity.cautions import FEW

NAME = "README.md"
FILES = (
    ("pooled.csv, .json, .md", "every pool, with what stands beside it"),
    ("effects.csv", "every effect that entered a pool, with weight, numbers, notes and source"),
    ("left_out.csv", "every finding that entered none, with its reason and place"),
    (
        "scoring_matrix.csv, .json, .md",
        "the matrix: printed points, the points of each reading, clause, studies, status",
    ),
    ("crosscheck.csv, .json, .md", "points against pooled against published effects, and what drives each status"),
    (
        "sensitivity.csv, .json, .md",
        "every pool without each study, at other levels, under selection and adjusted for small-study effects",
    ),
    ("engines.csv", "the pools computed a second time by statsmodels"),
    ("provenance.csv, .md", "each study's weight and documents in each pool, and how concentrated they are"),
    ("overlap.csv, .md", "which review holds which study, and the corrected covered area"),
)


def summary_files(
    studies: Sequence[Study], evidence: Evidence, matrix: Matrix, checks: Sequence[CrossCheck], title: str
) -> dict[str, bytes]:
    """`README.md` of outputs/."""
    lines = [*_pools(studies, evidence), *_cells(matrix), *_checks(checks)]
    parts = [
        f"# {markdown_text(title)}: the outputs in numbers\n",
        "Made by `synth build`; do not edit.\n",
        "".join(f"- {line}\n" for line in lines),
        markdown_table(["file", "what it holds"], FILES),
    ]
    return {NAME: "\n".join(parts).encode("utf-8")}


def _pools(studies: Sequence[Study], evidence: Evidence) -> Iterator[str]:
    findings = sum(len(study.findings) for study in studies)
    entered = {entry.study.key for pool in evidence.pools for entry in pool.entries}
    alone = sum(pool.fit.k == 1 for pool in evidence.pools)
    yield f"Records: {len(studies)}. Findings in them: {findings:,}."
    yield (
        f"Pools: {len(evidence.pools)}, {alone} of them of a single study, whose own effect is shown and never called "
        f"pooled. Studies in pools: {len(entered)}."
    )
    skewed = [one for one in evidence.pools if _small_study_effects(one, evidence)]
    named = ", ".join(f"{' '.join(one.key.by)} ({one.key.group}, {one.measure})" for one in skewed) or "none"
    yield f"Pools of ten studies or more in which Egger's test is below .05: {markdown_text(named)}."
    yield f"Findings of the living evidence that enter no pool, each with its reason: {len(evidence.left_out)}."


def _small_study_effects(pool: Pool, evidence: Evidence) -> bool:
    p = robustness(pool, evidence.options).egger.p_value
    return len(pool.entries) >= FEW and p is not None and p < 0.05


def _cells(matrix: Matrix) -> Iterator[str]:
    printed = sum(cell.printed.points is not None for cell in matrix.cells)
    yield f"Cells printed with points: {printed}."
    if not matrix.in_points:
        yield f"Outputs of `{matrix.rule.key}`: {NO_TOTAL}."
        for reading in matrix.readings:
            yield f"Cells with an output in the reading “{reading.name}”: {matrix.scored(reading.name)}."
        return
    for reading in matrix.readings:
        counts = matrix.counts(reading.name)
        yield (
            f"Printed cells in the reading “{reading.name}”: {counts[SAME]} the same, {counts[LOWER]} lower, "
            f"{counts[HIGHER]} higher, {counts[NOTHING]} without an admissible finding."
        )


def _checks(checks: Sequence[CrossCheck]) -> Iterator[str]:
    scored = [check for check in checks if check.pool is not None and check.standing is not None]
    for words, high in (("two points or more", True), ("no or one point", False)):
        counts = Counter(check.status for check in scored if ((check.standing or 0) >= HIGH) == high)
        found = ", ".join(f"`{name}` {counts[name]}" for name in STATUSES if counts[name])
        yield f"Cells of {words} beside a pool: {counts.total()}{f' ({found})' if found else ''}."
