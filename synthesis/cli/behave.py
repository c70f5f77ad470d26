"""`synth rules behave` and `synth rules design`: how a rule behaves, and its thresholds weighed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from synthesis.cli.figures import also_figure, write_figure
from synthesis.cli.options import nearest_root, output_format, review_root
from synthesis.cli.pooling import F, parts
from synthesis.cli.show import write_csv, write_json
from synthesis.errors import InvalidArgument

if TYPE_CHECKING:
    from synthesis.scoring.operating import Truth

PRIOR = ("0.5:0:0.01", "0.5:0.2:0.01")
SYNTAX = "WEIGHT:THETA[:TAU2[:SHARE]]"


def _numbers(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    """Numbers with commas between them."""
    texts = parts(context, parameter, value)
    if texts is None:
        return None
    try:
        return tuple(float(text) for text in texts)
    except ValueError:
        raise click.BadParameter(f"{value!r}: write numbers, as 2,5,10") from None


def _whole(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    found = _numbers(context, parameter, value)
    if found is None:
        return None
    if not all(number.is_integer() for number in found):
        raise click.BadParameter(f"{value!r}: write whole numbers, as 2,5,10")
    return tuple(map(int, found))


def _facts(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, float | bool | str]:
    """Facts from NAME=VALUE: a number, true or false, or a text."""
    found: dict[str, float | bool | str] = {}
    for text in values:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"{text!r}: write NAME=VALUE")
        found[name.strip()] = _fact(value.strip())
    return found


def _fact(text: str) -> float | bool | str:
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


def _settings(command: F) -> F:
    """The options that both commands have."""
    for option in (
        output_format("table", "json", "csv"),
        review_root,
        also_figure,
        click.option("--known", multiple=True, callback=_facts, metavar="NAME=VALUE",
                     help="What is known of the intervention or its pool; may be repeated."),
        click.option("--fact", "facts", multiple=True, callback=_facts, metavar="NAME=VALUE",
                     help="What is known of every study, as randomised=true; may be repeated."),
        click.option("--levels", default="5", show_default=True, callback=_numbers, metavar="LEVELS",
                     help="Maryland levels that the studies have in turn, as 5,4; empty for not stated."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("rule", metavar="RULE")
@click.option("--policy", metavar="NAME", help="A reading of the rule.  [default: its first]")
@click.option("--k", default="1,2,3,5,10,20", show_default=True, callback=_whole, help="Numbers of studies.")
@click.option("--n", default="100", show_default=True, callback=_numbers, help="People per arm.")
@click.option("--tau2", default="0,0.04", show_default=True, callback=_numbers, help="Variances of the true effects.")
@click.option("--theta", default="0,0.2", show_default=True, callback=_numbers, help="True mean effects, in SD.")
@click.option(
    "--publication",
    type=float,
    default=1.0,
    show_default=True,
    help="The probability that a result without significant benefit is reported.",
)
@click.option(
    "--of",
    type=click.Choice(["reported", "done"]),
    default="reported",
    show_default=True,
    help="What k counts: the reports, or the studies done.",
)
@click.option(
    "--reading",
    type=click.Choice(["computed", "favourable"]),
    default="computed",
    show_default=True,
    help="How a benefit that is not significant is read: no difference shown, or effective all the same.",
)
@click.option("--pools", is_flag=True, help="Beside it: how often the pooled interval lies above 0 (simulated).")
@click.option(
    "--method",
    type=click.Choice(["auto", "exact", "simulation"]),
    default="auto",
    show_default=True,
    help="Exact where features are sums over studies, else a simulation.",
)
@click.option("--draws", type=click.IntRange(1, 1_000_000), default=20_000, show_default=True, help="Of a simulation.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of a simulation.")
@_settings
def behave(
    *, rule: str, levels: tuple[float, ...], facts: dict[str, Any], known: dict[str, Any], pools: bool,
    figure: Path | None, root: Path | None, format: str, **given: Any,
) -> None:  # fmt: skip
    """How often RULE gives which output, given the true effect, its heterogeneity and the studies.

    Effects are standardised mean differences y ~ N(theta, v + tau2), v = 2 / n + theta^2 / (4 n), benefit above 0,
    and what they say comes from the two-sided test at .05.
    """
    from synthesis.rendering import operating as words
    from synthesis.scoring.operating import behaviour_table, pools_above_0
    from synthesis.scoring.reading.rule_file import load_rule

    if pools and given["publication"] < 1:
        raise InvalidArgument("--pools is of studies that are all reported: leave out --publication")
    found_rule = load_rule(rule, nearest_root(root))
    found = behaviour_table(found_rule, levels=levels, facts=facts, context=known, **given)
    beside = pools_above_0(found.rows, seed=given["seed"]) if pools else None
    if figure is not None:
        write_figure(figure, "behaviour", words.worth_figure(found, found_rule, beside))
    if format == "json":
        write_json(words.worth_json(found, found_rule, beside))
    elif format == "csv":
        write_csv(words.worth_columns(found, beside), words.worth_rows(found, found_rule, beside))
    else:
        click.echo(words.worth_table(found, found_rule, beside), nl=False)


@click.command()
@click.argument("rule", metavar="RULE")
@click.option(
    "--vary", multiple=True, metavar="NAME=VALUES", help="A number of the rule and what it may be, as several=1,2,3."
)
@click.option(
    "--policies", callback=parts, metavar="NAMES", help="Readings to try; `all` for every one.  [default: the first]"
)
@click.option(
    "--truth",
    multiple=True,
    default=PRIOR,
    show_default=True,
    metavar=SYNTAX,
    help="How things may be: weight, true mean effect, tau2, share of results without benefit reported.",
)
@click.option("--worthwhile", type=float, default=0.0, show_default=True, help="A true effect above it is useful.")
@click.option(
    "--called", metavar="OUTPUT", help="The least output that calls a treatment useful.  [default: the second best]"
)
@click.option(
    "--cost-useless",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Loss where a useless treatment is called useful.",
)
@click.option(
    "--cost-useful", type=click.FloatRange(0), default=1.0, show_default=True, help="Loss where a useful one is not."
)
@click.option(
    "--k", default="2,3,5,10", show_default=True, callback=_whole, help="Numbers of studies, equally probable."
)
@click.option("--n", type=click.FloatRange(0, min_open=True), default=100, show_default=True, help="People per arm.")
@_settings
def design(
    *, rule: str, vary: tuple[str, ...], policies: tuple[str, ...] | None, truth: tuple[str, ...], cost_useless: float,
    cost_useful: float, facts: dict[str, Any], known: dict[str, Any], figure: Path | None, root: Path | None,
    format: str, **given: Any,
) -> None:  # fmt: skip
    """Weigh thresholds and readings of RULE: what each finds of the useful and lets through of the useless."""
    from synthesis.cli.progress import Progress
    from synthesis.rendering import operating as words
    from synthesis.rendering.figures.behaviour import frontier_data
    from synthesis.scoring.operating import Loss, design_rule
    from synthesis.scoring.reading.rule_file import load_rule

    found_rule = load_rule(rule, nearest_root(root))
    truths, loss = [_truth(text) for text in truth], Loss(cost_useless, cost_useful)
    chosen = tuple(found_rule.policies) if policies == ("all",) else policies
    varied = dict(_varied(text) for text in vary)
    with Progress(0) as progress:
        found = design_rule(
            found_rule, truths, values=varied, policies=chosen, loss=loss, facts=facts, context=known,
            say=lambda done, of: progress.say_of(f"choice {done}", of), **given,
        )  # fmt: skip
    if figure is not None:
        write_figure(figure, "frontier", frontier_data(found, f"Thresholds of {found.rule}"))
    if format == "json":
        write_json(words.design_json(found, found_rule))
    elif format == "csv":
        write_csv(words.DESIGN_COLUMNS, words.design_rows(found, found_rule))
    else:
        click.echo(words.design_table(found, found_rule, truths, loss), nl=False)


def _varied(text: str) -> tuple[str, tuple[float, ...]]:
    name, sign, values = text.partition("=")
    try:
        numbers = tuple(float(value) for value in values.split(",") if value.strip())
    except ValueError:
        numbers = ()
    if not sign or not numbers or not all(map(math.isfinite, numbers)):
        raise click.BadParameter(f"{text!r}: write NAME=VALUES, as several=1,2,3", param_hint="--vary")
    return name.strip(), numbers


def _truth(text: str) -> Truth:
    from synthesis.scoring.operating import Truth, publication_of

    try:
        numbers = [float(part) for part in text.split(":")]
    except ValueError:
        numbers = []
    if not 2 <= len(numbers) <= 4:
        raise click.BadParameter(f"{text!r}: write {SYNTAX}, as 0.5:0.2:0.04", param_hint="--truth")
    weight, theta, tau2, share = (*numbers, *(0.0, 1.0)[len(numbers) - 2 :])
    return Truth(weight, theta, tau2, publication_of(share))
