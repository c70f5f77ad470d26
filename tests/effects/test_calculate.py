"""The call itself: shapes, where columns come from, options, and what is said about wrong ones."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from synthesis.effects import MEASURES, escalc
from synthesis.effects.back_transform import find_transform, transform
from synthesis.errors import InvalidArgument

AI, N1, CI, N2 = [0, 3, 12, 5], [20, 20, 12, 50], [2, 0, 9, 8], [20, 22, 12, 50]
TABLE = {"ai": AI, "n1i": N1, "ci": CI, "n2i": N2}
EVENTS = {"xi": [0, 5, 12, 30], "ni": [25, 5, 48, 90]}
PERSON_TIME = {"x1i": [0, 4, 0, 11], "t1i": [120, 310.5, 88, 540], "x2i": [3, 0, 0, 15], "t2i": [131, 290, 91.2, 512]}
PAIRS = {"ai": [20, 7, 30, 0], "bi": [11, 5, 12, 4], "ci": [6, 9, 3, 2], "di": [41, 22, 60, 14]}
ONE_RATE = {"xi": [0, 4, 0, 11], "ti": [120, 310.5, 88, 540]}
INPUTS = {
    **dict.fromkeys(("OR", "RR", "RD", "AS", "PETO", "PBIT", "OR2D", "OR2DL", "OR2DN", "PHI", "ZPHI"), TABLE),
    **dict.fromkeys(("YUQ", "YUY", "RTET", "ZTET"), TABLE),
    **dict.fromkeys(("PR", "PLN", "PLO", "PRZ", "PAS", "PFT"), EVENTS),
    **dict.fromkeys(("IRR", "IRD", "IRSD"), PERSON_TIME),
    **dict.fromkeys(("IR", "IRLN", "IRS", "IRFT"), ONE_RATE),
    **dict.fromkeys(("MPRD", "MPRR", "MPOR", "MPORC", "MPPETO"), PAIRS),
    "MPORM": {
        "ai": [12, 9, 4, 20],
        "bi": [18, 9, 6, 20],
        "ci": [9, 9, 7, 0],
        "di": [21, 9, 3, 40],
        "ri": [0.4, 0, 0.1, 0.2],
    },
}
MORE = {"n1i": 2, "n2i": 2, "ni": 2, "ri": 0}  # added where 1 is added to each cell


@pytest.mark.parametrize("to", ["only0", "if0all"])
@pytest.mark.parametrize("measure", INPUTS)
def test_a_batch_is_its_rows(measure, to):
    """Two sets of four studies, shape (2, 4), are the sets by themselves, one with zeros and one without; the notes
    number the entries of both sets through.
    """
    one = {name: np.array(values, float) for name, values in INPUTS[measure].items()}
    other = {name: values + MORE.get(name, 1) for name, values in one.items()}
    both = escalc(measure, **{name: np.stack([one[name], other[name]]) for name in one}, to=to)
    alone = [escalc(measure, **table, to=to) for table in (one, other)]

    np.testing.assert_array_equal(both.yi, [found.yi for found in alone])
    np.testing.assert_array_equal(both.vi, [found.vi for found in alone])
    assert [note.row for note in both.notes] == [note.row + 4 * i for i in (0, 1) for note in alone[i].notes]


def test_shapes_broadcast():
    """Columns of k studies, single numbers and arrays: (4,), () and (3, 1) make (3, 4); numbers alone, one study."""
    found = escalc("RR", ai=AI, n1i=[[50], [60], [70]], ci=9, n2i=50)

    assert found.yi.shape == found.vi.shape == (3, 4)
    assert len(found) == 12
    assert found.yi[1].tolist() == escalc("RR", ai=AI, n1i=60, ci=9, n2i=50).yi.tolist()
    assert escalc("RR", ai=3, n1i=60, ci=9, n2i=50).yi.shape == (1,)
    assert found.complete().yi.shape == (12,)


def test_printed_estimates_of_any_shape():
    """Estimates (2, 2) with one standard error for each column."""
    found = escalc("OR", estimate=[[2.0, 1.0], [0.5, 3.0]], se=[0.1, 0.2])

    assert found.yi.tolist() == np.log([[2.0, 1.0], [0.5, 3.0]]).tolist()
    assert found.vi == pytest.approx(np.array([[0.01, 0.04]] * 2))


class Column:
    """A column of another table library: it knows how to become an array, as those of polars do."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


