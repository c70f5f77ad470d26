"""The review's studies as the data of harvest, effect-direction and albatross plots: the numbers are the review's."""

import math
from functools import cache
from pathlib import Path

import pytest
from scipy.stats import norm

from synthesis.errors import InvalidArgument, NotFound
from synthesis.pipeline import load, pool_review
from synthesis.plain.directions import results_of
from synthesis.plain.table import read_table
from synthesis.records.study import Counts
from synthesis.rendering.figures.albatross import albatross_data
from synthesis.rendering.figures.effect_direction import effect_direction_data
from synthesis.rendering.figures.harvest import harvest_data
from synthesis.rendering.figures.of_table import albatross_of_table, effect_direction_of_table, harvest_of_table
from synthesis.rendering.figures.results import study_results
from synthesis.rendering.plots.albatross_data import checked as checked_albatross
from synthesis.rendering.plots.albatross_data import participants
from synthesis.rendering.plots.effect_direction_data import checked as checked_arrows
from synthesis.rendering.plots.harvest_data import checked as checked_harvest
from tests.small_review import STUDY, write_review

ROOT = Path(__file__).parents[2]
EVERY_LEVEL = (1, 2, 3, 4, 5)


@cache
def shipped():
    """The shipped review, and its evidence of every level."""
    loaded = load(ROOT)
    return loaded, pool_review(loaded, {"maryland": EVERY_LEVEL})


def small(root, **asked):
    """Evidence and protocol of a review folder."""
    loaded = load(root)
    return pool_review(loaded, asked), loaded.records.review


def record(root, name, a, n1, c, n2, *, change=lambda text: text, level=5, comparator="usual care"):
    """One more study of the small review, its text changed."""
    given = {"name": name, "cite": "Ames2001", "n": n1 + n2, "level": level, "comparator": comparator}
    text = STUDY.format(**given, a=a, n1=n1, c=c, n2=n2)
    (root / "studies" / f"{name}.yaml").write_text(change(text), encoding="utf-8")


def log_risk_ratio(a, n1, c, n2):
    """The effect and its variance, by the formula in any textbook."""
    return math.log(a / n1 / (c / n2)), 1 / a - 1 / n1 + 1 / c - 1 / n2


def bars(data):
    return {bar.label: bar for row in data.rows for bar in row.bars}


def arrows(data, label):
    (row,) = [row for row in data.rows if row.label == label]
    return row.arrows


def point(data, label):
    (found,) = [one for one in data.points if one.label == label]
    return found


def test_the_effect_of_a_study_is_that_of_the_pool():
    """Every study of every headline pool of the shipped review stands with the effect that the pool takes."""
    loaded, evidence = shipped()
    found = {(one.cell, one.study.key): one for one in study_results(evidence, loaded.records.review)}
    pooled = [(pool, entry) for pool in evidence.pools if pool.headline for entry in pool.entries]

    assert len(pooled) > 200
    for pool, entry in pooled:
        one = found[pool.key.by, entry.study.key]
        assert (one.entry.yi, one.entry.vi, one.level) == (entry.yi, entry.vi, entry.level)


def test_harvest_has_every_study_once():
    """A bar for each study with numbers or words on an outcome, counted in the records of the shipped review."""
    loaded, evidence = shipped()
    data = checked_harvest(harvest_data(evidence, loaded.records.review))
    numbers = {(one.contrast.study.key, one.contrast.finding.place) for one in evidence.effects}
    told = {
        (one.finding.modality, one.finding.outcome, one.study.key)
        for one in evidence.selection.contrasts
        if one.group == "inactive"
        and ((one.study.key, one.finding.place) in numbers or one.finding.reported.direction != "not stated")
    }

    assert sum(len(row.bars) for row in data.rows) == len(told)
    assert {(row.label, bar.label) for row in data.rows for bar in row.bars} == {
        (f"{loaded.records.review.modalities[m].label}: {loaded.records.review.outcomes[o].label}", key)
        for m, o, key in told
    }


