"""Models that pool counts without effects of single studies, by their codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, check_known, columns
from synthesis.effects.effect import RowNote, note_rows
from synthesis.effects.two_by_two import double_zero
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import IntArray
from synthesis.pooling.model_pooled import ModelPooled, without_estimate
from synthesis.pooling.pooled import Note
from synthesis.pooling.sparse.columns import MISSING, NoEstimate, four_cells, two_rates
from synthesis.pooling.sparse.common_effect import CommonEffect
from synthesis.pooling.sparse.generalised import GLMMS
from synthesis.pooling.sparse.generalised_pooled import GeneralisedPooled
from synthesis.pooling.sparse.glmm import glmm
from synthesis.pooling.sparse.mantel_haenszel import mantel_haenszel
from synthesis.pooling.sparse.peto import peto

INVERSE = "INV"  # no model of counts: the effects of the studies are pooled, weighted by their inverse variances
RATIOS = ("OR", "RR", "IRR", "PETO")  # of which studies without events in both groups say nothing
ONE_EFFECT = "the model has one effect for all studies"
ONE_STUDY = "one study: nothing is pooled"
NO_INTERVAL = "this model gives no interval of tau2"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model of counts."""

    measure: str
    method: str
    test: str
    level: float
    drop00: bool  # whether studies without events, or with nothing but events, in both groups are left out


Counts = Mapping[str, Any]  # columns by name: ai, n1i, ...


@dataclass(frozen=True, slots=True)
class CountModel:
    """One model: what it is, where it stands, what it is asked with; the first of its methods and tests is usual."""

    meaning: str
    source: str
    measures: tuple[str, ...]
    methods: tuple[str, ...]
    tests: tuple[str, ...]
    function: Callable[[Question, Counts], CommonEffect | GeneralisedPooled]


def _mantel_haenszel(asked: Question, counts: Counts) -> CommonEffect:
    return mantel_haenszel(asked.measure, level=asked.level, drop00_pooled=asked.drop00, **counts)


def _peto(asked: Question, counts: Counts) -> CommonEffect:
    return peto(level=asked.level, drop00=asked.drop00, **counts)


def _generalised(model: str, asked: Question, counts: Counts) -> GeneralisedPooled:
    return glmm(
        asked.measure, model=model, method=asked.method, test=asked.test, level=asked.level, drop00=asked.drop00,
        **counts,
    )  # fmt: skip


COUNT_MODELS: Mapping[str, CountModel] = {
    "MH": CountModel(
        "Mantel and Haenszel's common effect",
        "Mantel N, Haenszel W (1959). Statistical aspects of the analysis of data from retrospective studies of "
        "disease. Journal of the National Cancer Institute 22(4), 719-748.",
        ("OR", "RR", "RD", "IRR", "IRD"), ("EE",), ("z",), _mantel_haenszel,
    ),
    "PETO": CountModel(
        "Peto's one-step common odds ratio",
        "Yusuf S, Peto R, Lewis J, Collins R, Sleight P (1985). Beta blockade during and after myocardial infarction: "
        "an overview of the randomized trials. Progress in Cardiovascular Diseases 27(5), 335-371.",
        ("OR", "PETO"), ("EE",), ("z",), _peto,
    ),
    **{
        code: CountModel(
            f"generalised linear mixed model, {one.label}", one.source, one.measures, ("ML", "EE"), ("z", "t"),
            partial(_generalised, code),
        )
        for code, one in GLMMS.items()
    },
}  # fmt: skip


def check_model(model: str, measure: str, method: str | None = None, test: str | None = None) -> tuple[str, str]:
    """Method and test of a model of counts, its usual ones where none is asked for.

    Raises
    ------
    InvalidArgument
        For an unknown model, a measure that it is not of, and a method or test that it does not have.
    """
    check_known(model, COUNT_MODELS, "model")
    chosen = COUNT_MODELS[model]
    if measure not in chosen.measures:
        all_known = ", ".join(chosen.measures)
        raise InvalidArgument(
            f"the model {model} is of {all_known}, not of {measure}: add --measure {chosen.measures[0]}"
        )
    for kind, name, known in (("method", method, chosen.methods), ("test", test, chosen.tests)):
        if name is not None and name not in known:
            raise InvalidArgument(f"the model {model} has the {kind} {' or '.join(known)}, not {name!r}")
    return method or chosen.methods[0], test or chosen.tests[0]


def pool_counts(
    model: str,
    measure: str,
    counts: Counts,
    *,
    method: str | None = None,
    test: str | None = None,
    level: float = 0.95,
    drop00: bool | None = None,
) -> tuple[ModelPooled, tuple[RowNote, ...]]:
    """Counts of k studies pooled by a model of `COUNT_MODELS`, and the rows that it did not take.

    Parameters
    ----------
    model, measure : str
        Keys of `COUNT_MODELS` and `MEASURES`.
    counts : mapping of name to array-like, shape (k,)
        As the model takes them: ai, ci with bi, di or n1i, n2i; x1i, t1i, x2i, t2i; xi, mi or ni; xi, ti.
    method, test : str, optional
        Of a generalised linear mixed model: ML or EE, z or t.
    level : float
        Confidence level.
    drop00 : bool, optional
        Whether studies without events, or with nothing but events, in both groups are left out: by default for
        ratios, of which they say nothing.

    Returns
    -------
    ModelPooled
        With None for all numbers, and the reason, where the counts let the model estimate nothing.
    tuple of RowNote
        Rows left out, the first being 0.

    Raises
    ------
    InvalidArgument
        As `check_model`; and for counts that cannot be.
    """
    method, test = check_model(model, measure, method, test)
    asked = Question(measure, method, test, level, measure in RATIOS if drop00 is None else drop00)
    given = dict(zip(counts, columns(**counts), strict=True))
    left = _left_out(given, asked)
    kept = np.setdiff1d(np.arange(_rows(given)), [note.row for note in left])
    try:
        found = _fitted(model, asked, given, kept)
    except NoEstimate as error:
        return without_estimate(model, len(kept), str(error), method=method, test=test, level=level), left
    if isinstance(found, CommonEffect):
        return _common(model, found, test), left
    more = [note._replace(row=int(kept[note.row])) for note in found.left_out]
    return _mixed(model, found), tuple(sorted([*left, *more]))


