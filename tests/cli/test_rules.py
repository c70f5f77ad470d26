"""`synth rules`: list, show, check, run, behave and design, as text, JSON and CSV."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.rules import rules
from synthesis.errors import InvalidArgument, NotFound
from synthesis.pipeline import check_review
from synthesis.scoring.operating import behaviour
from synthesis.scoring.reading.rule_file import SHIPPED, load_rule, rule_names
from tests.records.example import STUDY, write
from tests.scoring.points_template import TEMPLATE


@pytest.fixture
def review(tmp_path):
    root = write(tmp_path, {"doe2001": STUDY})
    (root / "rules").mkdir()
    (root / "rules" / "points-template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return root


def invoke(*arguments):
    return CliRunner().invoke(rules, list(map(str, arguments)), catch_exceptions=False)


def run(*arguments):
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_list_has_shipped_rules_and_own_ones(review):
    """Every rule with how many clauses were seen, the review's own marked."""
    lines = run("list", "--root", review).splitlines()
    found = json.loads(run("list", "--root", review, "--format", "json"))

    assert any(line.startswith("points-template (own)") and "4 of 4" in line for line in lines)
    assert {one["rule"] for one in found} == {*rule_names(), "points-template"}
    assert [one["rule"] for one in found if one["own"]] == ["points-template"]
    assert len(rows_of(run("list", "--root", review, "--format", "csv"))) == len(found)


def test_show_has_every_clause_with_its_mark(review):
    """What it gives, when, where it was printed, and how far it was seen; the policy that is asked for."""
    text = run("show", "sherman-1998", "--policy", "harm_only", "--root", review)
    rule = load_rule("sherman-1998")

    assert "policy harm_only: only significant harm shows ineffectiveness" in text
    for clause in rule.policies["harm_only"].clauses:
        assert f"    {clause.label} -> {clause.output}: " in text
        assert f"{clause.says} [{clause.verified}]" in text
    assert "0 of 4 clauses were read in their source" in text


@pytest.mark.parametrize("name", rule_names())
def test_every_rule_can_be_shown(name, review):
    """As text and as JSON with every clause."""
    rule = load_rule(name)
    value = json.loads(run("show", name, "--root", review, "--format", "json"))

    assert run("show", name, "--root", review).startswith(f"{name}: ")
    assert [one["clause"] for one in value["clauses"]] == [one.label for one in rule.policies[rule.base].clauses]


def test_show_of_an_unknown_rule(review):
    """The nearest name is suggested."""
    with pytest.raises(NotFound, match="did you mean 'sherman-1998'"):
        run("show", "sherman-1989", "--root", review)


def test_check_of_a_review_and_of_files(review, tmp_path):
    """A right file is told of on stderr; a fault stands at its place, and the command exits 1."""
    done = invoke("check", "--root", review)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "points-template, 0 examples come to what they say" in done.stderr

    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        TEMPLATE.replace("B >= 2", "__import__ >= 2").replace("points-template", "wrong"), encoding="utf-8"
    )
    done = invoke("check", wrong)
    assert done.exit_code == 1
    place = next(number for number, line in enumerate(wrong.read_text().splitlines(), 1) if "__import__" in line)
    assert done.stdout.startswith(f"{wrong}:{place}:")
    assert "unknown name '__import__'" in done.stdout


def test_check_runs_the_examples(review):
    """An example that the rule does not come to is a fault at its line."""
    example = "examples:\n  - {studies: [{direction: effective, significant: true}], expect: '3'}\n"
    path = review / "rules" / "points-template.yaml"
    path.write_text(TEMPLATE.replace("examples: []\n", example), encoding="utf-8")
    done = invoke("check", "--root", review, "--format", "json")
    (problem,) = json.loads(done.stdout)

    assert done.exit_code == 1
    assert (problem["path"], problem["code"]) == ("rules/points-template.yaml", "SY656")
    assert "gives '2', not '3'" in problem["what"]


