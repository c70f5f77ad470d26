"""`synth bib format`: one layout for the entries of the library."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root


@click.command("format")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@review_root
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where an entry would change.")
@click.option("--indent", type=click.IntRange(0, 16), metavar="N", help="Blanks before a field.  [default: as most]")
@click.option("--align", type=click.Choice(("none", "entry", "file")), help="Where `=` stands.  [default: as most]")
@click.option("--trailing-comma/--no-trailing-comma", default=None, help="After the last field.  [default: as most]")
@output_format("text", "json")
@click.pass_context
def format_(
    context: click.Context,
    *,
    keys: tuple[str, ...],
    root: Path | None,
    check: bool,
    indent: int | None,
    align: str | None,
    trailing_comma: bool | None,
    format: str,
) -> None:
    """Lay all entries out alike, or those named, as most entries of their file are; print the keys of the changed.

    Values, macros, comments, strings and the order of fields stay. No other command changes a layout.
    """
    from synthesis.bibliography.editing import Layout, format_entries
    from synthesis.bibliography.library import FOLDER

    layout = Layout(indent, align, trailing_comma)
    done = format_entries(given_root(root) / FOLDER, keys, layout, check=check)
    if format == "json":
        from synthesis.cli.show import write_json

        write_json([one.to_dict() for one in done])
    else:
        click.echo("".join(one.summary() for one in done), nl=False)
    for problem in (problem for one in done for problem in one.skipped):
        click.echo(str(problem), err=True)
    context.exit(int(check and any(one.changed for one in done)))
