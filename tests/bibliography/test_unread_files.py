"""Files of the library that are not read."""

import pytest

from synthesis.bibliography.check import Choice, check_library
from synthesis.bibliography.codes import CODES
from synthesis.errors import Severity

ENTRY = "@misc{Doe2001, title = {Words}, author = {Doe, Jane}, year = 2001, howpublished = {Paper}}\n"


@pytest.fixture
def root(tmp_path):
    """A review with a library."""
    (tmp_path / "bibliography").mkdir()
    (tmp_path / "bibliography/references.bib").write_text(ENTRY)
    return tmp_path


def unread(root, **choice):
    """The problems with files that are not read."""
    return [one for one in check_library(root, {}, (), (), Choice(**choice)) if one.code == "SY405"]


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("sub/x.bib", "move it to bibliography/x.bib"),
        ("a/b/x.BIB", "move it to bibliography/x.bib"),
        ("other.Bib", "move it to bibliography/other.bib"),
        ("sub/references.bib", "move it to bibliography/ under a free name"),
    ],
)
def test_a_file_that_is_not_read_is_told(root, path, remedy):
    """In a folder below, or with an ending in capitals: a warning at the file, with where it would be read."""
    file = root / "bibliography" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ENTRY)
    (problem,) = unread(root)

    assert (problem.path, problem.severity) == (f"bibliography/{path}", Severity.WARNING)
    assert problem.remedy.startswith(remedy)
    assert problem.code in CODES
    assert unread(root, ignore=("reading",)) == unread(root, select=("shared-dois",)) == []


def test_what_is_no_part_of_a_library_is_not_told(root):
    """Hidden folders and files, other endings, files that are read."""
    for path in (".git/x.bib", ".x.bib", "references.bib.bak", "more.bib", "sub/x.txt"):
        file = root / "bibliography" / path
        file.parent.mkdir(exist_ok=True)
        file.write_text("")

    assert unread(root) == []
    assert not check_library(root / "nowhere", {})
