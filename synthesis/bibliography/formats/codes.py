"""The codes of what can be wrong with a file of references, SY540 to SY549."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "SY540": "a file of references that is not UTF-8",
    "SY541": "text outside any record",
    "SY542": "a record whose beginning or end is missing",
    "SY543": "a type of reference that is not known",
    "SY544": "a tag or field that is not known, kept under a name of its own",
    "SY545": "tags that are known and not taken over",
    "SY546": "a file of references that cannot be read, or a part of it",
    "SY547": "a value that is not what its tag promises",
    "SY548": "control characters, which are dropped",
    "SY549": "something that the format written to cannot hold",
}
