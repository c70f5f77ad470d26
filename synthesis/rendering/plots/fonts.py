"""Text that the bundled font can draw, its size on paper, and its lines. Sizes are in points."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

REGULAR, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
MISSING = "□"  # stands for a character that the font has not
JOINERS = "\u200c\u200d"  # Persian and Indic spelling needs them; other invisible characters only mislead
MAXIMUM_MARKS = 2  # accents on one letter; more would climb into the row above
LONGEST = 1000  # characters of one text


@dataclass(frozen=True, slots=True)
class Extent:
    """The room that one line of text takes."""

    width: float
    ascent: float  # above the baseline
    descent: float  # below it


def clean(text: str) -> str:
    """Text without control, direction and other invisible characters; at most 1,000 characters."""
    kept = "".join(map(_visible, text[: LONGEST + 1]))
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def drawable(text: str) -> str:
    """Clean text with a box for each character that the font cannot draw."""
    drawn: list[str] = []
    marks = 0
    for char in clean(text):
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MAXIMUM_MARKS:
            drawn.append(char if char == "\n" or ord(char) in _characters() else MISSING)
    return "".join(drawn)


def properties(size: float, *, bold: bool = False) -> FontProperties:
    """The bundled font at a size."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_path(BOLD if bold else REGULAR), size=size)


@functools.lru_cache(maxsize=8192)
def measure(line: str, size: float, *, bold: bool = False) -> Extent:
    """The room of one drawable line; never lower than the font's own line."""
    from matplotlib.textpath import text_to_path

    least = Extent(0.0, 0.93 * size, 0.24 * size)
    if not line:
        return least
    width, height, descent = text_to_path.get_text_width_height_descent(line, properties(size, bold=bold), ismath=False)
    return Extent(width, max(height - descent, least.ascent), max(descent, least.descent))


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Text as drawable lines no wider than `width`, broken at spaces, inside a word only where it must be."""
    lines: list[str] = []
    for paragraph in drawable(text).split("\n"):
        rest = " ".join(paragraph.split())
        while measure(rest, size, bold=bold).width > width:
            place = _break(rest, width, size, bold=bold)
            lines.append(rest[:place].rstrip())
            rest = rest[place:].lstrip()
        lines.append(rest)
    return tuple(lines)


def _break(text: str, width: float, size: float, *, bold: bool) -> int:
    """Where the first line of a text that is too wide ends; at least one character is taken."""
    fits = 1
    while fits < len(text) and measure(text[: fits + 1], size, bold=bold).width <= width:
        fits += 1
    space = text.rfind(" ", 0, fits + 1)
    if space > 0:
        return space
    while fits < len(text) and unicodedata.combining(text[fits]):
        fits += 1
    return fits


def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if char == "\n" or char in JOINERS:
        return char
    if kind == "Cc" or kind.startswith("Z"):
        return " "
    return MISSING if kind in {"Cs", "Co", "Cn"} else "" if kind == "Cf" else char


@functools.cache
def _characters() -> frozenset[int]:
    """Code points that both faces can draw."""
    from matplotlib.font_manager import get_font

    return frozenset(get_font(_path(REGULAR)).get_charmap()) & frozenset(get_font(_path(BOLD)).get_charmap())


@functools.cache
def _path(name: str) -> str:
    import matplotlib as mpl

    return f"{mpl.get_data_path()}/fonts/ttf/{name}"
