"""Reference lists of BibTeX texts, for tests."""

from synthesis.bibliography.library import read_library
from synthesis.bibliography.reference_lists import reference_list


def texts(bibtex, style):
    """The references of a BibTeX text."""
    return [item.text for item in reference_list(read_library(bibtex).entries, style).items]


def as_one(*lines):
    """Lines of a test as one text."""
    return " ".join(lines)
