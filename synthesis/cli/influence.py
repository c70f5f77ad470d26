"""`synth influence`, `synth gosh`, `synth cumulative`, `synth leave-one-out`: what single studies do to a pool."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.drawing import draw_one
from synthesis.cli.figures import also_figure
from synthesis.cli.sensitivity import (
    Sensitive,
    asks,
    file_or_cell,
    source_of,
    write_shown,
)

if TYPE_CHECKING:
    from synthesis.sensitivity.overview.subject import Subject
    from synthesis.sensitivity.subsets.every_subset import Gosh

MODERATORS = "A formula, as '~ year + C(level)': influence on a regression in place of the pool."
REGRESSIONS = "A formula: its regression without each study in place of the pool."
LEFT_GROUPS = "Leave out groups: a column of FILE, or of a review level, country, setting, year, ..."
ORDER = "year, precision (the most precise first), level, rows, or what else is stated: a column of FILE."
SUBSETS = "How many subsets to draw where there are more than 20 studies."
LARGE = 17  # studies from which on all subsets take a while


@click.command(cls=Sensitive, without=("level",))
@asks("--mods", metavar="FORMULA", help=MODERATORS)
@also_figure
@file_or_cell
def influence(*, what: tuple[str, ...], mods: str | None, figure: Path | None, **given: Any) -> None:
    """How far each study moves each pool, or its regression: residuals, DFFITS, Cook's distance, DFBETAS, Baujat.

    Also effects drawn towards the mean, and pairs of outliers that hide one another. With FILE, a CSV table is used in
    place of the review, as in `synth influence effects.csv --yi yi --vi vi`; with MODALITY OUTCOME only that cell.
    """
    from synthesis.rendering.sensitivity_influence import INFLUENCE
    from synthesis.sensitivity.overview.on_subject import influence_of

    names, factors = _moderators(mods)
    source = source_of(what, given, names, as_names=factors)
    shown = source.shown(lambda subject, _: influence_of(subject, mods))
    if figure is not None:
        from synthesis.rendering.figures.of_sensitivity import influence_data

        draw_one(
            figure, "influence", source, shown,
            lambda one, words: influence_data(one.found.measures, one.names, words),
        )  # fmt: skip
    write_shown(source, shown, INFLUENCE)


def _moderators(formula: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a formula, and those of them that it takes as names."""
    if formula is None:
        return (), ()
    from synthesis.pooling.moderators.formulas import as_factor, variables

    names = variables(formula)
    return names, tuple(name for name in names if as_factor(formula, name))


@click.command(cls=Sensitive)
@asks("--by-group", metavar="NAME", help=LEFT_GROUPS)
@asks("--mods", metavar="FORMULA", help=REGRESSIONS)
@also_figure
@file_or_cell
def leave_one_out(
    *, what: tuple[str, ...], by_group: str | None, mods: str | None, figure: Path | None, **given: Any
) -> None:  # fmt: skip
    """Each pool without each of its studies, or without each group of studies; or its regression without each.

    With FILE, a CSV table is used in place of the review, as in `synth leave-one-out effects.csv --yi yi --vi vi`;
    with MODALITY OUTCOME only that cell.
    """
    if mods is not None:
        if by_group or figure:
            raise click.UsageError(f"--mods does not go with {'--by-group' if by_group else '--figure'}")
        _regressions(what, mods, given)
        return
    from synthesis.rendering.sensitivity_pools import WITHOUT, left_out
    from synthesis.sensitivity.overview.on_subject import without_each, without_groups

    source = source_of(what, given, (by_group,) if by_group else ())
    shown = source.shown(lambda subject, _: without_groups(subject, by_group) if by_group else without_each(subject))
    if figure is not None:
        from synthesis.rendering.figures.of_sensitivity import leave_one_out_data

        draw_one(
            figure, "forest", source, shown,
            lambda one, words: leave_one_out_data(one.found.without, left_out(one), one.found.whole, words),
        )  # fmt: skip
    write_shown(source, shown, WITHOUT)


