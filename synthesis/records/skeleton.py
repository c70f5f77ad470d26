"""A new record with every usual field, empty, and what each may hold beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.records.edit import Bare, new_record
from synthesis.records.fields import ARM, FINDING, STUDY, Field
from synthesis.records.study import NOT_STATED

COLUMN = 28  # where the comments begin
WIDEST = 110  # of a line
EMPTY = ("sample", "design")  # parts that may be empty; the others are written down when there is something to say
SCHEMA = "# yaml-language-server: $schema=../{}\n"


def skeleton(key: str, cite: Sequence[str], evidence_set: str, schema: str = "") -> str:
    """The text of a new record: a study without findings, which can be read as it is.

    Parameters
    ----------
    key : str
        The study.
    cite : sequence of str
        Its reports.
    evidence_set : str
        One of review.toml.
    schema : str, optional
        The path of the schema that editors should use, from the review folder.
    """
    head = new_record({"study": key, **({"cite": list(cite)} if cite else {}), "evidence_set": evidence_set})
    lines = [*_field("note", STUDY.fields["note"])]
    for part in EMPTY:
        lines.append(f"{part}:")
        lines += [line for name, field in STUDY.fields[part].fields.items() for line in _field(name, field, "  ")]
    lines.append(new_record({"maryland": {"level": Bare(NOT_STATED)}}).rstrip())
    lines += ["arms:", "# to be copied, without its #, for each group:", *_example("  ", "short_key:", ARM, "    ")]
    lines += ["findings:", "# to be copied, without its #, for each contrast:", *_example("", "", FINDING, "    ")]
    return (SCHEMA.format(schema) if schema else "") + head + "".join(f"{line}\n" for line in lines)


def _example(indent: str, first: str, whole: Field, inner: str) -> Iterator[str]:
    """The fields of an arm or a finding, as comments."""
    if first:
        yield f"#{indent}{first}"
    for number, (name, field) in enumerate(whole.fields.items()):
        before = "  - " if not first and not number else inner
        yield from (f"#{line}" for line in _field(name, field, before))


def _field(name: str, field: Field, before: str = "") -> Iterator[str]:
    """A field without a value, and in a comment what it takes, on as many lines as that needs."""
    words = field.about if not field.words else " | ".join(field.words)
    if field.fields:
        words = "{" + ", ".join(f"{inner}:" for inner in field.fields) + "}"
    start = f"{before}{name}:".ljust(COLUMN)
    for line in _wrapped(words, WIDEST - COLUMN):
        yield f"{start}# {line}"
        start = " " * COLUMN


def _wrapped(words: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False)
