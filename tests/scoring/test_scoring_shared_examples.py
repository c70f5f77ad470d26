"""The examples of the rule sets in /work/shared/rules (copied to tests/data/rules), run by this project's interpreter.

53 checks, all of them counted in `test_all_examples_are_run`: 45 examples (10 profiles of levels, 5 Sherman, 6 What
Works Clearinghouse, 5 Blueprints, 5 CEBC, 4 Title IV-E, 3 EST, 6 sign tests, 1 EMCDDA), and 8 cells of the grid of the
USPSTF. The row of the grid for low certainty, the sizes of GRADE and the improvement indices come beside them.
"""

import random
import re
from itertools import product
from pathlib import Path

import pytest
import yaml

from synthesis.effects.information_size import people_for_means
from synthesis.records.study import METHODS
from synthesis.scoring.engine.grade import grade_studies
from synthesis.scoring.language import evaluate, numbers_of, parse
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.score import score, score_cells
from synthesis.scoring.states import ScoredFinding

DATA = Path(__file__).parents[1] / "data" / "rules"
SHARED = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.yaml"))}
FILES = {
    "02-sherman-1998": "sherman-1998",
    "04-wwc-v1": "wwc-v1",
    "05-blueprints": "blueprints",
    "06-cebc-and-ive": "cebc",
    "06b-title-iv-e": "title-iv-e",
    "07-est-division12": "est-jccap",
}
FILE_OF = {name: file for file, name in FILES.items()}
RULES = {name: load_rule(name) for name in FILE_OF}
DIRECTION = {
    "+": {"direction": "effective", "significant": True},
    "-": {"direction": "contrary", "significant": True},
    "0": {"direction": "ineffective", "significant": False},
}
OURS = {  # a field of a study there -> here
    "sms": "level",
    "rct": "randomised",
    "es": "effect",
    "months_post": "months",
    "usual_care": "in_usual_care",
    "equiv_powered": "equivalence_powered",
    "m2": "manual",
    "m3": "population_defined",
    "m4": "outcome_measures",
    "m5": "analysis_adequate",
    "has_comparison": "comparison",
    "multi_units": "several_units",
}
METHOD = {code: word for word, code in METHODS.items()}
COMPARATORS = {"waitlist": "none", "established": "active", "usual": "usual care"}
COMPARABILITY = {"none": "not comparable", "minor_differences": "minor differences"}
GRID = SHARED["10-lookups"]["uspstf"]["grid"]


def examples_of(file):
    """The examples of a shared file with what makes a test id."""
    return [pytest.param(example, id=f"{file}-{place}") for place, example in enumerate(SHARED[file]["examples"])]


def fields_of(row):
    """A study row of the shared files in the fields of this project."""
    fields = {OURS.get(name, name): value for name, value in row.items() if name not in ("dir", "sample_id", "qed")}
    fields |= DIRECTION.get(row.get("dir"), {})
    if row.get("qed"):
        fields["comparison"] = True
    if "comparator" in row:
        fields["comparator"] = COMPARATORS.get(row["comparator"], row["comparator"])
        fields["established"] = row["comparator"] == "established"
    if "method" in row:
        fields["method"] = METHOD[row["method"]]
    if "comparability" in row:
        fields["comparability"] = COMPARABILITY.get(row["comparability"], row["comparability"])
    return {name: float(value) if type(value) is int else value for name, value in fields.items()}


def known_at(number):
    """One number as a column."""
    return numbers_of([number])


def as_findings(studies, names=()):
    """One finding for each set of fields; those of one name are findings of one study."""
    names = names or [f"study {place}" for place in range(len(studies))]
    return [
        ScoredFinding(name, None, "", "", "", reference=f"{place}", facts=tuple(fields.items()))
        for place, (name, fields) in enumerate(zip(names, studies, strict=True))
    ]


def findings_of(rows):
    """Rows as findings: those of one sample are findings of one study, any other row stands for its own."""
    return as_findings(
        [fields_of(row) for row in rows], [row.get("sample_id", f"study {place}") for place, row in enumerate(rows)]
    )