def _regressions(what: tuple[str, ...], mods: str, given: dict[str, Any]) -> None:
    """The regressions without each study."""
    from synthesis.rendering.sensitivity_regressions import REGRESSIONS as WORDS
    from synthesis.sensitivity.overview.on_subject import regressions_of

    names, factors = _moderators(mods)
    source = source_of(what, given, names, as_names=factors)
    write_shown(source, source.shown(lambda subject, _: regressions_of(subject, mods)), WORDS)


@click.command(cls=Sensitive, without=("by",))
@asks("--by", "order", required=True, metavar="ORDER", help=ORDER)
@asks("--descending", is_flag=True, help="The largest value first.")
@asks("--together", is_flag=True, help="Studies of one value are added in one step.")
@asks("--groups", metavar="NAMES", help="Groupings with commas, as --by of `synth pool`.")
@also_figure
@file_or_cell
def cumulative(
    *, what: tuple[str, ...], order: str, descending: bool, together: bool, groups: str | None,
    figure: Path | None, **given: Any,
) -> None:  # fmt: skip
    """Each pool as it grew: of the first study, the first two, and so on to all of them.

    With FILE, a CSV table is used in place of the review, as in
    `synth cumulative trials.csv --yi yi --vi vi --by year`; with MODALITY OUTCOME only that cell.
    """
    from synthesis.cli.pooling import parts
    from synthesis.rendering.sensitivity_pools import STEPS
    from synthesis.sensitivity.deletion.cumulative import OWN_ORDERS
    from synthesis.sensitivity.overview.on_subject import built_up

    given["by"] = parts(click.get_current_context(), click.Option(["--groups"]), groups)
    source = source_of(what, given, () if order in OWN_ORDERS else (order,))
    shown = source.shown(lambda subject, _: built_up(subject, order, descending=descending, together=together))
    if figure is not None:
        from synthesis.rendering.figures.of_sensitivity import cumulative_data

        draw_one(
            figure, "forest", source, shown,
            lambda one, words: cumulative_data(one.found, one.names, one.subject.pooled(), words),
        )  # fmt: skip
    write_shown(source, shown, STEPS)


@click.command(cls=Sensitive, without=("test", "level"))
@asks("--subsets", type=click.IntRange(min=100), default=100_000, show_default=True, help=SUBSETS)
@asks("--seed", type=click.IntRange(0), default=1, show_default=True, help="Where drawing begins.")
@also_figure
@file_or_cell
def gosh(*, what: tuple[str, ...], subsets: int, seed: int, figure: Path | None, **given: Any) -> None:
    """Each pool by every subset of its studies: where the estimates and I2 lie, and which study splits them.

    Up to 20 studies all subsets are pooled, beyond that a sample. With FILE, a CSV table is used in place of the
    review, as in `synth gosh effects.csv --yi yi --vi vi`; with MODALITY OUTCOME only that cell.
    """
    from synthesis.rendering.sensitivity_influence import GOSH

    source = source_of(what, given)
    shown = source.shown(lambda subject, _: _subsets(subject, subsets, seed))
    if figure is not None:
        from synthesis.rendering.figures.of_sensitivity import gosh_data

        draw_one(
            figure, "gosh", source, shown,
            lambda one, words: gosh_data(one.found, one.names, words, whole=one.subject.pooled()),
        )  # fmt: skip
    write_shown(source, shown, GOSH)


def _subsets(subject: Subject, subsets: int, seed: int) -> Gosh:
    """All subsets of one pool, with a line on a terminal before what takes a while by itself."""
    from synthesis.sensitivity.overview.on_subject import subsets_of

    if len(subject.names) >= LARGE and sys.stderr.isatty():
        click.echo(f"subsets of {len(subject.names)} studies ...", err=True)
    return subsets_of(subject, subsets, seed)
