"""Contradictions of a printed review with itself and with its own studies, computed; and listed ones not found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from synthesis.crosscheck import reported
from synthesis.crosscheck.claims import citation_checks, fact_checks, framework_checks, matrix_checks, verdicts
from synthesis.crosscheck.claims.material import Check, Material, note
from synthesis.crosscheck.claims.published_facts import Listed
from synthesis.errors import Problem

CHECKS: tuple[Check, ...] = (
    *matrix_checks.CHECKS,
    *framework_checks.CHECKS,
    *fact_checks.CHECKS,
    *citation_checks.CHECKS,
)
CODES: Mapping[str, str] = {"SY860": "a listed inconsistency that its check does not find"}
LISTABLE = (*(check.code for check in CHECKS), *verdicts.CODES, *reported.CODES)  # codes that an entry can name


def inconsistencies(material: Material) -> tuple[Problem, ...]:
    """Every note of every check, sorted; the same checks for any review."""
    runs = dict.fromkeys(check.run for check in CHECKS)
    return tuple(sorted({problem for run in runs for problem in run(material)}))


def not_found(listed: Iterable[Listed], notes: Iterable[Problem]) -> Iterator[Problem]:
    """SY860: entries whose check has no note that mentions what they are about.

    Parameters
    ----------
    listed : iterable of Listed
        Entries; those with a check name words (`where`) that the note's path or text has, all of them.
    notes : iterable of Problem
        Of the checks here, of `verdicts` and of `reported`.
    """
    held: dict[str, list[str]] = {}
    for problem in notes:
        held.setdefault(problem.code, []).append(f"{problem.path} {problem.what}")
    for entry in listed:
        words = [word.strip() for word in entry.where.split(" & ")]
        if entry.check and not any(all(word in text for word in words) for text in held.get(entry.check, ())):
            about = f"{entry.check} finds nothing about {entry.where!r}"
            what = f"{entry.source} no. {entry.entry} ({entry.words}): {about}"
            yield note(entry.place, "SY860", what, "if the data were corrected, take the entry out; else look why")
