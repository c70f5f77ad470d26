"""The overlap of reviews as files: which review includes which study, and how far each two rest on the same ones."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.citations.overlap import Overlap
from synthesis.citations.overlap_report import OverlapReport
from synthesis.citations.overlap_reviews import one_at_a_time
from synthesis.rendering.tables import Cell, csv_bytes, markdown_table, markdown_text
from synthesis.text import percent

PAIRS = ("One", "Other", "Studies in both", "Studies in either", "CCA %", "Impossible", "Of the smaller %")
SCENARIOS = ("Assumptions", "Reviews", "Studies", "Impossible", "CCA %", "Band")
READ = (
    "Only citations that a source states are counted, so a review whose list of studies was not read looks smaller "
    "than it is. A cell is impossible (`X` in overlap.csv) where the study is younger than the review.\n\n"
)


def overlap_files(report: OverlapReport | None, title: str) -> dict[str, bytes]:
    """`overlap.csv` (one line a study, one column a review) and `overlap.md` by name.

    Parameters
    ----------
    report : OverlapReport or None
        None where fewer than two reviews share out studies.
    title : str
        The review's title, for the page.
    """
    found = None if report is None else report.found
    reviews = () if found is None else found.reviews
    return {
        "overlap.csv": csv_bytes(["study", *reviews, "reviews"], _inclusions(found)),
        "overlap.md": _page(report, title).encode("utf-8"),
    }


def _inclusions(found: Overlap | None) -> Iterator[list[Cell]]:
    """1 included, 0 not, X impossible; and how many include it."""
    if found is not None:
        for study, row, barred in zip(found.studies, found.matrix, found.impossible, strict=True):
            cells: list[Cell] = ["X" if could_not else int(has) for has, could_not in zip(row, barred, strict=True)]
            yield [study, *cells, sum(row)]


def _page(report: OverlapReport | None, title: str) -> str:
    head = f"# Overlap of reviews: {markdown_text(title)}\n\n"
    if report is None:
        return f"{head}Fewer than two reviews name their studies in `bibliography/citations.csv`.\n"
    found = report.found
    several = sum(sum(row) > 1 for row in found.matrix)
    notes = "".join(f"- {markdown_text(note)}\n" for note in report.notes())
    counted = markdown_table(["Review", "Studies"], zip(found.reviews, found.sizes, strict=True), [1])
    return (
        f"{head}{markdown_text(found.summary())}; {several} studies stand in more than one of them.\n\n"
        f"{READ}{notes}\n"
        f"## What the number hangs on\n\n{_scenarios(report)}\n"
        f"## Reviews\n\n{counted}\n## Pairs that share a study\n\n{_pairs(found)}"
    )


def _pairs(found: Overlap) -> str:
    """The pairs that share a study, the largest area first."""
    sharing = [(pair.cca, pair) for pair in found.pairs if pair.both and pair.cca is not None]
    sharing.sort(key=lambda item: (-item[0], item[1].one, item[1].other))
    rows: list[list[Cell]] = [
        [pair.one, pair.other, pair.both, pair.either, percent(cca), pair.missing, percent(pair.containment)]
        for cca, pair in sharing
    ]
    return markdown_table(PAIRS, rows, range(2, 7)) if rows else "No two reviews share a study.\n"


def _scenarios(report: OverlapReport) -> str:
    """The usual assumptions, and each change of one of them."""
    rows: list[list[Cell]] = []
    for scenario in one_at_a_time(report.scenarios):
        found = scenario.overlap
        counts: list[Cell] = [len(found.reviews), len(found.studies), found.missing] if found else [None] * 3
        word = found.band if found else "fewer than two reviews"
        rows.append([scenario.name, *counts, percent(scenario.cca, 2), word])
    return markdown_table(SCENARIOS, rows, range(1, 5))
