"""What the results of this room have in common: findings, and what follows from them."""

from __future__ import annotations

from typing import Any

from synthesis.pooling.pooled import Note
from synthesis.sensitivity.findings import told
from synthesis.sensitivity.selection.rules import listed, usable


class Judged:
    """A result with findings by named rules."""

    __slots__ = ()
    findings: tuple[Note, ...]

    @property
    def usable(self) -> bool:
        """Whether no rule speaks against the use of the numbers."""
        return usable(self.findings)

    @property
    def verdict(self) -> str:
        """What the numbers can and cannot tell here."""
        return told(self.findings)

    def _said(self) -> dict[str, Any]:
        """The verdict as plain values, fit for JSON."""
        return {"usable": self.usable, "verdict": self.verdict, "findings": listed(self.findings)}
