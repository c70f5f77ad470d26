"""Effects from counts: zero cells, studies that say nothing, and the laws of the other event and of swapped groups."""

import numpy as np
import pytest
from hypothesis import given

from synthesis.effects import MEASURES, complement, escalc
from synthesis.errors import InvalidArgument
from tests.effects.strategies import tables

TABLES = [
    name
    for name, measure in MEASURES.items()
    if measure.columns[:4] == ("ai", "bi", "ci", "di") and "drop00" in measure.options
]
SYMMETRIC = ("OR", "PHI", "YUQ", "YUY", "RTET", "ZPHI", "ZTET")  # rows and columns of the table play the same part


def of(measure, table, **options):
    """A measure of (ai, n1i, ci, n2i)."""
    return escalc(measure, **dict(zip(("ai", "n1i", "ci", "n2i"), table, strict=True)), **options)


def assert_same(one, other, sign=1):
    """Equal variances, and effects that are equal or opposite; a correlation is solved for, to about 1e-11."""
    np.testing.assert_allclose(other.yi, sign * one.yi, rtol=1e-9, atol=1e-11, err_msg=one.measure)
    np.testing.assert_allclose(other.vi, one.vi, rtol=1e-9, atol=1e-15, err_msg=one.measure)


@given(table=tables())
def test_swapped_groups_flip_the_sign(table):
    """The same variance and the opposite effect in every measure, zero cells and all."""
    for measure in TABLES:
        assert_same(of(measure, table), of(measure, table[2:] + table[:2]), sign=-1)


@given(table=tables())
def test_a_transposed_table_says_the_same(table):
    """With rows and columns exchanged neither the association nor its variance changes; a group that is empty then is
    refused, so that tables without an event, or with nothing else, are passed over.
    """
    a, n1, c, n2 = table
    kept = (a + c > 0) & (a + c < n1 + n2)
    cells = {"ai": a[kept], "bi": (n1 - a)[kept], "ci": c[kept], "di": (n2 - c)[kept]}
    other = {"ai": cells["ai"], "bi": cells["ci"], "ci": cells["bi"], "di": cells["di"]}

    for measure in SYMMETRIC if kept.any() else ():
        assert_same(escalc(measure, **cells), escalc(measure, **other))


@given(table=tables())
def test_the_other_event_flips_the_sign(table):
    """Every measure of abstinence but the RR is that of use with the opposite sign and the same variance."""
    a, n1, c, n2 = table
    for measure in set(TABLES) - {"RR"}:
        assert_same(of(measure, table), of(measure, (complement(a, n1), n1, complement(c, n2), n2)), sign=-1)


def test_the_risk_ratio_of_the_other_event_is_another_number():
    """2 of 10 against 5 of 10: 0.4 for the event, 8/5 for the other, which is not 1 / 0.4."""
    use, abstinence = of("RR", ([2], [10], [5], [10])), of("RR", ([8], [10], [5], [10]))

    assert np.exp(use.yi[0]) == pytest.approx(0.4)
    assert np.exp(abstinence.yi[0]) == pytest.approx(1.6)


@given(table=tables())
def test_a_count_twice_complemented_is_itself(table):
    """n - (n - a) = a."""
    a, n1, _, _ = table

    assert (complement(complement(a, n1), n1) == a).all()


def test_a_zero_cell():
    """0 of 10 against 3 of 10: 1/2 in each of the four cells, and a note that says so; the next study is left alone."""
    found = of("OR", ([0, 2], [10, 10], [3, 5], [10, 10]))

    assert found.yi.tolist() == pytest.approx([np.log(0.5 * 7.5 / (10.5 * 3.5)), np.log(2 * 5 / (8 * 5))])
    assert found.vi[0] == pytest.approx(1 / 0.5 + 1 / 10.5 + 1 / 3.5 + 1 / 7.5)
    assert [tuple(note) for note in found.notes] == [(0, "0.5 added to each of the four cells", False)]


@pytest.mark.parametrize("measure", TABLES)
def test_double_zero_and_double_full_can_be_left_out(measure):
    """`drop00`: NaN with the reason, so that no study vanishes; `complete` has the rest and keeps the notes."""
    found = of(measure, ([0, 10, 2], [10, 10, 10], [0, 12, 5], [12, 12, 10]), drop00=True)

    assert np.isnan(found.yi).tolist() == [True, True, False]
    assert [note.reason for note in found.dropped] == ["no events in either group", "nothing but events in both groups"]
    assert (len(found), len(found.complete()), len(found.complete().dropped)) == (3, 1, 2)


