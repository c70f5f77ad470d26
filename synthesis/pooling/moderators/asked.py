"""All that is asked of one meta-regression or comparison of groups, and all that its studies answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.check import check_options
from synthesis.pooling.moderators.compare import Comparison, check_comparable, compare
from synthesis.pooling.moderators.design import INTERCEPT
from synthesis.pooling.moderators.formulas import UnusableFormula, as_factor, variables
from synthesis.pooling.moderators.linear_fit import check_test
from synthesis.pooling.moderators.location_scale import METHODS as SCALE_METHODS
from synthesis.pooling.moderators.location_scale import TESTS as SCALE_TESTS
from synthesis.pooling.moderators.location_scale import LocationScale, check_scale_model, location_scale
from synthesis.pooling.moderators.permutation import PermutationTest, permutation_test
from synthesis.pooling.moderators.predictions import Predictions, predict
from synthesis.pooling.moderators.regress import check_method, regress
from synthesis.pooling.moderators.regression import Regression
from synthesis.pooling.moderators.residuals import Blups, Inflation, Residuals, blups, residuals, vif
from synthesis.pooling.moderators.subgroups import Subgroups, check_comparison, subgroups
from synthesis.pooling.pooled import Note

Value = float | str
STUDIES_EACH = 10  # for each characteristic that is modelled: Cochrane Handbook, section 10.11.5.1
TOO_MANY = "too many arrangements to compare all: ask for a sample, of 10000 permutations and seed 1 for instance"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a regression; a method or test that is None is left to the defaults."""

    moderators: str  # a formula
    scale: str | None = None  # a formula of log tau2: a location-scale model
    method: str | None = None
    test: str | None = None
    level: float = 0.95
    permute: bool = False
    arrangements: int | None = None  # of a sample; None where all are wanted
    seed: int | None = None  # of the sample
    new: Mapping[str, Sequence[str]] = field(default_factory=dict)  # columns of new values, as text, of one length
    residuals: bool = False
    against: str | None = None  # a formula of a smaller model

    @property
    def names(self) -> tuple[str, ...]:
        """The moderators that the formulas need."""
        formulas = (one for one in (self.moderators, self.scale, self.against) if one is not None)
        return tuple(sorted({name for formula in formulas for name in variables(formula)}))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A regression and what was asked beside it; either `fit` or `scale` is there, or `problem` says why neither is."""

    k: int
    fit: Regression | None = None
    scale: LocationScale | None = None
    permutation: PermutationTest | None = None
    inflation: tuple[Inflation, ...] = ()
    predictions: Predictions | None = None
    residuals: Residuals | None = None
    blups: Blups | None = None
    comparison: Comparison | None = None  # with the smaller model
    problem: str = ""
    formula_fails: bool = False  # whether the formula is the problem, whatever the studies
    notes: tuple[Note, ...] = ()


def settled(request: Request, names: Iterable[str], *, method: str = "REML", test: str = "adhoc") -> Request:
    """A request with its defaults, once everything in it can be used.

    Parameters
    ----------
    request : Request
        What is asked.
    names : iterable of str
        The moderators that there are.
    method, test : str
        The defaults; a location-scale model has REML and z where it has not what they say.

    Raises
    ------
    InvalidArgument
        For anything unknown, with the nearest name; for new values that do not name every moderator, and for what a
        location-scale model does not give.
    """
    known = list(names)
    _refuse_unknown(request.names, known, "moderator")
    if request.scale is not None:
        method, test = method if method in SCALE_METHODS else "REML", test if test in SCALE_TESTS else "z"
    chosen = replace(request, method=request.method or method, test=request.test or test)
    _check_model(chosen)
    if request.new:
        _refuse_unknown(request.new, request.names, "moderator of the formula")
        absent = [name for name in variables(request.moderators) if name not in request.new]
        if absent:
            raise InvalidArgument(f"the values to predict for must name every moderator: {', '.join(absent)} too")
    if request.arrangements is not None and request.seed is None:
        raise InvalidArgument("a sample of permutations needs a seed, so that it can be had again")
    return chosen


def _refuse_unknown(given: Iterable[str], known: Iterable[str], kind: str) -> None:
    names = list(known)
    for name in given:
        check_known(name, names, kind)


def _check_model(request: Request) -> None:
    """Raise InvalidArgument for a method, test or level that the model does not have."""
    method, test = request.method or "", request.test or ""
    check_options(method, "z", request.level)
    if request.scale is None:
        check_method(method)
        check_test(test)
        if request.against is not None:
            check_comparable(method)
        return
    check_scale_model(method, test)
    if request.permute or request.new or request.residuals or request.against is not None:
        said = "permutations, predictions, residuals and comparisons are of a model without scale moderators"
        raise InvalidArgument(said)


def answer(request: Request, yi: Sequence[float], vi: Sequence[float], data: Mapping[str, Sequence[Value]]) -> Answer:
    """The regression of k studies that have all moderators.

    Parameters
    ----------
    request : Request
        A settled one.
    yi, vi : sequence of float, length k
        Effects and sampling variances.
    data : mapping
        Values of each moderator, k of them; none is missing.

    Returns
    -------
    Answer
        With a `problem` where these studies do not carry the model.
    """
    k = len(yi)
    reason = _too_plain(request, k, data)
    if reason:
        return Answer(k, problem=reason)
    asked: dict[str, Any] = {"data": data, "method": request.method, "test": request.test, "level": request.level}
    try:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # of a formula: log(0) is refused below
            if request.scale is not None:
                found = location_scale(yi, vi, request.moderators, request.scale, **asked)
                return Answer(k, scale=found, notes=(*found.notes, *_few(k, _moderators(found.model.names))))
            fit = regress(yi, vi, request.moderators if request.names else None, **asked)
    except UnusableFormula as wrong:
        return Answer(k, problem=str(wrong), formula_fails=True)
    except InvalidArgument as wrong:
        return Answer(k, problem=str(wrong))
    except np.linalg.LinAlgError:
        return Answer(k, problem=f"{request.moderators!r} gives values that are not finite")
    return _completed(request, fit, data)


def _too_plain(request: Request, k: int, data: Mapping[str, Sequence[Value]]) -> str:
    """Why studies cannot carry any model of these moderators, seen before it is built."""
    if k < 2:
        return _alone(k)
    same = [f"{name} is {values[0]}" for name in request.names if len(set(values := data[name])) == 1]
    return f"{', '.join(same)} in all {k} studies" if same else ""


def _alone(k: int) -> str:
    """That no study has the moderators, or only one; empty where there are more."""
    return "" if k > 1 else "one study alone" if k else "no study states what is asked"


def _moderators(names: Sequence[str]) -> int:
    """How many columns are not the intercept."""
    return sum(name != INTERCEPT for name in names)


def _few(k: int, moderators: int) -> tuple[Note, ...]:
    """A note where there are fewer than ten studies for each characteristic."""
    if k >= STUDIES_EACH * moderators:
        return ()
    many = f"{moderators} characteristics" if moderators > 1 else "one characteristic"
    return (Note("k", f"{k} studies for {many}: fewer than ten for each (Cochrane Handbook 10.11.5.1)"),)


def _completed(request: Request, fit: Regression, data: Mapping[str, Sequence[Value]]) -> Answer:
    """A fit with everything that is asked beside it."""
    notes = [*fit.notes, *_few(fit.k, _moderators(fit.model.names))]
    tests: dict[str, tuple[bool, Callable[[], Any]]] = {
        "permutation": (request.permute, lambda: _permuted(request, fit, data)),
        "predictions": (bool(request.new), lambda: predict(fit, _typed(request.new, data, request.moderators))),
        "comparison": (request.against is not None, lambda: compare(fit, _smaller(request, fit, data))),
    }
    with np.errstate(divide="ignore", invalid="ignore"):  # a perfect fit has no variance that could be inflated
        beside: dict[str, Any] = {"inflation": vif(fit) if len(fit.design.tested) > 1 else ()}
    for name, (wanted, make) in tests.items():
        try:
            beside[name] = make() if wanted else None
        except InvalidArgument as wrong:
            notes.append(Note(name, TOO_MANY if name == "permutation" else f"no {name}: {wrong}"))
    if request.residuals:
        beside |= {"residuals": residuals(fit), "blups": blups(fit)}
    return Answer(fit.k, fit, notes=tuple(notes), **beside)


def _smaller(request: Request, fit: Regression, data: Mapping[str, Sequence[Value]]) -> Regression:
    """The smaller model, on the same studies."""
    formula = request.against if variables(request.against or "") else None
    return regress(
        fit.model.yi, fit.vi, formula, data=data, method=fit.method, test=fit.test, level=fit.level
    )  # fmt: skip


def _permuted(request: Request, fit: Regression, data: Mapping[str, Sequence[Value]]) -> PermutationTest:
    """All arrangements where there are few of them, else a sample; the same seed for every regression."""
    sample: dict[str, Any] = {}
    if request.arrangements is not None:
        sample = {"arrangements": request.arrangements, "random": np.random.default_rng(request.seed)}
    return permutation_test(
        fit.model.yi, fit.vi, request.moderators if request.names else None, data=data,
        method=fit.method, test=fit.test, **sample,
    )  # fmt: skip


def _typed(
    new: Mapping[str, Sequence[str]], data: Mapping[str, Sequence[Value]], formula: str
) -> dict[str, list[Value]]:
    """New values of the kind that the studies have; a level of a factor must be one of theirs."""
    found: dict[str, list[Value]] = {}
    for name, cells in new.items():
        numeric = all(isinstance(value, (int, float)) for value in data[name])
        values: list[Value] = [_number(name, cell) for cell in cells] if numeric else list(cells)
        strange = [value for value in values if value not in data[name]]
        if strange and (not numeric or as_factor(formula, name)):
            known = sorted({str(value) for value in data[name]})
            raise InvalidArgument(f"no study has {name} {strange[0]}: {did_you_mean(str(strange[0]), known)}")
        found[name] = values
    return found


def _number(name: str, cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise InvalidArgument(f"{name} is a number, not {cell!r}") from None


def refuse_hopeless(answers: Iterable[Answer]) -> None:
    """Raise InvalidArgument where nothing could be fitted and a formula is to blame."""
    given = list(answers)
    if any(one.fit or one.scale for one in given):
        return
    for one in given:
        if one.formula_fails:
            raise InvalidArgument(one.problem)


def compared_groups(
    yi: Sequence[float], vi: Sequence[float], group: Sequence[str], *, tau2: str, method: str, test: str, level: float
) -> tuple[Subgroups | None, str]:
    """Subgroups of k studies, or why they cannot be compared.

    Raises
    ------
    InvalidArgument
        For options that cannot be used, whatever the studies.
    """
    check_comparison(tau2, method, test, level)
    kinds = sorted(set(group))
    if len(kinds) < 2:
        return None, _alone(len(group)) or f"all {len(group)} studies are of one group, {kinds[0]}"
    try:
        found = subgroups(yi, vi, group, tau2=tau2, method=method, test=test, level=level)
    except InvalidArgument as wrong:
        return None, str(wrong)
    return replace(found, notes=(*found.notes, *_few(len(group), 1))), ""
