"""What every command that draws shares: its options, the file it writes, and the drawing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from synthesis.cli.pooling import F

OUTPUT = "The file to write; its ending (.svg, .png, .pdf) is the format.  [default: an SVG named after what is drawn]"
FIGURE = "Draw it too: the file to write; its ending (.svg, .png, .pdf) is the format."
PATH = click.Path(path_type=Path, dir_okay=False)


def figure_options(command: F) -> F:
    """Where a figure goes and how: `output: Path | None`, `title: str | None`, `dpi: int`."""
    for option in (
        click.option("--dpi", type=click.IntRange(50, 1200), default=200, show_default=True, help="Dots of a PNG."),
        click.option("--title", metavar="TEXT", help="Title of the figure.  [default: what it shows]"),
        click.option("--output", "-o", type=PATH, help=OUTPUT),
    ):
        command = option(command)
    return command


def also_figure(command: F) -> F:
    """`--figure FILE` of a command whose main output is another one, handed on as `figure: Path | None`.

    An ending that is no format is refused before anything is computed.
    """
    return click.option("--figure", type=PATH, metavar="FILE", callback=_drawable, help=FIGURE)(command)


def _drawable(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    return None if value is None else target_of(value)


def target_of(output: Path | None, *names: str) -> Path:
    """The file of a figure, with an ending that can be drawn; without one given, an SVG named after what is drawn.

    Raises
    ------
    InvalidArgument
        For another ending, before anything is computed.
    """
    from synthesis.errors import InvalidArgument, did_you_mean
    from synthesis.rendering.plots.canvas import FORMATS

    target = output or default_name(*names)
    kind = _kind(target)
    if kind not in FORMATS:
        raise InvalidArgument(f"{target} ends in no format of a figure: {did_you_mean(kind, FORMATS)}")
    return target


def default_name(*names: str) -> Path:
    """A file of this folder; what is no letter, digit or `-` in the names becomes `_`, so that none leads out of it."""
    return Path(re.sub(r"[^\w-]", "_", "-".join(names)) + ".svg")


def write_figure(target: Path, name: str, data: Any, dpi: int = 200) -> None:
    """Draw data as the plot of that name, a key of PLOTS, and write it."""
    from synthesis import files
    from synthesis.rendering.plots import PLOTS
    from synthesis.rendering.plots.canvas import render

    files.write_atomic(target, render(PLOTS[name](data), _kind(target), dpi))  # type: ignore[arg-type]  # checked
    click.echo(f"wrote {target}", err=True)


def _kind(target: Path) -> str:
    return target.suffix.removeprefix(".").lower()
