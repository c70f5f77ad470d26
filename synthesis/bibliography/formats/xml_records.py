"""The records of an EndNote XML file, one at a time, from a parser that refuses what XML can be abused for.

No document type, entity or external reference is taken (defusedxml); nesting is limited. A record that cannot be
read is reported with its place, and reading goes on with the next one.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from synthesis.bibliography.formats.source import LIMIT, Problems, decoded, line_and_column
from synthesis.bibliography.formats.values import BREAKS, CONTROL, one_line

DEPTH = 20  # elements inside one another
MOST = 50_000  # elements of one record
CHUNK = 1 << 16  # characters handed to the parser at once
BROKEN = 1000  # records that may be broken before reading stops
DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
ENCODING = re.compile(rb"""<\?xml\b[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
FORBIDDEN = re.compile(
    r"&#(?:x0*(?:[0-8bcBC]|0?[eEfF]|1[0-9a-fA-F]|[dD][89a-fA-F]..|[fF]{3}[eEfF])|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)
WRAPPER = "<xml><records>"
RECORD = re.compile(r"<record[\s>]")
READABLE = frozenset({"iso-8859-1", "windows-1252", "us-ascii", "iso-8859-15", "macintosh"})


@dataclass(slots=True)
class Node:
    """An element: its text in runs of one style, and the elements in it."""

    name: str
    attributes: dict[str, str]
    line: int
    column: int
    runs: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """The text on one line, without styles."""
        return one_line("".join(text for text, _ in self.runs))

    @property
    def faces(self) -> frozenset[str]:
        """The styles of all runs."""
        return frozenset().union(*(styles for _, styles in self.runs))

    def one_line_runs(self) -> list[tuple[str, frozenset[str]]]:
        """The runs with line ends as blanks, none at the ends."""
        runs = [(BREAKS.sub(" ", text), styles) for text, styles in self.runs if text]
        if runs:
            runs[0] = (runs[0][0].lstrip(), runs[0][1])
            runs[-1] = (runs[-1][0].rstrip(), runs[-1][1])
        return [run for run in runs if run[0]]

    def all(self, *path: str) -> list[Node]:
        """The elements along a path that have a text."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return [node for node in found if node.plain]

    def first(self, name: str) -> Node | None:
        """The first element of a name in this one."""
        return next((child for child in self.children if child.name == name), None)

    def text(self, name: str) -> str:
        """The text of the first element of a name in this one."""
        node = self.first(name)
        return node.plain if node else ""


class TooLargeError(Exception):
    """A record that is nested beyond DEPTH, or has more than MOST elements."""


class Tree:
    """What a parser reads of a file from an offset on, as records."""

    def __init__(self, problems: Problems, lines: int = 0, columns: int = 0) -> None:
        self.problems = problems
        self.lines, self.columns = lines, columns  # before what is parsed; columns count in its first line
        self.open: list[Node] = []
        self.depth = self.count = 0
        self.styles: list[frozenset[str]] = []
        self.done: list[Node] = []

    def place(self, locator: Any) -> tuple[int, int]:
        """Line and column in the file of where a parser or its error is."""
        line, column = locator.getLineNumber(), locator.getColumnNumber() + 1
        return line + self.lines, max(1, column + self.columns if line == 1 else column)

    def start(self, name: str, attributes: dict[str, str], line: int, column: int) -> None:
        """An element begins."""
        self.depth += 1
        self.count += 1
        if self.depth > DEPTH:
            raise TooLargeError(f"elements nested more than {DEPTH} deep")
        if self.count > MOST:
            raise TooLargeError(f"more than {MOST:,} elements in one record")
        if name == "style":
            self.styles.append(frozenset(attributes.get("face", "").lower().split()) - {"normal"})
        elif name == "record":
            if self.open:
                what = f"this record is not closed before the next one, in line {line}"
                self.problems.error(self.open[0].line, self.open[0].column, "SY546", what, "close it with </record>")
            self.open, self.count = [Node(name, attributes, line, column)], 0
        elif self.open:
            node = Node(name, attributes, line, column)
            self.open[-1].children.append(node)
            self.open.append(node)

    def end(self, name: str) -> None:
        """An element ends."""
        self.depth -= 1
        if name == "style":
            self.styles.pop()
        elif self.open and self.open[-1].name == name:
            node = self.open.pop()
            if name == "record":
                self.done.append(node)

    def text(self, text: str) -> None:
        """A piece of text."""
        if self.open:
            self.open[-1].runs.append((text, self.styles[-1] if self.styles else frozenset()))


def records_of(data: bytes, problems: Problems) -> Iterator[Node]:
    """The records of a file, in order."""
    text = _cleaned(_decoded(data, problems), problems)
    start, wrapper, tree = 0, "", Tree(problems)
    for _ in range(BROKEN):
        broken = yield from _parse(text, start, wrapper, tree)
        found = RECORD.search(text, broken) if broken else None
        if found is None:
            return
        lines = tree.lines + text.count("\n", start, found.start())
        start, wrapper = found.start(), WRAPPER
        tree = Tree(problems, lines, start - text.rfind("\n", max(0, start - CHUNK), start) - 1 - len(WRAPPER))
    line, column = line_and_column(text, start)
    problems.error(line, column, "SY546", f"{BROKEN} records are broken; the rest is not read", "export the file again")


def _parse(text: str, start: int, wrapper: str, tree: Tree) -> Generator[Node, None, int]:
    """The records from an offset on; gives back the offset to go on after, or 0 at the end."""
    from xml.sax import SAXParseException

    from defusedxml import DefusedXmlException

    parser = _parser(tree)
    try:
        parser.feed(wrapper)
        for place in range(start, len(text), CHUNK):
            parser.feed(text[place : place + CHUNK])
            yield from tree.done
            tree.done.clear()
        parser.close()
    except SAXParseException as error:
        line, column = tree.place(error)
        what = f"not well-formed XML: {error.getMessage()}{_where(tree)}"
        tree.problems.error(line, column, "SY546", what, "mend this place; & is written &amp; and < is written &lt;")
    except TooLargeError as error:
        line, column = tree.place(parser)
        what = f"{error}{_where(tree)}"
        tree.problems.error(line, column, "SY546", what, "export the file again")
    except DefusedXmlException:
        what = "a document type or entity, which is refused: it can read other files or fill the memory"
        tree.problems.error(*tree.place(parser), "SY546", what, "take out the <!DOCTYPE ...> and export again")
        return 0
    else:
        yield from tree.done
        return 0
    yield from tree.done
    return _offset(text, start, line - tree.lines, column)


def _where(tree: Tree) -> str:
    return f" in the record that begins in line {tree.open[0].line}, which is not read" if tree.open else ""


def _offset(text: str, start: int, line: int, column: int) -> int:
    """The offset of a place, counted in lines from a start; one after the start at least, so that reading goes on."""
    position = start if line == 1 else start - 1
    for _ in range(line - 1):
        position = text.find("\n", position + 1)
    beginning = position + 1 if line > 1 else text.rfind("\n", max(0, start - CHUNK), start) + 1
    return max(start + 1, min(beginning + column - 1, len(text)))


def _parser(tree: Tree) -> Any:
    """A defused parser that hands what it reads to a tree."""
    from xml.sax.handler import ContentHandler

    from defusedxml.sax import make_parser

    parser = make_parser()
    parser.forbid_dtd = True

    class Handler(ContentHandler):
        def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  the name is SAX's
            tree.start(name, dict(attrs.items()), *tree.place(parser))

        def endElement(self, name: str) -> None:  # noqa: N802  the name is SAX's
            tree.end(name)

        def characters(self, content: str) -> None:
            tree.text(content)

    parser.setContentHandler(Handler())
    return parser


def _decoded(data: bytes, problems: Problems) -> str:
    """The text of a file in the encoding that it declares, else as any other file."""
    declared = ENCODING.search(data[:200])
    name = declared[1].decode().lower() if declared else ""
    is_small = name in READABLE and len(data) <= LIMIT
    text = data.decode(name, "replace") if is_small else decoded(data, problems)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return DECLARATION.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text, count=1)


def _cleaned(text: str, problems: Problems) -> str:
    """The text without the control characters that XML forbids, which blanks replace."""
    found = [match for pattern in (CONTROL, FORBIDDEN) if (match := pattern.search(text))]
    if not found:
        return text
    place = line_and_column(text, min(match.start() for match in found))
    text, raw = CONTROL.subn(" ", text)
    text, numbered = FORBIDDEN.subn(lambda match: " " * len(match[0]), text)
    problems.dropped_controls(*place, raw + numbered)
    return text
