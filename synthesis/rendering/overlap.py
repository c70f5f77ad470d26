"""The overlap of reviews as files: which review includes which study, and how far each two rest on the same ones."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.citations.overlap import Overlap
from synthesis.rendering.tables import Cell, csv_bytes, markdown_table, markdown_text
from synthesis.text import percent


def overlap_files(found: Overlap | None, title: str) -> dict[str, bytes]:
    """`overlap.csv` (one line a study, one column a review) and `overlap.md` by name.

    Parameters
    ----------
    found : Overlap or None
        None where fewer than two reviews share out studies.
    title : str
        The review's title, for the page.
    """
    reviews = () if found is None else found.reviews
    return {
        "overlap.csv": csv_bytes(["study", *reviews, "reviews"], _inclusions(found)),
        "overlap.md": _page(found, title).encode("utf-8"),
    }


def _inclusions(found: Overlap | None) -> Iterator[list[Cell]]:
    if found is not None:
        for study, row in zip(found.studies, found.matrix, strict=True):
            yield [study, *map(int, row), sum(row)]


def _page(found: Overlap | None, title: str) -> str:
    head = f"# Overlap of reviews: {markdown_text(title)}\n\n"
    if found is None:
        return f"{head}Fewer than two reviews name their studies in `bibliography/citations.csv`.\n"
    sizes = [sum(column) for column in zip(*found.matrix, strict=True)]
    counted = markdown_table(["Review", "Studies"], zip(found.reviews, sizes, strict=True), [1])
    sharing = sorted((pair for pair in found.pairs if pair.both), key=lambda pair: (-pair.cca, pair.one, pair.other))
    rows: list[list[Cell]] = [[pair.one, pair.other, pair.both, pair.either, percent(pair.cca)] for pair in sharing]
    header = ["One", "Other", "Studies in both", "Studies in either", "CCA %"]
    pairs = markdown_table(header, rows, [2, 3, 4]) if rows else "No two reviews share a study.\n"
    several = sum(sum(row) > 1 for row in found.matrix)
    return (
        f"{head}{markdown_text(found.summary())}; {several} studies stand in more than one of them.\n\n"
        "Only citations that a source states are counted, so a review whose list of studies was not read looks smaller "
        "than it is.\n\n"
        f"## Reviews\n\n{counted}\n## Pairs that share a study\n\n{pairs}"
    )
