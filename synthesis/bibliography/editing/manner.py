"""Entries that a program made, written in the manner of a file: its order of fields and its delimiters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from synthesis.bibliography.library import Library, read_library
from synthesis.bibliography.scan import RawField, Scan, scan_entry
from synthesis.bibliography.style import recent

LAST = 2.0  # the place of a field that the file does not have: after all others


def in_manner_of(library: Library, addition: Library) -> Library:
    """The entries of an addition with fields in the order of the library, and quotes where it has quotes.

    As they are where they would say something else.
    """
    scans = [scan for block in recent(library.blocks) if (scan := block.scan) and scan.fields]
    if not scans:
        return addition
    places, quoted = _places(scans), _has_quotes(scans)
    entries = [_rewritten(addition.text, scan, places, quoted=quoted) for scan in _scans(addition)]
    made = read_library("\n".join(entries).encode(), addition.path, addition.strings)
    return made if _said(made) == _said(addition) else addition


def _said(library: Library) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the entries say, in whatever order of fields."""
    return [(one.type, one.key, sorted((field.name, field.value) for field in one.fields)) for one in library.entries]


def _scans(library: Library) -> list[Scan]:
    return [scan for block in library.blocks if (scan := block.scan)]


def _places(scans: list[Scan]) -> Mapping[str, float]:
    """By name of a field, where it stands in its entries on average: 0 for the beginning, 1 for the end."""
    found: dict[str, list[float]] = defaultdict(list)
    for scan in scans:
        last = max(len(scan.fields) - 1, 1)
        for number, field in enumerate(scan.fields):
            found[field.name.lower()].append(number / last)
    return {name: sum(each) / len(each) for name, each in found.items()}


def _has_quotes(scans: list[Scan]) -> bool:
    counted = Counter(part.delimiter for scan in scans for field in scan.fields for part in field.parts)
    return counted['"'] > counted["{"]


def _rewritten(text: str, scan: Scan, places: Mapping[str, float], *, quoted: bool) -> str:
    fields = sorted(scan.fields, key=lambda field: places.get(field.name.lower(), LAST))
    lines = (f"  {field.name} = {_value(text, field, quoted=quoted)},\n" for field in fields)
    return f"@{scan.type}{{{scan.key},\n{''.join(lines)}}}\n"


def _value(text: str, field: RawField, *, quoted: bool) -> str:
    written = text[field.value_start : field.value_end]
    if not quoted or len(field.parts) != 1 or field.parts[0].delimiter != "{":
        return written
    inner = field.parts[0].text
    return f'"{inner}"' if fits_in_quotes(inner) else written


def fits_in_quotes(value: str) -> bool:
    """Whether a value can stand between quotes: no quote outside braces, not even after a backslash."""
    entry = f'@a{{k,n="{value}"}}'
    scan = scan_entry(entry, 0, len(entry))
    return scan is not None and scan.end == len(entry) and not scan.faults and len(scan.fields) == 1
