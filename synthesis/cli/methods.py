"""`synth methods`: every code, with what it means and where it comes from."""

from __future__ import annotations

import click

from synthesis.cli.options import output_format
from synthesis.cli.show import write_csv, write_json

KINDS = (
    "estimator", "test", "tau2-interval", "prediction", "model", "dependence", "robust", "structure", "measure",
    "combination", "transform",
)  # fmt: skip


@click.command()
@click.argument("name", required=False)
@click.option(
    "--kind",
    multiple=True,
    type=click.Choice(KINDS),
    metavar="KIND",
    help=f"Only these; may be repeated: {', '.join(KINDS)}.",
)
@output_format("table", "json", "csv")
def methods(*, name: str | None, kind: tuple[str, ...], format: str) -> None:
    """Every code of the toolkit, with its meaning and its source; of NAME all that there is to know.

    The codes are those of `synth pool --method`, `--test`, `--measure` and so on, and of the Python library.
    """
    from synthesis.rendering import methods as words

    found = words.methods(name, kind)
    if format == "json":
        write_json(words.methods_json(found))
    elif format == "csv":
        write_csv(words.COLUMNS, words.methods_rows(found))
    else:
        click.echo(words.methods_table(found), nl=False)
