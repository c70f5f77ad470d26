"""What `synth regress` and `synth subgroup` share: a review or a plain table, and the options of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.columns import column_options, given_columns
from synthesis.cli.options import output_format, review_root, skip_invalid
from synthesis.cli.pool import DROP00, TO, of_a_file
from synthesis.cli.pooling import pooling_options
from synthesis.cli.sections import Option, Sections

if TYPE_CHECKING:
    from synthesis.plain import Reading

F = Callable[..., Any]
MODERATORS = "Moderators"
OF_A_POOL = ("tau2_interval", "prediction")  # of `synth pool` alone
OF_A_FILE = ("study", "vtype", "add", "to", "drop00")
OF_BOTH = ("by", "measure", "method", "test", "level", "format")
WRITTEN = {"modalities": "modality", "outcomes": "outcome"}


class Moderated(Sections):
    """A command with the options of `synth pool` that say what enters and how, but for those of a pool alone."""

    def __init__(self, name: str | None, *, params: list[click.Parameter], **given: Any) -> None:
        super().__init__(name, params=[one for one in params if one.name not in OF_A_POOL], **given)


def moderated(*declarations: str, **given: Any) -> Callable[[F], F]:
    """An option that says what the effects are compared by."""
    return click.option(*declarations, cls=Option, section=MODERATORS, **given)


def review_or_table(command: Callable[..., Any]) -> Callable[..., Any]:
    """FILE, and every option of a review and of a table."""
    options = (
        click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)),
        pooling_options,
        of_a_file("--vtype", help="Formula of the variance; `synth methods MEASURE` lists them."),
        of_a_file("--add", type=float, help="What is added to the cells of a study with a zero."),
        of_a_file("--to", help=TO),
        of_a_file("--drop00/--no-drop00", default=None, help=DROP00),
        column_options,
        review_root,
        output_format("table", "json", "csv"),
        skip_invalid,
    )
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class OfTable:
    """What is said of a plain table."""

    columns: dict[str, str]
    reading: Reading
    by: tuple[str, ...]
    method: str | None
    test: str | None
    level: float


def asked_of_review(given: dict[str, Any]) -> dict[str, Any]:
    """The options of a review; a usage error for those of a table."""
    columns = given_columns(given)
    named = [name for name in OF_A_FILE if given.pop(name) is not None]
    if columns or "study" in named:
        raise click.UsageError("columns are named only for a FILE; without one the review is used")
    if named:
        raise click.UsageError(f"--{named[0]} is for a FILE, not for a review")
    return given


def asked_of_table(given: dict[str, Any]) -> OfTable:
    """The options of a table; a usage error for those of a review."""
    from synthesis.plain import Reading

    columns = given_columns(given)
    read = {name: given.pop(name) for name in OF_A_FILE}
    used = {name: given.pop(name) for name in OF_BOTH}
    refused = [name for name, value in given.items() if value]
    if not refused and given.get("rho") is not None:
        refused = ["rho"]
    if refused:
        flag = WRITTEN.get(refused[0], refused[0]).replace("_", "-")
        raise click.UsageError(f"--{flag} is for a review, not for a table")
    if not columns:
        raise click.UsageError("name the columns of the table, as --yi COLUMN --vi COLUMN")
    measures = used["measure"] or (None,)
    if len(measures) > 1:
        raise click.UsageError("a table has one --measure")
    reading = Reading(measures[0], read["study"], read["add"], read["to"], read["drop00"], read["vtype"])
    level = 0.95 if used["level"] is None else used["level"]
    return OfTable(columns, reading, used["by"] or (), used["method"], used["test"], level)