def _rows(given: Mapping[str, FloatArray]) -> int:
    """How many rows the columns have."""
    return max(map(len, given.values()), default=0)


def _fitted(
    model: str, asked: Question, given: Mapping[str, FloatArray], kept: IntArray
) -> CommonEffect | GeneralisedPooled:
    """The model of the rows that are kept; an error names them by their numbers among all."""
    if not len(kept):
        raise NoEstimate("no study has counts that say anything")
    try:
        return COUNT_MODELS[model].function(asked, {name: values[kept] for name, values in given.items()})
    except InvalidArgument as error:
        if not error.rows:
            raise
        raise InvalidArgument(error.what, [int(kept[row - 1]) + 1 for row in error.rows]) from error


def _left_out(given: Mapping[str, FloatArray], asked: Question) -> tuple[RowNote, ...]:
    """Rows with a missing count, and, where these are dropped, without events or with nothing but events."""
    missing = np.isnan(np.sum(list(given.values()), axis=0))
    notes = note_rows(missing, MISSING, dropped=True)
    if asked.drop00 and ("ai" in given or "x1i" in given):
        none, full = _double_zero(given, asked.measure)
        notes += note_rows(none & ~missing, "no events in either group", dropped=True)
        notes += note_rows(full & ~missing, "nothing but events in both groups", dropped=True)
    return tuple(sorted(notes))


def _double_zero(given: Mapping[str, FloatArray], measure: str) -> tuple[BoolArray, BoolArray]:
    """Studies without events in both groups, and with nothing but events in both."""
    if "ai" in given:
        return double_zero(*four_cells(given, measure))
    x1, _, x2, _ = two_rates(given, measure)
    none: BoolArray = (x1 == 0) & (x2 == 0)
    return none, np.zeros_like(none)


def _common(model: str, found: CommonEffect, test: str) -> ModelPooled:
    """Mantel and Haenszel's or Peto's estimate as one line."""
    notes = [*found.notes, *(Note(name, NO_INTERVAL) for name in ("tau2_ci_low", "tau2_ci_high"))]
    notes += [Note(name, ONE_EFFECT) for name in ("pi_low", "pi_high")]
    if found.q_p_value is None:
        notes.append(Note("q_p_value", found.reason("q")))
    tau2 = None if found.k == 1 else found.tau2
    notes += [Note("tau2", ONE_STUDY)] if tau2 is None else []
    tests = ("cochran", "mantel_haenszel", "breslow_day", "tarone")
    details = {name: getattr(found, name) for one in tests for name in (one, f"{one}_p_value")}
    return ModelPooled(
        **_shared(found), model=model, df=None, pi_low=None, pi_high=None, tau2=tau2, tau2_ci_low=None,
        tau2_ci_high=None, q=found.q, q_p_value=found.q_p_value, method="EE", test=test, notes=_explained(notes),
        details={"k_effects": found.k_effects, **_present(details)},
    )  # fmt: skip


def _mixed(model: str, found: GeneralisedPooled) -> ModelPooled:
    """A generalised linear mixed model as one line; Q is that of Wald."""
    notes = [*found.notes, *(Note(name, NO_INTERVAL) for name in ("tau2_ci_low", "tau2_ci_high"))]
    renamed = [note._replace(field=note.field.replace("q_wald", "q")) for note in notes]
    fields = ("tau2_se", "sigma2", "q_lrt", "q_lrt_p_value", "log_likelihood", "aic", "bic", "aicc", "converged")
    details = {name: getattr(found, name) for name in (*fields, "boundary", "parameters", "nAGQ", "coding")}
    return ModelPooled(
        **_shared(found), model=model, df=found.df, pi_low=found.pi_low, pi_high=found.pi_high, tau2=found.tau2,
        tau2_ci_low=None, tau2_ci_high=None, q=found.q_wald, q_p_value=found.q_wald_p_value, method=found.method,
        test=found.test, notes=_explained(renamed), details=_present(details),
    )  # fmt: skip


def _shared(found: CommonEffect | GeneralisedPooled) -> dict[str, Any]:
    """The fields that every result has by the same name."""
    names = ("k", "estimate", "se", "statistic", "p_value", "ci_low", "ci_high", "i2", "q_df", "level")
    return {name: getattr(found, name) for name in names}


def _explained(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Each note once, with how many studies it is about in place of their rows among those that were taken."""
    return tuple(dict.fromkeys(note._replace(reason=_counted(note.reason)) for note in notes))


def _counted(reason: str) -> str:
    """A reason that begins with rows, by `rows_text`, beginning with their number."""
    rows, colon, rest = reason.partition(": ")
    numbers = re.fullmatch(r"rows? ([0-9, ]+)", rows)
    if not colon or not numbers:
        return reason
    count = len(numbers[1].split(","))
    return f"{count} stud{'y' if count == 1 else 'ies'}: {rest}"


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are there."""
    return {name: value for name, value in values.items() if value is not None}
