"""`synth study schema`: what an editor needs to know of a record or of review.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from synthesis.cli.options import given_root, nearest_root, review_root

FILES: Mapping[str, str] = {  # where --write puts them, in the review folder
    "record": ".synth/record.schema.json",
    "review": ".synth/review.schema.json",
}


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
    from synthesis.records.schema import schema as schema_of

    folder = given_root(root) if names or write else nearest_root(root)
    review = read_records(folder, checks=False).review if names and folder else None
    texts = {each: json.dumps(schema_of(each, review), ensure_ascii=False, indent=1) + "\n" for each in FILES}
    if not write or folder is None:
        click.echo(texts[kind], nl=False)
        return
    for each, path in FILES.items():
        write_atomic(inside(folder, folder / path), texts[each].encode())
        click.echo(path)
