"""review.toml: every mistake at the line of its key; all of them at once."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument, InvalidData
from synthesis.files import NoReview
from synthesis.pooling.check import check_intervals, check_options
from synthesis.pooling.intervals import TESTS as POOLING_TESTS
from synthesis.pooling.prediction import PREDICTION
from synthesis.pooling.tau2 import TAU2
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS
from synthesis.records import read_records
from synthesis.records.protocol import METHODS, MODEL, OF_METHODS, PREDICTIONS, RULES, TESTS, read_review, rule_names
from synthesis.records.protocol import TAU2_INTERVALS as PROTOCOL_INTERVALS
from synthesis.records.review import Outcome, Row
from synthesis.records.study import Judgement, Place
from synthesis.records.toml_places import toml_places
from tests.records.example import REVIEW, spoilt

ROWS = '[[rows]]\ncode = "A"'
JUDGED = "[modalities.cbt.judgements.specificity]\n"

# what stands there, what is put there, the line, the code, a word of the remedy
MISTAKES = [
    ('title = "Example"\n', "", 1, "SY106", "title"),
    ('title = "Example"', "title = 5", 1, "SY107", "quotes"),
    ('title = "Example"', "title = Example", 1, "SY101", "quotes"),
    ('title = "Example"', 'title = "Example', 1, "SY101", "quotation"),
    ('rule = "pdtsrg-2009"', 'rule = "pdtsrg"', 2, "SY103", "pdtsrg-2009"),
    ('rule = "pdtsrg-2009"', 'title = "Again"', 2, "SY101", "keep one"),
    ('policy = "literal"', "policy = 1", 3, "SY107", "quotes"),
    ('policy = "literal"', 'polcy = "literal"', 3, "SY105", "policy"),
    ('method = "REML"', 'method = "RELM"', 6, "SY103", "REML"),
    ('method = "REML"', 'method = "DL"\ntest = "kr"', 7, "SY103", "change the method"),
    ('method = "REML"', 'test = "kr"\nmethod = "ML"', 6, "SY103", "another test"),
    ('method = "REML"', 'method = "PM"\nprediction = "KR-PR"', 7, "SY103", "another prediction"),
    ('method = "REML"', 'method = "EE"\ntau2_interval = "PL"', 7, "SY103", "another tau2_interval"),
    ("level = [4, 5]", "level = [4, 6]", 7, "SY103", "1 (weakest"),
    ("level = [4, 5]", "level = []", 7, "SY103", "at least one"),
    ("level = [4, 5]", "level = 4", 7, "SY107", "brackets"),
    ("rho = 0.6", "rho = 1.6", 8, "SY108", "correlation"),
    ("rho = 0.6", "rho = nan", 8, "SY108", "correlation"),
    ("rho = 0.6", 'rho = "0.6"', 8, "SY107", "without quotes"),
    ("rho = 0.6", 'follow_up = "nearest"', 8, "SY103", "nearest:12"),
    ("rho = 0.6", 'comparators = ["non"]', 8, "SY103", "none"),
    ("rho = 0.6", 'measure = { binary = "IRR" }', 8, "SY103", "RR"),
    ("rho = 0.6", 'measure = { binary = "MD" }', 8, "SY103", "RR"),
    ("rho = 0.6", "rho = -0.2", 8, "SY108", "correlation"),
    ("rho = 0.6", 'measure = { binry = "RR" }', 8, "SY105", "binary"),
    ('label = "Update"', 'label = "Update"\nliving = "yes"', 12, "SY107", "true or false"),
    ('"people in custody"', '["people in custody"]', 14, "SY107", "quotes"),
    ('label = "Drug use"\n', "", 16, "SY106", "label"),
    ('event = "use"\n', "", 18, "SY106", "event"),
    ('complement = "abstinence"', 'complement = "use"', 19, "SY103", "other event"),
    ('better = "lower"', 'better = "less"', 20, "SY103", "lower"),
    ("{ RR = 0.05 }", "{ RR = -0.05 }", 21, "SY108", "0 or more"),
    ("{ RR = 0.05 }", "{ rr = 0.05 }", 21, "SY105", "RR"),
    ('label = "Craving"', 'label = "Craving"\npooled = 0', 25, "SY107", "true or false"),
    ('row = "A"', 'row = "C"', 28, "SY109", "A"),
    ('population = ["offenders"]', 'population = ["offender"]', 29, "SY109", "offenders"),
    (ROWS, f"{JUDGED}is = true\n\n{ROWS}", 31, "SY106", "because"),
    (ROWS, f'{JUDGED}because = "x"\n\n{ROWS}', 31, "SY106", "is"),
    (ROWS, f'{JUDGED}is = [1]\nbecause = "x"\n\n{ROWS}', 32, "SY107", "quotes"),
    (ROWS, f'{JUDGED}is = inf\nbecause = "x"\n\n{ROWS}', 32, "SY108", "finite"),
    (ROWS, f'{JUDGED}is = " "\nbecause = "x"\n\n{ROWS}', 32, "SY107", "words"),
    (ROWS, f'{JUDGED}is = 1\nbecause = "x"\nsource = "x"\n\n{ROWS}', 34, "SY105", "because"),
    (ROWS, f'{JUDGED.replace("spec", "Spec")}is = 1\nbecause = "x"\n\n{ROWS}', 31, "SY103", "small letters"),
    ('code = "B"', 'code = "A"', 36, "SY120", "its own"),
    ('code = "B"\n', "", 35, "SY106", "code"),
    ("[[rows]]\n", "[rows]\n", 35, "SY101", "keep one"),
]


@pytest.mark.parametrize(("old", "new", "line", "code", "word"), MISTAKES)
def test_a_mistake_in_the_protocol(old, new, line, code, word):
    """One mistake: its line, its code and a remedy; nothing else is blamed."""
    text = REVIEW
    if line > 29:
        start = text.rindex(old)
        text = text[:start] + new + text[start + len(old) :] if code != "SY101" else spoilt(text, old, new)
    else:
        text = spoilt(text, old, new)
    with pytest.raises(InvalidData) as caught:
        read_review(text)

    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.code) == ("review.toml", line, code)
    assert word in problem.remedy


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("populations = []", "SY107"),
        ("rows = [1]", "SY107"),
        ("rows = { code = 1 }", "SY107"),
        ("prisma = { found = -1 }", "SY107"),
        ("defaults = { measure = 5, rho = true, level = [true], comparators = [[1]] }", "SY107"),
        ("rule = 1979-05-27", "SY107"),
        ("a.b = 1", "SY105"),
    ],
)
def test_values_of_any_kind(before, code):
    """No kind of value in no place ends in a traceback."""
    tables = '[evidence_sets.u]\nlabel = "u"\n[outcomes.o]\nlabel = "o"\n[modalities.m]\nlabel = "m"\n'
    with pytest.raises(InvalidData) as caught:
        read_review(f'title = "x"\n{before}\n{tables}')
    assert (2, code) in [(problem.line, problem.code) for problem in caught.value.problems]


def test_every_mistake_is_told_at_once():
    """Three mistakes are three problems."""
    text = spoilt(spoilt(spoilt(REVIEW, '"literal"', "true"), "0.6", "6"), 'row = "A"', 'row = "Z"')
    with pytest.raises(InvalidData) as caught:
        read_review(text)
    assert [problem.line for problem in caught.value.problems] == [3, 8, 28]


@pytest.mark.parametrize(
    ("written", "value"), [("true", True), ("2", 2.0), ('"a manual"', "a manual"), ('"not stated"', None)]
)
def test_a_judgement_of_a_modality(written, value):
    """A truth, a number or words, with the reason, who judged, and the place; none where none is written."""
    more = f'{JUDGED}is = {written}\nbecause = "read"\nby = "AB"\n'
    (judged,) = read_review(REVIEW.replace(ROWS, f"{more}\n{ROWS}")).modalities["cbt"].judgements

    assert judged == Judgement("specificity", value, "read", Place("review.toml", 31, 1), "AB")
    assert type(judged.value) is type(value)
    assert read_review(REVIEW).modalities["cbt"].judgements == ()


def test_what_the_protocol_says():
    """Every value of the example arrives."""
    review = read_review(REVIEW)

    assert (review.title, review.rule, review.policy) == ("Example", "pdtsrg-2009", "literal")
    assert review.defaults.level == (4, 5)
    assert review.outcomes["drug_use"] == Outcome(
        "drug_use", "Drug use", "use", "abstinence", "lower", (), {"RR": 0.05}, "", pooled=True
    )
    assert review.modalities["cbt"].population == ("offenders",)
    assert review.populations == {"offenders": "people in custody"}
    assert review.rows == (Row("A", "CBT"), Row("B", "Other"))
    assert review.evidence_sets["update"].living


def test_a_rule_of_the_reviews_own(tmp_path):
    """`rule` may be a file of the review's own folder, and is suggested; the place of each key is kept."""
    text = REVIEW.replace("pdtsrg-2009", "ours")
    review = read_review(text, ["ours"])

    assert (review.rule, review.at("rule"), review.at("policy")) == (
        "ours", Place("review.toml", 2, 1), Place("review.toml", 3, 1),
    )  # fmt: skip
    with pytest.raises(InvalidData, match="did you mean 'ours'"):
        read_review(REVIEW.replace("pdtsrg-2009", "our"), ["ours"])
    with pytest.raises(InvalidData, match="'ours' is not a known rule"):
        read_review(text)

    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "ours.yaml").write_text("rule: ours\n")
    (tmp_path / "review.toml").write_text(text)
    assert read_records(tmp_path).review.rule == "ours"


