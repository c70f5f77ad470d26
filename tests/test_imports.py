"""What must not be imported: a command pays for what it uses, and for nothing else."""

import subprocess
import sys

import pytest

from tests.console import ROOT

HEAVY = {
    "bibtexparser", "filelock", "formulaic", "matplotlib", "networkx", "openpyxl", "pandas", "pydantic",
    "scipy.optimize", "scipy.stats", "statsmodels",
}  # fmt: skip
SYNTH = """
import sys
from synthesis.cli import main
sys.argv = ["synth", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
REPORT = "\nimport sys; print('\\n'.join(['loaded:', *sys.modules]), file=sys.stderr)"


def loaded(code, *arguments):
    """Modules that a fresh interpreter has imported when it has run the code in the repository root."""
    command = [sys.executable, "-c", code + REPORT, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.rpartition("loaded:\n")[2].split())


@pytest.fixture
def effects(tmp_path):
    """A plain table of three effects."""
    path = tmp_path / "effects.csv"
    path.write_text("yi,vi\n0.1,0.04\n0.3,0.02\n-0.2,0.09\n")
    return path


def test_importing_the_library_is_free():
    """`import synthesis` imports nothing outside the standard library."""
    assert loaded("import synthesis") & (HEAVY | {"numpy", "scipy", "click", "yaml"}) == set()


def test_help_is_cheap():
    """`synth --help` needs no numbers, no records and no command module."""
    modules = loaded(SYNTH, "--help")

    assert modules & (HEAVY | {"numpy", "scipy", "yaml", "synthesis.cli.pool", "synthesis.pipeline"}) == set()


def test_pooling_a_plain_table_is_light(effects):
    """`synth pool FILE` needs numpy and scipy.special only."""
    assert loaded(SYNTH, "pool", effects, "--yi", "yi", "--vi", "vi") & (HEAVY | {"yaml"}) == set()


def test_pooling_the_review_is_light():
    """`synth pool` reads YAML beside that, and no more."""
    modules = loaded(SYNTH, "pool")

    assert "yaml" in modules
    assert modules & HEAVY == set()
