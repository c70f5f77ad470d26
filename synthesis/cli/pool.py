"""`synth pool`: pooled effects of the review, or of any plain table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.columns import column_options, given_columns
from synthesis.cli.of_file import (
    effect_options,
    flag,
    of_a_file,
    one_measure,
    optional_file,
    refuse_of_a_file,
    refuse_of_a_review,
    report_rows,
)
from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.pooling import pooled, pooling_options
from synthesis.cli.sections import Sections
from synthesis.cli.show import report_skipped, write_csv, write_json

if TYPE_CHECKING:
    from synthesis.pipeline import Loaded
    from synthesis.plain import Plan, Reading, Table
    from synthesis.plain.pools import PlainPools

MODEL = "Of counts: {codes}.  [default: INV, the effects of the studies]"
DEPENDENCE = (
    "How several effects of one study enter: select, one by the declared order; aggregate, the mean of all at the "
    "chosen follow-up; multilevel, all, with random effects of studies and of effects within them; robust, that model "
    "with CR2 tests. Effects of one study covary by the arms they share, else by --rho.  [default: select]"
)
OF_A_FILE = ("study", "weights", "tau2", "cluster", "add", "to", "drop00", "vtype", "back_transform")


@click.command(cls=Sections)
@optional_file
@pooling_options
@pooled("--model", codes="model", help=MODEL)
@pooled("--dependence", codes="dependence", help=DEPENDENCE)
@of_a_file("--cluster", metavar="COLUMN", help="The study of each row, for --dependence.")
@of_a_file("--weights", metavar="COLUMN", help="Weights of your own.")
@of_a_file("--tau2", type=float, help="tau2 known from elsewhere.")
@effect_options
@of_a_file("--back-transform", is_flag=True, default=None, help="Read on the measure's own scale, as r from z.")
@column_options
@click.option("--details", is_flag=True, help="Each pool with its studies; leave-one-out and Egger's test.")
@review_root
@output_format("table", "json", "csv")
@skip_invalid
def pool(*, file: Path | None, **given: Any) -> None:
    """Pooled effects by modality and outcome; under the table, every study left out with its reason.

    With FILE, a CSV table is pooled instead, without a review: name its columns, as in
    `synth pool effects.csv --yi yi --vi vi --by group` or `--ai a --n1i n1 --ci c --n2i n2 --measure RR`.
    `synth methods` says what every code means.
    """
    columns = given_columns(given)
    if file is None:
        refuse_of_a_file(given, OF_A_FILE, columns)
        _pool_review(**given)
    else:
        _pool_file(file, columns, **given)


def _pool_review(
    *,
    root: Path | None,
    format: str,
    details: bool,
    skip_invalid: bool,
    model: str | None,
    dependence: str | None,
    **asked: Any,
) -> None:
    from synthesis.evidence.robustness import robustness
    from synthesis.pipeline import load, pool_review
    from synthesis.rendering import pools as words

    counts = None if model == "INV" else model
    several = None if dependence == "select" else dependence
    if counts and several:
        raise click.UsageError("--model is of counts and --dependence of effects: one after the other")
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    if counts or several:
        _other_review(loaded, asked, counts, several or "", format=format, details=details)
        return
    evidence = pool_review(loaded, asked)
    if format == "json":
        write_json(words.evidence_json(evidence))
    elif format == "csv":
        write_csv(words.COLUMNS, words.csv_rows(evidence))
    else:
        click.echo(words.pool_table(evidence))
        if details:
            for one in evidence.pools:
                click.echo(words.details_text(one, robustness(one, evidence.options)))
        click.echo(words.left_out_text(evidence), nl=False)


def _other_review(
    loaded: Loaded, asked: dict[str, Any], model: str | None, dependence: str, *, format: str, details: bool
) -> None:
    """The pools of a review by another model."""
    from synthesis.cli.progress import Progress
    from synthesis.pipeline import other_model
    from synthesis.rendering import other_models as words
    from synthesis.rendering.pools import left_out_text

    refused = [name for name in ("tau2_interval", "prediction") if asked[name] is not None]
    if refused and dependence != "aggregate":
        raise click.UsageError(f"{flag(refused[0])} goes with effects that are pooled one a study")
    with Progress(0) as progress:
        evidence = other_model(loaded, asked, model=model, dependence=dependence, say=progress.say_of)
    if format == "json":
        write_json(words.other_json(evidence))
    elif format == "csv":
        write_csv(words.COLUMNS, words.csv_rows(evidence))
    else:
        click.echo(words.other_table(evidence, details=details))
        click.echo(left_out_text(evidence), nl=False)


def _pool_file(
    file: Path, columns: dict[str, str], *, format: str, details: bool, skip_invalid: bool,
    measure: tuple[str, ...] | None, by: tuple[str, ...] | None, method: str | None, test: str | None,
    level: float | None, tau2_interval: str | None, prediction: str | None, rho: float | None, model: str | None,
    dependence: str | None, study: str | None, weights: str | None, tau2: float | None, cluster: str | None,
    add: float | None, to: str | None, drop00: bool | None, vtype: str | None, back_transform: bool | None,
    **of_a_review: Any,
) -> None:  # fmt: skip
    from synthesis.plain import Plan, Reading, read_table
    from synthesis.rendering import plain as words

    refuse_of_a_review({"details": details, "skip_invalid": skip_invalid, **of_a_review})
    reading = Reading(one_measure(columns, measure), study, add, to, drop00, vtype)
    plan = Plan(by or (), method, test, 0.95 if level is None else level, weights, tau2, tau2_interval, prediction)
    pools, left = _pools(
        read_table(file), columns, reading, plan, model=None if model == "INV" else model, dependence=dependence,
        cluster=cluster, rho=rho,
    )  # fmt: skip
    back = bool(back_transform)
    if format == "json":
        write_json(words.plain_json(pools, left, back=back))
    elif format == "csv":
        write_csv(words.COLUMNS, words.plain_rows(pools, back=back))
        report_rows(left)
    else:
        click.echo(words.plain_table(pools, left, back=back), nl=False)


def _pools(
    table: Table, columns: dict[str, str], reading: Reading, plan: Plan, *,
    model: str | None, dependence: str | None, cluster: str | None, rho: float | None,
) -> PlainPools:  # fmt: skip
    """The pools of a table, by what was asked for."""
    from synthesis.plain import pool_table_counts, pool_table_dependent, pool_table_of

    if (dependence is None) != (cluster is None):
        raise click.UsageError("--dependence and --cluster go together: how, and the column that names the studies")
    if rho is not None and dependence is None:
        raise click.UsageError("--rho goes with --dependence and --cluster")
    refused = [name for name in ("weights", "tau2") if getattr(plan, name) is not None]
    if model is not None:
        refused += [name for name in ("tau2_interval", "prediction") if getattr(plan, name) is not None]
        refused += [name for name in ("add", "to", "vtype") if getattr(reading, name) is not None]
        refused += ["dependence"] if dependence else []
    if refused and (model or dependence):
        raise click.UsageError(f"{flag(refused[0])} does not go with {'--model' if model else '--dependence'}")
    if model is not None:
        return pool_table_counts(table, columns, reading, plan, model)
    if dependence is not None and cluster is not None:
        return pool_table_dependent(table, columns, reading, plan, dependence=dependence, cluster=cluster, rho=rho)
    return pool_table_of(table, columns, reading, plan)
