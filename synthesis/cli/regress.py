"""`synth regress`: meta-regressions of the review's pools, or of any plain table."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synthesis.pooling.moderators.asked import Request

FORMULA = (
    "A formula, as '~ year + C(level)' or '~ setting * n'. Its names are columns of FILE, or of a review what its "
    "studies state: {names}."
)
PERMUTATIONS = "Permutation tests: exact, or a sample of N where there are more than 100000 arrangements."
PREDICT = "Effects expected at 'year=2000,2010;setting=prison' (each with each), or at the rows of a CSV file."
LEAST = 100  # arrangements of a sample


class Named(click.Option):
    """The formula's option, whose help lists the names that a review knows."""

    section = "Moderators"

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Flag and help with the names, which are read only for the help."""
        from synthesis.evidence.attributes import ATTRIBUTES

        found = super().get_help_record(ctx)
        return found and (found[0], found[1].replace("{names}", ", ".join(ATTRIBUTES)))


def arrangements(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """0 for all arrangements, else the size of a sample."""
    if value is None or value == "exact":
        return None if value is None else 0
    if not value.isdecimal() or int(value) < LEAST:
        raise click.BadParameter(f"{value!r}: write exact, or a number of arrangements from {LEAST} on")
    return int(value)


@click.command(cls=Moderated)
@click.option("--moderators", required=True, cls=Named, metavar="FORMULA", help=FORMULA)
@moderated("--scale", metavar="FORMULA", help="A location-scale model: moderators of log tau2.")
@moderated("--permutations", metavar="exact|N", callback=arrangements, help=PERMUTATIONS)
@moderated("--seed", type=click.IntRange(0), help="Seed of the sample of permutations.")
@moderated("--predict", multiple=True, metavar="VALUES|FILE", help=PREDICT)
@moderated("--against", metavar="FORMULA", help="A smaller model: likelihood-ratio test, with --method ML.")
@moderated("--residuals", is_flag=True, help="Each study's residuals, leverage and best unbiased prediction.")
@review_or_table
def regress(
    *, file: Path | None, moderators: str, scale: str | None, permutations: int | None, seed: int | None,
    predict: tuple[str, ...], against: str | None, residuals: bool, **given: Any,
) -> None:  # fmt: skip
    """Meta-regression of each pool of the review on what its studies state.

    A study that does not state a moderator is left out of that regression and listed; a pool whose studies do not
    carry the model says so in one line. With FILE, a CSV table is used instead, without a review: name its columns, as
    in `synth regress effects.csv --yi yi --vi vi --moderators "~ year + allocation"`; --by makes a regression of each
    group.
    """
    if predict and residuals and given["format"] == "csv":
        raise click.UsageError("one CSV holds --predict or --residuals: ask for one of them, or take --format json")
    if permutations and seed is None:
        raise click.UsageError("a sample of permutations needs a seed, so that it can be had again: --seed 1")
    from synthesis.pooling.moderators.asked import Request

    request = Request(
        moderators, scale, given["method"], given["test"], permute=permutations is not None,
        arrangements=permutations or None, seed=seed, new=_new_values(predict, moderators), residuals=residuals,
        against=against,
    )  # fmt: skip
    if file is None:
        _regress_review(request, **asked_of_review(given))
    else:
        _regress_file(file, request, given)


def _regress_review(request: Request, *, root: Path | None, format: str, skip_invalid: bool, **asked: Any) -> None:
    from synthesis.cli.progress import Progress
    from synthesis.evidence.moderators import regress_pools
    from synthesis.pipeline import load, pool_for
    from synthesis.rendering import regression_values as values
    from synthesis.rendering.pools import left_out_text
    from synthesis.rendering.regressions import text

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    evidence, chosen = pool_for(loaded, request, asked)
    with Progress(len(evidence.pools)) as progress:
        shown = values.of_pools(regress_pools(evidence, chosen, progress.say), evidence)
    if format == "json":
        write_json(values.review_json(shown, chosen, evidence))
    elif format == "csv":
        write_csv(*values.csv_table(shown, chosen))
        report_unstated(shown)
    else:
        click.echo(text(shown, chosen))
        click.echo(left_out_text(evidence), nl=False)


def _regress_file(file: Path, request: Request, given: dict[str, Any]) -> None:
    from dataclasses import replace

    from synthesis.plain import read_table
    from synthesis.plain.moderators import regress_table_of
    from synthesis.rendering import regression_values as values
    from synthesis.rendering.moderated import rows_left_text
    from synthesis.rendering.regressions import text

    shape = given["format"]
    asked = asked_of_table(given)
    chosen, found, left = regress_table_of(
        read_table(file), asked.columns, asked.reading, replace(request, level=asked.level), asked.by
    )
    shown = values.of_groups(found)
    if shape == "json":
        write_json(values.table_json(shown, chosen, left))
    elif shape == "csv":
        write_csv(*values.csv_table(shown, chosen))
        report_rows(left)
    else:
        click.echo(text(shown, chosen) + rows_left_text(left), nl=False)


def _new_values(given: Sequence[str], formula: str) -> dict[str, tuple[str, ...]]:
    """Columns of new values: every value of one name with every value of the others, or the rows of a table."""
    if not given:
        return {}
    from synthesis.plain import read_table
    from synthesis.plain.moderators import new_values
    from synthesis.pooling.moderators.formulas import variables

    files = [text for text in given if "=" not in text]
    if files:
        if len(given) > 1 or not Path(files[0]).is_file():
            raise click.UsageError(f"--predict {files[0]!r}: write NAME=VALUES;NAME=VALUES, or the name of a CSV file")
        return new_values(read_table(Path(files[0])), variables(formula))
    values: dict[str, tuple[str, ...]] = {}
    for part in (part for text in given for part in text.split(";") if part.strip()):
        name, sign, cells = (piece.strip() for piece in part.partition("="))
        if not (name and sign and cells) or name in values:
            raise click.UsageError(
                f"--predict {part.strip()!r}: write each name once, as 'year=2000,2010;setting=prison'"
            )
        values[name] = tuple(cell.strip() for cell in cells.split(","))
    rows = list(product(*values.values()))
    return {name: tuple(row[place] for row in rows) for place, name in enumerate(values)} if values else {}
