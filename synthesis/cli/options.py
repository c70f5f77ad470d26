"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from synthesis.files import NoReview, find_root

F = TypeVar("F", bound=Callable[..., Any])


def _is_review(_context: click.Context, _option: click.Parameter, folder: Path | None) -> Path | None:
    if folder is not None and not (folder / "review.toml").is_file():
        raise NoReview(f"no review.toml in {folder}: run `synth init {folder}`, or name another folder with --root")
    return folder


def review_root(command: F) -> F:
    """`--root`, handed on as `root: Path | None`; `given_root` finds the folder where it is None."""
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        callback=_is_review,
        help="The review folder.  [default: the nearest one with a review.toml, upwards from here]",
    )(command)


def given_root(root: Path | None) -> Path:
    """The review folder: the one given, else the nearest at or above the current one.

    Raises
    ------
    NoReview
        There is none; the command exits 2.
    """
    return root or find_root(Path.cwd())


def nearest_root(root: Path | None) -> Path | None:
    """The review folder that is given, else the nearest one; None where there is none, as for shipped rules."""
    try:
        return given_root(root)
    except NoReview:
        return None


def output_format(*choices: str) -> Callable[[F], F]:
    """`--format`, handed on as `format: str`; the first choice is the default."""
    return click.option(
        "--format", type=click.Choice(choices), default=choices[0], show_default=True, help="Form of the output."
    )


def skip_invalid(command: F) -> F:
    """`--skip-invalid`, handed on as `skip_invalid: bool`."""
    return click.option(
        "--skip-invalid", is_flag=True, help="Go on without the records that have errors, and say which they are."
    )(command)
