"""`synth harvest`, `synth effect-direction` and `synth albatross`: figures of studies rather than of pools."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.figures import figure_options, target_of, write_figure
from synthesis.cli.options import given_root, review_root, skip_invalid
from synthesis.cli.pooling import OUTCOMES, F, entering_options
from synthesis.cli.sections import Sections
from synthesis.cli.show import report_skipped

if TYPE_CHECKING:
    from synthesis.evidence import Evidence
    from synthesis.records.review import Review

EVERY_LEVEL = (1, 2, 3, 4, 5)
MANY = "all"  # in the name of the file, where no modality is named
ATTRIBUTE = "(setting, comparator, level, allocation, country, ...)"


def of_studies(command: F) -> F:
    """What the three share: which findings are drawn, where the figure goes, and the review."""
    for option in (
        skip_invalid,
        entering_options,
        figure_options,
        click.option("--active", is_flag=True, help="Studies against active comparators, in place of the others."),
        review_root,
    ):
        command = option(command)
    return command


@click.command(cls=Sections)
@click.argument("modalities", nargs=-1, metavar="[MODALITY]...")
@OUTCOMES
@of_studies
@click.option("--pattern", default="setting", show_default=True, metavar="NAME", help=f"What patterns show {ATTRIBUTE}")
@click.option(
    "--direction",
    type=click.Choice(["computed", "reported"]),
    default="computed",
    show_default=True,
    help="Which one places a study where both are known.",
)
def harvest(*, modalities: tuple[str, ...], pattern: str, direction: str, **given: Any) -> None:
    """Draw every study of each MODALITY as a bar under harm, no difference or benefit, as high as its Maryland level.

    A row for each outcome; with several modalities (all, where none is named) for each of both. Studies of every
    level are drawn, unless --maryland names some.
    """

    def data(evidence: Evidence, review: Review, title: str, *, active: bool) -> Any:
        from synthesis.rendering.figures.harvest import harvest_data

        return harvest_data(evidence, review, kind=pattern, by=direction, active=active, title=title)

    given["maryland"] = given["maryland"] or EVERY_LEVEL
    _draw("harvest", modalities, data, given)


@click.command(cls=Sections)
@click.argument("modalities", nargs=-1, metavar="[MODALITY]...")
@OUTCOMES
@of_studies
@click.option(
    "--agree",
    type=float,
    default=0.7,
    show_default=True,
    help="The share of a study's findings on an outcome that must point one way; the default is our choice.",
)
def effect_direction(*, modalities: tuple[str, ...], agree: float, **given: Any) -> None:
    """Draw the studies of each MODALITY by outcomes, an arrow for what each found, whatever its significance.

    Under each outcome stands the sign test. All modalities, where none is named.
    """

    def data(evidence: Evidence, review: Review, title: str, *, active: bool) -> Any:
        from synthesis.rendering.figures.effect_direction import effect_direction_data

        return effect_direction_data(evidence, review, agree=agree, active=active, title=title)

    _draw("effect_direction", modalities, data, given)


@click.command(cls=Sections)
@click.argument("modality")
@click.argument("outcome")
@of_studies
@click.option("--contours", metavar="CODE", help="SMD, OR, RR or COR.  [default: as the pool, where it has contours]")
@click.option(
    "--baseline-risk",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="The control group's, for contours of a ratio.  [default: the median of the control groups]",
)
@click.option("--marks", default="level", show_default=True, metavar="NAME", help=f"What marks show {ATTRIBUTE}")
def albatross(
    *, modality: str, outcome: str, contours: str | None, baseline_risk: float | None, marks: str, **given: Any
) -> None:
    """Draw the p-value of each study of MODALITY on OUTCOME against its participants, with contours of equal effect."""

    def data(evidence: Evidence, review: Review, title: str, *, active: bool) -> Any:
        from synthesis.rendering.figures.albatross import albatross_data

        chosen = {"contours": contours, "baseline": baseline_risk, "group": marks}
        return albatross_data(evidence, review, **chosen, active=active, title=title)

    given["outcomes"] = (outcome,)
    _draw("albatross", (modality,), data, given)


def _draw(name: str, modalities: tuple[str, ...], data: Callable[..., Any], given: dict[str, Any]) -> None:
    """The review's evidence on what is asked for, as data, drawn."""
    from synthesis.pipeline import load, pool_review

    root, output, title, dpi, active = (given.pop(each) for each in ("root", "output", "title", "dpi", "active"))
    skip = given.pop("skip_invalid")
    names = (*modalities, *(given["outcomes"] or ()))
    target = target_of(output, name, *(names or (MANY,)))
    loaded = load(given_root(root), skip_invalid=skip)
    report_skipped(loaded.skipped)
    evidence = pool_review(loaded, {**given, "modalities": modalities or None})
    write_figure(target, name, data(evidence, loaded.records.review, title or "", active=active), dpi)
