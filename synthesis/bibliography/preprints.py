"""Whether a document stands on a preprint server: the one home of their names and DOI prefixes."""

from __future__ import annotations

import re
from collections.abc import Callable

SERVERS = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|psyarxiv|socarxiv|edarxiv|chemrxiv|techrxiv|ssrn|osf ?preprints?|research square"
    r"|preprints?|working papers?|authorea|zenodo)\b",
    re.IGNORECASE,
)
# bioRxiv and medRxiv (their publisher's journals have a letter there), arXiv, Research Square, PsyArXiv, OSF, SocArXiv,
# EdArXiv, ChemRxiv, TechRxiv, SSRN, Preprints.org, Authorea.
DOI = re.compile(
    r"^10\.(?:1101/\d|48550/|21203/rs|31234/|31219/|31235/|35542/|26434/|36227/|2139/ssrn|20944/preprints|22541/)"
)
PLACES = ("journal", "journaltitle", "booktitle")
STATED = ("journal", "journaltitle", "publisher", "howpublished", "institution", "type")
ARCHIVES = ("archiveprefix", "eprinttype")


def is_preprint(doi: str, get: Callable[[str], str]) -> bool:
    """Whether a document is of a preprint server, by its DOI or by what it says of where it stands.

    Parameters
    ----------
    doi : str
        As `normalised_doi` gives it; may be empty.
    get : callable
        The text of a field by its BibTeX name, empty where there is none. An archive's number beside a journal or a
        publisher's DOI is a second place of a published paper.
    """
    if DOI.match(doi) or SERVERS.search("; ".join(map(get, STATED))):
        return True
    placed = bool(doi) or any(map(get, PLACES))
    return not placed and SERVERS.search("; ".join(map(get, ARCHIVES))) is not None
