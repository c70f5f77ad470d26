"""`synth study export` and `synth study import`: records to and from a spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid

SHEETS = ("studies", "findings", "arms", "judgements", "risk_of_bias", "long")
FOR_CSV = "long"  # the sheet that a CSV has where none is chosen


@click.command()
@click.argument("keys", nargs=-1, metavar="[STUDY]...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
    help="A name that ends in .csv or .xlsx, or a folder for a CSV of each sheet.  [default: CSV to standard output]",
)  # fmt: skip
@click.option(
    "--sheet", "names", multiple=True, type=click.Choice(SHEETS),
    help="What a row is; repeatable.  [default: long for one CSV, else all but long]",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@skip_invalid
@review_root
def export(
    *,
    keys: tuple[str, ...],
    output: Path | None,
    names: tuple[str, ...],
    force: bool,
    skip_invalid: bool,
    root: Path | None,
) -> None:
    """Write records as a spreadsheet: all, or those of some STUDIES.

    A workbook has the sheets studies, findings, arms, judgements and risk_of_bias; `long` has a row for each finding
    with the columns of its study. Every value is the text of the record; the column `base` says of which state of
    the file it was made. Edit it, and bring it back with `synth study import`.
    """
    from synthesis.errors import InvalidArgument
    from synthesis.records import read_records
    from synthesis.records.tables import SHEETS as USUAL
    from synthesis.records.tables import chosen_records, sheets_of, write_sheets
    from synthesis.records.tables.csv_form import csv_text

    folder = given_root(root)
    records = chosen_records(folder, keys, skip_invalid=skip_invalid)
    single = output is None or (output.suffix.lower() == ".csv" and not output.is_dir())
    sheets = sheets_of(records, names or ((FOR_CSV,) if single else tuple(USUAL)))
    if output is None:
        if len(sheets) > 1:
            raise InvalidArgument("standard output can hold one sheet: choose one, or give a file with -o")
        click.echo(csv_text(sheets[0]), nl=False)
    else:
        review = read_records(folder, checks=False).review
        for file in write_sheets(output, sheets, review, force=force):
            click.echo(file)
    rows = ", ".join(f"{sheet.shape.name} {len(sheet.rows)}" for sheet in sheets)
    said = f"{len(records)} record{'' if len(records) == 1 else 's'}; rows: {rows}"
    click.echo(f"{said}. Comments and layout stay in the records.", err=True)


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.argument("keys", nargs=-1, metavar="[STUDY]...")
@click.option("--write/--dry-run", default=False, help="Write the changes, or only show them.  [default: --dry-run]")
@click.option("--delete", is_flag=True, help="Take findings, arms and judgements out whose rows were removed.")
@output_format("table", "json")
@review_root
def import_(*, file: Path, keys: tuple[str, ...], write: bool, delete: bool, format: str, root: Path | None) -> None:
    """Bring an edited spreadsheet (FILE: .csv, .xlsx or a folder) back into the records, after showing what changes.

    Only the values that differ are written; every other byte of a record stays. A row of a study that has no record
    makes a new one. Nothing is written if a record changed since the export, or if anything is wrong; no file is ever
    removed. With STUDIES, only their rows are read.
    """
    from synthesis.records.tables import plan_import, read_grids, write_plan

    folder = given_root(root)
    plan = plan_import(folder, read_grids(file), keys, delete=delete)
    click.echo(
        json.dumps(plan.to_dict(), ensure_ascii=False, indent=1) if format == "json" else plan.summary().rstrip()
    )
    for problem in plan.problems:
        click.echo(str(problem), err=True)
    if plan.errors:
        raise click.exceptions.Exit(1)
    if write:
        for path in write_plan(folder, plan):
            click.echo(f"wrote {path}", err=True)
    elif plan.records:
        click.echo("nothing is written yet: run it again with --write", err=True)
