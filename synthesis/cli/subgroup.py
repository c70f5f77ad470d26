"""`synth subgroup`: kinds of studies compared, in the review's pools or in any plain table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from synthesis.cli.moderating import (
    Moderated,
    asked_of_review,
    asked_of_table,
    moderated,
    report_unstated,
    review_or_table,
)
from synthesis.cli.of_file import report_rows
from synthesis.cli.options import given_root
from synthesis.cli.show import report_skipped, write_csv, write_json

TAU2 = "separate: each kind is pooled by itself; common: one tau2 for all of them."
NOT_STATED = "Studies that do not state it are a kind of their own; else they are left out."


@click.command(cls=Moderated)
@moderated(
    "--group", required=True, metavar="NAME", help="A column of FILE, or of a review setting, level, country, ..."
)
@moderated("--tau2", type=click.Choice(["separate", "common"]), default="separate", show_default=True, help=TAU2)
@moderated("--not-stated", is_flag=True, help=NOT_STATED)
@review_or_table
def subgroup(*, file: Path | None, group: str, tau2: str, not_stated: bool, **given: Any) -> None:
    """The effect in each kind of study, and the test of whether the kinds differ, in each pool of the review.

    With FILE, a CSV table is used instead, without a review: name its columns, as in
    `synth subgroup effects.csv --yi yi --vi vi --group allocation`.
    """
    if file is None:
        _compare_review(group, tau2, not_stated=not_stated, **asked_of_review(given))
    else:
        _compare_file(file, group, given, tau2=tau2, not_stated=not_stated)


def _compare_review(
    group: str, tau2: str, *, not_stated: bool, root: Path | None, format: str, skip_invalid: bool, **asked: Any
) -> None:
    from synthesis.pipeline import compare_review, load
    from synthesis.rendering import subgroups as words
    from synthesis.rendering.pools import left_out_text

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    evidence, found = compare_review(loaded, group, asked, tau2=tau2, not_stated=not_stated)
    shown = words.of_pools(found, evidence)
    if format == "json":
        write_json(words.review_json(shown, group, evidence))
    elif format == "csv":
        write_csv(*words.csv_table(shown))
        report_unstated(shown)
    else:
        click.echo(words.text(shown))
        click.echo(left_out_text(evidence), nl=False)


def _compare_file(file: Path, group: str, given: dict[str, Any], *, tau2: str, not_stated: bool) -> None:
    from synthesis.plain import read_table
    from synthesis.plain.moderators import subgroup_table_of
    from synthesis.rendering import subgroups as words
    from synthesis.rendering.moderated import rows_left_text

    shape = given["format"]
    asked = asked_of_table(given)
    found, left = subgroup_table_of(
        read_table(file), asked.columns, asked.reading, group, asked.by, not_stated=not_stated, tau2=tau2,
        method=asked.method or "REML", test=asked.test or "adhoc", level=asked.level,
    )  # fmt: skip
    shown = words.of_groups(found)
    if shape == "json":
        write_json(words.table_json(shown, group, left))
    elif shape == "csv":
        write_csv(*words.csv_table(shown))
        report_rows(left)
    else:
        click.echo(words.text(shown) + rows_left_text(left), nl=False)
