"""What a rule gives for cells that are drawn: the way for rules that are no sums over studies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr, ndtri

from synthesis.effects.columns import FloatArray
from synthesis.scoring.engine.collapse import study_rows
from synthesis.scoring.engine.features import features_of
from synthesis.scoring.engine.table import FindingTable, table_of
from synthesis.scoring.fields import OF_A_POOL
from synthesis.scoring.language import BoolArray, Column, Declared, IntArray, Numbers, Texts, known
from synthesis.scoring.operating.additive import OF_EFFECTS, Running, ordered, outputs_of_cells
from synthesis.scoring.operating.compared import names_told, output_names
from synthesis.scoring.operating.designs import (
    Category,
    Planned,
    Says,
    categories_of,
    category_chances,
    findings_of,
    says_of,
)
from synthesis.scoring.operating.exact import Distribution
from synthesis.scoring.operating.publication import REPORTED, Publication, reported
from synthesis.scoring.rule import Rule
from synthesis.scoring.states import Fact

ANYTHING = Category(Says("ineffective", "no", -np.inf, np.inf), -np.inf, np.inf)
MOST_ROWS = 200_000  # findings drawn at once
NEEDED = ("study", "report", "detail", "level", "direction", "significant")  # whatever the rule says
OF_POOL_FITS = ("i2", "estimate", "ci_low", "ci_high", "pi_low", "pi_high")  # what one fit of a pool gives


def simulated(
    run: Running,
    context: Mapping[str, Fact],
    studies: Planned,
    truth: tuple[float, float],
    publication: Publication,
    *,
    reading: str,
    scale: float | None,
    draws: int,
    seed: int,
) -> Distribution:
    """How often a rule gives which output in cells that are drawn.

    Parameters
    ----------
    run : Running
        The rule.
    context : mapping
        What is known beside the studies; facts of a pool that are not among it are those of each draw.
    studies : Planned
        k of them.
    truth : tuple of float
        theta and tau2.
    publication : Publication
        Which results are reported.
    reading, scale
        As for `behaviour`.
    draws, seed : int
        How many cells, and where the generator starts.
    """
    generator = np.random.default_rng(seed)
    template, _ = table_of(
        [tuple(findings_of(studies.designs, [ANYTHING], sized=False))],
        run.rule.fields,
    )
    k = len(studies.variances)
    chunk = max(1, MOST_ROWS // max(k, 1))
    counts: dict[str, int] = {}
    undecided = 0
    for first in range(0, draws, chunk):
        size = min(chunk, draws - first)
        y, seen = drawn(generator, studies.variances, truth, publication, reading=reading, size=size)
        table = _table(run, template, studies, y, seen, reading=reading, scale=scale)
        beside = {**run.context, **_pooled(run, context, y, seen, studies.variances)}
        features = features_of(run.procedure, study_rows(run.rule, run.procedure, table), beside, size)
        given = outputs_of_cells(run, features, size)
        for name, number in zip(given.names, np.bincount(given.which, minlength=len(given.names)), strict=True):
            counts[name] = counts.get(name, 0) + int(number)
        undecided += int(given.open.sum())
    names = ordered(run.rule, counts)
    shares = np.array([[counts[name] / draws for name in names]])
    return Distribution(names, shares, np.array([undecided / draws]))


def drawn(
    generator: np.random.Generator,
    v: FloatArray,
    truth: tuple[float, float],
    publication: Publication,
    *,
    reading: str,
    size: int,
) -> tuple[FloatArray, BoolArray]:
    """Effects of so many cells, and which of them are reported, both of shape (size, k).

    Where k counts reports, each is drawn among the effects that are reported.
    """
    theta, tau2 = truth
    if publication.selects and publication.of == REPORTED:
        return _reported(generator, v, truth, publication, reading=reading, size=size), np.ones((size, len(v)), bool)
    spread = np.broadcast_to(np.sqrt(v + tau2), (size, len(v)))
    error = np.broadcast_to(np.sqrt(v), (size, len(v)))
    y = theta + spread * generator.standard_normal(spread.shape)
    if not publication.selects:
        return y, np.ones(y.shape, dtype=bool)
    says = says_of(reading)
    shares = np.array([getattr(publication, one.result) for one in says])
    return y, generator.random(y.shape) < shares[_says(y / error, says)]


def _reported(
    generator: np.random.Generator,
    v: FloatArray,
    truth: tuple[float, float],
    publication: Publication,
    *,
    reading: str,
    size: int,
) -> FloatArray:
    """Effects that are reported, shape (size, k): first what each says, then its size between the bounds of that."""
    theta, tau2 = truth
    error, spread = np.sqrt(v), np.sqrt(v + tau2)
    categories = categories_of((), reading)
    chances = category_chances(categories, v, np.array(theta), np.array(tau2))
    shares, _ = reported(chances, publication.shares(categories), REPORTED)
    drawn_at = generator.random((size, len(v)))
    says = (drawn_at > shares.cumsum(axis=0)[:-1, None, :]).sum(axis=0)
    low, high = (np.array([getattr(one.says, end) for one in categories])[says] for end in ("low", "high"))
    z = _normal_between(
        generator.random((size, len(v))), (low * error - theta) / spread, (high * error - theta) / spread
    )
    return theta + spread * z


def _normal_between(share: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """The standard normal number below which a share of what lies between two bounds is, from the nearer tail."""
    right = low > 0
    upper, lower = np.where(right, -low, high), np.where(right, -high, low)
    z = ndtri(ndtr(lower) + share * (ndtr(upper) - ndtr(lower)))
    found: FloatArray = np.where(right, -z, z)
    return found


def _says(z: FloatArray, says: tuple[Says, ...]) -> IntArray:
    """Which of what effects say each says, by its ratio to its standard error."""
    found: IntArray = np.searchsorted([one.high for one in says[:-1]], z)
    return found


def _table(
    run: Running,
    template: FindingTable,
    studies: Planned,
    y: FloatArray,
    seen: BoolArray,
    *,
    reading: str,
    scale: float | None,
) -> FindingTable:
    """The findings that are drawn, as a rule sees them: those columns only of which it speaks."""
    cell, study = np.nonzero(seen)
    design = studies.design[study]
    columns = {name: template.columns[name].take(design) for name in _needed(run.rule, run) & set(template.columns)}
    says = says_of(reading)
    said = _says(y[seen] / np.sqrt(studies.variances)[study], says)
    directions = tuple(dict.fromkeys(one.direction for one in says))
    columns["direction"] = Texts(np.array([directions.index(one.direction) for one in says])[said], directions)
    columns["significant"] = known(np.array([one.significant == "yes" for one in says])[said])
    columns["favours"] = Texts((y[seen] < 0).astype(np.intp), ("benefit", "harm"))
    columns["study"] = Texts(study, tuple(f"{place:06d}" for place in range(len(studies.variances))))
    if scale is not None:
        columns["effect"] = known(y[seen] * scale)
    return FindingTable(
        size=len(cell),
        cells=len(y),
        cell=cell,
        columns=columns,
        measured=template.measured[design],
    )


def _needed(rule: Rule, run: Running) -> set[str]:
    """The fields of findings that the rule speaks of, and those that every rule needs."""
    return {*names_told(rule, run.procedure), *NEEDED}


def _pooled(
    run: Running, context: Mapping[str, Fact], y: FloatArray, seen: BoolArray, v: FloatArray
) -> Mapping[str, Column]:
    """The facts of each draw's pool that the rule needs and nobody gave; unknown where nothing is reported."""
    wanted = output_names(run.procedure) & {*OF_EFFECTS, "k"} - set(context)
    if not wanted:
        return {}
    found: dict[str, FloatArray] = {"k": seen.sum(axis=1).astype(float)}
    if wanted - {"k"}:
        found |= _fits(wanted, y, seen, v)
    return {name: _known_or_not(found[name], OF_A_POOL[name]) for name in wanted & set(found)}


def _known_or_not(values: FloatArray, declared: Declared) -> Numbers:
    missing = np.isnan(values)
    return Numbers(np.where(missing, declared.least, values), np.where(missing, declared.most, values))


def _fits(wanted: set[str] | frozenset[str], y: FloatArray, seen: BoolArray, v: FloatArray) -> dict[str, FloatArray]:
    """REML and the modified Knapp-Hartung test, as a review pools by default; NaN where nothing is reported."""
    from synthesis.pooling.many import pool_many

    cell, study = np.nonzero(seen)
    found: dict[str, FloatArray] = {}
    for level, names in ((0.95, [name for name in OF_POOL_FITS if name in wanted]), (0.9, ["upper"])):
        if not wanted & set(names) or not len(cell):
            continue
        pools = pool_many(y[seen], v[study], cell, level=level, tau2_interval=None)
        for name in names:
            found[name] = np.full(len(y), np.nan)
            found[name][pools.group.astype(np.intp)] = pools["ci_high" if name == "upper" else name]
    return found