def test_double_zero_stays_in_the_risk_difference():
    """Without `drop00` a study without events counts, with 1/2 in each cell: 0.5/11 - 0.5/13, variance above 0."""
    found = of("RD", ([0, 0], [10, 12], [0, 0], [12, 12]))

    assert found.yi.tolist() == pytest.approx([0.5 / 11 - 0.5 / 13, 0.0])
    assert found.usable.all()


def test_nothing_added_leaves_no_ratio():
    """With `to="none"` a zero cell gives no odds ratio: NaN and a reason, never infinity."""
    found = of("OR", ([0], [10], [3], [10]), to="none")

    assert np.isnan([found.yi[0], found.vi[0]]).all()
    assert [note.reason for note in found.dropped] == ["the numbers given make no effect"]


def test_cells_or_sizes():
    """Non-events and group sizes are two ways to say the same."""
    cells = escalc("RR", ai=[2], bi=[8], ci=[5], di=[5])

    assert cells.yi == of("RR", ([2], [10], [5], [10])).yi


REFUSED = {
    "more events than people, or counts below 0, in the first group: row 2": ([1, 11], [10, 10], [1, 1], [10, 10]),
    "more events than people, or counts below 0, in the second group: row 1": ([1, 1], [10, 10], [12, 1], [10, 10]),
    "events must not be below 0: rows 1, 2": ([-1, -2], [10, 10], [1, 1], [10, 10]),
    "a group has nobody in it: row 2": ([1, 0], [10, 0], [1, 1], [10, 10]),
    "ai must be numbers, not text": (["a"], [10], [1], [10]),
    "columns must be of one length: ai 1, n1i 2, ci 2, n2i 2": ([1], [10, 10], [1, 1], [10, 10]),
}


@pytest.mark.parametrize("message", REFUSED)
def test_counts_that_cannot_be(message):
    """One message with the numbers of the rows."""
    with pytest.raises(InvalidArgument) as refused:
        of("OR", REFUSED[message])

    assert str(refused.value) == message


def test_a_missing_count_is_a_missing_effect():
    """None is not 0: the study has no effect, with the reason."""
    found = of("OR", ([None, 2], [10, 10], [1, 5], [10, 10]))

    assert found.usable.tolist() == [False, True]
    assert found.dropped[0] == (0, "a count is missing", True)


def test_events_beyond_the_group_cannot_be_complemented():
    """The complement of 11 of 10 is refused with its row."""
    with pytest.raises(InvalidArgument, match="events must lie between 0 and n: row 1"):
        complement([11], [10])


def test_sizes_that_the_counts_do_not_add_up_to():
    """Non-events and sizes may both be given; where they disagree the row is named, where one is missing the other is
    used.
    """
    with pytest.raises(InvalidArgument, match="do not add up to the size of the second group: row 2"):
        escalc("OR", ai=[1, 1], bi=[9, 9], ci=[2, 2], di=[8, 9], n2i=[10, 10])
    found = escalc("OR", ai=[1, 1], bi=[9, None], n1i=[None, 10], ci=[2, 2], di=[8, 8])

    assert found.yi.tolist() == pytest.approx([np.log(8 / 18)] * 2)


@pytest.mark.parametrize("to", ["all", "if0all"])
def test_every_corrected_study_is_named(to):
    """One study with a zero cell: 1/4 goes to all, with a note for each; for measures that need nothing, nothing
    is added until a number is asked for.
    """
    table = ([0, 2], [10, 10], [3, 5], [10, 10])

    assert [note.row for note in of("RR", table, to=to, add=0.25).notes] == [0, 1]
    assert of("AS", table, to=to).notes == ()
    assert [note.reason for note in of("AS", table, add=0.25).notes] == ["0.25 added to each of the four cells"]


@pytest.mark.parametrize("measure", ["OR", "IRR"])
def test_studies_left_out_correct_nobody(measure):
    """A study without events that `drop00` leaves out is no reason to add to the others with "if0all"; nor is anything
    added to a study with a missing count.
    """
    given_ = {"OR": ("ai", "n1i", "ci", "n2i"), "IRR": ("x1i", "t1i", "x2i", "t2i")}[measure]
    columns = dict(zip(given_, ([0, 2, None], [10, 10, 9], [0, 5, 3], [10, 10, 9]), strict=True))

    assert [note.row for note in escalc(measure, **columns, to="if0all", drop00=True).notes] == [0, 2]
    assert [tuple(note)[::2] for note in escalc(measure, **columns, to="all").notes] == [
        (0, False),
        (1, False),
        (2, True),
    ]
