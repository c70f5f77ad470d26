"""The codes of what can be wrong with citations, SY500 to SY599."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "SY500": "citations.csv cannot be read as UTF-8 CSV",
    "SY501": "citations.csv lacks a column, or has one twice",
    "SY502": "a row of citations.csv has more or fewer fields than the header",
    "SY503": "a source, target or relation is missing",
    "SY504": "a relation that there is not",
    "SY505": "a citation given twice",
    "SY506": "a document that cites itself",
    "SY510": "a citation from or to a key that the library does not have",
    "SY511": "documents that cite one another in a circle",
    "SY512": "a citation of something younger",
    "SY513": "a matrix of studies by reviews cannot be read",
    "SY514": "a matrix lacks its header, a name, or a cell; or its rows differ in length",
    "SY515": "a cell of a matrix is none of 1, 0, X, NA and nothing",
    "SY516": "a study or a review stands in a matrix twice",
    "SY520": "an edge file cannot be read as UTF-8 CSV",
    "SY521": "an edge file lacks a column, or has one twice",
    "SY522": "a row of an edge file has more or fewer fields than the header",
    "SY523": "an edge without a source or a target",
}
