"""Rule files and expressions of any kind: read, or refused with their place; never a crash, never anything executed."""

import random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.scoring.engine.grade import grade_studies
from synthesis.scoring.language import Declared, ExpressionError, Numbers, evaluate, numbers_of, parse, texts_of
from synthesis.scoring.reading.rule_file import SHIPPED, read_rule, rule_names, rule_problems
from synthesis.scoring.score import score
from synthesis.scoring.states import ScoredFinding

TEXTS = {name: (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8") for name in rule_names()}
SMALL = {name: text for name, text in TEXTS.items() if len(text) < 9_000}
NAMES = {"E5": Declared("a number"), "holds": Declared("a condition"), "word": Declared("a text", ("one", "two"))}
COLUMNS = {
    "E5": numbers_of([0, 2, None]),
    "holds": numbers_of([1, 0, None], 0, 1),
    "word": texts_of(["one", "two", None]),
}
CODES = {f"SY65{digit}" for digit in range(10)}
HOSTILE = (
    "__import__('os').system('id')",
    "().__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "E5.__class__",
    "E5.real",
    "E5[0]",
    "word[0]",
    "lambda: 1",
    "(lambda x: x)(E5)",
    "f(E5)",
    "eval('1')",
    "exec('x = 1')",
    "open('/etc/passwd')",
    "getattr(E5, 'real')",
    "print(E5)",
    "import os",
    "from os import system",
    "E5 if holds else 0",
    "[x for x in (1, 2)]",
    "{x: x}",
    "{E5}",
    "[E5]",
    "(E5, E5)",
    "f'{E5}'",
    "b'one'",
    "r'one'",
    "'one' 'two'",
    "'%s' % E5",
    "'one'.upper()",
    "E5 := 1",
    "E5 = 1",
    "E5 ** 9",
    "E5 // 2",
    "E5 % 2",
    "E5 << 9",
    "E5 & 1",
    "E5 | 1",
    "~E5",
    "E5 @ E5",
    "*E5",
    "E5; E5",
    "E5\\nE5",
    "`E5`",
    "$E5",
    "${E5}",
    "{{E5}}",
    "E5 #",
    "__E5__",
    "__builtins__",
    "None",
    "True",
    "E5 is None",
    "E5 is E5",
    "assert holds",
    "del E5",
    "yield E5",
    "await E5",
    "sign_test",
    "sign_test()",
    "sign_test(1)",
    "sign_test(1, 2, 3)",
    "sign_test(word, 2)",
    "max(E5)",
    "min(holds, 2)",
    "abs('one')",
    "1_000",
    "1e308",
    "0x10",
    "1j",
    "9" * 400,
    "\uff11",
    "\u04155",
    "word == 'three'",
    "word < 'two'",
    "word + word",
    "holds + holds",
    "E5 and E5",
    "not E5",
    "-holds",
    "E5 in (E5, 1)",
    "E5 in ()",
    "E5 in E5",
    "E5 in (1, 'one')",
    "word in ('one', 2)",
    "(" * 200 + "E5" + ")" * 200,
    "not " * 300 + "holds",
    "-" * 300 + "E5",
    "max(" * 60 + "1" + ", 1)" * 60,
    "E5 + " * 900 + "E5",
    "",
    " ",
    "\x00",
    "\u202eholds",
    "💥",
    "'",
    "'one",
    "\"one'",
    "'\\x41'",
)
PIECES = (
    "E5", "holds", "word", "nobody", "studies", "0", "2", ".5", "1.25", "999999999999999", "'one'", '"two"', "true",
    "false", "and", "or", "not", "in", "not in", "is stated", "is not stated", "is", "stated", "==", "!=", "<",
    "<=", ">", ">=", "+", "-", "*", "/", "(", ")", ",", "min(", "max(", "abs(", "sign_test(", ".", "[", "]", "{", "}",
    "__class__", "lambda", ":", "=", "f(", "\n", "\t", "'", "\\", "#", "é", "∞",
)  # fmt: skip
FINDINGS = [
    ScoredFinding("a", 5, "outcome", "x", "effective", "yes", facts=(("effect", 0.4), ("n", 120.0), ("months", 12.0))),
    ScoredFinding("a", 4, "outcome", "y", "ineffective", "no"),
    ScoredFinding("b", 4, "outcome", "", "contrary", "yes", facts=(("effect", -0.2), ("quality", "high"))),
    ScoredFinding("c", None, "outcome", "", "mixed"),
    ScoredFinding("d", 3, "outcome", "", "effective", facts=(("randomised", True), ("team", "A"))),
]
FACTS = [{}, {"method": "did", "randomised": True, "attrition": 0.3}]


def is_placed(problem, text):
    """Whether a problem names its file, a line of it, a column, a code, what is wrong and what to do."""
    named = problem.path == "rules/mine.yaml" and problem.code in CODES and problem.what and problem.remedy
    return bool(named) and 1 <= problem.line <= text.count("\n") + 2 and problem.column >= 1


def refused_or_run(text):
    """Read a text as a rule: the problems, each with its place and remedy; else the rule runs under every policy."""
    problems = rule_problems(text, "rules/mine.yaml")
    assert [problem for problem in problems if not is_placed(problem, text)] == []
    if problems:
        return problems
    rule = read_rule(text, "rules/mine.yaml")
    for policy in rule.policies:
        if rule.grades == "study":
            assert len(grade_studies(FACTS, rule, policy)) == len(FACTS)
        else:
            assert score(FINDINGS, rule, policy).policy == policy
            assert score([], rule, policy).studies == ()
    return ()


def read_or_column(text):
    """The expression of a text, or the column where it cannot be read."""
    try:
        return parse(text, NAMES)
    except ExpressionError as error:
        return error.column


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_expression_is_refused(text):
    """Attributes, subscripts, calls, dunders, other Python, odd signs and monsters: an error with its column."""
    with pytest.raises(ExpressionError) as refused:
        parse(text, NAMES, "a condition")

    assert 1 <= refused.value.column <= len(text) + 1


def test_nothing_is_executed(tmp_path):
    """A rule file whose every condition would leave a file behind leaves none, and is refused clause by clause."""
    left = tmp_path / "left"
    hostile = f"__import__('pathlib').Path('{left}').touch()"
    text = TEXTS["sherman-1998"].replace("when: ", f"when: {hostile} or ")

    assert {problem.code for problem in refused_or_run(text)} >= {"SY653"}
    assert not left.exists()


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14), glue=st.sampled_from(["", " "]))
@settings(max_examples=300)
def test_any_pieces_are_an_expression_or_an_error(pieces, glue):
    """What parses also evaluates, to bounds in order, on known and unknown values alike; what does not has a column."""
    text = glue.join(pieces)
    found = read_or_column(text)

    if isinstance(found, int):
        assert 1 <= found <= len(text) + 1
    else:
        value = evaluate(found, COLUMNS, 3)
        assert found.names <= set(NAMES)
        assert not isinstance(value, Numbers) or bool((value.low <= value.high).all())


