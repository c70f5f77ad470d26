"""Values changed in the text of a record: no byte moves but those of the values, and of fields that come or go.

The text is never written anew: a value is cut out at the marks of its node and another one put in its place. What
comes out is read again, and is handed on only if it says what was meant and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from synthesis.errors import InvalidArgument
from synthesis.records.layout import (
    Piece,
    added,
    appended,
    content,
    filled,
    record_lines,
    removed,
    shortened,
    value_text,
)
from synthesis.records.nodes import MappingNode, Node, ScalarNode, SequenceNode, compose
from synthesis.records.scalars import BLOCK, Bare, Scalar, in_block, written
from synthesis.records.trees import (
    Leaf,
    Path,
    Tree,
    Value,
    agrees,
    at,
    below,
    dotted,
    leaves,
    new_tree,
    tree,
    with_value,
)
from synthesis.records.values import NULLS

__all__ = [
    "BYTE_ORDER",
    "Bare",
    "Path",
    "Value",
    "child",
    "dotted",
    "is_nothing",
    "leaves",
    "new_record",
    "record_root",
    "renamed_citations",
    "spliced",
    "with_scalars",
    "wrapped",
]

BYTE_ORDER = "\ufeff"


def with_scalars(text: str, changes: Mapping[Path, Value | None]) -> str:
    """The text of a record with some values changed, and no other byte.

    Parameters
    ----------
    text : str
        The whole record, with its line ends and byte order mark as they are.
    changes : mapping
        By path, such as `("findings", 0, "effect", "events", 1)`: names of fields and numbers of items from 0. A `str`
        is text and is quoted where it must be; `Bare("0.10")` is written without quotes, sign for sign. A field that
        the record does not have is added in the usual order, with the mappings that it needs; an item whose number is
        that of the items is appended; a list or a mapping may be given whole. None takes a field or an item away, and
        what is then empty.

    Returns
    -------
    str
        The same text where nothing changes.

    Raises
    ------
    InvalidArgument
        The record cannot be read; a value cannot be written; the record would say something else than what was meant.
    """
    mark, text = text[: text.startswith(BYTE_ORDER)], text.removeprefix(BYTE_ORDER)
    root = record_root(text)
    before = tree(root)
    wanted, news = before, _needed(before, changes)
    for path, value in news.items():
        wanted = with_value(wanted, path, value)
    scalars = {path: value for path, value in news.items() if _is_replacement(root, path, value)}
    text = spliced(text, [_replacement(text, root, path, value) for path, value in scalars.items()])
    text = _changed(text, {path: value for path, value in news.items() if path not in scalars})
    node, problems = compose(text, "")
    if node is None or problems or not agrees(tree(node), wanted):
        names = ", ".join(dotted(path) for path in changes)
        raise InvalidArgument(f"{names} cannot be changed here without touching more: change the record by hand")
    return mark + text


def renamed_citations(text: str, old: str, new: str) -> str:
    """The text of a record with a key of the library renamed wherever it cites it or names it as a source.

    Raises
    ------
    InvalidArgument
        The record cannot be read.
    """
    places = [
        path
        for path, leaf in leaves(tree(record_root(text.removeprefix(BYTE_ORDER))))
        if leaf.text.strip() == old and _is_citation(path)
    ]
    return with_scalars(text, dict.fromkeys(places, new)) if places else text


def _is_citation(path: Path) -> bool:
    return path[0] == "cite" or path[-2:] == ("source", "document")


def record_root(text: str) -> MappingNode:
    """The mapping that a record is, its text without a byte order mark.

    Raises
    ------
    InvalidArgument
        The record cannot be read.
    """
    node, problems = compose(text, "the record")  # its marks count characters, if no byte order mark stands before
    if problems or not isinstance(node, MappingNode):
        raise InvalidArgument("the record cannot be read: correct it first; `synth check` says what is wrong")
    return node


def _needed(before: Tree, changes: Mapping[Path, Value | None]) -> dict[Path, Value | None]:
    """The changes that change something; items that go last, from the end, so that numbers stay true until then."""
    for path in changes:
        if not path or any(isinstance(step, int) and step < 0 for step in path):
            raise InvalidArgument(f"{path!r} is no path in a record")
    come = {path: value for path, value in changes.items() if value is not None and not _stands(before, path, value)}
    go = [path for path, value in changes.items() if value is None and at(before, path) is not None]
    items = sorted((path for path in go if isinstance(path[-1], int)), key=_order, reverse=True)
    return {**come, **dict.fromkeys(path for path in go if path not in items), **dict.fromkeys(items)}


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _stands(before: Tree, path: Path, value: Value) -> bool:
    found = below(before, path)
    return found is not None and agrees(found, new_tree(value))


def _is_replacement(root: Node, path: Path, value: Value | None) -> bool:
    """Whether one value takes the place of another that is written down."""
    node = _find(root, path)
    filled = isinstance(node, ScalarNode) and (node.start_mark.index < node.end_mark.index)
    return filled and isinstance(value, (str, Bare))


def _replacement(text: str, root: Node, path: Path, value: Value | None) -> Piece:
    """What stands for a new value in the place of an old one."""
    node, flow = root, False
    for step in path:
        flow = flow or _is_flow(node)
        node = child(node, step) or node
    assert isinstance(node, ScalarNode)
    assert isinstance(value, (str, Bare))
    start, end = content(text, node)
    if node.style and node.style in BLOCK:
        return start, end, _block(text[start:end], value)
    return start, end, written(value, node.style or "", "" if node.style else node.value, flow=flow)


def _block(old: str, value: Scalar) -> str:
    """A text on lines of its own replaced by another, or by one in quotes; what follows the sign `|` stays."""
    header, _, rest = old.partition("\n")
    line_end = "\r\n" if header.endswith("\r") else "\n"
    header = header.removesuffix("\r")
    lines = [line for line in rest.split("\n") if line.strip()]
    sign, space, comment = header.partition(" ")
    if isinstance(value, str) and lines and not any(char.isdigit() for char in sign):
        made = in_block(value, header, len(lines[0]) - len(lines[0].lstrip(" ")), line_end)
        if made is not None:
            return made
    return written(value, "", flow=False) + space + comment


def _changed(text: str, changes: Mapping[Path, Value | None]) -> str:
    """The text with fields and items that come, go or are replaced as a whole; as many at once as do not touch."""
    todo = list(changes)
    while todo:
        root = record_root(text)
        pieces: list[Piece] = []
        later: list[Path] = []
        for path in todo:
            piece = _piece(text, root, path, changes[path]) if isinstance(path[-1], str) else None
            if piece is None or any(piece[0] <= end and start <= piece[1] for start, end, _ in pieces):
                later.append(path)
            else:
                pieces.append(piece)
        text = spliced(text, pieces)
        todo = later
        if not pieces:
            text = _one_changed(text, root, todo.pop(0), changes)
    return text


def _one_changed(text: str, root: Node, path: Path, changes: Mapping[Path, Value | None]) -> str:
    """The text with an item that comes or goes, or with a list that changes."""
    node, value = _find(root, path), changes[path]
    if isinstance(node, SequenceNode) and isinstance(value, (list, tuple)):
        return _list(text, node, path, list(value))
    piece = _piece(text, root, path, value)
    assert piece is not None
    return spliced(text, [piece])


def _piece(text: str, root: Node, path: Path, value: Value | None) -> Piece | None:
    """What changes for one field or item; None for a list, whose items change one by one."""
    parents: list[tuple[Node, str | int]] = []
    node = root
    for place, step in enumerate(path):
        inner = child(node, step)
        parents.append((node, step))
        rest = path[place + 1 :]
        if inner is None or (rest and is_nothing(inner)):
            return _grown(text, node, inner, wrapped(rest, value), path[: place + 1])
        node = inner
    if value is None:
        return _without(text, parents)
    if isinstance(node, SequenceNode) and isinstance(value, (list, tuple)):
        return None
    return _whole(text, parents, node, value)


def _whole(text: str, parents: list[tuple[Node, str | int]], node: Node, value: Value) -> Piece:
    """A value of several fields or items that takes the place of another, between brackets."""
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style:
        raise InvalidArgument("a block of several lines cannot be replaced as a whole: name the fields in it")
    start, end = content(text, node)
    flow = any(_is_flow(parent) for parent, _ in parents)
    return start, end, (" " if start == end else "") + value_text(value, flow=flow)


def _grown(text: str, node: Node, nothing: Node | None, value: Value, path: Path) -> Piece:
    """A field or an item that was not there."""
    step = path[-1]
    if nothing is not None:
        return filled(text, nothing, value, path)
    if isinstance(node, MappingNode) and isinstance(step, str):
        return added(text, node, step, value, path)
    if isinstance(node, SequenceNode) and step == len(node.value):
        return appended(text, node, value)
    raise InvalidArgument(f"{dotted(path)}: there is no such field or item")


def _without(text: str, parents: list[tuple[Node, str | int]]) -> Piece:
    """A field or an item taken away, and every mapping or list that held nothing else."""
    while len(parents) > 1 and len(parents[-1][0].value) == 1 and isinstance(parents[-2][1], str):
        parents = parents[:-1]
    node, step = parents[-1]
    if isinstance(node, SequenceNode):
        assert isinstance(step, int)
        return shortened(text, node, step)
    assert isinstance(node, MappingNode)
    names = [key.value for key, _ in node.value]
    return removed(text, node, names.index(step))


def _list(text: str, node: SequenceNode, path: Path, new: list[Value]) -> str:
    """The text with the items of a list changed: those that are equal at its ends stay."""
    old = [tree(item) for item in node.value]
    same = 0
    while same < min(len(old), len(new)) and _same(old[same], new[same]):
        same += 1
    tail = 0
    while tail < min(len(old), len(new)) - same and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    middle, come = old[same : len(old) - tail], new[same : len(new) - tail]
    if len(come) > len(middle) and tail:  # what is put in between is appended, and the tail moves along
        tail, middle, come = 0, old[same:], new[same:]
    steps: dict[Path, Value | None] = {(*path, same + number): item for number, item in enumerate(come)}
    gone = range(same + len(middle) - 1, same + len(come) - 1, -1)
    for step, item in {**steps, **dict.fromkeys((*path, number) for number in gone)}.items():
        root = record_root(text)
        if _is_replacement(root, step, item):
            text = spliced(text, [_replacement(text, root, step, item)])
        else:
            text = _one_changed(text, root, step, {step: item})
    return text


def _same(old: Tree, new: Value) -> bool:
    return isinstance(old, Leaf) and isinstance(new, (str, Bare)) and agrees(old, new)


def wrapped(rest: Path, value: Value | None) -> Value:
    """A value within the mappings and lists that a record does not have yet."""
    assert value is not None
    for step in reversed(rest):
        if isinstance(step, int) and step:
            raise InvalidArgument(f"item {step + 1} of a list that has none")
        value = {step: value} if isinstance(step, str) else [value]
    return value


def _is_flow(node: Node) -> bool:
    """Whether a list or a mapping stands between brackets or braces."""
    return isinstance(node, (MappingNode, SequenceNode)) and bool(node.flow_style)


def is_nothing(node: Node) -> bool:
    """Whether a field counts as left out."""
    return isinstance(node, ScalarNode) and node.value in NULLS and not node.style


def _find(root: Node, path: Path) -> Node | None:
    node: Node | None = root
    for step in path:
        node = child(node, step)
    return node


def child(node: Node | None, step: str | int) -> Node | None:
    """A field of a mapping, or an item of a list from 0; None where there is none."""
    if isinstance(node, SequenceNode):
        items: list[Node] = node.value
        return items[step] if isinstance(step, int) and step < len(items) else None
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def spliced(text: str, pieces: list[Piece]) -> str:
    """The text with pieces put in place of what stands from one character to another."""
    for start, end, new in sorted(pieces, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def new_record(fields: Mapping[str, Value]) -> str:
    """The text of a record that there was not, in the usual order, with what belongs together on one line.

    Parameters
    ----------
    fields : mapping
        As `with_scalars` takes a mapping; `study` among them.

    Raises
    ------
    InvalidArgument
        A value cannot be written.
    """
    return "".join(f"{line}\n" for line in record_lines(fields))
