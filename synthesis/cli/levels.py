"""`synth levels`: the Maryland level that the design of each study gives, under named profiles."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_csv, write_json


@click.command()
@click.argument("studies", nargs=-1, metavar="[STUDY]...")
@review_root
@click.option(
    "--profile",
    "names",
    multiple=True,
    metavar="NAME",
    help="A profile: a rule file that grades studies, shipped or of the review's folder rules/; repeatable.  "
    "[default: every one]",
)
@output_format("table", "json", "csv")
@skip_invalid
def levels(
    *, studies: tuple[str, ...], root: Path | None, names: tuple[str, ...], format: str, skip_invalid: bool
) -> None:
    """Maryland levels, derived from the designs of the records under named profiles.

    Without STUDY a table of all studies; with some, the derivation of each: its facts, the clause that gave the level,
    what is open and which facts would settle it. Typed levels stand beside it with their own profile; levels of
    different profiles are never compared. A typed level that its own profile does not give is marked.
    """
    from synthesis.pipeline import load
    from synthesis.rendering import levels as words
    from synthesis.scoring.level_checks import level_problems
    from synthesis.scoring.levels import derived_levels, some_profiles, some_studies

    folder = given_root(root)
    loaded = load(folder, skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    chosen = some_studies(loaded.records.studies, studies)
    derived = {name: derived_levels(chosen, rule) for name, rule in some_profiles(names, folder).items()}
    found = words.levels_of(chosen, derived, level_problems(chosen, folder))
    if format == "json":
        write_json(words.levels_json(found))
    elif format == "csv":
        write_csv(words.COLUMNS, words.csv_rows(found))
    else:
        click.echo(words.levels_text(found) if studies else words.levels_table(found), nl=False)
