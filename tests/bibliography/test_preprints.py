"""Whether a document stands on a preprint server."""

import pytest

from synthesis.bibliography.preprints import is_preprint


@pytest.mark.parametrize(
    ("doi", "fields", "wanted"),
    [
        ("10.1101/2019.12.01.123456", {}, True),
        ("10.1101/gr.123.4", {"journal": "Genome Research"}, False),
        ("10.31234/osf.io/abcde", {}, True),
        ("", {"howpublished": "PsyArXiv preprint"}, True),
        ("", {"publisher": "bioRxiv"}, True),
        ("", {"archiveprefix": "arXiv"}, True),
        ("", {"archiveprefix": "arXiv", "journal": "Physical Review"}, False),
        ("10.1234/x", {"eprinttype": "arxiv"}, False),
        ("", {"journal": "Journal of Addiction", "note": "no preprint"}, False),
    ],
)
def test_preprints(doi, fields, wanted):
    """By the DOI, by where it stands, by an archive's number alone."""
    assert is_preprint(doi, lambda name: fields.get(name, "")) is wanted
