"""The text of a record as YAML nodes that know their line and column: a strict subset of YAML 1.2.

Nothing is resolved here: every scalar stays the text that was written, and what it means is decided by
the field it stands in (`values.py`). So `no` is text, `1:30` is text and a date is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from synthesis.errors import Problem
from synthesis.records.syntax import TooDeepError, not_yaml

DEEPEST = 20  # lists and mappings within one another
MARKS = "&*!%"  # without one of these, no anchor, alias, tag or directive
STARTS = re.compile(r"(?:^|[\s\ufeff\[{,:])(?:[&*](?=\S)|!)|^\ufeff?%", re.MULTILINE)  # where one of them can begin

ScalarNode = yaml.ScalarNode
SequenceNode = yaml.SequenceNode
MappingNode = yaml.MappingNode
Node = yaml.Node


class _Hooks:
    """What the composer asks of a loader: tags, which are left empty here, and each step in and out."""

    depth = 0  # nodes within one another, just now

    def resolve(self, *_: object) -> str:
        return ""

    def descend_resolver(self, current_node: Node | None, _: object) -> None:
        self.depth += 1
        if self.depth > DEEPEST + 1:  # a scalar is a step of its own
            raise TooDeepError(problem="nested too deeply", problem_mark=getattr(current_node, "start_mark", None))

    def ascend_resolver(self) -> None:
        self.depth -= 1


class PureLoader(_Hooks, Reader, Scanner, Parser, Composer):
    """Text to nodes without the C library; ten times slower."""

    def __init__(self, stream: Any) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)


if yaml.__with_libyaml__:
    from yaml import cyaml

    class FastLoader(_Hooks, cyaml.CParser):  # type: ignore[misc,name-defined]  # the stubs do not export it
        """Text to nodes by libyaml."""

    Loader: Any = FastLoader
else:  # pragma: no cover
    Loader = PureLoader


def compose(text: str, path: str, loader: Any = Loader) -> tuple[Node | None, list[Problem]]:
    """The root node of the one document in `text`, and what the strict subset refuses in it.

    Parameters
    ----------
    text : str
        The whole file.
    path : str
        Named in the problems.
    loader : class, optional
        `PureLoader` where the C parser is not wanted.

    Returns
    -------
    node : yaml.Node or None
        None where the text cannot be used at all.
    problems : list of Problem
        Everything refused: SY101, SY102.
    """
    problems = list(_tabs(text, path))
    try:
        if any(mark in text for mark in MARKS) and STARTS.search(text):
            problems += _marked(text, path, loader)
        parser = loader(text + "\n")  # so that the last line ends, too
        node = parser.get_single_node()
    except yaml.YAMLError as error:
        problem = not_yaml(error, text, path, DEEPEST)
        known = {found.line for found in problems}  # the fault that the parser trips over may be named already
        return None, problems if problem.line in known else [*problems, problem]
    if node is None:
        problems.append(Problem(path, 1, 1, "SY101", "the file is empty", "write a record, or remove the file"))
    return node, problems


def places(fields: Mapping[str, Node]) -> dict[str, tuple[int, int]]:
    """Line and column, each from 1, of the value of every field."""
    return {name: (node.start_mark.line + 1, node.start_mark.column + 1) for name, node in fields.items()}


def last_line(node: Node) -> int:
    """The last line of a mapping, from 1; an indented one ends where the next thing begins."""
    end: int = node.end_mark.line
    return end + 1 if getattr(node, "flow_style", False) else end


def _tabs(text: str, path: str) -> Iterator[Problem]:
    """The first tab of every line that has one."""
    if "\t" in text:
        for line, words in enumerate(text.split("\n"), 1):
            if "\t" in words:
                yield Problem(path, line, words.index("\t") + 1, "SY102", "a tab", "indent and part with spaces")


def _marked(text: str, path: str, loader: Any) -> Iterator[Problem]:
    """Every anchor, alias, tag and directive."""
    remedy = "write the value itself; put text that begins with this sign in quotes"
    parser = loader(text)
    while parser.check_event():
        event = parser.get_event()
        what = _mark_of(event)
        if what:
            mark = event.start_mark
            yield Problem(path, mark.line + 1, mark.column + 1, "SY102", what, remedy)


def _mark_of(event: Any) -> str:
    if isinstance(event, yaml.AliasEvent):
        return f"an alias, *{event.anchor}"
    if getattr(event, "anchor", None):
        return f"an anchor, &{event.anchor}"
    if isinstance(event, yaml.DocumentStartEvent):
        return "a directive, %YAML or %TAG" if event.version or event.tags else ""
    if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
        return f"a tag, {event.tag}"
    return ""
