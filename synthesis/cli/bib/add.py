"""`synth bib add`: entries into the library."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from synthesis.cli.options import given_root, review_root


@click.command()
@click.argument("file", default="-", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@review_root
@click.option(
    "--file",
    "library",
    metavar="NAME",
    help="The .bib file of bibliography/ to add to.  [default: references.bib, or the only one]",
)
def add(file: Path, root: Path | None, library: str | None) -> None:
    """Add entries in BibTeX from FILE, or from standard input, and print their keys.

    They go to the end of the file in the file's own style; every other byte stays as it is. Nothing is added when
    an entry is malformed, or when the library has its key or its DOI; the existing entry is shown.
    """
    from synthesis.bibliography.edit import add as add_entries
    from synthesis.bibliography.library import LIMIT
    from synthesis.errors import InvalidArgument
    from synthesis.files import read_limited

    target = _target(given_root(root), library)
    if str(file) == "-":
        name, text = "<stdin>", sys.stdin.buffer.read(LIMIT + 1) if sys.stdin else b""
        if len(text) > LIMIT:
            raise InvalidArgument(f"{name} is larger than {LIMIT:,} bytes")
    else:
        name, text = str(file), read_limited(file, LIMIT)
    added = add_entries(target, text, name)
    for problem in added.problems:
        click.echo(str(problem), err=True)
    for key in added.keys:
        click.echo(key)


def _target(root: Path, name: str | None) -> Path:
    """The .bib file to add to."""
    from synthesis.bibliography.library import FOLDER
    from synthesis.errors import InvalidArgument
    from synthesis.files import inside

    folder = root / FOLDER
    if name is not None:
        if not name.endswith(".bib") or Path(name).name != name:
            raise InvalidArgument(f"--file {name}: give the name of a .bib file of {FOLDER}/, without a folder")
        return inside(root, folder / name)
    found = sorted(folder.glob("*.bib"))
    default = folder / "references.bib"
    if len(found) <= 1 or default in found:
        return inside(root, found[0] if len(found) == 1 else default)
    names = ", ".join(path.name for path in found)
    raise InvalidArgument(f"{FOLDER}/ has several files: choose one of them with --file: {names}")
