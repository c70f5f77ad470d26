"""Duplicates: found by rules in words, queued where unsure, merged so that it can be undone."""

from __future__ import annotations

from synthesis.bibliography.duplicates.clusters import Decisions, Found, Group, find, pair_of
from synthesis.bibliography.duplicates.codes import CODES
from synthesis.bibliography.duplicates.record import Record, record_of_entry, record_of_reference, record_of_row
from synthesis.bibliography.duplicates.rules import RULES, Verdict
from synthesis.bibliography.duplicates.scoring import Judged, judge
from synthesis.bibliography.duplicates.tables import records_of_table

__all__ = [
    "CODES",
    "RULES",
    "Decisions",
    "Found",
    "Group",
    "Judged",
    "Record",
    "Verdict",
    "find",
    "judge",
    "pair_of",
    "record_of_entry",
    "record_of_reference",
    "record_of_row",
    "records_of_table",
]
