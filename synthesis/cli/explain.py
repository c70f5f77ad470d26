"""`synth explain`: one cell of the matrix, down to its source paragraphs."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_json


@click.command()
@click.argument("row")
@click.argument("outcome")
@review_root
@output_format("text", "json")
@skip_invalid
def explain(*, row: str, outcome: str, root: Path | None, format: str, skip_invalid: bool) -> None:
    """Tell the whole story of one cell: ROW is a row's code, OUTCOME an outcome of review.toml.

    Printed points, every reading with its clause and studies, the findings with both their directions and their
    sources; each clause with its condition and values, the policies and studies that move the cell, what other rules
    give, what was left out and why; the pooled effect of the same contrasts with its weights, and the references.
    """
    from synthesis.pipeline import explain_cell, explain_cell_json, load

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    if format == "json":
        write_json(explain_cell_json(loaded, row, outcome))
    else:
        click.echo(explain_cell(loaded, row, outcome), nl=False)
