"""Pools of all subsets of the studies."""

import json

import numpy as np
import pytest
from hypothesis import given

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool, roots
from synthesis.sensitivity.deletion.influence import influence
from synthesis.sensitivity.subsets import every_subset
from synthesis.sensitivity.subsets.every_subset import gosh
from synthesis.sensitivity.subsets.splits import largest_share
from synthesis.sensitivity.subsets.sums import subset_sums
from tests.pooling.reference import Comparison, blocks
from tests.pooling.strategies import few_examples, studies
from tests.sensitivity.test_influence import HOMOGENEOUS, METHODS, numbers_in, rules

(REFERENCE,) = (block for block in blocks("diagnostics") if block["id"].startswith("all_subsets"))
NAMES = {"estimate": "estimate", "I2": "i2", "QE": "q", "tau2": "tau2"}


def sample(k, seed=1):
    """k studies with heterogeneity."""
    random = np.random.default_rng(seed)
    v = random.uniform(0.05, 1, k) ** 2
    return random.normal(0.3, np.sqrt(v + 0.1)), v


def rows_of(found, subset):
    """The studies of one subset, the first 0."""
    return [study for study in range(found.k) if found.has(study)[subset]]


@pytest.mark.parametrize("method", ["EE", "DL", "REML"])
def test_metafor_finds_the_same_over_all_subsets(method):
    """Quantiles and sums over the 1,023 subsets of ten studies, all numbers of the reference, within 1e-8.

    Of a single study metafor gives tau2 = I2 = 0 and H2 = 1, where ours have nothing. Its H2 is Q / df for EE and DL,
    else what follows from I2.
    """
    inputs, expected = {key: REFERENCE["inputs"][key] for key in ("yi", "vi")}, REFERENCE["outputs"][method]
    ours, found = gosh(**inputs, method=method), Comparison(inputs, 1e-8)
    columns = {theirs: np.where(ours.size == 1, 0.0, ours.columns()[name]) for theirs, name in NAMES.items()}
    columns["estimate"] = ours.estimate
    of_q = np.where(ours.size == 1, 1.0, ours.q / np.maximum(ours.size - 1.0, 1.0))
    columns["H2"] = 1 / (1 - columns["I2"] / 100) if method == "REML" else of_q
    found.value((), "n_subsets", len(ours), expected["n_subsets"])
    found.value((), "n_k_ge_2", np.count_nonzero(ours.size > 1), expected["n_k_ge_2"])
    for theirs, values in columns.items():
        sums = {"sum": values.sum(), "sum_sq": np.square(values).sum(), "sum_times_k": (values * ours.size).sum()}
        for key, value in ({"n_missing": np.isnan(values).sum()} | sums).items():
            found.value((theirs, key), theirs, value, expected[theirs][key])
        quantiles = np.quantile(values, REFERENCE["inputs"]["quantile_probs"])
        for value, their_value in zip(quantiles, expected[theirs]["quantiles"], strict=True):
            found.value((theirs, "quantile"), theirs, value, their_value)

    assert found.differences == []
    assert found.count == numbers_in(expected) == 2 + 5 * 11


@pytest.mark.parametrize("method", METHODS)
def test_a_subset_is_pooled_as_by_itself(method):
    """Of all subsets of eight studies, 25 drawn at random and every pair with the first, against `pool`."""
    y, v = sample(8)
    ours = gosh(y, v, method=method)
    for subset in np.random.default_rng(2).integers(0, 255, 25).tolist() + [1 + 2**j - 1 for j in range(1, 8)]:
        rows = rows_of(ours, subset)
        alone = pool(y[rows], v[rows], method=method)
        assert ours.size[subset] == len(rows)
        assert ours.estimate[subset] == pytest.approx(alone.estimate, rel=1e-10)
        for name in ("tau2", "i2", "q"):
            if len(rows) > 1:
                assert ours.columns()[name][subset] == pytest.approx(getattr(alone, name), rel=1e-8, abs=1e-10), name
        if len(rows) == 1:
            assert np.isnan([ours.tau2[subset], ours.i2[subset]]).all()
            assert ours.q[subset] == 0


