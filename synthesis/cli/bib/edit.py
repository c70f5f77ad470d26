"""`synth bib set`, `remove` and `rename`: edits of one entry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import given_root, output_format, review_root

if TYPE_CHECKING:
    from synthesis.bibliography.editing import Edited

EXAMPLES = """\b
synth bib set Doe2001 year=2002 pages=11--19
synth bib set Doe2001 title='Effects of {DNA}' --unset note
"""
dry = click.option("--dry-run", is_flag=True, help="Check everything and show what would change; write nothing.")


@click.command("set", epilog=EXAMPLES)
@click.argument("key")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--unset", metavar="NAME", multiple=True, help="Take a field out; repeatable.")
@review_root
@dry
@output_format("text", "json")
def set_(
    *, key: str, values: tuple[str, ...], unset: tuple[str, ...], root: Path | None, dry_run: bool, format: str
) -> None:
    """Set fields of the entry KEY, and show what changed.

    VALUE is BibTeX, without the outer braces or quotes: the entry keeps those that it has. Only the bytes of the
    changed values are touched; a new field is put where the other entries of the file have it.
    """
    from synthesis.bibliography.editing import set_fields
    from synthesis.bibliography.library import FOLDER
    from synthesis.cli.bib.add import named_values
    from synthesis.errors import InvalidArgument

    if not values and not unset:
        raise InvalidArgument("nothing to set: give NAME=VALUE or --unset NAME")
    edited = set_fields(given_root(root) / FOLDER, key, named_values(values), unset, dry_run=dry_run)
    _show(edited, format, dry_run=dry_run)


@click.command()
@click.argument("key")
@review_root
@dry
@output_format("text", "json")
def remove(*, key: str, root: Path | None, dry_run: bool, format: str) -> None:
    """Take the entry KEY out of the library, and show it.

    Refused while a study record, citations.csv, a published table or another entry (crossref, xref, xdata, entryset,
    related) cites it: every place is listed.
    """
    from synthesis.pipeline.renaming import mentions_of
    from synthesis.pipeline.renaming import remove as remove_entry

    folder = given_root(root)
    _show(remove_entry(folder, key, dry_run=dry_run), format, dry_run=dry_run)
    if not dry_run:
        _mentioned(key, mentions_of(folder, key))


@click.command()
@click.argument("old")
@click.argument("new")
@review_root
@dry
@output_format("text", "json")
def rename(*, old: str, new: str, root: Path | None, dry_run: bool, format: str) -> None:
    """Give the entry OLD the key NEW, in the library and in all that cites it.

    Study records (reports and sources), citations.csv, published tables and other entries change with it, each only
    by the bytes of the key. All files are checked before the first is written. A rename that was cut short is
    completed by the same command again; until then `synth check` reports NEW as unknown.
    """
    from synthesis.pipeline.renaming import rename as rename_key

    renamed = rename_key(given_root(root), old, new, dry_run=dry_run)
    if format == "json":
        from synthesis.cli.show import write_json

        write_json(renamed.to_dict())
    else:
        click.echo(renamed.summary(), nl=False)
    _mentioned(old, renamed.mentions)
    _said(dry_run=dry_run)


def _mentioned(key: str, places: Sequence[str]) -> None:
    """Where a key is left that is no longer one."""
    if places:
        click.echo(f"{key} is still mentioned in words, which stay: {', '.join(places)}", err=True)


def _show(edited: Edited, form: str, *, dry_run: bool) -> None:
    if form == "json":
        from synthesis.cli.show import write_json

        write_json(edited.to_dict())
    else:
        click.echo(edited.summary(), nl=False)
    if not edited.changes:
        click.echo("it is so already; nothing is written", err=True)
    else:
        _said(dry_run=dry_run)


def _said(*, dry_run: bool) -> None:
    if dry_run:
        click.echo("nothing is written", err=True)
