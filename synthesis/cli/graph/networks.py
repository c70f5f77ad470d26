"""`synth graph central` and `synth graph cocited`: documents by their place among the citations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.graph.network import given_network, listed, network_options, numbers_of
from synthesis.cli.options import output_format
from synthesis.cli.show import write_csv, write_json, write_table

if TYPE_CHECKING:
    from synthesis.citations.adjacency import Adjacency
    from synthesis.citations.cocitation import Pairs

TOP = 20  # rows of a table
BY = ("pagerank", "cited", "citing", "betweenness")
SIMILARITIES = ("association", "equivalence", "inclusion", "jaccard", "salton")
top = click.option(
    "--top", type=click.IntRange(min=1), help=f"The first so many.  [default: {TOP} in a table, else all]"
)


@click.command()
@network_options
@output_format("table", "json", "csv")
@click.option("--by", type=click.Choice(BY), default="pagerank", show_default=True, help="What comes first.")
@click.option(
    "--alpha", type=float, default=0.85, show_default=True, help="Of PageRank: how often an edge is followed."
)
@top
def central(
    *,
    root: Path | None,
    edges: Path | None,
    columns: str,
    relation: str | None,
    format: str,
    by: str,
    alpha: float,
    top: int | None,
) -> None:
    """PageRank, degrees and betweenness of the documents.

    A reader of PageRank follows citations from the citing to the cited, so that what much rests on comes first.
    `cited` counts the documents that cite it, `citing` those that it cites. Betweenness is computed when it is asked
    for with --by; in large networks it is estimated from a sample, which is said.
    """
    from synthesis.citations.networks import centrality
    from synthesis.text import decimal, rounded

    found = centrality(given_network(root, edges, columns, relation), by, alpha)
    shown = found.documents[: top or (TOP if format == "table" else None)]
    if format == "table":
        rows = [
            (one.key, decimal(one.pagerank, 6), str(one.cited), str(one.citing), decimal(one.betweenness, 6))
            for one in shown
        ]
        write_table(("document", *BY), rows, numeric=(1, 2, 3, 4))
        click.echo(f"\n{found.summary()}")
        return
    if found.sampled is not None:
        click.echo(found.summary(), err=True)
    values = [
        {"document": one.key}
        | {name: value if isinstance(value := getattr(one, name), int) else rounded(value) for name in BY}
        for one in shown
    ]
    if format == "json":
        write_json({"by": by, "alpha": alpha, "sampled": found.sampled, "documents": values})
    else:
        write_csv(("document", *BY), [tuple(value.values()) for value in values])


@click.command()
@network_options
@output_format("table", "json", "csv")
@click.option("--coupling", is_flag=True, help="Documents that cite the same, in place of documents cited together.")
@click.option("--similarity", type=click.Choice(SIMILARITIES), default="salton", show_default=True)
@click.option("--with", "keys", metavar="KEY,...", help="Only pairs with these documents.")
@click.option("--at-least", type=click.IntRange(min=1), default=1, show_default=True, help="Documents in common.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    metavar="N",
    help="A document with more references (with --coupling: citations) than this makes no pair.  "
    "[default: as many as 100 million pairs allow]",
)
@top
def cocited(
    *,
    root: Path | None,
    edges: Path | None,
    columns: str,
    relation: str | None,
    format: str,
    coupling: bool,
    similarity: str,
    keys: str | None,
    at_least: int,
    most: int | None,
    top: int | None,
) -> None:
    """Documents cited together, or with --coupling documents that cite the same.

    `both` is the number of documents that cite the two (that the two cite). Similarities, with c = both and a, b the
    number of each alone: association c / (a b), equivalence c^2 / (a b), inclusion c / min(a, b), Jaccard
    c / (a + b - c), Salton c / sqrt(a b). Pairs with the most in common come first, then the most alike.
    """
    graph = given_network(root, edges, columns, relation)
    pairs = _pairs(graph.reversed() if coupling else graph, listed(keys), at_least, most)
    if pairs.left_out:
        names = ", ".join(str(graph.label(node)) for node in pairs.left_out[:10])
        more = ", ..." if len(pairs.left_out) > 10 else ""
        what = f"{len(pairs.left_out)} with more than {pairs.most} links make no pair: {names}{more}"
        click.echo(what, err=True)
    count = len(pairs.both)
    shown = _rows(graph, pairs, similarity, top or (TOP if format == "table" else count))
    header = ("document", "other", "both", similarity)
    if format == "table":
        write_table(header, [(one, other, str(both), f"{alike:.4f}") for one, other, both, alike in shown], (2, 3))
        click.echo(f"\n{count:,} pairs" + (f", the first {len(shown)} shown" if len(shown) < count else ""))
    elif format == "json":
        write_json([dict(zip(header, row, strict=True)) for row in shown])
    else:
        write_csv(header, shown)


def _pairs(graph: Adjacency, keys: tuple[str, ...], at_least: int, most: int | None) -> Pairs:
    from synthesis.citations.cocitation import cocitation, cocited_with

    if not keys:
        return cocitation(graph, at_least, most)
    if most is not None:
        raise click.UsageError("--with counts every document: leave --most out")
    return cocited_with(graph, numbers_of(graph, keys), at_least)


def _rows(graph: Adjacency, pairs: Pairs, similarity: str, most: int) -> list[tuple[str, str, int, float]]:
    """The pairs by name, those with the most in common first; nodes are in the order of their names."""
    import numpy as np

    from synthesis.text import rounded

    alike = pairs.similarity(similarity)
    order = np.lexsort((pairs.other, pairs.one, -alike, -pairs.both))[:most]
    columns: Any = (pairs.one, pairs.other, pairs.both, alike)
    return [
        (str(graph.label(one)), str(graph.label(other)), both, rounded(share) or 0.0)
        for one, other, both, share in zip(*(column[order].tolist() for column in columns), strict=True)
    ]
