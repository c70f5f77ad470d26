"""What a record says, apart from how it is written: mappings, lists and values; and the same with some changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from synthesis.errors import InvalidArgument
from synthesis.records.nodes import Node, ScalarNode, SequenceNode
from synthesis.records.scalars import BLOCK, Bare, Scalar
from synthesis.records.values import NULLS, shown

Path = tuple[str | int, ...]  # names of fields, and numbers of items from 0
Value = Scalar | Sequence["Value"] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a record: its text, and how it was quoted."""

    text: str
    style: str = ""  # a quotation mark, `|`, `>`, or nothing

    @property
    def absent(self) -> bool:
        """Whether a field with this value counts as left out."""
        return not self.style and self.text in NULLS


Tree = Leaf | Bare | str | list["Tree"] | dict[str, "Tree"]


def tree(node: Node) -> Tree:
    """What a node says.

    Raises
    ------
    InvalidArgument
        A field is given twice, or its name is no text: nobody can say which is meant.
    """
    if isinstance(node, ScalarNode):
        return Leaf(node.value, node.style or "")
    if isinstance(node, SequenceNode):
        return [tree(item) for item in node.value]
    found: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode) or key.value in found:
            raise InvalidArgument(f"{shown(key)} is given twice or is no name: correct the record first")
        found[key.value] = tree(value)
    return found


def at(whole: Tree, path: Path) -> Tree | None:
    """What stands at a path; None where there is nothing, and for a field that counts as left out."""
    found = below(whole, path)
    return None if isinstance(found, Leaf) and found.absent else found


def below(whole: Tree, path: Path) -> Tree | None:
    """What stands at a path, be it `null`; None where there is nothing."""
    found: Tree | None = whole
    for step in path:
        if isinstance(found, dict) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and 0 <= step < len(found):
            found = found[step]
        else:
            return None
    return found


def with_value(whole: Tree, path: Path, value: Value | None) -> Tree:
    """The tree with a value at a path; None takes it away, with every mapping that holds nothing else."""
    if not path:
        return new_tree(value) if value is not None else {}
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(whole) if isinstance(whole, list) else []
        inner = with_value(items[step] if step < len(items) else {}, rest, value)
        gone = value is None and not rest
        return [*items[:step], *([] if gone else [inner]), *items[step + 1 :]]
    fields = dict(whole) if isinstance(whole, dict) else {}
    fields[step] = with_value(fields.get(step, {}), rest, value)
    if value is None and (not rest or fields[step] in ({}, [])):
        del fields[step]
    return fields


def new_tree(value: Value) -> Tree:
    """A value to be written, as a tree."""
    if isinstance(value, (str, Bare)):
        return value
    if isinstance(value, Mapping):
        return {name: new_tree(inner) for name, inner in value.items()}
    return [new_tree(item) for item in value]


def leaves(whole: Tree, before: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Every value of a record with its path."""
    if isinstance(whole, Leaf):
        yield before, whole
    elif isinstance(whole, dict):
        for name, inner in whole.items():
            yield from leaves(inner, (*before, name))
    elif isinstance(whole, list):
        for number, inner in enumerate(whole):
            yield from leaves(inner, (*before, number))


def dotted(path: Path) -> str:
    """A path as people write it, the first item being 1: `findings.1.effect.events.2`."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def agrees(found: Tree, wanted: Tree) -> bool:
    """Whether what was read is what was meant, by its text and by whether it is in quotes."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict) or set(found) != set(wanted):
            return False
        return all(agrees(found[name], value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(agrees, found, wanted))
    if not isinstance(found, Leaf) or isinstance(wanted, Leaf):
        return found == wanted
    if isinstance(wanted, Bare):
        return not found.style and found.text == wanted.text
    ends = "\n" if found.style in tuple(BLOCK) else ""  # a block may end with the end of its last line
    return found.text.rstrip(ends) == wanted.rstrip(ends) if ends else found.text == wanted