def test_harvest_places_by_the_test_of_the_effect(tmp_path):
    """Significant benefit, no difference and significant harm; what the authors say stands beside."""
    root = write_review(tmp_path)
    cells = {"near1999": (20, 50, 25, 50), "worse1999": (40, 50, 20, 50)}
    for name, cell in cells.items():
        record(root, name, *cell, level=4, comparator="none")
    evidence, review = small(root)
    found = bars(checked_harvest(harvest_data(evidence, review, kind="comparator")))
    z = {name: log_risk_ratio(*cell)[0] / log_risk_ratio(*cell)[1] ** 0.5 for name, cell in cells.items()}

    assert abs(z["near1999"]) < 1.96 < z["worse1999"]
    assert set(found) == {"ames2001", "burt2003", "cole2005", *cells}
    assert [found[name].computed for name in ("ames2001", *cells)] == ["benefit", "none", "harm"]
    assert {bar.reported for bar in found.values()} == {"benefit"}
    assert [(found[name].level, found[name].kind) for name in ("cole2005", "near1999")] == [
        (5, "usual care"),
        (4, "none"),
    ]


def test_harvest_keeps_words_without_numbers(tmp_path):
    """A study in words alone stands as reported, a mixed one between, one that says nothing in the notes."""
    root = write_review(tmp_path)
    effect = "    effect: {events: [5, 10], control_events: [5, 10]}\n"

    def in_words(words):
        said = f"direction: {words}"
        return lambda text: text.replace(effect, "").replace("direction: effective", said)

    for name, words in (("word1999", "contrary"), ("mixed1999", "mixed"), ("mute1999", "not stated")):
        record(root, name, 5, 10, 5, 10, change=in_words(words))
    data = harvest_data(*small(root))
    found = bars(data)

    assert (found["word1999"].computed, found["word1999"].reported) == (None, "harm")
    assert (found["mixed1999"].reported, data.panels[1]) == ("none", "No difference, or mixed")
    assert "mute1999" not in found
    assert "Without any stated direction, and not shown: mute1999." in data.footnotes


def test_rows_are_named_by_what_differs():
    """One modality: its outcomes; one outcome: the modalities."""
    loaded, _ = shipped()
    review = loaded.records.review
    one = harvest_data(pool_review(loaded, {"modalities": ("opioid_substitution",)}), review)
    many = harvest_data(pool_review(loaded, {"outcomes": ("reoffending",)}), review)

    assert (one.title, one.rows[0].label) == ("Opioid substitution", "Reduced drug use")
    assert (many.title, "Opioid substitution" in {row.label for row in many.rows}) == ("Reduced re-offending", True)


def test_arrows_count_the_findings_of_a_study(tmp_path):
    """Two findings in favour and one against are 67 %: sideways by the usual share, up where 60 % are enough."""
    root = write_review(tmp_path)

    def thrice(text):
        head, finding = text.split("findings:\n")
        second = finding.replace("detail: urine", "detail: hair")
        third = finding.replace("detail: urine", "detail: report").replace("[10, 50]", "[30, 50]")
        return f"{head}findings:\n{finding}{second}{third}"

    record(root, "three1999", 10, 50, 20, 50, change=thrice)
    evidence, review = small(root)
    (usual,) = arrows(checked_arrows(effect_direction_data(evidence, review)), "three1999")
    (lower,) = arrows(effect_direction_data(evidence, review, agree=0.6), "three1999")

    assert (usual.direction, usual.findings, usual.n) == ("sideways", 3, 100)
    assert lower.direction == "up"


def test_arrows_of_the_shipped_review():
    """Each arrow from one finding with counts points as the two shares of people do, whatever the significance."""
    loaded, _ = shipped()
    review = loaded.records.review
    evidence = pool_review(loaded, {"modalities": ("naltrexone",)})
    data = checked_arrows(effect_direction_data(evidence, review))
    outcomes = {review.outcomes[key].label: key for key in review.outcomes}
    compared = 0
    for row in data.rows:
        for label, arrow in zip(data.outcomes, row.arrows, strict=True):
            own = [
                one
                for one in evidence.effects
                if (one.contrast.study.key, one.contrast.finding.outcome) == (row.label, outcomes[label])
                and one.contrast.group == "inactive"
            ]
            if len(own) != 1 or not isinstance(own[0].data, Counts):
                continue
            counts, higher = own[0].data, review.outcomes[outcomes[label]].better == "higher"
            more = counts.events / counts.n > counts.control_events / counts.control_n
            same = counts.events * counts.control_n == counts.control_events * counts.n
            assert arrow.direction == ("sideways" if same else "up" if more == higher else "down")
            assert arrow.n == counts.n + counts.control_n
            compared += 1

    assert compared > 30