def outcome(name, rows, context=None):
    """What our rule gives for rows of the shared files, and the clause that gave it."""
    found = score(findings_of(rows), RULES[name], context=context or {})
    return {found.output, found.clause}


CASES = [
    pytest.param(name, example, id=f"{name}-{place}")
    for file, name in FILES.items()
    for place, example in enumerate(SHARED[file]["examples"])
]


@pytest.mark.parametrize(("name", "example"), CASES)
def test_examples_of_studies(name, example):
    """5 + 6 + 5 + 5 + 4 + 3 = 28 examples of verdicts; three of the WWC and one of Title IV-E are printed."""
    assert example["expect"] in outcome(name, example["studies"], example.get("context"))


@pytest.mark.parametrize("example", examples_of("01-sms-levels"))
def test_examples_of_levels(example):
    """10 examples of levels, 5 of them printed; `null` there is `not_scoreable` here."""
    (graded,) = grade_studies([fields_of(example["study"])], load_rule(example["profile"]))

    assert graded.output == ("not_scoreable" if example["expect"] is None else str(example["expect"]))


@pytest.mark.parametrize("example", examples_of("09-direction-swim"))
def test_examples_of_sign_tests(example):
    """6 sign tests, 2 printed (P = .0039 for 9 of 9, .2188 for 5 of 6); above one half, two sides are twice one."""
    found = evaluate(parse(f"sign_test({example['x']}, {example['n']})", {}), {}, 1)
    expected = example["p_two_sided"] if "p_two_sided" in example else 2 * example["p_one_sided"]

    assert found.low == found.high == pytest.approx([expected], rel=1e-12)


@pytest.mark.parametrize(
    ("certainty", "benefit"), [(row, column) for row in ("high", "moderate") for column in GRID[row]]
)
def test_the_grid_of_the_task_force(certainty, benefit):
    """8 cells of the printed grid."""
    context = {"certainty": certainty, "net_benefit": benefit.replace("zero_neg", "zero or negative")}

    assert score([], load_rule("uspstf"), context=context).output == GRID[certainty][benefit]


def test_the_task_force_on_low_certainty():
    """Whatever the benefit, low certainty is I."""
    assert score([], load_rule("uspstf"), context={"certainty": "low"}).output == GRID["low"]


def test_the_printed_example_of_the_emcdda():
    """Drug court programmes to reduce recidivism are likely beneficial (measures inferred as limited)."""
    printed = SHARED["10-lookups"]["emcdda_treatment"]["example"]
    found = score([], load_rule("emcdda"), context={"measures": "limited", "adverse_effects": False})

    assert found.output == printed["Drug court programmes to reduce recidivism"]


def test_two_published_rules_disagree_on_one_therapy():
    """Multidimensional Family Therapy is well-established by the count of 2008 and only supported by Title IV-E."""
    trial = {"dir": "+", "rct": True, "quality": "high", "usual_care": True, "months_post": 6, "comparator": "active"}
    methods = dict.fromkeys(("m2", "m3", "m4", "m5"), True)
    rows = [{**trial, **methods, "team": team} for team in ("one", "another")]

    assert "well_established" in outcome("est-jccap", rows)
    assert "supported" in outcome("title-iv-e", rows)


def test_all_examples_are_run():
    """28 of studies + 10 of levels + 6 sign tests + 1 of the EMCDDA = 45; with the 8 cells of the grid, 53."""
    elsewhere = len(SHARED["01-sms-levels"]["examples"]) + len(SHARED["09-direction-swim"]["examples"]) + 1
    cells = sum(len(GRID[row]) for row in ("high", "moderate"))

    assert (len(CASES), elsewhere, cells) == (28, 10 + 6 + 1, 8)
    assert len(CASES) + elsewhere + cells == 53
    assert sum(len(shared.get("examples", ())) for shared in SHARED.values()) == 28 + 10 + 6


def test_the_sizes_of_grade():
    """People an arm as the shared file prints them: d = 0.2, 0.3 and 0.5."""
    printed = re.findall(r"d=([\d.]+): (\d+)", SHARED["08-grade-lite"]["helpers"]["ois_continuous_per_arm"])

    assert len(printed) == 3
    assert [people_for_means(float(d))[0] for d, _ in printed] == [float(people) for _, people in printed]


