"""Trees on columns: what is known, and what is left open by what is not."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.scoring.language import Declared, Numbers, Texts, column_of, evaluate, numbers, parse, texts_of
from synthesis.scoring.language.evaluate import FUNCTIONS

NUMBER, CONDITION, TEXT = Declared("a number"), Declared("a condition"), Declared("a text")
NAMES = {"a": NUMBER, "b": NUMBER, "p": CONDITION, "q": CONDITION, "r": CONDITION, "t": TEXT}


def value(text, **columns):
    """Low and high of an expression in one row; None is what is not known."""
    made = {name: column_of(NAMES[name], [each]) for name, each in {**dict.fromkeys(NAMES), **columns}.items()}
    found = numbers(parse(text, NAMES), made, 1)
    return float(found.low[0]), float(found.high[0])


HOLDS, FAILS, OPEN = (1, 1), (0, 0), (0, 1)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a == 1 and b == 0 or a > 5", HOLDS),  # and binds closer than or
        ("a == 2 and (b == 0 or a > 0)", FAILS),
        ("not a == 1 or b == 1", FAILS),
        ("not (a == 1 and b == 1)", HOLDS),
        ("a + b * 3 == 1", HOLDS),
        ("(a + b) * 3 == 3", HOLDS),
        ("a - 1 - 1 == -1", HOLDS),
        ("a / 4 == .25", HOLDS),
        ("-0.5 < b < 0.5", HOLDS),
        ("0 < b < 2", FAILS),
        ("a != b", HOLDS),
        ("a in (0, 1)", HOLDS),
        ("a not in (0, 1)", FAILS),
        ("max(a, b, -3) - min(a, b) == abs(b - a)", HOLDS),
        ("sqrt(a + 3) == 2", HOLDS),
        ("t == 'x' or t in ('y', 'z')", HOLDS),
        ("p == true and q == false", HOLDS),
        ("a is stated and t is stated", HOLDS),
    ],
)
def test_what_is_known(text, holds):
    """For a = 1, b = 0, t = 'z', p true, q false."""
    assert value(text, a=1, b=0, t="z", p=True, q=False) == holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("p", OPEN),
        ("not p", OPEN),
        ("p and false", FAILS),
        ("p or true", HOLDS),
        ("p and true", OPEN),
        ("a > 3", OPEN),
        ("a * 0 == 0", HOLDS),
        ("max(a, 2) >= 2", HOLDS),
        ("min(a, 2) <= 2", HOLDS),
        ("abs(a) >= 0", HOLDS),
        ("1 / b > 0", OPEN),
        ("t == 'x'", OPEN),
        ("t in ('x', 'y')", OPEN),
        ("a is stated", FAILS),
        ("t is not stated", HOLDS),
        ("p is stated", FAILS),
        ("sign_test(a, 6) <= 1", HOLDS),
        ("sign_test(a, 6) < .5", OPEN),
    ],
)
def test_what_is_not_known(text, holds):
    """With nothing known but b = 0."""
    assert value(text, b=0) == holds


def test_a_sign_test_is_exact():
    """9 of 9 and 5 of 6 as printed: P = 0.0039 and 0.2188 (Boon and Thomson 2021, housing and general health)."""
    assert value("sign_test(a, 9)", a=9)[0] == pytest.approx(0.0039, abs=5e-5)
    assert value("sign_test(a, 6)", a=5)[0] == pytest.approx(0.2188, abs=5e-5)


@pytest.mark.parametrize(("x", "n"), [("2.5", "5"), ("1", "2.5"), ("3", "2"), ("-1", "2"), ("0", "0"), ("a", "a")])
def test_a_sign_test_of_what_is_no_count_is_not_known(x, n):
    """Parts of studies, more than there are, none of none, and numbers beyond all bounds (a)."""
    made = {"a": Numbers(np.array([np.inf]), np.array([np.inf]))}
    found = numbers(parse(f"sign_test({x}, {n})", NAMES), made, 1)

    assert (found.low[0], found.high[0]) == (0, 1)


@pytest.mark.parametrize(("low", "high"), [(-4.0, 0.0), (-4.0, 9.0), (-4.0, -1.0)])
def test_a_root_of_what_may_be_below_0_is_not_known(low, high):
    """-4 has no root, so it is not sure that the root is 0, nor that it is 0 or more."""
    made = {"a": Numbers(np.array([low]), np.array([high]))}

    for text in ("sqrt(a) == 0", "sqrt(a) >= 0", "sqrt(a) is stated"):
        assert numbers(parse(text, NAMES), made, 1).low[0] == 0


conditions = st.recursive(
    st.sampled_from(["p", "q", "r", "true", "false"]),
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda part: "({}) {} ({})".format(*part)),
    ),
    max_leaves=8,
)


@given(text=conditions, given_values=st.lists(st.sampled_from([True, False, None]), min_size=3, max_size=3))
def test_nothing_is_sure_that_could_be_otherwise(text, given_values):
    """What is said to be sure holds however the unknown turns out."""
    low, high = value(text, **dict(zip("pqr", given_values, strict=True)))
    possible = [(True, False) if each is None else (each,) for each in given_values]
    turned = {value(text, **dict(zip("pqr", each, strict=True)))[0] for each in itertools.product(*possible)}

    assert low <= min(turned)
    assert high >= max(turned)


intervals = st.tuples(st.integers(-4, 4), st.integers(0, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(a=intervals, b=intervals, sign=st.sampled_from("+-*"))
def test_every_result_lies_in_the_interval(a, b, sign):
    """The interval of a sum, difference or product holds every pair's, and its ends are reached."""
    columns = {
        name: Numbers(np.array([low * 1.0]), np.array([high * 1.0])) for name, (low, high) in (("a", a), ("b", b))
    }
    found = numbers(parse(f"a {sign} b", NAMES), columns, 1)
    reckon = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y}[sign]
    results = [reckon(x, y) for x in range(a[0], a[1] + 1) for y in range(b[0], b[1] + 1)]

    assert (found.low[0], found.high[0]) == (min(results), max(results))


def test_texts_of_two_columns_are_compared_by_their_words():
    """Codes of one column mean nothing in another."""
    names = {"t": TEXT, "u": TEXT}
    columns = {"t": texts_of(["x", "y", None]), "u": texts_of(["y", "y", "x"])}
    found = numbers(parse("t == u", names), columns, 3)

    assert found.low.tolist() == [0, 1, 0]
    assert found.high.tolist() == [0, 1, 1]


def test_a_text_is_a_value():
    """A quoted text fills every row."""
    found = evaluate(parse("'high'", NAMES), {}, 3)

    assert isinstance(found, Texts)
    assert [found.words[code] for code in found.codes] == ["high"] * 3


def test_every_function_is_tried_here():
    """No function of the language is without a case above."""
    assert set(FUNCTIONS) == {"min", "max", "abs", "sqrt", "sign_test"}