def test_check_of_a_file_that_is_no_text(tmp_path):
    """One fault, and no traceback."""
    path = tmp_path / "odd.yaml"
    path.write_bytes(b"\xff\xfe")
    done = invoke("check", path, "--format", "github")

    assert done.exit_code == 1
    assert "title=SY650" in done.stdout


def test_a_rule_that_is_named_as_a_shipped_one(review):
    """It is a fault wherever rules are checked, whichever rule the review uses: no other command could run."""
    (review / "rules" / "uspstf.yaml").write_text((SHIPPED / "uspstf.yaml").read_text(encoding="utf-8"))
    done = invoke("check", "--root", review)

    assert done.exit_code == 1
    assert "rules/uspstf.yaml:1:1: SY654 a rule 'uspstf' comes with synth already" in done.stdout
    assert "SY654" in {problem.code for problem in check_review(review)}


def test_run_of_all_rules(review):
    """Every rule that grades an intervention, the review's own too; a mark where the clause was not seen."""
    found = json.loads(run("run", "--root", review, "--format", "json"))
    graded = {name for name in rule_names() if load_rule(name).grades != "study"}
    text = run("run", "--root", review)

    assert {one["rule"] for one in found} == {*graded, "points-template"}
    assert len(rows_of(run("run", "--root", review, "--format", "csv"))) == len(found)
    unseen = [one for one in found if one["output"] and one["verified"] != "text"]
    assert unseen
    assert f"{len(unseen)} of {sum(bool(one['output']) for one in found)} outputs are of clauses not seen whole" in text
    assert "recalled, not seen in its source" in text


def test_run_of_one_rule_under_a_policy(review):
    """Only that rule, under that reading; a policy alone is refused."""
    found = json.loads(run("run", "sherman-1998", "--policy", "harm_only", "--root", review, "--format", "json"))

    assert {(one["rule"], one["policy"]) for one in found} == {("sherman-1998", "harm_only")}
    with pytest.raises(InvalidArgument, match="name one"):
        run("run", "--policy", "harm_only", "--root", review)


def test_behave_is_the_behaviour_of_each_setting(review):
    """CSV and JSON have the exact probabilities, and a row for each setting."""
    arguments = (
        "behave",
        "pdtsrg-2009",
        "--root",
        review,
        "--k",
        "2,4",
        "--theta",
        "0.3",
        "--tau2",
        "0.02",
        "--levels",
        "5,4",
    )
    rows = rows_of(run(*arguments, "--format", "csv"))
    value = json.loads(run(*arguments, "--format", "json"))
    alone = behaviour(load_rule("pdtsrg-2009"), [2 / 100 + 0.09 / 400] * 4, theta=0.3, tau2=0.02, levels=[5, 4, 5, 4])

    assert [row["k"] for row in rows] == ["2", "4"]
    assert float(rows[1]["p_3"]) == pytest.approx(alone.probability("3"), rel=1e-5)
    assert value["rows"][1]["probabilities"]["3"] == pytest.approx(alone.probability("3"), abs=1e-12)


def test_clauses_not_seen_are_named_wherever_they_decide(review):
    """In the table, JSON and CSV of both commands; a rule seen whole has none."""
    named = "works [recalled], does not work [recalled], promising [recalled], unknown [recalled]"
    for command in ("behave", "design"):
        common = (command, "sherman-1998", "--root", review, "--k", "2")
        assert f"clauses not seen whole in their source: {named}" in run(*common)
        assert "works [recalled]" in str(json.loads(run(*common, "--format", "json"))["clauses_not_seen"])
        assert rows_of(run(*common, "--format", "csv"))[0]["not_seen"] == named.replace(", ", "; ")
    assert "not seen" not in run("behave", "points-template", "--root", review, "--k", "2")


