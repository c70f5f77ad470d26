"""`synth bib cite`: a reference list."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import given_root, output_format, review_root

if TYPE_CHECKING:
    from synthesis.bibliography.entry import Entry

STYLES = ("apa", "vancouver")  # the keys of reference_lists.STYLES, without importing it for the help


EXAMPLES = """\b
Examples:
  synth bib cite Doe2001 Roe2002 --style vancouver
  synth bib cite --used --format markdown
"""


@click.command(epilog=EXAMPLES)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@review_root
@click.option("--style", type=click.Choice(STYLES), default=STYLES[0], show_default=True, help="Style of the list.")
@click.option("--used", is_flag=True, help="What records, citations.csv and the published tables cite.")
@output_format("text", "markdown", "html", "latex", "json")
def cite(*, keys: tuple[str, ...], root: Path | None, style: str, used: bool, format: str) -> None:
    """Print a reference list: of the entries KEY, with --used of what the review cites, else of the whole library.

    APA lists by author and gives works of the same people and year letters (2021a, 2021b). Vancouver numbers the
    references in the order of the keys, without keys in the order of the library. Titles in title case are set in
    sentence case, except what stands in braces: protect names with them.
    """
    from synthesis.bibliography.library import read_folder
    from synthesis.bibliography.reference_lists import OUTPUTS, reference_list
    from synthesis.errors import InvalidArgument, Severity

    if keys and used:
        raise InvalidArgument("give keys, or --used, not both")
    folder = given_root(root)
    libraries = read_folder(folder)
    for library in libraries:
        if any(problem.severity is Severity.ERROR for problem in library.problems):
            click.echo(f"{library.path} has errors, so entries may be missing: see `synth bib lint`", err=True)
    entries = _first_of_each(entry for library in libraries for entry in library.entries)
    chosen = _named(keys, entries) if keys else _used(folder, entries) if used else list(entries.values())
    click.echo(OUTPUTS[format](reference_list(chosen, style, entries.values())), nl=False)


def _first_of_each(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by key; of a repeated key the first, as everywhere."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.key, entry)
    return found


def _named(keys: tuple[str, ...], entries: dict[str, Entry]) -> list[Entry]:
    from synthesis.errors import NotFound, did_you_mean

    missing = [key for key in keys if key not in entries]
    if missing:
        raise NotFound("\n".join(f"{key} is not in the library: {did_you_mean(key, entries)}" for key in missing))
    return [entries[key] for key in dict.fromkeys(keys)]


def _used(folder: Path, entries: dict[str, Entry]) -> list[Entry]:
    """What the review cites, in the order of the library; what has no entry is told."""
    from synthesis.citations import cited_keys, keys_of_edges, merged, read_citations
    from synthesis.records import read_records

    records = read_records(folder, checks=False)
    cited = merged(cited_keys(folder, records.studies), keys_of_edges(read_citations(folder).edges))
    for path in records.broken:
        click.echo(f"{path} has errors, so what it cites is not counted: see `synth check`", err=True)
    for key in sorted(set(cited) - set(entries)):
        click.echo(f"{key} is cited and is not in the library", err=True)
    return [entry for key, entry in entries.items() if key in cited]
