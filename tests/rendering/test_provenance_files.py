"""What the pools rest on, as files."""

import csv
import io
from collections import defaultdict

from synthesis.pipeline import build
from tests.crosscheck.made import made


def test_each_pool_has_its_studies_and_its_concentration(tmp_path):
    """One line a study of a pool; their printed weights make one whole but for rounding (4 decimals each)."""
    files = build(made(tmp_path))
    lines = list(csv.DictReader(io.StringIO(files["provenance.csv"].decode())))
    weights = defaultdict(list)
    for line in lines:
        weights[line["pool"]].append(float(line["weight"]))

    assert {"alpha2001", "beta2002", "delta2004"} <= {line["study"] for line in lines}
    assert all(abs(sum(own) - 1) <= 0.00005 * len(own) for own in weights.values())
    assert next(line for line in lines if line["study"] == "beta2002")["included_by"] == "Other2010; Review2009"


def test_the_page_names_the_heaviest_document(tmp_path):
    """The programme rests on two trials that were read in their own reports."""
    page = build(made(tmp_path))["provenance.md"].decode()
    row = next(line for line in page.splitlines() if "programme reoffending | inactive" in line)
    cells = [cell.strip() for cell in row.split("|")]

    assert cells[5] == "2"
    assert cells[7] == "2"
    assert cells[9] in {"Alpha2001", "Beta2002"}
