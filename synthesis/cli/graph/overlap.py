"""`synth graph overlap`: how far reviews rest on the same studies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.figures import also_figure, write_figure
from synthesis.cli.options import given_root, output_format, review_root
from synthesis.cli.show import write_csv, write_json, write_table

if TYPE_CHECKING:
    from synthesis.citations.overlap_report import OverlapReport

PAIRS = ("review", "other", "both", "either", "impossible", "cca", "containment")
SCENARIOS = ("assumptions", "reviews", "studies", "impossible", "cca %", "band")


@click.command()
@review_root
@output_format("table", "json", "csv")
@click.option("--reviews", metavar="KEY,...", help="These documents.  [default: each one with at least two studies]")
@click.option(
    "--matrix",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A matrix of your own instead of a review: CSV or XLSX, studies in rows, reviews in columns; 1, 0, or X.",
)
@also_figure
def overlap(root: Path | None, format: str, reviews: str | None, matrix: Path | None, figure: Path | None) -> None:
    """How far reviews rest on the same studies: the corrected covered area, overall and of every pair.

    A document reviews the studies that it reviews, meta-analyses or extracts in citations.csv. Two reports of one
    study count as one study; a study that is younger than a review (than `search_until` of its entry in the library,
    where that is given) could not be in it. The table shows pairs that share a study and what the number hangs on;
    JSON has all pairs, all scenarios and the matrix of studies by reviews, CSV the pairs.
    """
    if matrix is not None and (reviews or root):
        raise click.UsageError("--matrix takes the place of a review: leave --reviews and --root out")
    found = _of_file(matrix) if matrix is not None else _of_review(given_root(root), reviews or "")
    if figure is not None:
        from synthesis.rendering.figures.overlap import overlap_data

        write_figure(figure, "overlap", overlap_data(found.found, "Overlap of reviews"))
    if format == "json":
        write_json(found.to_dict())
    elif format == "csv":
        write_csv(PAIRS, _pairs(found, every=True))
    else:
        _show(found)


def _of_file(matrix: Path) -> OverlapReport:
    from synthesis.citations.matrix_file import read_matrix_file
    from synthesis.citations.overlap_report import report_matrix

    return report_matrix(read_matrix_file(matrix, str(matrix)))


def _of_review(folder: Path, reviews: str) -> OverlapReport:
    from synthesis.bibliography import read_folder
    from synthesis.citations import dates_of, read_citations
    from synthesis.citations.overlap_report import report_overlap
    from synthesis.errors import InvalidData
    from synthesis.records import read_records

    citations = read_citations(folder)
    if citations.problems:
        raise InvalidData(citations.problems)
    chosen = tuple(dict.fromkeys(key.strip() for key in reviews.split(",") if key.strip()))
    dates = dates_of(entry for library in read_folder(folder) for entry in library.entries)
    return report_overlap(citations.edges, read_records(folder, checks=False).studies, dates, chosen)


def _show(report: OverlapReport) -> None:
    found = report.found
    write_table(("review", "studies"), zip(found.reviews, map(str, found.sizes), strict=True), numeric=(1,))
    click.echo()
    if pairs := _pairs(report, every=False):
        write_table(PAIRS, pairs, numeric=(2, 3, 4, 5, 6))
        click.echo()
    if scenarios := _scenarios(report):
        write_table(SCENARIOS, scenarios, numeric=(1, 2, 3, 4))
        click.echo()
    click.echo(report.summary(), nl=False)


def _pairs(report: OverlapReport, *, every: bool) -> list[tuple[str, ...]]:
    """The pairs as text; of the pairs that share no study only where every pair is wanted."""
    from synthesis.text import decimal

    return [
        (
            pair.one, pair.other, str(pair.both), str(pair.either), str(pair.missing),
            decimal(pair.cca), decimal(pair.containment),
        )
        for pair in report.found.pairs
        if every or pair.both
    ]  # fmt: skip


def _scenarios(report: OverlapReport) -> list[tuple[str, ...]]:
    """The usual assumptions and each change of one."""
    from synthesis.citations.overlap_reviews import one_at_a_time
    from synthesis.text import ABSENT, percent

    rows = []
    for scenario in one_at_a_time(report.scenarios):
        found = scenario.overlap
        counts = (len(found.reviews), len(found.studies), found.missing) if found else (ABSENT,) * 3
        rows.append((scenario.name, *map(str, counts), percent(scenario.cca, 2), found.band if found else ABSENT))
    return rows
