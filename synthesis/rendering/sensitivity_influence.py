"""Influence of single studies, and pools of all subsets: text, rows and plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.rendering.sensitivity import Shown, Words
from synthesis.rendering.tables import Cell
from synthesis.sensitivity.overview.on_subject import WholeInfluence
from synthesis.sensitivity.subsets.every_subset import NUMBERS, QUANTILES, Gosh
from synthesis.text import decimal, interval, one_line, percent, table

MEASURES = ("rstudent", "dffits", "cook_distance", "covariance_ratio", "tau2_deleted", "q_deleted", "hat", "weight")
FLAGS = ("far", "distant", "heavy", "moving")
SHOWN = ["row", "study", "rstudent", "dffits", "Cook", "cov. ratio", "tau2 del.", "Q del.", "weight %"]
BAUJAT = ["Baujat x", "Baujat y"]
SHRUNKEN = ["effect", "shrunk by %", "shrunken", "interval"]
MARKED = (
    "flags: far |dffits|, distant (Cook), heavy (hat), moving |dfbetas|; Baujat x: contribution to Q, y: influence on "
    "the result\n"
)


def _influence_text(one: Shown) -> str:
    found: WholeInfluence = one.found
    fit = found.measures.fit
    names = ["dfbetas"] if len(found.measures.names) == 1 else [f"dfbetas {name}" for name in found.measures.names]
    header = [*SHOWN, *names, *BAUJAT, *SHRUNKEN, "flags"]
    rows = [_cells(one, row) for row in range(len(found.measures))]
    numeric = [place for place in range(len(header) - 1) if place not in (1, len(header) - 2)]
    head = f"{fit.method}, {fit.test}, {100 * fit.level:g} %; tau2 {decimal(fit.tau2)}\n"
    pairs = "".join(_pair(one, pair.first, pair.second) for pair in found.measures.pairs)
    said = f"{found.measures.verdict}\nBaujat: {found.baujat.verdict}\nshrunken effects: {found.shrunken.verdict}\n"
    return f"{head}{table(header, rows, numeric)}{MARKED}{pairs}{said}"


def _cells(one: Shown, row: int) -> list[str]:
    found: WholeInfluence = one.found
    of = {name: float(getattr(found.measures, name)[row]) for name in MEASURES}
    drawn, study = found.shrunken.predicted, int(found.measures.row[row])
    shown = [
        decimal(of["rstudent"], 2), decimal(of["dffits"], 2), decimal(of["cook_distance"], 3),
        decimal(of["covariance_ratio"], 2), decimal(of["tau2_deleted"], 3), decimal(of["q_deleted"], 2),
        percent(of["weight"]),
    ]  # fmt: skip
    spread = [decimal(float(value), 2) for value in found.measures.dfbetas[row]]
    place = [decimal(float(column[row]), 2) for column in (found.baujat.heterogeneity, found.baujat.influence)]
    bounds = interval(one.read(float(drawn.pi_low[row])), one.read(float(drawn.pi_high[row])), 2)
    effect, shrunken = (
        decimal(one.read(float(value)), 2) for value in (found.shrunken.effect[row], drawn.estimate[row])
    )
    drawn_in = percent(float(found.shrunken.shrinkage[row]))
    flags = " ".join(name for name in FLAGS if getattr(found.measures, name)[row])
    name = one_line(one.names[study - 1])
    return [str(study), name, *shown, *spread, *place, effect, drawn_in, shrunken, bounds, flags]


def _pair(one: Shown, first: int, second: int) -> str:
    return f"hidden pair: {one_line(one.names[first - 1])} and {one_line(one.names[second - 1])}\n"


def _influence_columns(shown: Sequence[Shown]) -> list[str]:
    """Columns of all models; the coefficients of a regression may differ from pool to pool."""
    names = dict.fromkeys(name for one in shown for name in one.found.measures.names)
    dfbetas = [f"dfbetas[{name}]" for name in names]
    return [
        "row", "study", *MEASURES, *dfbetas, *FLAGS, "influential", "baujat_heterogeneity", "baujat_influence",
        "effect", "shrinkage", "shrunken", "shrunken_low", "shrunken_high",
    ]  # fmt: skip


def _influence_rows(one: Shown, columns: Sequence[str]) -> Iterator[list[Cell]]:
    found: WholeInfluence = one.found
    measured, drawn = found.measures.columns(), found.shrunken.predicted
    own = measured | {
        "baujat_heterogeneity": found.baujat.heterogeneity, "baujat_influence": found.baujat.influence,
        "shrinkage": found.shrunken.shrinkage,
    }  # fmt: skip
    effects = {
        "effect": found.shrunken.effect, "shrunken": drawn.estimate, "shrunken_low": drawn.pi_low,
        "shrunken_high": drawn.pi_high,
    }  # fmt: skip
    for row, study in enumerate(found.measures.row.tolist()):
        values: dict[str, Cell] = {name: column[row].item() for name, column in own.items()}
        values |= {name: one.read(float(column[row])) for name, column in effects.items()}
        values["study"] = one.names[study - 1]
        yield [values.get(name) for name in columns]


def _influence_json(one: Shown) -> dict[str, object]:
    found: WholeInfluence = one.found
    return {
        "influence": found.measures.to_dict(), "baujat": found.baujat.to_dict(), "shrunken": found.shrunken.to_dict(),
    }  # fmt: skip


INFLUENCE = Words(_influence_text, _influence_columns, _influence_rows, _influence_json, "no measures of influence")

SUBSETS = ["row", "study", "with it", "without", "of variance %", "separation", "I2 with", "without", "of variance %",
           "separation"]  # fmt: skip
GOSH_COLUMNS = (
    "row", "study", "estimate_with", "estimate_without", "estimate_share", "estimate_separation", "i2_with",
    "i2_without", "i2_share", "i2_separation",
)  # fmt: skip


def _gosh_text(one: Shown) -> str:
    found: Gosh = one.found
    kind = "all" if found.exact else "a sample of"
    spread = found.quantiles()
    header = ["over the subsets", *(f"{100 * share:g} %" for share in QUANTILES)]
    rows = [[name, *(_quantile(one, name, value) for value in spread[name])] for name in NUMBERS]
    studies = [_study(one, row) for row in range(len(found.studies))]
    return (
        f"{kind} {len(found)} subsets of {found.k} studies ({found.method})\n"
        f"{table(header, rows, range(1, len(header)))}"
        f"{table(SUBSETS, studies, (0, 2, 3, 4, 5, 6, 7, 8, 9))}{found.verdict}\n"
    )


def _quantile(one: Shown, name: str, value: float | None) -> str:
    return decimal(one.read(value) if name == "estimate" else value, {"size": 0, "i2": 1, "tau2": 3}.get(name, 2))


def _study(one: Shown, row: int) -> list[str]:
    of = {name: float(one.found.studies[name][row]) for name in GOSH_COLUMNS if name != "study"}
    effects = [decimal(one.read(of[name]), 2) for name in ("estimate_with", "estimate_without")]
    shares = [percent(of["estimate_share"]), decimal(of["estimate_separation"], 2)]
    spread = [decimal(of[name], 1) for name in ("i2_with", "i2_without")]
    number = int(of["row"])
    return [
        str(number), one_line(one.names[number - 1]), *effects, *shares, *spread, percent(of["i2_share"]),
        decimal(of["i2_separation"], 2),
    ]  # fmt: skip


def _gosh_rows(one: Shown, columns: Sequence[str]) -> Iterator[list[Cell]]:
    studies = one.found.studies
    for row, number in enumerate(studies.row.tolist()):
        values: dict[str, Cell] = {name: column[row].item() for name, column in studies.columns().items()}
        for name in ("estimate_with", "estimate_without"):
            values[name] = one.read(float(studies[name][row]))
        values["study"] = one.names[number - 1]
        yield [values[name] for name in columns]


GOSH = Words(_gosh_text, lambda _: GOSH_COLUMNS, _gosh_rows, lambda one: one.found.to_dict(), "no subsets")
