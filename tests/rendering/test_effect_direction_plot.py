"""The effect-direction plot: arrows, their sizes and the sign tests, read back from the drawing."""

import random
from dataclasses import replace
from math import comb

import pytest

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.canvas import FORMATS, render
from synthesis.rendering.plots.effect_direction import (
    EffectArrow,
    EffectDirectionData,
    EffectDirectionRow,
    effect_direction,
    plot_effect_direction,
)
from tests.rendering.drawn import mark, names, outside, overlapping, random_words, said


def studies(*outcomes):
    """A plot of columns given as letters: U up, D down, S sideways, a point for not measured."""
    arrows = {"U": EffectArrow("up"), "D": EffectArrow("down"), "S": EffectArrow("sideways"), ".": None}
    rows = tuple(
        EffectDirectionRow(f"Study {number}", "RCT", 100.0 * number, tuple(map(arrows.get, cells)))
        for number, cells in enumerate(zip(*outcomes, strict=True), 1)
    )
    return EffectDirectionData("Housing", tuple(f"Outcome {n}" for n in range(1, len(outcomes) + 1)), rows)


HOUSING = studies("UUUUUUUUU", "UUUUUDS..", "SS.......", ".........")


def box(axes, gid):
    """The corners of an arrow, shape (corners, 2)."""
    return mark(axes, gid).get_xy()[:-1]


def counts(axes, outcome):
    """The lines under an outcome."""
    return [mark(axes, gid).get_text() for gid in sorted(names(axes)) if gid.startswith(f"outcome-{outcome}-")]


def test_the_sign_tests_are_the_printed_ones():
    """P = .0039 for 9 of 9 and .2188 for 5 of 6 (Boon and Thomson 2021); the sideways arrow is left out."""
    axes = plot_effect_direction(HOUSING)

    assert counts(axes, 1) == ["9 of 9", "100 [70, 100]", "p = 0.0039"]
    assert counts(axes, 2) == ["5 of 6", "83 [44, 97]", "p = 0.2188"]
    assert counts(axes, 3) == ["0 of 0"]
    assert counts(axes, 4) == ["not measured"]


@pytest.mark.parametrize(("up", "down"), [(3, 1), (7, 0), (2, 9), (4, 4)])
def test_the_sign_test_is_exact(up, down):
    """The p-value under a column is twice the smaller tail of the binomial distribution, at most 1."""
    axes = plot_effect_direction(studies("U" * up + "D" * down + "S"))
    tails = [sum(comb(up + down, x) for x in range(most + 1)) / 2 ** (up + down) for most in (up, down)]

    assert counts(axes, 1)[2] == f"p = {min(1, 2 * min(tails)):.4f}"


def test_very_small_p_values():
    """Below .00005 the p-value is not printed as 0."""
    assert counts(plot_effect_direction(studies("U" * 20)), 1)[2] == "p < 0.0001"


def test_an_arrow_points_where_the_effect_goes():
    """The tip of an upward arrow is its highest corner, alone; a sideways arrow has one at each side."""
    axes = plot_effect_direction(studies("U", "D", "S"))
    up, down, sideways = (box(axes, f"row-1-outcome-{place}") for place in (1, 2, 3))

    assert sum(up[:, 1] == up[:, 1].min()) == sum(down[:, 1] == down[:, 1].max()) == 1
    assert sum(sideways[:, 0] == sideways[:, 0].min()) == sum(sideways[:, 0] == sideways[:, 0].max()) == 1


def test_the_size_of_an_arrow_is_that_of_the_study():
    """Small below 50 participants, medium from 50 to 300, large above; an arrow's own number goes first."""
    sizes = (49, 50, 300, 301)
    rows = [EffectDirectionRow(f"{n}", "RCT", n, (EffectArrow("up"),)) for n in sizes]
    rows += [EffectDirectionRow("own", "RCT", 10.0, (EffectArrow("up", n=400),))]
    axes = plot_effect_direction(EffectDirectionData("", ("Outcome",), tuple(rows)))
    heights = [box(axes, f"row-{place}-outcome-1")[:, 1] for place in (1, 2, 3, 4, 5)]

    assert [round(float(y.max() - y.min()), 3) for y in heights] == [6.5, 10.0, 10.0, 14.0, 14.0]


def test_an_unknown_number_of_participants_is_not_guessed():
    """The arrow is hollow, and a note says what that means."""
    row = EffectDirectionRow("x", "RCT", None, (EffectArrow("up"),))
    axes = plot_effect_direction(EffectDirectionData("", ("Outcome",), (row,)))

    assert mark(axes, "row-1-outcome-1").get_facecolor()[:3] == (1.0, 1.0, 1.0)
    assert "hollow where not stated" in " ".join(said(axes))


