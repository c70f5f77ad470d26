"""`synth bib dedupe`: duplicates in the library, or in a file of another program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import given_root, output_format, review_root
from synthesis.cli.show import write_csv, write_json

if TYPE_CHECKING:
    from synthesis.bibliography.duplicates import Found
    from synthesis.bibliography.duplicates.decisions import Decision
    from synthesis.bibliography.duplicates.merging import Merge

LAST = "*"  # no key of BibTeX: `--undo` without one


@click.command()
@review_root
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Look into this file instead (CSV, TSV, BibTeX, RIS, nbib, EndNote XML, CSL-JSON); nothing is written.",
)
@click.option("--merge", is_flag=True, help="Merge the groups, but for those that a study or a citation keeps from it.")
@click.option("--accept", multiple=True, metavar="A=B", help="Decide that two entries are one document.")
@click.option("--reject", multiple=True, metavar="A=B", help="Decide that two entries are two documents.")
@click.option("--because", default="", metavar="TEXT", help="Why, for --accept and --reject.")
@click.option(
    "--undo",
    is_flag=False,
    flag_value=LAST,
    metavar="[KEY]",
    help="Take back the last --merge, or the merge that took out the entry KEY.",
)
@output_format("table", "json", "csv")
@click.pass_context
def dedupe(
    context: click.Context,
    *,
    root: Path | None,
    file: Path | None,
    merge: bool,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    because: str,
    undo: str | None,
    format: str,
) -> None:
    """Show entries that are one document, and the pairs that somebody must look at; each with its reason.

    A shared DOI is no proof where titles or pages differ, nor is a shared title: editions, parts, replies and
    corrections are other documents, a preprint and its article are versions, and both stay. Decisions are kept in
    bibliography/duplicates.csv. Nothing is changed without --merge; what --merge takes out is kept in
    bibliography/merged.jsonl. Exits 1 when there are duplicates or pairs to look at, or when a merge was refused.
    """
    _check_options(file, undo, changes=bool(merge or accept or reject), because=because, decides=bool(accept or reject))
    if file is not None:
        _show_file(context, file, format)
        return
    folder = given_root(root)
    if undo is not None:
        context.exit(_undo(folder, undo))
    _decide(folder, accept, reject, because)
    if merge:
        context.exit(_merge(folder, format))
    _show_library(context, folder, format)


def _check_options(file: Path | None, undo: str | None, *, changes: bool, because: str, decides: bool) -> None:
    if file is not None and (changes or undo is not None):
        raise click.UsageError("--file only shows: give it without --merge, --accept, --reject and --undo")
    if undo is not None and changes:
        raise click.UsageError("--undo goes alone: give it without --merge, --accept and --reject")
    if because and not decides:
        raise click.UsageError("--because goes with --accept or --reject")


def _show_file(context: click.Context, file: Path, form: str) -> None:
    from synthesis.bibliography.duplicates import find
    from synthesis.bibliography.duplicates.foreign import records_of_file
    from synthesis.rendering.duplicates import found_summary

    read = records_of_file(file)
    for problem in read.problems:
        click.echo(str(problem), err=True)
    found = find(read.records)
    _show(found, {}, form)
    click.echo(found_summary(found), err=True)
    context.exit(int(bool(found.groups or found.unsure)))


def _show_library(context: click.Context, folder: Path, form: str) -> None:
    from synthesis.pipeline.deduplicating import duplicates_of
    from synthesis.rendering.duplicates import found_summary

    plan, notes = duplicates_of(folder)
    _show(plan.found, _by_group(plan.merges), form)
    for problem in (*plan.problems, *notes):
        click.echo(str(problem), err=True)
    click.echo(found_summary(plan.found), err=True)
    context.exit(int(bool(plan.found.groups or plan.found.unsure)))


def _merge(folder: Path, form: str) -> int:
    from synthesis.pipeline.deduplicating import merge_duplicates

    done = merge_duplicates(folder)
    rows = [[removed, one.kept, one.because] for one in done.merged for removed in one.removed]
    if form == "json":
        write_json([{"removed": removed, "kept": kept, "because": because} for removed, kept, because in rows])
    elif form == "csv":
        write_csv(["removed", "kept", "because"], rows)
    else:
        for removed, kept, because in rows:
            click.echo(f"{removed} -> {kept}: {because}")
    for problem in done.plan.problems:
        click.echo(str(problem), err=True)
    left = len(done.plan.merges) - len(done.merged)
    words = [f"{len(rows)} merged", f"{left} group{'' if left == 1 else 's'} refused"]
    words.append(f"{len(done.plan.found.unsure)} to look at")
    undo = "; `synth bib dedupe --undo` takes it back" if rows else ""
    click.echo(f"{', '.join(words)}{undo}", err=True)
    return int(bool(left))


def _undo(folder: Path, key: str) -> int:
    from synthesis.bibliography.duplicates.shelving import undo

    back, problems = undo(folder, "" if key == LAST else key)
    for one in back:
        for removed in one.removed:
            click.echo(removed)
    for problem in problems:
        click.echo(str(problem), err=True)
    count = sum(len(one.removed) for one in back)
    click.echo(f"{count} taken back; --reject A=B keeps two entries apart from now on", err=True)
    return int(bool(problems))


def _decide(folder: Path, accept: Sequence[str], reject: Sequence[str], because: str) -> None:
    from synthesis.bibliography.duplicates.clusters import pair_of

    decisions = [*_decisions(accept, "duplicate", because), *_decisions(reject, "distinct", because)]
    pairs = [pair_of(one.one, one.other) for one in decisions]
    if twice := next((pair for pair in pairs if pairs.count(pair) > 1), None):
        raise click.UsageError(f"{twice[0]}={twice[1]} is decided twice")
    if decisions:
        from synthesis.pipeline.deduplicating import decide_pairs

        path = decide_pairs(folder, decisions)
        click.echo(f"{len(decisions)} decided in {path.relative_to(folder.resolve())}", err=True)


def _decisions(pairs: Iterable[str], verdict: str, because: str) -> list[Decision]:
    from synthesis.bibliography.duplicates.decisions import Decision

    found = []
    for text in pairs:
        one, sign, other = (part.strip() for part in text.partition("="))
        if not sign or not one or not other or one == other:
            raise click.UsageError(f"{text!r} is no pair of keys: write A=B")
        found.append(Decision(one, other, verdict, because))
    return found


def _by_group(merges: Iterable[Merge]) -> Mapping[str, Merge]:
    return {min(one.record.key for one in (merge.kept, *merge.removed)): merge for merge in merges}


def _show(found: Found, merges: Mapping[str, Merge], form: str) -> None:
    from synthesis.rendering import duplicates as words

    if form == "json":
        write_json(words.found_json(found, merges))
    elif form == "csv":
        write_csv(words.COLUMNS, words.found_rows(found))
    else:
        click.echo(words.found_text(found, merges), nl=False)
