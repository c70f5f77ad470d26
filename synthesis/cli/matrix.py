"""`synth matrix`: the scoring matrix, written, compared with what is committed, or asked about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.asking import asking
from synthesis.cli.figures import also_figure, write_figure
from synthesis.cli.options import given_root, review_root, skip_invalid
from synthesis.cli.outputs import finish
from synthesis.cli.show import report_skipped, write_csv, write_json

if TYPE_CHECKING:
    from synthesis.pipeline import Asked, Loaded

FORMATS = ("files", "table", "md", "csv", "json")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing: show what differs, and exit 1 if anything does.")
@click.option("--policies", is_flag=True, help="Every cell under every reading of the rule, side by side.")
@asking
@also_figure
@review_root
@click.option(
    "--format", type=click.Choice(FORMATS), help="Form of the output.  [default: files; table where something is asked]"
)
@skip_invalid
@click.pass_context
def matrix(
    context: click.Context,
    /,
    *,
    root: Path | None,
    check: bool,
    policies: bool,
    figure: Path | None,
    format: str | None,
    skip_invalid: bool,
    **asked: Any,
) -> None:
    """Write outputs/scoring_matrix.csv, .json and .md.

    With --format md, csv or json that file goes to the screen instead, and nothing is written. Nor is anything
    written where something is asked: another rule or policy, or a part of the evidence, which is set beside all of it.
    """
    from synthesis.pipeline import Asked, load

    question = Asked(**asked)
    something = policies or question != Asked()
    if check and (format not in (None, "files") or something):
        raise click.UsageError("--check compares all three files: leave out --format and what is asked")
    if figure is not None and (check or something):
        raise click.UsageError("--figure draws the whole matrix: leave out --check and what is asked")
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    if policies:
        _policies(loaded, question, _form(format, FORMATS[1:]))
    elif something:
        _answer(loaded, question, _form(format, ("table", "csv", "json")))
    else:
        _files(context, loaded, format or "files", figure, check=check)


def _form(format: str | None, known: tuple[str, ...]) -> str:
    """The form of an answer, which is never a file of outputs/."""
    if format is not None and format not in known:
        raise click.UsageError(f"this has no --format {format}: choose {', '.join(known)}")
    return format or "table"


def _files(context: click.Context, loaded: Loaded, form: str, figure: Path | None, *, check: bool) -> None:
    from synthesis.pipeline import matrix_of
    from synthesis.rendering.matrix import NAME, matrix_files

    if form == "table":
        raise click.UsageError("the whole matrix has no --format table: choose md, csv or json, or ask something")
    found, title = matrix_of(loaded), loaded.records.review.title
    made = matrix_files(found, title)
    if figure is not None:
        from synthesis.rendering.figures.matrix_map import matrix_map_data

        write_figure(figure, "matrix_map", matrix_map_data(found, title))
    if form == "files":
        finish(context, loaded.root, made, check=check, whole=False)
    else:
        click.echo(made[f"{NAME}.{form}"], nl=False)


def _policies(loaded: Loaded, question: Asked, form: str) -> None:
    from synthesis.pipeline import BY_ROW, steadiness_of
    from synthesis.rendering import policies as words

    rule, cells = steadiness_of(loaded, question, BY_ROW)
    if form == "json":
        write_json(words.policies_json(rule, cells, "row"))
    elif form == "csv":
        write_csv(words.policies_columns(rule, "row"), words.policies_rows(cells))
    elif form == "md":
        review = loaded.records.review
        rows = {row.code: f"{row.code} {row.label}" for row in review.rows}
        labels = {key: (rows[key[0]], review.outcomes[key[1]].column) for key in cells}
        click.echo(words.policies_markdown(rule, cells, labels), nl=False)
    else:
        click.echo(words.policies_table(rule, cells, "row"), nl=False)


def _answer(loaded: Loaded, question: Asked, form: str) -> None:
    from synthesis.pipeline import BY_ROW, answer_of, printed_matrix
    from synthesis.rendering import scores as words
    from synthesis.rendering.cells import points_text

    answer = answer_of(loaded, question, BY_ROW)
    if form == "json":
        write_json(words.answer_json(answer, "row"))
    elif form == "csv":
        write_csv(words.columns_of(answer, "row"), words.csv_rows(answer))
    else:
        cells = printed_matrix(loaded.root, loaded.records.review).cells
        printed = {key: points_text(cell.points) for key, cell in cells.items()}
        click.echo(words.answer_table(answer, "row", printed), nl=False)
