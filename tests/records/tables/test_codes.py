"""The codes of spreadsheets."""

import re
from pathlib import Path

from synthesis.records import tables
from synthesis.records.tables.codes import CODES

FOLDER = Path(tables.__file__).parent


def test_every_code_is_used():
    """CODES has each code of its room that the modules print, and no other."""
    modules = [path for path in FOLDER.glob("*.py") if path.name != "codes.py"]
    used = {code for path in modules for code in re.findall(r'"(SY3[34]\d)"', path.read_text(encoding="utf-8"))}

    assert used == set(CODES)
