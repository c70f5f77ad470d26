"""Text that a spreadsheet would run as a formula, disarmed by an apostrophe, and armed again."""

from __future__ import annotations

import re

from synthesis.text import ABSENT

TRIGGERS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the full-width signs start a formula too  # fmt: skip
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def guarded(text: str) -> str:
    """Text with an apostrophe before it if a spreadsheet could run it; numbers and a lone dash stay.

    Text that already has apostrophes before such a start gets one more, so that `unguarded` gives every
    text back. The threat and the apostrophe: OWASP, CSV Injection.
    """
    return f"'{text}" if _runs(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(TRIGGERS) and bare != ABSENT and not NUMBER.fullmatch(bare)
