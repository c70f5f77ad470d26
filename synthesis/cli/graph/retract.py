"""`synth graph retract`: what a retraction changes."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_json


@click.command()
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option(
    "--reports",
    type=click.Choice(("any", "sole")),
    default="any",
    show_default=True,
    help="Whether a study leaves whole with any of its reports, or only with its last one.",
)
@review_root
@output_format("table", "json")
@skip_invalid
def retract(*, keys: tuple[str, ...], reports: str, root: Path | None, format: str, skip_invalid: bool) -> None:
    """Compute the review without a document, or a study, and show every pool, score and status that changes.

    KEY is a key of the library or of a study record. Studies that it reports leave, and findings that were read in
    it; its statements count no longer. What others made of it (reviews, published pools) is listed. Nothing is
    written: to take a study out, edit its record.
    """
    from synthesis.pipeline import load, retraction_of
    from synthesis.rendering.retraction import retraction_json, retraction_text

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    found = retraction_of(loaded, keys, reports)
    if format == "json":
        write_json(retraction_json(found))
    else:
        click.echo(retraction_text(found), nl=False)
