"""A faulty rule file: every fault with its line, its column, its clause and a remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidData, NotFound
from synthesis.scoring.expression import ExpressionError, parse_condition
from synthesis.scoring.rule import FOLDER
from synthesis.scoring.rule_file import load_rule, read_rule, rule_names, rule_problems

TEXT = (FOLDER / "pdtsrg-2009.yaml").read_text(encoding="utf-8")
NAMES = ("E5", "N5", "C")


def line_of(text, part):
    """The number of the line where a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1


def test_the_shipped_rule_has_no_fault():
    """Each shipped rule can be used."""
    for name in rule_names():
        assert load_rule(name).key == name


@pytest.mark.parametrize(
    ("good", "bad", "code", "says"),
    [
        ("when: E5 >= 2\n", "when: E6 >= 2\n", "SY653", "clause '3': unknown name 'E6'"),
        ("when: E5 >= 2\n", "when: E5 >=\n", "SY653", "clause '3': the condition ends too early"),
        ("when: E5 >= 2\n", "when: E5 => 2\n", "SY653", "clause '3': '=' is not part of the language"),
        ("when: E5 >= 2\n", "when: E5\n", "SY653", "clause '3': a count stands where a condition belongs"),
        ("when: E5 >= 2\n", "when: __import__('os')\n", "SY653", "clause '3': \"'\" is not part of the language"),
        ("when: E5 >= 2\n", "when: (E5 >= 2\n", "SY653", "clause '3': a bracket is not closed"),
        ("points: 3\n", "points: three\n", "SY652", "'three' stands where a whole number belongs"),
        ("levels: [4, 5]\n  paragraph", "levels: [4, 6]\n  paragraph", "SY654", "level 6 is not on the Maryland scale"),
        ("state: divided,", "state: torn,", "SY654", "a state: 'torn' is not known here"),
        ("  - clause: 2(a)\n", "  - clause: 2(a)\n    pints: 1\n", "SY651", "a clause has an unknown field 'pints'"),
        ("becomes: 2,", "becomes: 3,", "SY654", "a cap from 3 to 3 lowers nothing"),
        ("title: Points", "rule: again\ntitle: Points", "SY650", "'rule' is given twice"),
        ("{state: ineffective, when: ineffective > 0,", "{state: ineffective, when: limited > 9,", "SY655", "no state"),
        ("admit:", "admit: [", "SY650", "not YAML"),
        ("title: Points", "title: &again [*again]\nx: Points", "SY650", "an anchor, an alias or a tag"),
        ("title: Points", "title: !!python/name:os.system Points", "SY650", "an anchor, an alias or a tag"),
        ("title: Points", f"title: {'[' * 30}\nx: Points", "SY650", "nested too deeply"),
        ("    when: E4 >= 2\n", "", "SY654", "clause '2(b)' has no condition, so no later clause is reached"),
        ("    points: 0\n", "    points: 0\n    when: C > 0\n", "SY654", "the last clause"),
    ],
)
def test_a_fault_is_named_with_its_place(good, bad, code, says):
    """One fault gives its code, its words and its line; nothing is executed."""
    text = TEXT.replace(good, bad, 1)
    problems = rule_problems(text, "rule.yaml")

    found = next(problem for problem in problems if problem.code == code)
    assert says in found.what
    assert found.remedy
    if code in ("SY652", "SY653"):
        assert found.line == line_of(TEXT, good.strip(" -"))


def test_a_condition_names_its_column():
    """The column is that of the unknown name, in the line of the file."""
    (problem,) = rule_problems(
        TEXT.replace("E5 == 1 and N5 == 0 and C == 0", "E5 == 1 and N5 == 0 and X == 0"), "r.yaml"
    )
    line = TEXT.splitlines()[problem.line - 1]

    assert problem.column == line.index("C == 0") + 1


def test_all_faults_are_told_at_once():
    """Two faults in two clauses make two problems, in file order."""
    text = TEXT.replace("when: E4 >= 2", "when: E9 >= 2").replace("when: E5 >= 2", "when: E8 >= 2")
    with pytest.raises(InvalidData) as raised:
        read_rule(text, "rule.yaml")

    assert ["clause '3'" in each.what or "clause '2(b)'" in each.what for each in raised.value.problems] == [True, True]


def test_a_mistyped_rule_is_guessed():
    """An unknown rule is answered with the nearest one."""
    with pytest.raises(NotFound, match="did you mean 'pdtsrg-2009'"):
        load_rule("pdtsrg-2010")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("E5 == 1 and N5 == 0 or C > 0", True),  # and binds closer than or
        ("E5 == 1 and (N5 == 0 or C > 0)", True),
        ("not E5 == 1 or C == 1", True),
        ("not (E5 == 1 and C == 1)", False),
        ("E5 + N5 + C >= 2", True),
        ("E5 + N5 != C", False),
        ("N5 < 0 and E5 <= 1", False),
    ],
)
def test_conditions(text, holds):
    """Conditions mean what they say for E5 = 1, N5 = 0, C = 1."""
    assert bool(parse_condition(text, NAMES).holds({"E5": 1, "N5": 0, "C": 1})) is holds


@given(text=st.text(alphabet="E5NC ()<>=+andort0123456789", max_size=40))
def test_any_text_is_a_condition_or_an_error(text):
    """No text makes the parser fail otherwise than with an error that names a column."""
    columns = []
    try:
        parse_condition(text, NAMES)
    except ExpressionError as error:
        columns = [error.column]

    assert all(1 <= column <= len(text) + 1 for column in columns)
