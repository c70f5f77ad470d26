"""Pools of a plain table, as text, rows and plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from synthesis.effects import MEASURES
from synthesis.effects.back_transform import BackTransformed, back_transform, find_transform
from synthesis.errors import InvalidArgument
from synthesis.plain import PlainLeftOut, PlainPool
from synthesis.pooling import Pooled
from synthesis.rendering.fits import AnyPooled, fit_cells, fit_json, model_lines, plain, read
from synthesis.rendering.tables import Cell
from synthesis.text import rounded, table

HEADER = ["group", "measure", "k", "estimate", "CI", "p", "tau2", "CI of tau2", "I2 %", "Q (df, p)", "prediction"]
NUMERIC = (2, 3, 5, 6, 8)
COLUMNS = (
    "group", "measure", "k", "estimate", "ci_low", "ci_high", "se", "p", "tau2", "tau2_ci_low", "tau2_ci_high", "i2",
    "q", "q_df", "q_p", "pi_low", "pi_high", "method", "test", "df", "model", "effects", "scale", "notes",
)  # fmt: skip
OF_POOLS = {"inverse_freeman_tukey": "inverse_freeman_tukey_harmonic"}  # where the sizes of all studies are needed
NO_EFFECT = "no effect of its own, or no variance"


def is_ratio(pool: PlainPool) -> bool:
    """Whether effects are logs of ratios."""
    return pool.measure in MEASURES and MEASURES[pool.measure].is_ratio


def plain_table(pools: Sequence[PlainPool], left: Sequence[PlainLeftOut], *, back: bool = False) -> str:
    """All groups as a table, with what stands beside a pool of few studies, and the rows left out.

    With `back` the estimates and their intervals are on the scale that the measure is read on.
    """
    rows = [row for pool in pools for row in _rows(pool, back=back)]
    text = table(HEADER, rows, NUMERIC) if rows else "no study can be pooled\n"
    text += "".join(f"{line}\n" for pool in pools for line in _lines(pool, back=back))
    return text + "".join(f"{one}\n" for one in left)


def _rows(pool: PlainPool, *, back: bool) -> Iterator[list[str]]:
    for name, measure, fit in (
        (pool.group or "all", pool.measure, pool.fit),
        *(("  equal effects, z" if fit.method == "EE" else "  z", "", fit) for fit in pool.beside),
    ):
        yield [name, measure, *fit_cells(fit, ratio=is_ratio(pool), back=read_back(pool, fit) if back else None)]


def _lines(pool: PlainPool, *, back: bool) -> Iterator[str]:
    """What stands under the table of a pool."""
    yield from model_lines(pool.fit, pool.group or "all")
    read_on = read_back(pool, pool.fit) if back else None
    if read_on is not None:
        yield f"{pool.group or 'all'}: estimate, CI and prediction are {read_on.label}"


def read_back(pool: PlainPool, fit: AnyPooled) -> BackTransformed | None:
    """A pooled effect on the scale that its measure is read on; None where it lies on it, and for ratios."""
    name = MEASURES[pool.measure].back if pool.measure in MEASURES else ""
    if not name or is_ratio(pool) or fit.estimate is None:
        return None
    found = find_transform(name)
    return back_transform(fit, OF_POOLS.get(found, found), **_sizes(pool, found))


def _sizes(pool: PlainPool, name: str) -> dict[str, object]:
    """The sizes that a transformation needs: those of all studies, or the harmonic mean of person-times."""
    needed = {"inverse_freeman_tukey": ("n", "--ni"), "inverse_freeman_tukey_rate": ("person_time", "--ti")}
    if name in needed and needed[name][0] not in pool.sizes:
        raise InvalidArgument(f"to read {pool.measure} back, name the column {needed[name][1]} too")
    if name == "inverse_freeman_tukey":
        return {"n": list(pool.sizes["n"])}
    if name == "inverse_freeman_tukey_rate":
        times = pool.sizes["person_time"]
        return {"person_time": len(times) / sum(1 / time for time in times)}
    return {}


def plain_rows(pools: Sequence[PlainPool], *, back: bool = False) -> Iterator[list[Cell]]:
    """One row a group, under COLUMNS; ratios as ratios, tau2 and se of their logs."""
    for pool in pools:
        fit, ratio = pool.fit, is_ratio(pool)
        found = read_back(pool, fit) if back else None
        estimate, low, high, pi_low, pi_high = read(fit, ratio=ratio, back=found)
        spread = [fit.tau2, fit.tau2_ci_low, fit.tau2_ci_high, fit.i2, fit.q]
        about: list[Cell] = [pool.group, pool.measure, fit.k, estimate, low, high, fit.se, fit.p_value, *spread]
        test: list[Cell] = [fit.q_df, fit.q_p_value, pi_low, pi_high, fit.method, fit.test, fit.df]
        scale = found.name if found is not None else "ratio" if ratio else "as it is"
        notes = "; ".join(dict.fromkeys(note.reason for note in fit.notes))
        yield [*about, *test, *_model(fit), scale, notes]


def _model(fit: AnyPooled) -> list[Cell]:
    """The model of a pool, and how many effects it has."""
    return ["INV", fit.k] if isinstance(fit, Pooled) else [fit.model, fit.details.get("effects", fit.k)]


def plain_json(pools: Sequence[PlainPool], left: Sequence[PlainLeftOut], *, back: bool = False) -> dict[str, object]:
    """All groups with their studies as plain values; numbers on the scale of yi."""
    return {
        "pools": [_pool_json(pool, back=back) for pool in pools],
        "left_out": [asdict(one) for one in left],
    }


def _pool_json(pool: PlainPool, *, back: bool) -> dict[str, object]:
    found = read_back(pool, pool.fit) if back else None
    return {
        "group": pool.group,
        "measure": pool.measure,
        "scale": "log" if is_ratio(pool) else "as it is",
        **fit_json(pool.fit),
        **({} if found is None else {"back_transformed": plain(found.to_dict())}),
        "beside": [fit_json(fit) for fit in pool.beside],
        "studies": [_study_json(pool, row) for row in range(len(pool.studies))],
    }


def _study_json(pool: PlainPool, row: int) -> dict[str, object]:
    """One effect; its weight where the pool is made of weighted effects."""
    yi, vi = rounded(pool.yi[row]), rounded(pool.vi[row])
    plain_values: dict[str, object] = {"study": pool.studies[row], "yi": yi, "vi": vi}
    if isinstance(pool.fit, Pooled):
        plain_values["weight"] = rounded(pool.fit.weights[row])
    return plain_values if yi is not None and vi is not None else {**plain_values, "reason": NO_EFFECT}
