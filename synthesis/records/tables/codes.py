"""The codes of what can be wrong with a spreadsheet of records: SY33x and SY34x."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "SY330": "a file that is no table of records: unreadable, too large, without a sheet that is known",
    "SY331": "a column of a spreadsheet that is missing, there twice, or misspelt",
    "SY332": "merged cells, or a row with more cells than the header",
    "SY333": "a formula, or an error of the spreadsheet, in a cell",
    "SY334": "a date that a spreadsheet made of something else",
    "SY335": "a row whose study is missing, or cannot be the name of a file",
    "SY336": "one and the same thing in two rows of a spreadsheet",
    "SY337": "a row of a finding that the record does not have, or of an arm without a key",
    "SY338": "a record that changed since the spreadsheet was made of it",
    "SY339": "a row without its base, of a record that is there already",
    "SY340": "a value of a spreadsheet that the record cannot take",
    "SY341": "a change that cannot be made in the record without touching more",
    "SY342": "a column or a sheet that is none of a record, and is not read",
    "SY343": "values that a spreadsheet wrote in another way, and that stay as they are in the record",
    "SY344": "a table in another form than it was written: semicolons, Windows-1252",
    "SY345": "rows that are no longer in the spreadsheet, and stay in the record",
}
