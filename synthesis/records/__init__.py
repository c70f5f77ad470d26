"""Study records: text that becomes values which remember file and line."""

from __future__ import annotations

from synthesis.records.folder import Records, read_records

__all__ = ["Records", "read_records"]
