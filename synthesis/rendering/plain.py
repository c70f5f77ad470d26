"""Pools of a plain table, as text, rows and plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.effects import MEASURES
from synthesis.plain import PlainLeftOut, PlainPool
from synthesis.pooling import Pooled
from synthesis.pooling.pool import few_studies
from synthesis.rendering.fits import fit_cells, fit_json, natural
from synthesis.rendering.tables import Cell
from synthesis.text import rounded, table

HEADER = ["group", "measure", "k", "estimate", "CI", "p", "tau2", "CI of tau2", "I2 %", "Q (df, p)", "prediction"]
NUMERIC = (2, 3, 5, 6, 8)
COLUMNS = (
    "group", "measure", "k", "estimate", "ci_low", "ci_high", "se", "p", "tau2", "tau2_ci_low", "tau2_ci_high", "i2",
    "q", "q_df", "q_p", "pi_low", "pi_high", "method", "test",
)  # fmt: skip


def is_ratio(pool: PlainPool) -> bool:
    """Whether effects are logs of ratios."""
    return pool.measure in MEASURES and MEASURES[pool.measure].is_ratio


def plain_table(pools: Sequence[PlainPool], left: Sequence[PlainLeftOut]) -> str:
    """All groups as a table, with what stands beside a pool of few studies, and the rows left out."""
    rows = [row for pool in pools for row in _rows(pool)]
    text = table(HEADER, rows, NUMERIC) if rows else "no study can be pooled\n"
    return text + "".join(f"left out: {one.study} (line {one.line}): {one.reason}\n" for one in left)


def _rows(pool: PlainPool) -> Iterator[list[str]]:
    ratio = is_ratio(pool)
    yield [pool.group or "all", pool.measure, *fit_cells(pool.fit, ratio=ratio)]
    for fit in beside(pool):
        name = "  equal effects, z" if fit.method == "EE" else "  z"
        yield [name, "", *fit_cells(fit, ratio=ratio)]


def beside(pool: PlainPool) -> tuple[Pooled, ...]:
    """What is shown beside a pool of two to four studies."""
    fit = pool.fit
    if fit.k == 1 or fit.method == "DLMH":
        return ()
    return few_studies(pool.yi, pool.vi, method=fit.method, test=fit.test, level=fit.level)


def plain_rows(pools: Sequence[PlainPool]) -> Iterator[list[Cell]]:
    """One row a group, under COLUMNS; ratios as ratios, tau2 and se of their logs."""
    for pool in pools:
        fit, ratio = pool.fit, is_ratio(pool)
        mean = [natural(value, ratio=ratio) for value in (fit.estimate, fit.ci_low, fit.ci_high)]
        ends = [natural(value, ratio=ratio) for value in (fit.pi_low, fit.pi_high)]
        spread = [fit.tau2, fit.tau2_ci_low, fit.tau2_ci_high, fit.i2, fit.q]
        about: list[Cell] = [pool.group, pool.measure, fit.k]
        yield [*about, *mean, fit.se, fit.p_value, *spread, fit.q_df, fit.q_p_value, *ends, fit.method, fit.test]


def plain_json(pools: Sequence[PlainPool], left: Sequence[PlainLeftOut]) -> dict[str, object]:
    """All groups with their studies as plain values; numbers on the scale of yi."""
    return {
        "pools": [
            {
                "group": pool.group,
                "measure": pool.measure,
                "scale": "log" if is_ratio(pool) else "as it is",
                **fit_json(pool.fit),
                "beside": [fit_json(fit) for fit in beside(pool)],
                "studies": [
                    {"study": name, "yi": rounded(y), "vi": rounded(v), "weight": rounded(w)}
                    for name, y, v, w in zip(pool.studies, pool.yi, pool.vi, pool.fit.weights, strict=True)
                ],
            }
            for pool in pools
        ],
        "left_out": [{"study": one.study, "line": one.line, "reason": one.reason} for one in left],
    }
