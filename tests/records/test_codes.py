"""The codes, and the page that lists them."""

import re
from pathlib import Path

from synthesis.records.codes import CODES

ROOT = Path(__file__).parents[2]


def test_every_code_is_used_and_listed():
    """Each code in the modules of records has its line in CODES, and the page has the same list."""
    modules = [path for path in (ROOT / "synthesis" / "records").glob("*.py") if path.name != "codes.py"]
    used = {code for path in modules for code in re.findall(r'"(SY\d{3})"', path.read_text(encoding="utf-8"))}
    listed = re.findall(r"^\| (SY\d{3}) \| (.+) \|$", (ROOT / "docs" / "format.md").read_text("utf-8"), re.MULTILINE)

    assert used == set(CODES)
    assert dict(listed) == dict(CODES)
