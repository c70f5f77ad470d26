"""The options that name the columns of a plain table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click

from synthesis.cli.sections import Option

SECTION = "Columns of a FILE"
# Every column of MEASURES and of printed estimates; a test compares the list, which costs no import of the measures.
ROLES = (
    "yi", "vi", "sei", "ai", "bi", "ci", "di", "n1i", "n2i", "x1i", "t1i", "x2i", "t2i", "m1i", "sd1i", "m2i", "sd2i",
    "xi", "mi", "ni", "ti", "sdi", "ri", "r2i", "fi", "pi", "estimate", "se", "ci_low", "ci_high", "z", "p",
)  # fmt: skip
SHOWN = (
    ("--yi --vi --sei", "Effects (ratios as logs) with variances, or with standard errors."),
    ("--ai --bi --ci --di", "Counts of two groups: events and non-events; or events with the sizes --n1i --n2i."),
    ("--m1i --sd1i --n1i", "Means, standard deviations and sizes; of the second group --m2i --sd2i --n2i."),
    ("--x1i --t1i --x2i --t2i", "Events and person-time of two groups."),
    ("--xi --mi --ni --ti", "One group: events, non-events, people, person-time; means --mi --sdi --ni."),
    ("--ri --r2i --fi --pi", "Correlations, R2, F, p; with --ni; more in `synth methods MEASURE`."),
    ("--estimate --se", "Printed estimates (ratios as ratios); or with --ci-low --ci-high, with --z, or with --p."),
)


class ColumnsHelp(Option):
    """Stands in the help for the options of all columns, which are too many to be shown one by one."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """A line of SHOWN, kept as this option's help."""
        flags, _, words = (self.help or "").partition("|")
        return flags, words


def column_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """One option for each column that a plain table can give, and one for the studies' names."""
    for flags, words in reversed(SHOWN):
        name = flags.split()[0].removeprefix("--").replace("-", "_")
        command = _column(name, cls=ColumnsHelp, help=f"{flags}|{words}")(command)
    shown = {flags.split()[0].removeprefix("--").replace("-", "_") for flags, _ in SHOWN}
    for role in ROLES:
        if role not in shown:
            command = _column(role, hidden=True)(command)
    return click.option(
        "--study", cls=Option, section=SECTION, metavar="COLUMN", help="Names of the studies."
    )(command)  # fmt: skip


def _column(role: str, **given: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    cls = given.pop("cls", Option)
    return click.option(f"--{role.replace('_', '-')}", role, metavar="COLUMN", cls=cls, section=SECTION, **given)


def given_columns(options: dict[str, Any]) -> dict[str, str]:
    """The columns that were named, by what they are, taken out of a command's options."""
    return dict(_taken(options))


def _taken(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for role in ROLES:
        column = options.pop(role)
        if column:
            yield role, column
