"""One study record: its YAML text as a `Study`, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as names_of

from synthesis.errors import Problem, did_you_mean
from synthesis.records.effects import OF_EVENTS, read_effect
from synthesis.records.nodes import MappingNode, Node, compose, last_line, places
from synthesis.records.parts import (
    read_design,
    read_judgements,
    read_level,
    read_risk_of_bias,
    read_source,
    read_waiver,
)
from synthesis.records.review import Outcome, Review
from synthesis.records.study import (
    BETTER,
    COMPARATORS,
    DIRECTIONS,
    NOT_STATED,
    SETTINGS,
    SIGNIFICANCES,
    TIMES,
    Arm,
    Design,
    EffectData,
    Estimate,
    Finding,
    Level,
    Means,
    Reported,
    Sample,
    Source,
    Study,
    Time,
)
from synthesis.records.values import Values, shown

STUDY = frozenset(field.name for field in names_of(Study)) - {"key", "place", "where"} | {"study"}
FINDING = frozenset(field.name for field in names_of(Finding)) - {"place", "where", "last_line"}
SAMPLE = frozenset(field.name for field in names_of(Sample))
ARM = frozenset(("label", "n", "split_of"))
TIME = frozenset(("class", "months"))
REPORTED = frozenset(("direction", "significant"))


def read_study(text: str, path: str, key: str, review: Review) -> tuple[Study | None, tuple[Problem, ...]]:
    """The study that a record states, and all its errors.

    Parameters
    ----------
    text : str
        The whole file.
    path : str
        Relative to the review folder; named in the problems.
    key : str
        The file's name without its ending.
    review : Review
        Declares the names that the record may use.

    Returns
    -------
    study : Study or None
        None where there is an error.
    problems : tuple of Problem
        Errors only, in the order found.
    """
    node, problems = compose(text, path)
    if node is None:
        return None, tuple(problems)
    reader = _Reader(path, review)
    reader.values.problems += problems
    study = reader.study(node, key)
    found = tuple(reader.values.problems)
    return (None if found else study), found


class _Reader:
    """The parts of a record, one method each; faults are collected in `values`."""

    def __init__(self, path: str, review: Review) -> None:
        self.values = Values(path)
        self.review = review
        self.rows = frozenset(row.code for row in review.rows)
        self.arms: dict[str, Arm] = {}

    def study(self, node: Node, key: str) -> Study:
        values = self.values
        parts = values.fields(node, "a study", STUDY, ("study", "evidence_set"))
        if "study" in parts and values.text(parts["study"]) != key:
            what = f"the study is named {shown(parts['study'])}, its file {key!r}"
            values.fault(parts["study"], "SY111", what, f"write `study: {key}`, or rename the file")
        evidence_set = values.declared(parts.get("evidence_set"), self.review.evidence_sets, "evidence set")
        self.arms = self.read_arms(parts.get("arms"))
        return Study(
            key=key,
            place=values.place(node),
            cite=values.texts(parts.get("cite"), "keys of the library"),
            evidence_set=evidence_set,
            sample=self.sample(parts["sample"]) if "sample" in parts else Sample(),
            design=read_design(values, parts["design"]) if "design" in parts else Design(),
            maryland=read_level(values, parts["maryland"]) if "maryland" in parts else Level(None),
            arms=tuple(self.arms.values()),
            risk_of_bias=read_risk_of_bias(values, parts.get("risk_of_bias")),
            judgements=read_judgements(values, parts.get("judgements")),
            findings=values.each(parts.get("findings"), "findings", lambda item: self.finding(item, evidence_set)),
            note=values.text(parts.get("note")),
            accept=read_waiver(values, parts.get("accept")),
            where={**places(parts), **_within("design", parts)},
        )

    def sample(self, node: Node) -> Sample:
        values = self.values
        parts = values.fields(node, "a sample", SAMPLE)
        names = values.several(parts.get("population"), "populations")
        return Sample(
            n=values.whole(parts.get("n"), least=1),
            population=tuple(values.declared(name, self.review.populations, "population") for name in names),
            described=values.text(parts.get("described")),
            setting=values.choice(parts.get("setting"), SETTINGS),
            country=values.text(parts.get("country")) or NOT_STATED,
            female=values.share(parts.get("female")),
        )

    def read_arms(self, node: Node | None) -> dict[str, Arm]:
        values = self.values
        arms: dict[str, Arm] = {}
        split: list[tuple[Node, str]] = []
        for key, value in values.pairs(node, "arms") if node is not None else ():
            name = values.text(key)
            parts = values.fields(value, f"arm {name!r}", ARM, ("label",))
            if name in arms:
                values.fault(key, "SY104", f"arm {name!r} is given twice", "give each arm its own key")
            arms[name] = Arm(
                key=name,
                label=values.text(parts.get("label")),
                n=values.whole(parts.get("n"), least=1),
                split_of=values.text(parts.get("split_of")),
            )
            if "split_of" in parts:
                split.append((parts["split_of"], name))
        for place, name in split:
            self.known_arm(place, {other: arm for other, arm in arms.items() if other != name})
        return arms

    def known_arm(self, node: Node | None, arms: dict[str, Arm]) -> str:
        name = self.values.text(node)
        if node is not None and name and name not in arms:
            remedy = did_you_mean(name, arms) if arms else "declare it under `arms:`"
            self.values.fault(node, "SY110", f"the study has no arm {name!r}", remedy)
        return name

    def finding(self, node: Node, evidence_set: str) -> Finding | None:
        values = self.values
        parts = values.fields(node, "a finding", FINDING, ("modality", "outcome", "source"))
        if not parts:
            return None
        modality = parts.get("modality")
        unstated = modality is not None and modality.value == NOT_STATED
        outcome = values.declared(parts.get("outcome"), self.review.outcomes, "outcome")
        effect = read_effect(values, parts["effect"]) if "effect" in parts else None
        treatment, control = (self.known_arm(parts.get(name), self.arms) for name in ("treatment", "control"))
        if treatment and treatment == control:
            values.fault(parts["control"], "SY110", f"{control!r} is compared with itself", "name the other arm")
        rows = values.several(parts.get("rows"), "codes of rows")
        return Finding(
            place=values.place(node),
            modality=NOT_STATED if unstated else values.declared(modality, self.review.modalities, "modality"),
            outcome=outcome,
            source=read_source(values, parts.get("source")) or Source(""),
            evidence_set=(
                values.declared(parts["evidence_set"], self.review.evidence_sets, "evidence set")
                if "evidence_set" in parts
                else evidence_set
            ),
            treatment=treatment,
            control=control,
            comparator=values.choice(parts.get("comparator"), COMPARATORS),
            detail=values.text(parts.get("detail")),
            event=self.event(node, parts, effect, self.review.outcomes.get(outcome)),
            better=values.choice(parts.get("better"), BETTER, ""),
            time=self.time(parts["time"]) if "time" in parts else Time(),
            reported=self.reported(parts["reported"]) if "reported" in parts else Reported(),
            limited=self.because(parts["limited"]) if "limited" in parts else "",
            effect=effect,
            level=read_level(values, parts["level"]) if "level" in parts else None,
            rows=tuple(values.declared(row, self.rows, "row") for row in rows),
            note=values.text(parts.get("note")),
            accept=read_waiver(values, parts.get("accept")),
            last_line=last_line(node),
            where=places(parts),
        )

    def event(self, node: Node, parts: dict[str, Node], effect: EffectData | None, outcome: Outcome | None) -> str:
        """The counted event; needed where counts or a ratio are given and the outcome declares its events."""
        event = self.values.text(parts.get("event"))
        if outcome is None or not outcome.event:
            return event
        known = tuple(filter(None, (outcome.event, outcome.complement)))
        if event and event not in known:
            what = f"{event!r} is not an event of the outcome {outcome.key!r}"
            self.values.fault(parts["event"], "SY112", what, f"{did_you_mean(event, known)} it has: {', '.join(known)}")
        continuous = isinstance(effect, Means) or (isinstance(effect, Estimate) and effect.measure not in OF_EVENTS)
        if not event and effect is not None and not continuous:
            what = "counts or a ratio without the event that they count"
            self.values.fault(node, "SY106", what, f"add `event:`, one of {', '.join(known)}")
        return event

    def time(self, node: Node) -> Time:
        parts = self.values.fields(node, "a time", TIME)
        months = self.values.within(parts.get("months"), "a time", lambda months: months >= 0, "months are 0 or more")
        return Time(self.values.choice(parts.get("class"), TIMES), months)

    def reported(self, node: Node) -> Reported:
        parts = self.values.fields(node, "reported", REPORTED)
        direction = self.values.choice(parts.get("direction"), DIRECTIONS)
        return Reported(direction, self.values.choice(parts.get("significant"), SIGNIFICANCES))

    def because(self, node: Node) -> str:
        parts = self.values.fields(node, "limited", frozenset(("because",)), ("because",))
        return self.values.text(parts.get("because"))


def _within(name: str, parts: Mapping[str, Node]) -> dict[str, tuple[int, int]]:
    """Where the fields of a part stand, each as NAME.FIELD."""
    node = parts.get(name)
    pairs = node.value if isinstance(node, MappingNode) else []
    return places({f"{name}.{key.value}": value for key, value in pairs})
