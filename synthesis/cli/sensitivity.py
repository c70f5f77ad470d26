"""What the commands of sensitivity share: a review or a FILE, one cell or all pools, and how results are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.columns import column_options
from synthesis.cli.moderating import OF_A_POOL, asked_of_review, asked_of_table
from synthesis.cli.of_file import effect_options, report_rows
from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.pooling import pooling_options
from synthesis.cli.progress import Progress
from synthesis.cli.sections import Option, Sections
from synthesis.cli.show import report_skipped, write_csv, write_json

if TYPE_CHECKING:
    from synthesis.evidence import Evidence, Pool
    from synthesis.evidence.moderators import Unstated
    from synthesis.plain.effects import PlainLeftOut
    from synthesis.records.review import Review
    from synthesis.rendering.moderated import About
    from synthesis.rendering.sensitivity import Shown, Words
    from synthesis.sensitivity.overview.subject import Subject

F = Callable[..., Any]
Run = Callable[["Subject", Callable[[str], None]], Any]
WHAT = "What is asked"
UNSTATED = "no study states what is asked"
PATH = click.Path(path_type=Path, exists=True, dir_okay=False)


class Sensitive(Sections):
    """A command with those options of `synth pool` that its method has: `without` are the names of the others."""

    def __init__(
        self, name: str | None, *, params: list[click.Parameter], without: Sequence[str] = (), **given: Any
    ) -> None:  # fmt: skip
        left = {*OF_A_POOL, *without}
        kept = [one for one in params if one.name not in left or getattr(one, "section", "") == WHAT]
        super().__init__(name, params=kept, **given)


def asks(*declarations: str, **given: Any) -> Callable[[F], F]:
    """An option that says what is asked."""
    return click.option(*declarations, cls=Option, section=WHAT, **given)


def file_or_cell(command: F) -> F:
    """FILE in place of the review, or MODALITY and OUTCOME of it; and every option of a review and of a table."""
    options = (
        click.argument("what", nargs=-1, metavar="[FILE | MODALITY OUTCOME]"),
        pooling_options, effect_options, column_options, review_root, output_format("table", "json", "csv"),
        skip_invalid,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The pools of a review, or the groups of a table."""

    abouts: Sequence[About]
    subjects: Sequence[Subject | None]
    unstated: Sequence[tuple[Unstated, ...]]
    evidence: Evidence | None  # of a review
    rows_left: Sequence[PlainLeftOut]  # of a table
    shape: str  # of the output: table | json | csv
    review: Review | None = None

    @property
    def pools(self) -> Sequence[Pool]:
        """The pools of a review."""
        return () if self.evidence is None else self.evidence.pools

    def shown(self, run: Run, steps: int = 1) -> list[Shown]:
        """A method on each pool, with a bar where it takes long.

        Parameters
        ----------
        run : callable
            Takes the studies of a pool, and what is to be told of each step within it.
        steps : int
            How many steps it has in each pool.
        """
        from synthesis.rendering.sensitivity import Shown
        from synthesis.sensitivity.overview.subject import attempts

        there = {id(subject): about.title for about, subject in zip(self.abouts, self.subjects, strict=True) if subject}
        with Progress(len(there) * steps) as progress:

            def told(subject: Subject) -> Any:
                title = there[id(subject)]
                if steps == 1:
                    progress.say(title)
                return run(subject, lambda step: progress.say(f"{title}: {step}"))

            made = {id(one.subject): one for one in attempts([one for one in self.subjects if one], told)}
        found = []
        for about, subject, left in zip(self.abouts, self.subjects, self.unstated, strict=True):
            one = made.get(id(subject))
            result, problem = (None, UNSTATED) if one is None else (one.found, one.problem)
            found.append(Shown(about, subject, result, problem, left))
        return found


def source_of(what: Sequence[str], given: dict[str, Any], names: Sequence[str] = (), **of_table: Any) -> Source:
    """The pools that are asked for.

    Parameters
    ----------
    what : sequence of str
        The words of the command line: none, a file, or a modality and an outcome.
    given : dict
        The options that were given.
    names : sequence of str
        What every study must state: columns of a table, attributes of a review.
    of_table
        More fields of `synthesis.plain.subjects.Asked`, where it is a table.
    """
    if len(what) == 1:
        if not Path(what[0]).exists():
            raise click.UsageError(f"no file {what[0]!r}: write FILE, or MODALITY OUTCOME, or --modality {what[0]}")
        return _of_table(PATH.convert(what[0], None, click.get_current_context()), given, names, **of_table)
    if len(what) > 2:
        raise click.UsageError("write FILE, or MODALITY OUTCOME, or neither for every pool of the review")
    if what:
        if given["modalities"] or given["outcomes"]:
            raise click.UsageError("MODALITY OUTCOME stand in place of --modality and --outcome")
        given["modalities"], given["outcomes"] = ((word,) for word in what)
    return _of_review(given, names)


def _of_review(given: dict[str, Any], names: Sequence[str]) -> Source:
    from synthesis.pipeline import load, review_subjects
    from synthesis.rendering.moderated import about_pool

    shape, asked = given["format"], asked_of_review(given)
    asked.pop("format")
    loaded = load(given_root(asked.pop("root")), skip_invalid=asked.pop("skip_invalid"))
    report_skipped(loaded.skipped)
    evidence, found = review_subjects(loaded, asked, names)
    return Source(
        [about_pool(one.pool, evidence) for one in found], [one.subject for one in found],
        [one.left_out for one in found], evidence, (), shape, loaded.records.review,
    )  # fmt: skip


def _of_table(file: Path, given: dict[str, Any], names: Sequence[str], **of_table: Any) -> Source:
    from synthesis.plain import read_table
    from synthesis.plain.subjects import Asked, table_subjects
    from synthesis.rendering.moderated import about_group

    shape = given["format"]
    one = asked_of_table({"by": None, "method": None, "test": None, "level": None, **given})
    how = {name: value for name in ("method", "test") if (value := getattr(one, name)) is not None}
    asked = Asked(by=one.by, level=one.level, names=tuple(names), **how, **of_table)
    found, left = table_subjects(read_table(file), one.columns, one.reading, asked)
    abouts = [about_group(each.group, each.measure) for each in found]
    return Source(abouts, [each.subject for each in found], [()] * len(found), None, left, shape)


def write_shown(source: Source, shown: Sequence[Shown], words: Words) -> None:
    """The results to stdout; what is left out under the table, in the JSON, or to stderr beside CSV."""
    from synthesis.rendering import sensitivity as common
    from synthesis.rendering.moderated import rows_left_text
    from synthesis.rendering.pools import left_out_text

    evidence = source.evidence
    if source.shape == "json" and evidence is not None:
        write_json(common.review_json(shown, words, evidence))
    elif source.shape == "json":
        write_json(common.table_json(shown, words, source.rows_left))
    elif source.shape == "csv":
        write_csv(*common.csv_table(shown, words))
        report_rows(source.rows_left)
        for one in shown:
            for left in one.left_out:
                click.echo(f"left out: {left.study} ({one.about.title}): {left.reason}", err=True)
    else:
        click.echo(common.text(shown, words))
        click.echo(rows_left_text(source.rows_left) if evidence is None else left_out_text(evidence), nl=False)