def test_behave_as_text_with_a_figure(review, tmp_path):
    """The settings, how they were found, what is not reported; and the figure with its own values."""
    target = tmp_path / "behave.svg"
    arguments = ("--k", "1,3", "--theta", "0.2", "--tau2", "0", "--pools", "--figure", target)
    text = run("behave", "points-template", "--root", review, *arguments)

    assert text.startswith("points-template, policy harm_only; Maryland levels in turn: 5; v = 2 / n")
    assert "exact distributions" in text
    assert "pooled above 0" in text
    assert "score 3 in" in target.read_text(encoding="utf-8")


def test_behave_of_selective_publication(review):
    """What is reported stands beneath the table; with --pools it is refused."""
    text = run(
        "behave",
        "points-template",
        "--root",
        review,
        "--k",
        "10",
        "--publication",
        "0.2",
        "--theta",
        "0",
        "--tau2",
        "0",
    )

    assert (
        "reported with probability: effective 1, ineffective 0.2, contrary 0.2; k counts the studies reported" in text
    )
    assert " 0.260" in text
    with pytest.raises(InvalidArgument, match="--pools"):
        run("behave", "points-template", "--root", review, "--publication", "0.5", "--pools")


def test_behave_with_facts_and_what_is_known(review):
    """Judgements that a rule asks for; without them it says that outputs stay open."""
    common = (
        "behave",
        "blueprints",
        "--policy",
        "from_level",
        "--root",
        review,
        "--k",
        "2",
        "--theta",
        "0.5",
        "--tau2",
        "0",
    )
    judged = ("--known", "specificity=true", "--known", "dissemination_ready=true", "--fact", "randomised=true")
    open_ = run(*common)
    text = run(*common, *judged, "--fact", "months=14", "--fact", "independent=false")

    assert "leaves another output open" in open_
    assert "leaves another output open" not in text
    assert "P(model)" in text


def test_design_ranks_choices(review, tmp_path):
    """By loss, with the prior and the loss in words; as CSV, JSON and a figure."""
    arguments = (
        "design",
        "pdtsrg-2009",
        "--root",
        review,
        "--vary",
        "several=1,2",
        "--policies",
        "literal,cautious",
        "--k",
        "3",
    )
    target = tmp_path / "design.svg"
    text = run(*arguments, "--truth", "0.5:0", "--truth", "0.5:0.2:0.01:0.5", "--cost-useless", "5", "--figure", target)
    rows = rows_of(run(*arguments, "--format", "csv"))
    value = json.loads(run(*arguments, "--format", "json"))

    assert "0.50: theta = 0.2, tau2 = 0.01; reported with probability: effective 1, ineffective 0.5" in text
    assert "loss: 5 for a useless one called useful, 1 for a useful one missed" in text
    assert [float(row["loss"]) for row in rows] == sorted(float(row["loss"]) for row in rows)
    assert len(rows) == len(value["choices"]) == 4
    assert "P(3 | useful)" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("behave", "pdtsrg-2009", "--k", "two"), "write numbers"),
        (("behave", "pdtsrg-2009", "--k", "2.5"), "whole numbers"),
        (("behave", "pdtsrg-2009", "--fact", "level"), "write NAME=VALUE"),
        (("design", "pdtsrg-2009", "--vary", "several"), "write NAME=VALUES"),
        (("design", "pdtsrg-2009", "--truth", "0.5"), "write WEIGHT:THETA"),
    ],
)
def test_wrong_usage(arguments, what):
    """Exit code 2 and what to write."""
    done = invoke(*arguments)

    assert done.exit_code == 2
    assert what in done.stderr


def test_a_figure_needs_a_format(review, tmp_path):
    """The ending of its file is the format; another one is refused before anything is read."""
    for command in ("behave", "design"):
        with pytest.raises(InvalidArgument, match="no format of a figure"):
            run(command, "no-such-rule", "--root", review, "--figure", tmp_path / "x.doc")


def test_shipped_rules_need_no_review(tmp_path, monkeypatch):
    """Outside a review they can be listed, shown and asked how they behave."""
    monkeypatch.chdir(tmp_path)

    assert len(json.loads(run("list", "--format", "json"))) == len(rule_names())
    assert "exact distributions" in run("behave", "pdtsrg-2009", "--k", "2")
