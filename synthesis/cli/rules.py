"""`synth rules`: the rules that there are, one of them whole, their files checked, and what they give for a review."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from synthesis.cli.behave import behave, design
from synthesis.cli.options import given_root, nearest_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_csv, write_json
from synthesis.errors import InvalidArgument, InvalidData, Problem

if TYPE_CHECKING:
    from synthesis.scoring.rule import Rule


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def rules() -> None:
    """Rules of evidence: published ones, and a review's own in its folder rules/."""


rules.add_command(behave)
rules.add_command(design)


@rules.command("list")
@review_root
@output_format("table", "json", "csv")
def list_(*, root: Path | None, format: str) -> None:
    """Every rule: what it grades, its policies, and how many of its clauses were seen in their source."""
    from synthesis.rendering import rules as words
    from synthesis.scoring.reading.rule_file import load_rule, own_rules, rule_names

    folder = nearest_root(root)
    found = [load_rule(name, folder) for name in rule_names(folder)]
    own = own_rules(folder)
    if format == "json":
        write_json(words.list_json(found, own))
    elif format == "csv":
        write_csv(words.LIST_COLUMNS, words.list_rows(found, own))
    else:
        click.echo(words.list_table(found, own), nl=False)


@rules.command()
@click.argument("rule", metavar="RULE")
@click.option("--policy", metavar="NAME", help="The reading to show.  [default: the rule's first]")
@review_root
@output_format("text", "json")
def show(*, rule: str, policy: str | None, root: Path | None, format: str) -> None:
    """One rule whole: sources, steps, and each clause with how far it was seen in its source."""
    from synthesis.rendering import rules as words
    from synthesis.scoring.reading.rule_file import load_rule
    from synthesis.scoring.rule import procedure_of

    found = load_rule(rule, nearest_root(root))
    procedure = procedure_of(found, policy)
    if format == "json":
        write_json(words.show_json(found, procedure))
    else:
        click.echo(words.show_text(found, procedure), nl=False)


@rules.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="[FILE]...")
@review_root
@output_format("text", "json", "github")
@click.pass_context
def check(context: click.Context, *, files: tuple[Path, ...], root: Path | None, format: str) -> None:
    """Read rule files and run their examples; by default those of the review's folder rules/.

    Every fault stands at its line and column. Exits 1 when there is one.
    """
    from synthesis.cli.check import show as show_problems
    from synthesis.cli.check import summary
    from synthesis.rendering.rules import checked_text
    from synthesis.scoring.reading.rule_file import OWN, load_rule, own_rules, read_rule_file

    reading: dict[str, Callable[[], Rule]] = {str(path): partial(read_rule_file, path, str(path)) for path in files}
    if not files:
        folder = given_root(root)
        reading = {f"{OWN}/{name}.yaml": partial(load_rule, name, folder) for name in own_rules(folder)}
    problems: list[Problem] = []
    for shown, read in reading.items():
        faults, rule = _checked(shown, read)
        problems += faults
        if rule is not None and not faults:
            click.echo(checked_text(Path(shown), rule), err=True)
    if not reading:
        click.echo(f"no rule file in {OWN}/", err=True)
    show_problems(sorted(problems), format)
    click.echo(summary(problems), err=True)
    context.exit(int(bool(problems)))


def _checked(shown: str, read: Callable[[], Rule]) -> tuple[tuple[Problem, ...], Rule | None]:
    """The faults of a rule file with those of its examples, and the rule where it can be read."""
    from synthesis.scoring.examples import example_problems

    try:
        rule = read()
    except InvalidData as invalid:
        return invalid.problems, None
    return example_problems(rule, shown), rule


@rules.command()
@click.argument("names", nargs=-1, metavar="[RULE]...")
@click.option("--policy", metavar="NAME", help="The reading of the rules that are named.  [default: the first of each]")
@click.option("--every", is_flag=True, help="Contrasts of every level and comparator, not only those of the pools.")
@review_root
@output_format("table", "json", "csv")
@skip_invalid
def run(
    *, names: tuple[str, ...], policy: str | None, every: bool, root: Path | None, format: str, skip_invalid: bool
) -> None:
    """What rules give for each modality and outcome of the review; by default all that grade an intervention.

    Each output has its colour in the vocabulary that rules share, a mark where its clause was not seen in its source,
    and what it could still be, given what is not stated.
    """
    from synthesis.pipeline import load, rules_of
    from synthesis.rendering import rules as words

    if policy is not None and not names:
        raise InvalidArgument("--policy is of the rules that are named: name one, as `synth rules run RULE --policy`")
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    runs = rules_of(loaded, names or None, policy, every=every)
    if format == "json":
        write_json(words.run_json(runs))
    elif format == "csv":
        write_csv(words.RUN_COLUMNS, words.run_rows(runs))
    else:
        click.echo(words.run_table(runs), nl=False)
