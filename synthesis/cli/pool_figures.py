"""`synth funnel`, `radial`, `baujat`, `drapery`, `qq` and `p-curve`: figures of the studies of one pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.drawing import listed
from synthesis.cli.figures import figure_options, target_of, write_figure
from synthesis.cli.sensitivity import Sensitive, asks, file_or_cell, source_of

if TYPE_CHECKING:
    from synthesis.rendering.figures.of_pool import PoolWords
    from synthesis.sensitivity.overview.subject import Subject

F = Callable[..., Any]
DRAWN = ("output", "title", "dpi")
OF_ONE = ("family", "active", "better")
FAMILY = "The family of measures; by default that of the headline."
BETTER = "Of a FILE: which effects are a benefit; names the sides of the figure."
FILL = "Add the studies that trim-and-fill (L0, R0 or Q0) takes for missing."


class Drawn(Sensitive):
    """A command that draws one pool: with the options of `synth pool` that say what enters and how."""

    def __init__(self, name: str | None, *, params: list[click.Parameter], **given: Any) -> None:
        super().__init__(name, params=params, without=("format",), **given)


def of_one_pool(command: F) -> F:
    """FILE, or MODALITY and OUTCOME of the review; which of its pools; and where the figure goes."""
    options = (
        file_or_cell,
        figure_options,
        asks("--family", type=click.Choice(["binary", "continuous", "time", "joined"]), help=FAMILY),
        asks("--active", is_flag=True, help="The pool against active comparators."),
        asks("--better", type=click.Choice(["higher", "lower"]), help=BETTER),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=Drawn)
@asks("--fill", help=FILL)
@asks("--pet-peese", is_flag=True, help="The lines of PET and PEESE.")
@asks("--no-contours", is_flag=True, help="Without the areas of significance.")
@of_one_pool
def funnel(*, what: tuple[str, ...], fill: str | None, pet_peese: bool, no_contours: bool, **given: Any) -> None:
    """Draw the effects of one pool against their standard errors, with areas of significance about no effect.

    With FILE, a CSV table is drawn in place of the review, as in `synth funnel effects.csv --yi yi --vi vi`.
    """

    def data(subject: Subject, words: PoolWords) -> Any:
        from synthesis.rendering.figures.of_pool import funnel_of_subject

        return funnel_of_subject(subject, words, fill=fill, trends=pet_peese, contours=not no_contours)

    _draw("funnel", what, data, given)


@click.command(cls=Drawn)
@of_one_pool
def radial(*, what: tuple[str, ...], **given: Any) -> None:
    """Draw the effects of one pool in standard errors against precision, with an arc of effects (Galbraith).

    With FILE, a CSV table is drawn in place of the review, as in `synth radial effects.csv --yi yi --vi vi`.
    """

    def data(subject: Subject, words: PoolWords) -> Any:
        from synthesis.rendering.figures.of_pool import radial_data

        return radial_data(subject, words)

    _draw("radial", what, data, given)


@click.command(cls=Drawn)
@of_one_pool
def baujat(*, what: tuple[str, ...], **given: Any) -> None:
    """Draw what each study of one pool adds to heterogeneity against how far it moves the result (Baujat).

    With FILE, a CSV table is drawn in place of the review, as in `synth baujat effects.csv --yi yi --vi vi`.
    """

    def data(subject: Subject, words: PoolWords) -> Any:
        from synthesis.rendering.figures.of_pool import baujat_data

        return baujat_data(subject, words)

    _draw("baujat", what, data, given)


@click.command(cls=Drawn)
@of_one_pool
def drapery(*, what: tuple[str, ...], **given: Any) -> None:
    """Draw the p-value of every hypothesis about the effect, by each study of one pool and by the pool.

    With FILE, a CSV table is drawn in place of the review, as in `synth drapery effects.csv --yi yi --vi vi`.
    """

    def data(subject: Subject, words: PoolWords) -> Any:
        from synthesis.rendering.figures.of_pool import drapery_data

        return drapery_data(subject, words)

    _draw("drapery", what, data, given)


@click.command(cls=Drawn)
@asks("--simultaneous", is_flag=True, help="An envelope that holds all residuals at once, in place of each.")
@of_one_pool
def qq(*, what: tuple[str, ...], simultaneous: bool, **given: Any) -> None:
    """Draw the residuals of one pool against those that a normal distribution lets expect.

    With FILE, a CSV table is drawn in place of the review, as in `synth qq effects.csv --yi yi --vi vi`.
    """

    def data(subject: Subject, words: PoolWords) -> Any:
        from synthesis.rendering.figures.of_pool import qq_data

        return qq_data(subject, words, simultaneous=simultaneous)

    _draw("qq", what, data, given)


@click.command(cls=Drawn)
@of_one_pool
def p_curve(*, what: tuple[str, ...], **given: Any) -> None:
    """Draw how the significant p-values of one pool are distributed, beside no effect and 33 % power.

    With FILE, a CSV table is drawn in place of the review, as in `synth p-curve effects.csv --yi yi --vi vi`.
    """

    def data(subject: Subject, words: PoolWords) -> Any:
        from synthesis.rendering.figures.of_sensitivity import p_curve_data
        from synthesis.sensitivity.selection.p_curve import p_curve as curve

        return p_curve_data(curve(subject.yi, subject.vi), words)

    _draw("p_curve", what, data, given)


def _draw(name: str, what: Sequence[str], data: Callable[[Subject, PoolWords], Any], given: dict[str, Any]) -> None:
    """One pool of the review or of a table, drawn."""
    output, title, dpi = (given.pop(each) for each in DRAWN)
    target = target_of(output, name, *(Path(word).stem if len(what) == 1 else word for word in what))
    subject, words = _subject(what, given)
    found = data(subject, words)
    write_figure(target, name, replace(found, title=title or found.title), dpi)


def _subject(what: Sequence[str], given: dict[str, Any]) -> tuple[Subject, PoolWords]:
    """The studies of the one pool that is asked for, and the words around its figure."""
    family, active, better = (given.pop(each) for each in OF_ONE)
    given["format"] = "table"
    if len(what) == 1:
        if family or active:
            raise click.UsageError("--family and --active are for a review, not for a table")
        return _of_table(what, given, better)
    if len(what) != 2:
        raise click.UsageError("name one MODALITY and one OUTCOME, or a FILE")
    if better:
        raise click.UsageError("--better is for a FILE, not for a review")
    return _of_review(what, given, family, active=active)


def _of_table(what: Sequence[str], given: dict[str, Any], better: str | None) -> tuple[Subject, PoolWords]:
    from synthesis.rendering.figures.of_pool import words_of_table

    source = source_of(what, given)
    there = [(about, one) for about, one in zip(source.abouts, source.subjects, strict=True) if one is not None]
    if len(there) != 1:
        raise click.UsageError(f"a figure draws one pool: {listed([about.title for about, _ in there])}")
    about, subject = there[0]
    return subject, words_of_table(str(about.columns["measure"]), title=Path(what[0]).stem, better=better)


def _of_review(
    what: Sequence[str], given: dict[str, Any], family: str | None, *, active: bool
) -> tuple[Subject, PoolWords]:
    from synthesis.rendering.figures.forest import chosen_pool
    from synthesis.rendering.figures.of_pool import words_of_pool

    if given["by"]:
        raise click.UsageError("MODALITY OUTCOME stand in place of --by")
    source = source_of(what, given)
    assert source.evidence is not None  # two words name a cell of a review
    assert source.review is not None
    pool = chosen_pool(source.evidence, family=family, active=active)
    subject = next(one for one, other in zip(source.subjects, source.pools, strict=True) if other is pool)
    assert subject is not None  # nothing is asked of the studies that one could lack
    return subject, words_of_pool(pool, source.review)
