"""What studies can be grouped and filtered by: the fields of their designs."""

from dataclasses import fields

import pytest

from synthesis.errors import InvalidArgument
from synthesis.evidence.attributes import ATTRIBUTES, CHOICES, Subject, condition
from synthesis.records.study import METHODS, Design
from tests.evidence.values import finding, study

STATED = Design(
    "nonequivalent", method="difference in differences", comparison=True, measured_before=True, controls="none",
    several_units=False, sound=False,
)  # fmt: skip


def of(design):
    """A finding of a study of that design."""
    one = finding()
    return Subject(study("a", one, design=design), one)


@pytest.mark.parametrize(
    ("name", "stated", "meant", "open_"),
    [
        ("method", "difference in differences", "before-after", None),
        ("comparison", "yes", "no", None),
        ("measured_before", "yes", "yes", None),
        ("controls", "none", None, None),
        ("several_units", "no", "yes", None),
        ("sound", "no", "no", None),
    ],
)
def test_what_is_known_of_a_design(name, stated, meant, open_):
    """What the record states; else what its words mean; else nothing."""
    before_after = Design("before-after", "individual", analysed_as_allocated=False)

    assert ATTRIBUTES[name](of(STATED)) == stated
    assert ATTRIBUTES[name](of(before_after)) == meant
    assert ATTRIBUTES[name](of(Design())) is open_


@pytest.mark.parametrize("method", METHODS)
def test_each_method_is_a_condition(method):
    """A method of several words, with a stroke or without, is asked for as the record writes it."""
    assert condition(f"method={method}").holds(of(Design(method=method)))
    assert not condition(f"method!={method}").holds(of(Design(method=method)))


@pytest.mark.parametrize("text", ["method=did", "comparison=true", "controls=some", "sound>=1", "comparability=minor"])
def test_words_that_no_record_has(text):
    """A value that a field cannot have is refused, with those that it can."""
    with pytest.raises(InvalidArgument, match=r"choose one of|did you mean|needs one of"):
        condition(text)


def test_every_field_of_a_design_is_an_attribute():
    """All but the two numbers of clusters, which the model of clusters uses."""
    assert {field.name for field in fields(Design)} - set(ATTRIBUTES) == {"clusters", "icc"}
    assert set(CHOICES) <= set(ATTRIBUTES)
