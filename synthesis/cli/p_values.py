"""`synth pvalues` and `synth votes`: what can be said where studies give no effects with their precision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.of_file import report_rows
from synthesis.cli.options import output_format
from synthesis.cli.pooling import F, parts
from synthesis.cli.sections import Option
from synthesis.cli.show import write_csv, write_json

if TYPE_CHECKING:
    from synthesis.plain.p_values import Syntheses


def of_table(command: F) -> F:
    """The FILE, and the columns of its groups and of the studies' names."""
    for option in (
        output_format("table", "json", "csv"),
        click.option("--study", metavar="COLUMN", help="Names of the studies."),
        click.option("--by", callback=parts, help="Columns whose values make the groups."),
        click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False)),
    ):
        command = option(command)
    return command


def _column(role: str, words: str) -> Callable[[F], F]:
    return click.option(f"--{role}", role, metavar="COLUMN", help=words)


@click.command()
@of_table
@_column("p", "One-sided p-values, all of the same direction.")
@_column("yi", "Effects, whose one-sided p-values are taken; with --vi or --sei.")
@_column("vi", "Their sampling variances.")
@_column("sei", "Their standard errors.")
@click.option("--method", cls=Option, codes="combination", default="fisher", help="{codes}.  [default: fisher]")
@click.option("--alternative", help="Of effects: greater or less than 0.  [default: greater]")
@_column("weights", "Weights, for stouffer.")
@_column("df", "Degrees of freedom, for inverse_t and inverse_chi2.")
@click.option("--r", type=int, help="Which of the ordered p-values, for wilkinson.")
@click.option("--tau", type=float, help="The largest p-value that enters, for truncated.  [default: 0.05]")
@click.option("--alpha", type=float, help="Level, for tippett, maximum, wilkinson (0.05) and vote (0.5).")
def pvalues(
    *, file: Path, format: str, by: tuple[str, ...] | None, study: str | None, method: str,
    alternative: str | None,
    **given: Any,
) -> None:  # fmt: skip
    """Combine the one-sided p-values of independent studies in FILE, a CSV table (Cochrane Handbook 12.2.1.2)."""
    from synthesis.plain.p_values import combined_p_of
    from synthesis.plain.table import read_table

    options = {name: given.pop(name) for name in ("r", "tau", "alpha")}
    columns = {role: column for role, column in given.items() if column}
    found = combined_p_of(
        read_table(file), columns, method=method, alternative=alternative, by=by or (), study=study, **options
    )
    _show(found, format)


@click.command()
@of_table
@click.option(
    "--direction", required=True, metavar="COLUMN",
    help="Effects, of which the sign counts; or positive, negative, undetermined.",
)  # fmt: skip
@click.option("--alternative", default="two-sided", show_default=True, help="two-sided, greater or less.")
@click.option("--interval", default="wilson", show_default=True, help="wilson, or exact (Clopper and Pearson).")
@click.option("--level", type=float, default=0.95, show_default=True, help="Confidence level.")
def votes(*, file: Path, format: str, by: tuple[str, ...] | None, direction: str, **given: Any) -> None:
    """Count directions of effect of the studies in FILE, a CSV table (Cochrane Handbook 12.2.1.3)."""
    from synthesis.plain.p_values import votes_of
    from synthesis.plain.table import read_table

    _show(votes_of(read_table(file), direction, by=by or (), **given), format)


def _show(answer: Syntheses, format: str) -> None:
    """The groups and the rows left out, in the form that was asked for."""
    from synthesis.pooling.p_values import CombinedP
    from synthesis.rendering import p_values as words

    found, left = answer
    if format == "json":
        write_json(words.synthesis_json(found, left))
    elif format == "csv":
        combined = not found or isinstance(found[0].found, CombinedP)
        write_csv(words.P_COLUMNS if combined else words.VOTE_COLUMNS, words.synthesis_rows(found))
        report_rows(left)
    else:
        click.echo(words.synthesis_table(found, left), nl=False)
