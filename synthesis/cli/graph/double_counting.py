"""`synth graph double-counting`: one sample that counts twice."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_json


@click.command("double-counting")
@click.option(
    "--same", metavar="STUDY=STUDY", multiple=True, help="Two studies known to be one sample; can be given again."
)
@review_root
@output_format("table", "json")
@skip_invalid
def double_counting(*, same: tuple[str, ...], root: Path | None, format: str, skip_invalid: bool) -> None:
    """Show every pool and every score that may count one sample twice, as it is and with each sample counted once.

    In a pool: two records that share a report, have the same numbers, or were read in two reviews and look like one
    trial. In a score: two such records, or a review that a generous reading counts as a study beside a study that
    is in it. Suspicions are no proof: only the reports tell. Nothing is written.
    """
    from synthesis.pipeline import double_counting_of, load
    from synthesis.rendering.double_counting import counted_twice_json, counted_twice_text

    pairs = [_pair(text) for text in same]
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    found = double_counting_of(loaded, pairs)
    if format == "json":
        write_json(counted_twice_json(found))
    else:
        click.echo(counted_twice_text(found), nl=False)


def _pair(text: str) -> tuple[str, str]:
    one, sign, other = (part.strip() for part in text.partition("="))
    if not (one and sign and other):
        raise click.UsageError(f"{text!r} is no pair: write STUDY=STUDY, as in doe2001=doe2003")
    return one, other
