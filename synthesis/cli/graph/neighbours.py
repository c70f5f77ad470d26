"""`synth graph neighbours`: what surrounds some keys in a huge edge file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import output_format
from synthesis.cli.show import write_csv, write_json, write_table

if TYPE_CHECKING:
    from synthesis.citations.neighbourhood import Neighbourhood

TOP = 20
DIRECTIONS = ("both", "cited", "citing")
SEEDS = 10  # megabytes of a file of seeds


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.argument("seeds", nargs=-1, metavar="[KEY]...")
@click.option(
    "--seeds",
    "listing",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with one key a line.",
)
@click.option("--hops", type=click.IntRange(min=1), default=1, show_default=True, help="Steps from the keys.")
@click.option(
    "--direction",
    type=click.Choice(DIRECTIONS),
    default="both",
    show_default=True,
    help="What the keys cite (cited), what cites them (citing), or both.",
)
@click.option(
    "--columns", default="source,target", show_default=True, metavar="CITING,CITED", help="The two columns of the file."
)
@click.option("--most", type=click.IntRange(min=1), default=100_000, show_default=True, help="Documents at most.")
@click.option(
    "--hub",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="No step leads on from a document with more edges than this.",
)
@click.option("--memory", default="1GB", show_default=True, help="What DuckDB may use; the rest goes to disk.")
@output_format("table", "csv", "citations", "json")
def neighbours(
    *,
    file: Path,
    seeds: tuple[str, ...],
    listing: Path | None,
    hops: int,
    direction: str,
    columns: str,
    most: int,
    hub: int,
    memory: str,
    format: str,
) -> None:
    """What surrounds some keys in an edge file that may be far larger than memory.

    FILE is Parquet, CSV (also .tsv, .gz) or a folder of Parquet files, with one row per citation. The result is every
    document within the steps and every edge between them: as a table of the nearest, as CSV of the edges (which
    `central`, `cocited` and `path` read with --edges), as a citations.csv, or as JSON. What was left out is told on
    stderr. Needs DuckDB: pip install 'evidence-synth[scale]'.
    """
    from synthesis.citations.edge_files import columns_of
    from synthesis.citations.neighbourhood import neighbourhood

    found = neighbourhood(
        file,
        (*seeds, *_listed(listing)),
        hops=hops,
        direction=direction,
        columns=columns_of(columns),
        most=most,
        hub=hub,
        memory=memory,
    )
    if format == "json":
        write_json(found.to_dict())
    elif format == "table":
        _show(found)
    else:
        more: tuple[str, ...] = ("cites", "") if format == "citations" else ()
        names = ("relation", "locator") if format == "citations" else ()
        write_csv(("source", "target", *names), [(*edge, *more) for edge in found.edges])
    if format != "table":
        click.echo(found.summary(), err=True)


def _listed(listing: Path | None) -> tuple[str, ...]:
    from synthesis.files import MEGABYTE, read_limited

    if listing is None:
        return ()
    text = read_limited(listing, SEEDS * MEGABYTE).decode("utf-8-sig", errors="replace")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _show(found: Neighbourhood) -> None:
    """The nearest documents, those with the most edges within the neighbourhood first."""
    citing: dict[str, int] = {}
    cited: dict[str, int] = {}
    for source, target in found.edges:
        citing[target] = citing.get(target, 0) + 1
        cited[source] = cited.get(source, 0) + 1
    order = sorted(found.hops, key=lambda key: (found.hops[key], -citing.get(key, 0) - cited.get(key, 0), key))
    rows = [(key, *(str(n) for n in (found.hops[key], citing.get(key, 0), cited.get(key, 0)))) for key in order[:TOP]]
    write_table(("document", "hops", "cited by", "cites"), rows, numeric=(1, 2, 3))
    click.echo(f"\n{found.summary()}")
