"""Data to stdout, talk to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

import click

from synthesis.errors import Problem
from synthesis.rendering.tables import Cell, csv_bytes, json_bytes
from synthesis.text import table

COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}  # by severity


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> None:
    """A table of columns to stdout."""
    click.echo(table(header, rows, numeric), nl=False)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A CSV table to stdout, its text guarded against being run as a formula."""
    click.echo(csv_bytes(header, rows), nl=False)


def write_json(value: object) -> None:
    """A value to stdout as JSON."""
    click.echo(json_bytes(value), nl=False)


def write_problem(problem: Problem) -> None:
    """A problem to stdout, as `shown_problem` has it."""
    click.echo(shown_problem(problem))


def shown_problem(problem: Problem) -> str:
    """A problem in words, in the colour of its severity where stdout is a terminal, unless NO_COLOR is set."""
    plain = os.environ.get("NO_COLOR") or not sys.stdout.isatty()
    return str(problem) if plain else click.style(str(problem), fg=COLOURS[problem.severity])


def report_skipped(problems: Iterable[Problem]) -> None:
    """The errors for which records are left out, to stderr, under a line that says how many records; else nothing."""
    errors = tuple(problems)
    files = {problem.path for problem in errors}
    if files:
        click.echo(f"left out, with errors: {len(files)} record{'' if len(files) == 1 else 's'}", err=True)
    for problem in errors:
        click.echo(str(problem), err=True)
