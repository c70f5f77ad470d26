"""`synth graph path`: the main paths of the citations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.graph.network import given_network, network_options
from synthesis.cli.options import output_format
from synthesis.cli.show import write_csv, write_json, write_table
from synthesis.text import decimal, one_line

if TYPE_CHECKING:
    from synthesis.citations.adjacency import Adjacency
    from synthesis.citations.main_path import MainPath

COUNTS = ("spc", "splc", "spnp")
SEARCHES = ("global", "forward", "backward", "key-route", "key-route-local")
CHAINS = 10  # ways through the main path that are written out
LINKS = 24  # documents of one of them
COLUMNS = ("cited", "citing", "count", "log10_count", "share", "main")


@click.command()
@network_options
@output_format("table", "json", "csv")
@click.option("--count", "kind", type=click.Choice(COUNTS), default="spc", show_default=True, help="Which paths count.")
@click.option("--search", type=click.Choice(SEARCHES), default="global", show_default=True, help="How paths are found.")
@click.option(
    "--routes", type=click.IntRange(min=1), default=1, show_default=True, help="Edges that a key-route begins from."
)
@click.option("--contract", is_flag=True, help="Let documents that cite one another in a circle count as one.")
@click.option("--all", "every", is_flag=True, help="Every edge with its count, not only those of the main path.")
def path(
    *,
    root: Path | None,
    edges: Path | None,
    columns: str,
    relation: str | None,
    format: str,
    kind: str,
    search: str,
    routes: int,
    contract: bool,
    every: bool,
) -> None:
    """The main paths of the citations: the chains that most paths run over.

    Paths run from the cited to the citing, as knowledge does. An edge counts the paths that run over it: SPC from
    sources (that cite nothing) to sinks (that nothing cites), SPLC from every document to the sinks, SPNP from every
    document to every document. A global search finds the path with the largest sum; forward and backward ones go on
    over the heaviest edge; key routes go through the heaviest edges of all. Where several ways are equally good, all
    are kept, and the tie is named.
    """
    from synthesis.citations.path_counts import count_paths
    from synthesis.citations.paths import main_path

    graph = given_network(root, edges, columns, relation).reversed()
    groups: tuple[str, ...] = ()
    if contract:
        graph, groups = _contracted(graph)
    found = main_path(count_paths(graph, kind), search, routes)
    if format == "json":
        write_json(_as_json(found, groups, every=every))
        return
    for group in groups:
        click.echo(f"a circle, counted as one document: {group}", err=True)
    chosen = _heaviest_first(found) if every else found.edges
    if format == "csv":
        main = set(found.edges)
        steps = zip(chosen, found.steps(chosen), strict=True)
        write_csv(COLUMNS, [(*step, "yes" if edge in main else "no") for edge, step in steps])
    else:
        _show(found, chosen)


def _contracted(graph: Adjacency) -> tuple[Adjacency, tuple[str, ...]]:
    """The graph without circles, and the names of those that there were."""
    from synthesis.citations.kernels import contracted

    found, members = contracted(graph)
    return found, tuple(str(found.label(node)) for node, part in enumerate(members) if len(part) > 1)


def _heaviest_first(found: MainPath) -> tuple[int, ...]:
    """All edges of the network."""
    import numpy as np

    return tuple(np.argsort(-found.counts.log10, kind="stable").tolist())


def _show(found: MainPath, chosen: tuple[int, ...]) -> None:
    rows = [
        (cited, citing, f"10^{decimal(log10, 2)}" if count is None else f"{count:,}", decimal(share))
        for cited, citing, count, log10, share in found.steps(chosen)
    ]
    write_table(("cited", "citing", found.counts.kind.upper(), "share"), rows, numeric=(2, 3))
    click.echo()
    chains = found.chains(CHAINS + 1)
    for chain in chains[:CHAINS]:
        click.echo(one_line(" - ".join(_shortened(chain))))
    if len(chains) > CHAINS:
        click.echo("... and more ways: see --format json")
    for line in (*found.tie_lines(), found.summary()):
        click.echo(one_line(line))


def _shortened(chain: tuple[str, ...]) -> tuple[str, ...]:
    """A way with its middle left out where it is long; the table above has every edge."""
    half, left = LINKS // 2, len(chain) - LINKS
    return (*chain[:half], f"({left:,} more)", *chain[-half:]) if left > 0 else chain


def _as_json(found: MainPath, groups: tuple[str, ...], *, every: bool) -> dict[str, object]:
    from synthesis.citations.main_path import step_dict

    value = found.to_dict() | {"circles": list(groups)}
    if every:
        value["all"] = [step_dict(step) for step in found.steps(_heaviest_first(found))]
    return value
