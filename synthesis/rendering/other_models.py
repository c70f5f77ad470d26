"""Pools of a review by models of counts, or of several effects of a study, as text, rows and plain values."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from synthesis.effects import MEASURES
from synthesis.evidence.entries import Entry, time_text
from synthesis.evidence.other_models import OtherEvidence, OtherPool
from synthesis.rendering.fits import AnyPooled, fit_cells, fit_json, model_lines, read
from synthesis.rendering.pools import (
    HEADER,
    MAIN,
    NUMERIC,
    about_json,
    data_text,
    entry_details,
    follow_ups,
    left_out_json,
    models,
    place_text,
)
from synthesis.rendering.tables import Cell
from synthesis.text import decimal, rounded, table

COLUMNS = (
    "group", "outcome", "comparators", "family", "measure", "model", "row", "k", "effects", "estimate", "ci_low",
    "ci_high", "se", "df", "p", "tau2", "i2", "q", "q_df", "q_p", "pi_low", "pi_high", "method", "test", "notes",
)  # fmt: skip
WIDTH = 110  # of the words under a table
USUAL = "usual: inverse variance, one effect a study"
LEGEND = "tau2 is on the log scale for ratios; k 1 is the study's own effect, not pooled\n"


def rows_of(pool: OtherPool) -> Iterator[tuple[str, AnyPooled]]:
    """The model of a pool, with other correlations, and the usual pool with what stands beside that, each by name."""
    yield MAIN, pool.fit
    for rho, fit in pool.by_rho.items():
        yield f"correlation {rho:g}", fit
    if pool.usual is not None:
        yield from ((USUAL if name == MAIN else f"usual: {name}", fit) for name, fit in models(pool.usual))


def other_table(evidence: OtherEvidence, *, details: bool = False) -> str:
    """All pools as a table for a terminal, what the table has no column for, and what enters in words."""
    rows = [_row(pool, name, fit) for pool in evidence.pools for name, fit in rows_of(pool)]
    if not rows:
        return "no study can be pooled\n"
    lines = [line for pool in evidence.pools for line in model_lines(pool.fit, _name(pool))]
    effects = "".join(f"\n{_effects(pool)}" for pool in evidence.pools) if details else ""
    under = "".join(f"{line}\n" for line in lines)
    return f"{table(HEADER, rows, NUMERIC)}{LEGEND}{fill(evidence.enters, WIDTH)}\n\n{under}{effects}"


def _name(pool: OtherPool) -> str:
    return f"{' '.join(pool.key.by)}, {pool.key.group}, {pool.measure}"


def _row(pool: OtherPool, name: str, fit: AnyPooled) -> list[str]:
    about = ["", " ".join(pool.key.by), pool.key.group, pool.measure] if name == MAIN else ["", f"  {name}", "", ""]
    return [*about, *fit_cells(fit, ratio=pool.is_ratio)]


def _effects(pool: OtherPool) -> str:
    """Every effect that entered."""
    rows = [
        [
            entry.study.key, entry_details(entry), follow_ups(entry), arms_text(entry), data_text(entry),
            decimal(entry.yi, 3), decimal(entry.vi**0.5, 3), "; ".join(entry.notes),
        ]
        for entry in pool.entries
    ]  # fmt: skip
    scale = f"log {pool.measure}" if pool.is_ratio else pool.measure
    header = ["study", "detail", "follow-up", "arms", "data", scale, "SE", "notes"]
    return f"{_name(pool)}, {MEASURES[pool.measure].label}\n{table(header, rows, (5, 6))}"


def arms_text(entry: Entry) -> str:
    """The arms that an effect compares, as far as they are named."""
    findings = [one.contrast.finding for one in entry.effects]
    return "; ".join(dict.fromkeys(f"{one.treatment or '?'} v {one.control or '?'}" for one in findings))


def csv_rows(evidence: OtherEvidence) -> Iterator[list[Cell]]:
    """One row for each line of each pool, under COLUMNS."""
    for pool in evidence.pools:
        for name, fit in rows_of(pool):
            yield _csv_row(pool, evidence.model, name, fit)


def _csv_row(pool: OtherPool, model: str, name: str, fit: AnyPooled) -> list[Cell]:
    about: list[Cell] = [" ".join(pool.key.by), pool.key.outcome, pool.key.group, pool.key.family, pool.measure]
    usual = name == USUAL or name.startswith("usual")
    effects = fit.k if usual else len(pool.entries)
    estimate, low, high, pi_low, pi_high = read(fit, ratio=pool.is_ratio)
    notes = "; ".join(dict.fromkeys(note.reason for note in fit.notes))
    return [
        *about, "INV" if usual else model, name, fit.k, effects, estimate, low, high, fit.se, fit.df, fit.p_value,
        fit.tau2, fit.i2, fit.q, fit.q_df, fit.q_p_value, pi_low, pi_high, fit.method, fit.test, notes,
    ]  # fmt: skip


def other_json(evidence: OtherEvidence) -> dict[str, object]:
    """All pools with their effects, and everything left out, as plain values; null where a reason is given."""
    return {
        "model": evidence.model,
        "method": evidence.method,
        "test": evidence.test,
        "level": evidence.options.level,
        "rho": evidence.options.rho,
        "enters": evidence.enters,
        "by": list(evidence.options.by),
        "pools": [_pool_json(pool, evidence) for pool in evidence.pools],
        "left_out": [left_out_json(one) for one in evidence.left_out],
        "not_asked_for": evidence.unasked,
    }


def _pool_json(pool: OtherPool, evidence: OtherEvidence) -> dict[str, object]:
    return {
        **about_json(pool, evidence.options),
        "models": [{"row": name, **fit_json(fit)} for name, fit in rows_of(pool)],
        "effects": [_entry_json(entry) for entry in pool.entries],
    }


def _entry_json(entry: Entry) -> dict[str, object]:
    findings = [one.contrast.finding for one in entry.effects]
    return {
        "study": entry.study.key,
        "yi": rounded(entry.yi),
        "vi": rounded(entry.vi),
        "level": entry.level,
        "data": data_text(entry),
        "arms": arms_text(entry),
        "detail": entry_details(entry),
        "follow_up": list(dict.fromkeys(time_text(one.time) for one in findings)),
        "notes": list(entry.notes),
        "findings": [place_text(one.place.path, one.place.line) for one in findings],
    }
