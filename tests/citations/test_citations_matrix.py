"""Matrices of studies by reviews from files, against the answers that others print."""

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from synthesis.citations import corrected_covered_area, read_matrix_file
from synthesis.citations.overlap_report import report_matrix
from synthesis.errors import InvalidArgument, InvalidData
from tests.citations.published_matrices import CCAR, CCAR4, CCAR4_REVIEWS, CCAR_PAIRS, JUNOR, REVIEWS, as_csv

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = Path("/work/shared/bib/overlap")  # large matrices of others; on the machine of the project alone


def read(tmp_path, text, name="m.csv"):
    """A matrix from the text of a file."""
    (tmp_path / name).write_text(text)
    return read_matrix_file(tmp_path / name)


def codes(tmp_path, text):
    """What is wrong with a matrix: code, line, column."""
    with pytest.raises(InvalidData) as refused:
        read(tmp_path, text)
    return [(problem.code, problem.line, problem.column) for problem in refused.value.problems]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_table_of_ccar_with_all_its_pairs(tmp_path, delimiter):
    """N 43, r 14, c 6: .4142857 (printed), and 15 pairs as its figure prints them."""
    found = read(tmp_path, as_csv(REVIEWS, CCAR, delimiter)).overlap()

    assert (found.included, len(found.studies), len(found.reviews)) == (43, 14, 6)
    assert found.cca == pytest.approx(0.4142857, abs=5e-8)
    assert {(pair.one, pair.other): round(100 * pair.cca, 1) for pair in found.pairs} == CCAR_PAIRS


def test_studies_that_nobody_includes_are_no_rows(tmp_path):
    """The vignette of junoR prints 41.66667 %; five rows instead of three would make it 15 %."""
    found = read(tmp_path, as_csv("vwxyz", JUNOR)).overlap()

    assert 100 * found.cca == pytest.approx(41.66667, abs=5e-6)
    assert found.nobody == ("4", "5")
    assert corrected_covered_area(8, 5, 5) == pytest.approx(0.15)


@pytest.mark.parametrize("missing", ["X", "x", "NA", "na", "", "N/A"])
def test_cells_that_could_not_be(tmp_path, missing):
    """`test4.xlsx` of ccaR, N 20, r 12, c 4, X 8: 28.57 %, and 22.22 % as if they could."""
    given = read(tmp_path, as_csv(CCAR4_REVIEWS, CCAR4, missing=missing))
    found = given.overlap()

    assert (found.included, len(found.studies), len(found.reviews), found.missing) == (20, 12, 4, 8)
    assert found.cca == pytest.approx(8 / 28)
    assert found.unadjusted == given.overlap(structural=False).cca == pytest.approx(8 / 36)
    assert given.blank == (8 if missing == "" else 0)


def test_a_sheet(tmp_path):
    """XLSX: numbers, letters, empty cells, and an empty row at the end as spreadsheets leave it."""
    book = openpyxl.Workbook()
    for row in [["", "P", "Q"], ["a", 1, 1.0], ["b", "X", 1], ["c", None, 1], [None, None, None]]:
        book.active.append(row)
    book.save(tmp_path / "m.xlsx")

    given = read_matrix_file(tmp_path / "m.xlsx")
    assert (given.studies, given.cells) == (("a", "b", "c"), ((True, True), (None, True), (None, True)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("study,P,Q\na,1,2\nb,yes,0\n", [("SY515", 2, 3), ("SY515", 3, 2)]),
        ("study,P,Q\na,1\n", [("SY514", 2, 1)]),
        ("study,P,P\na,1,1\na,1,0\n", [("SY516", 1, 3), ("SY516", 3, 1)]),
        ("study,P,\n,1,1\n", [("SY514", 1, 3), ("SY514", 2, 1)]),
        ("study,P\na,1\n", [("SY514", 1, 1)]),
        ("", [("SY514", 1, 1)]),
        ('study,P,Q\n"a,1,1\n', [("SY513", 2, 1)]),
    ],
)
def test_what_is_wrong_with_a_matrix(tmp_path, text, found):
    """Every problem at its line and column, all at once."""
    assert codes(tmp_path, text) == found


