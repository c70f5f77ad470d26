"""The parts of a record that need nothing of the review: source, design, level, risk of bias, judgements, waiver."""

from __future__ import annotations

import re
from dataclasses import fields as names_of

from synthesis.records.nodes import MappingNode, Node, ScalarNode
from synthesis.records.study import (
    ALLOCATIONS,
    COMPARABILITIES,
    CONTROLS,
    DOMAINS,
    JUDGEMENT_NAME,
    JUDGEMENTS,
    METHODS,
    NOT_STATED,
    UNITS,
    Design,
    Judgement,
    Level,
    Source,
    Waiver,
)
from synthesis.records.values import Values, is_number, quoted, shown

CODE = re.compile(r"SY[0-9]{3}")
LEVELS = ("1", "2", "3", "4", "5")

DESIGN = frozenset(field.name for field in names_of(Design))
LEVEL = frozenset(field.name for field in names_of(Level))
SOURCE = frozenset(("document", "at"))
WAIVER = frozenset(("codes", "because"))
RISK = frozenset(("judgement", "source"))
JUDGEMENT = frozenset(("is", "because", "by", "source"))


def read_source(values: Values, node: Node | None) -> Source | None:
    """The document of a fact, and the place in it."""
    if node is None:
        return None
    parts = values.fields(node, "a source", SOURCE, ("document",))
    return Source(values.text(parts.get("document")), values.text(parts.get("at")))


def read_design(values: Values, node: Node) -> Design:
    """How people came into the arms, and what was compared."""
    parts = values.fields(node, "a design", DESIGN)
    design = Design(
        allocation=values.choice(parts.get("allocation"), ALLOCATIONS),
        unit=values.choice(parts.get("unit"), UNITS),
        clusters=values.whole(parts.get("clusters"), least=2),
        icc=values.share(parts.get("icc")),
        attrition=values.share(parts.get("attrition")),
        comparability=values.choice(parts.get("comparability"), COMPARABILITIES),
        analysed_as_allocated=values.truth(parts.get("analysed_as_allocated")),
        method=_method(values, parts.get("method")),
        comparison=values.truth(parts.get("comparison")),
        measured_before=values.truth(parts.get("measured_before")),
        controls=values.choice(parts.get("controls"), CONTROLS),
        several_units=values.truth(parts.get("several_units")),
        sound=values.truth(parts.get("sound")),
    )
    for name in ("clusters", "icc"):
        if name in parts and design.unit == "individual":
            values.fault(parts[name], "SY103", f"{name!r} of individuals", "write `unit: cluster`, or remove it")
    return design


def _method(values: Values, node: Node | None) -> str:
    """A method in words; the short code of one is a fault that knows them."""
    word = next((word for word, code in METHODS.items() if isinstance(node, ScalarNode) and node.value == code), "")
    if node is None or not word:
        return values.choice(node, (*METHODS, NOT_STATED))
    values.fault(node, "SY103", f"{shown(node)} is not allowed here", f"write it in words: {word}")
    return word


def read_level(values: Values, node: Node) -> Level:
    """A level of the Maryland scale."""
    parts = values.fields(node, "a level", LEVEL, ("level",))
    typed = parts.get("level")
    level = None
    if typed is not None and typed.value != NOT_STATED:
        if typed.value in LEVELS and not quoted(typed):
            level = int(typed.value)
        else:
            words = typed.value if isinstance(typed, ScalarNode) and len(typed.value) < 20 else shown(typed)
            remedy = "write a whole number from 1 (weakest design) to 5 (randomised), or `not stated`"
            values.fault(typed, "SY103", f"level {words} is not on the Maryland scale", remedy)
    profile = values.text(parts["profile"]) if "profile" in parts else "maryland-1998"
    return Level(level, values.text(parts.get("basis")), profile, read_source(values, parts.get("source")))


def read_risk_of_bias(values: Values, node: Node | None) -> tuple[tuple[str, str, Source | None], ...]:
    """Domain, judgement and source of each domain that is given."""
    if node is None:
        return ()
    made = []
    for domain, value in values.fields(node, "risk_of_bias", frozenset(DOMAINS)).items():
        if isinstance(value, MappingNode):
            parts = values.fields(value, f"the risk of bias in {domain}", RISK, ("judgement",))
            source = read_source(values, parts.get("source"))
            made.append((domain, values.choice(parts.get("judgement"), JUDGEMENTS), source))
        else:
            made.append((domain, values.choice(value, JUDGEMENTS), None))
    return tuple(made)


def read_judgements(values: Values, node: Node | None) -> tuple[Judgement, ...]:
    """What people judged, by name, in file order."""
    made: dict[str, Judgement] = {}
    for key, value in values.pairs(node, "judgements") if node is not None else ():
        name = values.text(key)
        if name and not JUDGEMENT_NAME.fullmatch(name):
            remedy = "use small letters, digits and _, as the rule that asks for it does"
            values.fault(key, "SY103", f"{shown(key)} is no name of a judgement", remedy)
        if name in made:
            values.fault(key, "SY104", f"judgement {name!r} is given twice", "keep one of them")
        made[name] = _judgement(values, name, value)
    return tuple(made.values())


def _judgement(values: Values, name: str, node: Node) -> Judgement:
    parts = values.fields(node, f"judgement {name!r}", JUDGEMENT, ("is", "because"))
    return Judgement(
        name=name,
        value=_judged(values, parts.get("is")),
        because=values.text(parts.get("because")),
        place=values.place(node),
        by=values.text(parts.get("by")),
        source=read_source(values, parts.get("source")),
    )


def _judged(values: Values, node: Node | None) -> bool | float | str | None:
    """A truth, a number or text; in quotes it is text."""
    if node is None or node.value == NOT_STATED:
        return None
    if isinstance(node, ScalarNode) and not quoted(node):
        if node.value in ("true", "false"):
            return values.truth(node)
        if is_number(node.value):
            return values.number(node)
    return values.text(node)


def read_waiver(values: Values, node: Node | None) -> Waiver | None:
    """The codes that are accepted, and why."""
    if node is None:
        return None
    parts = values.fields(node, "accept", WAIVER, ("codes", "because"))
    codes = tuple(_code(values, item) for item in values.several(parts.get("codes"), "codes"))
    return Waiver(codes, values.text(parts.get("because")), values.place(node))


def _code(values: Values, node: Node) -> str:
    code = values.text(node)
    if code and not CODE.fullmatch(code):
        remedy = "write it as `synth check` prints it, such as SY204"
        values.fault(node, "SY114", f"{shown(node)} is not a code", remedy)
    return code
