"""A faulty rule file: every fault with its line, its column, its clause and a remedy."""

import pytest

from synthesis.errors import InvalidData, NotFound
from synthesis.scoring.reading.rule_file import SHIPPED, load_rule, read_rule, rule_names, rule_problems

TEXT = (SHIPPED / "pdtsrg-2009.yaml").read_text(encoding="utf-8")


def line_of(text, part):
    """The number of the line where a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("good", "bad", "code", "says"),
    [
        ("when: E5 >= several\n", "when: E6 >= 2\n", "SY653", "clause '3': unknown name 'E6'"),
        ("when: E5 >= several\n", "when: E5 >=\n", "SY653", "clause '3': the expression ends too early"),
        ("when: E5 >= several\n", "when: E5\n", "SY653", "clause '3': a number stands where a condition belongs"),
        ("when: E5 >= several\n", "when: __import__('os')\n", "SY653", "clause '3': no function '__import__'"),
        ("gives: 3\n", "gives: three\n", "SY653", "clause '3' gives: unknown name 'three'"),
        ("{is: divided, when: divided", "{is: to rn, when: divided", "SY654", "'to rn' is no word"),
        ("by: [divided,", "by: [torn,", "SY654", "by: 'torn' is not known here"),
        ("  - clause: 2(a)\n", "  - clause: 2(a)\n    pints: 1\n", "SY651", "a clause has an unknown field 'pints'"),
        ("becomes: 2,", "becomes: 3,", "SY654", "a cap from 3 to 3 lowers nothing"),
        ("title: Points", "rule: again\ntitle: Points", "SY650", "'rule' is given twice"),
        ("{is: ineffective, by: [", "{is: ineffective, when: limited > 9, by: [", "SY655", "no line for ineffective"),
        ("carry: {level: highest}", "carry: {level: tallest}", "SY654", "carry: 'tallest' is not known here"),
        ("carry: {level: highest}", "carry: {leval: highest}", "SY654", "carry: 'leval' is no number here"),
        ("  E4: {count:", "  level: {count:", "SY654", "'level' cannot be a name here"),
        ("  E4: {count:", "  E4: {number:", "SY651", "feature 'E4' is nothing of count, any"),
        ("colour: grey", "colour: gray", "SY654", "a colour: 'gray' is not known here"),
        (
            "verified: text\n    because: {A8",
            "verified: yes\n    because: {A8",
            "SY654",
            "verified: 'yes' is not known",
        ),
        ("clauses: {1(a): {when: E5 + E4", "clauses: {1(c): {when: E5 + E4", "SY654", "changes a clause '1(c)'"),
        ("one: finding", "one: person", "SY654", "one: 'person' is not known here"),
        ("expect: {literal: blank,", "expect: {litteral: blank,", "SY654", "the example names a policy 'litteral'"),
        ("admit:\n", "admit: [\n", "SY650", "not YAML"),
        ("title: Points", "title: &again [*again]\nx: Points", "SY650", "an anchor, an alias or a tag"),
        ("title: Points", "title: !!python/name:os.system Points", "SY650", "an anchor, an alias or a tag"),
        ("title: Points", f"title: {'[' * 30}\nx: Points", "SY650", "nested too deeply"),
        ("    when: E4 >= several\n", "", "SY655", "a clause before the last has none"),
        ("    gives: 0\n    at", "    gives: 0\n    when: C > 0\n    at", "SY655", "the last clause has a condition"),
    ],
)
def test_a_fault_is_named_with_its_place(good, bad, code, says):
    """One fault gives its code, its words and its line, once; nothing is executed."""
    assert good in TEXT
    problems = rule_problems(TEXT.replace(good, bad, 1), "rule.yaml")

    found = [problem for problem in problems if problem.code == code and says in problem.what]
    assert len(found) == 1
    assert found[0].remedy
    if code == "SY653":
        assert found[0].line == line_of(TEXT, good.strip(" -"))


def test_a_condition_names_its_column():
    """The column is that of the unknown name, in the line of the file."""
    (problem, *_) = rule_problems(TEXT.replace("N5 == 0 and C == 0\n", "N5 == 0 and X == 0\n", 1), "r.yaml")
    line = TEXT.splitlines()[problem.line - 1]

    assert problem.column == line.index("C == 0") + 1


def test_all_faults_are_told_at_once():
    """Two faults in two clauses make two problems, in file order, though every policy meets them."""
    text = TEXT.replace("when: E4 >= several\n", "when: E9 >= 2\n").replace("when: E5 >= several\n", "when: E8 >= 2\n")
    with pytest.raises(InvalidData) as raised:
        read_rule(text, "rule.yaml")

    assert [each.what.partition(":")[0] for each in raised.value.problems] == ["clause '3'", "clause '2(b)'"]


def test_a_mistyped_rule_is_guessed():
    """An unknown rule is answered with the nearest one."""
    with pytest.raises(NotFound, match="did you mean 'pdtsrg-2009'"):
        load_rule("pdtsrg-2010")


def test_a_review_may_have_its_own_rules(tmp_path):
    """A file of the folder `rules` is a rule like those shipped, and may not take the name of one of them."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "ours.yaml").write_text(TEXT.replace("rule: pdtsrg-2009", "rule: ours"), encoding="utf-8")
    (tmp_path / "rules" / "cebc.yaml").write_text(TEXT, encoding="utf-8")

    assert set(rule_names(tmp_path)) == {"ours", *rule_names()}
    assert load_rule("ours", tmp_path).key == "ours"
    with pytest.raises(InvalidData, match=r"rules/cebc.yaml:1:1: SY654 a rule 'cebc' comes with synth already"):
        load_rule("cebc", tmp_path)


def test_a_rule_that_cannot_be_read_is_told_with_its_path(tmp_path):
    """A file that is too large, one that leads out of the review, and one that is not UTF-8; a folder is no rule."""
    folder, outside = tmp_path / "review" / "rules", tmp_path / "outside.yaml"
    folder.mkdir(parents=True)
    outside.write_text(TEXT, encoding="utf-8")
    (folder / "far.yaml").symlink_to(outside)
    (folder / "large.yaml").write_text("#" * 1_000_001, encoding="utf-8")
    (folder / "odd.yaml").write_bytes(b"rule: \xff")
    (folder / "folder.yaml").mkdir()

    assert "folder" not in rule_names(folder.parent)
    for name in ("far", "large", "odd"):
        with pytest.raises(InvalidData, match=rf"rules/{name}.yaml:1:1: SY650"):
            load_rule(name, folder.parent)
