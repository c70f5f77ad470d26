"""`synth bib lint`: what is wrong with the library."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root


@click.command()
@review_root
@output_format("text", "json", "github")
@click.pass_context
def lint(context: click.Context, root: Path | None, format: str) -> None:
    """Everything wrong with the library, each with its place and a remedy.

    Also keys that records, citations.csv or the published tables use and that have no entry, and entries that
    nothing uses (a note). Exits 1 when there is an error or a warning.
    """
    from synthesis.bibliography import check_library
    from synthesis.citations import cited_keys, keys_of_edges, merged, read_citations
    from synthesis.cli.check import show, summary
    from synthesis.records import read_records

    folder = given_root(root)
    records = read_records(folder, checks=False)
    cited = merged(cited_keys(folder, records.studies), keys_of_edges(read_citations(folder).edges))
    problems = check_library(folder, cited)
    show(problems, format)
    for path in records.broken:
        click.echo(f"{path} has errors, so what it cites is not counted: see `synth check`", err=True)
    click.echo(summary(problems), err=True)
    context.exit(any(problem.fails for problem in problems))