class Frame:
    """A table whose iteration gives columns, not names, as that of polars does."""

    columns = ("ai", "n1i", "ci", "n2i")

    def __iter__(self):
        raise NotImplementedError

    def __getitem__(self, name):
        return Column(TABLE[name])


def test_where_columns_come_from():
    """Lists, tuples, masked arrays, pandas' Series and frames, and other tables by the names of their columns."""
    import pandas as pd

    frame, names = pd.DataFrame(TABLE), {name: name for name in TABLE}
    masked = {name: np.ma.masked_array(values, mask=[False] * 4) for name, values in TABLE.items()}
    ways = (
        {name: tuple(values) for name, values in TABLE.items()}, masked, {name: frame[name] for name in TABLE},
        {"data": frame, **names}, {"data": TABLE, **names}, {"data": Frame(), **names},
    )  # fmt: skip
    for way in ways:
        assert escalc("OR", **way).yi.tolist() == escalc("OR", **TABLE).yi.tolist()


def test_absent_numbers_of_all_kinds():
    """None, NaN, masked values and pandas' NA are absent: no effect, with the reason."""
    import pandas as pd

    masked = np.ma.masked_array([3.0, 4.0], mask=[True, False])
    for absent in ([None, 4], [np.nan, 4], masked, pd.Series([None, 4], dtype="Int64"), pd.array([pd.NA, 4])):
        found = escalc("OR", ai=absent, n1i=[10, 10], ci=[2, 2], n2i=[10, 10])

        assert found.usable.tolist() == [False, True]
        assert found.dropped == ((0, "a count is missing", True),)


def test_a_formula_for_each_study():
    """`vtype` may name one formula for each study, as where some tables were stratified and others not."""
    mixed = escalc("PHI", **TABLE, vtype=["ST", "CS", "ST", "CS"])
    stratified, crossed = escalc("PHI", **TABLE, vtype="ST"), escalc("PHI", **TABLE, vtype="CS")

    assert mixed.yi.tolist() == stratified.yi.tolist()
    assert mixed.vi.tolist() == np.where([1, 0, 1, 0], stratified.vi, crossed.vi).tolist()
    assert mixed.notes == stratified.notes


REFUSED = {
    "no measure 'PHII': did you mean 'PHI'?": ("PHII", TABLE),
    "vtype of PHI must be one of CS, ST, LS, not 'SS': choose one of: CS, ST, LS": ("PHI", TABLE | {"vtype": "SS"}),
    "vtype must be one name, or one for each study: (2,) for (4,)": ("PHI", TABLE | {"vtype": ["ST", "CS"]}),
    "YUQ takes no option 'vtype': it takes add, to, drop00": ("YUQ", TABLE | {"vtype": "UB"}),
    "PR takes no option 'drop00': it takes add, to, vtype": ("PR", EVENTS | {"drop00": True}),
    "GEN takes no option 'to': it takes none": ("GEN", {"yi": 1, "vi": 1, "to": "all"}),
    "OR takes no option 'correct': it takes add, to, drop00, vtype": ("OR", TABLE | {"correct": False}),
    "to must be one of only0, all, if0all, none, not 'only': did you mean 'only0'?": ("OR", TABLE | {"to": "only"}),
    "add must be a number not below 0, not -1": ("OR", TABLE | {"add": -1}),
    "PR needs xi, ni; there is no ni; or give xi, mi": ("PR", {"xi": [1]}),
    "IRR takes no 't2': did you mean 't2i'?": ("IRR", PERSON_TIME | {"t2": [1]}),
    "OR takes no 'drop_00': did you mean 'drop00'?": ("OR", TABLE | {"drop_00": True}),
    "add must be a number not below 0, not '0.5'": ("OR", TABLE | {"add": "0.5"}),
    "the shapes of the columns do not fit together: xi (2, 3), ni (2,)": ("PR", {"xi": [[1] * 3] * 2, "ni": [9, 9]}),
    "xi must be numbers in rows of one length": ("PR", {"xi": [[1, 2], [3]], "ni": 9}),
    "xi must be numbers: row 4": ("PR", {"xi": np.array([[1, 2], [3, "x"]], object), "ni": 9}),
    "events must lie between 0 and the size of the group: row 3": ("PR", {"xi": [[1, 2], [13, 4]], "ni": 9}),
    "no column 'nii' in data: did you mean 'ni'?": ("PR", {"data": EVENTS, "xi": "xi", "ni": "nii"}),
    "no column 'xi' in data: there are none": ("PR", {"data": SimpleNamespace(columns=()), "xi": "xi", "ni": 9}),
}


