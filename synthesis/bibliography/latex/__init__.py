"""LaTeX as it stands in a BibTeX value, and Unicode: there and back, and what a reader sees of it."""

from __future__ import annotations

from synthesis.bibliography.latex.decoding import decode
from synthesis.bibliography.latex.encoding import encode, literal
from synthesis.bibliography.latex.spans import Span, plain, spans
from synthesis.bibliography.latex.tokens import LONGEST

__all__ = ["LONGEST", "Span", "decode", "encode", "literal", "plain", "spans"]
