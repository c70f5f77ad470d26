"""Any plain table: columns in, pools out, every mistake with its line."""

import math

import pytest

from synthesis.errors import InvalidArgument, InvalidData, SynthesisError
from synthesis.plain import Plan, Reading, pool_table_of, read_table
from tests.console import ROOT

YI = {"yi": "yi", "vi": "vi"}
COUNTS = {"ai": "ai", "bi": "bi", "ci": "ci", "di": "di"}


def pooled(table, given=YI, measure=None, *, study=None, **plan):
    """Pools and rows left out."""
    return pool_table_of(table, given, Reading(measure, study), Plan(**plan))


@pytest.fixture
def table(tmp_path):
    """Writes a table and reads it."""

    def made(text):
        path = tmp_path / "effects.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(path)

    return made


def test_the_bcg_trials():
    """docs/examples/bcg.csv: log RR -0.7145, tau2 0.3132 by REML, as metafor prints for dat.bcg."""
    (pool,), left = pooled(read_table(ROOT / "docs/examples/bcg.csv"), COUNTS, measure="RR", test="z")

    assert (f"{pool.fit.estimate:.4f}", f"{pool.fit.tau2:.4f}", pool.fit.k, left) == ("-0.7145", "0.3132", 13, ())


def test_groups_are_pooled_apart(table):
    """Groups in the order in which they first appear, each with its own studies."""
    read = table("s,g,yi,vi\na,y,1,1\nb,x,2,1\nc,y,3,1\n")
    pools, _ = pooled(read, {"yi": "yi", "vi": "vi"}, measure=None, by=("g",), study="s", method="EE")

    assert [(pool.group, pool.studies, pool.fit.estimate) for pool in pools] == [
        ("y", ("a", "c"), 2.0),
        ("x", ("b",), 2.0),
    ]


def test_a_row_without_numbers_is_listed(table):
    """A missing effect and a double-zero study leave with their reasons and lines."""
    _, missing = pooled(table("yi,sei\n1,1\n,1\n"), {"yi": "yi", "sei": "sei"})
    _, zero = pooled(table("a,b,c,d\n1,9,2,8\n0,10,0,10\n"), dict(zip(COUNTS, "abcd", strict=True)), measure="RR")

    assert [(one.study, one.line) for one in missing] == [("row 2", 3)]
    assert [(one.line, one.reason) for one in zero] == [(3, "no events in either group")]


def test_dlmh_takes_q_about_the_mantel_haenszel_estimate():
    """DLMH works on counts and differs from DL."""
    read = read_table(ROOT / "docs/examples/bcg.csv")
    (mh,), _ = pooled(read, COUNTS, measure="RR", method="DLMH")
    (dl,), _ = pooled(read, COUNTS, measure="RR", method="DL")

    assert mh.fit.tau2 > 0
    assert not math.isclose(mh.fit.tau2, dl.fit.tau2)


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "remedy"),
    [
        ("", 1, 1, "SY181", "names of its columns"),
        ("yi,yi,vi\n1,2,3\n", 1, 1, "SY181", "a name of its own"),
        ("yi,vi\n1,1\n2\n", 3, 1, "SY182", "one field for each column"),
        ("yi,vi\n1,1\n1,2,3\n", 3, 1, "SY182", "one field for each column"),
        ("yi,vi\n1,1\nsoon,1\n", 3, 1, "SY183", "decimal point"),
        ('yi,vi\n1,1\n"2,5",1\n', 3, 1, "SY183", "decimal point"),
        ("yi,vi\n1,1\n1,inf\n", 3, 2, "SY183", "decimal point"),
        ("yi,vi\n1,1_0\n", 2, 2, "SY183", "decimal point"),
        ('yi,vi\n1,"1\n', 2, 1, "SY180", "quote fields"),
        (b"yi,vi\n1,1\n\xff,1\n", 3, 1, "SY180", "UTF-8"),
        ("yi;vi\n1,5;1\n", 1, 1, "SY181", "commas between the fields"),
        ("yi\tvi\n1\t1\n", 1, 1, "SY181", "commas between the fields"),
        ("yi,vi\n1,1\n1e300,1\n", 3, 1, "SY184", "correct the row"),
        ("yi,vi\n1,1e-300\n1,1\n", 2, 1, "SY184", "correct the row"),
    ],
)
def test_a_mistake_has_its_line(table, text, line, column, code, remedy):
    """Each mistake of a table is answered with line, column and remedy."""
    with pytest.raises(InvalidData) as caught:
        pooled(table(text))
    (problem,) = caught.value.problems

    assert (problem.line, problem.column, problem.code) == (line, column, code)
    assert remedy in problem.remedy


def test_all_mistakes_are_reported_together(table):
    """Two bad cells are two problems of one error."""
    with pytest.raises(InvalidData) as caught:
        pooled(table("yi,vi\nx,1\n1,y\n"))

    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_impossible_counts_have_their_lines(table):
    """Each kind of impossible counts is told, at the line of each row."""
    read = table("a,n,c,m\n5,3,1,4\n1,4,1,4\n\n-1,3,1,4\n0,0,1,4\n")
    with pytest.raises(InvalidData) as caught:
        pooled(read, {"ai": "a", "n1i": "n", "ci": "c", "n2i": "m"}, measure="OR")

    assert [(problem.line, problem.code) for problem in caught.value.problems] == [
        (2, "SY184"),
        (5, "SY184"),
        (6, "SY184"),
    ]


def test_a_table_of_a_header_alone(table):
    """Nothing is pooled and nothing is wrong."""
    assert pooled(table("yi,vi\n")) == ((), ())
    with pytest.raises(InvalidArgument, match="yi needs vi"):
        pooled(table("yi,vi\n"), {"yi": "yi"})


@pytest.mark.parametrize(
    ("given", "measure", "words"),
    [
        ({"yi": "yj", "vi": "vi"}, None, "choose one of: yi, vi"),
        ({"yi": "yi"}, None, "vi, its sampling variance"),
        ({"ai": "yi"}, None, "name the measure"),
        ({"ai": "yi"}, "RRR", "did you mean 'RR'"),
        ({"yi": "yi", "vi": "vi"}, "RRR", "did you mean 'RR'"),
        ({"ai": "yi", "ci": "vi"}, "RR", "RR needs ai, bi, ci, di; there is no bi, di; or give ai, n1i, ci, n2i"),
    ],
)
def test_what_cannot_be_pooled_is_refused(table, given, measure, words):
    """A mistyped column or measure, and columns that make no effect."""
    with pytest.raises(InvalidArgument, match=words):
        pooled(table("yi,vi\n1,2\n"), given, measure=measure)


def test_a_table_that_is_not_there(tmp_path):
    """The file is named."""
    with pytest.raises(SynthesisError, match=r"no\.csv"):
        read_table(tmp_path / "no.csv")
