"""Any plain table: columns in, effects and one pool for each group out, without a review."""

from synthesis.plain.effects import GENERIC, PlainLeftOut, Reading, TableEffects, effects_of
from synthesis.plain.pools import PlainPool, Plan, pool_table_counts, pool_table_dependent, pool_table_of
from synthesis.plain.table import CODES, Table, read_table

__all__ = [
    "CODES",
    "GENERIC",
    "PlainLeftOut",
    "PlainPool",
    "Plan",
    "Reading",
    "Table",
    "TableEffects",
    "effects_of",
    "pool_table_counts",
    "pool_table_dependent",
    "pool_table_of",
    "read_table",
]
