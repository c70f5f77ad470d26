"""The tables of docs/methods.md that follow from registries; `python -m tests.console` writes them.

Each stands between a line `<!-- table: NAME -->` and a line `<!-- end -->`.
"""

import re

from synthesis.effects import measures
from synthesis.effects.measures import MEASURES
from synthesis.pooling.dependent.sandwich import KINDS
from synthesis.pooling.dependent.structures import STRUCTURES
from synthesis.pooling.p_combinations import COMBINATIONS
from synthesis.pooling.sparse.generalised import GLMMS
from synthesis.rendering import methods as words

PLACE = re.compile(r"(?<=^<!-- table: )(?P<name>\S+) -->\n.*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)
# What an effect may be computed from: the word for it, and the sets of columns of which one is enough
INPUTS = {
    "counts": measures.COUNTS,
    "pairs": measures.PAIRS,
    "margins of pairs": measures.MARGINS,
    "means": (measures.MEANS,),
    "means, or d, r, t, p": measures.SHOWN,
    "means, one SD": (("m1i", "n1i", "m2i", "sd2i", "n2i"), measures.MEANS),
    "SDs": (("sd1i", "n1i", "sd2i", "n2i"), measures.MEANS),
    "areas": measures.REPORTED,
    "means, or d, r, t, p, or areas": (*measures.SHOWN, measures.REPORTED[0]),
    "correlations": measures.CORRELATION,
    "coefficients": (*measures.COEFFICIENT, *measures.COEFFICIENT_R2),
    "coefficients with R2": measures.COEFFICIENT_R2,
    "R2": measures.R2,
    "mean": (measures.MEAN,),
    "SD": (("sdi", "ni"), measures.MEAN),
    "change": (measures.CHANGE,),
    "change, or d, t, p": (measures.CHANGE, ("di", "ni"), ("ti", "ni"), ("pi", "ni")),
    "change, one SD": (("m1i", "m2i", "sd1i", "ni", "ri"), measures.CHANGE),
    "rates": measures.RATES,
    "rate": measures.RATE,
    "events": measures.EVENTS,
    "printed": (),
}
READ_AS = {"exp": "exp", "": "as it is"}


def filled(page):
    """The page with every table of this module as it is today."""
    return PLACE.sub(lambda place: f"{place['name']} -->\n{TABLES[place['name']]()}", page)


def table(head, rows):
    """Lines of a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def effect_measures():
    """Every measure: one line each."""
    sources = _sources()
    rows = [
        (
            f"`{code}`",
            one.label,
            _inputs(code, one),
            _added(one),
            _read(one),
            ", ".join(one.vtypes) or "-",
            sources[code],
        )
        for code, one in MEASURES.items()
    ]
    return table(("code", "measure", "from", "added to zeros", "read through", "`vtype`", "source"), rows)


def _inputs(code, one):
    """The word for what a measure is computed from, or the columns where only this one takes them."""
    word = next((word for word, sets in INPUTS.items() if sets == one.inputs), None)
    return word or ", or ".join(" ".join(f"`{name}`" for name in names) for names in one.inputs) or code


def _added(one):
    return f"{one.add:g}" if "add" in one.options else "-"


def _read(one):
    return READ_AS.get(one.back, f"`{one.back}`")


def _sources():
    """Where each measure comes from, in short, linked to the module that has formula and full reference."""
    found = words.methods(None, ("measure",))
    short = {one.code: "delta method" if one.source == words.DELTA else words.short(one.source) for one in found}
    return {code: f"[{short[code]}](../synthesis/effects/{_module(one)}.py)" for code, one in MEASURES.items()}


def _module(one):
    """The module in which the formula of a measure stands."""
    bound = [part for part in getattr(one.function, "args", ()) if callable(part)]
    formula = (bound or [getattr(one.function, "func", one.function)])[-1]
    return "convert" if formula is None else formula.__module__.rpartition(".")[2]


def input_columns():
    """What stands behind each word of the table of measures."""
    used = {one.inputs for one in MEASURES.values()}
    rows = [
        (word, ", or ".join(" ".join(f"`{name}`" for name in names) for names in sets) or "estimates only")
        for word, sets in INPUTS.items()
        if sets in used
    ]
    return table(("from", "one of these sets of columns"), rows)


def structures():
    """Covariance structures of correlated random effects."""
    return table(
        ("`struct`", "G over the levels of the inner factor"), [(f"`{x}`", y.meaning) for x, y in STRUCTURES.items()]
    )


def sandwiches():
    """Kinds of cluster-robust covariance."""
    return table(("`kind`", "correction"), [(f"`{x}`", y.title) for x, y in KINDS.items()])


def combinations():
    """Ways to combine p-values."""
    rows = [(f"`{x}`", y.meaning, y.distribution, y.source) for x, y in COMBINATIONS.items()]
    return table(("`method`", "statistic", "distribution", "source"), rows)


def mixed_models():
    """Generalised linear mixed models of counts."""
    rows = [(f"`{x}`", y.label, ", ".join(y.measures), words.short(y.source)) for x, y in GLMMS.items()]
    return table(("`model`", "what it is", "measures", "source"), rows)


TABLES = {
    "measures": effect_measures,
    "inputs": input_columns,
    "structures": structures,
    "sandwiches": sandwiches,
    "combinations": combinations,
    "mixed-models": mixed_models,
}
