"""`synth forest`: the forest plot of one pool."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from synthesis.cli.options import given_root, review_root, skip_invalid
from synthesis.cli.pooling import pooling_options
from synthesis.cli.show import report_skipped

OUTPUT = "The file to write; its ending (.svg, .png, .pdf) is the format.  [default: MODALITY-OUTCOME.svg]"


@click.command()
@click.argument("modality")
@click.argument("outcome")
@review_root
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help=OUTPUT,
)
@click.option(
    "--family",
    type=click.Choice(["binary", "continuous", "time", "joined"]),
    help="The family of measures; by default that of the headline.",
)
@click.option("--active", is_flag=True, help="The pool against active comparators.")
@click.option("--dpi", type=click.IntRange(50, 1200), default=200, show_default=True, help="Dots per inch of a PNG.")
@pooling_options
@skip_invalid
def forest(
    *, modality: str, outcome: str, root: Path | None, output: Path | None, family: str | None, active: bool, dpi: int,
    skip_invalid: bool, **asked: Any,
) -> None:  # fmt: skip
    """Draw the forest plot of MODALITY on OUTCOME (SVG, PNG or PDF)."""
    from synthesis import files
    from synthesis.errors import InvalidArgument, did_you_mean
    from synthesis.pipeline import load, pool_review
    from synthesis.rendering.forest import chosen_pool, forest_data
    from synthesis.rendering.plots import PLOTS
    from synthesis.rendering.plots.canvas import FORMATS, render

    target = output or default_name(modality, outcome)
    kind = target.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise InvalidArgument(f"{target} ends in no format of a figure: {did_you_mean(kind, FORMATS)}")
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    evidence = pool_review(loaded, {**asked, "by": None, "modalities": (modality,), "outcomes": (outcome,)})
    pool = chosen_pool(evidence, family=family, active=active)
    data = forest_data(pool, loaded.records.review)
    files.write_atomic(target, render(PLOTS["forest"](data), kind, dpi))
    click.echo(f"wrote {target}", err=True)


def default_name(modality: str, outcome: str) -> Path:
    """A file of this folder; what is no letter, digit or `-` in the names becomes `_`, so that none leads out of it."""
    return Path(re.sub(r"[^\w-]", "_", f"{modality}-{outcome}") + ".svg")
