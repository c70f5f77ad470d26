"""Records for tests, made of the fields of a table."""

from synthesis.bibliography.duplicates import Record, judge, record_of_row

TRIAL = {
    "type": "article",
    "author": "Doe, Jane; Roe, Richard; Poe, Edgar",
    "title": "Group therapy for shoplifters: a randomised controlled trial",
    "year": "2004",
    "journal": "Journal of Experimental Criminology",
    "volume": "12",
    "number": "3",
    "pages": "221-239",
    "doi": "10.1234/jec.2004.17",
}


def row(key: str = "a", **changes: str) -> Record:
    """The trial, with some fields changed; an empty value takes a field out."""
    return record_of_row(key, f"row {key}", {**TRIAL, **changes})


def verdict(one: dict[str, str], other: dict[str, str]) -> str:
    """What two variants of the trial are to one another."""
    return str(judge(row("a", **one), row("b", **other)).verdict)
