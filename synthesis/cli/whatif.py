"""`synth whatif`: what a changed judgement would change."""

from __future__ import annotations

from pathlib import Path

import click

from synthesis.cli.options import given_root, output_format, review_root, skip_invalid
from synthesis.cli.show import report_skipped, write_json


@click.command()
@click.argument("study")
@click.argument("changes", nargs=-1, required=True, metavar="PATH=VALUE...")
@click.option("--rule", metavar="NAME", help="A rule, shipped or in the folder rules/.  [default: the review's]")
@click.option("--policy", metavar="NAME", help="A reading of the rule.  [default: the review's, else the first]")
@review_root
@output_format("table", "json")
@skip_invalid
@click.pass_context
def whatif(
    context: click.Context,
    /,
    *,
    study: str,
    changes: tuple[str, ...],
    rule: str | None,
    policy: str | None,
    root: Path | None,
    format: str,
    skip_invalid: bool,
) -> None:
    """Show the cells that would change if the record of STUDY said something else; nothing is written.

    PATH names a field with dots, items of a list by number: `design.allocation=matched`,
    `findings.2.reported.significant=no`, `judgements.manual.is=true`. With review.toml for STUDY it is a judgement of
    a modality: `modalities.KEY.judgements.NAME=true`. The problems that the changed record would have come last;
    one that could not be used exits 1.
    """
    from synthesis.pipeline import load, suppose
    from synthesis.rendering import whatif as words

    wanted = [_change(text) for text in changes]
    loaded = load(given_root(root), skip_invalid=skip_invalid)
    report_skipped(loaded.skipped)
    supposed = suppose(loaded, study, wanted, rule=rule, policy=policy)
    if format == "json":
        write_json(words.supposed_json(supposed))
    else:
        click.echo(words.supposed_text(supposed), nl=False)
    context.exit(int(supposed.after is None))


def _change(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not sign or not path.strip():
        raise click.UsageError(f"{text!r} is no change: write PATH=VALUE, as in design.allocation=matched")
    return path.strip(), value.strip()
