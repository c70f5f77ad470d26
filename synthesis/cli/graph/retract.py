"""`synth graph retract`: what a retraction changes."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_json


@click.command()
@click.argument("keys", metavar="[KEY...]", nargs=-1)
@click.option("--known", is_flag=True, help="Every document that the library or retractions.csv says is retracted.")
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
def retract(
    *, keys: tuple[str, ...], known: bool, reports: str, root: Path | None, format: str, skip_invalid: bool
) -> None:
    """Compute the review without a document, or a study, and show every pool, score and status that changes.

    KEY is a key of the library or of a study record. Studies that it reports leave, and findings that were read in
    it; its statements count no longer. What others made of it (reviews, published pools) is listed. Nothing is
    written: to take a study out, edit its record. With --known: what an entry says of itself (`retracted`, a title
    that begins with RETRACTED, ...) and the lines of bibliography/retractions.csv; nobody is asked over the network.
    """
    from synthesis.pipeline import known_retractions, load, retraction_of
    from synthesis.rendering.retraction import retraction_json, retraction_text

    if bool(keys) == known:
        raise click.UsageError("give keys of documents or studies, or --known, and not both")
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    if known:
        told, absent = known_retractions(loaded)
        keys = tuple(told)
        for key, one in told.items():
            click.echo(f"{key} is retracted: {one.says} ({one.where})", err=True)
        if absent:
            click.echo(f"not in the library, so that nothing rests on it here: {', '.join(absent)}", err=True)
        if not keys:
            click.echo("no document of the library is known to be retracted", err=True)
    found = retraction_of(loaded, keys, reports)
    if format == "json":
        write_json(retraction_json(found))
    else:
        click.echo(retraction_text(found), nl=False)
