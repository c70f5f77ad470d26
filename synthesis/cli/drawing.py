"""`--figure FILE` of the commands that show pools as text: the one pool that there is, drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.figures import write_figure

if TYPE_CHECKING:
    from synthesis.cli.sensitivity import Source
    from synthesis.rendering.figures.of_pool import PoolWords
    from synthesis.rendering.multiverse import Shown as Multiverses
    from synthesis.rendering.sensitivity import Shown

NAMED = 4  # pools in a message


def draw_one(
    target: Path, name: str, source: Source, shown: Sequence[Shown], data: Callable[[Any, PoolWords], Any]
) -> None:  # fmt: skip
    """Draw the result of the one pool that has one, for `--figure FILE` of a command whose main output is text.

    Parameters
    ----------
    target : Path
        The file, which `also_figure` has checked.
    name : str
        A key of PLOTS.
    source : Source
        What the command was asked about.
    shown : sequence of Shown
        What it shows; of several pools of a review the headline is drawn.
    data : callable
        Makes the data of the plot.

    Raises
    ------
    UsageError
        There is no result, or several between which nothing chooses.
    """
    from synthesis.rendering.figures.of_pool import words_of_pool, words_of_table

    review, pools = source.review, source.pools
    places = [place for place, one in enumerate(shown) if one.found is not None]
    if len(places) > 1 and pools:
        places = [place for place in places if pools[place].headline]
    if len(places) != 1:
        titles = listed([shown[place].about.title for place in places])
        raise click.UsageError(f"--figure draws one pool: name MODALITY OUTCOME, or one group ({titles})")
    one = shown[places[0]]
    if review is not None and pools:
        words = words_of_pool(pools[places[0]], review)
    else:
        words = words_of_table(str(one.about.columns["measure"]), title=str(one.about.columns["group"] or ""))
    write_figure(target, name, data(one, words))


def listed(titles: Sequence[str]) -> str:
    """The pools that there are, the first few by name."""
    more = [f"{len(titles) - NAMED} more"] if len(titles) > NAMED else []
    return f"there are {'; '.join([*titles[:NAMED], *more])}" if titles else "there is none"


def draw_curve(target: Path, shown: Sequence[Multiverses]) -> None:
    """Draw the specification curve of the one multiverse that there is, for `synth multiverse --figure FILE`.

    Raises
    ------
    UsageError
        There is none, or several.
    """
    from synthesis.rendering.figures.of_sensitivity import specification_data, words_of_multiverse

    there = [one for one in shown if one.found is not None]
    if len(there) != 1:
        titles = listed([one.about.title for one in there])
        raise click.UsageError(f"--figure draws one pool: name one --modality and --outcome, or one group ({titles})")
    found = there[0].found
    assert found is not None
    write_figure(target, "specification", specification_data(found, words_of_multiverse(found, there[0].about)))
