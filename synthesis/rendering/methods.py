"""Every code that there is, with its meaning and its source, read from the registries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from synthesis.errors import NotFound, did_you_mean
from synthesis.text import table

HANDBOOK = "Cochrane Handbook for Systematic Reviews of Interventions, version 6.4, section 10.3"
HANDBOOK_6 = (
    "Higgins JPT, Li T, Deeks JJ (2023). Choosing effect measures and computing estimates of effect. In: Cochrane "
    "Handbook for Systematic Reviews of Interventions, version 6.4, chapter 6."
)
METAFOR = (
    "Viechtbauer W (2010). Conducting meta-analyses in R with the metafor package. Journal of Statistical Software "
    "36(3), 1-48."
)
LIANG = (
    "Liang KY, Zeger SL (1986). Longitudinal data analysis using generalized linear models. Biometrika 73(1), 13-22."
)
PINHEIRO = "Pinheiro JC, Bates DM (2000). Mixed-effects models in S and S-PLUS, chapter 5. Springer."
MORRIS = (
    "Morris CN (1983). Parametric empirical Bayes inference: theory and applications. Journal of the American "
    "Statistical Association 78(381), 47-55."
)
FOLLMANN = (
    "Follmann DA, Proschan MA (1999). Valid inference in random effects meta-analysis. Biometrics 55(3), 732-737."
)
DELTA = "the large-sample variance, by the delta method"
DEFINITION = "by definition"
TRANSFORMED = {"ZPHI": "PHI", "YUY": "YUQ", "ZTET": "RTET", "MPPETO": "MPORC", "MPORM": "MPOR", "ZPB": "RPB",
               "ZBIS": "RBIS", "ZPCOR": "PCOR", "ZSPCOR": "SPCOR", "CLESCN": "CLESN", "AUCCN": "AUCN"}  # fmt: skip
BEGINNINGS = ("Moment", "Estimate", "Unweighted", "Maximum", "Restricted", "The", "Where", "From", "As", "Standard",
              "Normal")  # fmt: skip
COLUMNS = ("kind", "code", "meaning", "source")


@dataclass(frozen=True, slots=True)
class Method:
    """One code."""

    kind: str  # a key of KINDS
    code: str
    meaning: str  # one line
    source: str  # a paper, a section of a handbook, or how it comes about
    more: tuple[tuple[str, str], ...] = ()  # what else there is to know, by name


def documented(function: Any) -> tuple[str, str]:
    """Meaning and source as the docstring of a function has them: its first paragraph and its references."""
    while isinstance(function, partial):
        inner = [one for one in function.args if callable(one)]
        function = inner[-1] if inner else function.func
    text = getattr(function, "__doc__", None) or ""
    first, _, rest = text.partition("\n\n")
    return " ".join(first.split()).rstrip("."), _references(rest)


def _references(text: str) -> str:
    """The lines of the section References as one line."""
    lines = [line.strip() for line in text.splitlines()]
    if "References" not in lines:
        return ""
    found = lines[lines.index("References") + 2 :]
    end = next((place for place, line in enumerate(found) if set(line) == {"-"}), len(found) + 1)
    return " ".join(line for line in found[: max(0, end - 1)] if line)


# Where one function serves several codes, or its docstring speaks of functions: the meaning, and the code of the same
# kind whose source is that of this one, or the source itself; "" leaves what the docstring says.
WORDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("estimator", "EE"): ("equal effects: tau^2 = 0 by assumption", HANDBOOK),
    ("estimator", "DLIT"): ("DL iterated until weights and estimate agree: where Q equals k - p, as PM", "DL2"),
    ("estimator", "SJIT"): ("SJ iterated until weights and estimate agree: where Q equals k - p, as PM", "SJ"),
    ("estimator", "EB"): ("empirical Bayes estimate of tau^2: where Q equals k - p, as PM", MORRIS),
    ("estimator", "GENQ"): ("moment estimate of tau^2 with weights of the user's own, which also weight the mean", ""),
    ("estimator", "GENQM"): ("", "PMM"),
    ("test", "z"): ("", HANDBOOK),
    ("test", "t"): ("", FOLLMANN),
    ("test", "adhoc"): ("as knha, with the variance factor not below 1", "knha"),
    ("test", "adhoc-ci"): ("as knha, but as z where that gives the wider interval", ""),
    ("tau2-interval", "J"): ("as BJ with the weights 1 / sqrt(v)", ""),
    ("tau2-interval", "GENQ"): ("as J with weights of the user's own", "J"),
    ("prediction", "metafor"): ("standard error and distribution of the chosen test, as metafor's predict()", METAFOR),
    ("prediction", "t"): ('standard error of the chosen test and k - 1 degrees of freedom, as metafor\'s predtype "t"',
                          METAFOR),
    ("prediction", "simple"): ('normal, as if the mean were known, as metafor\'s predtype "simple"', METAFOR),
    ("prediction", "HK"): ("", "V"),
    ("prediction", "HK-PR"): ("", "KR-PR"),
    ("prediction", "KR"): ("", "KR-PR"),
}  # fmt: skip


def _of_functions(kind: str, registry: Mapping[str, Any]) -> list[Method]:
    """Codes whose functions say in their docstrings what they are."""
    said = {code: documented(function) for code, function in registry.items()}
    found = []
    for code, (meaning, source) in said.items():
        other, instead = WORDS.get((kind, code), ("", ""))
        found.append(
            Method(kind, code, _small(other or meaning), said[instead][1] if instead in said else instead or source)
        )
    return found


def _small(text: str) -> str:
    """A meaning without a capital at its beginning, unless that is a name, and without its full stop."""
    first = text.partition(" ")[0]
    small = first in BEGINNINGS
    return (text[0].lower() + text[1:] if small else text).rstrip(".").replace("`", "")


def _estimators() -> list[Method]:
    from synthesis.pooling.tau2 import TAU2

    return _of_functions("estimator", TAU2)


def _tests() -> list[Method]:
    from synthesis.pooling.intervals import TESTS

    return _of_functions("test", TESTS)


def _tau2_intervals() -> list[Method]:
    from synthesis.pooling.tau2_intervals import TAU2_INTERVALS

    return _of_functions("tau2-interval", TAU2_INTERVALS)


def _predictions() -> list[Method]:
    from synthesis.pooling.prediction import PREDICTION

    return _of_functions("prediction", PREDICTION)


def _models() -> list[Method]:
    from synthesis.pooling.sparse.models import COUNT_MODELS, INVERSE

    inverse = Method("model", INVERSE, "no model of counts: the effects of the studies, by their variances", HANDBOOK)
    models = [
        Method("model", code, one.meaning, one.source, (("measures", ", ".join(one.measures)),))
        for code, one in COUNT_MODELS.items()
    ]
    return [inverse, *models]


def _dependence() -> list[Method]:
    from synthesis.pooling.dependent.dependence import DEPENDENCE

    select = "one effect of each study: by follow-up, then by the declared order of details; ties are averaged"
    handbook = "Cochrane Handbook for Systematic Reviews of Interventions, version 6.4, section 6.2.4"
    ways = [Method("dependence", code, one.meaning, one.source) for code, one in DEPENDENCE.items()]
    return [Method("dependence", "select", select, handbook), *ways]


def _robust() -> list[Method]:
    from synthesis.pooling.dependent.sandwich import KINDS as SANDWICHES

    return [Method("robust", code, one.title, documented(one.adjust)[1] or LIANG) for code, one in SANDWICHES.items()]


def _measures() -> list[Method]:
    from synthesis.effects.measures import MEASURES, PRINTED

    found = []
    for code, one in MEASURES.items():
        source = documented(one.function)[1] or _source_of_measure(code, one.family)
        columns = "; ".join(" ".join(names) for names in (*one.inputs, PRINTED))
        more = {
            "family": one.family, "columns": columns, "options": ", ".join(one.options), "vtype": ", ".join(one.vtypes),
            "read as": one.back,
        }  # fmt: skip
        found.append(Method("measure", code, one.label, source, tuple((k, v) for k, v in more.items() if v)))
    return found


def _source_of_measure(code: str, family: str) -> str:
    """The source of a measure whose function names none: that of what it transforms, else of its family."""
    from synthesis.effects.measures import MEASURES

    if code in TRANSFORMED:
        return documented(MEASURES[TRANSFORMED[code]].function)[1]
    if family == "generic":
        return "as it is given"
    return HANDBOOK_6 if family in ("binary", "continuous", "time") else DELTA


def _structures() -> list[Method]:
    from synthesis.pooling.dependent.structures import STRUCTURES

    return [Method("structure", code, one.meaning, PINHEIRO) for code, one in STRUCTURES.items()]


def _combinations() -> list[Method]:
    from synthesis.pooling.p_combinations import COMBINATIONS

    return [
        Method("combination", code, one.meaning, one.source, (("options", ", ".join(one.options) or "none"),))
        for code, one in COMBINATIONS.items()
    ]


def _transforms() -> list[Method]:
    from synthesis.effects.transform import TRANSFORMS

    return [
        Method("transform", code, one.label, one.source or DEFINITION, (("metafor", one.metafor or "none"),))
        for code, one in TRANSFORMS.items()
    ]


KINDS: Mapping[str, Callable[[], list[Method]]] = {
    "estimator": _estimators,
    "test": _tests,
    "tau2-interval": _tau2_intervals,
    "prediction": _predictions,
    "model": _models,
    "dependence": _dependence,
    "robust": _robust,
    "structure": _structures,
    "measure": _measures,
    "combination": _combinations,
    "transform": _transforms,
}


def methods(name: str | None = None, kinds: Iterable[str] = ()) -> list[Method]:
    """All codes, those of some kinds, or those of one name, whatever its case.

    Raises
    ------
    NotFound
        There is none of that name; the nearest is suggested.
    """
    found = [one for kind in kinds or KINDS for one in KINDS[kind]()]
    if name is None:
        return found
    same = [one for one in found if one.code == name] or [one for one in found if one.code.lower() == name.lower()]
    if not same:
        known = dict.fromkeys(one.code.lower() for one in found)
        raise NotFound(f"no method {name!r}: {did_you_mean(name.lower(), known)}")
    return same


def codes(kind: str) -> list[str]:
    """The codes of one kind."""
    return [one.code for one in KINDS[kind]()]


def methods_table(found: Sequence[Method]) -> str:
    """Each code with its meaning, by kind; one code alone with everything about it."""
    if len({one.code for one in found}) == 1:
        return "\n".join(_whole(one) for one in found)
    return table(
        ("kind", "code", "meaning", "source"), [(one.kind, one.code, one.meaning, short(one.source)) for one in found]
    )


def _whole(one: Method) -> str:
    lines = [f"{one.code} ({one.kind}): {one.meaning}", *(f"  {name}: {value}" for name, value in one.more)]
    return "\n".join([*lines, f"  source: {one.source}"]) + "\n"


def short(source: str) -> str:
    """Authors and year of the first paper of a source; where it is no paper, its beginning."""
    first = source.partition(";")[0]
    section = re.search(r"^Cochrane Handbook.*section (\S+)$", first)
    if section:
        return f"Cochrane Handbook {section[1]}"
    found = re.match(r"^([^.(]+?)[.,]? \((\d{4})\)", first)
    if not found:
        return first
    authors = [re.sub(r" [A-Z]{1,3}$", "", one) for one in found[1].removesuffix(" et al").split(", ")]
    several = len(authors) > 2 or found[1].endswith(" et al")
    return f"{authors[0]} et al. {found[2]}" if several else f"{' and '.join(authors)} {found[2]}"


def methods_json(found: Sequence[Method]) -> list[dict[str, object]]:
    """Codes as plain values."""
    return [{**asdict(one), "more": dict(one.more)} for one in found]


def methods_rows(found: Sequence[Method]) -> list[list[str]]:
    """Codes as rows under COLUMNS."""
    return [[one.kind, one.code, one.meaning, one.source] for one in found]
