"""`synth init`: a new review folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

TEMPLATE = Path(__file__).parents[1] / "records" / "template"
FILES: Mapping[str, str] = {  # where each file of the template goes; review.toml last, because it makes the review
    "README.md": "README.md",
    "example2020.yaml": "studies/example2020.yaml",
    "references.bib": "bibliography/references.bib",
    "citations.csv": "bibliography/citations.csv",
    "ci.yml": ".github/workflows/review.yml",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "review.toml": "review.toml",
}
NEXT = """
Next, in {folder}:
  synth check     everything wrong with the review, with remedies
  synth build     its outputs; commit them with the records
The example study is invented; README.md says what to replace."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make DIR a new review, with one commented example study.

    DIR may exist if it is empty (a .git in it does not count). A CI workflow and a pre-commit hook run the checks.
    """
    present = sorted(path.name for path in folder.iterdir() if path.name != ".git") if folder.is_dir() else []
    if present:
        raise click.UsageError(f"{folder} is not empty (it holds {present[0]}): name a new folder")
    for name in write_template(folder):
        click.echo(folder / name)
    click.echo(NEXT.format(folder=folder), err=True)


def write_template(folder: Path) -> tuple[str, ...]:
    """All files of a new review, their names; none is left behind when one cannot be written."""
    from synthesis.files import write_atomic
    from synthesis.records.schema import FILES as SCHEMAS
    from synthesis.records.schema import schema_text

    contents = {path: schema_text(kind).encode() for kind, path in SCHEMAS.items()}
    contents |= {name: (TEMPLATE / source).read_bytes() for source, name in FILES.items()}
    made = _missing(folder, contents)
    written: list[Path] = []
    try:
        for name, content in contents.items():
            write_atomic(folder / name, content)
            written.append(folder / name)
    except BaseException:
        _remove(written, made)
        raise
    return tuple(contents)


def _missing(folder: Path, names: Iterable[str]) -> list[Path]:
    """The folders that writing will make, the innermost first."""
    wanted = {parent for name in names for parent in (folder / name).absolute().parents}
    return sorted((path for path in wanted if not path.exists()), reverse=True)


def _remove(files: list[Path], folders: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
    for made in folders:
        if made.is_dir():
            made.rmdir()
