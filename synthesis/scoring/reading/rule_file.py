"""A rule file read and checked: every fault with its line, its column and the clause it is in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from synthesis.errors import InvalidData, NotFound, Problem, SynthesisError, did_you_mean
from synthesis.files import inside, read_limited
from synthesis.scoring.fields import FIELDS
from synthesis.scoring.language import Declared, Kind
from synthesis.scoring.reading.nodes import LARGEST, Node, Nodes
from synthesis.scoring.reading.policies import under_policy
from synthesis.scoring.reading.procedures import STEPS, Common, ProcedureReader
from synthesis.scoring.rule import (
    COLOURS,
    DEFAULT_POLICY,
    GRADES,
    MARKS_OF_READING,
    OUTSIDE,
    Ask,
    Example,
    Output,
    Procedure,
    Provenance,
    Rule,
    Table,
)

SHIPPED = Path(__file__).parents[1] / "rules"
OWN = "rules"  # the folder of a review's own rules
HEAD = ("rule", "title", "grades", "provenance", "asks", "tables", "outputs", "policies", "ambiguities", "examples")
NEEDED = ("rule", "title", "grades", "provenance", "clauses", "outputs")
OF_STUDIES = ("values", "facts", "clauses", "flags")  # the steps of a rule that grades single studies
KINDS: Mapping[str, Kind] = {"truth": "a condition", "number": "a number", "text": "a text"}


def rule_names(root: Path | None = None) -> tuple[str, ...]:
    """The rules that there are: those shipped, and those in the folder `rules` of a review."""
    return tuple(sorted({*own_rules(root), *(path.stem for path in SHIPPED.glob("*.yaml"))}))


def own_rules(root: Path | None) -> tuple[str, ...]:
    """The rules in the folder `rules` of a review; none without a review."""
    files = () if root is None else (root / OWN).glob("*.yaml")
    return tuple(sorted(path.stem for path in files if path.is_file()))


def load_rule(name: str, root: Path | None = None) -> Rule:
    """The rule of that name, of the review's own or of those shipped.

    Raises
    ------
    NotFound
        No rule has that name; the nearest one is suggested.
    InvalidData
        The file has faults, or a review's own rule has the name of a shipped one.
    """
    names = rule_names(root)
    if name not in names:
        raise NotFound(f"no rule {name!r}: {did_you_mean(name, names)}")
    path, shown = rule_path(name, root)
    return read_rule_file(path, shown, root if shown.startswith(OWN) else None)


def read_rule_file(path: Path, shown: str, within: Path | None = None) -> Rule:
    """The rule of a file, which must lie in the folder `within` if one is given; `shown` names it in messages.

    Raises
    ------
    InvalidData
        Everything wrong with it, in file order.
    """
    try:
        text = read_limited(path if within is None else inside(within, path), LARGEST).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidData([Problem(shown, 1, 1, "SY650", "this is not UTF-8", "save the file as UTF-8")]) from error
    except SynthesisError as error:
        remedy = f"write a file of at most {LARGEST:,} bytes in the folder {OWN}/ of the review"
        raise InvalidData([Problem(shown, 1, 1, "SY650", f"this cannot be read: {error}", remedy)]) from error
    return read_rule(text, shown, path.stem)


def rule_path(name: str, root: Path | None = None) -> tuple[Path, str]:
    """Where a rule stands, and the path that messages show.

    Raises
    ------
    InvalidData
        A review's own rule has the name of a shipped one.
    """
    shipped, own = SHIPPED / f"{name}.yaml", None if root is None else root / OWN / f"{name}.yaml"
    if own is None or not own.is_file():
        return shipped, f"synthesis/scoring/rules/{name}.yaml"
    if shipped.is_file():
        what = f"a rule {name!r} comes with synth already"
        raise InvalidData(
            [Problem(f"{OWN}/{name}.yaml", 1, 1, "SY654", what, "give the file and the rule another name")]
        )
    return own, f"{OWN}/{name}.yaml"


def read_rule(text: str, path: str, key: str | None = None) -> Rule:
    """The rule that the text of a rule file states; `path` names it in messages, `key` is its file's name.

    Raises
    ------
    InvalidData
        Everything wrong with it, in file order.
    """
    reader = _Reader(path)
    root = reader.nodes.root(text)
    reader.nodes.stop()
    rule = reader.rule(root, key)
    reader.nodes.stop()
    assert rule is not None
    return rule


def rule_problems(text: str, path: str) -> tuple[Problem, ...]:
    """Everything wrong with the text of a rule file; nothing where it can be used."""
    try:
        read_rule(text, path)
    except InvalidData as invalid:
        return invalid.problems
    return ()


class _Reader:
    """The head of a rule file, one method a section; faults are collected in `nodes`."""

    def __init__(self, path: str) -> None:
        self.nodes = Nodes(path)

    def rule(self, root: Node, key: str | None) -> Rule | None:
        nodes = self.nodes
        names = (*HEAD, *STEPS)
        parts = nodes.fields(root, "the rule", names, tuple(name for name in names if name not in NEEDED))
        nodes.stop()
        if key is not None and nodes.text(parts["rule"]) != key:
            nodes.fault(parts["rule"], "SY654", "the rule is not named as its file", f"write `rule: {key}`")
        grades = self.nodes.one_of(parts["grades"], GRADES, "grades")
        self.right_steps(parts, grades)
        common = Common(
            grades, self.asks(parts.get("asks")), self.tables(parts.get("tables")), self.outputs(parts["outputs"])
        )
        steps = {step: parts[step] for step in STEPS if step in parts}
        policies = self.policies(common, steps, parts.get("policies"))
        return Rule(
            key=nodes.text(parts["rule"]),
            title=nodes.text(parts["title"]),
            grades=grades,
            provenance=self.nodes.each(parts["provenance"], self.provenance),
            asks=common.asks,
            tables=common.tables,
            outputs=common.outputs,
            policies=policies,
            ambiguities=tuple(nodes.text(item) for item in self.items(parts.get("ambiguities"))),
            examples=nodes.each(parts.get("examples"), lambda item: self.example(item, tuple(policies))),
        )

    def items(self, node: Node | None) -> tuple[Node, ...]:
        return self.nodes.items(node) if node else ()

    def right_steps(self, parts: Mapping[str, Node], grades: str) -> None:
        """A rule of single studies has no findings to bring together; every other one has."""
        for step in STEPS:
            if grades == "study" and step in parts and step not in OF_STUDIES:
                remedy = f"leave it out, or grade something else than a study; there are {', '.join(OF_STUDIES)}"
                self.nodes.fault(parts[step], "SY651", f"a rule that grades a study has no {step!r}", remedy)
        missing = [step for step in ("findings", "studies") if grades != "study" and step not in parts]
        for step in missing:
            self.nodes.fault(parts["clauses"], "SY651", f"the rule has no {step!r}", f"add `{step}:`")
        self.nodes.stop()

    def provenance(self, node: Node) -> Provenance | None:
        parts = self.nodes.fields(node, "provenance", ("source", "at", "says", "verified"), ("at",))
        if not {"source", "says", "verified"} <= set(parts):
            return None
        source, at, says = (self.nodes.text(parts.get(name)) for name in ("source", "at", "says"))
        return Provenance(source, at, says, self.nodes.one_of(parts["verified"], MARKS_OF_READING, "verified"))

    def asks(self, node: Node | None) -> Mapping[str, Ask]:
        found = {}
        for name, value in self.nodes.pairs(node) if node else ():
            parts = self.nodes.fields(value, f"what is asked as {name!r}", ("of", "kind", "says", "words"), ("words",))
            if name in FIELDS or not name.isidentifier():
                self.nodes.fault(value, "SY654", f"{name!r} cannot be a name here", "choose another word")
            of = self.nodes.one_of(parts.get("of"), ("study", "intervention"), "of")
            kind = KINDS.get(self.nodes.one_of(parts.get("kind"), KINDS, "kind"), "a condition")
            words = tuple(self.nodes.text(word) for word in self.items(parts.get("words")))
            found[name] = Ask(of, Declared(kind, words), self.nodes.text(parts.get("says")))
        return found

    def tables(self, node: Node | None) -> Mapping[str, Table]:
        found = {}
        for name, value in self.nodes.pairs(node) if node else ():
            parts = self.nodes.fields(value, f"table {name!r}", ("of", "give"))
            if not {"of", "give"} <= set(parts):
                continue
            of = self.nodes.one_of(
                parts["of"], [field for field, is_ in FIELDS.items() if is_.kind == "a text"], "a table of"
            )
            words = FIELDS[of].words if of in FIELDS else ()
            pairs = self.nodes.pairs(parts["give"])
            for text, number in pairs:
                if words and text not in words:
                    self.nodes.fault(number, "SY654", f"{of} is never {text!r}", did_you_mean(text, words))
            give = {text: self.nodes.number(number) for text, number in pairs}
            found[name] = Table(of, give)
        return found

    def outputs(self, node: Node) -> Mapping[str, Output]:
        found = {}
        for name, value in self.nodes.pairs(node):
            parts = self.nodes.fields(value, f"output {name!r}", ("colour", "label"), ("colour",))
            colour = self.nodes.one_of(parts.get("colour"), (*COLOURS, OUTSIDE), "a colour")
            found[name] = Output(colour, self.nodes.text(parts.get("label")))
        return found

    def policies(self, common: Common, steps: Mapping[str, Node], node: Node | None) -> Mapping[str, Procedure]:
        """The rule under each policy; under a single one that changes nothing where none is named."""
        if node is None:
            return {DEFAULT_POLICY: ProcedureReader(self.nodes, common, steps).read(DEFAULT_POLICY, "", "")}
        found = {}
        for name, value in self.nodes.pairs(node):
            parts = self.nodes.fields(value, f"policy {name!r}", ("says", "because", *STEPS), ("because", *STEPS))
            changes = {step: parts[step] for step in STEPS if step in parts}
            says, because = self.nodes.text(parts.get("says")), self.nodes.text(parts.get("because"))
            whole = under_policy(self.nodes, steps, changes)
            found[name] = ProcedureReader(self.nodes, common, whole).read(name, says, because)
        if not found:
            self.nodes.fault(
                node, "SY651", "no policy is given", "name at least one, with what it `says`, or leave it out"
            )
        return found

    def example(self, node: Node, policies: Collection[str]) -> Example | None:
        """One example; what it expects without naming a policy is expected under the first."""
        fields = ("name", "studies", "study", "context", "expect", "published", "source", "inputs", "note")
        optional = tuple(name for name in fields if name != "expect")
        parts = self.nodes.fields(node, "an example", fields, optional)
        if "expect" not in parts or ("studies" in parts) == ("study" in parts):
            self.nodes.fault(node, "SY651", "an example has `expect`, and `studies` or `study`", "give both")
            return None
        single = ((dict(self.nodes.plain_pairs(parts["study"])),),) if "study" in parts else ()
        expected, base = parts["expect"], next(iter(policies), DEFAULT_POLICY)
        by_policy = expected.kind == "mapping"
        for policy, output in self.nodes.pairs(expected) if by_policy else ():
            if policies and policy not in policies:
                what = f"the example names a policy {policy!r}"
                self.nodes.fault(output, "SY654", what, did_you_mean(policy, policies))
        return Example(
            line=node.line,
            name=self.nodes.text(parts.get("name")),
            studies=single or tuple(self.study(study) for study in self.items(parts.get("studies"))),
            context=dict(self.nodes.plain_pairs(parts["context"])) if "context" in parts else {},
            expect=self.nodes.texts(expected) if by_policy else {base: self.nodes.text(expected)},
            published="published" in parts and self.nodes.boolean(parts["published"]),
            note="; ".join(filter(None, (self.nodes.text(parts.get(name)) for name in ("source", "inputs", "note")))),
        )

    def study(self, node: Node) -> tuple[Mapping[str, object], ...]:
        """The findings of one study; a mapping alone is its only one."""
        findings = (node,) if node.kind == "mapping" else self.nodes.items(node)
        return tuple(dict(self.nodes.plain_pairs(finding)) for finding in findings)
