"""The rule and the policy that review.toml names."""

from dataclasses import replace

import pytest

from synthesis.errors import InvalidData
from synthesis.records.protocol import read_review
from synthesis.scoring.chosen import chosen_rule
from synthesis.scoring.reading.rule_file import SHIPPED
from tests.records.example import REVIEW

EXAMPLE = read_review(REVIEW)


def test_the_rule_and_its_policies():
    """Any policy of the rule can be named; without one its first holds."""
    rule = chosen_rule(EXAMPLE)

    assert rule.key == "pdtsrg-2009"
    assert {chosen_rule(replace(EXAMPLE, policy=policy)).key for policy in ("", *rule.policies)} == {"pdtsrg-2009"}


def test_a_policy_that_the_rule_lacks():
    """It is a fault at its line of review.toml, with the nearest one suggested."""
    with pytest.raises(InvalidData) as caught:
        chosen_rule(read_review(REVIEW.replace('"literal"', '"liberal"')))

    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.code) == ("review.toml", 3, "SY103")
    assert problem.remedy == "did you mean 'literal'?"


def test_a_rule_of_single_studies():
    """A profile of levels cannot be the rule of a matrix."""
    with pytest.raises(InvalidData) as caught:
        chosen_rule(read_review(REVIEW.replace("pdtsrg-2009", "maryland-1998")))
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [(2, "SY103")]


def test_a_rule_of_the_reviews_own(tmp_path):
    """A file in the folder `rules` of the review is found by its name, with its own policies."""
    (tmp_path / "rules").mkdir()
    text = (SHIPPED / "pdtsrg-2009.yaml").read_text(encoding="utf-8").replace("rule: pdtsrg-2009", "rule: ours")
    (tmp_path / "rules" / "ours.yaml").write_text(text, encoding="utf-8")

    assert chosen_rule(replace(EXAMPLE, rule="ours"), tmp_path).key == "ours"
