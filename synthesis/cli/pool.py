"""`synth pool`: pooled effects of the review, or of any plain table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.pooling import pooling_options
from synthesis.cli.show import report_skipped, write_csv, write_json

ROLES = (
    "yi", "vi", "sei", "ai", "bi", "ci", "di", "n1i", "n2i", "m1i", "sd1i", "m2i", "sd2i",
    "x1i", "t1i", "x2i", "t2i", "estimate", "se", "ci_low", "ci_high", "p",
)  # fmt: skip


def column_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for each column that a plain table can give."""
    for role in reversed(ROLES):
        flag = f"--{role.replace('_', '-')}"
        command = click.option(flag, role, metavar="COLUMN", help=f"Column of {role}.")(command)
    return click.option("--study", metavar="COLUMN", help="Column of the studies' names.")(command)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@review_root
@pooling_options
@click.option("--details", is_flag=True, help="Each pool with its studies, leave-one-out and Egger's test.")
@output_format("table", "json", "csv")
@skip_invalid
@column_options
def pool(*, file: Path | None, **given: Any) -> None:
    """Pooled effects by modality and outcome; under the table, every study left out with its reason.

    With FILE, a CSV table is pooled instead, without a review: name its columns, as in
    `synth pool effects.csv --yi yi --vi vi --by group` or `--ai a --n1i n1 --ci c --n2i n2 --measure RR`.
    """
    columns = {role: given.pop(role) for role in ROLES}
    study = given.pop("study")
    if file is None:
        named = [role for role, column in columns.items() if column]
        if named or study:
            raise click.UsageError("columns are named only for a FILE; without one the review is pooled")
        _pool_review(**given)
    else:
        _pool_file(file, {role: column for role, column in columns.items() if column}, study, **given)


def _pool_review(
    *,
    root: Path | None,
    format: str,
    details: bool,
    skip_invalid: bool,
    **asked: Any,
) -> None:
    from synthesis.evidence.robustness import robustness
    from synthesis.pipeline import load, pool_review
    from synthesis.rendering import pools as words

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
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


def _pool_file(
    file: Path, columns: dict[str, str], study: str | None, *, format: str, details: bool, by: tuple[str, ...] | None,
    measure: tuple[str, ...] | None, method: str | None, test: str | None, level: float | None, **other: Any,
) -> None:  # fmt: skip
    from synthesis.plain import pool_table_of, read_table
    from synthesis.rendering import plain as words

    flags = {"details": details or None, "skip_invalid": other.pop("skip_invalid") or None}
    refused = [name for name, value in (flags | other).items() if value is not None]
    if refused:
        name = {"modalities": "modality", "outcomes": "outcome"}.get(refused[0], refused[0])
        raise click.UsageError(f"--{name.replace('_', '-')} is for a review, not for a table")
    if not columns:
        raise click.UsageError("name the columns of the table, as --yi COLUMN --vi COLUMN")
    pools, left = pool_table_of(
        read_table(file), columns, measure=measure[0] if measure else None, by=by or (), study=study,
        method=method or "REML", test=test or "adhoc", level=0.95 if level is None else level,
    )  # fmt: skip
    if format == "json":
        write_json(words.plain_json(pools, left))
    elif format == "csv":
        write_csv(words.COLUMNS, words.plain_rows(pools))
        for one in left:
            click.echo(f"left out: {one.study} (line {one.line}): {one.reason}", err=True)
    else:
        click.echo(words.plain_table(pools, left), nl=False)
