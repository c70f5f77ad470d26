"""`synth study schema`: what an editor needs to know of a record or of review.toml."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, nearest_root, review_root
from synthesis.records.schema import FILES, schema_text


@click.command()
@click.argument("kind", type=click.Choice(tuple(FILES)), default="record")
@click.option("--names", is_flag=True, help="Offer the outcomes, modalities and other names of this review.")
@click.option("--write", is_flag=True, help="Write both schemas to .synth/ of the review.")
@review_root
def schema(kind: str, names: bool, write: bool, root: Path | None) -> None:
    """Print the JSON Schema of a record, or of review.toml, with which editors complete, explain and underline.

    In a record, `# yaml-language-server: $schema=../.synth/record.schema.json` as the first line makes VS Code and
    others use it; in review.toml, `#:schema ./.synth/review.schema.json`.
    """
    from synthesis.files import inside, write_atomic
    from synthesis.records import read_records

    folder = given_root(root) if names or write else nearest_root(root)
    review = read_records(folder, checks=False).review if names and folder else None
    if not write or folder is None:
        click.echo(schema_text(kind, review), nl=False)
        return
    for each, path in FILES.items():
        write_atomic(inside(folder, folder / path), schema_text(each, review).encode())
        click.echo(path)
