"""The pools of a review as files: CSV for a spreadsheet, JSON for a program, Markdown for a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from synthesis.crosscheck.engines import EngineCheck, refitted, statsmodels_difference
from synthesis.evidence import Evidence, Options, Pool
from synthesis.evidence.robustness import Robustness, robustness
from synthesis.rendering.fits import fit_cells, natural
from synthesis.rendering.pools import (
    COLUMNS,
    HEADER,
    MAIN,
    NUMERIC,
    csv_rows,
    entry_details,
    evidence_json,
    follow_ups,
    models,
    pool_cells,
    pool_title,
)
from synthesis.rendering.tables import Cell, csv_bytes, json_bytes, markdown_table, markdown_text
from synthesis.text import decimal

NAME = "pooled"
ENGINES = (
    "modality", "outcome", "comparators", "family", "measure", "k", "model", "engine", "result", "difference",
    "number", "ours", "theirs", "reason",
)  # fmt: skip
TOLERANCE = 1e-6  # standard errors within which two engines agree; the iterations of the other one end below that


def pooled_files(evidence: Evidence, title: str) -> dict[str, bytes]:
    """`pooled.csv`, `pooled.json` and `pooled.md` by name."""
    return {
        f"{NAME}.csv": csv_bytes(COLUMNS, csv_rows(evidence)),
        f"{NAME}.json": json_bytes(evidence_json(evidence)),
        f"{NAME}.md": _page(evidence, title).encode("utf-8"),
    }


def _page(evidence: Evidence, title: str) -> str:
    found = [(pool, robustness(pool, evidence.options)) for pool in evidence.pools]
    rows = [_row(pool) for pool in evidence.pools]
    parts = [
        f"# Pooled effects: {markdown_text(title)}\n",
        _introduction(evidence.options),
        markdown_table(HEADER, rows, NUMERIC) if rows else "No study can be pooled.\n",
        "## What stands beside each pool\n",
        *(_section(pool, robust) for pool, robust in found if pool.fit.k > 1),
    ]
    return "\n".join(parts)


def _introduction(options: Options) -> str:
    levels = " and ".join(map(str, options.maryland))
    return (
        f"Random effects, {options.method}, test {options.test}, intervals at {100 * options.level:g} %; contrasts at "
        f"Maryland level {levels}. Ratios are shown as ratios; tau2 is of their logs. `*` marks the headline: the pool "
        "of its modality and outcome with most studies, of equals the binary one. `inactive`: no treatment, usual care "
        "or placebo. With k = 1 the line is the study's own effect with a z interval; nothing is pooled. Which study "
        "entered with which effect is in `effects.csv`, what was left out and why in `left_out.csv`.\n"
    )


def _row(pool: Pool) -> list[str]:
    return [*pool_cells(pool), *fit_cells(pool.fit, ratio=pool.is_ratio)]


def _section(pool: Pool, found: Robustness) -> str:
    items = "".join(f"- {markdown_text(line)}\n" for line in _lines(pool, found))
    return f"**{markdown_text(pool_title(pool))}.**\n\n{items}"


def _lines(pool: Pool, found: Robustness) -> Iterator[str]:
    """Other models, the range of leave-one-out, Egger's test, and why something is missing."""
    for name, fit in models(pool):
        if name != MAIN:
            k, estimate, bounds, p = fit_cells(fit, ratio=pool.is_ratio)[:4]
            yield f"{name}: k {k}, {pool.measure} {estimate} {bounds}, p {p}"
    yield f"details: {_counted(entry_details(entry) for entry in pool.entries)}"
    yield f"follow-up: {_counted(follow_ups(entry) for entry in pool.entries)}"
    ends = found.range()
    if ends is not None:
        low, high = (decimal(natural(end, ratio=pool.is_ratio), 2) for end in ends)
        yield f"leaving out one study: from {low} to {high}"
    yield from found.egger.summary().splitlines()
    yield from dict.fromkeys(f"{note.field}: {note.reason}" for note in pool.fit.notes)


def _counted(texts: Iterable[str]) -> str:
    """Each text with how often it occurs, the most frequent first."""
    return ", ".join(
        f"{text} ({count})" for text, count in sorted(Counter(texts).items(), key=lambda one: (-one[1], one[0]))
    )


def engine_files(evidence: Evidence) -> dict[str, bytes]:
    """`engines.csv`: every pool, as fitted and with the estimators that both engines have, computed a second time."""
    return {"engines.csv": csv_bytes(ENGINES, _engine_rows(evidence))}


def engine_text(evidence: Evidence) -> str:
    """How many pools both engines agree on, and each number on which they differ."""
    rows = [dict(zip(ENGINES, row, strict=True)) for row in _engine_rows(evidence)]
    same = sum(row["result"] == "same" for row in rows)
    differing = [row for row in rows if row["result"] == "differs"]
    lines = [
        f"second engine (statsmodels): {same} of {same + len(differing)} recomputations agree to {TOLERANCE:f} SE\n"
    ]
    for row in differing:
        about = f"{row['modality']}, {row['outcome']}, {row['comparators']} {row['measure']}, {row['model']}"
        numbers = f"{row['number']} {_digits(row['ours'])} here, {_digits(row['theirs'])} there"
        reason = f" ({row['reason']})" if row["reason"] else ""
        lines.append(f"    {about}: {numbers}{reason}\n")
    return "".join(lines)


def _digits(value: Cell) -> str:
    return f"{value:.7g}" if isinstance(value, float) else str(value)


def _engine_rows(evidence: Evidence) -> Iterator[list[Cell]]:
    for pool in evidence.pools:
        yi, vi = [entry.yi for entry in pool.entries], [entry.vi for entry in pool.entries]
        own = statsmodels_difference(yi, vi, pool.fit)
        if own is not None:
            others = refitted(yi, vi, test=pool.fit.test, level=pool.fit.level)
            for check in {check.what.partition(":")[0]: check for check in (own, *others)}.values():
                yield [*pool.key.by, pool.key.group, pool.key.family, pool.measure, pool.fit.k, *_engine_row(check)]


def _engine_row(check: EngineCheck) -> list[Cell]:
    """One comparison; which number differs most, and the numbers, only where they differ: below that it is noise."""
    model, _, number = check.what.partition(": ")
    about: list[Cell] = [model, check.engine]
    if check.difference is None:
        return [*about, "not compared", "", "", None, None, check.reason]
    if check.difference <= TOLERANCE:
        return [*about, "same", f"below {TOLERANCE:f}", "", None, None, ""]
    return [*about, "differs", decimal(check.difference), number, check.ours, check.theirs, ""]
