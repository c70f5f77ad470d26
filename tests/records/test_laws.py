"""Laws of reading: no text is too strange for it, and what was written is what is read."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import Problem
from synthesis.records.nodes import Loader, PureLoader, compose
from synthesis.records.protocol import read_review
from synthesis.records.read import read_study
from synthesis.records.study import COMPARATORS, SETTINGS, TIMES, Counts, Estimate
from synthesis.records.values import is_number
from tests.records.example import REVIEW, STUDY
from tests.records.test_mistakes import MISTAKES

EXAMPLE = read_review(REVIEW)
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
SIGNS = st.sampled_from([*":-[]{}&*!|>'\"%@`#,?\n\t \\", "  ", "\r\n", "---\n", "<<: ", "\x07", "é", "\u2028"])


def read(text):
    return read_study(text, "studies/doe2001.yaml", "doe2001", EXAMPLE)


def leaves(node):
    """The scalars of a node, each with its line and column."""
    if node is None:
        return []
    if isinstance(node, yaml.ScalarNode):
        return [(node.value, node.start_mark.line, node.start_mark.column)]
    children = node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
    return [leaf for child in children for leaf in leaves(child)]


@pytest.mark.parametrize(
    "before", ["", "a: ", "- ", "[", "{a: 1, b: ", '{"a":', "[x,", "a:\n  ", "\ufeff", "--- ", "? "]
)
@pytest.mark.parametrize("mark", ["&x 1", "*x", "!t 1", "! 1", "!!str 1", "!<t> 1"])
def test_marks_are_found_wherever_they_begin(before, mark):
    """An anchor, alias or tag is refused after every sign that it may follow."""
    close = {"[": "]", "{": "}"}.get(before[:1], "")
    assert "SY102" in [problem.code for problem in compose(before + mark + close, "x")[1]]


@given(st.text())
def test_any_text_as_a_record(text):
    """A record is read or its problems are told, each at a line of the file; nothing is raised."""
    study, problems = read(text)

    assert study is None
    assert problems
    assert all(isinstance(problem, Problem) and problem.line >= 1 and problem.column >= 1 for problem in problems)


@given(st.integers(0, len(STUDY)), st.integers(0, 8), SIGNS)
def test_any_typing_error_in_a_record(place, gone, sign):
    """Characters deleted and one put in their place: a record or problems, never both, never neither."""
    study, problems = read(STUDY[:place] + sign + STUDY[place + gone :])

    assert (study is None) == bool(problems)
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize(("old", "new"), [("", ""), *[mistake[:2] for mistake in MISTAKES]])
def test_both_parsers_agree(old, new):
    """Without the C library the same records are read and the same mistakes found, in the same lines."""
    text = STUDY.replace(old, new, 1)
    node, problems = compose(text, "x", PureLoader)
    other, others = compose(text, "x", Loader)

    assert [(problem.line, problem.code) for problem in problems] == [
        (problem.line, problem.code) for problem in others
    ]
    assert leaves(node) == leaves(other)


@given(
    n=st.integers(1, 10**8),
    female=st.none() | st.floats(0, 1).map(lambda share: round(share, 4)),
    setting=st.sampled_from(SETTINGS),
    comparator=st.sampled_from(COMPARATORS),
    label=st.sampled_from(TIMES),
    months=st.none() | st.integers(0, 600),
    words=PLAIN.filter(lambda words: words.strip()),
    counts=st.tuples(*[st.integers(1, 10**6)] * 4),
)
def test_what_was_written_is_read(n, female, setting, comparator, label, months, words, counts):
    """Every value arrives as it was written, also words that look like something else."""
    n1, n2 = max(counts[:2]), max(counts[2:])
    record = {
        "study": "doe2001",
        "evidence_set": "update",
        "note": words,
        "sample": {"n": n, "female": female, "setting": setting, "population": ["offenders"]},
        "findings": [
            {
                "modality": "cbt",
                "outcome": "drug_use",
                "event": "use",
                "comparator": comparator,
                "time": {"class": label, "months": months},
                "effect": {"events": [min(counts[:2]), n1], "control_events": [min(counts[2:]), n2]},
                "source": {"document": "Doe2001", "at": words},
            }
        ],
    }
    study, problems = read(json.dumps(record, ensure_ascii=False))

    assert problems == ()
    assert (study.sample.n, study.sample.female, study.sample.setting) == (n, female, setting)
    (finding,) = study.findings
    assert finding.source.at == study.note == words.strip()
    assert finding.effect == Counts(min(counts[:2]), n1, min(counts[2:]), n2)
    assert (finding.comparator, finding.time.label, finding.time.months) == (comparator, label, months)


@given(st.sampled_from(["OR", "RR", "HR"]), st.floats(0.01, 100), st.floats(0.01, 5))
def test_a_printed_ratio_is_read(measure, value, width):
    """An estimate and its interval keep every digit."""
    ci = [value / (1 + width), value * (1 + width)]
    effect = json.dumps({"measure": measure, "estimate": value, "ci": ci, "adjusted": True})
    old = "{events: [32, 120], control_events: [88, 120]}"
    study, problems = read(STUDY.replace(old, effect))

    assert problems == ()
    assert study.findings[0].effect == Estimate(measure, value, ci=tuple(ci), adjusted=True)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_a_number(number):
    """What Python and JSON write for a number is one."""
    assert is_number(repr(number))


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "1:30", "2001-01-01", "0x1F", "0o17", "1e", "Null", "=", "<<"]
)
def test_words_stay_words(word):
    """What YAML 1.1 takes for a truth, a time or a date is the text that was written."""
    study, problems = read(STUDY.replace("setting: prison", f"country: {word}"))

    assert problems == ()
    assert study.sample.country == word


def test_the_c_parser_is_used():
    """Where PyYAML has libyaml, records are read by it."""
    assert yaml.__with_libyaml__ == (Loader is not PureLoader)
