"""`synth bib lint`: what is wrong with the library, and safe fixes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.options import given_root, output_format, review_root

if TYPE_CHECKING:
    from synthesis.bibliography.check import Choice
    from synthesis.errors import Problem

SHOWN = 3  # codes of a rule in one line of the table


@click.command()
@review_root
@output_format("text", "json", "github", "sarif")
@click.option("--select", metavar="RULE", multiple=True, help="Only this rule, by name or code; may be repeated.")
@click.option("--ignore", metavar="RULE", multiple=True, help="Not this rule, by name or code; may be repeated.")
@click.option("--as-of", metavar="YEAR", type=click.IntRange(1000, 9999), help="The latest year an entry may have.")
@click.option("--fix", is_flag=True, help="Make the safe fixes of the chosen rules first.")
@click.option("--diff", is_flag=True, help="Show the safe fixes as a unified diff; nothing is written.")
@click.option("--rules", is_flag=True, help="List the rules, and stop.")
@click.pass_context
def lint(
    context: click.Context,
    *,
    root: Path | None,
    format: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    as_of: int | None,
    fix: bool,
    diff: bool,
    rules: bool,
) -> None:
    """Everything wrong with the library, each with its place, the line and a remedy.

    Also keys that records, citations.csv or the published tables use and that have no entry, what is wrong with
    documents as reports of a study, and entries that nothing uses (a note). Exits 1 when there is an error or a
    warning; with --diff, when there is something to fix.
    """
    from synthesis.bibliography.check import Choice

    choice = Choice(select, ignore, as_of=as_of)
    if rules:
        _list_rules(choice, format)
        return
    if fix and diff:
        raise click.UsageError("--fix writes the fixes and --diff only shows them: give one of the two")
    folder = given_root(root)
    if diff:
        context.exit(_show_diff(folder, choice))
    if fix:
        _fix(folder, choice)
    problems, broken = _found(folder, choice)
    _show(folder, problems, format)
    _tell(problems, broken)
    context.exit(int(any(problem.fails for problem in problems)))


def _found(folder: Path, choice: Choice) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """The problems, and the records that could not be read."""
    from synthesis.bibliography import check_library
    from synthesis.citations import cited_keys, keys_of_edges, merged, read_citations
    from synthesis.records import read_records
    from synthesis.records.waivers import apply_waivers

    records = read_records(folder, checks=False)
    cited = merged(cited_keys(folder, records.studies), keys_of_edges(read_citations(folder).edges))
    found = check_library(folder, cited, (), records.studies, choice)
    codes = {problem.code for problem in found}
    judged = apply_waivers(found, records.studies)
    return tuple(one for one in judged if one.code in codes), tuple(records.broken)


def _tell(problems: tuple[Problem, ...], broken: tuple[str, ...]) -> None:
    from synthesis.cli.check import summary

    for path in broken:
        click.echo(f"{path} has errors, so what it cites is not counted: see `synth check`", err=True)
    click.echo(summary(problems), err=True)


def _show(folder: Path, problems: tuple[Problem, ...], form: str) -> None:
    """The problems; as text, each with its line."""
    from synthesis.cli.check import show
    from synthesis.cli.excerpts import Excerpts
    from synthesis.cli.show import shown_problem

    if form != "text":
        show(problems, form)
        return
    excerpts = Excerpts(folder)
    parts = (part for problem in problems for part in (shown_problem(problem), excerpts.of(problem)))
    click.echo("".join(f"{part}\n" for part in parts if part), nl=False)


def _fix(folder: Path, choice: Choice) -> None:
    from synthesis.bibliography.lint.fixing import fix_folder

    done = fix_folder(folder, select=choice.select, ignore=choice.ignore)
    changes = [change for one in done for change in one.changes]
    for change in changes:
        click.echo(f"fixed {change}", err=True)
    click.echo(f"{len(changes)} field{'' if len(changes) == 1 else 's'} fixed", err=True)


def _show_diff(folder: Path, choice: Choice) -> int:
    from synthesis.bibliography.lint.fixing import fix_folder

    done = fix_folder(folder, select=choice.select, ignore=choice.ignore, write=False)
    for one in done:
        click.echo(one.diff(), nl=False)
    fields = sum(len(one.changes) for one in done)
    click.echo(f"{fields} field{'' if fields == 1 else 's'} to fix", err=True)
    return int(bool(done))


def _list_rules(choice: Choice, form: str) -> None:
    from synthesis.bibliography.lint import RULES, chosen
    from synthesis.cli.show import write_json, write_table

    rules, _ = chosen(choice.select or tuple(RULES), choice.ignore)
    if form == "json":
        write_json(
            [
                {
                    "name": rule.name,
                    "codes": list(rule.codes),
                    "severity": str(rule.severity),
                    "fix": rule.fix is not None,
                    "says": rule.says,
                }
                for rule in rules
            ]
        )
        return
    header = ["rule", "codes", "gravest", "fix", "what is right"]
    rows = [[rule.name, _codes(rule.codes), str(rule.severity), "yes" if rule.fix else "", rule.says] for rule in rules]
    write_table(header, rows)


def _codes(codes: tuple[str, ...]) -> str:
    """The codes of a rule; of many, the first and the last."""
    return ", ".join(codes) if len(codes) <= SHOWN else f"{codes[0]} ... {codes[-1]}"
