"""`synth study`: study records."""

from __future__ import annotations

import click

from synthesis.cli.lazy import LazyGroup

COMMANDS = {
    "add": ("synthesis.cli.study.add", "add", "A new record from the template."),
    "export": ("synthesis.cli.study.sheets", "export", "Records to a spreadsheet (CSV, XLSX)."),
    "import": ("synthesis.cli.study.sheets", "import_", "An edited spreadsheet back into the records, diff first."),
    "schema": ("synthesis.cli.study.schema", "schema", "A JSON Schema of records or review.toml, for editors."),
}


@click.group(cls=LazyGroup, commands_of=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def study() -> None:
    """Study records: a new one, to and from a spreadsheet, schemas."""
