"""`synth bias`: tests for small-study effects, and effects adjusted for them and for selection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.drawing import draw_one
from synthesis.cli.figures import also_figure
from synthesis.cli.regress import arrangements
from synthesis.cli.sensitivity import (
    Sensitive,
    asks,
    file_or_cell,
    source_of,
    write_shown,
)

if TYPE_CHECKING:
    from synthesis.sensitivity.overview.bias import BiasOverview
    from synthesis.sensitivity.overview.subject import Subject

LEAST = 3  # studies that trim-and-fill needs
NAMED = "Only this method, in full; may be repeated.  `--show list` lists them."
PERMUTATIONS = "Permutation p of the tests: exact, or a sample of N where there are more than 50000 arrangements."
FAVOURS = "The side that selection favours.  [default: of a review the benefit, of a FILE the side of the mean]"


@click.command(cls=Sensitive)
@asks("--show", multiple=True, metavar="METHOD", help=NAMED)
@asks("--favours", type=click.Choice(["greater", "less"]), help=FAVOURS)
@asks("--permutations", metavar="exact|N", callback=arrangements, help=PERMUTATIONS)
@asks("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the sample of permutations.")
@also_figure
@file_or_cell
def bias(
    *, what: tuple[str, ...], show: tuple[str, ...], favours: str | None, permutations: int | None, seed: int,
    figure: Path | None, **given: Any,
) -> None:  # fmt: skip
    """Whether small studies find other effects, and what would remain if results had been selected.

    All tests that fit the measure and the number of studies, trim-and-fill, Henmi-Copas, PET-PEESE, limit
    meta-analysis, selection models, p-uniform*, Copas, excess significance, p-curve and fail-safe numbers, each with
    whether it is usable here and why not. With FILE, a CSV table is used in place of the review, as in
    `synth bias effects.csv --yi yi --vi vi`; with MODALITY OUTCOME only that cell.
    """
    from synthesis.rendering.sensitivity_bias import IN_FULL, OVERVIEW
    from synthesis.sensitivity.overview.bias import Permutations, bias_overview
    from synthesis.sensitivity.overview.bias_methods import BIAS

    if "list" in show:
        _list()
        return
    _refuse_method(given["test"])
    source = source_of(what, given)
    permuted = None
    if permutations is not None:
        permuted = Permutations(exact=None if permutations else True, arrangements=permutations or 1, seed=seed)

    def overview(subject: Subject, say: Callable[[str], None]) -> BiasOverview:
        return bias_overview(replace(subject, favours=favours or subject.favours), show, permutations=permuted, say=say)

    shown = source.shown(overview, len(show or BIAS))
    if figure is not None:
        from synthesis.rendering.figures.of_pool import funnel_of_subject

        draw_one(
            figure,
            "funnel",
            source,
            shown,
            lambda one, words: funnel_of_subject(one.subject, words, fill="L0" if len(one.names) >= LEAST else None),
        )
    write_shown(source, shown, IN_FULL if show else OVERVIEW)


def _list() -> None:
    """Every method with its meaning."""
    from synthesis.cli.show import write_table
    from synthesis.sensitivity.overview.bias_finding import KINDS
    from synthesis.sensitivity.overview.bias_methods import BIAS

    write_table(
        ["method", "kind", "studies", "what it is"],
        [[name, KINDS[one.kind], f"{one.least} or more", one.meaning] for name, one in BIAS.items()],
    )


def _refuse_method(test: str | None) -> None:
    """A usage error for a method of this command where the test of the mean is meant."""
    if test is None:
        return
    from synthesis.sensitivity.overview.bias_methods import BIAS

    if test in BIAS:
        raise click.UsageError(f"--test is the test of the mean, as in `synth pool`: write --show {test}")