@pytest.mark.parametrize("agree", [0.5, 1.1, math.nan])
def test_a_share_that_cannot_decide_is_refused(tmp_path, agree):
    """At one half two ways could agree at once."""
    with pytest.raises(InvalidArgument, match=r"above 0.5 and at most 1"):
        effect_direction_data(*small(write_review(tmp_path)), agree=agree)


def test_albatross_has_the_z_test_and_the_people(tmp_path):
    """p by the z test of each log risk ratio, participants of both arms; effects below the null stand left."""
    data = checked_albatross(albatross_data(*small(write_review(tmp_path))))
    yi, vi = log_risk_ratio(30, 100, 44, 100)
    burt = point(data, "burt2003")

    assert burt.p == pytest.approx(2 * norm.sf(abs(yi) / vi**0.5), rel=1e-12)
    assert (burt.n, burt.direction, data.favours[0]) == (200, -1, "Favours treatment")
    assert (data.measure, data.baseline_risk) == ("RR", pytest.approx(0.44))
    assert "Baseline risk: the median of 3 control groups." in data.footnotes


def test_clusters_stand_at_their_effective_number(tmp_path):
    """100 people in 20 clusters with a correlation of .05 are worth 100 / 1.2; the variance grows by 1.2."""
    root = write_review(tmp_path)
    record(
        root, "groups1999", 10, 50, 20, 50,
        change=lambda text: text.replace("unit: individual", "unit: cluster, clusters: 20, icc: 0.05"),
    )  # fmt: skip
    found = point(albatross_data(*small(root)), "groups1999")
    yi, vi = log_risk_ratio(10, 50, 20, 50)

    assert participants(found) == pytest.approx(100 / 1.2, rel=1e-12)
    assert found.p == pytest.approx(2 * norm.sf(abs(yi) / (1.2 * vi) ** 0.5), rel=1e-12)


def test_a_shared_control_is_counted_once(tmp_path):
    """Two treated arms of 50 beside one control arm of 60 are 160 people."""
    root = write_review(tmp_path)

    def twice(text):
        head, finding = text.split("findings:\n")
        arm = head.replace("  tau:", "  more: {label: more of it}\n  tau:")
        return f"{arm}findings:\n{finding}{finding.replace('treatment: cbt', 'treatment: more')}"

    record(root, "arms1999", 10, 50, 20, 60, change=twice)

    assert point(albatross_data(*small(root)), "arms1999").n == 160


def test_an_arm_without_events_counts_as_people(tmp_path):
    """Arms of 0 and 2 of 50 beside a control of 0 of 60: one effect of 2 of 100, tested as any other."""
    root = write_review(tmp_path)

    def twice(text):
        head, finding = text.split("findings:\n")
        arm = head.replace("  tau:", "  more: {label: more of it}\n  tau:")
        more = finding.replace("treatment: cbt", "treatment: more").replace("[0, 50]", "[2, 50]")
        return f"{arm}findings:\n{finding}{more}"

    record(root, "none1999", 0, 50, 0, 60, change=twice)
    evidence, review = small(root)
    yi, vi = log_risk_ratio(2.5, 101, 0.5, 61)

    assert bars(harvest_data(evidence, review))["none1999"].computed == "none"
    assert point(albatross_data(evidence, review), "none1999").p == pytest.approx(
        2 * norm.sf(abs(yi) / vi**0.5), rel=1e-12
    )


def test_contours_that_the_pool_cannot_have_are_smd():
    """Of hazard ratios there are no contours: standardised mean differences, and the note says why."""
    loaded, _ = shipped()
    asked = {"modalities": ("opioid_substitution",), "outcomes": ("mortality",), "maryland": EVERY_LEVEL}
    data = checked_albatross(albatross_data(pool_review(loaded, asked), loaded.records.review))

    assert (data.measure, data.footnotes[0]) == ("SMD", "The pool is in HR, for which there are no contours.")


def test_nothing_to_draw_says_why(tmp_path):
    """No study at the asked level: the reasons of what was left out."""
    with pytest.raises(NotFound, match="Maryland level 5"):
        harvest_data(*small(write_review(tmp_path), maryland=(1,)))