def test_the_clauses_are_marked_as_in_the_shared_files():
    """Each clause of the What Works Clearinghouse is as far verified as the shared file says."""
    marked = {rule["output"]: rule["verified"] for rule in SHARED["04-wwc-v1"]["rules"]}
    procedure = RULES["wwc-v1"].policies["judged"]

    assert {each.output: each.verified for each in procedure.clauses if each.verified != "ours"} == marked


class Peer:
    """A plain reading of a shared rule file in Python, study by study: what the files themselves would say."""

    def __init__(self, shared):
        self.shared = shared

    def holds(self, text, names):
        return eval(text, {"__builtins__": {}}, dict(names))  # the shared files are ours, and write Python

    def outcome(self, rows, context):
        admitted = [row for row in rows if self.holds(self.shared["select"], row)]
        names = {**self.shared.get("params", {}), **context}
        names |= {name: self.feature(feature, admitted) for name, feature in self.shared["features"].items()}
        for name, text in self.shared.get("derived", {}).items():
            names[name] = self.holds(text, names)
        return next(rule["output"] for rule in self.shared["rules"] if self.holds(rule["when"], names))

    def feature(self, feature, rows):
        ((kind, what),) = feature.items()
        if kind == "n_distinct":
            return len({row[what[0]] for row in rows if self.holds(what[1], row)})
        held = [bool(self.holds(what, row)) for row in rows]
        return any(held) if kind == "any" else sum(held)


def drawn_study(draw, place):
    """A study with every field that the shared files speak of."""
    state = draw.choice("++-00")
    size = {"+": draw.choice([0.1, 0.3, 0.6]), "-": -0.4, "0": draw.choice([-0.3, -0.1, 0.0, 0.1, 0.25, 0.4])}[state]
    comparators = ["placebo", "active", "waitlist", "none", "usual", *(["established"] if state != "+" else [])]
    truths = ("usual_care", "peer_reviewed", "equiv_powered", "m2", "m3", "m4", "m5", "rct")
    rct = draw.random() < 0.6
    return {
        **{name: draw.random() < 0.8 for name in truths},
        "independent": draw.random() < 0.4,
        "sample_id": f"study {place}",
        "sms": draw.choice([1, 2, 3, 4, 5]),
        "dir": state,
        "es": size,
        "rct": rct,
        "qed": not rct and draw.random() < 0.7,
        "quality": draw.choice(["high", "high", "moderate", "low"]),
        "team": draw.choice("AB"),
        "comparator": draw.choice(comparators),
        "months_post": draw.choice([0, 5, 6, 11, 12, 24]),
    }


def context_of(shared, draw):
    """Judgements of an intervention, mostly in its favour."""
    asked = shared.get("needs_judgement", [])
    return {name: (draw.random() < 0.2) if name == "harm_signal" else draw.random() < 0.8 for name in asked}


@pytest.mark.parametrize(("file", "name"), FILES.items())
def test_whole_rules_agree_with_a_plain_reading(file, name):
    """2,000 sets of up to six studies, seed 1: our file gives what the shared one does, blank being its last output."""
    draw, shared = random.Random(1), SHARED[file]
    sets = [[drawn_study(draw, place) for place in range(draw.randrange(7))] for _ in range(2_000)]
    contexts = dict(enumerate(context_of(shared, draw) for _ in sets))
    theirs = [Peer(shared).outcome(rows, contexts[place]) for place, rows in enumerate(sets)]
    found = score_cells(dict(enumerate(map(findings_of, sets))), RULES[name], contexts=contexts)
    last = shared["rules"][-1]["output"]
    ours = [found[place].output.removeprefix("level_") or last for place in range(len(sets))]

    assert [
        (sets[place], pair) for place, pair in enumerate(zip(theirs, ours, strict=True)) if len(set(pair)) > 1
    ] == []
    assert set(theirs) == {rule["output"] for rule in shared["rules"]}


