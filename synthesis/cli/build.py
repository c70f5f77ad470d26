"""`synth build`: all of outputs/, written or compared."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, review_root, skip_invalid
from synthesis.cli.outputs import finish
from synthesis.cli.progress import Progress
from synthesis.cli.show import report_skipped


@click.command()
@review_root
@click.option("--check", is_flag=True, help="Write nothing: show what differs, and exit 1 if anything does.")
@skip_invalid
@click.pass_context
def build(context: click.Context, *, root: Path | None, check: bool, skip_invalid: bool) -> None:
    """Regenerate all of outputs/: pools, effects, matrix, cross-check, overlap."""
    from synthesis import pipeline

    loaded = pipeline.load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    with Progress(len(pipeline.BUILD_STEPS)) as progress:
        made = pipeline.build(loaded, progress.say)
    finish(context, loaded.root, made, check=check, whole=True)
