"""References in other programs' formats: RIS, PubMed's nbib, EndNote XML, CSL-JSON and BibTeX, in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from synthesis.bibliography.formats.bibtex import read_bibtex, write_bibtex
from synthesis.bibliography.formats.codes import CODES
from synthesis.bibliography.formats.csl_json import read_csl_json, write_csl_json
from synthesis.bibliography.formats.detection import format_of
from synthesis.bibliography.formats.endnote import read_endnote
from synthesis.bibliography.formats.endnote_writing import write_endnote
from synthesis.bibliography.formats.losses import Loss, losses
from synthesis.bibliography.formats.nbib import read_nbib, write_nbib
from synthesis.bibliography.formats.reference import Format, Imported, Place, Reference, bibtex_of, reference_of
from synthesis.bibliography.formats.ris import read_ris, write_ris
from synthesis.bibliography.formats.source import LIMIT
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.files import read_limited

__all__ = (
    "CODES", "FORMATS", "Format", "Imported", "Loss", "Place", "Reference", "bibtex_of", "losses", "named_format",
    "read_references", "reference_of", "write_references",
)  # fmt: skip

FORMATS: Mapping[str, Format] = {
    "bibtex": Format("bibtex", "BibTeX", (".bib", ".bibtex"), read_bibtex, write_bibtex),
    "csl-json": Format("csl-json", "CSL-JSON", (".json", ".csljson"), read_csl_json, write_csl_json),
    "endnote": Format("endnote", "EndNote XML", (".xml",), read_endnote, write_endnote),
    "nbib": Format("nbib", "PubMed's nbib", (".nbib", ".medline"), read_nbib, write_nbib),
    "ris": Format("ris", "RIS", (".ris",), read_ris, write_ris),
}


def named_format(name: str) -> Format:
    """The format of a name.

    Raises
    ------
    InvalidArgument
        There is none; the message names the nearest.
    """
    if name not in FORMATS:
        raise InvalidArgument(f"no format {name!r}: {did_you_mean(name, FORMATS)}")
    return FORMATS[name]


def read_references(source: Path | str | bytes, format: str | None = None, name: str = "") -> Imported:  # noqa: A002  the word users know
    """The references of a file, with everything in it that is odd or could not be read.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or the content of one (bytes).
    format : str, optional
        A key of `FORMATS`; by default the ending of the file's name and its content say it.
    name : str, optional
        How problems call the file; by default its path, or `<bytes>`.

    Returns
    -------
    Imported
        References in file order, problems sorted by place. A broken record does not stop the others.

    Raises
    ------
    InvalidArgument
        There is no such format, or none can be recognised.
    SynthesisError
        The file cannot be read, or is larger than 50 MB.
    """
    if isinstance(source, bytes):
        data, label = source, name or "<bytes>"
    else:
        data, label = read_limited(Path(source), LIMIT), name or str(source)
    found = format or format_of(data, label)
    if found is None:
        raise InvalidArgument(f"{label}: no known format of references; name one of: {', '.join(FORMATS)}")
    return named_format(found).read(data, label)


def write_references(references: Iterable[Reference], format: str) -> str:  # noqa: A002  the word users know
    """The references in a format; `losses` says what it cannot hold.

    Parameters
    ----------
    references : iterable of Reference
        In the order in which they are written.
    format : str
        A key of `FORMATS`.

    Returns
    -------
    str
        Text with LF line ends; the same references give the same text.

    Raises
    ------
    InvalidArgument
        There is no such format.
    """
    return named_format(format).write(references)
