"""Options that ask a rule about other findings, or another rule about the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
OPTIONS = (
    click.option("--rule", metavar="NAME", help="A rule, shipped or in the folder rules/.  [default: the review's]"),
    click.option("--policy", metavar="NAME", help="A reading of the rule.  [default: the review's, else the first]"),
    click.option(
        "--as-of",
        type=click.IntRange(1000, 9999),
        metavar="YEAR",
        help="Only studies first reported by then, without what their own later reports add.",
    ),
    click.option("--setting", metavar="NAME", help="Only samples in that setting, such as prison; none is borrowed."),
    click.option("--evidence-set", metavar="NAME", help="The findings of that set, beside the living ones."),
    click.option(
        "--every",
        is_flag=True,
        help="Contrasts of every level and comparator, not only those of the pools; the rule admits what it admits.",
    ),
)


def asking(command: F) -> F:
    """Options handed on as `rule`, `policy`, `as_of`, `setting`, `evidence_set` and `every`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
