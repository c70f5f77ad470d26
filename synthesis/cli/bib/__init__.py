"""`synth bib`: the library."""

from __future__ import annotations

import click

from synthesis.cli.lazy import LazyGroup

COMMANDS = {
    "add": ("synthesis.cli.bib.add", "add", "Entries into the library, in BibTeX, RIS, nbib, CSL-JSON or as options."),
    "cite": ("synthesis.cli.bib.cite", "cite", "A reference list in APA or Vancouver style."),
    "dedupe": ("synthesis.cli.bib.dedupe", "dedupe", "Duplicates, each with its reason; merge and undo."),
    "export": ("synthesis.cli.bib.exchange", "export", "The library as RIS, nbib, EndNote XML, CSL-JSON or BibTeX."),
    "format": ("synthesis.cli.bib.format", "format_", "One layout for all entries; the only command that lays out."),
    "import": ("synthesis.cli.bib.exchange", "import_", "References from another program's file."),
    "lint": ("synthesis.cli.bib.lint", "lint", "Everything wrong with the library; --fix where it is safe."),
    "remove": ("synthesis.cli.bib.edit", "remove", "Take out an entry that nothing cites."),
    "rename": ("synthesis.cli.bib.edit", "rename", "Another key, in records and citations too."),
    "set": ("synthesis.cli.bib.edit", "set_", "Fields of one entry."),
}


@click.group(cls=LazyGroup, commands_of=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def bib() -> None:
    """The library: every edit touches only the bytes it must."""
