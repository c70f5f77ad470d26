"""`synth study add`: a new record."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, review_root


@click.command()
@click.argument("key")
@click.option(
    "--cite", multiple=True, metavar="KEY", help="A report of the study, by its key in the library; repeatable."
)
@click.option("--evidence-set", metavar="NAME", help="One of review.toml.  [default: the first one that is living]")
@review_root
def add(key: str, cite: tuple[str, ...], evidence_set: str | None, root: Path | None) -> None:
    """Make studies/KEY.yaml, with every usual field to fill in, and print its path.

    A record that is there already is left alone. To make many records at once, fill in a spreadsheet and import it.
    """
    from synthesis.errors import InvalidArgument, did_you_mean
    from synthesis.records import read_records
    from synthesis.records.folder import KEY
    from synthesis.records.skeleton import skeleton
    from synthesis.records.tables.sheets import like_named, path_of
    from synthesis.records.writing import write_records

    if not KEY.fullmatch(key):
        raise InvalidArgument(f"{key!r} cannot name a record: take letters, digits, `-`, `_` and `.`")
    folder = given_root(root)
    sets = read_records(folder, checks=False).review.evidence_sets
    chosen = evidence_set or next((name for name, each in sets.items() if each.living), next(iter(sets), ""))
    if chosen not in sets:
        raise InvalidArgument(f"review.toml declares no evidence set {chosen!r}: {did_you_mean(chosen, sets)}")
    path = path_of(key)
    other = like_named(folder, key)
    if other or (folder / path).exists():
        raise InvalidArgument(f"there is {other or path} already: choose another key, or edit that record")
    from synthesis.records.schema import FILES

    schema = FILES["record"] if (folder / FILES["record"]).is_file() else ""
    write_records(folder, {path: (None, skeleton(key, cite, chosen, schema).encode())})
    click.echo(path)
    _tell_unknown(folder, cite)


def _tell_unknown(root: Path, cite: tuple[str, ...]) -> None:
    """Say which of the reports the library does not have yet."""
    from synthesis.bibliography.library import read_folder
    from synthesis.errors import did_you_mean

    known = {entry.key for library in read_folder(root) for entry in library.entries} if cite else set()
    for key in cite:
        if key not in known:
            near = did_you_mean(key, sorted(known))
            hint = near if near.startswith("did you") else "add it with `synth bib add`"
            click.echo(f"the library has no {key!r}: {hint}", err=True)
