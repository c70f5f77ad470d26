"""Multiverses as text, rows and plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.effects import MEASURES
from synthesis.evidence.multiverse import Beside, ReviewMultiverse
from synthesis.plain.effects import PlainLeftOut
from synthesis.plain.multiverse import PlainMultiverse
from synthesis.rendering.fits import READ, fit_json, natural, plain
from synthesis.rendering.moderated import About, about_group, rows_left_json
from synthesis.rendering.tables import Cell
from synthesis.sensitivity.many_worlds.curve import CurveTest
from synthesis.sensitivity.many_worlds.specifications import Multiverse
from synthesis.text import decimal, interval, one_line, p_value, percent, table

HEADER = ["", "choices", "specifications", "benefit %", "harm %", "mean estimate"]  # of ratios the geometric mean
FAMILY_HEADER = ["moved by", "range", "of variance %", "pairs", "conclude otherwise %", "reversed"]
NUMBERS = ("k", "estimate", "se", "p_value", "ci_low", "ci_high", "pi_low", "pi_high", "tau2")
OWN = ("method", "test", "prediction")
SHOWN_REASONS = 8
NOT_VARIED = "the choices never change a number"


@dataclass(frozen=True, slots=True)
class Shown:
    """The multiverse of one pool of a review, or of a group of a table."""

    about: About
    found: Multiverse | None
    problem: str
    idle: tuple[str, ...]
    fixed: Mapping[str, str]  # families that are not varied, with the choice that is taken
    beside: tuple[Beside, ...]
    studies: tuple[str, ...]
    curve: CurveTest | None


def of_review(several: Iterable[ReviewMultiverse], curves: Sequence[CurveTest | None]) -> tuple[Shown, ...]:
    """The multiverses of a review."""
    return tuple(_of_cell(one, curve) for one, curve in zip(several, curves, strict=True))


def _of_cell(one: ReviewMultiverse, curve: CurveTest | None) -> Shown:
    from synthesis.evidence.multiverse_choices import families_of

    columns: dict[str, Cell] = {"modality": one.modality, "outcome": one.outcome, "family": one.family}
    ratio = one.measure in MEASURES and MEASURES[one.measure].is_ratio
    about = About(one_line(f"{one.modality} {one.outcome}"), columns, {**columns, "better": one.better}, ratio)
    varied = set() if one.found is None else {family.name for family in one.found.families}
    fixed = {family.name: family.choices[0] for family in families_of(one.choices) if family.name not in varied}
    return Shown(about, one.found, one.problem, one.idle, fixed, one.beside, one.studies, curve)


def of_groups(several: Iterable[PlainMultiverse], curves: Sequence[CurveTest | None]) -> tuple[Shown, ...]:
    """The multiverses of a table."""
    return tuple(
        Shown(about_group(one.group, one.measure), one.found, one.problem, (), {}, (), one.studies, curve)
        for one, curve in zip(several, curves, strict=True)
    )


def text(shown: Sequence[Shown]) -> str:
    """Each multiverse with its choices; then one line for each that cannot be made."""
    done = "\n".join(_section(one) for one in shown if one.found is not None)
    other = [f"  {one.about.title}: {one_line(one.problem)}\n" for one in shown if one.found is None]
    said = f"no specification can be pooled ({len(other)}):\n{''.join(other)}" if other else ""
    return "\n".join(part for part in (done, said) if part) or "no finding\n"


def _section(one: Shown) -> str:
    found = one.found
    assert found is not None
    lines = [f"{one.about.title}\n", f"{_range(found)}\n", _own(found)]
    compared = found.compared or str(one.about.columns.get("measure", ""))
    ratio = compared in MEASURES and MEASURES[compared].is_ratio
    lines.append(table(HEADER, _choices(found, ratio=ratio), (2, 3, 4, 5)))
    header = [FAMILY_HEADER[0], f"range ({compared}{', log' if ratio else ''})", *FAMILY_HEADER[2:]]
    lines.append(table(header, _families(found), (1, 2, 3, 4, 5)))
    lines += [f"{found.verdict}\n"]
    if one.idle:
        lines.append(f"not varied, {NOT_VARIED}: {', '.join(one.idle)}\n")
    lines += [*_beside(one.beside, found.better), *_unpooled(found)]
    if one.curve is not None:
        lines.append(one.curve.summary())
    return "".join(lines)


def _range(found: Multiverse) -> str:
    """How many specifications there are, where their estimates lie, and what they conclude."""
    shares = ", ".join(f"{name} {percent(share)} %" for name, share in found.shares.items())
    measures = sorted(set(found.measure.tolist()) - {""})
    spans = []
    for name in measures or [""]:
        low, middle, high = np.quantile(found.estimate[found.measure == name], (0, 0.5, 1)).tolist()
        ratio = name in MEASURES and MEASURES[name].is_ratio
        ends = (decimal(natural(value, ratio=ratio)) for value in (low, high, middle))
        spans.append("{} to {}, median {}{}".format(*ends, f" ({name})" if name else ""))
    return f"{len(found)} specifications of {len(found.sets)} data sets: {'; '.join(spans)}; {shares}"


def _own(found: Multiverse) -> str:
    """The first choice of each family, and its place on the curve."""
    row = found.own
    if row is None:
        return "the first choices together make no pool\n"
    ratio = str(found.measure[row]) in MEASURES and MEASURES[str(found.measure[row])].is_ratio
    value, low, high = (natural(float(found[name][row]), ratio=ratio) for name in ("estimate", "ci_low", "ci_high"))
    alike = [each for each in found.order.tolist() if found.measure[each] == found.measure[row]]
    numbers = f"{decimal(value)} {interval(low, high)}, p {p_value(float(found.p_value[row]))}, k = {found.k[row]}"
    return f"first choices: {numbers}; estimate {alike.index(row) + 1} of {len(alike)} from the lowest\n"


def _choices(found: Multiverse, *, ratio: bool) -> Iterator[list[str]]:
    for one in found.moved_by:
        for place, choice in enumerate(one.choices):
            yield [
                one.name if place == 0 else "", choice, str(one.specifications[place]), percent(one.benefit[place]),
                percent(one.harm[place]), decimal(natural(one.means[place], ratio=ratio)),
            ]  # fmt: skip


def _families(found: Multiverse) -> Iterator[list[str]]:
    for one in sorted(found.moved_by, key=lambda each: -(each.share_changed or 0)):
        yield [
            one.name, decimal(one.range), percent(one.share_of_variance), str(one.pairs), percent(one.share_changed),
            str(one.reversed),
        ]  # fmt: skip


def _beside(beside: Iterable[Beside], better: str) -> Iterator[str]:
    """What the models of counts conclude, which need no correction of zero cells."""
    concluded: Counter[tuple[str, str]] = Counter()
    for one in beside:
        concluded[one.model, one.problem or direction(one, better)] += 1
    for model in dict.fromkeys(model for model, _ in concluded):
        said = ", ".join(f"{what} {times}" for (name, what), times in sorted(concluded.items()) if name == model)
        yield f"beside, {model} without any correction of zero cells: {said}\n"


def direction(one: Beside, better: str) -> str:
    """What a model of counts concludes: benefit, harm or none."""
    fit = one.fit
    if fit is None or fit.ci_low is None or fit.ci_high is None or fit.ci_low <= 0 <= fit.ci_high:
        return "none"
    return "benefit" if (fit.ci_low > 0) == (better == "higher") else "harm"


def _unpooled(found: Multiverse) -> Iterator[str]:
    """The reasons why specifications make no pool, those of most first."""
    count: Counter[str] = Counter()
    for one in found.unpooled:
        count[one.reason] += one.specifications
    if count:
        yield f"specifications without a pool ({sum(count.values())}):\n"
    for reason, times in count.most_common(SHOWN_REASONS):
        yield f"  {one_line(reason)}: {times}\n"
    if len(count) > SHOWN_REASONS:
        yield f"  and {len(count) - SHOWN_REASONS} more reasons (--format json has all)\n"


def csv_table(shown: Sequence[Shown]) -> tuple[list[str], Iterator[list[Cell]]]:
    """Header and rows, one a specification in the order of the curve; then those that make no pool, with the reason."""
    about = list(shown[0].about.columns) if shown else ["group"]
    families = list(dict.fromkeys(name for one in shown for name in _names(one)))
    header = [*about, "place", *families, *OWN, "measure", *NUMBERS, "conclusion", "specifications", "reason"]
    return header, _rows(shown, families)


def _names(one: Shown) -> list[str]:
    varied = [] if one.found is None else [family.name for family in one.found.families[: -len(OWN)]]
    return [*varied, *one.fixed]


def _rows(shown: Sequence[Shown], families: Sequence[str]) -> Iterator[list[Cell]]:
    for one in shown:
        about = list(one.about.columns.values())
        blank: list[Cell] = [None] * len(NUMBERS)
        if one.found is None:
            chosen: list[Cell] = [one.fixed.get(name) for name in families]
            yield [*about, None, *chosen, *[None] * (len(OWN) + 1), *blank, None, None, one.problem]
            continue
        yield from _specifications(one, one.found, families)
        for lost in one.found.unpooled:
            named = {**one.fixed, **lost.choices}
            chosen = [named.get(name) for name in (*families, *OWN)]
            yield [*about, None, *chosen, None, *blank, None, lost.specifications, lost.reason]


def _specifications(one: Shown, found: Multiverse, families: Sequence[str]) -> Iterator[list[Cell]]:
    columns = {name: column.tolist() for name, column in found.columns().items()}
    fixed = {name: [choice] * len(found) for name, choice in one.fixed.items()}
    choices = [(columns if name in columns else fixed).get(name, [None] * len(found)) for name in (*families, *OWN)]
    measure = found.measure.tolist() if "measure" in columns else [one.about.columns.get("measure", "")] * len(found)
    for place, row in enumerate(found.order.tolist(), 1):
        ratio = measure[row] in MEASURES and MEASURES[measure[row]].is_ratio
        values = [
            natural(columns[name][row], ratio=ratio) if name in READ else columns[name][row] for name in NUMBERS
        ]  # fmt: skip
        yield [
            *one.about.columns.values(), place, *(column[row] for column in choices), measure[row], *values,
            columns["direction"][row], 1, None,
        ]  # fmt: skip


def review_json(shown: Sequence[Shown]) -> dict[str, object]:
    """The multiverses of a review as plain values, on the scale of each measure, logs for ratios."""
    return {"multiverses": [_json(one) for one in shown]}


def table_json(shown: Sequence[Shown], left: Iterable[PlainLeftOut]) -> dict[str, object]:
    """The multiverses of a table as plain values."""
    return {"multiverses": [_json(one) for one in shown], "left_out": rows_left_json(left)}


def _json(one: Shown) -> dict[str, object]:
    values = {
        **one.about.json,
        "multiverse": None if one.found is None else one.found.to_dict(),
        "reason": one.problem or None,
        "fixed": dict(one.fixed),
        "never_change_a_number": list(one.idle),
        "beside": [_beside_json(each) for each in one.beside],
        "curve_test": None if one.curve is None else one.curve.to_dict(),
        "studies": list(one.studies),
    }
    rounded: dict[str, object] = plain(values)
    return rounded


def _beside_json(one: Beside) -> dict[str, object]:
    model = None if one.fit is None else fit_json(one.fit)
    return {"choices": dict(one.choices), "model": one.model, "measure": one.measure, "fit": model,
            "reason": one.problem or None}  # fmt: skip
