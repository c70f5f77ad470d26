"""The sheets of a spreadsheet and their columns, from the fields of a record (`fields.py`): one for every value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthesis.records.edit import Path
from synthesis.records.fields import ANY, RISK, STUDY, Field, values_of

KEY = Field("name", "the study: the name of its file without .yaml", of="studies")
BASE = Field("text", "do not change this: the state of the file from which the row was made (SHA-256)")
NUMBERS = ("number", "whole", "level")  # kinds of one number
PAIRS = {"numbers": "number", "wholes": "whole"}  # kinds of two numbers, and of each
LISTS = ("texts", "names")
IDS: Mapping[str, Field] = {
    "finding": Field("whole", "the number of the finding in its record; empty for a new one", least=1),
    "arm": Field("text", "the key of the arm, which findings name"),
    "judgement": Field("text", "the name of the judgement, as the rule that asks for it has it"),
    "domain": Field("word", "the domain of bias", words=tuple(STUDY.fields["risk_of_bias"].fields)),
}
PARTS = {"findings": "finding", "arms": "arm", "judgements": "judgement", "risk_of_bias": "domain"}  # part of a record
JOINED = "study."  # before the name of a column of the study in the long sheet


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, where its values stand in a record, and what they may be."""

    name: str
    path: Path  # from the study, or from the row's own part of it
    field: Field
    of_study: bool = False  # in a sheet whose rows are parts of a study
    of_part: bool = False  # of such a part


@dataclass(frozen=True, slots=True)
class Shape:
    """One sheet: what a row is, and its columns."""

    name: str
    part: str  # the field of a record whose items are the rows; nothing where a row is a record
    key: str  # the column that tells the rows of one study apart; nothing where a row is a record
    columns: tuple[Column, ...]  # of values; beside them there are `study`, the key, and `base`

    @property
    def header(self) -> tuple[str, ...]:
        """The names of all columns, in order."""
        return tuple(filter(None, ("study", self.key, *(column.name for column in self.columns), "base")))

    def explained(self) -> Iterator[tuple[str, Field]]:
        """Every column and what it takes."""
        yield "study", KEY
        if self.key:
            yield self.key, IDS[self.key]
        for column in self.columns:
            yield column.name, column.field
        yield "base", BASE


def _columns(whole: Field, skip: tuple[str, ...] = (), *, of_part: bool = True) -> tuple[Column, ...]:
    """A column for each value of a part of a record; two for a pair of numbers."""
    made = []
    for path, field in values_of(whole):
        if path[0] in skip:
            continue
        name = ".".join(path)
        if field.kind in PAIRS:
            one = Field(PAIRS[field.kind], field.about, least=field.least, open=False)
            made += [Column(f"{name}.{place + 1}", (*path, place), one, of_part=of_part) for place in (0, 1)]
        else:
            made.append(Column(name, path, field, of_part=of_part))
    return tuple(made)


def _shape(part: str) -> Shape:
    whole = RISK if part == "risk_of_bias" else STUDY.fields[part].fields[ANY]
    return Shape(part, part, PARTS[part], _columns(whole))


STUDIES = Shape("studies", "", "", _columns(STUDY, ("study", *PARTS), of_part=False))
SHEETS: Mapping[str, Shape] = {"studies": STUDIES, **{part: _shape(part) for part in PARTS}}
LONG = Shape(
    "long", "findings", "finding",
    (
        *SHEETS["findings"].columns,
        *(Column(JOINED + column.name, column.path, column.field, of_study=True) for column in STUDIES.columns),
    ),
)  # fmt: skip
SHAPES: Mapping[str, Shape] = {**SHEETS, "long": LONG}


def takes(field: Field) -> str:
    """In words, what a cell may hold."""
    kinds = {
        "word": f"one of: {', '.join(field.words)}",
        "level": "1 to 5, or `not stated`",
        "truth": "true, false or `not stated`",
        "texts": "texts with ; between them",
        "names": "names with ; between them",
        "judged": 'true, false, a number, `not stated`, or words; a number in "quotes" is words',
        "name": "a name",
        "text": "words",
    }
    if field.kind not in NUMBERS or field.kind in kinds:
        return kinds[field.kind]
    number = "a whole number" if field.kind == "whole" else "a number with a decimal point"
    return f"{number}{', or `not stated`' if field.open else ''}"