ASSUMING = {"from_level", "methods_taken_as_met"}  # policies that put something in place of a judgement
HIDDEN = ("quality", "randomised", "comparison", "months", "in_usual_care", "independent", "team", "manual")


def with_gaps(fields, draw):
    """A finding without some of what is known of it; the significance of a direction may be among what is hidden."""
    hidden = {name for name in (*HIDDEN, "significant", "effect", "peer_reviewed") if draw.random() < 0.25}
    return {name: value for name, value in fields.items() if name not in hidden or fields["direction"] == "ineffective"}


def judged_in_part(asks, draw):
    """Some of the judgements of an intervention; without a study, a signal of harm that nobody asked about is none."""
    return {ask: value for ask, value in asks.items() if ask == "harm_signal" or draw.random() < 0.7}


@pytest.mark.parametrize("name", RULES)
def test_what_is_not_stated_closes_nothing(name):
    """What 200 sets with gaps could have been is their output or stays open, except where a policy judges."""
    draw = random.Random(2)
    whole = {place: [fields_of(drawn_study(draw, row)) for row in range(draw.randrange(5))] for place in range(200)}
    context = {place: context_of(SHARED[FILE_OF[name]], draw) for place in whole}
    known = {place: judged_in_part(asks, draw) for place, asks in context.items()}
    gaps = {place: [with_gaps(fields, draw) for fields in studies] for place, studies in whole.items()}
    for policy in sorted(set(RULES[name].policies) - ASSUMING):
        sure = score_cells({key: as_findings(cell) for key, cell in whole.items()}, RULES[name], policy, context)
        open_ = score_cells({key: as_findings(cell) for key, cell in gaps.items()}, RULES[name], policy, known)
        missed = [key for key in whole if sure[key].output not in (open_[key].output, *open_[key].could_be)]

        assert [(gaps[key], whole[key], open_[key].output, sure[key].output) for key in missed] == []
        assert any(open_[key].could_be for key in whole)


