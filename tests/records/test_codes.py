"""The codes of the records."""

import re
from pathlib import Path

from synthesis.records.codes import CODES

ROOT = Path(__file__).parents[2]


def test_every_code_is_used():
    """CODES has each code that the modules of records print, and no other; `tests/test_project.py` reads the page."""
    modules = [path for path in (ROOT / "synthesis" / "records").glob("*.py") if path.name != "codes.py"]
    used = {code for path in modules for code in re.findall(r'"(SY\d{3})"', path.read_text(encoding="utf-8"))}

    assert used == set(CODES)