def test_many_problems_are_counted(tmp_path):
    """The first twenty, and how many more."""
    assert len(codes(tmp_path, "study,P,Q\n" + "".join(f"s{line},1,?\n" for line in range(50)))) == 21


@pytest.mark.parametrize(
    ("name", "data"), [("m.xlsx", b"PK\x03\x04 broken"), ("m.xlsx", b"a,b"), ("m.csv", b"\xff\xfe")]
)
def test_a_file_that_cannot_be_read(tmp_path, name, data):
    """One problem, no traceback."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidData, match="SY513"):
        read_matrix_file(tmp_path / name)


def packed(tmp_path, sheet):
    """An XLSX file with that text as its sheet."""
    book = openpyxl.Workbook()
    book.active.append(["", "P", "Q"])
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "m.xlsx", "w") as bad:
        for part in good.infolist():
            bad.writestr(part, sheet if part.filename.endswith("sheet1.xml") else good.read(part))
    return tmp_path / "m.xlsx"


HOSTILE = {  # the inside of a sheet, and the code that it is refused with
    "entities": ('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>', "SY513"),
    "a million rows": ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "SY513"),
    "sixteen thousand columns": ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "SY513"),
    "a claim of all cells": ("", "SY514"),
}


@pytest.mark.parametrize(("rows", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_sheet(tmp_path, rows, code):
    """It is refused, in less than 5 seconds."""
    head = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' if "&b;" in rows else ""
    body = f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>'
    start = time.perf_counter()

    with pytest.raises(InvalidData, match=code):
        read_matrix_file(packed(tmp_path, f'{head}<worksheet xmlns="{MAIN}">{body}</worksheet>'))
    assert time.perf_counter() - start < 5


def test_a_review_without_studies_is_a_column(tmp_path):
    """It is there, and it is said; its containment in others is not defined."""
    report = report_matrix(read(tmp_path, "s,P,Q,R\na,1,1,0\nb,1,0,0\n"))

    assert report.found.cca == pytest.approx((3 - 2) / (2 * 3 - 2))
    assert [pair.containment for pair in report.found.pairs] == [1.0, None, None]
    assert "without studies, but columns all the same: 1 (R)" in report.summary()


def test_a_matrix_without_an_inclusion(tmp_path):
    """There is no overlap of nothing."""
    with pytest.raises(InvalidArgument):
        read(tmp_path, "s,P,Q\na,0,0\n").overlap()


@pytest.mark.parametrize(
    ("missing", "percent"),
    [(0, 11.45), (151, 15.35)],
)
def test_the_numbers_of_the_large_table(missing, percent):
    """`data_gerd.xlsx` of ccaR: N 134, r 66, c 10; with X 151 by ccaR's formula (no printed answer was found)."""
    assert 100 * corrected_covered_area(134, 66, 10, missing) == pytest.approx(percent, abs=0.005)


if SHARED.exists():

    @pytest.mark.parametrize(
        ("name", "counts", "percent"),
        [
            ("data_gerd.xlsx", (134, 66, 10, 0), 11.45),
            ("data_gerd_X.xlsx", (134, 66, 10, 151), 15.35),
            ("test4.xlsx", (20, 12, 4, 8), 28.57),
            ("miyazaki2017CCA.csv", (43, 14, 6, 0), 41.43),
            ("test2.csv", (43, 14, 6, 0), 41.43),
        ],
    )
    def test_the_files_of_others(name, counts, percent):
        """Read as they come; they are not in the repository."""
        found = read_matrix_file(SHARED / name).overlap()

        assert (found.included, len(found.studies), len(found.reviews), found.missing) == counts
        assert 100 * found.cca == pytest.approx(percent, abs=0.005)
