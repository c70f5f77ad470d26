"""What if a record said something else: its text with one value changed, everything else as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.records.effects import FIELDS as EFFECT
from synthesis.records.nodes import MappingNode, Node, PureLoader, ScalarNode, SequenceNode, compose
from synthesis.records.parts import DESIGN, JUDGEMENT, LEVEL, RISK, SOURCE, WAIVER
from synthesis.records.read import ARM, FINDING, REPORTED, SAMPLE, STUDY, TIME
from synthesis.records.study import DOMAINS
from synthesis.records.values import NULLS, shown

ANY = "*"  # every name, or every item of a list
BECAUSE = "what if"  # of a judgement that the record does not have

Shape = Mapping[str, Any]  # name of a field -> the shape of what stands there; empty for one value


def _shape(names: Iterable[str], **inner: Shape) -> Shape:
    """Fields of one value each, but for those whose shape is given."""
    return {**{name: {} for name in names}, **inner}


_SOURCE = _shape(SOURCE)
_WAIVER = _shape(WAIVER, codes={ANY: {}})
_LEVEL = _shape(LEVEL, source=_SOURCE)
_FINDING = _shape(
    FINDING, source=_SOURCE, level=_LEVEL, accept=_WAIVER, time=_shape(TIME), reported=_shape(REPORTED),
    limited=_shape(["because"]), rows={ANY: {}},
    effect=_shape(EFFECT, events={ANY: {}}, control_events={ANY: {}}, ci={ANY: {}}),
)  # fmt: skip
RECORD = _shape(
    STUDY, cite={ANY: {}}, sample=_shape(SAMPLE, population={ANY: {}}), design=_shape(DESIGN), maryland=_LEVEL,
    arms={ANY: _shape(ARM)}, risk_of_bias={domain: _shape(RISK, source=_SOURCE) for domain in DOMAINS},
    judgements={ANY: _shape(JUDGEMENT, source=_SOURCE)}, findings={ANY: _FINDING}, accept=_WAIVER,
)  # fmt: skip


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
        not read as one value is put in quotes.

    Returns
    -------
    str
        A text for `read_study`, which alone says whether the record can still be used.

    Raises
    ------
    InvalidArgument
        The record cannot be read; there is no such field or item; the path names a block of several fields.
    """
    root = _root(text)
    path = path_in_record.split(".")
    _check_names(path)
    for written in (value.strip(), json.dumps(value.strip(), ensure_ascii=False)):
        wanted = _alone(written)
        new = "" if wanted is None else _spliced(text, root, path, written)
        node, problems = compose(new, "")
        found = None if node is None or problems else _found(node, path)
        if wanted is not None and found is not None and _plain(found) == _plain(wanted):
            return new
    raise InvalidArgument(f"{path_in_record} cannot be set to {value!r} here: change it in the record itself")


def _root(text: str) -> MappingNode:
    node, problems = compose(text, "the record", PureLoader)  # its marks count characters of the text as it is
    if problems or not isinstance(node, MappingNode):
        raise InvalidArgument("the record cannot be read: correct it first; `synth check` says what is wrong")
    return node


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


def _spliced(text: str, root: Node, path: list[str], value: str) -> str:
    """The text with a value in the place of the node of a path, or as a new field where there is none."""
    parent = root
    for place, name in enumerate(path):
        node = _child(parent, name, path[:place])
        above, below = path[: place + 1], path[place + 1 :]
        if node is None:
            return _added(text, parent, name, _wrapped(above, below, value))
        if below and isinstance(node, ScalarNode) and node.value in NULLS and not node.style:
            return _replaced(text, node, ".".join(above), _wrapped(above, below, value))
        parent = node
    return _replaced(text, parent, ".".join(path), value)


def _child(parent: Node, name: str, before: list[str]) -> Node | None:
    """The node of a field or an item; None for a field that is absent."""
    whole = ".".join(before)
    if isinstance(parent, SequenceNode):
        items: list[Node] = parent.value
        if not re.fullmatch(r"[1-9][0-9]{0,5}", name, re.ASCII) or int(name) > len(items):
            raise InvalidArgument(f"{whole} has no item {name!r}: its items are 1 to {len(items)}")
        return items[int(name) - 1]
    if not isinstance(parent, MappingNode):
        raise InvalidArgument(f"{whole} is one value, {shown(parent)}: write {whole}=VALUE")
    return next((value for key, value in parent.value if key.value == name), None)


def _found(root: Node, path: list[str]) -> Node | None:
    """The node of a whole path."""
    node: Node | None = root
    for place, name in enumerate(path):
        node = None if node is None else _child(node, name, path[:place])
    return node


def _replaced(text: str, node: Node, path: str, value: str) -> str:
    """The text with one value, or one list or mapping in brackets, replaced."""
    if _is_block(node):
        raise InvalidArgument(f"{path} holds several values: name one of them, such as {path}.{_first(node)}")
    start, end = node.start_mark.index, node.end_mark.index
    old = text[start:end]
    space = "" if old else " "  # a field without a value ends at its colon
    return text[:start] + space + value + text[start + len(old.rstrip()) :]


def _is_block(node: Node) -> bool:
    """Whether a node is a list or mapping without brackets, whose end is not written down."""
    return isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style


def _first(node: Node) -> str:
    return str(node.value[0][0].value) if isinstance(node, MappingNode) else "1"


def _added(text: str, parent: Node, name: str, value: str) -> str:
    """The text with one more field, after the last one of a mapping."""
    field = f"{name}: {value}"
    last = _end(text, parent.value[-1][1]) if parent.value else parent.start_mark.index + 1
    if not _is_block(parent):
        return f"{text[:last]}{', ' if parent.value else ''}{field}{text[last:]}"
    line_end = text.find("\n", last)
    line_end = len(text) if line_end < 0 else line_end
    return f"{text[:line_end]}\n{' ' * parent.start_mark.column}{field}{text[line_end:]}"


def _end(text: str, node: Node) -> int:
    """Where the last character of a node stands; a block ends with its last value."""
    if _is_block(node):
        last = node.value[-1]
        return _end(text, last[1] if isinstance(node, MappingNode) else last)
    start: int = node.start_mark.index
    return start + len(text[start : node.end_mark.index].rstrip())


def _wrapped(above: list[str], below: list[str], value: str) -> str:
    """A value within the mappings that a record does not have yet; a judgement needs its reason."""
    for place in range(len(below) - 1, -1, -1):
        new_judgement = [*above, *below[:place]][:-1] == ["judgements"] and below[place] != "because"
        value = f"{{{below[place]}: {value}{f', because: {BECAUSE}' if new_judgement else ''}}}"
    return value


def _alone(written: str) -> Node | None:
    """The one value that a text is in YAML, by itself or in brackets; None where it is none, or several."""
    node, problems = compose(f"[{written}]", "")
    if problems or node is None or len(node.value) != 1:
        return None
    only: Node = node.value[0]
    return None if isinstance(only, MappingNode) and not written.startswith("{") else only


def _plain(node: Node) -> object:
    """What a node says: text, and whether it was quoted; lists and pairs of them."""
    if isinstance(node, ScalarNode):
        return node.value, bool(node.style)
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.value]
    return [(_plain(key), _plain(value)) for key, value in node.value]
