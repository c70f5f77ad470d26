"""What `synth regress` and `synth subgroup` share: a review or a plain table, and the options of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.columns import column_options, given_columns
from synthesis.cli.of_file import (
    effect_options,
    one_measure,
    optional_file,
    refuse_of_a_file,
    refuse_of_a_review,
)
from synthesis.cli.options import output_format, review_root, skip_invalid
from synthesis.cli.pooling import pooling_options
from synthesis.cli.sections import Option, Sections

if TYPE_CHECKING:
    from synthesis.plain import Reading
    from synthesis.rendering import regression_values, subgroups

F = Callable[..., Any]
MODERATORS = "Moderators"
OF_A_POOL = ("tau2_interval", "prediction")  # of `synth pool` alone
OF_A_FILE = ("study", "vtype", "add", "to", "drop00")
OF_BOTH = ("by", "measure", "method", "test", "level", "format")


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
        optional_file,
        pooling_options,
        effect_options,
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
    refuse_of_a_file(given, OF_A_FILE, given_columns(given))
    return given


def asked_of_table(given: dict[str, Any]) -> OfTable:
    """The options of a table; a usage error for those of a review."""
    from synthesis.plain import Reading

    columns = given_columns(given)
    read = {name: given.pop(name) for name in OF_A_FILE}
    used = {name: given.pop(name) for name in OF_BOTH}
    refuse_of_a_review(given)
    measure = one_measure(columns, used["measure"])
    reading = Reading(measure, read["study"], read["add"], read["to"], read["drop00"], read["vtype"])
    level = 0.95 if used["level"] is None else used["level"]
    return OfTable(columns, reading, used["by"] or (), used["method"], used["test"], level)


def report_unstated(shown: Iterable[regression_values.Shown | subgroups.Shown]) -> None:
    """The studies of a review that lack what the effects are compared by, to stderr."""
    for one in shown:
        for left in one.left_out:
            click.echo(f"left out: {left.study} ({one.about.title}): {left.reason}", err=True)
