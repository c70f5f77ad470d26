"""`synth forest`: the forest plot of one pool."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from synthesis.cli.figures import figure_options, target_of, write_figure
from synthesis.cli.options import given_root, review_root, skip_invalid
from synthesis.cli.pooling import pooling_options
from synthesis.cli.show import report_skipped


@click.command()
@click.argument("modality")
@click.argument("outcome")
@review_root
@figure_options
@click.option(
    "--family",
    type=click.Choice(["binary", "continuous", "time", "joined"]),
    help="The family of measures; by default that of the headline.",
)
@click.option("--active", is_flag=True, help="The pool against active comparators.")
@pooling_options
@skip_invalid
def forest(
    *, modality: str, outcome: str, root: Path | None, output: Path | None, family: str | None, active: bool, dpi: int,
    title: str | None, skip_invalid: bool, **asked: Any,
) -> None:  # fmt: skip
    """Draw the forest plot of MODALITY on OUTCOME (SVG, PNG or PDF)."""
    from synthesis.pipeline import load, pool_review
    from synthesis.rendering.figures.forest import chosen_pool, forest_data

    target = target_of(output, modality, outcome)
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    evidence = pool_review(loaded, {**asked, "by": None, "modalities": (modality,), "outcomes": (outcome,)})
    pool = chosen_pool(evidence, family=family, active=active)
    data = forest_data(pool, loaded.records.review)
    write_figure(target, "forest", replace(data, title=title or data.title), dpi)
