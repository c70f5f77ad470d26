"""`synth graph provenance`: the studies and documents behind the numbers of a cell."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_csv, write_json


@click.command()
@click.argument("first", metavar="MODALITY|ROW")
@click.argument("outcome")
@review_root
@output_format("table", "json", "csv")
@skip_invalid
def provenance(*, first: str, outcome: str, root: Path | None, format: str, skip_invalid: bool) -> None:
    """Show which studies drive the pools and the score of a cell, and through which documents they came.

    Each study has its weight in the pool, what the number would be without it, its reports, the documents in which
    its numbers were read, and the documents of citations.csv that include it. Weights sum to 1 over the studies and
    over the documents that were read. Published results of the same cell are no second witness as far as they rest
    on the same studies.
    """
    from synthesis.pipeline import load, provenance_of
    from synthesis.rendering import provenance as words

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    found = provenance_of(loaded, first, outcome)
    if format == "json":
        write_json(words.provenance_json(found))
    elif format == "csv":
        write_csv(words.COLUMNS, words.rows(found))
    else:
        click.echo(words.provenance_text(found), nl=False)