@given(text=st.text(max_size=60))
@settings(max_examples=200)
def test_any_text_is_an_expression_or_an_error(text):
    """Any text of any alphabet."""
    found = read_or_column(text)

    assert not isinstance(found, int) or 1 <= found <= len(text) + 1


SIGNS = (
    "rule",
    ":",
    " ",
    "\n",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a",
    "*a",
    "!!x",
    "|",
    ">",
    "'",
    '"',
    "%",
    "\t",
    "--- ",
    "...",
)


@given(text=st.text(max_size=200) | st.lists(st.sampled_from(SIGNS), max_size=40).map("".join))
@settings(max_examples=150)
def test_any_text_is_a_rule_or_refused(text):
    """Any text, and anything made of the signs of YAML."""
    refused_or_run(text)


def edited(text, edits, draw):
    """Lines left out, repeated, moved, cut, indented, or with one character put in place of another."""
    lines = text.splitlines()
    for edit in edits:
        place, other = draw.randrange(len(lines)), draw.randrange(len(lines))
        line = lines[place]
        where = draw.randrange(len(line) + 1)
        match edit:
            case "drop" if len(lines) > 1:
                del lines[place]
            case "repeat":
                lines.insert(other, line)
            case "swap":
                lines[place], lines[other] = lines[other], line
            case "cut":
                lines[place] = line[:where]
            case "indent":
                lines[place] = "  " + line
            case sign:
                lines[place] = line[:where] + sign + line[where + 1 :]
    return "\n".join(lines) + "\n"


