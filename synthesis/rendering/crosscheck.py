"""The cross-check as a table, a page and plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from synthesis.crosscheck.discordance import STATUSES, CrossCheck
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.evidence import Pool
from synthesis.pooling import Pooled
from synthesis.rendering.cells import points_text
from synthesis.rendering.fits import natural
from synthesis.rendering.pools import data_text, models
from synthesis.rendering.tables import Cell, csv_bytes, json_bytes, markdown_table, markdown_text
from synthesis.text import ABSENT, decimal, interval, one_line, percent, rounded, table

NAME = "crosscheck"
HEADER = [
    "modality",
    "outcome",
    "row",
    "points",
    "of studies",
    "printed",
    "k",
    "effect",
    "prediction",
    "published",
    "status",
]
NUMERIC = (3, 4, 5, 6, 9)
COLUMNS = (
    "modality", "outcome", "row", "points", "studies_scored", "clause", "why_no_points", "cell_points", "printed",
    "placement", "k", "few_studies", "family", "measure", "better", "estimate", "ci_low", "ci_high", "pi_low",
    "pi_high", "benefit", "benefit_low", "benefit_high", "benefit_pi_low", "benefit_pi_high", "status", "model_beside",
    "status_beside", "status_of_printed", "column_of_printed", "points_rest_on", "most_weight", "its_weight",
    "status_turns_without", "published",
)  # fmt: skip


def crosscheck_files(checks: Sequence[CrossCheck], title: str) -> dict[str, bytes]:
    """`crosscheck.csv`, `crosscheck.json` and `crosscheck.md` by name."""
    return {
        f"{NAME}.csv": csv_bytes(COLUMNS, csv_rows(checks)),
        f"{NAME}.json": json_bytes(crosscheck_json(checks)),
        f"{NAME}.md": _page(checks, title).encode("utf-8"),
    }


def crosscheck_table(checks: Sequence[CrossCheck]) -> str:
    """All cross-checks for a terminal: the table, what drives each status, and what the words mean."""
    if not checks:
        return "nothing to compare: no cell has points, and nothing is pooled\n"
    drives = [f"{_name(check)}\n{_indented(lines)}" for check in checks if (lines := [*driven_by(check)])]
    used = dict.fromkeys(name for check in checks for name in (check.status, check.status_beside, check.printed_status))
    meaning = [f"{name}: {STATUSES[name]}" for name in STATUSES if name in used]
    parts = [table(HEADER, map(_row, checks), NUMERIC), "\nwhat drives it\n", *drives, "\nstatus\n", _indented(meaning)]
    return "".join(parts)


def _row(check: CrossCheck) -> list[str]:
    pool = check.pool
    return [
        check.modality.key,
        check.outcome.key,
        check.modality.row or ABSENT,
        points_text(check.points),
        points_text(check.studies),
        _printed(check),
        ABSENT if pool is None else str(pool.fit.k),
        ABSENT if pool is None else effect_text(pool, pool.fit),
        ABSENT if pool is None else prediction_text(pool, pool.fit),
        str(len(check.published)),
        check.status + (" (few studies)" if check.few else ""),
    ]


def _printed(check: CrossCheck) -> str:
    return points_text(None if check.printed is None else check.printed.points)


def effect_text(pool: Pool, fit: Pooled) -> str:
    """A pooled effect with its interval on the scale that is read: `RR 0.75 [0.60, 0.94]`."""
    values = (natural(value, ratio=pool.is_ratio) for value in (fit.estimate, fit.ci_low, fit.ci_high))
    estimate, low, high = values
    return f"{pool.measure} {decimal(estimate, 2)} {interval(low, high, 2)}"


def prediction_text(pool: Pool, fit: Pooled) -> str:
    """A prediction interval on the scale that is read."""
    return interval(natural(fit.pi_low, ratio=pool.is_ratio), natural(fit.pi_high, ratio=pool.is_ratio), 2)


def driven_by(check: CrossCheck) -> Iterator[str]:
    """What stands behind a status, line by line."""
    if check.score is not None and check.points is not None:
        yield f"points {check.points}: {check.score.clause}" + (f"; {rests}" if (rests := _rests(check)) else "")
    if check.cell_points != check.points and check.score is not None:
        yield f"row {check.modality.row} has {points_text(check.cell_points)} over all its modalities"
    if check.pool is not None and check.pool.beside is not None and check.status_beside:
        beside = check.pool.beside
        yield f"with {beside_name(check)}: {effect_text(check.pool, beside)}, {check.status_beside}"
    if check.heaviest is not None:
        yield f"most weight: {check.heaviest[0]} ({percent(check.heaviest[1])} %)"
    yield from (f"pooled without {study}: {status}" for study, status in check.turning)
    if check.printed_status and check.printed is not None:
        yield f"printed points {points_text(check.printed.points)}: {check.printed_status}{_placement(check)}"
    yield from (f"published: {published_text(one)}" for one in check.published)


def _rests(check: CrossCheck) -> str:
    """The studies that the points rest on."""
    return ", ".join(f"{points_text(points)} without {study}" for study, points in check.decisive)


def _placement(check: CrossCheck) -> str:
    printed = check.printed
    return f" (the column of the printed points is {printed.placement})" if printed and printed.doubtful else ""


def beside_name(check: CrossCheck) -> str:
    """The model that stands beside a pool of few studies."""
    beside = None if check.pool is None else check.pool.beside
    return "" if beside is None else "equal effects, z" if beside.method == "EE" else "z"


def published_text(one: PublishedPool) -> str:
    """A published pooled result with its source, as text."""
    studies = "" if one.k is None else f", k {one.k}"
    effect = ABSENT if one.estimate is None else f"{one.estimate:g}"
    bounds = "" if one.ci_low is None or one.ci_high is None else f" [{one.ci_low:g}, {one.ci_high:g}]"
    about = f", {one.detail}" if one.detail else ""
    where = f", {one.locator}" if one.locator else ""
    return f"{one.review}: {one.measure} {effect}{bounds} ({one.better} is better{studies}{about}{where})"


def pool_lines(pool: Pool) -> Iterator[str]:
    """A pool as lines: every model, and every study with its numbers and weight."""
    head = "headline, " if pool.headline else ""
    yield f"{' '.join(pool.key.by)} ({head}{pool.key.family}, against {pool.key.group} comparators)"
    for name, fit in models(pool):
        label = "the study's own effect, not pooled" if fit.k == 1 and name == "main" else name
        yield f"    {label}: k {fit.k}, {effect_text(pool, fit)}, prediction {prediction_text(pool, fit)}"
    for entry, weight in zip(pool.entries, pool.fit.weights, strict=True):
        notes = f"; {'; '.join(entry.notes)}" if entry.notes else ""
        yield f"    {entry.study.key}: {data_text(entry)}, weight {percent(weight)} %{notes}"


def csv_rows(checks: Sequence[CrossCheck]) -> Iterator[list[Cell]]:
    """One line for each cross-check, under COLUMNS; benefit is above 0, ratios in it are logs."""
    for check in checks:
        score, printed = check.score, check.printed
        heaviest: tuple[Cell, Cell] = check.heaviest or ("", None)
        yield [
            check.modality.key, check.outcome.key, check.modality.row, check.points, check.studies,
            "" if score is None else score.clause, check.why_no_points, check.cell_points,
            None if printed is None else printed.points, "" if printed is None else printed.placement,
            *_pool_fields(check), check.status, beside_name(check) if check.status_beside else "", check.status_beside,
            check.printed_status, printed.placement if check.printed_status and printed is not None else "",
            _rests(check), *heaviest, "; ".join(f"{study}: {status}" for study, status in check.turning),
            "; ".join(map(published_text, check.published)),
        ]  # fmt: skip


def _pool_fields(check: CrossCheck) -> list[Cell]:
    pool = check.pool
    if pool is None:
        return [None] * 15
    fit = pool.fit
    plain = (fit.estimate, fit.ci_low, fit.ci_high, fit.pi_low, fit.pi_high)
    read = [natural(value, ratio=pool.is_ratio) for value in plain]
    about: list[Cell] = [fit.k, check.few, pool.key.family, pool.measure, pool.better]
    return [*about, *read, *benefit_of(pool, fit)]


def benefit_of(pool: Pool, fit: Pooled) -> list[float | None]:
    """Estimate, interval and prediction interval with benefit above 0, ratios as logs."""
    low, high = pool.benefit(fit.ci_low, fit.ci_high)
    ends: list[float | None] = [None, None]
    if fit.pi_low is not None and fit.pi_high is not None:
        ends = [*pool.benefit(fit.pi_low, fit.pi_high)]
    return [pool.benefit(fit.estimate, fit.estimate)[0], low, high, *ends]


def crosscheck_json(checks: Sequence[CrossCheck]) -> dict[str, object]:
    """All cross-checks as plain values; null where a reason is given or nothing is known."""
    counts = Counter(check.status for check in checks)
    return {
        "statuses": {name: {"means": means, "count": counts[name]} for name, means in STATUSES.items()},
        "benefit_scale": "benefit above 0; ratios as logs",
        "cross_checks": [_json(check) for check in checks],
    }


def _json(check: CrossCheck) -> dict[str, object]:
    score, printed, pool = check.score, check.printed, check.pool
    return {
        "modality": check.modality.key,
        "outcome": check.outcome.key,
        "row": check.modality.row or None,
        "points": check.points,
        "studies_scored": check.studies,
        "why_no_points": check.why_no_points,
        "clause": None if score is None else score.clause,
        "cell_points": check.cell_points,
        "printed": None if printed is None else {"points": printed.points, "placement": printed.placement},
        "pool": None if pool is None else _pool_json(pool),
        "few_studies": check.few,
        "status": check.status,
        "status_beside": {"model": beside_name(check), "status": check.status_beside} if check.status_beside else None,
        "status_of_printed": check.printed_status or None,
        "points_rest_on": [{"study": study, "points_without": points} for study, points in check.decisive],
        "most_weight": None if check.heaviest is None else
            {"study": check.heaviest[0], "weight": rounded(check.heaviest[1])},
        "status_turns_without": [{"study": study, "status": status} for study, status in check.turning],
        "published": [_published_json(one) for one in check.published],
    }  # fmt: skip


def _pool_json(pool: Pool) -> dict[str, object]:
    names = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
    return {
        "k": pool.fit.k,
        "family": pool.key.family,
        "measure": pool.measure,
        "better": pool.better,
        "benefit": dict(zip(names, map(rounded, benefit_of(pool, pool.fit)), strict=True)),
        "no_prediction_because": pool.fit.reason("pi_low") or None,
    }


def _published_json(one: PublishedPool) -> dict[str, object]:
    return {
        "review": one.review,
        "detail": one.detail,
        "k": one.k,
        "measure": one.measure,
        "estimate": one.estimate,
        "ci_low": one.ci_low,
        "ci_high": one.ci_high,
        "better": one.better,
        "locator": one.locator,
    }


def _page(checks: Sequence[CrossCheck], title: str) -> str:
    counts = Counter(check.status for check in checks)
    printed = Counter(check.printed_status for check in checks if check.printed_status)
    rows: list[list[Cell]] = [[name, STATUSES[name], counts[name], printed[name]] for name in STATUSES]
    numeric = [HEADER.index(name) for name in ("points", "of studies", "printed", "k", "published")]
    parts = [
        f"# Points against pooled effects: {markdown_text(title)}\n",
        (
            "Points count studies; a pool measures their effect. Both admit contrasts by the same rules (level, "
            "comparator, population), and are not of the same studies: points (`of studies`) also count findings in "
            "words, every follow-up and other families of measures; a pool (`k`) takes one effect of each study that "
            "has numbers. `few studies`: at most three, and every statement about them is weak. A ratio "
            "below 1 or a difference below 0 means less "
            "of the outcome's event or score under treatment.\n"
        ),
        markdown_table(["Status", "Means", "Points of the living evidence", "Printed points"], rows, [2, 3]),
        "## The comparison\n",
        markdown_table(HEADER, map(_row, checks), numeric),
        "## What drives it\n",
        *(_section(check) for check in checks if [*driven_by(check)]),
    ]
    return "\n".join(parts)


def _section(check: CrossCheck) -> str:
    items = "".join(f"- {markdown_text(line)}\n" for line in driven_by(check))
    return f"**{markdown_text(_name(check))}.**\n\n{items}"


def _name(check: CrossCheck) -> str:
    row = f" (row {check.modality.row})" if check.modality.row else ""
    return f"{check.modality.key}, {check.outcome.key}{row}"


def _indented(lines: Sequence[str]) -> str:
    return "".join(f"    {one_line(line)}\n" for line in lines)
