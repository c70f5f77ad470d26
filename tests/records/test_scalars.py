"""A text as YAML is a text to every reader of YAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.records.nodes import compose
from synthesis.records.scalars import NOT_TEXT_12, REFUSED, Bare, in_block, written
from tests.records.test_edit import WORDS


def loaded(text):
    """What PyYAML's own safe loader, which knows YAML 1.1 and its types, makes of a text."""
    return yaml.safe_load(text)


@given(WORDS, st.sampled_from(["", "'", '"']))
def test_a_text_is_a_text_to_other_readers(value, like):
    """By the types of YAML 1.1, alone and between brackets, whatever style it should have."""
    assert loaded(f"a: {written(value, like, flow=False)}") == {"a": value}
    assert loaded(f"[{written(value, like)}, x]") == [value, "x"]
    assert loaded(f"{{{written(value, like)}: 1}}") == {value: 1}


@given(WORDS)
def test_what_has_no_quotes_is_no_number_of_yaml_1_2(value):
    """Nor a truth, nor nothing."""
    text = written(value)

    assert text[0] in "'\"" or not NOT_TEXT_12.fullmatch(text)


@given(st.text(), st.sampled_from(["|", "|-", ">", ">-", "|  # why"]), st.sampled_from(["\n", "\r\n"]))
def test_a_block_holds_a_text_or_is_not_taken(value, header, end):
    """What comes out reads as the text, but for the line end behind it."""
    made = in_block(value, header, 4, end)
    if made is not None:
        node, problems = compose(f"a:\n  b: {made}{end}", "")
        assert problems == []
        assert node.value[0][1].value[0][1].value.rstrip("\n") == value.rstrip("\n")


@pytest.mark.parametrize("value", ["0.10", "true", "not stated", "no", "1e-3", "before-after"])
def test_a_bare_value_stays_as_it_is(value):
    """Digit for digit."""
    assert written(Bare(value)) == value


@pytest.mark.parametrize("value", ["", "a: b", "[a]", "'a'", "a #b", "&a", " a"])
def test_what_cannot_be_bare(value):
    """A text that would be something else without quotes is refused."""
    with pytest.raises(InvalidArgument, match="without quotes"):
        written(Bare(value))


@pytest.mark.parametrize("value", ["\0", "a\x07", "\r", "\x7f", "\x9f", "\ud800", "\uffff"])
def test_control_characters_are_refused(value):
    """And half a letter."""
    assert REFUSED.search(value)
    with pytest.raises(InvalidArgument, match="control character"):
        written(value)
