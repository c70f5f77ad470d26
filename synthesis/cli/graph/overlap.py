"""`synth graph overlap`: how far reviews rest on the same studies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import given_root, output_format, review_root
from synthesis.cli.show import write_csv, write_json, write_table

if TYPE_CHECKING:
    from synthesis.citations import Overlap

PAIRS = ("review", "other", "both", "either", "cca")


@click.command()
@review_root
@output_format("table", "json", "csv")
@click.option("--reviews", metavar="KEY,...", help="These documents.  [default: each one with at least two studies]")
def overlap(root: Path | None, format: str, reviews: str | None) -> None:
    """How far reviews rest on the same studies: the corrected covered area, overall and of every pair.

    A document reviews the studies that it reviews, meta-analyses or extracts in citations.csv. Two reports of one
    study count as one study. The table shows pairs that share a study; JSON has all pairs and the matrix of
    studies by reviews, CSV the pairs.
    """
    from synthesis.citations import read_citations, review_overlap
    from synthesis.errors import InvalidData
    from synthesis.records import read_records

    folder = given_root(root)
    citations = read_citations(folder)
    if citations.problems:
        raise InvalidData(citations.problems)
    chosen = tuple(dict.fromkeys(key.strip() for key in (reviews or "").split(",") if key.strip()))
    found = review_overlap(citations.edges, read_records(folder, checks=False).studies, chosen)
    if format == "json":
        write_json(_as_json(found))
    elif format == "csv":
        write_csv(PAIRS, _pairs(found, every=True))
    else:
        _show(found)


def _show(found: Overlap) -> None:
    sizes = [
        (key, str(sum(column))) for key, column in zip(found.reviews, zip(*found.matrix, strict=True), strict=True)
    ]
    write_table(("review", "studies"), sizes, numeric=(1,))
    click.echo()
    if pairs := _pairs(found, every=False):
        write_table(PAIRS, pairs, numeric=(2, 3, 4))
        click.echo()
    click.echo(found.summary())


def _pairs(found: Overlap, *, every: bool) -> list[tuple[str, ...]]:
    """The pairs as text; of the pairs that share no study only where every pair is wanted."""
    from synthesis.text import decimal

    return [
        (pair.one, pair.other, str(pair.both), str(pair.either), decimal(pair.cca))
        for pair in found.pairs
        if every or pair.both
    ]


def _as_json(found: Overlap) -> dict[str, object]:
    from synthesis.text import rounded

    return {
        "cca": rounded(found.cca),
        "inclusions": found.included,
        "reviews": list(found.reviews),
        "pairs": [
            {
                "review": pair.one,
                "other": pair.other,
                "both": pair.both,
                "either": pair.either,
                "cca": rounded(pair.cca),
            }
            for pair in found.pairs
        ],
        "studies": {
            study: [review for review, has in zip(found.reviews, row, strict=True) if has]
            for study, row in zip(found.studies, found.matrix, strict=True)
        },
    }
