"""A value of a record as the text of a cell, and back; and what a spreadsheet does to such a text on the way.

Two texts are one value where a spreadsheet has only written it in its own way: `12.0` for 12, `TRUE` for true. Then the
record keeps what it has.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum

from synthesis.records.edit import Bare, Value
from synthesis.records.fields import Field
from synthesis.records.study import NOT_STATED
from synthesis.records.tables.columns import LISTS, NUMBERS
from synthesis.records.trees import Leaf, Tree
from synthesis.records.values import WORDS, is_number

TRUTHS = {"TRUE": "true", "FALSE": "false", "WAHR": "true", "FALSCH": "false", "VRAI": "true", "FAUX": "false"}
LATIN = "windows-1252"
ITEM = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^;]*)\s*(?:;|$)')
DATE = re.compile(  # 2-Jan, 02. Jan, Jan 02, 2.1.2024, 1/2/2024, 2024-01-02 00:00:00
    r"\d{1,2}[-. /]+[^\W\d_]{3,9}\.?([-. /]+\d{2,4})?|[^\W\d_]{3,9}\.?[-. /]+\d{1,4}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\d{4}-\d{2}-\d{2}([T ]00:00:00)?"
)
ERROR = re.compile(  # of a spreadsheet, in English, German, French and Spanish; Err:502 and the like of LibreOffice
    r"#(?:N/A|NV|N/D|REF!|BEZUG!|VALUE!|WERT!|VALEUR!|VALOR!|DIV/0!|NAME\?|NOM\?|NOMBRE\?|NOMBRE!|NUM!|ZAHL!"
    r"|NULL!|NUL!|NULO!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|GETTING_DATA|UNKNOWN!|#+)|Err:\d{3}",
    re.IGNORECASE,
)
BECOMES_DATE = re.compile(r"\d{1,4}([-./]\d{1,4}){1,2}")  # what a spreadsheet takes for one: 1-2, 3/4, 1.5


class Sameness(StrEnum):
    """How a cell agrees with what the record holds."""

    EQUAL = "equal"
    DIGITS = "the same number in other digits"
    COMMA = "the same number with a decimal comma"
    TRUTH = "the same truth in capitals"
    SPACES = "the same items, parted otherwise"
    LETTERS = "letters that Windows-1252 lacks"
    NO = "another value"


def cell_of(found: Tree | None, field: Field) -> str:
    """The text of a cell for what a record holds; nothing where it holds nothing."""
    if found is None:
        return ""
    if field.kind in LISTS:
        items = found if isinstance(found, list) else [found]
        return "; ".join(_item(item.text.strip()) for item in items if isinstance(item, Leaf))
    if not isinstance(found, Leaf):
        return ""
    text = found.text.strip()
    return json.dumps(text, ensure_ascii=False) if field.kind == "judged" and found.style and _is_odd(text) else text


def value_of(cell: str, field: Field) -> Value:
    """What a record should hold for the text of a cell that is not empty."""
    text = tidy(cell)
    if field.kind in LISTS:
        return items_of(text)
    if field.kind in NUMBERS and is_float(text):
        return Bare(as_number(text, field))
    if field.kind == "truth":
        text = TRUTHS.get(text.upper(), text)
        return Bare(text) if text in ("true", "false", NOT_STATED) else text
    if field.kind == "judged":
        if text.startswith('"') and text.endswith('"') and len(text) > 1:
            return str(json.loads(text)) if _is_json(text) else text
        text = TRUTHS.get(text, text)
        return Bare(text) if is_number(text) or text in ("true", "false", NOT_STATED) else text
    return Bare(text) if text in field.words or (field.kind in NUMBERS and text == NOT_STATED) else text


def sameness(cell: str, own: str, field: Field, *, latin: bool = False) -> Sameness:  # noqa: PLR0911 - one each
    """Whether a cell says what the record says, `own` being the cell that would be made of it.

    Parameters
    ----------
    cell, own : str
        What the spreadsheet holds, and what it would hold unchanged.
    field : Field
        What stands there.
    latin : bool, optional
        Whether the spreadsheet was written in Windows-1252, which has no more than 251 letters.
    """
    there, here = tidy(cell), tidy(own)
    if there == here:
        return Sameness.EQUAL
    if field.kind in (*NUMBERS, "judged", "text") and is_float(here):
        if is_float(there) and float(there) == float(here):
            return Sameness.DIGITS
        if (
            there.count(",") == 1
            and is_float(there.replace(",", "."))
            and float(there.replace(",", ".")) == float(here)
        ):
            return Sameness.COMMA
    if field.kind in ("truth", "judged") and TRUTHS.get(there.upper()) == here and here:
        return Sameness.TRUTH
    if field.kind in LISTS and items_of(there) == items_of(here):
        return Sameness.SPACES
    if latin and here.encode(LATIN, "replace").decode(LATIN) == there:
        return Sameness.LETTERS
    return Sameness.NO


def is_made_date(cell: str, own: str, field: Field) -> bool:
    """Whether a spreadsheet seems to have made a date of what was there, or of a number."""
    text = tidy(cell)
    return bool(DATE.fullmatch(text)) and (field.kind in NUMBERS or bool(BECOMES_DATE.fullmatch(tidy(own))))


def is_error(cell: str) -> bool:
    """Whether a cell holds nothing but the sign of an error of a spreadsheet, as a CSV file has it."""
    return bool(ERROR.fullmatch(tidy(cell)))


def tidy(cell: str) -> str:
    """A cell without white space around it, with the line ends of a record."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def as_number(text: str, field: Field) -> str:
    """The digits of a number as a record has them: 12 for the 12.0 of a spreadsheet, where a whole number belongs."""
    number = float(text)
    if field.kind != "number" and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return text if is_number(text) else repr(number)


def is_float(text: str) -> bool:
    """Whether a spreadsheet could mean a number by a text: also 1.5E+01, but no nan and no 1_000."""
    return bool(re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", text, re.ASCII))


def items_of(text: str) -> list[str]:
    """The items between semicolons; one in double quotes may hold semicolons itself."""
    found, place = [], 0
    while place < len(text):
        match = ITEM.match(text, place)
        if match is None or match.end() == place:
            return [part.strip() for part in text.split(";") if part.strip()]
        item = match[1].strip()
        found.append(str(json.loads(item)) if item.startswith('"') and _is_json(item) else item)
        place = match.end()
    return [item for item in found if item]


def _item(text: str) -> str:
    """An item of a list; in double quotes where it could not be told from others."""
    odd = ";" in text or text.startswith('"') or "\n" in text
    return json.dumps(text, ensure_ascii=False) if odd else text


def _is_odd(text: str) -> bool:
    """Whether a text in quotes would be something else without them."""
    return text in WORDS or text == NOT_STATED or is_number(text) or text.upper() in TRUTHS or text.startswith('"')


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), str)
    except ValueError:
        return False
