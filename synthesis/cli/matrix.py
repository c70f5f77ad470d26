"""`synth matrix`: the scoring matrix, written or compared with what is committed."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.outputs import finish
from synthesis.cli.show import report_skipped


@click.command()
@review_root
@click.option("--check", is_flag=True, help="Write nothing: show what differs, and exit 1 if anything does.")
@output_format("files", "md", "csv", "json")
@skip_invalid
@click.pass_context
def matrix(context: click.Context, *, root: Path | None, check: bool, format: str, skip_invalid: bool) -> None:
    """Write outputs/scoring_matrix.csv, .json and .md.

    With --format md, csv or json that file goes to the screen instead, and nothing is written.
    """
    from synthesis.pipeline import load, matrix_of
    from synthesis.rendering.matrix import NAME, matrix_files

    if check and format != "files":
        raise click.UsageError("--check compares all three files: leave out --format")
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    made = matrix_files(matrix_of(loaded), loaded.records.review.title)
    if format == "files":
        finish(context, loaded.root, made, check=check, whole=False)
    else:
        click.echo(made[f"{NAME}.{format}"], nl=False)
