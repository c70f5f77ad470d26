"""Pools and what would change them, as the data of figures: the numbers are those of the results."""

from dataclasses import replace

import numpy as np
import pytest

from synthesis.effects import escalc
from synthesis.errors import NotFound
from synthesis.rendering.figures.of_pool import (
    PoolWords,
    baujat_data,
    drapery_data,
    funnel_of_subject,
    qq_data,
    radial_data,
    words_of_table,
)
from synthesis.rendering.figures.of_sensitivity import (
    cumulative_data,
    gosh_data,
    influence_data,
    leave_one_out_data,
    p_curve_data,
    specification_data,
    words_of_multiverse,
)
from synthesis.rendering.moderated import about_group
from synthesis.rendering.plots.drapery_data import p_values
from synthesis.rendering.plots.forest import forest
from synthesis.rendering.plots.forest_numbers import description
from synthesis.rendering.plots.gosh import gosh
from synthesis.sensitivity.deletion.influence import baujat, influence
from synthesis.sensitivity.many_worlds.specifications import multiverse
from synthesis.sensitivity.overview.on_subject import built_up, subsets_of, without_each
from synthesis.sensitivity.overview.subject import Subject
from synthesis.sensitivity.selection.p_curve import p_curve
from synthesis.sensitivity.small_studies.pet_peese import pet_peese
from synthesis.sensitivity.small_studies.trim_and_fill import trim_and_fill
from tests.console import ROOT

