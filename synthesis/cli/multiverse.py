"""`synth multiverse`: a review's pools, or a plain table, by every combination of choices that could be defended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.columns import column_options, given_columns
from synthesis.cli.figures import also_figure
from synthesis.cli.of_file import (
    effect_options,
    of_a_file,
    one_measure,
    optional_file,
    refuse_of_a_file,
    refuse_of_a_review,
    report_rows,
)
from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.pooling import pooled, pooling_options, some
from synthesis.cli.progress import Progress
from synthesis.cli.sections import Option, Sections
from synthesis.cli.show import report_skipped, write_csv, write_json

if TYPE_CHECKING:
    from synthesis.rendering.multiverse import Shown
    from synthesis.sensitivity.many_worlds.curve import CurveTest
    from synthesis.sensitivity.many_worlds.specifications import Multiverse

CHOICES = "Choices, each option as often as there are choices; the first is your own, one alone is no choice"
OF_A_FILE = ("study", "vtype", "add", "to", "drop00", "keep", "better", "by")
OF_BOTH = ("measure", "level", "prediction", "arrangements", "seed", "format")
REVIEW_CHOICES = ("maryland", "setting", "comparator", "follow_up", "detail", "rho", "zero_cells", "convert")
KEEP = "A column of yes and no: all rows, and those with yes only; or NAME=COLUMN,COLUMN,... (all: every row)."
CURVE = "Test the whole curve against so many arrangements of the studies' signs."


def offered(*declarations: str, **given: Any) -> Callable[[Any], Any]:
    """An option that may be given several times."""
    return click.option(*declarations, cls=Option, section=CHOICES, multiple=True, **given)


class Varied(Sections):
    """A command with those options of `synth pool` that it does not let vary."""

    def __init__(self, name: str | None, *, params: list[click.Parameter], **given: Any) -> None:
        replaced = {*REVIEW_CHOICES, "method", "test", "tau2_interval"}
        kept = [one for one in params if one.name not in replaced or getattr(one, "section", "") == CHOICES]
        super().__init__(name, params=kept, **given)


def _levels(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    found = [[part.strip() for part in one.split(",") if part.strip()] for one in value]
    if not all(levels and set(levels) <= set("12345") for levels in found):
        raise click.BadParameter("write levels from 1 to 5, as 5 or 4,5")
    return tuple(tuple(map(int, levels)) for levels in found)


@click.command(cls=Varied)
@optional_file
@pooling_options
@offered("--maryland", callback=_levels, metavar="LEVELS", help="Admitted levels, as 5, 4,5 or 1,2,3,4,5.")
@offered("--setting", help="all, prison, criminal justice, community, mixed.")
@offered("--comparator", help="inactive, or with active: also studies that have no other comparator.")
@offered("--follow-up", help="end, longest or nearest:MONTHS.")
@offered("--detail", help="in order (as review.toml has it), or one detail alone.")
@offered("--rho", type=float, help="Correlation of one study's effects that are averaged.")
@offered("--zero-cells", help="only0: 1/2 to studies with a zero; all: to all; none (Mantel-Haenszel, Peto beside).")
@offered("--convert", help="none, SMD or OR: join binary and continuous effects.")
@offered("--method", codes="estimator", callback=some, help="Estimators of tau2: {codes}.")
@offered("--test", codes="test", callback=some, help="Tests of the mean, with their intervals: {codes}.")
@pooled("--arrangements", type=click.IntRange(min=1), help=CURVE)
@pooled("--seed", type=int, default=1, show_default=True, help="Where these arrangements begin.")
@of_a_file("--keep", multiple=True, metavar="CHOICES", help=KEEP)
@of_a_file("--better", type=click.Choice(["higher", "lower"]), help="Which effects are a benefit.  [default: higher]")
@effect_options
@column_options
@review_root
@also_figure
@output_format("table", "json", "csv")
@skip_invalid
def multiverse(*, file: Path | None, figure: Path | None, **given: Any) -> None:
    """Every combination of choices of data and method, and which choices move the conclusion.

    Without FILE each modality and outcome of the review is varied: levels, settings, comparators, follow-up, details,
    correlation, zero cells, conversion, estimator and test. With FILE, a CSV table is used instead, as in
    `synth multiverse effects.csv --yi yi --vi vi --keep randomised --keep published`.
    """
    given["keep"] = given["keep"] or None
    shown = _of_review(given) if file is None else _of_file(file, given)
    if figure is not None:
        from synthesis.cli.drawing import draw_curve

        draw_curve(figure, shown)


def _of_review(given: dict[str, Any]) -> Sequence[Shown]:
    from synthesis.evidence.multiverse_choices import ReviewChoices
    from synthesis.pipeline import load, vary_review
    from synthesis.rendering import multiverse as words

    refuse_of_a_file(given, OF_A_FILE, given_columns(given))
    shape, arrangements, seed = (given.pop(name) for name in ("format", "arrangements", "seed"))
    chosen = {name: given.pop(name) for name in (*REVIEW_CHOICES, "method", "test")}
    choices = ReviewChoices(
        level=chosen.pop("maryland"), methods=chosen.pop("method") or (), tests=chosen.pop("test") or (), **chosen
    )
    loaded = load(given_root(given.pop("root")), skip_invalid=given.pop("skip_invalid"))
    report_skipped(loaded.skipped)
    with Progress(0) as progress:
        _, found = vary_review(loaded, given, choices, say=progress.say_of)
    curves = _curves([one.found for one in found], arrangements, seed)
    shown = words.of_review(found, curves)
    _write(shown, shape, words.review_json)
    return shown


def _of_file(file: Path, given: dict[str, Any]) -> Sequence[Shown]:
    from synthesis.plain import Reading, read_table
    from synthesis.plain.multiverse import Offered, multiverse_table_of
    from synthesis.rendering import multiverse as words
    from synthesis.rendering.moderated import rows_left_text

    columns = given_columns(given)
    read = {name: given.pop(name) for name in ("study", "add", "to", "drop00", "vtype")}
    used = {name: given.pop(name) for name in (*OF_BOTH, "keep", "better", "by", "method", "test")}
    refuse_of_a_review({name: value or None for name, value in given.items()})
    reading = Reading(one_measure(columns, used["measure"]), **read)
    usual = Offered()
    asked = Offered(
        keep=used["keep"] or (), methods=used["method"] or usual.methods, tests=used["test"] or usual.tests,
        predictions=(used["prediction"] or "riley",), level=0.95 if used["level"] is None else used["level"],
        better=used["better"] or usual.better,
    )  # fmt: skip
    found, left = multiverse_table_of(read_table(file), columns, reading, asked, used["by"] or ())
    curves = _curves([one.found for one in found], used["arrangements"], used["seed"])
    shown = words.of_groups(found, curves)
    _write(shown, used["format"], lambda each: words.table_json(each, left))
    if used["format"] == "csv":
        report_rows(left)
    elif used["format"] == "table":
        click.echo(rows_left_text(left), nl=False)
    return shown


def _curves(several: Sequence[Multiverse | None], arrangements: int | None, seed: int) -> list[CurveTest | None]:
    """The test of each curve, each from the same seed; None where none is asked for."""
    if arrangements is None:
        return [None] * len(several)
    import numpy as np

    from synthesis.sensitivity.many_worlds.curve import curve_test

    return [
        None if one is None else curve_test(one, arrangements=arrangements, random=np.random.default_rng(seed))
        for one in several
    ]


def _write(shown: Sequence[Any], shape: str, json: Callable[[Sequence[Any]], object]) -> None:
    from synthesis.rendering import multiverse as words

    if shape == "json":
        write_json(json(shown))
    elif shape == "csv":
        write_csv(*words.csv_table(shown))
    else:
        click.echo(words.text(shown), nl=False)
