"""The pools of a review judged by adhoc and by z, whole and without each study, as columns with benefit above 0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from synthesis.crosscheck.ledger.columns import FITTED, Columns
from synthesis.evidence import Entry, Pool
from synthesis.evidence.options import Options
from synthesis.evidence.pools import centre
from synthesis.evidence.robustness import robustness
from synthesis.pooling import Pooled, pool_groups
from synthesis.pooling.batch import BoolArray, FloatArray

ADHOC, Z, EQUAL, OWN = "adhoc", "z", "equal effects, z", "own effect, z"
PAIR = 2  # studies, whose tau^2 is next to unknown
UNSIGNED = ("se", "df", "tau2")
OTHER_END = {"ci_low": "ci_high", "ci_high": "ci_low", "pi_low": "pi_high", "pi_high": "pi_low"}


def side_by_side(pools: Sequence[Pool], options: Options) -> tuple[dict[str, Pooled], ...]:
    """Each pool by adhoc and by z, by name; one study has its own effect, two have equal effects in place of z."""
    found: list[dict[str, Pooled]] = [{OWN: pool.fit} if pool.fit.k == 1 else {} for pool in pools]
    wanted: dict[tuple[str, str, str], list[int]] = defaultdict(list)  # name, method and test -> pools
    for place, pool in enumerate(pools):
        if pool.fit.k > 1:
            wanted[ADHOC, pool.fit.method, ADHOC].append(place)
            wanted[(EQUAL, "EE", Z) if pool.fit.k == PAIR else (Z, pool.fit.method, Z)].append(place)
    for (name, method, test), places in wanted.items():
        fits = _fits([pools[place].entries for place in places], options, method, test)
        for place, fit in zip(places, fits, strict=True):
            found[place][name] = fit
    return tuple(found)


def _fits(groups: Sequence[Sequence[Entry]], options: Options, method: str, test: str) -> tuple[Pooled, ...]:
    effects = [([entry.yi for entry in group], [entry.vi for entry in group]) for group in groups]
    centres = [centre(group) for group in groups] if method == "DLMH" else None
    return pool_groups(
        effects, method=method, test=test, level=options.level, mantel_haenszel=centres, prediction=options.prediction
    )


def columns_of(pools: Iterable[Pool | None], fits: Iterable[Pooled | None]) -> Columns:
    """The columns FITTED of one model of each pool, with benefit above 0; NaN for None."""
    rows = [_row(fit) for fit in fits]
    columns = {name: np.array([row[name] for row in rows], dtype=float) for name in FITTED}
    return with_benefit(columns, np.array([pool is not None and pool.better == "higher" for pool in pools], dtype=bool))


def _row(fit: Pooled | None) -> dict[str, float]:
    """Fields as numbers: NaN for what is not given, infinity for the degrees of freedom of the normal distribution."""
    if fit is None:
        return dict.fromkeys(FITTED, np.nan)
    values = {name: getattr(fit, name) for name in FITTED}
    plain = {name: np.nan if value is None else float(value) for name, value in values.items()}
    return plain | {"df": np.inf if fit.df is None else float(fit.df)}


def with_benefit(columns: Mapping[str, FloatArray], higher: BoolArray) -> Columns:
    """Columns of effects with benefit above 0; `higher` says in which rows they already are."""
    return {
        name: values if name in UNSIGNED else np.where(higher, values, -columns[OTHER_END.get(name, name)])
        for name, values in columns.items()
    }


def without_each(pool: Pool, options: Options) -> Columns | None:
    """The columns FITTED of a pool without each of its studies, with benefit above 0; None for a single study."""
    left = robustness(pool, options).without
    if left is None:
        return None
    columns = {name: left[name] for name in FITTED}
    return with_benefit(columns, np.full(len(pool.entries), pool.better == "higher"))
