"""A digital object identifier in one comparable form."""

from __future__ import annotations

import re

PREFIX = re.compile(r"^(?:https?://)?(?:dx\.)?doi\.org/|^doi:\s*|^https?://doi\.acm\.org/", re.IGNORECASE)
WRAPPED = re.compile(r"^(?:\\(?:url|doi|href)\s*)?\{(.*)\}$", re.DOTALL)
ESCAPED = re.compile(r"\\([_%&#$])|\{\\textunderscore\}|\{([_<>%&#])\}")
FORM = re.compile(r"^10\.\d{4,9}(?:\.\d+)*/[^\s{}\\]+$")


def normalised_doi(text: str) -> str:
    r"""A DOI without address, `doi:`, LaTeX escapes and capitals; nothing for an empty text.

    DOI names are compared without regard to case (DOI Handbook, section on case insensitivity).

    Examples
    --------
    >>> normalised_doi(r"https://doi.org/10.1002/14651858.CD\\_1")
    '10.1002/14651858.cd_1'
    """
    bare = ESCAPED.sub(lambda found: found[1] or found[2] or "_", bare_doi(text))
    return bare.strip().lower()


def bare_doi(text: str) -> str:
    """A DOI without address, `doi:` and commands about it; its escapes and capitals stay."""
    bare = text.strip()
    while wrapped := WRAPPED.match(bare):
        bare = wrapped[1].strip()
    return PREFIX.sub("", bare)


def is_doi(text: str) -> bool:
    """Whether a text has the form of a DOI: `10.`, a registrant of four to nine digits, `/`, a suffix."""
    return FORM.match(normalised_doi(text)) is not None
