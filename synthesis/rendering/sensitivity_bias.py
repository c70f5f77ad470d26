"""Methods against small-study effects and selection: text, rows and plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from synthesis.pooling.pooled import Note
from synthesis.rendering.fits import fit_cells
from synthesis.rendering.sensitivity import Shown, Words
from synthesis.rendering.tables import Cell
from synthesis.sensitivity.overview.bias import BiasOverview
from synthesis.sensitivity.overview.bias_finding import KINDS, BiasFinding
from synthesis.text import ABSENT, decimal, interval, one_line, p_value, table

HEADER = ["", "estimate", "CI", "p of effect", "p of bias", "n", "usable", "found", "with care"]
COLUMNS = (
    "method", "kind", "estimate", "ci_low", "ci_high", "p_effect", "p_bias", "p_permutation", "count", "usable",
    "says", "cautions", "cannot_tell", "favoured", "k",
)  # fmt: skip
FAIL_SAFE = "fail-safe"
LEGEND = (
    "estimate: adjusted effect, of a test the effect in a study without error; p of effect: one-sided for p-uniform\n"
    "and p-uniform*, of p-curve the p of no evidential value; p of bias: of no asymmetry, no selection or no excess;\n"
    "n: studies filled in\n"
)


def _section(one: Shown) -> str:
    found: BiasOverview = one.found
    subject = one.subject
    assert subject is not None
    estimate, bounds, p = fit_cells(found.observed, ratio=one.about.ratio)[1:4]
    rows = [["as they are", estimate, bounds, p, "", "", "", f"k {found.k}, {subject.method}, {subject.test}", ""]]
    for kind, words in KINDS.items():
        if kind == FAIL_SAFE:
            continue
        of_kind = [finding for finding in found.findings if finding.kind == kind]
        rows += [[words, *[""] * 8], *(_row(one, finding) for finding in of_kind)] if of_kind else []
    side = "above" if found.side == "greater" else "below"
    parts = [
        table(HEADER, rows, (1, 3, 4, 5)), LEGEND, *_fail_safe(one),
        f"selection is taken to favour effects {side} 0\n",
        *_cautions(found.findings), *_left(found.left_out), f"{found.verdict}\n",
    ]  # fmt: skip
    return "".join(parts)


def _row(one: Shown, finding: BiasFinding) -> list[str]:
    numbers = finding.numbers
    count = ABSENT if numbers.count is None else str(numbers.count)
    bounds = interval(one.read(numbers.ci_low), one.read(numbers.ci_high), 2)
    return [
        f"  {finding.name}", decimal(one.read(numbers.estimate), 2), bounds, p_value(numbers.p_effect),
        p_value(numbers.p_bias), count, "yes" if finding.usable else "no", _says(finding),
        ", ".join(caution.name for caution in finding.cautions),
    ]  # fmt: skip


def _says(finding: BiasFinding) -> str:
    """What came out, with the permutation p-value of a test that has one."""
    permuted = finding.numbers.p_permutation
    return finding.says if permuted is None else f"{finding.says}; by permutation p {p_value(permuted)}"


def _fail_safe(one: Shown) -> Iterator[str]:
    """Fail-safe numbers and what unpublished studies would need, each in its sentence."""
    found = [finding for finding in one.found.findings if finding.kind == FAIL_SAFE]
    if found:
        yield f"{KINDS[FAIL_SAFE]}{' (effects as logs of ratios)' if one.about.ratio else ''}\n"
    yield from (f"  {finding.name}: {one_line(finding.says)}\n" for finding in found)


def _cautions(findings: Iterable[BiasFinding]) -> Iterator[str]:
    """What each caution says, once, with its source."""
    said: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for finding in findings:
        for caution in finding.cautions:
            said[(caution.name, caution.says, caution.source)].append(finding.name)
    if said:
        yield "with care:\n"
    names: dict[str, int] = defaultdict(int)
    for name, _, _ in said:
        names[name] += 1
    for (name, says, source), of in said.items():
        whose = f" [{', '.join(of)}]" if names[name] > 1 else ""
        yield f"  {name}{whose}: {one_line(says)} ({one_line(source)})\n"


def _left(left_out: Iterable[Note]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for name, reason in left_out:
        by_reason[reason].append(name)
    for reason, names in by_reason.items():
        yield f"left out, {one_line(reason)}: {', '.join(names)}\n"


def full_text(one: Shown) -> str:
    """The methods that were named, each in full; effects and bounds as they were computed, ratios as logs."""
    found: BiasOverview = one.found
    parts = []
    for finding in found.findings:
        result = finding.result
        said = f"{finding.name}: {finding.says}\n" if result is None else result.summary()
        parts.append(said)
        if finding.numbers.p_permutation is not None:
            parts.append(f"by permutation: p {p_value(finding.numbers.p_permutation)}\n")
        if finding.cannot_tell and "cannot tell" not in said:
            parts.append(f"cannot tell {finding.cannot_tell}\n")
    return "".join([*parts, *_left(found.left_out)])


def _rows(one: Shown, _: Sequence[str]) -> Iterator[list[Cell]]:
    found: BiasOverview = one.found
    for finding in found.findings:
        numbers = finding.numbers
        yield [
            finding.name, finding.kind, one.read(numbers.estimate), one.read(numbers.ci_low), one.read(numbers.ci_high),
            numbers.p_effect, numbers.p_bias, numbers.p_permutation, numbers.count, finding.usable, finding.says,
            "; ".join(caution.name for caution in finding.cautions), finding.cannot_tell, found.side, found.k,
        ]  # fmt: skip


def _full_json(one: Shown) -> dict[str, object]:
    found: BiasOverview = one.found
    whole = {finding.name: None if finding.result is None else finding.result.to_dict() for finding in found.findings}
    return {**found.to_dict(), "results": whole}


WHAT = "neither tested nor adjusted"
OVERVIEW = Words(_section, lambda _: COLUMNS, _rows, lambda one: one.found.to_dict(), WHAT)
IN_FULL = Words(full_text, lambda _: COLUMNS, _rows, _full_json, WHAT)
