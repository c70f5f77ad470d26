"""`synth crosscheck`: points against pooled effects against published ones."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_csv, write_json


@click.command()
@review_root
@output_format("table", "json", "csv")
@skip_invalid
def crosscheck(*, root: Path | None, format: str, skip_invalid: bool) -> None:
    """Compare points with pooled effects and with what others pooled, and say what drives each status."""
    from synthesis.pipeline import crosscheck_of, load, pool_review
    from synthesis.rendering import crosscheck as words
    from synthesis.rendering.outputs import engine_text

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    evidence = pool_review(loaded)
    checks = crosscheck_of(loaded, evidence)
    if format == "json":
        write_json(words.crosscheck_json(checks))
    elif format == "csv":
        write_csv(words.COLUMNS, words.csv_rows(checks))
    else:
        click.echo(words.crosscheck_table(checks))
        click.echo(engine_text(evidence), nl=False)
