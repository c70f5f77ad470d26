"""Pools of a review as text, rows and plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from synthesis.effects import MEASURES
from synthesis.evidence import Entry, Evidence, LeftOut, Pool, time_text
from synthesis.evidence.options import Options
from synthesis.evidence.other_models import OtherEvidence, OtherPool
from synthesis.evidence.robustness import Robustness, robustness
from synthesis.pooling import Pooled
from synthesis.records.study import Counts, Means
from synthesis.rendering.fits import fit_cells, fit_json, natural, plain, scale_of
from synthesis.rendering.tables import Cell
from synthesis.text import ABSENT, decimal, interval, one_line, percent, rounded, table

HEADER = [
    "",
    "group",
    "against",
    "",
    "k",
    "estimate",
    "CI",
    "p",
    "tau2",
    "CI of tau2",
    "I2 %",
    "Q (df, p)",
    "prediction",
]
NUMERIC = (4, 5, 7, 8, 10)
COLUMNS = (
    "group", "outcome", "comparators", "family", "measure", "model", "headline", "k", "estimate", "ci_low", "ci_high",
    "se", "p", "tau2", "tau2_ci_low", "tau2_ci_high", "i2", "q", "q_df", "q_p", "pi_low", "pi_high", "method", "test",
    "loo_low", "loo_high", "egger_p", "notes",
)  # fmt: skip
MAIN = "main"
LEGEND = (
    "*  headline: the pool of its modality and outcome with most studies (of equals the binary one)\n"
    "against: inactive is no treatment, usual care or placebo; active is another treatment\n"
    "tau2 and its interval are on the log scale for ratios; k 1 is the study's own effect, not pooled\n"
)


def pool_title(pool: Pool) -> str:
    """What a pool is of, against what, and in which measure."""
    return f"{' '.join(pool.key.by)}, {pool.key.group} comparators, {pool.measure}"


def pool_cells(pool: Pool) -> list[str]:
    """The same as the first cells under HEADER, after a star for the headline."""
    return ["*" if pool.headline else "", " ".join(pool.key.by), pool.key.group, pool.measure]


def models(pool: Pool) -> Iterator[tuple[str, Pooled]]:
    """The model of a pool, and after it what is shown beside it, each by name."""
    yield MAIN, pool.fit
    if pool.beside is not None:
        yield ("equal effects, z" if pool.beside.method == "EE" else "z"), pool.beside
    for rho, fit in pool.by_rho.items():
        yield f"correlation {rho:g}", fit
    if pool.level5 is not None:
        yield "level 5 alone", pool.level5


def pool_table(evidence: Evidence) -> str:
    """All pools as a table for a terminal, with what is shown beside each."""
    rows = [_row(pool, name, fit) for pool in evidence.pools for name, fit in models(pool)]
    other = [
        " ".join(pool.key.by) for pool in evidence.pools if pool.fit.method not in (evidence.options.method, "none")
    ]
    by = f"by DL, as DLMH has no counts there: {', '.join(dict.fromkeys(other))}\n" if other else ""
    return table(HEADER, rows, NUMERIC) + LEGEND + by if rows else "no study can be pooled\n"


def _row(pool: Pool, name: str, fit: Pooled) -> list[str]:
    about = pool_cells(pool) if name == MAIN else ["", f"  {name}", "", ""]
    return [*about, *fit_cells(fit, ratio=pool.is_ratio)]


def details_text(pool: Pool, found: Robustness) -> str:
    """The studies of a pool with effects and weights, what leaving each out gives, and Egger's test."""
    ratio = pool.is_ratio
    title = f"{' '.join(pool.key.by)} against {pool.key.group}, {MEASURES[pool.measure].label}"
    rows = [
        [
            entry.study.key,
            entry_details(entry),
            follow_ups(entry),
            data_text(entry),
            *_own(entry, pool),
            percent(weight),
            *_without(found, i, ratio=ratio),
            "; ".join(entry.notes),
        ]
        for i, (entry, weight) in enumerate(zip(pool.entries, pool.fit.weights, strict=True))
    ]
    header = ["study", "detail", "follow-up", "data", pool.measure, "CI", "weight %", "without it", "CI", "notes"]
    notes = "".join(f"{note.field}: {note.reason}\n" for note in pool.fit.notes)
    return f"{title}\n{table(header, rows, (4, 6, 7))}{notes}{found.egger.summary()}"


def _own(entry: Entry, pool: Pool) -> tuple[str, str]:
    low, high = own_interval(entry, pool)
    ratio = pool.is_ratio
    return decimal(natural(entry.yi, ratio=ratio), 2), interval(
        natural(low, ratio=ratio), natural(high, ratio=ratio), 2
    )


def own_interval(entry: Entry, pool: Pool) -> tuple[float, float]:
    """The z interval of one study's effect, on the scale of the pool."""
    from scipy.special import ndtri

    reach = float(ndtri((1 + pool.fit.level) / 2)) * entry.vi**0.5
    return entry.yi - reach, entry.yi + reach


def _without(found: Robustness, row: int, *, ratio: bool) -> tuple[str, str]:
    if found.without is None:
        return ABSENT, ABSENT
    estimate, low, high = (
        natural(float(found.without[name][row]), ratio=ratio) for name in ("estimate", "ci_low", "ci_high")
    )
    return decimal(estimate, 2), interval(low, high, 2)


def entry_details(entry: Entry) -> str:
    """The details of the outcome that one study's effect is of."""
    return " + ".join(dict.fromkeys(one.contrast.finding.detail or "none named" for one in entry.effects))


