"""The shipped rule files: each can be used, comes to its own examples, and says how far its clauses were seen."""

import re
from pathlib import Path

import pytest

from synthesis.scoring.engine.grade import grade_studies
from synthesis.scoring.examples import run_examples
from synthesis.scoring.reading.rule_file import SHIPPED, load_rule, rule_names, rule_problems
from synthesis.scoring.rule import MARKS_OF_READING

EXAMPLES = {  # file -> examples, and examples under each policy that they name; pdtsrg-2009 has its truth table
    "blueprints": (7, 8),
    "cebc": (8, 8),
    "direction-swim": (6, 8),
    "eef-padlocks-2018": (11, 11),
    "eif": (14, 15),
    "emcdda": (7, 7),
    "est-jccap": (6, 9),
    "grade-lite": (8, 10),
    "magentabook-r": (4, 4),
    "maryland-1998": (7, 7),
    "nesta": (11, 11),
    "ocebm-2011": (8, 8),
    "sherman-1998": (13, 24),
    "sign-grade": (10, 10),
    "title-iv-e": (7, 8),
    "top-tier": (8, 8),
    "uspstf": (11, 11),
    "wwc-v1": (9, 10),
    "wwclg-2016": (10, 10),
}
RULES = {name: load_rule(name) for name in rule_names()}
every_rule = pytest.mark.parametrize("name", RULES)


@every_rule
def test_a_shipped_rule_comes_to_its_examples(name):
    """The file reads without a problem, and every example gives what it says under every policy that it names."""
    text = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    outcomes = run_examples(RULES[name])

    assert rule_problems(text, name) == ()
    assert [outcome for outcome in outcomes if not outcome.right] == []
    assert EXAMPLES.get(name, (len(RULES[name].examples), len(outcomes))) == (len(RULES[name].examples), len(outcomes))


def test_the_examples_are_counted():
    """Nineteen files beside pdtsrg-2009: 165 examples, 187 with their policies."""
    assert set(RULES) == {*EXAMPLES, "pdtsrg-2009"}
    assert [sum(column) for column in zip(*EXAMPLES.values(), strict=True)] == [165, 187]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_output_is_reached_by_an_example(name):
    """No output of a rule is without an example that comes to it; those of pdtsrg-2009 are in its truth table."""
    reached = {text for outcome in run_examples(RULES[name]) for text in outcome.found}

    assert set(RULES[name].outputs) - reached == set()


@every_rule
def test_every_clause_says_how_far_it_was_seen(name):
    """Each clause has words of its own and one of the four marks; so has each source."""
    rule = RULES[name]
    clauses = [clause for policy in rule.policies.values() for clause in (*policy.clauses, policy.blank) if clause]

    assert all(clause.says and clause.verified in MARKS_OF_READING for clause in clauses)
    assert rule.provenance
    assert all(source.source and source.says and source.verified in MARKS_OF_READING for source in rule.provenance)


@every_rule
def test_no_clause_is_surer_than_its_sources(name):
    """A mark of a clause is one of its sources' marks, or `ours`, or `partial` where only some of it was seen."""
    rule = RULES[name]
    marks = {clause.verified for policy in rule.policies.values() for clause in policy.clauses} - {"ours"}
    sources = {source.verified for source in rule.provenance}

    assert marks <= {*sources, "partial"}


def test_levels_of_different_profiles_differ():
    """Difference in differences is level 3 for the What Works Centre and 4 in the rubric of the R package."""
    found = [
        grade_studies([{"method": "difference in differences", "sound": True}], RULES[name])[0]
        for name in ("wwclg-2016", "magentabook-r")
    ]

    assert [graded.output for graded in found] == ["3", "4"]


def test_a_design_that_is_not_stated_leaves_levels_open():
    """A trial of which nothing else is known is at level 4 and may be at 5; a flag says that loss is not reported."""
    (graded,) = grade_studies([{"randomised": True, "several_units": True}], RULES["maryland-1998"])

    assert (graded.output, graded.could_be) == ("4", ("5",))
    assert graded.flags == ("attrition not reported: level provisional",)


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"maryland-1998"}))
def test_no_rule_has_python_of_its_own(name):
    """No module of scoring names a rule: the file is all there is of it."""
    modules = Path(SHIPPED).parent.rglob("*.py")
    naming = [path.name for path in modules if re.search(rf"['\"]{name}['\"]", path.read_text(encoding="utf-8"))]

    assert naming == []
