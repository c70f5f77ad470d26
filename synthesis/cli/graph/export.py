"""`synth graph export`: the citation graph for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.graph.network import listed
from synthesis.cli.options import given_root, review_root

FORMATS = ("graphml", "gexf", "json", "dot")


@click.command()
@review_root
@click.option("--format", type=click.Choice(FORMATS), help="[default: by the name of the file, else json]")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="[default: stdout]")
@click.option("--kind", metavar="KIND,...", help="Only study, report, review, guideline, document, cell.")
@click.option("--around", metavar="KEY,...", help="Only what lies around these: KEY, study:KEY, document:KEY.")
@click.option("--hops", type=click.IntRange(min=0), default=1, show_default=True, help="Steps from --around.")
def export(
    *, root: Path | None, format: str | None, out: Path | None, kind: str | None, around: str | None, hops: int
) -> None:
    """The graph of studies, documents and cells as GraphML, GEXF, JSON or DOT.

    Nodes have kind, role, year, title, numbers of studies and findings; edges have relation, locator, findings,
    participants and direction. The same review gives the same bytes.
    """
    from synthesis import files
    from synthesis.citations import read_graph
    from synthesis.citations.exporting import FORMATS as WRITERS
    from synthesis.citations.exporting import plain_graph

    by_name = {written.extension: name for name, written in WRITERS.items()}
    if out is not None and format is None and out.suffix.lower() not in by_name:
        raise click.UsageError(f"{out.name}: end the name in one of {', '.join(by_name)}, or give --format")
    graph = read_graph(given_root(root))
    if around:
        graph = graph.around([graph.find(key) for key in listed(around)], hops)
    if kind:
        graph = graph.limited(listed(kind))
    chosen = format or (by_name[out.suffix.lower()] if out is not None else "json")
    data = WRITERS[chosen].write(plain_graph(graph))
    if out is None:
        click.echo(data, nl=False)
        return
    files.write_atomic(out, data)
    click.echo(f"wrote {out}: {graph.summary()}", err=True)
