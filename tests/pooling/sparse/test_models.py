"""Models of counts by their codes: one line from each, and what is said of rows and counts that they cannot use."""

import json

import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling.model_pooled import NUMBERS
from synthesis.pooling.sparse import glmm, mantel_haenszel, peto
from synthesis.pooling.sparse.models import COUNT_MODELS, check_model, pool_counts

GAPS = {"ai": [None, 3, 0, 7, 5], "n1i": [20, 30, 25, 40, 50], "ci": [2, 6, 0, 9, 8], "n2i": [20, 30, 25, 40, 50]}
WHOLE = {name: [values[row] for row in (1, 3, 4)] for name, values in GAPS.items()}
BY_HAND = {
    "MH": lambda: mantel_haenszel("OR", **WHOLE),
    "PETO": lambda: peto(**WHOLE),
    "UM.FS": lambda: glmm("OR", **WHOLE),
}


@pytest.mark.parametrize("model", BY_HAND)
def test_a_model_gives_what_its_function_gives(model):
    """Of the rows that say something; the others are named: a missing count, and no events in either group."""
    found, left = pool_counts(model, "OR", GAPS)
    direct = BY_HAND[model]()

    assert (found.estimate, found.se, found.tau2) == (direct.estimate, direct.se, direct.tau2)
    assert [(note.row, note.reason) for note in left] == [(0, "a count is missing"), (2, "no events in either group")]
    json.dumps(found.to_dict(), allow_nan=False)
    assert found.summary().startswith(f"k = 3: {direct.estimate:.4f} [")


@pytest.mark.parametrize("model", ["MH", "UM.FS"])
def test_refused_rows_have_the_numbers_that_were_given(model):
    """Rows that are left out before do not change the number of a row that cannot be."""
    wrong = GAPS | {"ci": [2, 6, 0, 41, 8]}
    with pytest.raises(InvalidArgument, match="in the second group: row 4"):
        pool_counts(model, "OR", wrong)
    with pytest.raises(InvalidArgument, match="counts must be whole numbers: rows 4, 5"):
        pool_counts("UM.FS", "OR", GAPS | {"ai": [None, 3, 0, 7.5, 5.5]})


def test_counts_that_say_nothing_have_the_reason():
    """No events in the first group of any study: a line without numbers, each with the reason."""
    found, _ = pool_counts("UM.FS", "OR", GAPS | {"ai": [0] * 5})

    assert {getattr(found, name) for name in NUMBERS} == {None}
    assert all("no finite log odds ratio" in found.reason(name) for name in NUMBERS)
    assert "prediction interval -" in found.summary()


def test_no_study_is_left():
    """A count is missing in every row."""
    found, left = pool_counts("MH", "OR", GAPS | {"ai": [None] * 5})

    assert (found.k, found.reason("estimate"), len(left)) == (0, "no study has counts that say anything", 5)


@pytest.mark.parametrize("model", ["MH", "PETO", "UM.FS"])
def test_columns_that_are_not_there_are_no_result(model):
    """A mistake of the caller is refused, not taken for counts that say nothing."""
    with pytest.raises(InvalidArgument, match="there is no di or n2i"):
        pool_counts(model, "OR", {name: GAPS[name] for name in ("ai", "n1i", "ci")})
    with pytest.raises(InvalidArgument, match="OR takes no 'x1i'"):
        pool_counts(model, "OR", GAPS | {"x1i": [1] * 5})


def test_codes():
    """The first method and test are the usual ones; what a model does not have is refused, with what it has."""
    assert check_model("CM.EL", "IRR") == ("ML", "z")
    for asked, message in (
        (("UM.FX", "OR"), r"no model 'UM.FX': did you mean 'UM.FS'\?"),
        (("PETO", "RR"), "the model PETO is of OR, PETO, not of RR: add --measure OR"),
        (("MH", "RR", "REML"), "the model MH has the method EE, not 'REML'"),
        (("BN", "PLO", "ML", "knha"), "the model BN has the test z or t, not 'knha'"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            check_model(*asked)
    assert all(one.source and one.meaning for one in COUNT_MODELS.values())
