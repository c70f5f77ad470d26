"""The command `synth`. Each command lives in its own module and is imported only when it is run."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any, TextIO

import click

from synthesis.cli.lazy import LazyGroup
from synthesis.errors import InvalidArgument, InvalidData, NotFound, SynthesisError

COMMANDS = {
    "albatross": ("synthesis.cli.study_figures", "albatross", "An albatross plot: p-values against participants."),
    "baujat": ("synthesis.cli.pool_figures", "baujat", "A Baujat plot: heterogeneity against influence."),
    "bias": ("synthesis.cli.bias", "bias", "Small-study effects and selection: tests, adjusted effects, verdicts."),
    "bib": ("synthesis.cli.bib", "bib", "The library: add, edit, lint, exchange, find duplicates."),
    "build": ("synthesis.cli.build", "build", "Regenerate all of outputs/."),
    "check": ("synthesis.cli.check", "check", "Everything wrong with this review, with remedies."),
    "crosscheck": ("synthesis.cli.crosscheck", "crosscheck", "Points against pooled against published results."),
    "cumulative": ("synthesis.cli.influence", "cumulative", "Each pool as it grew: by year, precision, level."),
    "drapery": ("synthesis.cli.pool_figures", "drapery", "A drapery plot: p-value functions of studies and pool."),
    "effect-direction": (
        "synthesis.cli.study_figures",
        "effect_direction",
        "An effect-direction plot: studies by outcomes, with sign tests.",
    ),
    "explain": ("synthesis.cli.explain", "explain", "One cell of the matrix, down to its source paragraphs."),
    "forest": ("synthesis.cli.forest", "forest", "A forest plot (SVG, PNG, PDF)."),
    "funnel": ("synthesis.cli.pool_figures", "funnel", "A funnel plot, with contours, trim-and-fill, PET-PEESE."),
    "gosh": ("synthesis.cli.influence", "gosh", "Each pool by every subset of its studies."),
    "graph": ("synthesis.cli.graph", "graph", "The citation graph: overlap, provenance, retractions, bias, paths."),
    "harvest": ("synthesis.cli.study_figures", "harvest", "A harvest plot: studies by direction and level."),
    "influence": ("synthesis.cli.influence", "influence", "How far each study moves each pool or regression."),
    "init": ("synthesis.cli.init", "init", "A new review folder."),
    "leave-one-out": ("synthesis.cli.influence", "leave_one_out", "Each pool without each study, or group of studies."),
    "levels": ("synthesis.cli.levels", "levels", "The Maryland level of each study, derived from its design."),
    "matrix": ("synthesis.cli.matrix", "matrix", "The scoring matrix, its policies; --check compares it."),
    "methods": ("synthesis.cli.methods", "methods", "Every code with its meaning and source."),
    "multiverse": ("synthesis.cli.multiverse", "multiverse", "Every combination of choices, and what each moves."),
    "p-curve": ("synthesis.cli.pool_figures", "p_curve", "A p-curve: the significant p-values of a pool."),
    "pool": ("synthesis.cli.pool", "pool", "Pooled effects by modality and outcome, or of any plain table."),
    "pvalues": ("synthesis.cli.p_values", "pvalues", "Combined p-values of a plain table."),
    "qq": ("synthesis.cli.pool_figures", "qq", "A normal quantile plot of the residuals of a pool."),
    "radial": ("synthesis.cli.pool_figures", "radial", "A radial (Galbraith) plot."),
    "regress": ("synthesis.cli.regress", "regress", "Meta-regression of each pool, or of any plain table."),
    "rules": ("synthesis.cli.rules", "rules", "Rule sets: list, show, check, run, behave, design."),
    "score": ("synthesis.cli.score", "score", "What a rule gives for each modality and outcome."),
    "study": ("synthesis.cli.study", "study", "Study records: a new one, to and from a spreadsheet, schemas."),
    "subgroup": ("synthesis.cli.subgroup", "subgroup", "Kinds of studies compared, in each pool or in a plain table."),
    "votes": ("synthesis.cli.p_values", "votes", "Votes by direction of effect of a plain table."),
    "whatif": ("synthesis.cli.whatif", "whatif", "The cells that would change if a record said something else."),
}


@click.group(cls=LazyGroup, commands_of=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidence-synth", prog_name="synth")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, *, debug: bool) -> None:
    """A literature review as a reproducible build."""
    ctx.obj = {"debug": debug}


def main() -> None:
    """Run the command line: 0 fine, 1 findings or stale outputs, 2 wrong usage or no review."""
    debug = "--debug" in sys.argv
    if sys.stdout is not None and sys.stdout is sys.__stdout__:
        sys.stdout = _output(sys.__stdout__)
    try:
        cli(standalone_mode=True)
    except Exception as error:
        if debug:
            raise
        click.echo(_message(error), err=True)
        if isinstance(error, OSError) and not isinstance(error, SynthesisError):
            _discard_output()
        sys.exit(2 if isinstance(error, (InvalidArgument, NotFound)) else 1)


class _Output(io.FileIO):
    """Standard output. Once nobody reads it, what is written goes nowhere, and the command ends as it would have."""

    def write(self, data: Any, /) -> int:
        """As a file does; what a closed pipe does not take is lost."""
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def _output(given: TextIO) -> TextIO:
    """Standard output that may be closed at its other end; a letter that its encoding lacks is shown by its number."""
    file = io.BufferedWriter(_Output(given.fileno(), "w", closefd=False))
    lines = given.isatty()
    return io.TextIOWrapper(file, given.encoding, errors="backslashreplace", line_buffering=lines)


def _message(error: Exception) -> str:
    """An error as a person reads it; problems begin with their place, as editors expect it."""
    if isinstance(error, InvalidData):
        return str(error)
    if isinstance(error, SynthesisError):
        return f"synth: {error}"
    if isinstance(error, OSError):
        return f"synth: {error.filename or 'the output'}: {error.strerror or error}"
    return f"synth: a fault of synth itself, {type(error).__name__}: {error}; please report it with `synth --debug ...`"


def _discard_output() -> None:
    """Send what standard output still holds nowhere, so that closing it does not fail again."""
    with contextlib.suppress(OSError, AttributeError):  # there is none, or it is no file of the system
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
