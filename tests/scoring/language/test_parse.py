"""Text to tree: what an expression may say, and where each mistake is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.scoring.language import Declared, ExpressionError, parse

NUMBER, CONDITION = Declared("a number"), Declared("a condition")
NAMES = {
    "E5": NUMBER,
    "N5": NUMBER,
    "C": NUMBER,
    "randomised": CONDITION,
    "direction": Declared("a text", ("effective", "contrary")),
}


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ("E6 >= 2", "unknown name 'E6'", 1),
        ("randomized", "unknown name 'randomized': did you mean 'randomised'?", 1),
        ("E5 >=", "the expression ends too early", 6),
        ("E5 => 2", "'=' is not part of the language", 4),
        ("(E5 >= 2", "a bracket is not closed", 9),
        ("E5 >= 2 N5", "'N5' is left over", 9),
        ("E5 and N5 > 1", "a number stands where a condition belongs", 1),
        ("E5 > randomised", "a condition stands where a number belongs", 6),
        ("E5 == 'effective'", "a text stands where a number belongs", 7),
        ("direction == 'efective'", "direction is never 'efective': did you mean 'effective'?", 14),
        ("direction in ('contrary', 'x')", "direction is never 'x'", 27),
        ("E5 in (N5)", "only numbers and quoted texts belong in a list", 8),
        ("E5 is 2", "`stated` or `not stated` belongs after `is`", 7),
        ("mean(E5, 1) > 0", "no function 'mean': choose one of", 1),
        ("abs(E5, 1) > 0", "abs takes 1 numbers, not 2", 1),
        ("__import__('os')", "no function '__import__'", 1),
        ("E5.__class__", "'.' is not part of the language", 3),
        ("E5[0] > 1", "'[' is not part of the language", 3),
        ("lambda: 1", "':' is not part of the language", 7),
        ("f'{E5}' == 'a'", "unknown name 'f'", 1),
        ("E5 if C else N5", "'if' is left over", 4),
        ("E5 := 2", "':' is not part of the language", 4),
        ("E5 ** 2 > 1", "a name, a number or a text belongs before '*'", 5),
        ("1e9 > E5", "'1' is not part of the language", 1),
        ("not " * 21 + "randomised", "more than 20 brackets or nots within one another", 81),
        ("(" * 21 + "E5" + ")" * 21, "more than 20 brackets or nots within one another", 21),
        ("E5" + " + 1" * 600 + " > 1", "more than 2,000 characters", 2000),
    ],
)
def test_a_mistake_is_told_with_its_column(text, says, column):
    """One mistake gives its words and the column where it stands; nothing is executed."""
    with pytest.raises(ExpressionError) as raised:
        parse(text, NAMES, "a condition")

    assert says in str(raised.value)
    assert raised.value.column == column


def test_an_expression_knows_its_names():
    """The names that are spoken of, whatever they are joined by."""
    assert parse("not E5 > min(C, 2) or randomised", NAMES).names == {"E5", "C", "randomised"}


@given(text=st.text(alphabet="E5NC ()<>=+-*/andortisstated'.,_0123456789", max_size=40))
def test_any_text_is_an_expression_or_an_error(text):
    """No text makes the parser fail otherwise than with an error that names a column of it."""
    columns = []
    try:
        parse(text, NAMES)
    except ExpressionError as error:
        columns = [error.column]

    assert all(1 <= column <= len(text) + 1 for column in columns)
