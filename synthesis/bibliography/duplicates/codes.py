"""The codes of what can be wrong with duplicates and decisions about them, SY550 to SY559."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "SY550": "a file of decisions, of merges or of references that cannot be read",
    "SY551": "a column that a table lacks",
    "SY552": "a decision that is none of duplicate, versions, distinct",
    "SY553": "a decision without its two keys",
    "SY554": "a pair that is decided twice",
    "SY555": "a decision about a key that is neither in the library nor among what was merged",
    "SY556": "a duplicate that cannot be taken out because something cites it",
    "SY557": "duplicates that are reports of different study records",
    "SY558": "a library that cannot be merged as it stands",
    "SY559": "a merge that cannot be undone exactly, because its place has changed",
}
