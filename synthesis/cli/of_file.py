"""What commands share that take a review or, in its place, a FILE: the options of one, and no options of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.pooling import F
from synthesis.cli.sections import Option

if TYPE_CHECKING:
    from synthesis.plain import PlainLeftOut

FILE_OPTIONS = "For a FILE"
TO = "Which studies --add changes: only0, all, if0all, none."
DROP00 = "Leave out double zeros, or keep them.  [default: dropped for ratios of counts]"
WRITTEN = {"modalities": "modality", "outcomes": "outcome"}  # options whose values have another name


def of_a_file(*declarations: str, **given: Any) -> Callable[[F], F]:
    """An option that only a FILE has."""
    return click.option(*declarations, cls=Option, section=FILE_OPTIONS, **given)


def optional_file(command: F) -> F:
    """FILE, which takes the place of the review."""
    path = click.Path(path_type=Path, exists=True, dir_okay=False)
    return click.argument("file", required=False, type=path)(command)


def effect_options(command: F) -> F:
    """How effects come from the columns of a FILE."""
    for option in (
        of_a_file("--drop00/--no-drop00", default=None, help=DROP00),
        of_a_file("--to", help=TO),
        of_a_file("--add", type=float, help="What is added to the cells of a study with a zero."),
        of_a_file("--vtype", help="Formula of the variance; `synth methods MEASURE` lists them."),
    ):
        command = option(command)
    return command


def flag(name: str) -> str:
    """An option as it is written."""
    return f"--{WRITTEN.get(name, name).replace('_', '-')}"


def refuse_of_a_file(given: dict[str, Any], names: Iterable[str], columns: Mapping[str, str]) -> None:
    """A usage error for columns and options of a FILE, where a review is used; else they are taken out of `given`."""
    named = [name for name in names if given.pop(name) is not None]
    if columns or "study" in named:
        raise click.UsageError("columns are named only for a FILE; without one the review is used")
    if named:
        raise click.UsageError(f"{flag(named[0])} is for a FILE, not for a review")


def refuse_of_a_review(given: Mapping[str, Any]) -> None:
    """A usage error for options of a review, where a table is used; a flag that is off counts as not given."""
    refused = [name for name, value in given.items() if value is not None and value is not False]
    if refused:
        raise click.UsageError(f"{flag(refused[0])} is for a review, not for a table")


def one_measure(columns: Mapping[str, str], measures: Sequence[str] | None) -> str | None:
    """The measure of a table, if it has one; a usage error for several, and where no column is named."""
    if not columns:
        raise click.UsageError("name the columns of the table, as --yi COLUMN --vi COLUMN")
    if measures and len(measures) > 1:
        raise click.UsageError("a table has one --measure")
    return measures[0] if measures else None


def report_rows(left: Iterable[PlainLeftOut]) -> None:
    """The rows of a table that are left out, to stderr."""
    for one in left:
        click.echo(str(one), err=True)
