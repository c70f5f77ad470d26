"""Many rules on the same cells."""

import time

from synthesis.scoring.many_rules import run_rules
from synthesis.scoring.reading.rule_file import load_rule, rule_names
from synthesis.scoring.score import score
from tests.scoring.strategies import findings_of

RULES = [load_rule(name) for name in rule_names()]
CELLS = {"J": findings_of("a 5 significant; b 5 significant"), "K": []}


def test_each_rule_gives_what_it_gives_alone():
    """By rule and cell, the score of the rule on that cell; rules of single studies are passed over."""
    found = run_rules(CELLS, RULES)

    assert list(found) == [rule.key for rule in RULES if rule.grades != "study"]
    for rule in RULES:
        if rule.grades != "study":
            assert found[rule.key]["J"] == score(CELLS["J"], rule)
            assert found[rule.key]["K"] == score([], rule)


def test_a_hundred_rules_on_28_rows():
    """Rules are run on all rows at once: far below the second that is allowed for a hundred of them."""
    graders = [rule for rule in RULES if rule.grades != "study"]
    many = [graders[number % len(graders)] for number in range(100)]
    cells = {row: findings_of("a 5 significant; b 5 ineffective; c 4 limited; d 4 significant") for row in range(28)}
    start = time.process_time()
    for rule in many:
        run_rules(cells, [rule])

    assert time.process_time() - start < 1
