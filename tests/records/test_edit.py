"""Values spliced into the text of a record: that value and no other byte, whatever way it is written."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.records.edit import Bare, leaves, renamed_citations, with_scalars
from synthesis.records.nodes import PureLoader, ScalarNode, compose
from synthesis.records.trees import tree
from tests.records.example import STUDY
from tests.records.test_every_field import TEMPLATE, TEXT
from tests.records.test_whatif import BLOCK

TEMPLATE_TEXT = (TEMPLATE / "example2020.yaml").read_text(encoding="utf-8")
ODD = """\
# quoted in all ways
study: 'doe''s 2001'
evidence_set: "up\\u0064ate"
note: >-  # folded
  two
  lines

  and more
country: "Z\u00fcrich \U0001f600" # \U0001f600
cite:
- Doe2001   # the first
- 'Doe2003'
judgements:
  a: {is: yes, because: 'it''s so',   # why
      by: "A, B"}
findings: [{modality: cbt, outcome: x, source: {document: D, at: p. 1}}, {modality: 'b'}]
"""
TEXTS = (STUDY, BLOCK, TEXT, TEMPLATE_TEXT, ODD)
SHIPPED = sorted((Path(__file__).parents[2] / "studies").glob("*.yaml"))
WORDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=12),
    st.sampled_from([
        "no", "yes", "1e3", "~", "null", "007", "12:30", "2001-01-01", "a: b", "a #b", " x", "x ", "- a", "[a]", "{a}",
        "two\nlines", "two\n\n lines", "\U0001f600", "it's", 'say "x"', "C:\\x", "&a", "*a", "!a", "%a", "@a", "`a",
        "a\tb", "=1+1", "\u2028", "\ufeff", "", "?", "-", ":", "a:", "#", "'", '"', ",", "---", "...", "x\n",
    ]),
)  # fmt: skip


def values(text):
    """Every value of a text by its path."""
    return {path: leaf.text for path, leaf in leaves(tree(compose(text, "")[0]))}


def span(text, path):
    """From where to where a value stands."""
    node = compose(text, "", PureLoader)[0]
    for step in path:
        node = node.value[step] if isinstance(step, int) else next(v for k, v in node.value if k.value == step)
    return node.start_mark.index, node.end_mark.index


def variants(text):
    return st.sampled_from([text, text.replace("\n", "\r\n"), "\ufeff" + text, text.rstrip("\n")])


def same(found, value):
    """A text on lines of its own ends with a line end, whatever was written."""
    return found.rstrip("\n") == value.rstrip("\n")


@given(data=st.data(), text=st.sampled_from(TEXTS).flatmap(variants), value=WORDS)
def test_one_value_changes_and_no_other_byte(data, text, value):
    """All that stands before and behind the old value stands there still, comments too; the new one is read back."""
    path = data.draw(st.sampled_from(sorted(values(text), key=str)))
    new = with_scalars(text, {path: value})
    start, end = span(text, path)

    assert new[:start] == text[:start]
    assert new.endswith(text[end:])
    before, after = values(text), values(new)
    assert same(after.pop(path), value)
    assert after == {other: words for other, words in before.items() if other != path}


def comments(text):
    """All comments of a text: what is left of each line behind # when its values are blotted out."""
    node = compose(text, "", PureLoader)[0]
    spans, todo = [], [node]
    while todo:
        each = todo.pop()
        if isinstance(each, ScalarNode):
            head = text[each.start_mark.index :].index("\n") if each.style and each.style in "|>" else 0
            spans.append((each.start_mark.index + head, each.end_mark.index))
        else:
            todo += [part for pair in each.value for part in (pair if isinstance(pair, tuple) else (pair,))]
    for start, end in spans:
        text = text[:start] + "".join(char if char == "\n" else "x" for char in text[start:end]) + text[end:]
    return re.findall(r"(?:^|[ >|-])(#[^\r\n]*)", text, re.MULTILINE)


@given(data=st.data(), text=st.sampled_from(TEXTS).flatmap(variants))
def test_several_values_change_and_the_comments_stay(data, text):
    """All at once, or one after the other, with the same result; every comment is there still."""
    places = st.sampled_from(sorted(values(text), key=str))
    changes = data.draw(st.dictionaries(places, WORDS, min_size=2, max_size=5))
    new = with_scalars(text, changes)
    one_by_one = text
    for path, value in changes.items():
        one_by_one = with_scalars(one_by_one, {path: value})

    assert one_by_one == new
    assert comments(new) == comments(text)


@given(text=st.sampled_from(TEXTS).flatmap(variants))
def test_nothing_changes_without_a_change(text):
    """No change, and a change to what stands there already, give the same text."""
    as_is = {path: leaf.text if leaf.style else Bare(leaf.text) for path, leaf in leaves(tree(compose(text, "")[0]))}

    assert with_scalars(text, {}) == text
    assert with_scalars(text, as_is) == text