def follow_ups(entry: Entry) -> str:
    """The follow-ups that one study's effect is of."""
    return " + ".join(dict.fromkeys(time_text(one.contrast.finding.time) for one in entry.effects))


def data_text(entry: Entry) -> str:
    """The numbers behind one study's effect, such as `12/120 v 20/118`."""
    data = entry.data
    if isinstance(data, Counts):
        return f"{data.events}/{data.n} v {data.control_events}/{data.control_n}"
    if isinstance(data, Means):
        return f"{data.mean:g} ({data.sd:g}) v {data.control_mean:g} ({data.control_sd:g})"
    return "averaged" if data is None else "printed"


def left_out_text(evidence: Evidence | OtherEvidence) -> str:
    """Every study left out, by reason."""
    by_reason: dict[str, list[LeftOut]] = defaultdict(list)
    for one in evidence.left_out:
        by_reason[one.reason].append(one)
    lines = [f"left out, findings by reason ({len(evidence.left_out)}):\n"] if by_reason else []
    for reason in sorted(by_reason, key=lambda reason: (-len(by_reason[reason]), reason)):
        found = by_reason[reason]
        studies = ", ".join(dict.fromkeys(one.study.key for one in found))
        lines.append(f"  {one_line(reason)} ({len(found)}): {studies}\n")
    if evidence.unasked:
        lines.append(f"  not asked for by modality, outcome or where: {evidence.unasked} findings\n")
    return "".join(lines)


def csv_rows(evidence: Evidence) -> Iterator[list[Cell]]:
    """One row for each model of each pool, under COLUMNS."""
    for pool in evidence.pools:
        found = robustness(pool, evidence.options)
        for name, fit in models(pool):
            yield _csv_row(pool, name, fit, found)


def _csv_row(pool: Pool, name: str, fit: Pooled, found: Robustness) -> list[Cell]:
    ratio = pool.is_ratio
    about: list[Cell] = [" ".join(pool.key.by), pool.key.outcome, pool.key.group, pool.key.family, pool.measure, name]
    mean = [natural(value, ratio=ratio) for value in (fit.estimate, fit.ci_low, fit.ci_high)]
    spread = [fit.tau2, fit.tau2_ci_low, fit.tau2_ci_high, fit.i2, fit.q]
    ends = found.range() if name == MAIN else None
    loo = [None, None] if ends is None else [natural(end, ratio=ratio) for end in ends]
    return [
        *about, pool.headline, fit.k, *mean, fit.se, fit.p_value, *spread, fit.q_df, fit.q_p_value,
        natural(fit.pi_low, ratio=ratio), natural(fit.pi_high, ratio=ratio), fit.method, fit.test,
        *loo, found.egger.p_value if name == MAIN else None, _notes(fit),
    ]  # fmt: skip


def _notes(fit: Pooled) -> str:
    """The reasons of a model, each once."""
    return "; ".join(dict.fromkeys(note.reason for note in fit.notes))


def evidence_json(evidence: Evidence) -> dict[str, object]:
    """All pools with their studies, and everything left out, as plain values; null where a reason is given."""
    return {
        "method": evidence.options.method,
        "test": evidence.options.test,
        "level": evidence.options.level,
        "by": list(evidence.options.by),
        "pools": [pool_json(pool, evidence) for pool in evidence.pools],
        "left_out": [left_out_json(one) for one in evidence.left_out],
        "not_asked_for": evidence.unasked,
    }


def about_json(pool: Pool | OtherPool, options: Options) -> dict[str, object]:
    """What a pool is of, as plain values."""
    return {
        "by": dict(zip(options.by, pool.key.by, strict=True)),
        "comparators": pool.key.group,
        "family": pool.key.family,
        "measure": pool.measure,
        "scale": scale_of(pool.measure),
        "better": pool.better,
    }


def pool_json(pool: Pool, evidence: Evidence) -> dict[str, object]:
    """One pool as plain values; numbers on the scale of `measure`, logs for ratios."""
    found = robustness(pool, evidence.options)
    return {
        **about_json(pool, evidence.options),
        "headline": pool.headline,
        "models": [{"model": name, **fit_json(fit)} for name, fit in models(pool)],
        "studies": [_entry_json(pool, found, i) for i in range(len(pool.entries))],
        "egger": plain(found.egger.to_dict()),
    }


def _entry_json(pool: Pool, found: Robustness, row: int) -> dict[str, object]:
    entry = pool.entries[row]
    without = found.without
    return {
        "study": entry.study.key,
        "yi": rounded(entry.yi),
        "vi": rounded(entry.vi),
        "weight": rounded(pool.fit.weights[row]),
        "level": entry.level,
        "data": data_text(entry),
        "follow_up": list(dict.fromkeys(time_text(one.contrast.finding.time) for one in entry.effects)),
        "notes": list(entry.notes),
        "findings": [
            place_text(one.contrast.finding.place.path, one.contrast.finding.place.line) for one in entry.effects
        ],
        "estimate_without": None if without is None else rounded(float(without["estimate"][row])),
    }


def left_out_json(one: LeftOut) -> dict[str, object]:
    """One finding that did not enter, with its reason and place."""
    finding = one.finding
    return {
        "study": one.study.key,
        "modality": finding.modality,
        "outcome": finding.outcome,
        "detail": finding.detail,
        "follow_up": time_text(finding.time),
        "reason": one.reason,
        "place": place_text(finding.place.path, finding.place.line),
    }


def place_text(path: str, line: int) -> str:
    """A place in a file as `path:line`."""
    return f"{path}:{line}"