@pytest.mark.parametrize(("x", "n", "low", "high"), [(81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605")])
def test_the_interval_of_a_share(x, n, low, high):
    """Wilson's interval as direction-swim reckons it; as printed in Newcombe 1998, table I."""
    procedure = load_rule("direction-swim").policies["five_percent"]
    columns = {"for_benefit": known_at(x), "with_direction": known_at(n), "z": known_at(procedure.values["z"])}
    for name in ("middle", "half", "share_low", "share_high"):
        columns[name] = evaluate(procedure.features[name].choices[0].value, columns, 1)

    assert [f"{columns[name].low[0]:.4f}" for name in ("share_low", "share_high")] == [low, high]


LEVELS = SHARED["01-sms-levels"]["profiles"]
DESIGNS = {
    "maryland-1998": {
        **dict.fromkeys(("randomised", "has_comparison", "pre_post", "multi_units", "sound"), (True, False)),
        "comparability": ("none", "claimed", "demonstrated", "minor_differences"),
        "controls": ("none", "adequate"),
        "attrition": (None, 0.1, 0.2, 0.21),
    },
    "wwclg-2016": {"method": tuple(METHOD), "sound": (True, False), "controls": ("none", "adequate")},
    "magentabook-r": {"method": tuple(METHOD)},
}


def plain_level(profile, design):
    """What the shared profile itself would say, `serious_attrition` being more than a fifth that is reported."""
    shared = LEVELS[profile]
    lost = design.get("attrition")
    names = {**design, "serious_attrition": lost is not None and lost > 0.2, "max": max}
    names["cap"] = shared.get("caps", {}).get(design.get("method"))
    level = next(rule["level"] for rule in shared["rules"] if eval(rule["when"], {"__builtins__": {}}, names))
    return eval(level, {"__builtins__": {}}, names) if isinstance(level, str) else level


@pytest.mark.parametrize(("profile", "size"), [("maryland-1998", 1024), ("wwclg-2016", 60), ("magentabook-r", 15)])
def test_whole_profiles_agree_with_a_plain_reading(profile, size):
    """Every combination of features: 2^5 x 4 x 2 x 4, 15 x 2 x 2, and 15 methods."""
    features = DESIGNS[profile]
    designs = [dict(zip(features, values, strict=True)) for values in product(*features.values())]
    known = [{name: value for name, value in fields_of(design).items() if value is not None} for design in designs]
    ours = [graded.output for graded in grade_studies(known, load_rule(profile))]
    theirs = [str(plain_level(profile, design)).replace("None", "not_scoreable") for design in designs]

    assert len(designs) == size
    assert [(design, pair) for design, *pair in zip(designs, ours, theirs, strict=True) if len(set(pair)) > 1] == []


GRADE = SHARED["08-grade-lite"]
CERTAINTY = {4: "high", 3: "moderate", 2: "low", 1: "very_low"}
INTERVALS = {0: ((0.2, 0.6), (-0.1, 0.1), (-0.2, 0.2), (-0.9, -0.2)), 1: ((0.1, 0.3), (-0.4, 0.1)), 2: ((-0.3, 0.4),)}


def drawn_body(draw):
    """Inputs of the suggestions, cut points among them."""
    return {
        "design": draw.choice(["rct", "rct", "observational"]),
        "pct_weight_high_rob": draw.choice([0.0, 0.0, 0.49, 0.5, 0.89, 0.9, 1.0]),
        "I2": draw.choice([0, 39, 40, 75, 76]),
        "same_direction": draw.random() < 0.7,
        "n_thresholds_crossed": draw.choice([0, 0, 0, 1, 2]),
        "large_effect": draw.random() < 0.3,
        "N": draw.choice([100, 199, 200, 399, 400, 900]),
        "ois": 400,
        "k": draw.choice([3, 9, 10, 12]),
        "egger_p": draw.choice([0.05, 0.1, 0.5]),
        "indirectness_judgement": draw.choice([0, 0, 0, 1, 2]),
        "effect_rr": draw.choice([0.2, 0.3, 0.5, 0.9, 1.9, 2, 4.9, 5]),
    }


def plain_certainty(body):
    """The suggestions of the shared file: of several that hold in one domain the most, and then its output."""
    domains = {name: lines for name, lines in GRADE["suggest"].items() if name != "upgrade"}
    down = sum(most_of(lines, "down", body) for lines in domains.values())
    up = most_of(GRADE["suggest"]["upgrade"], "up", {**body, "no_downgrades": down == 0})
    return CERTAINTY[max(1, min(4, GRADE["start"][body["design"]] - down + up))]


def most_of(lines, what, names):
    held = [line[what] for line in lines if eval(line["when"], {"__builtins__": {}}, dict(names))]
    return max((names[value] if isinstance(value, str) else value for value in held), default=0)


def test_certainty_agrees_with_a_plain_reading():
    """1,500 bodies of evidence, seed 3: the suggestions of grade-lite are those of the shared file."""
    draw = random.Random(3)
    bodies = [drawn_body(draw) for _ in range(1_500)]
    contexts = {}
    cells = {}
    for place, body in enumerate(bodies):
        low, high = draw.choice(INTERVALS[body["n_thresholds_crossed"]])
        contexts[place] = {
            "indirectness": body["indirectness_judgement"], "information_size": body["ois"], "people": body["N"],
            "large_effect": body["large_effect"], "risk_ratio": body["effect_rr"], "worthwhile": 0.2,
            "weight_high_risk": body["pct_weight_high_rob"], "i2": body["I2"], "k": body["k"],
            "egger_p": body["egger_p"], "ci_low": low, "ci_high": high,
        }  # fmt: skip
        signs = [1.0, 1.0] if body["same_direction"] else [1.0, -1.0]
        trial = {"randomised": body["design"] == "rct"}
        cells[place] = as_findings([{"direction": "effective", **trial, "effect": sign} for sign in signs])
    found = score_cells(cells, load_rule("grade-lite"), contexts=contexts)
    ours = [found[place].output for place in cells]
    theirs = [plain_certainty(body) for body in bodies]

    assert [
        (bodies[place], pair) for place, pair in enumerate(zip(theirs, ours, strict=True)) if len(set(pair)) > 1
    ] == []
    assert set(theirs) == set(CERTAINTY.values())
