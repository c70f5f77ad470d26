"""What every figure shares: the settings it is drawn under, what it says of itself, and its bytes."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.rendering.plots.fonts import clean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Format = Literal["svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = ("svg", "png", "pdf")
SETTINGS: Any = {  # matplotlib types the keys, and differently in each version
    "svg.hashsalt": "synth",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "text.hinting": "none",
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
}


@contextlib.contextmanager
def drawing() -> Iterator[None]:
    """Settings that make a drawing the same for everybody; the user's own come back at the end."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def describe(figure: Figure, title: str, description: str) -> None:
    """Write what a figure is and shows into its label: the title, and after a line end the description."""
    figure.set_label(f"{' '.join(clean(title).split())}\n{' '.join(clean(description).split())}")


def render(figure: Figure, format: Format, dpi: int = 200) -> bytes:  # noqa: A002 - what everybody calls it
    """The bytes of a figure: the same for the same figure, on every run.

    Parameters
    ----------
    figure : Figure
        A drawing; what `describe` wrote becomes its title and alternative text.
    format : {"svg", "png", "pdf"}
        The file's format.
    dpi : int
        Dots per inch of a PNG; the others have no dots.

    Raises
    ------
    InvalidArgument
        If the format is another one, or the dots are not 50 to 1200.
    """
    if format not in FORMATS:
        raise InvalidArgument(f"there is no figure format {format!r}: {did_you_mean(format, FORMATS)}")
    if not 50 <= dpi <= 1200:
        raise InvalidArgument(f"{dpi} dots per inch: give 50 to 1200")
    title, _, description = str(figure.get_label()).partition("\n")
    with drawing(), io.BytesIO() as file:
        figure.savefig(file, format=format, dpi=dpi, metadata=_metadata(format, title, description))
        data = file.getvalue()
    return _accessible(data, description) if format == "svg" else data


def _metadata(kind: Format, title: str, description: str) -> dict[str, str | None]:
    """What the file says of itself: never a date, nor the version of what drew it."""
    if kind == "svg":
        return {"Title": title, "Description": description, "Creator": "synth", "Date": None}
    if kind == "pdf":
        return {"Title": title, "Subject": description, "Creator": "synth", "Producer": None, "CreationDate": None}
    return {"Title": title, "Description": description, "Software": None}


def _accessible(svg: bytes, description: str) -> bytes:
    """An SVG that a screen reader names by its title and describes."""
    marked = svg.replace(b"<svg ", b'<svg role="img" aria-labelledby="plot-title" aria-describedby="plot-desc" ', 1)
    named = marked.replace(b"<title>", b'<title id="plot-title">', 1)
    desc = f'</title>\n <desc id="plot-desc">{escape(description)}</desc>'
    return named.replace(b"</title>", desc.encode("utf-8"), 1)
