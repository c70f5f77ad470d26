"""Records to and from spreadsheets: a cell holds the record's own text, and it comes back to the same place."""

from synthesis.records.tables.codes import CODES
from synthesis.records.tables.columns import LONG, SHAPES, SHEETS
from synthesis.records.tables.files import read_grids, write_sheets
from synthesis.records.tables.importing import plan_import, write_plan
from synthesis.records.tables.plan import Plan, RecordChange
from synthesis.records.tables.sheets import Sheet, chosen_records, sheets_of

__all__ = [
    "CODES",
    "LONG",
    "SHAPES",
    "SHEETS",
    "Plan",
    "RecordChange",
    "Sheet",
    "chosen_records",
    "plan_import",
    "read_grids",
    "sheets_of",
    "write_plan",
    "write_sheets",
]