EDITS = (
    "drop",
    "repeat",
    "swap",
    "cut",
    "indent",
    "{",
    "}",
    "[",
    ":",
    "'",
    ",",
    "(",
    ")",
    "=",
    "9",
    "-",
    "\u00e9",
    "\x07",
    "#",
    "&",
    "*",
)


@given(
    name=st.sampled_from(sorted(TEXTS)),
    edits=st.lists(st.sampled_from(EDITS), min_size=1, max_size=4),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=120)
def test_an_edited_rule_file_is_read_or_refused(name, edits, seed):
    """A shipped file with up to four edits of its text."""
    refused_or_run(edited(TEXTS[name], edits, random.Random(seed)))


VALUES = (
    None, True, False, 0, -1, 3, 1.5, 10**30, float("inf"), "", "x", "5", "state", "studies", "points", "level == 5",
    "true", "'high'", "never", "E5 >=", "().__class__", "a.b", "a[b]", "f(x)", "lambda: 0", "import os", "${x}",
    "{study}", "\u202e", "max(1, 2)", "1 / 0", "sqrt(-1)", "sign_test(2, 1)", "not " * 40, "(" * 40, [], {}, [[]],
    [None], {"is": "x"}, {"when": "true"}, {"x": {"x": {"x": "x"}}}, ["x", "x"], {"count": "true"},
    {"clause": "x", "gives": 1, "says": "x", "verified": "ours"},
)  # fmt: skip


def places_of(value, path=()):
    """Every place in a tree of mappings and lists."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from places_of(one, (*path, key))


def dropped(parent, key, draw):
    """Without the node."""
    del parent[key]


def replaced(parent, key, draw):
    """Something of another kind in its place."""
    parent[key] = draw.choice(VALUES)


def wrapped(parent, key, draw):
    """A list of it in its place."""
    parent[key] = [parent[key]]


def deepened(parent, key, draw):
    """Thirty mappings around it."""
    for _ in range(30):
        parent[key] = {"x": parent[key]}


def repeated(parent, key, draw):
    """Once more, if it is an item of a list."""
    if isinstance(parent, list):
        parent.insert(draw.randrange(len(parent)), parent[key])


def renamed(parent, key, draw):
    """Under another name, if it has one."""
    if isinstance(parent, dict):
        parent[draw.choice(["x", "level", "studies", "when", "a b", "", "__class__", "\u00e9"])] = parent.pop(key)


def reordered(parent, key, draw):
    """Among its like in another order."""
    if isinstance(parent, list):
        draw.shuffle(parent)
        return
    pairs = list(parent.items())
    draw.shuffle(pairs)
    parent.clear()
    parent.update(pairs)


CHANGES = (dropped, replaced, replaced, replaced, wrapped, deepened, repeated, renamed, reordered)


def node_of(tree, draw):
    """What holds some node of a tree, and the node's key or place in it."""
    *path, key = draw.choice([place for place in places_of(tree) if place])
    for step in path:
        tree = tree[step]
    return tree, key


class Plain(yaml.CSafeDumper):
    """YAML without aliases, as rule files are."""

    def ignore_aliases(self, data):
        return True


@given(
    name=st.sampled_from(sorted(SMALL)),
    changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=120)
def test_a_changed_rule_is_read_or_refused(name, changes, seed):
    """A shipped rule with up to three nodes of the wrong kind, missing, misnamed, repeated or out of order."""
    draw, tree = random.Random(seed), yaml.load(SMALL[name], yaml.CSafeLoader)
    for change in changes:
        change(*node_of(tree, draw), draw)
    refused_or_run(yaml.dump(tree, Dumper=Plain, allow_unicode=True, sort_keys=False))


@pytest.mark.parametrize("name", SMALL)
def test_rules_of_other_order_say_the_same(name):
    """A rule whose sections stand in reverse is the same rule: it reads, and runs."""
    tree = yaml.load(SMALL[name], yaml.CSafeLoader)
    text = yaml.dump(dict(reversed(tree.items())), Dumper=Plain, allow_unicode=True, sort_keys=False)

    assert refused_or_run(text) == ()
