"""Whether points go with pooled benefits, and how far that hangs on which studies there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.crosscheck.agreement import gamma, tau_b
from synthesis.crosscheck.discordance import Key
from synthesis.crosscheck.ledger.redrawn import judged, standings
from synthesis.crosscheck.ledger.rules import DRAWS, SEED, Taking
from synthesis.crosscheck.resampling import Redrawn, redraw
from synthesis.evidence import Pool
from synthesis.evidence.options import Options
from synthesis.evidence.pools import WITHOUT_COUNTS
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.many import pool_many
from synthesis.scoring.report import Cells

TAU_B, GAMMA = "tau-b", "gamma"


@dataclass(frozen=True, slots=True, eq=False)
class Pooling:
    """The effects of m pools, benefit above 0, and how they are pooled."""

    y: FloatArray  # shape (n,)
    v: FloatArray
    cell: IntArray  # the pool of each
    sample: IntArray  # the place of its study among the samples
    cells: int
    method: str
    test: str
    level: float


def points_with_pools(
    cells: Cells, pools: Mapping[Key, Pool], taking: Taking, options: Options, *, draws: int = DRAWS, seed: int = SEED
) -> dict[str, Redrawn]:
    """Kendall's tau-b and gamma of points with the lower bound of the pooled benefit, by name; nothing without a pool.

    Parameters
    ----------
    cells : mapping
        Findings of each modality and outcome.
    pools : mapping
        The pools of those cells that have points.
    taking : Taking
        The rule under its policy (the first of them), and what is known of each cell.
    options : Options
        How the pools are made; DLMH, which needs counts, gives way to DL.
    draws, seed : int
        How often the studies are drawn, and from which seed.
    """
    if not pools:
        return {}
    findings = {key: cells.get(key, ()) for key in pools}
    studies = {finding.study for found in findings.values() for finding in found}
    samples = sorted(studies | {entry.study.key for pool in pools.values() for entry in pool.entries})
    held = judged(findings, taking.rule, taking.policies[0], taking.contexts, samples)
    pooling = _pooling(pools, options, samples)

    def statistics(drawn: BoolArray) -> dict[str, FloatArray]:
        found, lows = standings(held, drawn), lower_bounds(pooling, drawn)
        return {TAU_B: tau_b(found, lows), GAMMA: gamma(found, lows)}

    return redraw(statistics, len(samples), generator=np.random.default_rng(seed), draws=draws)


def _pooling(pools: Mapping[Key, Pool], options: Options, samples: list[str]) -> Pooling:
    rows = [(place, pool, entry) for place, pool in enumerate(pools.values()) for entry in pool.entries]
    return Pooling(
        y=np.array([entry.yi if pool.better == "higher" else -entry.yi for _, pool, entry in rows]),
        v=np.array([entry.vi for _, _, entry in rows]),
        cell=np.array([place for place, _, _ in rows], dtype=np.intp),
        sample=np.array([samples.index(entry.study.key) for _, _, entry in rows], dtype=np.intp),
        cells=len(pools),
        method=WITHOUT_COUNTS if options.method == "DLMH" else options.method,
        test=options.test,
        level=options.level,
    )


def lower_bounds(pooling: Pooling, drawn: BoolArray) -> FloatArray:
    """The lower bound of every pool of every draw, shape (b, m), by which samples are drawn, shape (b, samples)."""
    draw, which = np.nonzero(drawn[:, pooling.sample])
    group = draw * pooling.cells + pooling.cell[which]
    found = np.full(len(drawn) * pooling.cells, np.nan)
    if len(which):
        y, v = pooling.y[which], pooling.v[which]
        many = pool_many(y, v, group, method=pooling.method, test=pooling.test, level=pooling.level)
        found[many.group] = many["ci_low"]
    return found.reshape(len(drawn), pooling.cells)
