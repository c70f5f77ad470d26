"""A spreadsheet that somebody edits: cells by the name of their column."""

import csv
import io

from synthesis.records.tables import chosen_records, plan_import, sheets_of
from synthesis.records.tables.csv_form import csv_grids, csv_text


def exported(root, name="findings", keys=()):
    """The rows of a sheet as dictionaries, as a person sees them."""
    (sheet,) = sheets_of(chosen_records(root, keys), [name])
    return list(csv.DictReader(io.StringIO(csv_text(sheet), newline="")))


def written(rows, delimiter=","):
    """Such rows as the bytes of a CSV file."""
    made = io.StringIO()
    header = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(made, header, restval="", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode()


def planned(root, rows, keys=(), **options):
    """What the import of such rows would do."""
    return plan_import(root, csv_grids(written(rows), "t.csv"), keys, **options)


def codes(plan):
    """The codes of the errors of a plan."""
    return [problem.code for problem in plan.errors]


def notes(plan):
    """The codes of what is told beside them."""
    return sorted({problem.code for problem in plan.problems} - set(codes(plan)))