@pytest.mark.parametrize("message", REFUSED)
def test_calls_that_cannot_be(message):
    """One message with what is wrong, where, and what would be right."""
    measure, given = REFUSED[message]
    with pytest.raises(InvalidArgument) as refused:
        escalc(measure, **given)

    assert str(refused.value) == message


def test_every_measure_says_how_it_is_read():
    """Its back-transformation is one that there is; a ratio is read as its exponential."""
    for measure in MEASURES.values():
        assert not measure.back or find_transform(measure.back)
        assert measure.is_ratio == (measure.back == "exp")


@pytest.mark.parametrize("measure", ["PLN", "PLO", "PRZ", "PAS", "PFT"])
def test_proportions_come_back(measure):
    """Each scale of a proportion goes back to x / n."""
    x, n = np.array([1, 5, 12, 30]), np.array([25, 9, 48, 90])
    more = {"n": n} if measure == "PFT" else {}

    assert transform(escalc(measure, xi=x, ni=n).yi, MEASURES[measure].back, **more) == pytest.approx(x / n)


@pytest.mark.parametrize("measure", ["IRLN", "IRS", "IRFT"])
def test_rates_come_back(measure):
    """Each scale of a rate goes back to x / t."""
    x, t = np.array([1, 5, 12, 30]), np.array([25, 9.5, 48, 90])
    more = {"person_time": t} if measure == "IRFT" else {}

    assert transform(escalc(measure, xi=x, ti=t).yi, MEASURES[measure].back, **more) == pytest.approx(x / t)


def test_effects_as_text_and_as_plain_values():
    """Rows are counted from 1, and what is absent is a dash or None, with its reason."""
    found = escalc("RR", ai=[4, None], n1i=[123, 306], ci=[11, 29], n2i=[139, 303])

    lines = found.summary().splitlines()
    assert lines[0].split() == ["row", "yi", "(RR)", "vi"]
    assert lines[3].split() == ["2", "-", "-"]
    assert lines[4] == "row 2: a count is missing"
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert (plain["measure"], plain["yi"][1], plain["vi"][1]) == ("RR", None, None)
    assert plain["notes"] == [{"row": 2, "reason": "a count is missing", "dropped": True}]


def test_an_error_about_rows_has_them_all():
    """The message names the first ten; `rows` has the others too, and `what` has none."""
    with pytest.raises(InvalidArgument) as refused:
        escalc("PR", xi=[3] * 12, ni=[2] * 12)

    error = refused.value
    assert str(error) == f"{error.what}: rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ..."
    assert error.rows == tuple(range(1, 13))


def test_data_that_are_no_table():
    """A name is looked up only where there are columns."""
    with pytest.raises(InvalidArgument, match="data must be a data frame or a mapping of columns, not int"):
        escalc("PR", xi="x", ni="n", data=3)