def test_row_and_bits():
    """Row r has the bits of r + 1, the first study the lowest; all subsets once."""
    ours = gosh(*sample(9))

    assert len(ours) == 511
    assert ours.members.shape == (511, 2)
    assert rows_of(ours, 0b100000101 - 1) == [0, 2, 8]
    assert (ours.members.astype(int) @ [1, 256]).tolist() == list(range(1, 512))
    assert ours.size.tolist() == sum(ours.has(study).astype(int) for study in range(9)).tolist()


@few_examples
@given(data=studies(least=2, most=7))
def test_sums_by_doubling_are_those_of_each_subset(data):
    """S1, mean, Q and the trace, each from its own studies."""
    y, v = data
    sums = subset_sums(y, v)
    for subset in range(len(sums.q)):
        rows = [study for study in range(len(y)) if (subset + 1) >> study & 1]
        w = 1 / v[rows]
        mean = np.average(y[rows], weights=w)
        assert sums.total[subset] == pytest.approx(w.sum(), rel=1e-12)
        assert sums.mean[subset] == pytest.approx(mean, rel=1e-9, abs=1e-12)
        assert sums.q[subset] == pytest.approx(np.sum(w * (y[rows] - mean) ** 2), rel=1e-9, abs=1e-9)
        trace = w.sum() - np.square(w).sum() / w.sum() if len(rows) > 1 else 0.0
        assert sums.trace[subset] == pytest.approx(trace, rel=1e-9, abs=1e-9 * w.sum())


@pytest.mark.parametrize("method", ["EE", "DL"])
def test_nothing_cancels_however_unlike_the_studies_are(method):
    """Variances 1e12 apart and effects far from 0: the doubled sums are those of `pool`."""
    v = np.array([1e-9, 1e3, 2e-9, 1.0, 0.5, 1e-2, 5e2])
    y = np.array([1.0, 30.0, 1.0001, 2.0, 1.4, 1.1, -20.0]) + 1000
    ours = gosh(y, v, method=method)
    for subset in range(1, 127):
        rows = rows_of(ours, subset)
        alone = pool(y[rows], v[rows], method=method)
        assert ours.estimate[subset] == pytest.approx(alone.estimate, rel=1e-13)
        if len(rows) > 1:
            assert ours.q[subset] == pytest.approx(alone.q, rel=1e-6)  # y - 1000 keeps 13 digits, squares fewer
            assert ours.tau2[subset] == pytest.approx(alone.tau2, rel=1e-6, abs=1e-15)


@pytest.mark.parametrize("method", ["EE", "DL", "REML"])
def test_units_and_order_change_nothing_else(method):
    """From 1e-9 to 1e9; reversed studies make the same subsets."""
    y, v = sample(8)
    one, reverse = gosh(y, v, method=method), gosh(y[::-1], v[::-1], method=method)
    np.testing.assert_allclose(np.sort(reverse.estimate), np.sort(one.estimate), rtol=1e-10)
    np.testing.assert_allclose(reverse.studies.estimate_share, one.studies.estimate_share, rtol=1e-8)
    assert (9 - reverse.studies.row).tolist() == one.studies.row.tolist()
    for scale in (1e-9, 1e9):
        other = gosh(scale * y, scale**2 * v, method=method)
        np.testing.assert_allclose(other.estimate, scale * one.estimate, rtol=1e-9)
        np.testing.assert_allclose(other.tau2, scale**2 * one.tau2, rtol=1e-8)
        np.testing.assert_allclose(other.i2, one.i2, rtol=1e-8)
        assert other.studies.row.tolist() == one.studies.row.tolist()