def test_findings_summed_up_stand_beside_the_arrow():
    """Their number, if there is more than one, right of the arrow and below its middle."""
    row = EffectDirectionRow("x", "Controlled before-after", 400, (EffectArrow("up", 8), EffectArrow("up")))
    axes = plot_effect_direction(EffectDirectionData("", ("A", "B"), (row,)))
    (eight,) = [text for text in axes.texts if text.get_text() == "8"]
    corners = box(axes, "row-1-outcome-1")

    assert eight.get_position()[0] > corners[:, 0].max()
    assert eight.get_position()[1] > corners[:, 1].mean()
    assert {"Design", "400"} <= set(said(axes))
    assert "1" not in said(axes)


def test_rows_are_shaded_by_quality_and_say_it():
    """The better a study's appraisal the lighter its row; the words stand in a column."""
    rows = tuple(EffectDirectionRow("x", "RCT", 9, (EffectArrow("up"),), quality) for quality in ("low", "high"))
    axes = plot_effect_direction(EffectDirectionData("", ("A",), rows, qualities=("low", "high"), quality_name="Risk"))
    light, dark = (mark(axes, f"row-{place}").get_facecolor()[0] for place in (1, 2))

    assert light > dark
    assert {"Risk", "low", "high"} <= set(said(axes))


@pytest.mark.parametrize("kind", FORMATS)
def test_twice_drawn_the_same_bytes(kind):
    """Two drawings of the same data give the same file."""
    first, second = (render(effect_direction(HOUSING), kind, dpi=60) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("seed", [1, 2])
def test_no_words_touch(seed):
    """Words of any length and script neither overlap nor leave the canvas."""
    chance = random.Random(seed)
    rows = tuple(
        EffectDirectionRow(
            random_words(chance), random_words(chance, 30), chance.choice((None, 20, 5e6)),
            tuple(EffectArrow(chance.choice(("up", "down")), chance.randint(1, 99)) for _ in range(3)),
        )
        for _ in range(7)
    )  # fmt: skip
    outcomes = tuple(random_words(chance) for _ in range(3))
    axes = plot_effect_direction(EffectDirectionData(random_words(chance), outcomes, rows))

    assert overlapping(axes) == []
    assert outside(axes) == []


def test_it_tells_what_it_shows():
    """The alternative text counts arrows and gives the sign test of each outcome."""
    svg = render(effect_direction(HOUSING), "svg").decode()

    assert "Outcome 2: 5 up, 1 down, 1 sideways, two-sided sign test p = 0.2188." in svg
    assert "Outcome 4: not measured." in svg


ROW = HOUSING.rows[0]
WRONG = {
    "it has no study with a direction of effect": {"rows": ()},
    "'Study 1' has 1 cells for 4 outcomes": {"rows": (replace(ROW, arrows=ROW.arrows[:1]), *HOUSING.rows)},
    "'Study 1' has -5 participants": {"rows": (replace(ROW, n=-5), *HOUSING.rows)},
    "did you mean 'up'": {"rows": (replace(ROW, arrows=(EffectArrow("upp"),) * 4), *HOUSING.rows)},
    "'Study 1' sums up 0 findings": {"rows": (replace(ROW, arrows=(EffectArrow("up", 0),) * 4), *HOUSING.rows)},
    "the quality of 'Study 1' is ''": {"qualities": ("low", "high")},
    "the sizes (300.0, 50.0) are not two numbers of participants": {"sizes": (300.0, 50.0)},
    "the level 95 is not between 0 and 1": {"level": 95},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_drawn(message):
    """Nothing to draw, and values that do not fit together, are refused with what is wrong."""
    with pytest.raises(InvalidArgument) as refused:
        plot_effect_direction(replace(HOUSING, **WRONG[message]))

    assert message in str(refused.value)


def test_groups_have_headings():
    """A heading above the first row of each group, over its rows and under those before; no words overlap."""
    groups = ("Methadone", "Methadone", "Naltrexone", "")
    rows = [replace(row, group=group) for row, group in zip(studies("UUDS").rows, groups, strict=True)]
    axes = plot_effect_direction(replace(studies("UUDS"), rows=tuple(rows)))
    heads = {gid: mark(axes, gid) for gid in names(axes) if gid.startswith("heading-")}
    middles = [box(axes, f"row-{place}-outcome-1")[:, 1].mean() for place in (1, 2, 3, 4)]

    assert {gid: text.get_text() for gid, text in heads.items()} == {
        "heading-1": "Methadone", "heading-3": "Naltrexone",
    }  # fmt: skip
    assert heads["heading-1"].get_position()[1] < middles[0]
    assert middles[1] < heads["heading-3"].get_position()[1] < middles[2]
    assert overlapping(axes) == []
