"""`synth check`: everything wrong with a review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from synthesis.cli.options import given_root, output_format, review_root
from synthesis.cli.show import write_json, write_problem
from synthesis.errors import InvalidData, Problem, Severity

KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}  # GitHub's own words


@click.command()
@review_root
@output_format("text", "json", "github", "sarif")
@click.option(
    "--claims",
    is_flag=True,
    help="Also set what the published documents say against one another and against the studies: notes.",
)
@click.pass_context
def check(context: click.Context, *, root: Path | None, format: str, claims: bool) -> None:
    """Everything wrong with this review, each with its place and a remedy.

    Exits 1 when there is an error, or a warning that no waiver accepts.
    """
    from synthesis.pipeline import check_review

    try:
        problems = check_review(given_root(root), claims=claims)
    except InvalidData as invalid:
        problems = invalid.problems
    show(problems, format)
    click.echo(summary(problems), err=True)
    context.exit(int(any(problem.fails for problem in problems)))


def show(problems: Sequence[Problem], form: str) -> None:
    """All problems to stdout, as text, JSON, SARIF or workflow commands of GitHub."""
    if form == "sarif":
        write_json(_sarif(problems))
        return
    if form == "json":
        write_json([{**asdict(problem), "fails": problem.fails} for problem in problems])
        return
    for problem in problems:
        if form == "github":
            click.echo(annotation(problem))
        else:
            write_problem(problem)


def _sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    from importlib.metadata import version

    from synthesis.bibliography.lint import RULES
    from synthesis.cli.codes import meanings
    from synthesis.rendering.sarif import sarif

    helps = {code: f"{rule.name}: {rule.says}." for rule in RULES.values() for code in rule.codes}
    return sarif(problems, meanings(), helps, version("evidence-synth"))


def annotation(problem: Problem) -> str:
    """A problem as GitHub shows it beside the line; one that a waiver accepts is a notice."""
    kind = KINDS[problem.severity] if problem.fails else "notice"
    accepted = f" [accepted: {problem.accepted}]" if problem.accepted else ""
    place = f"file={_property(problem.path)},line={problem.line},col={problem.column},title={_property(problem.code)}"
    return f"::{kind} {place}::{_message(f'{problem.what}{accepted}; remedy: {problem.remedy}')}"


def summary(problems: Sequence[Problem]) -> str:
    """One line: how many of each severity, and how many warnings are accepted."""
    counts = Counter(problem.severity for problem in problems)
    numbers = ", ".join(f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in Severity)
    accepted = sum(bool(problem.accepted) for problem in problems)
    return f"{numbers} ({accepted} accepted)" if accepted else numbers


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
