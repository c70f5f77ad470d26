"""The last step of a command that makes files of outputs/: write them, or show what differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click


def finish(context: click.Context, root: Path, made: Mapping[str, bytes], *, check: bool, whole: bool) -> None:
    """Write the files, or with `check` write nothing, show the differences and exit 1 if there are any.

    Parameters
    ----------
    context : click.Context
        Of the command, which ends here.
    root : Path
        The review folder.
    made : mapping
        Contents by name within `outputs/`.
    check : bool
        Whether to compare only.
    whole : bool
        Whether these are all the files that `outputs/` should have.
    """
    from synthesis.rendering.write import SUPERFLUOUS, differences, superfluous, write_files

    if not check:
        changed = write_files(root, made)
        click.echo(f"{len(changed)} of {len(made)} files changed", err=True)
        for path in changed:
            click.echo(f"wrote {path}", err=True)
        for path in superfluous(root, made) if whole else ():
            click.echo(f"superfluous: {path}: no command makes it; remove it", err=True)
        return
    found = differences(root, made, whole=whole)
    for one in found:
        click.echo(one.diff, nl=False)
    for one in found:
        what = "no command makes it; remove it" if one.kind == SUPERFLUOUS else f"run `synth {context.info_name}`"
        click.echo(f"{one.kind}: {one.path}: {what}", err=True)
    context.exit(bool(found))
