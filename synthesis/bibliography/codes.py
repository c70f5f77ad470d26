"""The codes of what can be wrong with a library, SY400 to SY499."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "SY400": "the file is not UTF-8",
    "SY401": "the file is larger than the limit",
    "SY402": "a control character",
    "SY410": "a block that is never closed, or cannot be read",
    "SY411": "text between the entries that looks like an entry or a part of one",
    "SY412": "an entry on a line that begins with %, which BibTeX reads all the same",
    "SY413": "a line inside a value that begins like an entry",
    "SY420": "an entry without a key",
    "SY421": "a key used twice",
    "SY422": "keys that differ only in case",
    "SY423": "a key with characters that BibTeX does not take",
    "SY430": "no comma between two fields",
    "SY431": "text in an entry that is no field",
    "SY432": "a field given twice in one entry",
    "SY433": "a macro that no @string defines",
    "SY434": "braces that do not balance when BibTeX counts them",
    "SY435": "a value that macros make too long",
    "SY440": "a malformed DOI",
    "SY441": "one DOI in two entries",
    "SY442": "a field missing that the type of the entry asks for",
    "SY443": "a year that is not four digits",
    "SY450": "a cited key that the library does not have",
    "SY451": "an entry that nothing cites",
    "SY460": "an entry to add whose DOI the library already has",
    "SY461": "something to add that is no entry",
    "SY462": "a library that cannot take a new entry as it stands",
}