NEW = [
    ("note",), ("sample", "country"), ("design", "unit"), ("maryland", "source", "at"), ("maryland", "basis"),
    ("arms", "other", "label"), ("risk_of_bias", "missing data"), ("judgements", "team", "because"),
    ("accept", "because"), ("findings", 0, "detail"), ("findings", 0, "source", "at"),
    ("findings", 1, "time", "months"), ("findings", 1, "note"), ("findings", 1, "effect", "p"),
    ("findings", 0, "limited", "because"),
    ("findings", 1, "level", "source", "document"),
]  # fmt: skip


@pytest.mark.parametrize("path", NEW, ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("text", TEXTS, ids=["study", "block", "all", "template", "odd"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_field_that_comes_and_goes_leaves_no_trace(text, path, end):
    """A new field changes no other value, and the text without it is the text before; it has the file's line ends."""
    text = text.replace("\n", end)
    if path in values(text):
        return
    new = with_scalars(text, {path: "new words"})

    assert values(new) == values(text) | {path: "new words"}
    assert new.count("\n") == new.count(end)
    assert with_scalars(new, {path: None}) == text


def test_a_new_field_stands_where_the_template_has_it():
    """Behind the fields that come before it; its own comment lines stay with the one before."""
    assert "evidence_set: update\nnote: words\nsample:" in with_scalars(STUDY, {("note",): "words"})
    assert "basis: b, profile: p, source" in with_scalars(
        STUDY.replace("basis: random allocation", "basis: b"), {("maryland", "profile"): "p"}
    )
    text = TEMPLATE_TEXT.replace("  unit: individual ", "  # unit: individual ")
    assert "not stated\n  unit: cluster\n  # unit: individual" in with_scalars(text, {("design", "unit"): "cluster"})


@pytest.mark.parametrize(
    ("old", "path", "value", "new"),
    [
        ("a: yes", ("a",), "no", "a: no"),
        ("a: word", ("a",), "no", 'a: "no"'),
        ("a: word", ("a",), Bare("no"), "a: no"),
        ("a: 'x'", ("a",), "it's", "a: 'it''s'"),
        ('a: "x"', ("a",), "y", 'a: "y"'),
        ("a: x  # why", ("a",), "x: y", 'a: "x: y"  # why'),
        ("a: x", ("a",), "007", 'a: "007"'),
        ("a: x", ("a",), 'say "x"', 'a: say "x"'),
        ("a: x", ("a",), '"x": y', "a: '\"x\": y'"),
        ("a: |  # why\n  x\n  y\nb: 1", ("a",), "z\n  w", "a: |  # why\n  z\n    w\nb: 1"),
        ("a: |  # why\n  x\nb: 1", ("a",), " z", 'a: " z"  # why\nb: 1'),
        ("a: >\n  x\n  y\n\nb: 1", ("a",), "p q\nr", "a: >\n  p q\n\n  r\n\nb: 1"),
        ("a: 0.10", ("a",), Bare("0.20"), "a: 0.20"),
        ("a:\nb: 1", ("a",), "x", "a: x\nb: 1"),
        ("a: ~", ("a",), Bare("3"), "a: 3"),
        ("a: [x, y]", ("a", 1), "p, q", 'a: [x, "p, q"]'),
        ("a: x", ("a",), "a\tb", 'a: "a\\tb"'),
        ("a: x", ("a",), "\U0001f600", "a: \U0001f600"),
    ],
)
def test_the_quoting_is_kept_where_it_can_be(old, path, value, new):
    """The style of the old value holds the new one, or safe quotes do."""
    assert with_scalars(f"{old}\n", {path: value}) == f"{new}\n"


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("[a, b, c]", ["a", "c"], "[a, c]"),
        ("[a, b, c]", ["b", "c"], "[b, c]"),
        ("[a, b, c]", ["a", "b"], "[a, b]"),
        ("[ a,  b ]", ["a", "b", "d"], "[ a,  b, d ]"),
        ("[a, b]", ["a", "x", "b"], "[a, x, b]"),
        ("a", ["a", "b"], "[a, b]"),
        ("[a, b]", None, None),
        ("\n  - a  # one\n  - b", ["a"], "\n  - a  # one"),
        ("\n  - a  # one\n  - b", ["a", "b", "c: d"], '\n  - a  # one\n  - b\n  - "c: d"'),
    ],
)
def test_a_list_keeps_the_items_that_stay(old, value, new):
    """Only the items that differ are written; an empty list goes with its field."""
    expected = f"study: x\ncite: {new}\nnote: n\n" if new else "study: x\nnote: n\n"
    head = "study: x\ncite:" if old.startswith("\n") else "study: x\ncite: "
    expected = expected.replace("cite: \n", "cite:\n")

    assert with_scalars(f"{head}{old}\nnote: n\n", {("cite",): value}) == expected


def test_findings_are_appended_in_the_style_of_the_last():
    """With its indentation, and with lines where it has lines."""
    new = {"modality": "cbt", "source": {"document": "D", "at": "p. 1"}}

    assert with_scalars(STUDY, {("findings", 2): new}) == (
        STUDY + "  - modality: cbt\n    source: {document: D, at: p. 1}\n"
    )
    assert with_scalars(BLOCK, {("findings", 2): new}) == (
        BLOCK + "- modality: cbt\n  source:\n    document: D\n    at: p. 1\n"
    )
    assert with_scalars(ODD, {("findings", 2): new}) == ODD.replace(
        "'b'}]", "'b'}, {modality: cbt, source: {document: D, at: p. 1}}]"
    )
    assert with_scalars("study: x\n", {("findings", 0): new}) == (
        "study: x\nfindings:\n  - modality: cbt\n    source: {document: D, at: p. 1}\n"
    )


def test_what_stands_empty_is_filled_on_lines():
    """Arms and findings of a record that was begun: as the template has them, with the comments that stand there."""
    text = "study: x\narms:  # none yet\n# more\nfindings:\nnote: n\nsample: ~\n"
    new = with_scalars(
        text,
        {
            ("arms", "a", "label"): "A",
            ("findings", 0): {"modality": "m", "source": {"document": "D"}},
            ("sample", "n"): Bare("3"),
        },
    )

    assert new == (
        "study: x\narms:  # none yet\n  a: {label: A}\n# more\n"
        "findings:\n  - modality: m\n    source: {document: D}\nnote: n\nsample: {n: 3}\n"
    )


def test_findings_are_taken_away():
    """With their lines; those that stay, and the comments between, are untouched."""
    assert with_scalars(BLOCK, {("findings", 0): None}) == BLOCK.replace(
        "- modality: cbt\n  outcome: craving\n  source: {document: Doe2001, at: 'p. 1'}  # of the first\n", ""
    )
    assert "findings" not in with_scalars(BLOCK, {("findings", 0): None, ("findings", 1): None})


def test_many_changes_at_once():
    """Values, fields and items that change, come and go together arrive as meant."""
    changes = {
        ("findings", 0, "effect", "events"): None, ("findings", 0, "effect", "control_events"): None,
        ("findings", 0, "effect", "measure"): Bare("RR"), ("findings", 0, "effect", "estimate"): Bare("0.90"),
        ("findings", 0, "effect", "ci"): [Bare("0.75"), Bare("1.08")], ("findings", 1): None,
        ("sample", "n"): Bare("9"),
    }  # fmt: skip
    new = with_scalars(STUDY, changes)

    assert "effect: {measure: RR, estimate: 0.90, ci: [0.75, 1.08]}\n    source: {document: Doe2001, at:" in new
    assert len(tree(compose(new, "")[0])["findings"]) == 1


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        ("study: [", {("study",): "x"}, "correct it first"),
        ("study: &a x", {("study",): "x"}, "correct it first"),
        ("study: x\nb: *a", {("study",): "x"}, "correct it first"),
        ("- a", {("study",): "x"}, "correct it first"),
        ("a: 1\na: 2", {("a",): "x"}, "given twice"),
        ("a: x", {("a",): "b\x07"}, "control character"),
        ("a: x", {("a",): Bare("a: b")}, "without quotes"),
        ("a: x", {("a",): Bare("x\r")}, "control character"),
        ("a: x", {(): "x"}, "no path"),
        ("a: [x]", {("a", 2): "x"}, "no such field or item"),
        ("a: [x]", {("a", -1): "x"}, "no path"),
        ("a: [x]", {("a", "b"): "x"}, "no such field or item"),
        ("a:\n  b: x", {("a",): {"c": "x"}}, "as a whole"),
        ("a: {b: x, # why\n  c: y}", {("a", "b"): None}, "comment"),
        ("a:\n  - b: x\n    # why\n    c: y", {("a", 0, "b"): None}, "comment"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(text, changes, words):
    """A broken record, a value that cannot be written, a place that there is not: told in words."""
    with pytest.raises(InvalidArgument, match=re.escape(words)):
        with_scalars(text, changes)


def test_a_key_of_the_library_is_renamed():
    """Where the record cites it and where it is a source; nowhere else, and in the quotes that stand there."""
    text = STUDY.replace("[Doe2001]", "['Doe2001', Doe2003]").replace("label: CBT", "label: Doe2001")
    renamed = renamed_citations(text, "Doe2001", "Roe1999")

    assert renamed.count("Roe1999") == text.count("Doe2001") - 1
    assert renamed == text.replace("Doe2001", "Roe1999").replace("label: Roe1999", "label: Doe2001")
    assert renamed_citations(text, "Other", "New") == text
    assert renamed_citations("cite: Doe\nmaryland: {source: {document: Doe}}", "Doe", "no") == (
        'cite: "no"\nmaryland: {source: {document: "no"}}'
    )


def test_every_shipped_record_can_be_edited():
    """One value changes, and changes back to the same bytes."""
    assert len(SHIPPED) > 300
    for number, path in enumerate(SHIPPED if os.environ.get("SYNTH_FULL") else SHIPPED[::5]):
        text = path.read_bytes().decode()
        listed = sorted(leaves(tree(compose(text, "")[0])), key=str)
        place, leaf = listed[number % len(listed)]
        new = with_scalars(text, {place: "other words"})
        assert new != text
        assert with_scalars(new, {place: leaf.text if leaf.style else Bare(leaf.text)}) == text, path