@pytest.mark.parametrize("draw", [harvest_data, effect_direction_data])
def test_studies_that_state_nothing_are_named(tmp_path, draw):
    """Without numbers and words there is nothing to draw, which is not a direction of none."""
    root = write_review(tmp_path)
    for file in (root / "studies").glob("*.yaml"):
        text = file.read_text().replace("{direction: effective", "{direction: not stated")
        file.write_text("".join(f"{line}\n" for line in text.splitlines() if "effect:" not in line))

    with pytest.raises(NotFound, match="ames2001, burt2003, cole2005"):
        draw(*small(root))
    with pytest.raises(NotFound, match="studies with inactive comparators: 3; left out: comparator not stated"):
        draw(*small(root), active=True)


@pytest.mark.parametrize("draw", [harvest_data, albatross_data])
def test_an_attribute_that_there_is_not(tmp_path, draw):
    """The nearest name is suggested."""
    name = {harvest_data: "kind", albatross_data: "group"}[draw]
    with pytest.raises(InvalidArgument, match="did you mean 'setting'"):
        draw(*small(write_review(tmp_path)), **{name: "settng"})


TABLE = """\
study,outcome,yi,vi,p,n,level,said,where
a,use,-0.5,0.04,0.012,100,5,benefit,prison
b,use,-0.1,0.09,0.7,60,3,benefit,community
c,use,0.6,0.05,0.007,80,4,,prison
a,crime,-0.2,0.04,0.3,120,5,none,prison
d,crime,,,,50,2,harm,
"""
EFFECTS = {"yi": "yi", "vi": "vi", "n": "n", "level": "level"}


def rows_of(path, given, **how):
    path.write_text(TABLE)
    return results_of(read_table(path), given, by=("outcome",), study="study", **how)


def test_a_table_as_a_harvest(tmp_path):
    """Effects are tested by their variances, words stand beside them, and a row without either is named."""
    given = {**EFFECTS, "reported": "said", "kind": "where"}
    data = checked_harvest(harvest_of_table(rows_of(tmp_path / "t.csv", given, better="lower"), kind_name="where"))

    assert [[(bar.label, bar.computed, bar.reported) for bar in row.bars] for row in data.rows] == [
        [("a", "benefit", "benefit"), ("b", "none", "benefit"), ("c", "harm", None)],
        [("a", "none", "none"), ("d", None, "harm")],
    ]
    assert [bar.level for bar in data.rows[0].bars] == [5, 3, 4]


def test_a_table_as_arrows(tmp_path):
    """Signs of effects whatever their significance, by study and outcome; the row without one is named."""
    data = checked_arrows(effect_direction_of_table(rows_of(tmp_path / "t.csv", EFFECTS, better="lower")))

    assert [[arrow and arrow.direction for arrow in row.arrows] for row in data.rows] == [
        ["up", "up"],
        ["up", None],
        ["down", None],
    ]
    assert [row.n for row in data.rows] == [120, 60, 80]
    assert data.footnotes == ("Rows without what is drawn: d (line 6).",)


def test_a_table_as_an_albatross(tmp_path):
    """p-values as they are given or by the z test of effects; effects above 0 stand right of the null."""
    path = tmp_path / "t.csv"
    tested = checked_albatross(albatross_of_table(rows_of(path, EFFECTS)))
    stated = checked_albatross(albatross_of_table(rows_of(path, {"p": "p", "n": "n", "direction": "said"})))

    assert [one.direction for one in tested.points] == [-1, -1, 1, -1]
    assert tested.points[2].p == pytest.approx(2 * norm.sf(0.6 / 0.05**0.5), rel=1e-12)
    assert [(one.p, one.n, one.direction) for one in stated.points] == [(0.012, 100, 1), (0.7, 60, 1), (0.3, 120, 1)]
    with pytest.raises(InvalidArgument, match="has no side"):
        albatross_of_table(rows_of(path, {"p": "p", "n": "n"}))


def test_a_p_value_too_small_for_a_computer(tmp_path):
    """An effect of 60 standard errors, whose p-value is 0 in double precision, stands at the far end and not at 1."""
    (tmp_path / "t.csv").write_text("yi,vi,n\n60,1,100\n")
    (one,) = results_of(read_table(tmp_path / "t.csv"), {"yi": "yi", "vi": "vi", "n": "n"})
    (found,) = checked_albatross(albatross_of_table([one])).points

    assert one.p == 0
    assert (found.p, found.direction) == (1e-300, 1)