def test_no_policy_is_the_first_of_the_rule():
    """Where review.toml names no policy none is made up, and the place is the file itself."""
    review = read_review(REVIEW.replace('policy = "literal"\n', ""))
    assert (review.policy, review.at("policy")) == ("", Place("review.toml", 1, 1))


def test_no_protocol(tmp_path):
    """A folder without review.toml is no review; one that is not text is a message."""
    with pytest.raises(NoReview) as caught:
        read_records(tmp_path)
    assert caught.value.exit_code == 2

    (tmp_path / "review.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(InvalidData, match="UTF-8"):
        read_records(tmp_path)


def test_a_byte_order_mark_is_passed_over():
    """What some editors put before a file changes nothing, lines and columns included."""
    assert read_review("\ufeff" + REVIEW) == read_review(REVIEW)


def test_deep_nesting_is_a_message():
    """Brackets without end do not end in a traceback."""
    with pytest.raises(InvalidData, match="SY101"):
        read_review("a = " + "[" * 100_000)


def test_the_names_are_those_of_the_layers_above():
    """The estimators and tests that review.toml may name are those that pooling has; the rules are files."""
    assert set(METHODS) == set(TAU2) - {"GENQ", "GENQM"}  # these need weights for each pool
    assert set(TESTS) == set(POOLING_TESTS)
    assert set(PROTOCOL_INTERVALS) == set(TAU2_INTERVALS) - {"GENQ"}  # as GENQ
    assert set(PREDICTIONS) == set(PREDICTION)
    assert [path.stem for path in sorted(RULES.glob("*.yaml"))] == list(rule_names())
    assert "pdtsrg-2009" in rule_names()


@pytest.mark.parametrize("method", METHODS)
def test_what_goes_with_a_method_is_what_pooling_takes(method):
    """A test or an interval is a fault in review.toml exactly where pooling refuses it beside that method."""
    for key, names in list(MODEL.items())[1:]:
        for name in names:
            chosen = {"test": "z", "tau2_interval": "QP", "prediction": "riley", key: name}
            refused = method not in OF_METHODS.get(name, METHODS)
            assert (_complaint(method, **chosen) is not None) == refused


def _complaint(method, *, test, tau2_interval, prediction):
    """What pooling says of options that do not go together."""
    try:
        check_options(method, test, 0.95)
        check_intervals(tau2_interval, prediction, method)
    except InvalidArgument as wrong:
        return str(wrong)
    return None


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ('a = """\nb = 1\n"""\nc = 2', ("c",), (4, 1)),
        ("a = [\n  1, # ]\n  2,\n]\n  c = 2", ("c",), (5, 3)),
        ('[a."b.c"]\nd.e = 1', ("a", "b.c", "d", "e"), (2, 1)),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", ("a", 1, "b"), (4, 1)),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", ("a", 1, "c", "d"), (6, 1)),
        ("a = '# not a comment'\n# b = 1\nb = 2", ("b",), (3, 1)),
        ("a = { x = 1 }\r\nb = 2\r\n", ("b",), (2, 1)),
    ],
)
def test_places_of_keys(text, path, place):
    """Strings, comments, arrays and inline tables do not lead the locator astray."""
    tomllib.loads(text)
    assert toml_places(text)[path] == place


def test_every_key_of_the_shipped_protocol_has_a_place():
    """The line of each key of the shipped review.toml begins with that key."""
    text = (Path(__file__).parents[2] / "review.toml").read_text(encoding="utf-8")
    lines = text.splitlines()

    assert len(toml_places(text)) > 100
    for path, (line, _) in toml_places(text).items():
        if path and isinstance(path[-1], str):
            assert path[-1] in lines[line - 1]


@given(st.text())
def test_any_text_as_a_protocol(text):
    """No text ends in anything but a list of problems, each in the file."""
    with pytest.raises(InvalidData) as caught:
        read_review(text)
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in caught.value.problems)


@given(st.integers(0, len(REVIEW) - 1), st.sampled_from(list("[]{}=\"'#.,\n1a")))
def test_any_typing_error_in_a_protocol(place, char):
    """One wrong character gives a review or a list of problems."""
    try:
        read_review(REVIEW[:place] + char + REVIEW[place + 1 :])
    except InvalidData as invalid:
        assert invalid.problems  # noqa: PT017 - many characters spoil nothing
