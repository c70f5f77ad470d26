"""`synth score`: what a rule gives for each modality and outcome."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.asking import asking
from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_csv, write_json
from synthesis.errors import NotFound, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from synthesis.scoring.beside import Answer


@click.command()
@click.argument("modality", required=False)
@click.argument("outcome", required=False)
@asking
@review_root
@output_format("table", "csv", "json")
@skip_invalid
def score(
    *,
    modality: str | None,
    outcome: str | None,
    root: Path | None,
    format: str,
    skip_invalid: bool,
    **asked: Any,
) -> None:
    """What a rule gives for each modality and outcome, or for one MODALITY, and one OUTCOME of it.

    Each with the clause that decided, whether it was seen in its source, what the output could still be, given what
    is not stated, and its studies. A part of the evidence is set beside all of it, another rule beside the review's.
    """
    from synthesis.pipeline import BY_MODALITY, Asked, answer_of, load
    from synthesis.rendering import scores as words

    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    review = loaded.records.review
    _known(modality, review.modalities, "modality")
    _known(outcome, review.outcomes, "outcome")
    answer = _only(answer_of(loaded, Asked(**asked), BY_MODALITY), modality, outcome)
    if format == "json":
        write_json(words.answer_json(answer, BY_MODALITY))
    elif format == "csv":
        write_csv(words.columns_of(answer, BY_MODALITY), words.csv_rows(answer))
    else:
        click.echo(words.answer_table(answer, BY_MODALITY, studies=modality is not None), nl=False)


def _known(name: str | None, names: Iterable[str], what: str) -> None:
    known = list(names)
    if name is not None and name not in known:
        raise NotFound(f"no {what} {name!r}: {did_you_mean(name, known)}")


def _only(answer: Answer, modality: str | None, outcome: str | None) -> Answer:
    """The cells of one modality, or of one outcome of it."""
    cells = tuple(cell for cell in answer.cells if modality in (None, cell.key[0]) and outcome in (None, cell.key[1]))
    return replace(answer, cells=cells)
