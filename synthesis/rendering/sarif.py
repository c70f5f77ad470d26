"""Problems as SARIF 2.1.0, which code hosts and editors read.

References
----------
OASIS (2020). Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from synthesis.errors import Problem, Severity

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(
    problems: Sequence[Problem], meanings: Mapping[str, str], helps: Mapping[str, str] | None = None, version: str = ""
) -> dict[str, Any]:
    """One run of `synth` with its problems as results.

    Parameters
    ----------
    problems : sequence of Problem
        Columns count characters, as SARIF's `unicodeCodePoints`; a waiver becomes a suppression.
    meanings : mapping
        What each code means; of the codes that no problem has, nothing is said.
    helps : mapping, optional
        A longer text for a code.
    version : str, optional
        Of the program.
    """
    codes = sorted({problem.code for problem in problems})
    rules = [_rule(code, meanings.get(code, code), (helps or {}).get(code, "")) for code in codes]
    places = {code: number for number, code in enumerate(codes)}
    driver = {"name": "synth", **({"version": version} if version else {}), "rules": rules}
    results = [_result(problem, places[problem.code]) for problem in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(code: str, meaning: str, help_text: str) -> dict[str, Any]:
    return {"id": code, "shortDescription": {"text": meaning}, "help": {"text": help_text or meaning}}


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    region = {"startLine": max(problem.line, 1), "startColumn": max(problem.column, 1)}
    place = {"artifactLocation": {"uri": quote(problem.path)}, "region": region}
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": LEVELS[problem.severity],
        "message": {"text": f"{problem.what}; remedy: {problem.remedy}"},
        "locations": [{"physicalLocation": place}],
    }
    if problem.accepted:
        result["suppressions"] = [{"kind": "inSource", "justification": problem.accepted}]
    return result
