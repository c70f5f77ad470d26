"""LaTeX as it stands in a BibTeX value, and Unicode: there and back, and what a reader sees of it."""

from __future__ import annotations

from synthesis.bibliography.latex.decoding import decode
from synthesis.bibliography.latex.encoding import encode, literal
from synthesis.bibliography.latex.spans import Span, in_context, plain, shown, spans
from synthesis.bibliography.latex.tokens import LONGEST
from synthesis.bibliography.latex.verbatim import verbatim, with_addresses_kept

__all__ = [
    "LONGEST",
    "Span",
    "decode",
    "encode",
    "in_context",
    "literal",
    "plain",
    "shown",
    "spans",
    "verbatim",
    "with_addresses_kept",
]
