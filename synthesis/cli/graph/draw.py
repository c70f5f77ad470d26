"""`synth graph draw`: a figure of the citation graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.figures import figure_options, target_of, write_figure
from synthesis.cli.options import given_root, review_root, skip_invalid
from synthesis.cli.show import report_skipped

if TYPE_CHECKING:
    from synthesis.citations import CitationGraph
    from synthesis.citations.graph import Node


@click.command()
@review_root
@click.option("--around", metavar="KEY", multiple=True, help="Only what is near this study, document or cell.")
@click.option("--hops", type=click.IntRange(0, 20), default=1, show_default=True, help="How near: steps from --around.")
@click.option(
    "--kinds", metavar="KIND,...", help="Only nodes of these kinds: study, report, review, guideline, document, cell."
)
@click.option(
    "--most", type=click.IntRange(1, 3000), default=300, show_default=True, help="Nodes, those with the most links."
)
@figure_options
@skip_invalid
def draw(
    *, root: Path | None, around: tuple[str, ...], hops: int, kinds: str | None, most: int, output: Path | None,
    dpi: int, title: str | None, skip_invalid: bool,
) -> None:  # fmt: skip
    """Draw the citation graph (SVG, PNG or PDF): documents, reports, studies and cells in columns, with all names.

    A KEY that a study and a document share is written study:KEY or document:KEY. The canvas grows with the nodes;
    `synth graph export` writes the graph for other programs.
    """
    from synthesis.citations.reading import read_graph
    from synthesis.pipeline.loading import load
    from synthesis.rendering.figures.citations import citations_data

    target = target_of(output, "citations", *around[:1])
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    whole = read_graph(loaded.root, loaded.records.studies)
    starts = tuple(whole.find(key) for key in around)
    part = _part(whole, starts, hops, kinds)
    near = f"What surrounds {', '.join(key for _, key in starts)}"
    words = title or (near if starts else f"Citations: {loaded.records.review.title}")
    data = citations_data(part, words, most, keep=starts)
    for note in data.footnotes:
        click.echo(note, err=True)
    write_figure(target, "citations", data, dpi)


def _part(graph: CitationGraph, starts: tuple[Node, ...], hops: int, kinds: str | None) -> CitationGraph:
    """What is near the starts, of some kinds."""
    near = graph.around(starts, hops) if starts else graph
    names = [name.strip() for name in (kinds or "").split(",") if name.strip()]
    return near.limited(names) if names else near
