"""`synth crosscheck`: points against pooled effects against published ones."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.figures import also_figure, write_figure
from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.progress import Progress
from synthesis.cli.show import report_skipped, write_csv, write_json


@click.command()
@review_root
@click.option("--agreement", is_flag=True, help="How the rules agree on the same cells: kappa of every pair.")
@click.option(
    "--draws",
    type=click.IntRange(min=1),
    help="Draws of the studies for --agreement. A study drawn twice counts once, and a draw holds about 63 % of them: "
    "95 % of draws are shown, which is no confidence interval.  [default: 500]",
)
@click.option("--seed", type=click.IntRange(min=0), help="Seed of these draws.  [default: 2009]")
@also_figure
@output_format("table", "json", "csv")
@skip_invalid
def crosscheck(
    *,
    root: Path | None,
    agreement: bool,
    draws: int | None,
    seed: int | None,
    figure: Path | None,
    format: str,
    skip_invalid: bool,
) -> None:
    """Compare points with pooled effects and with what others pooled, and say what drives each status.

    For every modality and outcome: points and clause, the pool by adhoc and by z, published results, the status and
    what stands behind it, and whether the disagreement is one of eligibility. Across cells: how often they disagree.
    """
    from synthesis.pipeline import agreement_of, crosscheck_of, load, pool_review, sensitivities_of
    from synthesis.rendering import crosscheck as words
    from synthesis.rendering.outputs import engine_text

    _check(agreement=agreement, draws=draws, seed=seed, format=format)
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    evidence = pool_review(loaded)
    with Progress(len(evidence.pools)) as progress:
        varied = sensitivities_of(evidence, headlines=True, say=progress.say)
    checks = crosscheck_of(loaded, evidence, sensitivities=varied)
    if figure is not None:
        from synthesis.rendering.figures.points_pools import points_pools_data

        write_figure(figure, "points_pools", points_pools_data(checks, loaded.records.review.title))
    rules = agreement_of(loaded, evidence, draws=draws, seed=seed) if agreement else None
    if format == "json":
        write_json(words.crosscheck_json(checks, rules))
    elif format == "csv":
        write_csv(words.COLUMNS, words.csv_rows(checks))
    else:
        click.echo(words.crosscheck_table(checks, rules), nl=False)
        click.echo(f"\n{engine_text(evidence)}", nl=False)


def _check(*, agreement: bool, draws: int | None, seed: int | None, format: str) -> None:
    """Refuse what would silently do nothing."""
    if not agreement and (draws is not None or seed is not None):
        raise click.UsageError("--draws and --seed belong to --agreement")
    if agreement and format == "csv":
        raise click.UsageError("--agreement has no CSV: choose --format table or json")
