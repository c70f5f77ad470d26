"""Years that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from synthesis.bibliography.library import Library
from synthesis.errors import Problem, Severity

FORMS = {"year": re.compile(r"\d{4}"), "date": re.compile(r"\d{4}\b.*")}


def odd_years(libraries: Sequence[Library]) -> Iterator[Problem]:
    """SY443: a `year` that is not four digits, or a `date` that does not begin with them."""
    for library in libraries:
        for entry in library.entries:
            for field in entry.fields:
                form = FORMS.get(field.name)
                if form and not form.fullmatch(field.value.strip("{} ")):
                    what = f"the {field.name} {field.value!r} of {entry.key!r} is not a year in four digits"
                    remedy = "write the year as 2009; words such as `in press` go into `note`"
                    yield Problem(entry.path, field.line, field.column, "SY443", what, remedy, Severity.WARNING)
