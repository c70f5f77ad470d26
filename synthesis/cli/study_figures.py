"""`synth harvest`, `synth effect-direction` and `synth albatross`: figures of studies rather than of pools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.figures import figure_options, target_of, write_figure
from synthesis.cli.of_file import of_a_file, refuse_of_a_file, refuse_of_a_review
from synthesis.cli.options import given_root, review_root, skip_invalid
from synthesis.cli.pooling import LEVELS, OUTCOMES, F, entering_options, parts
from synthesis.cli.sections import Sections
from synthesis.cli.show import report_skipped

if TYPE_CHECKING:
    from synthesis.evidence import Evidence
    from synthesis.plain.directions import PlainResult
    from synthesis.records.review import Review

MANY = "all"  # in the name of the file, where no modality is named
ATTRIBUTE = "setting, comparator, level, allocation, country, ...; of a FILE, a column"
DRAWN = ("output", "title", "dpi")
OF_A_TABLE = ("study", "by", "better", "yi", "vi", "sei", "direction")
DIRECTION = "Directions: benefit, harm, none (or positive, negative, undetermined, ...); or numbers, whose sign counts."


def of_studies(levels: str = LEVELS) -> Callable[[F], F]:
    """What the three share: which findings are drawn, where the figure goes, the review, and columns of a FILE."""

    def add(command: F) -> F:
        for option in (
            skip_invalid,
            _column("sei", "Their standard errors."),
            _column("vi", "Their sampling variances."),
            _column("yi", "Effects (ratios as logs), in place of --direction."),
            _column("direction", DIRECTION),
            of_a_file("--better", type=click.Choice(["higher", "lower"]), help="Numbers that are a benefit."),
            of_a_file("--by", callback=parts, metavar="COLUMN", help="Columns that make the groups, as outcomes."),
            _column("study", "Names of the studies."),
            entering_options(levels),
            figure_options,
            click.option("--active", is_flag=True, help="Studies against active comparators, in place of the others."),
            review_root,
        ):
            command = option(command)
        return command

    return add


def _column(role: str, words: str) -> Callable[[F], F]:
    return of_a_file(f"--{role}", role, metavar="COLUMN", help=words)


@click.command(cls=Sections)
@click.argument("names", nargs=-1, metavar="[MODALITY]... | FILE")
@OUTCOMES
@of_studies("1 to 5")
@_column("level", "Levels of the designs, 1 to 5.")
@_column("reported", "Directions as they are reported, as --direction.")
@click.option("--pattern", metavar="NAME", help=f"What patterns tell apart: {ATTRIBUTE}.  [default: setting]")
@click.option(
    "--prefer",
    type=click.Choice(["computed", "reported"]),
    default="computed",
    show_default=True,
    help="Which direction places a study where both are known.",
)
def harvest(*, names: tuple[str, ...], pattern: str | None, prefer: str, **given: Any) -> None:
    """Draw every study of each MODALITY as a bar under harm, no difference or benefit, as high as its Maryland level.

    A row for each outcome; with several modalities (all, where none is named) for each of both. Studies of every
    level are drawn, unless --maryland names some. Of a FILE, a CSV table, every row that has a direction and a level.
    """
    if _is_table(names):
        from synthesis.rendering.figures.of_table import harvest_of_table

        kind = {"kind": pattern} if pattern else {}

        def of_table(results: tuple[PlainResult, ...], title: str) -> Any:
            return harvest_of_table(results, by=prefer, kind_name=pattern or "", title=title)

        _draw_table("harvest", names[0], of_table, given, columns=("level", "reported"), texts=kind)
        return

    def of_review(evidence: Evidence, review: Review, title: str, *, active: bool) -> Any:
        from synthesis.rendering.figures.harvest import KIND, harvest_data

        return harvest_data(evidence, review, kind=pattern or KIND, by=prefer, active=active, title=title)

    from synthesis.scoring.living import EVERY_LEVEL

    given["maryland"] = given["maryland"] or EVERY_LEVEL
    _draw("harvest", names, of_review, given, columns=("level", "reported"), attribute=pattern)


@click.command(cls=Sections)
@click.argument("names", nargs=-1, metavar="[MODALITY]... | FILE")
@OUTCOMES
@of_studies()
@_column("n", "Participants.")
@_column("design", "Designs of the studies, in words.")
@_column("level", "Levels of the designs, 1 to 5, by which rows are shaded.")
@click.option(
    "--agree",
    type=float,
    default=0.7,
    show_default=True,
    help="The share of a study's findings on an outcome that must point one way; the default is our choice.",
)
@click.option(
    "--sizes",
    type=(float, float),
    default=(50.0, 300.0),
    show_default=True,
    metavar="N N",
    help="Participants from which an arrow is medium, and above which it is large; the default is our choice.",
)
def effect_direction(*, names: tuple[str, ...], agree: float, sizes: tuple[float, float], **given: Any) -> None:
    """Draw the studies of each MODALITY by outcomes, an arrow for what each found, whatever its significance.

    Under each outcome stands the sign test. All modalities, where none is named. Of a FILE, a CSV table, every row
    that has a direction; --by names the column of the outcomes.
    """
    columns = ("n", "design", "level")
    if _is_table(names):
        from synthesis.rendering.figures.of_table import effect_direction_of_table

        def of_table(results: tuple[PlainResult, ...], title: str) -> Any:
            return effect_direction_of_table(results, agree=agree, sizes=sizes, title=title)

        _draw_table("effect_direction", names[0], of_table, given, columns=columns)
        return

    def of_review(evidence: Evidence, review: Review, title: str, *, active: bool) -> Any:
        from synthesis.rendering.figures.effect_direction import effect_direction_data

        return effect_direction_data(evidence, review, agree=agree, sizes=sizes, active=active, title=title)

    _draw("effect_direction", names, of_review, given, columns=columns)


@click.command(cls=Sections)
@click.argument("names", nargs=-1, metavar="MODALITY OUTCOME | FILE")
@of_studies()
@_column("p", "Exact two-sided p-values, where there is no --vi or --sei.")
@_column("n", "Participants.")
@click.option("--contours", metavar="CODE", help="SMD, OR, RR or COR.  [default: as the pool, where it has contours]")
@click.option(
    "--baseline-risk",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="The control group's, for contours of a ratio.  [default: the median of the control groups]",
)
@click.option("--marks", metavar="NAME", help="What marks tell apart: setting, comparator, ...  [default: level]")
def albatross(
    *, names: tuple[str, ...], contours: str | None, baseline_risk: float | None, marks: str | None, **given: Any
) -> None:
    """Draw the p-value of each study of MODALITY on OUTCOME against its participants, with contours of equal effect.

    Of a FILE, a CSV table, every row that has a p-value (or an effect with its variance), a direction and a number
    of participants; --by names the column that marks tell apart.
    """
    if _is_table(names):
        from synthesis.rendering.figures.of_table import albatross_of_table

        def of_table(results: tuple[PlainResult, ...], title: str) -> Any:
            chosen: dict[str, Any] = {"contours": contours or "SMD", "baseline": baseline_risk, "better": better}
            return albatross_of_table(results, **chosen, title=title)

        better = given["better"]
        refuse_of_a_review({"marks": marks})
        _draw_table("albatross", names[0], of_table, given, columns=("p", "n"))
        return
    if len(names) != 2:
        raise click.UsageError("name one MODALITY and one OUTCOME, or a FILE")

    def of_review(evidence: Evidence, review: Review, title: str, *, active: bool) -> Any:
        from synthesis.rendering.figures.albatross import GROUP, albatross_data

        chosen: dict[str, Any] = {"contours": contours, "baseline": baseline_risk, "group": marks or GROUP}
        return albatross_data(evidence, review, **chosen, active=active, title=title)

    given["outcomes"] = (names[1],)
    _draw("albatross", names[:1], of_review, given, columns=("p", "n"), attribute=marks)


def _is_table(names: tuple[str, ...]) -> bool:
    """Whether the one name is a file rather than a modality."""
    return len(names) == 1 and (Path(names[0]).suffix != "" or Path(names[0]).is_file())


def _draw(
    name: str,
    modalities: tuple[str, ...],
    data: Callable[..., Any],
    given: dict[str, Any],
    *,
    columns: tuple[str, ...],
    attribute: str | None = None,
) -> None:
    """The review's evidence on what is asked for, as data, drawn."""
    from synthesis.pipeline import first_years, load, pool_review

    refuse_of_a_file(given, (*OF_A_TABLE, *columns), {})
    output, title, dpi = (given.pop(each) for each in DRAWN)
    root, active, skip = (given.pop(each) for each in ("root", "active", "skip_invalid"))
    target = target_of(output, name, *((*modalities, *(given["outcomes"] or ())) or (MANY,)))
    loaded = load(given_root(root), skip_invalid=skip)
    report_skipped(loaded.skipped)
    if attribute == "year":
        given["years"] = first_years(loaded.root, loaded.records.studies)
    evidence = pool_review(loaded, {**given, "modalities": modalities or None})
    write_figure(target, name, data(evidence, loaded.records.review, title or "", active=active), dpi)


def _draw_table(
    name: str,
    file: str,
    data: Callable[..., Any],
    given: dict[str, Any],
    *,
    columns: tuple[str, ...],
    texts: dict[str, str] | None = None,
) -> None:
    """The rows of a table as data, drawn."""
    from synthesis.errors import NotFound
    from synthesis.plain.directions import results_of
    from synthesis.plain.table import read_table

    if not Path(file).is_file():
        raise NotFound(f"there is no file {file}")
    output, title, dpi = (given.pop(each) for each in DRAWN)
    study, by, better, *roles = (given.pop(each) for each in (*OF_A_TABLE, *columns))
    refuse_of_a_review(given)
    target = target_of(output, name, Path(file).stem)
    named = dict(zip((*OF_A_TABLE[3:], *columns), roles, strict=True))
    found = {role: column for role, column in named.items() if column} | (texts or {})
    results = results_of(read_table(Path(file)), found, better=better or "higher", by=by or (), study=study)
    write_figure(target, name, data(results, title or ""), dpi)
