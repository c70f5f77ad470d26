"""Every effect that entered a pool, and every finding that did not, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from synthesis.evidence import Entry, Evidence, Pool, time_text
from synthesis.rendering.fits import natural
from synthesis.rendering.pools import data_text, own_interval, place_text
from synthesis.rendering.tables import Cell, csv_bytes

EFFECTS = (
    "modality", "outcome", "comparators", "family", "measure", "headline", "study", "level", "data", "estimate",
    "ci_low", "ci_high", "yi", "vi", "weight", "follow_up", "detail", "notes", "source", "place",
)  # fmt: skip
LEFT_OUT = ("modality", "outcome", "study", "evidence_set", "detail", "follow_up", "reason", "source", "place")


def effect_files(evidence: Evidence) -> dict[str, bytes]:
    """`effects.csv` and `left_out.csv` by name."""
    return {
        "effects.csv": csv_bytes(EFFECTS, _effects(evidence)),
        "left_out.csv": csv_bytes(LEFT_OUT, _left_out(evidence)),
    }


def _effects(evidence: Evidence) -> Iterator[list[Cell]]:
    """One line for each study of each pool; ratios as ratios, yi and vi of their logs."""
    for pool in evidence.pools:
        for entry, weight in zip(pool.entries, pool.fit.weights, strict=True):
            yield [*_about(pool), *_numbers(pool, entry), weight, *_words(entry)]


def _about(pool: Pool) -> list[Cell]:
    modality, outcome = pool.key.by
    return [modality, outcome, pool.key.group, pool.key.family, pool.measure, pool.headline]


def _numbers(pool: Pool, entry: Entry) -> list[Cell]:
    bounds = [natural(value, ratio=pool.is_ratio) for value in (entry.yi, *own_interval(entry, pool))]
    return [entry.study.key, entry.level, data_text(entry), *bounds, entry.yi, entry.vi]


def _words(entry: Entry) -> list[Cell]:
    findings = [one.contrast.finding for one in entry.effects]
    return [
        _joined(time_text(finding.time) for finding in findings),
        _joined(finding.detail for finding in findings),
        _joined(entry.notes),
        _joined(f"{finding.source.document}, {finding.source.at}".removesuffix(", ") for finding in findings),
        _joined(place_text(finding.place.path, finding.place.line) for finding in findings),
    ]


def _left_out(evidence: Evidence) -> Iterator[list[Cell]]:
    for one in evidence.left_out:
        finding = one.finding
        yield [
            finding.modality,
            finding.outcome,
            one.study.key,
            finding.evidence_set,
            finding.detail,
            time_text(finding.time),
            one.reason,
            f"{finding.source.document}, {finding.source.at}".removesuffix(", "),
            place_text(finding.place.path, finding.place.line),
        ]


def _joined(texts: Iterable[str]) -> str:
    """Different texts, each once, in their order."""
    return "; ".join(dict.fromkeys(text for text in texts if text))
