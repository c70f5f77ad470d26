"""Whether entries may come into a library: what is wrong with them, and what they clash with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from synthesis.bibliography.blocks import Block
from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.editing.refused import RefusedError, at
from synthesis.bibliography.editing.rekeying import invisible_in
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library, read_library
from synthesis.bibliography.style import LINE_END
from synthesis.errors import Problem, Severity

BALANCE = "SY434"  # a warning in a library, but nothing that BibTeX reads otherwise comes in
RULES = ("repeated-fields", "malformed-dois", "years")  # of lint, that keep an entry out


def admitted(library: Library, known: Sequence[Entry], addition: Library) -> tuple[Problem, ...]:
    """The warnings about an addition, if it may be made."""
    clashes = list(_clashes(known, addition.entries))
    problems = [*cannot_take(library), *_found_in(addition), *(problem for problem, _ in clashes)]
    if any(problem.severity is Severity.ERROR for problem in problems):
        added = {id(entry) for entry in addition.entries}
        existing = {id(entry): entry for _, entry in clashes if id(entry) not in added}
        raise RefusedError(problems, tuple(existing.values()))
    return tuple(sorted(problems))


def cannot_take(library: Library) -> Iterator[Problem]:
    """What keeps a file from taking any entry."""
    for problem in library.problems:
        if problem.code in {"SY400", "SY401"}:
            yield problem
    last = library.blocks[-1] if library.blocks else None
    if last is not None and last.kind == "unreadable":
        yield next(problem for problem in reversed(library.problems) if problem.code == "SY410")


def admitted_anywhere(addition: Library) -> tuple[Problem, ...]:
    """The warnings about an addition by itself, if it may be made anywhere."""
    return admitted(read_library(b"", addition.path), (), addition)


def _found_in(addition: Library) -> Iterator[Problem]:
    """Everything wrong with an addition by itself."""
    from synthesis.bibliography.lint import lint

    for problem in addition.problems:
        yield replace(problem, severity=Severity.ERROR) if problem.code == BALANCE else problem
    for block in addition.blocks:
        if block.kind not in {"entry", "unreadable"}:
            yield _no_entry(addition, block)
    yield from lint(addition, select=RULES)
    for entry in addition.entries:
        if unseen := invisible_in(entry.key):
            what, remedy = f"{unseen}, which nobody sees, in the key {entry.key!r}", "write the key without it"
            yield at(entry, "SY423", what, remedy)
        if not entry.type:
            yield at(entry, "SY461", "an entry without a type", "write one between @ and {, as in @article{")
    if {block.kind for block in addition.blocks} <= {"comment", "text"}:
        yield Problem(addition.path, 1, 1, "SY461", "there is no entry here", "give at least one entry in BibTeX")


def _no_entry(addition: Library, block: Block) -> Problem:
    """Text or a block beside the entries: an error, unless it is a comment, which is only not taken over."""
    line = len(LINE_END.findall(addition.text[: block.start])) + 1
    lines = addition.text[block.start : block.end].splitlines()
    if block.kind == "comment" or (block.kind == "text" and all(one.lstrip().startswith("%") for one in lines)):
        what, remedy = "a comment, which is not added", "nothing, or write it into the file in an editor"
        return Problem(addition.path, line, 1, "SY461", what, remedy, Severity.NOTE)
    what = "text outside any entry" if block.kind == "text" else f"an @{block.kind}, which is no entry"
    return Problem(addition.path, line, 1, "SY461", what, "take it out, or write it into the file in an editor")


def _clashes(known: Sequence[Entry], entries: Sequence[Entry]) -> Iterator[tuple[Problem, Entry]]:
    """Keys and DOIs of an addition that the library, or an earlier entry of the addition, already has."""
    from synthesis.bibliography.lint.repeated_keys import clash

    keys = {entry.key.lower(): entry for entry in reversed(known)}
    dois = _first_by_doi(known, {entry.doi for entry in entries if is_doi(entry.doi)})
    for entry in entries:
        same_key = keys.setdefault(entry.key.lower(), entry)
        if same_key is not entry and entry.key:
            yield clash(entry, same_key), same_key
        same_doi = dois.setdefault(entry.doi, entry) if is_doi(entry.doi) else entry
        if same_doi is not entry:
            what = f"the DOI {entry.doi} is taken by {same_doi.key!r}, {same_doi.place}"
            yield at(entry, "SY460", what, "cite the existing entry"), same_doi


def _first_by_doi(known: Sequence[Entry], wanted: Collection[str]) -> dict[str, Entry]:
    """Of each wanted DOI the first entry that has it."""
    return {doi: entry for entry in reversed(known) if (doi := entry.doi) in wanted} if wanted else {}
