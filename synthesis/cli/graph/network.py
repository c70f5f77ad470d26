"""The network that `central`, `cocited` and `path` work on: a review's own citations, or a plain list of edges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from synthesis.cli.options import given_root, review_root

if TYPE_CHECKING:
    from synthesis.citations.adjacency import Adjacency

F = TypeVar("F", bound=Callable[..., Any])


def network_options(command: F) -> F:
    """`--root`, `--edges`, `--columns` and `--relation`; hand them to `given_network`."""
    path = click.Path(path_type=Path, exists=True, dir_okay=False)
    options = (
        review_root,
        click.option(
            "--edges", type=path, metavar="FILE", help="A CSV file of edges in place of a review's citations."
        ),
        click.option(
            "--columns",
            default="source,target",
            show_default=True,
            metavar="CITING,CITED",
            help="Its two columns.",
        ),
        click.option(
            "--relation",
            metavar="NAME,...",
            help="Only these relations of citations.csv: cites, reviews, meta_analyses, extracts.  [default: all]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def given_network(root: Path | None, edges: Path | None, columns: str, relation: str | None) -> Adjacency:
    """The network, edges from the citing to the cited; what an edge file repeats is told on stderr.

    Raises
    ------
    InvalidData
        Every fault of the citations, or of the edge file.
    """
    from synthesis.citations import RELATIONS, read_citations
    from synthesis.citations.edge_files import columns_of, read_edge_file
    from synthesis.citations.networks import document_network
    from synthesis.errors import InvalidData

    if edges is not None:
        if relation is not None:
            raise click.UsageError("--relation is of a review's citations: leave it out, or --edges")
        read = read_edge_file(edges, columns_of(columns))
        for note in read.notes():
            click.echo(note, err=True)
        return read.graph
    citations = read_citations(given_root(root))
    if citations.problems:
        raise InvalidData(citations.problems)
    return document_network(citations.edges, listed(relation) or tuple(RELATIONS))


def listed(text: str | None) -> tuple[str, ...]:
    """The names between commas, each once."""
    return tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))


def numbers_of(graph: Adjacency, keys: tuple[str, ...]) -> tuple[int, ...]:
    """The nodes with some labels.

    Raises
    ------
    NotFound
        A key that the network does not have; the nearest one is named.
    """
    from synthesis.errors import NotFound, did_you_mean

    place = {str(label): number for number, label in enumerate(graph.labels)}
    for key in keys:
        if key not in place:
            raise NotFound(f"no citation from or to {key!r}; {did_you_mean(key, place)}")
    return tuple(place[key] for key in keys)
