"""How a BibTeX file is laid out, and an entry laid out the same way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from synthesis.bibliography.blocks import Block
from synthesis.bibliography.library import Library
from synthesis.bibliography.scan import RawField, Scan

RECENT = 500  # entries, the last ones, whose layout is that of the file
LINE_END = re.compile(r"\r\n|\n|\r")
SEPARATOR = re.compile(r"\s*,\s*")
ENDING = re.compile(r"(\s*,?\s*)[})]")
BLANKS = re.compile(r"[ \t]*")
CLOSING = {"{": "}", "(": ")"}


@dataclass(frozen=True, slots=True)
class Style:
    r"""The layout of most entries of a file; line ends are written `\n`, except in `newline`."""

    newline: str = "\n"
    first: str = ",\n  "  # from the key to the first field
    separator: str = ",\n  "  # from a value to the next field
    ending: str = ",\n"  # from the last value to the closing bracket
    before: str = " "  # from a name to `=`, where nothing is aligned
    after: str = " "  # from `=` to the value
    aligned: str = ""  # `file`: `=` stands in one column; `entry`: one after the longest name of the entry
    column: int = 0  # of `=`, from the beginning of the name, where `aligned` is `file`
    gap: int = 2  # line ends from one entry to the next


def style_of(library: Library) -> Style:
    """The layout that most fields of the last entries of a file have; the default where there are none."""
    return style_of_blocks(library.text, recent(library.blocks))


def recent(blocks: Sequence[Block]) -> Sequence[Block]:
    """The last blocks, from the first of the last RECENT entries on."""
    entries = [number for number, block in enumerate(blocks) if block.kind == "entry"]
    return blocks[entries[-RECENT] :] if len(entries) > RECENT else blocks


def style_of_blocks(text: str, blocks: Sequence[Block], default: Style | None = None) -> Style:
    """The layout that most fields and entries among some blocks have; the default for what they do not show."""
    default = default or Style()
    read = ((block.end, block.scan) for block in blocks)
    scans = [(end, scan) for end, scan in read if scan and scan.fields]
    written = text[blocks[0].start : blocks[-1].end] + text[blocks[-1].end :][:2] if blocks else text
    fields = [scan.fields for _, scan in scans]
    aligned, column = _alignment(fields)
    return Style(
        newline=_most(LINE_END.findall(written), default.newline),
        first=_most((text[scan.key_end : scan.fields[0].start] for _, scan in scans), default.first, SEPARATOR),
        separator=_most(_separators(text, fields), default.separator, SEPARATOR),
        ending=_most((text[scan.fields[-1].value_end : end] for end, scan in scans), default.ending, ENDING),
        before=_most(
            (text[_name_end(field) : field.equals] for group in fields for field in group), default.before, BLANKS
        ),
        after=_most(
            (text[field.equals + 1 : field.value_start] for group in fields for field in group), default.after, BLANKS
        ),
        aligned=aligned,
        column=column,
        gap=max(1, _most_common(_gaps(text, blocks), default.gap)),
    )


def laid_out(text: str, start: int, scan: Scan, style: Style) -> str:
    """The entry at `start` of `text` in a given style; type, key, names, values and brackets stay as they are."""
    head = text[start : text.index(scan.opening, start)].strip() + scan.opening + scan.key
    if scan.fields:
        width = max(len(field.name) for field in scan.fields) + 1 if style.aligned == "entry" else style.column
        values = (text[field.value_start : field.value_end] for field in scan.fields)
        fields = (field_text(field.name, value, style, width) for field, value in zip(scan.fields, values, strict=True))
        body = style.first + style.separator.join(fields) + style.ending
    else:
        body = ","
    return LINE_END.sub("\n", head + body + CLOSING[scan.opening]).replace("\n", style.newline)


def field_text(name: str, value: str, style: Style, width: int) -> str:
    """A field with its value as written; `width` is the column of `=` where the style aligns."""
    padded = name.ljust(width - 1) + " " if style.aligned else name + style.before
    return f"{padded}={style.after}{value}"


def _name_end(field: RawField) -> int:
    return field.start + len(field.name)


def _alignment(fields: Sequence[Sequence[RawField]]) -> tuple[str, int]:
    """What explains the place of most `=`: blanks of one width, one column in the file, or one in each entry."""
    every = [field for group in fields for field in group]
    widths = Counter(field.equals - _name_end(field) for field in every).most_common(1)
    columns = Counter(field.equals - field.start for field in every).most_common(1)
    by_entry = sum(len(group) for group in fields if _is_aligned(group))
    if not every or widths[0][1] >= max(columns[0][1], by_entry):
        return "", 0
    return ("file", columns[0][0]) if columns[0][1] >= by_entry else ("entry", 0)


def _is_aligned(group: Sequence[RawField]) -> bool:
    """Whether every `=` of an entry stands one blank after its longest name."""
    longest = max(len(field.name) for field in group)
    return all(field.equals - field.start == longest + 1 for field in group)


def _separators(text: str, fields: Iterable[Sequence[RawField]]) -> Iterator[str]:
    return (text[one.value_end : two.start] for group in fields for one, two in pairwise(group))


def _gaps(text: str, blocks: Sequence[Block]) -> Iterator[int]:
    """Line ends between entries that follow one another."""
    for one, two in pairwise(blocks):
        if one.kind == two.kind == "entry":
            yield len(LINE_END.findall(text[one.end : two.start]))


def _most_common(found: Iterable[int], default: int) -> int:
    """The most frequent number; of equally frequent ones the first."""
    counted = Counter(found).most_common(1)
    return counted[0][0] if counted else default


def _most(found: Iterable[str], default: str, form: re.Pattern[str] = LINE_END) -> str:
    r"""The most frequent text of a form, its line ends as `\n` and without what the form leaves out of its group."""
    counted = Counter(found).most_common()
    for text, _ in counted:
        if match := form.fullmatch(text):
            return text if form is LINE_END else LINE_END.sub("\n", match[form.groups])
    return default
