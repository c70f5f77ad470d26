"""`synth bib add`: entries into the library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.bib.target import target_file
from synthesis.cli.options import given_root, output_format, review_root

if TYPE_CHECKING:
    from synthesis.bibliography.editing import Added


@click.command()
@click.argument("file", default="-", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@review_root
@click.option(
    "--file",
    "library",
    metavar="NAME",
    help="The .bib file of bibliography/ to add to.  [default: references.bib, or the only one]",
)
@click.option(
    "--from", "source_format", metavar="FORMAT", help="bibtex, ris, nbib, endnote or csl-json.  [default: as it looks]"
)
@click.option("--type", "kind", metavar="TYPE", help="One entry of that type, such as article, from --field.")
@click.option("--field", "fields", metavar="NAME=VALUE", multiple=True, help="A field of it, in Unicode; repeatable.")
@click.option("--latex", is_flag=True, help="The values of --field are LaTeX: $...$ is a formula, nothing is escaped.")
@click.option("--key", metavar="KEY", help="Its key.  [default: by the pattern]")
@click.option(
    "--key-pattern",
    "pattern",
    metavar="PATTERN",
    default="{author}{year}",
    show_default=True,
    help="Of keys of entries without one: {author}, {authors}, {title}, {word}, {year}, {year2}; {author:lower}.",
)
@click.option("--new-keys", is_flag=True, help="A key by the pattern also for entries that have one.")
@click.option("--restyle", is_flag=True, help="Order of fields and quotes as in the file, for BibTeX too.")
@click.option("--dry-run", is_flag=True, help="Show what would be appended, and write nothing.")
@output_format("text", "json")
def add(
    *,
    file: Path,
    root: Path | None,
    library: str | None,
    source_format: str | None,
    kind: str | None,
    fields: tuple[str, ...],
    latex: bool,
    key: str | None,
    pattern: str,
    new_keys: bool,
    restyle: bool,
    dry_run: bool,
    format: str,
) -> None:
    """Add entries from FILE, from standard input or from options, and print their keys.

    BibTeX, RIS, PubMed's nbib, EndNote XML and CSL-JSON are read. The entries go to the end of the file in the
    file's own style; every other byte stays as it is. Nothing is added when an entry is malformed, or when the
    library has its key or its DOI; the existing entry is shown. Entries without a key get one by the pattern.

    Values of --field are plain text: $, % and & are printed as they are. Only braces keep their meaning, as in {DNA},
    and commands of LaTeX; with --latex all of it is LaTeX.
    """
    from synthesis.bibliography.editing import add as add_entries

    target = target_file(given_root(root), library)
    if kind is not None or fields or key is not None or latex:
        name, text, made = "<options>", _from_options(file, kind, fields, key, latex=latex), True
    else:
        name, text, made = _from_source(file, source_format, new_keys=new_keys)
    added = add_entries(target, text, name, pattern=pattern, made=made or restyle, dry_run=dry_run)
    _say(added, format, dry_run=dry_run)


def _say(added: Added, form: str, *, dry_run: bool) -> None:
    for problem in added.problems:
        click.echo(str(problem), err=True)
    if form == "json":
        from synthesis.cli.show import write_json

        write_json(added.to_dict())
    elif dry_run:
        click.echo(added.text.lstrip("\r\n"), nl=False)
        click.echo(f"would be appended to {added.path}; nothing is written", err=True)
    else:
        click.echo(added.summary(), nl=False)


def _from_options(file: Path, kind: str | None, fields: tuple[str, ...], key: str | None, *, latex: bool) -> bytes:
    """One entry in BibTeX."""
    from synthesis.bibliography.editing.entries import entry_of
    from synthesis.errors import InvalidArgument

    if str(file) != "-":
        raise InvalidArgument(f"give either the file {file}, or --type, --field, --latex and --key")
    if kind is None:
        raise InvalidArgument("--field, --latex and --key make one entry: say its --type too, such as article")
    return entry_of(kind, named_values(fields), key or "", latex=latex).encode()


def named_values(given: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE, by name.

    Raises
    ------
    InvalidArgument
        One is not of that form, or a name is given twice.
    """
    from synthesis.errors import InvalidArgument

    values: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise InvalidArgument(f"{one!r}: write NAME=VALUE, as in year=2009")
        if name.strip().lower() in {known.lower() for known in values}:
            raise InvalidArgument(f"{name.strip()} is given twice")
        values[name.strip()] = value
    return values


def _from_source(file: Path, source_format: str | None, *, new_keys: bool) -> tuple[str, bytes, bool]:
    """The name of a source, its entries in BibTeX, and whether they had to be made from another format."""
    from synthesis.bibliography.editing.entries import entries_of, without_keys
    from synthesis.bibliography.library import LIMIT
    from synthesis.errors import InvalidArgument
    from synthesis.files import read_limited

    if str(file) == "-":
        name, data = "<stdin>", sys.stdin.buffer.read(LIMIT + 1) if sys.stdin else b""
        if len(data) > LIMIT:
            raise InvalidArgument(f"{name} is larger than {LIMIT:,} bytes")
    else:
        name, data = str(file), read_limited(file, LIMIT)
    text, made, problems = entries_of(data, name, source_format)
    for problem in problems:
        click.echo(str(problem), err=True)
    return name, without_keys(text, name) if new_keys else text, made
