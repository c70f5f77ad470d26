"""The index of outputs/."""

import re

from synthesis.pipeline import build, load
from tests.crosscheck.made import REVIEW
from tests.crosscheck.made import write_review as write_made
from tests.small_review import write_review


def test_the_numbers_are_those_of_the_review(tmp_path):
    """Four records of one finding each: three in one pool, one left out; no printed cell, one point short of two."""
    text = build(load(write_review(tmp_path)))["README.md"].decode()

    assert "Records: 4. Findings in them: 4." in text
    assert "Pools: 1, 0 of them of a single study" in text
    assert "each with its reason: 1." in text
    assert "Cells printed with points: 0." in text
    assert "Cells of two points or more beside a pool: 1 (`points_high_ci_null` 1)." in text


def test_every_file_has_its_line(tmp_path):
    """What the build makes is what the index lists."""
    made = build(load(write_review(tmp_path)))
    listed = re.findall(r"^\| ([a-z_\\]+)\.csv(.*?) \|", made["README.md"].decode(), re.MULTILINE)
    names = {name.replace("\\", "") + end for name, more in listed for end in [".csv", *re.findall(r"\.\w+", more)]}

    assert names == set(made) - {"README.md"}


def test_a_rule_in_words_is_not_compared_with_printed_points(tmp_path):
    """No counts of same, lower and higher: one sentence, and how many cells have an output; statuses by colour."""
    words = REVIEW.replace("[evidence_sets.old]", 'rule = "sherman-1998"\n[evidence_sets.old]', 1)
    text = build(load(write_made(tmp_path, review=words)))["README.md"].decode()

    assert "Outputs of `sherman-1998`: the rule gives words and no points: it has no total" in text
    assert "the same" not in text
    assert "Cells with an output in the reading “living”: 1." in text
    assert "Cells of two points or more beside a pool: 3 (" in text
