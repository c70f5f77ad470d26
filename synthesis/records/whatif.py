"""What if a record said something else: its text with one value changed, everything else as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.records.edit import BYTE_ORDER, child, is_nothing, record_root, spliced, wrapped
from synthesis.records.fields import ANY, STUDY, Field
from synthesis.records.layout import Piece, added, filled
from synthesis.records.nodes import MappingNode, Node, ScalarNode, SequenceNode, compose
from synthesis.records.scalars import Bare, written
from synthesis.records.trees import Leaf, Path, Tree, Value, agrees, at, tree, with_value
from synthesis.records.values import shown

BECAUSE = "what if"  # of a judgement that the record does not have
LISTS = ("texts", "names", "numbers", "wholes")  # kinds of fields whose items are values
NO_PLACE: Path = ("", "")  # of a field without a usual place: it comes last, on one line

Shape = Mapping[str, Any]  # name of a field -> the shape of what stands there; empty for one value


def _shape(field: Field) -> Shape:
    """The names of the fields below one, and of the fields below those."""
    return {ANY: {}} if field.kind in LISTS else {name: _shape(inner) for name, inner in field.fields.items()}


RECORD = _shape(STUDY)


def changed(text: str, path_in_record: str, value: str) -> str:
    """The text of a record with one value changed; nothing else of it moves.

    Parameters
    ----------
    text : str
        The whole record.
    path_in_record : str
        Names of fields with dots between them, items of a list by number, the first being 1: `design.allocation`,
        `findings.2.level.level`, `judgements.independent.is`. A field that the record does not have is added.
    value : str
        As it would be written in the record: `matched`, `true`, `not stated`, `[32, 120]`, `"61"`; what YAML would
        not read as one value is text.

    Returns
    -------
    str
        A text for `read_study`, which alone says whether the record can still be used.

    Raises
    ------
    InvalidArgument
        The record cannot be read; there is no such field or item; the path names a block of several fields.
    """
    mark, text = text[: text.startswith(BYTE_ORDER)], text.removeprefix(BYTE_ORDER)
    root = record_root(text)
    names = path_in_record.split(".")
    _check_names(names)
    path, before = _path(root, names), tree(root)
    for meant in _meanings(value.strip()):
        new = _set(text, root, *_with_reason(before, path, meant))
        if new is not None:
            return mark + new
    raise InvalidArgument(f"{path_in_record} cannot be set to {value!r} here: change it in the record itself")


def _set(text: str, root: MappingNode, path: Path, value: Value) -> str | None:
    """The text with a value in its place; None where it would not say that and nothing else."""
    try:
        new = spliced(text, [_piece(text, root, path, value)])
        found = tree(record_root(new))
    except InvalidArgument:
        return None
    return new if agrees(found, with_value(tree(root), path, value)) else None


def _piece(text: str, node: Node, path: Path, value: Value) -> Piece:
    """What changes: a value, or a field behind the last one of its mapping."""
    step, below = path[0], path[1:]
    inner = child(node, step)
    if inner is None:
        assert isinstance(node, MappingNode)
        for name in path:
            written(Bare(str(name)))  # one that needs quotes is a slip, and refused
        return added(text, node, str(step), wrapped(below, value), NO_PLACE)
    if below and not is_nothing(inner):
        return _piece(text, inner, below, value)
    return filled(text, inner, wrapped(below, value), NO_PLACE)


def _check_names(path: list[str]) -> None:
    """Refuse a name that no record has."""
    shape = RECORD
    for place, name in enumerate(path):
        whole = ".".join(path[:place]) or "a record"
        if not shape:
            raise InvalidArgument(f"{whole} is one value: write {whole}=VALUE")
        if name not in shape and (ANY not in shape or not name):
            raise InvalidArgument(f"{whole} has no field {name!r}: {did_you_mean(name, sorted(set(shape) - {ANY}))}")
        shape = shape[name if name in shape else ANY]


def _path(root: Node, names: list[str]) -> Path:
    """The path in the record as it is, where a list has items and a mapping has fields."""
    node: Node | None = root
    path: Path = ()
    for place, name in enumerate(names):
        step = _step(node, name, ".".join(names[:place]))
        path, node = (*path, step), child(node, step)
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style:
        first = node.value[0][0].value if isinstance(node, MappingNode) else 1
        whole = ".".join(names)
        raise InvalidArgument(f"{whole} holds several values: name one of them, such as {whole}.{first}")
    return path


def _step(node: Node | None, name: str, whole: str) -> str | int:
    """A name as a step below a node: the number of an item from 0, or the name of a field."""
    if isinstance(node, SequenceNode):
        if not re.fullmatch(r"[1-9][0-9]{0,5}", name, re.ASCII) or int(name) > len(node.value):
            raise InvalidArgument(f"{whole} has no item {name!r}: its items are 1 to {len(node.value)}")
        return int(name) - 1
    if isinstance(node, ScalarNode) and not is_nothing(node):
        raise InvalidArgument(f"{whole} is one value, {shown(node)}: write {whole}=VALUE")
    return name


def _with_reason(before: Tree, path: Path, value: Value) -> tuple[Path, Value]:
    """A part of a judgement that is not there as the whole of it, for one needs its reason."""
    if path[0] != "judgements" or path[2:] in ((), ("because",)) or at(before, path[:2]) is not None:
        return path, value
    return path[:2], {str(path[2]): wrapped(path[3:], value), "because": BECAUSE}


def _meanings(words: str) -> Iterator[Value]:
    """What a text can mean: the one value that it is in YAML, by itself or in brackets; else its words."""
    node, problems = compose(f"[{words}]", "")
    if node is not None and not problems and len(node.value) == 1:
        only = node.value[0]
        if words.startswith("{") or not isinstance(only, MappingNode):
            yield _value(tree(only))
    yield words


def _value(found: Tree) -> Value:
    """What was read as a value to be written, with quotes where it had them."""
    if isinstance(found, Leaf):
        return found.text if found.style else Bare(found.text or "~")  # an empty one counts as left out, too
    if isinstance(found, dict):
        return {name: _value(inner) for name, inner in found.items()}
    assert isinstance(found, list)
    return [_value(inner) for inner in found]
