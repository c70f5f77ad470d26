"""`synth graph bias`: who is cited, supportive against critical data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_csv, write_json, write_table

if TYPE_CHECKING:
    from synthesis.citations.bias import Paper
    from synthesis.citations.bias_report import CitationBias

COLUMNS = (
    "citing paper", "kind", "year", "supportive", "critical", "ratio", "could supportive", "could critical", "expected",
    "p",
)  # fmt: skip
NUMERIC = range(2, len(COLUMNS))
SEED = 1
SHOWN = 20


@click.command()
@review_root
@click.option("--modality", default="", help="Data on this treatment alone.")
@click.option("--outcome", default="", help="Data on this outcome alone.")
@click.option("--relations", metavar="NAME,...", help="What counts as a citation.  [default: all four relations]")
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Of the permutation test.")
@click.option(
    "--draws",
    type=click.IntRange(99, 1_000_000),
    default=9_999,
    show_default=True,
    help="Arrangements of the permutation test, where there are too many for all of them.",
)
@output_format("table", "json", "csv")
@skip_invalid
def bias(
    *,
    root: Path | None,
    modality: str,
    outcome: str,
    relations: str | None,
    seed: int,
    draws: int,
    format: str,
    skip_invalid: bool,
) -> None:
    """Whether supportive data are cited more than critical data, and significant results more than others.

    A study supports a treatment if its source reports it to be effective, else if its numbers do; it is critical if it
    reports no effect or harm. For every citing paper: the studies that it cites, and those that it could have cited,
    being older. Tests over papers (exact) and over studies (permutation); paths of citations through papers without
    data. The table shows the papers that cite most; JSON and CSV have all of them.
    """
    import numpy as np

    from synthesis.citations.bias_report import citation_bias
    from synthesis.citations.reading import read_graph
    from synthesis.pipeline.loading import load
    from synthesis.pipeline.stances import stances_of

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    said = stances_of(loaded, modality, outcome)
    found = citation_bias(
        read_graph(loaded.root, loaded.records.studies),
        said.directions,
        said.significant,
        _relations(relations),
        random=np.random.default_rng(seed),
        draws=draws,
        scope=said.scope,
    )
    if format == "json":
        write_json({**found.to_dict(), "seed": seed})
    elif format == "csv":
        write_csv(COLUMNS, map(_row, found.directions.papers))
    else:
        _show(found)


def _relations(given: str | None) -> tuple[str, ...]:
    from synthesis.citations.edges import RELATIONS
    from synthesis.errors import InvalidArgument, did_you_mean

    names = tuple(dict.fromkeys(name.strip() for name in (given or "").split(",") if name.strip()))
    for name in names:
        if name not in RELATIONS:
            raise InvalidArgument(f"no relation {name!r}: {did_you_mean(name, RELATIONS)}")
    return names or tuple(RELATIONS)


def _show(found: CitationBias) -> None:
    papers = found.directions.papers
    if papers:
        write_table(COLUMNS, map(_row, papers[:SHOWN]), numeric=NUMERIC)
        if len(papers) > SHOWN:
            click.echo(f"and {len(papers) - SHOWN} papers with fewer citations: --format csv has them")
        click.echo()
    click.echo(found.summary(), nl=False)


def _row(paper: Paper) -> tuple[str, ...]:
    from synthesis.text import decimal, p_value

    stratum = paper.stratum
    could = stratum.first_available, stratum.available - stratum.first_available
    numbers = (
        paper.year,
        paper.first,
        paper.second,
        decimal(paper.ratio, 2),
        *could,
        decimal(stratum.expected, 1),
        p_value(paper.p),
    )
    return (paper.key, paper.kind, *map(str, numbers))