TABLE = np.genfromtxt(ROOT / "docs/examples/bcg.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
FOUND = escalc("RR", **{name: TABLE[name] for name in ("ai", "bi", "ci", "di")})
NAMES = tuple(f"Trial {row}" for row in range(1, 14))
BCG = Subject(NAMES, FOUND.yi, FOUND.vi, "REML", "adhoc", 0.95, "RR", {}, {"year": TABLE["year"].tolist()})
WORDS = PoolWords("BCG", "Risk ratio", ratio=True, notes=("A note.",))


def first(count):
    """The first studies alone."""
    return replace(BCG, names=NAMES[:count], yi=BCG.yi[:count], vi=BCG.vi[:count])


def test_a_funnel_has_the_studies_and_their_pool():
    """Points are effects and roots of variances; the line is the pooled effect."""
    data = funnel_of_subject(BCG, WORDS)

    assert [(one.label, one.estimate, one.se**2) for one in data.points] == [
        (name, y, pytest.approx(v)) for name, y, v in zip(NAMES, BCG.yi, BCG.vi, strict=True)
    ]
    assert [line.estimate for line in data.lines] == [BCG.pooled().estimate]


def test_a_funnel_has_what_trim_and_fill_adds():
    """Added studies are those of the result, and the pool with them is a second line."""
    data, found = funnel_of_subject(BCG, WORDS, fill="L0"), trim_and_fill(BCG.yi, BCG.vi)

    assert [effect for effect, _ in data.filled] == list(found.filled_yi) != []
    assert [se**2 for _, se in data.filled] == pytest.approx(found.filled_vi)
    assert data.lines[1].estimate == found.filled.estimate
    assert f"Trim-and-fill (L0): {found.k0} added on the {found.side}." in data.footnotes


def test_a_funnel_has_the_lines_of_pet_and_peese():
    """Their starts and slopes are those of the result; PEESE is of the squared error."""
    data, found = funnel_of_subject(BCG, WORDS, trends=True, contours=False), pet_peese(BCG.yi, BCG.vi)

    assert [(one.start, one.slope, one.power) for one in data.trends] == [
        (found.pet.estimate, found.pet.slope, 1), (found.peese.estimate, found.peese.slope, 2),
    ]  # fmt: skip
    assert data.contours == ()


def test_curves_of_a_drapery_give_the_intervals():
    """At p .05 the curve of the pool spans its interval, and that of a new study the prediction interval."""
    data, fit = drapery_data(BCG, WORDS), BCG.pooled()

    assert p_values(data.pools[0], np.array([fit.ci_low, fit.ci_high])).tolist() == pytest.approx([0.05, 0.05])
    assert p_values(data.prediction, np.array([fit.pi_low, fit.pi_high])).tolist() == pytest.approx([0.05, 0.05])


def test_a_drapery_has_the_equal_effects_pool_beside():
    """Its mean and error are those of pooling by EE; a pool by EE stands alone, without a prediction."""
    data, equal = drapery_data(BCG, WORDS), replace(BCG, method="EE", test="z")
    fit = equal.pooled()

    assert (data.pools[1].estimate, data.pools[1].se) == pytest.approx((fit.estimate, fit.se))
    assert len(drapery_data(equal, WORDS).pools) == 1


def test_a_radial_plot_takes_tau2():
    """It has the pool with its interval and tau2."""
    data, fit = radial_data(BCG, WORDS), BCG.pooled()

    assert (data.estimate, data.low, data.high, data.tau2) == (fit.estimate, fit.ci_low, fit.ci_high, fit.tau2)


def test_baujat_is_by_equal_effects():
    """Coordinates are those of the equal-effects model."""
    data, found = baujat_data(BCG, WORDS), baujat(BCG.yi, BCG.vi, method="EE", test="z")

    assert [one.heterogeneity for one in data.points] == found.heterogeneity.tolist()
    assert [one.influence for one in data.points] == found.influence.tolist()


def test_quantiles_are_of_deleted_residuals():
    """Residuals are rstudent of the pool."""
    found = influence(BCG.yi, BCG.vi)

    assert [one.residual for one in qq_data(BCG, WORDS).points] == found.rstudent.tolist()


@pytest.mark.parametrize("make", [baujat_data, qq_data])
def test_too_few_studies(make):
    """A figure that needs more studies says how many."""
    with pytest.raises(NotFound, match="needs at least three studies"):
        make(first(2), WORDS)
    assert len(make(first(3), WORDS).points) == 3


def test_one_study_is_drawn():
    """Funnel, radial plot and drapery plot of one study have its own effect."""
    assert funnel_of_subject(first(1), WORDS).lines[0].label == "its effect"
    assert radial_data(first(1), WORDS).tau2 == 0
    assert drapery_data(first(1), WORDS).pools == ()


def test_influence_has_the_eight_measures():
    """Values, flags and where these begin are those of the result."""
    found = influence(BCG.yi, BCG.vi)
    data = influence_data(found, NAMES, WORDS)
    columns = ("rstudent", "dffits", "cook_distance", "covariance_ratio", "tau2_deleted", "q_deleted", "hat")
    given = {one.name: one for one in data.measures}

    assert [list(one.values) for one in data.measures[:7]] == [getattr(found, name).tolist() for name in columns]
    assert list(given["DFBETAS"].values) == found.dfbetas[:, 0].tolist()
    assert given["DFFITS"].limits[1] == pytest.approx(3 * (1 / 12) ** 0.5)
    assert given["Q without it"].reference == pytest.approx(BCG.pooled().q)
    assert data.influential == tuple(found.influential)


def test_rows_without_each_study():
    """Each row of the forest plot is the pool without one study; under them is that of all."""
    found = without_each(BCG)
    data = leave_one_out_data(found.without, NAMES, found.whole, WORDS)

    assert [row.estimate for row in data.rows] == found.without.fit.estimate.tolist()
    assert [row.columns[0] for row in data.rows] == ["12"] * 13
    assert data.summaries[0].estimate == found.whole.estimate
    assert (data.header, description(data)[:43]) == ("Without", "Forest plot of 13 rows (without), Risk rati")


def test_rows_of_ever_more_studies():
    """Steps are named by the order and the study; the last is the pool of all; one study has no tau2."""
    found = built_up(BCG, "year")
    data = cumulative_data(found, NAMES, BCG.pooled(), WORDS)
    earliest = int(np.argmin(TABLE["year"]))

    assert data.rows[0].label == f"{TABLE['year'][earliest]}: + {NAMES[earliest]}"
    assert data.rows[0].columns == ("1", "-", "-")
    assert data.rows[-1].estimate == pytest.approx(BCG.pooled().estimate)
    assert "Adding" in [text.get_text() for text in forest(data).texts]


def test_gosh_marks_the_study_that_does_most():
    """Without a name the marked subsets are those of the first study of the result's list; a wrong name is refused."""
    subject = first(7)
    found = subsets_of(subject, 100, 1)
    data = gosh_data(found, subject.names, WORDS, whole=subject.pooled())
    study = found.studies.row[0] - 1

    assert data.marked.tolist() == found.has(study).tolist()
    assert data.marked_label == f"with {NAMES[study]}"
    assert gosh(data).get_label().startswith("BCG\nGOSH plot of 120 subsets")
    with pytest.raises(NotFound, match="did you mean 'Trial 1'"):
        gosh_data(found, subject.names, WORDS, study="Trail 1")


def test_a_specification_curve_leaves_out_what_was_no_choice():
    """Families with one choice are not drawn; estimates and bounds are those of the multiverse."""
    found = multiverse(BCG.yi, BCG.vi, methods=["REML", "DL"], tests=["z"], better="lower")
    data = specification_data(found, words_of_multiverse(found, about_group("all", "RR")))

    assert [family.name for family in data.families] == ["method"]
    assert (data.estimate.tolist(), data.low.tolist()) == (found.estimate.tolist(), found.ci_low.tolist())
    assert (data.measure, data.ratio, data.favours) == ("Risk ratio", True, ("Favours treatment", "Favours control"))


def test_a_p_curve_counts_the_significant():
    """Counts add up to the significant studies; without one there is no curve."""
    found = p_curve(BCG.yi, BCG.vi)
    data = p_curve_data(found, WORDS)

    assert (sum(data.counts), data.others) == (found.significant, 13 - found.significant)
    assert data.low_power == found.shares_flat
    with pytest.raises(NotFound, match="none of 2 studies"):
        p_curve_data(p_curve([0.1, 0.2], [1.0, 1.0]), WORDS)


def test_words_of_a_measure_that_is_not_known():
    """Effects of a table are no ratios unless their measure is."""
    assert words_of_table("effect") == PoolWords()
    assert words_of_table("SMD", better="higher").favours == ("Favours control", "Favours treatment")
