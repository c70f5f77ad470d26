"""Where a field or an item begins and ends in the text of a record, and how a new one is written there.

Every function gives a piece: from which character to which, and what comes in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthesis.errors import InvalidArgument
from synthesis.records.fields import STUDY, field_at, values_of
from synthesis.records.nodes import MappingNode, Node, SequenceNode
from synthesis.records.scalars import Bare, written
from synthesis.records.trees import Path, Value

Piece = tuple[int, int, str]

ON_LINES = ("sample", "arms", "findings")  # of a record: these are written over several lines, as in the template
STEP = 2  # spaces
NAMES = frozenset(name for path, _ in values_of(STUDY) for name in path)  # of fields; `n` is no `no` to its reader


def content(text: str, node: Node) -> tuple[int, int]:
    """The first character of a value and the one after its last, without the white space behind it."""
    start: int = node.start_mark.index
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style:
        last = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
        return start, max(content(text, last)[1], start)
    return start, start + len(text[start : node.end_mark.index].rstrip())


def added(text: str, parent: MappingNode, name: str, value: Value, path: Path) -> Piece:
    """A new field of a mapping, behind those that usually come before it."""
    before = _before(parent, name, path)
    if parent.flow_style:
        field = f"{_key(name)}: {value_text(value, flow=True)}"
        if not parent.value:
            return parent.start_mark.index + 1, parent.start_mark.index + 1, field
        place = content(text, before[1])[1] if before else parent.value[0][0].start_mark.index
        return place, place, f", {field}" if before else f"{field}, "
    column = parent.start_mark.column
    line_end = _line_end(text)
    field = _field(name, value, column, line_end, on_lines=len(path) == 1 and name in ON_LINES, step=_step(parent))
    if before is None:
        place = parent.value[0][0].start_mark.index
        return place, place, f"{field}{line_end}{' ' * column}"
    place = _end_of_lines(text, content(text, before[1])[1], column)
    return place, place, f"{line_end}{' ' * column}{field}"


def appended(text: str, parent: SequenceNode, value: Value) -> Piece:
    """A new last item of a list, written as the one before it."""
    if parent.flow_style:
        if not parent.value:
            return parent.start_mark.index + 1, parent.start_mark.index + 1, value_text(value, flow=True)
        place = content(text, parent.value[-1])[1]
        return place, place, f", {value_text(value, flow=True)}"
    last, column = parent.value[-1], parent.start_mark.column
    place = _end_of_lines(text, content(text, last)[1], column)
    inner = last.start_mark.column if isinstance(last, MappingNode) and not last.flow_style else column + STEP
    item = _item(value, last, column, inner, _line_end(text))
    return place, place, f"{_line_end(text)}{' ' * column}{item}"


def filled(text: str, nothing: Node, value: Value, path: Path) -> Piece:
    """A value for a field that stands there without one."""
    start, end = content(text, nothing)
    if start == end and len(path) == 1 and path[0] in ON_LINES and not isinstance(value, (str, Bare)):
        place = _end_of_line(text, start)
        return place, place, _on_lines(value, STEP, _line_end(text))
    return start, end, (" " if start == end else "") + value_text(value, flow=True)


def removed(text: str, parent: MappingNode, number: int) -> Piece:
    """A field of a mapping taken away: with its lines, or up to the next one."""
    key, value = parent.value[number]
    start, end = key.start_mark.index, content(text, value)[1]
    if parent.flow_style:
        return _between(text, [(pair[0].start_mark.index, content(text, pair[1])[1]) for pair in parent.value], number)
    if text[text.rfind("\n", 0, start) + 1 : start].strip(" "):  # the first field behind the dash of an item
        following = parent.value[number + 1][0].start_mark.index
        if "#" in text[end:following]:
            raise InvalidArgument(f"a comment stands behind {key.value!r}: remove that field by hand")
        return start, following, ""
    return _lines(text, start, end)


def shortened(text: str, parent: SequenceNode, number: int) -> Piece:
    """An item of a list taken away: with its lines, or with its comma."""
    spans = [content(text, item) for item in parent.value]
    if parent.flow_style:
        return _between(text, spans, number)
    start, end = spans[number]
    return _lines(text, text.rfind("-", 0, start), end)


def value_text(value: Value, *, flow: bool) -> str:
    """A value on one line, with brackets and braces where it has parts."""
    if isinstance(value, (str, Bare)):
        return written(value, flow=flow)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)}: {value_text(inner, flow=True)}" for name, inner in value.items()) + "}"
    return "[" + ", ".join(value_text(item, flow=True) for item in value) + "]"


def _key(name: str) -> str:
    """The name of a field as it is; a name that people chose, in quotes where it needs them."""
    return name if name in NAMES else written(name)


def _field(name: str, value: Value, column: int, line_end: str, *, on_lines: bool, step: int = STEP) -> str:
    """`name: value`, or the name with its parts on lines below."""
    key = _key(name)
    if not on_lines or isinstance(value, (str, Bare)) or not value:
        return f"{key}: {value_text(value, flow=False)}"
    return f"{key}:" + _on_lines(value, column + step, line_end)


def _on_lines(value: Mapping[str, Value] | Sequence[Value], inner: int, line_end: str) -> str:
    """The parts of a value, each on lines of its own."""
    if isinstance(value, Mapping):
        parts = [_field(part, below, inner, line_end, on_lines=False) for part, below in value.items()]
    else:
        parts = [_item(item, None, inner, inner + STEP, line_end) for item in value]
    return "".join(f"{line_end}{' ' * inner}{part}" for part in parts)


def _item(value: Value, like: Node | None, column: int, inner: int, line_end: str) -> str:
    """`- ` and an item, with its fields on lines of their own unless the item before has them in braces."""
    dash = "-" + " " * (inner - column - 1)
    if not isinstance(value, Mapping) or (
        like is not None and not (isinstance(like, MappingNode) and not like.flow_style)
    ):
        return dash + value_text(value, flow=False)
    blocks = _in_lines(like)
    fields = [_field(name, below, inner, line_end, on_lines=name in blocks) for name, below in value.items()]
    return dash + f"{line_end}{' ' * inner}".join(fields)


def _in_lines(like: Node | None) -> frozenset[str]:
    """The fields of an item that it has over several lines."""
    pairs = like.value if isinstance(like, MappingNode) else []
    return frozenset(key.value for key, value in pairs if isinstance(value, MappingNode) and not value.flow_style)


def _before(parent: MappingNode, name: str, path: Path) -> tuple[Node, Node] | None:
    """The field of a mapping behind which a new one belongs; None where it comes first."""
    known = list(getattr(field_at(path[:-1]), "fields", ()))
    pairs: list[tuple[Node, Node]] = parent.value
    if name not in known:
        return pairs[-1] if pairs else None
    rank = {field: place for place, field in enumerate(known)}
    earlier = [pair for pair in pairs if rank.get(pair[0].value, -1) < rank[name]]
    if not earlier and pairs and _is_item(path):
        return pairs[0]  # the first one stands behind the dash
    return max(earlier, key=lambda pair: rank.get(pair[0].value, -1), default=None)


def _is_item(path: Path) -> bool:
    return len(path) > 1 and isinstance(path[-2], int)


def _step(parent: MappingNode) -> int:
    """How far the parts of a field stand in, as the fields beside it have it."""
    steps = (
        value.start_mark.column - key.start_mark.column
        for key, value in parent.value
        if isinstance(value, MappingNode) and not value.flow_style
    )
    return next(steps, STEP)


def _line_end(text: str) -> str:
    """The line end of the text."""
    return "\r\n" if "\r\n" in text else "\n"


def _end_of_lines(text: str, place: int, column: int) -> int:
    """The end of the line of a place, and of the comments below it that stand further in than a column."""
    end = _end_of_line(text, place)
    while end < len(text):
        below = text.find("\n", end) + 1
        line = text[below : _end_of_line(text, below)] if below else ""
        if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) <= column:
            break
        end = _end_of_line(text, below)
    return end


def _end_of_line(text: str, place: int) -> int:
    """The end of the line of a place, before its line end."""
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    return end - 1 if end > place and text[end - 1] == "\r" else end


def _lines(text: str, start: int, end: int) -> Piece:
    """The lines from one place to another, whole."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return first, len(text) if last < 0 else last + 1, ""


def _between(text: str, spans: list[tuple[int, int]], number: int) -> Piece:
    """One of several things between brackets, with the comma that parted it from its neighbour."""
    if number + 1 < len(spans):
        start, end = spans[number][0], spans[number + 1][0]
    else:
        start, end = (spans[number - 1][1] if number else spans[number][0]), spans[number][1]
    if "#" in text[spans[number][1] : end] or "#" in text[start : spans[number][0]]:
        raise InvalidArgument("a comment stands between: remove it by hand")
    return start, end, ""


def record_lines(fields: Mapping[str, Value]) -> list[str]:
    """The fields of a whole record, in the usual order."""
    order = list(STUDY.fields)
    names = sorted(fields, key=lambda name: order.index(name) if name in order else len(order))
    return [_field(name, fields[name], 0, "\n", on_lines=name in ON_LINES) for name in names]
