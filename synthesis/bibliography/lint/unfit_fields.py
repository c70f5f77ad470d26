"""Fields that an entry of its type does not print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

UNFIT: Mapping[str, Mapping[str, str]] = {  # field -> type -> what to do
    "booktitle": {
        "article": "write journal, or make it @inproceedings or @incollection",
        "book": "write title, or make it @incollection",
        "techreport": "write series, or make it @incollection",
        "phdthesis": "take it out",
        "mastersthesis": "take it out",
    },
    "journal": {
        "inproceedings": "write booktitle, or make it @article",
        "conference": "write booktitle, or make it @article",
        "incollection": "write booktitle, or make it @article",
        "inbook": "write booktitle, or make it @article",
        "book": "write series, or make it @article",
        "phdthesis": "write school, or make it @article",
        "mastersthesis": "write school, or make it @article",
    },
    "school": {
        "article": "make it @phdthesis or @mastersthesis, or take it out",
        "book": "make it @phdthesis or @mastersthesis, or write publisher",
        "techreport": "write institution",
    },
}  # fmt: skip


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY495: a field of another type, which is read and never printed."""
    for value in shelf.named(*UNFIT):
        remedy = UNFIT[value.field.name].get(value.entry.type)
        if remedy and value.field.value:
            what = f"@{value.entry.type} {value.entry.key!r} has a {value.field.name}, which its type does not print"
            yield at_field(value, "SY495", what, remedy)


RULE = Rule(
    name="unfit-fields",
    codes=("SY495",),
    says="a field fits the type of its entry: no booktitle in an article",
    check=check,
)
