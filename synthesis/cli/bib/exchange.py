"""`synth bib import` and `synth bib export`: references from and for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid

if TYPE_CHECKING:
    from synthesis.bibliography import Entry, Library
    from synthesis.bibliography.editing import Added
    from synthesis.bibliography.formats import Imported
    from synthesis.bibliography.formats.importing import Prepared

FORMATS = "ris, nbib, endnote, csl-json or bibtex"


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@review_root
@click.option("--from", "source", metavar="FORMAT", help=f"{FORMATS}.  [default: as the file looks]")
@click.option(
    "--file",
    "library",
    metavar="NAME",
    help="The .bib file of bibliography/ to add to.  [default: references.bib, or the only one]",
)
@click.option(
    "--on-duplicate",
    type=click.Choice(["refuse", "skip"]),
    default="refuse",
    show_default=True,
    help="What the library has already, by DOI, PMID or key: refuse the whole file, or leave it out and name it.",
)
@click.option(
    "--shared-doi",
    type=click.Choice(["duplicate", "keep"]),
    default="duplicate",
    show_default=True,
    help="A DOI that the library has under another title, as abstracts of one supplement have one DOI: a duplicate, or"
    " a document to add, which keeps the DOI in the field x-shared-doi.",
)
@click.option("--new-keys", is_flag=True, help="A key by the pattern also for references that have one.")
@click.option(
    "--key-pattern", "pattern", default="{author}{year}", show_default=True, metavar="PATTERN", help="Of keys."
)
@click.option("--dry-run", is_flag=True, help="Show the entries in BibTeX, and write nothing.")
@skip_invalid
@output_format("text", "json")
def import_(
    *,
    file: Path,
    root: Path | None,
    source: str | None,
    library: str | None,
    on_duplicate: str,
    shared_doi: str,
    new_keys: bool,
    pattern: str,
    dry_run: bool,
    skip_invalid: bool,
    format: str,
) -> None:
    """Add the references of FILE (- for standard input) to the library, and print their keys.

    All of them or none: a record that has an error, or that the library has already, keeps the file out, unless
    --skip-invalid or --on-duplicate skip leaves it out and names it. Every other byte of the library stays.
    """
    from synthesis.bibliography import read_folder
    from synthesis.bibliography.formats.importing import prepare
    from synthesis.cli.bib.target import target_file

    folder = given_root(root)
    target = target_file(folder, library)
    read = _read(file, source, skip_invalid=skip_invalid)
    entries = [entry for one in read_folder(folder) for entry in one.entries]
    skip, share = on_duplicate == "skip", shared_doi == "keep"
    prepared = prepare(read.sound, entries, skip=skip, new_keys=new_keys, share=share, pattern=pattern)
    added = _add(target, prepared, pattern, dry_run=dry_run)
    _say(read, prepared, added, format, dry_run=dry_run)


def _read(file: Path, source: str | None, *, skip_invalid: bool) -> Imported:
    """What a file holds; refused where a record has an error, unless it is to be left out and others are left."""
    from synthesis.bibliography.formats import read_references
    from synthesis.bibliography.formats.source import LIMIT
    from synthesis.errors import InvalidArgument, InvalidData, Problem, Severity

    if str(file) == "-":
        data = sys.stdin.buffer.read(LIMIT + 1) if sys.stdin else b""
        if len(data) > LIMIT:
            raise InvalidArgument(f"<stdin> is larger than {LIMIT:,} bytes")
        read = read_references(data, source, "<stdin>")
    else:
        read = read_references(file, source)
    errors = [problem for problem in read.problems if problem.severity is Severity.ERROR]
    if not errors and not read.references:
        place = "<stdin>" if str(file) == "-" else str(file)
        remedy = "look whether it is the right file, or name its format with --from"
        errors = [*read.problems, Problem(place, 1, 1, "SY546", "no record can be read in this file", remedy)]
    if errors and not (skip_invalid and read.sound):
        raise InvalidData(errors)
    for problem in read.problems:
        click.echo(str(problem), err=True)
    return read


def _add(target: Path, prepared: Prepared, pattern: str, *, dry_run: bool) -> Added | None:
    """The entries added; None where every reference is skipped."""
    from synthesis.bibliography.editing import RefusedError, add

    if any(problem.fails for problem in prepared.problems):
        raise RefusedError(prepared.problems, prepared.existing)
    if not prepared.references:
        return None
    name = "<import>"
    try:
        return add(target, prepared.text(), name, pattern=pattern, made=True, dry_run=dry_run)
    except RefusedError as refused:
        raise RefusedError(prepared.moved(refused.problems, name), refused.existing) from refused


def _say(read: Imported, prepared: Prepared, added: Added | None, form: str, *, dry_run: bool) -> None:
    from synthesis.bibliography.formats.importing import faulty

    warnings = prepared.moved(added.problems, "<import>") if added else ()
    invalid = faulty(read)
    left_out = (*invalid, *prepared.skipped)
    for line in (*left_out, *prepared.problems, *warnings):
        click.echo(str(line), err=True)
    keys = added.keys if added else ()
    count = len(read.sound) + len(invalid)
    if form == "json":
        from synthesis.cli.show import write_json

        skipped = [{"place": str(one.place), "title": one.title, "why": one.why} for one in left_out]
        write_json({"read": count, "added": list(keys), "skipped": skipped, "dry_run": dry_run})
    elif dry_run:
        click.echo(added.text.lstrip("\r\n") if added else "", nl=False)
    else:
        click.echo("".join(f"{key}\n" for key in keys), nl=False)
    verb = "would be added" if dry_run else "added"
    doubtful = sum(one.doubtful for one in prepared.skipped)
    also = [f"{len(invalid)} with errors"] if invalid else []
    also += [f"{doubtful} with another title: look at them"] if doubtful else []
    aside = f" ({'; '.join(also)})" if also else ""
    shared = f" ({prepared.sharing} with the DOI of another document)" if prepared.sharing else ""
    click.echo(f"{count} read, {len(keys)} {verb}{shared}, {len(left_out)} skipped{aside}", err=True)


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@review_root
@click.option("--to", "target", metavar="FORMAT", required=True, help=f"{FORMATS}.")
@click.option("--used", is_flag=True, help="Only entries that records, citations.csv or the published tables use.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Instead of stdout."
)
def export(*, keys: tuple[str, ...], root: Path | None, target: str, used: bool, output: Path | None) -> None:
    """The library, or the entries KEY, in another program's format.

    What the format cannot hold is named on stderr. In BibTeX the entries stand as in the library, with the macros
    that they use and their crossref parents.
    """
    from synthesis.bibliography import read_folder
    from synthesis.bibliography.formats import losses, named_format, reference_of
    from synthesis.bibliography.formats.bibtex import extract
    from synthesis.bibliography.formats.reference import by_lower_key
    from synthesis.files import write_atomic

    to = named_format(target)
    folder = given_root(root)
    libraries = read_folder(folder)
    _report_unread(libraries)
    chosen = _chosen(libraries, keys, _used(folder) if used else None)
    if to.name == "bibtex":
        text = extract(libraries, chosen)
    else:
        parents = by_lower_key([entry for library in libraries for entry in library.entries])
        references = [reference_of(entry, parents) for entry in chosen]
        text = to.write(references)
        for loss in losses(references, to):
            click.echo(str(loss.problem()), err=True)
    if output:
        write_atomic(output, text.encode())
    else:
        click.echo(text, nl=False)
    click.echo(f"{len(chosen)} entr{'y' if len(chosen) == 1 else 'ies'} in {to.label}", err=True)


def _report_unread(libraries: tuple[Library, ...]) -> None:
    """What of the library cannot be read, and so is not exported as it stands."""
    from synthesis.errors import Severity

    for library in libraries:
        for problem in library.problems:
            if problem.severity is Severity.ERROR:
                click.echo(str(problem), err=True)


def _chosen(libraries: tuple[Library, ...], keys: tuple[str, ...], used: frozenset[str] | None) -> list[Entry]:
    """The entries of some keys in their order, or all; of a repeated key all entries."""
    from synthesis.errors import NotFound, did_you_mean

    entries = [entry for library in libraries for entry in library.entries]
    known = {entry.key for entry in entries}
    for key in keys:
        if key not in known:
            raise NotFound(f"no entry {key!r} in the library: {did_you_mean(key, known)}")
    if keys:
        entries = [entry for key in dict.fromkeys(keys) for entry in entries if entry.key == key]
    return [entry for entry in entries if used is None or entry.key in used]


def _used(folder: Path) -> frozenset[str]:
    """The keys that the review uses."""
    from synthesis.citations import cited_keys, keys_of_edges, merged, read_citations
    from synthesis.records import read_records

    records = read_records(folder, checks=False)
    for path in records.broken:
        click.echo(f"{path} has errors, so what it cites is not counted: see `synth check`", err=True)
    return frozenset(merged(cited_keys(folder, records.studies), keys_of_edges(read_citations(folder).edges)))