def test_what_a_study_does_is_told_by_its_subsets():
    """Medians, share of variance and separation of the first study, by their definitions."""
    ours = gosh(*sample(6), method="DL")
    row = ours.studies.row.tolist().index(1)
    several = ours.size > 1
    own, estimate = ours.has(0)[several], ours.estimate[several]
    with_, without = estimate[own], estimate[~own]
    above = np.sign(with_[:, None] - without).mean()
    between = np.average([(with_.mean() - estimate.mean()) ** 2, (without.mean() - estimate.mean()) ** 2],
                         weights=[len(with_), len(without)])  # fmt: skip

    assert ours.studies.estimate_with[row] == pytest.approx(np.median(with_), rel=1e-12)
    assert ours.studies.estimate_without[row] == pytest.approx(np.median(without), rel=1e-12)
    assert ours.studies.estimate_share[row] == pytest.approx(between / estimate.var(), rel=1e-10)
    assert ours.studies.estimate_separation[row] == pytest.approx(above, rel=1e-10)


def test_ties_count_half():
    """I2 = 0 in many subsets: separation is P(with > without) - P(with < without) all the same."""
    ours = gosh(HOMOGENEOUS[:7], np.full(7, 0.008), method="DL")
    several = ours.size > 1
    for row, study in enumerate(ours.studies.row - 1):
        own, i2 = ours.has(study)[several], ours.i2[several]
        assert ours.studies.i2_separation[row] == pytest.approx(np.sign(i2[own][:, None] - i2[~own]).mean(), abs=1e-12)


def test_a_sample_is_like_the_whole(monkeypatch):
    """20,000 drawn subsets of eight studies have the mean estimate and I2 of all, within 5 standard errors."""
    y, v = sample(8)
    whole = gosh(y, v)
    monkeypatch.setattr(every_subset, "MOST_EXACT", 5)
    drawn = gosh(y, v, subsets=20_000, random=np.random.default_rng(3))
    for name in ("estimate", "i2"):
        of_all, of_some = (np.nan_to_num(one.columns()[name]) for one in (whole, drawn))
        assert of_some.mean() == pytest.approx(of_all.mean(), abs=5 * of_all.std() / np.sqrt(20_000))

    assert (drawn.exact, len(drawn)) == (False, 20_000)
    assert "sampled" in rules(drawn)
    subset = int(np.flatnonzero(drawn.size == 4)[0])
    rows = rows_of(drawn, subset)
    assert drawn.tau2[subset] == pytest.approx(pool(y[rows], v[rows]).tau2, rel=1e-10)


