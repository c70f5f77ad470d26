"""Titles in one comparable form."""

from __future__ import annotations

import re

from synthesis.bibliography.latex import plain

NO_LETTER = re.compile(r"[\W_]+")
BRACES = {ord("{"): None, ord("}"): None}


def title_letters(title: str) -> str:
    r"""The letters and digits of a title as a reader sees it, in small letters, words parted by single blanks.

    Examples
    --------
    >>> title_letters(r"{DNA} \textit{in} Caf{\'e}s: a review.")
    'dna in cafés a review'
    """
    seen = plain(title) if "\\" in title or "$" in title else title.translate(BRACES)
    return NO_LETTER.sub(" ", seen.casefold()).strip()
