"""The options of everything that pools: what enters, and how it is pooled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from synthesis.cli.sections import Option

F = Callable[..., Any]


def parts(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Text with commas as its parts."""
    return None if value is None else tuple(part.strip() for part in value.split(",") if part.strip())


def _levels(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    levels = parts(ctx, parameter, value)
    if levels is None:
        return None
    if not all(level in ("1", "2", "3", "4", "5") for level in levels):
        raise click.BadParameter(f"{value!r}: write levels from 1 to 5, as 4,5")
    return tuple(map(int, levels))


def _conditions(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[Any, ...] | None:
    if not value:
        return None
    from synthesis.evidence.attributes import condition

    return tuple(condition(text) for text in value)


def some(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    """What may be given several times, or with commas; None where it was not given."""
    return tuple(part.strip() for one in value for part in one.split(",") if part.strip()) or None


ENTERS, POOLED = "What enters", "How it is pooled"
GROUPINGS = "Groupings with commas: modality, outcome, setting, country, year, ...  [default: modality,outcome]"
WHERE = (
    "Only findings for which NAME=VALUE, NAME!=VALUE or NAME>=NUMBER holds (setting, population, level, year, "
    "comparator, set, ...); may be repeated."
)
MEASURE = "The measure of its family (RR, OR, RD; SMD, MD; HR); may be repeated.  Of a FILE: any of `synth methods`."
FOLLOW_UP = "end, longest or nearest:MONTHS.  [default: review.toml]"


def enters(*declarations: str, **given: Any) -> Callable[[F], F]:
    """An option that says what enters."""
    return click.option(*declarations, cls=Option, section=ENTERS, **given)


def pooled(*declarations: str, **given: Any) -> Callable[[F], F]:
    """An option that says how it is pooled."""
    return click.option(*declarations, cls=Option, section=POOLED, **given)


OUTCOMES = enters("--outcome", "outcomes", multiple=True, callback=some, help="Only this one; may be repeated.")
RHO = pooled("--rho", type=float, help="Correlation of one study's effects.  [default: review.toml, else 0.6]")
LEVELS = "review.toml, else 4,5"  # those that are admitted


def _entering(levels: str) -> tuple[Callable[[F], F], ...]:
    """What enters, beside modality and outcome."""
    return (
        enters("--where", multiple=True, callback=_conditions, help=WHERE),
        enters("--maryland", callback=_levels, help=f"Admitted Maryland levels.  [default: {levels}]"),
        enters("--measure", multiple=True, callback=some, help=MEASURE),
        enters("--convert", type=click.Choice(["SMD", "OR"]), help="Join binary and continuous effects."),
        enters("--follow-up", help=FOLLOW_UP),
    )


OPTIONS = (
    enters("--by", callback=parts, help=GROUPINGS),
    enters("--modality", "modalities", multiple=True, callback=some, help="Only this one; may be repeated."),
    OUTCOMES,
    *_entering(LEVELS),
    pooled("--method", codes="estimator", help="Estimator of tau2: {codes}.  [default: review.toml, else REML]"),
    pooled("--test", codes="test", help="Test of the mean: {codes}.  [default: review.toml, else adhoc]"),
    pooled("--level", type=float, help="Confidence level of the intervals.  [default: 0.95]"),
    pooled(
        "--tau2-interval", codes="tau2-interval", help="Interval of tau2: {codes}.  [default: review.toml, else QP]"
    ),
    pooled(
        "--prediction", codes="prediction", help="Prediction interval: {codes}.  [default: review.toml, else riley]"
    ),
    RHO,
)


def pooling_options(command: F) -> F:
    """The options that say what is pooled and how; each is None where it was not given."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def entering_options(levels: str = LEVELS) -> Callable[[F], F]:
    """The options that say which findings are drawn, and how those of one study are combined."""

    def add(command: F) -> F:
        for option in reversed((*_entering(levels), RHO)):
            command = option(command)
        return command

    return add
