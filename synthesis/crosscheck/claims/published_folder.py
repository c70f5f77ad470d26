"""The published tables of a review folder, all of them read, with the faults of all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from synthesis.crosscheck.claims.inconsistencies import LISTABLE
from synthesis.crosscheck.claims.material import Tables
from synthesis.crosscheck.claims.published_facts import read_facts, read_listed
from synthesis.crosscheck.claims.published_tables import read_framework, read_named_rows, read_themes, read_verdicts
from synthesis.errors import InvalidData, Problem
from synthesis.records.review import Review
from synthesis.scoring.published import read_published, read_statements

T = TypeVar("T")
Read = Callable[[str, str], tuple[T, ...]]  # text and path


def read_tables(root: Path, review: Review) -> Tables:
    """Statements, verdicts, framework, themes, named rows, facts and listed inconsistencies of a review.

    Parameters
    ----------
    root : Path
        The review folder; a table that it does not have is an empty one.
    review : Review
        Its rows, outcomes and evidence sets.

    Raises
    ------
    InvalidData
        Everything wrong with any of them.
    """
    rows = [row.code for row in review.rows]
    columns = [key for key, outcome in review.outcomes.items() if outcome.column]
    names = (rows, review.outcomes, review.evidence_sets)
    problems: list[Problem] = []

    def table(name: str, read: Read[T]) -> tuple[T, ...]:
        try:
            return read_published(root, name, read, ())
        except InvalidData as error:
            problems.extend(error.problems)
            return ()

    tables = Tables(
        statements=table("statements.csv", lambda text, path: read_statements(text, path, *names)),
        verdicts=table("verdicts.csv", lambda text, path: read_verdicts(text, path, rows)),
        framework=table("outcomes_framework.csv", lambda text, path: read_framework(text, path, rows)),
        themes=table("service_user_themes.csv", read_themes),
        named_rows=table("named_rows.csv", lambda text, path: read_named_rows(text, path, rows, columns)),
        facts=table("facts.csv", read_facts),
        listed=table("inconsistencies.csv", lambda text, path: read_listed(text, path, LISTABLE)),
    )
    if problems:
        raise InvalidData(problems)
    return tables