def test_many_studies_are_drawn_by_a_given_generator():
    """The same seed gives the same subsets; without one, or with no number of subsets, none are drawn."""
    y, v = sample(30)
    one, other = (gosh(y, v, method="DL", subsets=200, random=np.random.default_rng(4)) for _ in range(2))

    assert one.members.tolist() == other.members.tolist()
    assert one.members.shape == (200, 4)
    assert one.size.min() > 1
    assert "a sample of 200 subsets of 30 studies (DL)" in one.summary()
    for options, message in (
        ({}, "30 studies have too many subsets .*give random="),
        ({"random": np.random.default_rng(1), "subsets": 0}, "subsets must be a whole number from 1 to 10,000,000"),
        ({"random": np.random.default_rng(1), "subsets": 10**400}, "subsets must be a whole number from 1"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            gosh(y, v, **options)


def test_one_outlier_splits_the_subsets():
    """It is ranked first, splits estimates and I2, and is named with the medians of both clusters."""
    ours = gosh(HOMOGENEOUS + 2 * (np.arange(10) == 3), np.full(10, 0.02))

    assert ours.studies.row[0] == 4
    assert ours.studies.estimate_separation[0] > 0.95
    assert {"split_estimate", "split_i2"} == rules(ours)
    assert "row 4 splits the estimates in two" in ours.verdict.lower()
    assert json.loads(json.dumps(ours.to_dict()))["studies"]["row"][0] == 4


def test_two_clusters_and_two_outliers_do_not_split_them_and_the_verdict_says_so():
    """Subsets of studies from two groups make one cloud: no study is named, and groups are not excluded."""
    for shifted in (np.arange(10) < 5, np.isin(np.arange(10), (3, 7))):
        ours = gosh(HOMOGENEOUS + shifted, np.full(10, 0.02))
        assert rules(ours) == {"unsplit"}
        assert "does not exclude two outliers alike, or two groups" in ours.verdict


def test_few_studies_and_no_heterogeneity_are_said():
    """k = 1, 2, 3, 4; tau2 = 0; all effects equal."""
    assert rules(gosh([0.1], [0.1])) == rules(gosh([0.1, 0.5], [0.1, 0.2])) == {"too_few"}
    assert "few" in rules(gosh([0.1, 0.5, 3.0], [0.01, 0.02, 0.03]))
    assert rules(gosh([0.1, 0.11, 0.12, 0.1], [0.1] * 4)) == {"few", "no_heterogeneity"}
    assert rules(gosh([0.1, 0.11, 0.12, 0.1, 0.13, 0.1], [0.1] * 6)) == {"unsplit", "no_heterogeneity"}
    assert "all subsets give the same estimate" in gosh([0.1] * 6, [0.1] * 6).verdict.lower()
    assert gosh([0.1], [0.1]).to_dict()["quantiles"]["tau2"] == [None] * 7


@pytest.mark.parametrize("tau2", [0.0, 0.1])
def test_alike_studies_seldom_split_the_estimates(tau2):
    """Of 200 sets of eight normal studies at most 1 in 20 split estimates (and 3 SE), and 1 in 4 I2, as is said."""
    random = np.random.default_rng(12)
    v = np.exp(random.normal(-2, 0.7, (200, 8)))
    y = random.normal(0, np.sqrt(v + tau2))
    found = [rules(gosh(*one, method="DL")) for one in zip(y, v, strict=True)]

    assert sum("split_estimate" in one for one in found) / 200 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    assert sum("split_i2" in one for one in found) / 200 <= 0.25 + 3 * np.sqrt(0.25 * 0.75 / 200)


@pytest.mark.parametrize(("k", "printed"), [(5, 1.715), (6, 1.887), (10, 2.290)])
def test_the_largest_share_is_grubbs(k, printed):
    """G at 5 %, as printed in LibreTexts Chemistry, Analytic References, Appendix 7 (critical values for Grubbs)."""
    assert np.sqrt(largest_share(k) * (k - 1)) == pytest.approx(printed, abs=5e-4)


def test_iterations_that_stop_at_their_limit_are_counted(monkeypatch):
    """With room for one step only; the verdict says how many, and so does that of influence."""
    monkeypatch.setattr(roots, "MOST_ITERATIONS", 1)
    y, v = sample(8)
    ours, one = gosh(3 * y, v), influence(3 * y, v)

    assert ours.unfinished > 0
    assert f"tau^2 of {ours.unfinished} subsets stopped at the limit" in ours.verdict.lower()
    assert "unfinished" in rules(one)
    assert not one.converged.all()
    assert gosh(3 * y, v, method="DL").unfinished == 0


def test_as_a_frame():
    """A row for each subset, with a truth value for each study."""
    frame = gosh(*sample(4)).to_frame()

    assert frame.shape == (15, 9)
    assert frame.loc[frame["size"] == 4, "has_4"].tolist() == [True]


NO_STUDY = ("a", None, 1.5, True, 10**400)


def test_what_gosh_refuses():
    """Methods that take more than effects, unknown ones, studies that are not there."""
    for call, message in (
        (lambda: gosh([1, 2], [1, 1], method="GENQ"), "gosh has no method GENQ, which needs weights"),
        (lambda: gosh([1, 2], [1, 1], method="RML"), "did you mean 'REML'"),
        (lambda: gosh([1, 2], [1, 0]), "vi, a sampling variance, must be greater than 0: row 2"),
        (lambda: gosh([1, 2], [1, 1]).has(2), "there are the studies 0 to 1, not 2"),
        *((lambda one=one: gosh([1, 2], [1, 1]).has(one), "there are the studies 0 to 1") for one in NO_STUDY),
    ):
        with pytest.raises(InvalidArgument, match=message):
            call()
