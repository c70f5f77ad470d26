"""docs/rules.md: its own rule comes to its examples, its Python runs, and it names everything that there is."""

import re
from pathlib import Path

import pytest

from synthesis.records.protocol import read_review
from synthesis.records.read import read_study
from synthesis.scoring.examples import run_examples
from synthesis.scoring.fields import FIELDS, OF_A_POOL
from synthesis.scoring.language.evaluate import FUNCTIONS
from synthesis.scoring.reading.procedures import STEPS
from synthesis.scoring.reading.rule_file import HEAD, SHIPPED, load_rule, read_rule
from synthesis.scoring.rule import COLOURS, FOLLOW_UPS, GRADES, KINDS, MARKS_OF_READING, ONE, OUTSIDE
from tests.docs import library

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
SCORING = SHIPPED.parent
TEMPLATE = SCORING.parent / "records" / "template"
RULE, JUDGEMENT = re.findall(r"(?<=^```yaml\n).*?(?=^```$)", PAGE, re.MULTILINE | re.DOTALL)
SAID = {name for code in re.findall(r"`([^`\n]+)`", PAGE) for name in (code, *re.findall(r"[a-z_0-9]+", code))}
VOCABULARY = (
    *HEAD, *STEPS, *FIELDS, *OF_A_POOL, *FUNCTIONS, *COLOURS, OUTSIDE, *GRADES, *KINDS, *MARKS_OF_READING, *ONE,
    *FOLLOW_UPS,
)  # fmt: skip


def test_the_rule_of_the_page_comes_to_its_examples():
    """It reads without a fault, and its 4 examples, 5 with their policies, give what they say."""
    outcomes = run_examples(read_rule(RULE, "rules/two-trials.yaml", "two-trials"))

    assert [outcome for outcome in outcomes if not outcome.right] == []
    assert len(outcomes) == 5


def test_a_rule_of_a_review_is_found_by_its_name(tmp_path):
    """Saved in the folder `rules` of a review it is a rule like any other, and gives what the page says."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "two-trials.yaml").write_text(RULE, encoding="utf-8")

    assert load_rule("two-trials", tmp_path).title == "Two independent trials"


def test_the_judgement_of_the_page_is_one_of_a_record():
    """It stands in the template of a study as it is on the page, and says that the study is independent."""
    record, review = ((TEMPLATE / name).read_text(encoding="utf-8") for name in ("example2020.yaml", "review.toml"))
    text = re.sub(r"(?ms)^judgements:.*?(?=^arms:)", JUDGEMENT, record)
    study, problems = read_study(text, "studies/example2020.yaml", "example2020", read_review(review))

    assert [problem for problem in problems if "judgement" in problem.what] == []
    assert [(judged.name, judged.value) for judged in study.judgements] == [("independent", True)]


def test_the_python_of_the_page_gives_what_is_shown():
    """Every `>>>` line."""
    assert library.filled(PAGE) == PAGE


@pytest.mark.parametrize("name", VOCABULARY)
def test_the_page_names_every_word_of_the_language(name):
    """Sections, fields, functions, kinds of features, marks and colours."""
    assert name in SAID


def test_the_page_names_every_code():
    """Each code of a faulty rule file has its line."""
    raised = {code for path in SCORING.rglob("*.py") for code in re.findall(r'"(SY65\d)"', path.read_text("utf-8"))}

    assert re.findall(r"^\| `(SY65\d)` ", PAGE, re.MULTILINE) == sorted(raised)
