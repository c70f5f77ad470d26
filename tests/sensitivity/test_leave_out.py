"""The pool without each study."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import groups, pool
from synthesis.pooling.moderators import regress
from synthesis.sensitivity import leave_one_out
from synthesis.sensitivity.deletion.leave_out import leave_one_group_out, leave_one_out_many
from tests.pooling.reference import Comparison, blocks
from tests.pooling.strategies import UNWEIGHTED, few_examples, fitting_tests, studies

REFERENCE = {block["id"]: block for block in blocks("diagnostics")}
NAMES = {"estimate": "estimate", "se": "se", "zval": "statistic", "tval": "statistic", "pval": "p_value"}
NAMES |= {"ci.lb": "ci_low", "ci.ub": "ci_high", "Q": "q", "Qp": "q_p_value", "tau2": "tau2", "I2": "i2", "H2": "h2"}
COLUMNS = sorted(set(NAMES.values()) | {"pi_low", "pi_high", "tau2_se", "k"})
GRID = [(name, fit) for name, block in REFERENCE.items() for fit, one in block["outputs"].items() if "leave1out" in one]


@pytest.mark.parametrize(("name", "fit"), GRID)
def test_metafor_leaves_out_the_same(name, fit):
    """`leave1out` for EE, DL, REML and PM with z and knha, within 1e-8."""
    block, (method, _, test) = REFERENCE[name], fit.partition("|")
    inputs, expected = {key: block["inputs"][key] for key in ("yi", "vi")}, block["outputs"][fit]["leave1out"]
    ours, found = leave_one_out(**inputs, method=method, test=test), Comparison(inputs, 1e-8)
    for theirs, name_ in NAMES.items():
        for row, value in enumerate(expected.get(theirs, [])):
            found.value((fit, row), name_, float(ours[name_][row]), value)

    assert found.differences == []
    assert found.count == sum(map(len, expected.values())) == (10 + (method != "EE")) * len(inputs["yi"])


@pytest.mark.parametrize("method", UNWEIGHTED)
@few_examples
@given(data=studies(least=2, most=9), draw=st.data())
def test_leaving_out_is_pooling_the_others(method, data, draw):
    """Row i equals `pool` without study i, also where one study is left; NaN stands for None."""
    y, v = data
    options = {"method": method, "test": draw.draw(st.sampled_from(fitting_tests(method))), "level": 0.9}
    centre = [np.mean(np.delete(y, row)) for row in range(len(y))]
    ours = leave_one_out(y, v, **options, mantel_haenszel=centre)

    assert len(ours) == len(y)
    for row in range(len(y)):
        alone = pool(np.delete(y, row), np.delete(v, row), **options, mantel_haenszel=float(centre[row]))
        for name in COLUMNS:
            value = getattr(alone, name)
            expected = np.nan if value is None else value
            assert ours[name][row] == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.median(v), nan_ok=True), name


def test_many_studies_are_worked_on_in_parts(monkeypatch):
    """Parts of a few rows give the same as one part."""
    random = np.random.default_rng(3)
    y, v = random.normal(0, 1, 40), random.uniform(0.1, 1, 40)
    whole = leave_one_out(y, v)
    monkeypatch.setattr(groups, "CELLS", 100)

    np.testing.assert_allclose(leave_one_out(y, v)["tau2"], whole["tau2"], rtol=1e-10)
    assert whole.to_frame()["k"].tolist() == [39] * 40


@pytest.mark.parametrize("test", ["z", "knha"])
def test_metafor_deletes_the_same_from_regressions(test):
    """tau2 and Q without each study, of the block of regressions; the coefficients are those of `regress`."""
    block = REFERENCE["meta_regression_bcg_rr"]
    inputs = {key: block["inputs"][key] for key in ("yi", "vi")}
    x = np.column_stack([np.ones(13), *(block["inputs"]["moderators"][name] for name in block["inputs"]["columns"])])
    ours, found = leave_one_out(**inputs, mods=x, test=test), Comparison(inputs, 1e-8)
    for theirs, name in (("tau2.del", "tau2"), ("QE.del", "q")):
        for row, value in enumerate(block["outputs"]["REML"]["influence"][theirs]):
            found.value(row, name, float(ours[name][row]), value)
    y, v = map(np.array, inputs.values())
    for row in (0, 6, 12):
        alone = regress(np.delete(y, row), np.delete(v, row), np.delete(x, row, 0), test=test)
        for one in alone.coefficients:
            for name in ("estimate", "se", "statistic", "p_value", "ci_low", "ci_high"):
                assert ours[f"{name}[{one.name}]"][row] == pytest.approx(getattr(one, name), rel=1e-8)
        assert (ours["i2"][row], ours["h2"][row]) == pytest.approx((alone.i2, alone.h2), rel=1e-8)

    assert found.differences == []
    assert found.count == 26


def test_a_study_on_which_a_coefficient_rests_cannot_be_left_out():
    """Its row is NaN, and None in plain values."""
    x = np.column_stack([np.ones(6), [0, 0, 0, 0, 0, 1]])
    ours = leave_one_out([0.1, 0.4, 0.2, 0.5, 0.3, 0.9], [0.1] * 6, x)

    assert np.isnan(ours["tau2"]).tolist() == [False] * 5 + [True]
    assert ours.to_dict()["estimate[x2]"][5] is None
    assert "estimate[x2]" in ours.summary()


@few_examples
@given(data=studies(least=3, most=9), draw=st.data())
def test_leaving_out_a_group_is_pooling_the_others(data, draw):
    """Each row equals `pool` of the studies of all other groups, these in sorted order."""
    y, v = data
    group = np.array(draw.draw(st.lists(st.sampled_from("abc"), min_size=len(y), max_size=len(y))))
    group[0], group[-1] = "a", "c"
    ours = leave_one_group_out(y, v, group)

    assert ours.group.tolist() == sorted(set(group.tolist()))
    for row, name in enumerate(ours.group):
        alone = pool(y[group != name], v[group != name])
        assert ours["left_out"][row] == np.count_nonzero(group == name)
        assert ours["estimate"][row] == pytest.approx(alone.estimate, rel=1e-9, abs=1e-9)
        assert ours["ci_low"][row] == pytest.approx(alone.ci_low, rel=1e-8, abs=1e-9)


def test_many_at_once_are_each_by_itself():
    """Every row equals that of `leave_one_out` of its group, whatever the order; what is alone has NaN and k = 0."""
    random = np.random.default_rng(8)
    group = random.permutation(np.repeat(np.arange(30), np.arange(30) % 8 + 1))
    v = random.uniform(0.05, 1, len(group))
    y = random.normal(0.2, np.sqrt(v + 0.1))
    ours = leave_one_out_many(y, v, group)

    assert (ours["k"][np.isnan(ours["estimate"])] == 0).all()
    assert np.isnan(ours["estimate"]).sum() == 4
    for one in np.unique(group):
        rows = np.flatnonzero(group == one)
        if len(rows) > 1:
            alone = leave_one_out(y[rows], v[rows])
            for name in ("estimate", "se", "ci_low", "tau2", "q"):
                np.testing.assert_allclose(ours[name][rows], alone[name], rtol=1e-9, atol=1e-12)


def test_weights_of_ones_own_are_left_out_too():
    """GENQ with weights, and weights with REML, as `pool` without the study."""
    random = np.random.default_rng(5)
    y, v, a = random.normal(0, 1, 7), random.uniform(0.1, 1, 7), random.uniform(1, 5, 7)
    for method in ("GENQ", "REML"):
        ours = leave_one_out(y, v, weights=a, method=method)
        alone = pool(y[1:], v[1:], weights=a[1:], method=method)
        assert (ours["estimate"][0], ours["tau2"][0]) == pytest.approx((alone.estimate, alone.tau2), rel=1e-10)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_units_change_only_the_units(scale):
    """Effects times s and variances times s^2 give estimates times s and tau2 times s^2, with a moderator too."""
    random = np.random.default_rng(4)
    v = random.uniform(0.05, 0.5, 12)
    y, x = random.normal(0, 1, 12), np.column_stack([np.ones(12), random.normal(0, 1, 12)])
    for mods, name in ((None, "estimate"), (x, "estimate[x2]")):
        one, other = leave_one_out(y, v, mods), leave_one_out(scale * y, scale**2 * v, mods)
        np.testing.assert_allclose(other[name], scale * one[name], rtol=1e-9)
        np.testing.assert_allclose(other["tau2"], scale**2 * one["tau2"], rtol=1e-9)


def test_verdict_says_what_the_sign_rests_on():
    """The study without which the interval holds 0; whether it ever does; few studies; groups."""
    rests = leave_one_out([2.0, 0.3, -0.2, 0.1, 0.2, -0.1], [0.01, 0.1, 0.1, 0.1, 0.1, 0.1], method="EE", test="z")
    holds, stays = (leave_one_out([m - 0.1, m, m + 0.1, m, m], [0.02] * 5, test="z").verdict for m in (0, 1))
    by_lab = leave_one_group_out([1.0, 1.1, 0.0, 0.1], [0.02] * 4, ["a", "a", "b", "b"], test="z")

    assert "The interval holds 0 without study 1, and does not without any other." in rests.verdict
    assert "holds 0 whichever study" in holds
    assert "lies above 0 whichever study" in stays
    assert "The interval holds 0 without group a, and does not without any other." in by_lab.verdict
    assert "As few as 2 studies are left" in by_lab.summary()
    assert "its own interval is given" in leave_one_out([1, 2], [0.1, 0.1]).to_dict()["verdict"]
    assert "two that act alike hide one another" in stays


def test_of_two_studies_nothing_is_said_of_their_pool():
    """Each interval lies above 0 and that of the pool holds it: the verdict does not say that anything stays."""
    y, v = [1.571, 0.485], [0.112, 0.046]
    whole, said = pool(y, v, method="DL", test="z"), leave_one_out(y, v, method="DL", test="z").verdict

    assert whole.ci_low < 0 < whole.ci_high
    assert "stays" not in said
    assert "The interval lies above 0 whichever study is left out." in said
    assert "it does not tell whether the pool of all holds 0" in said
    assert "lies below 0" in leave_one_out([-1.571, -0.485], v, method="DL", test="z").verdict


def test_verdict_says_where_the_sign_turns():
    """Without one study of two the interval lies on the one side, without the other on the other."""
    assert "on one side of 0 or on the other" in leave_one_out([-1.0, 1.0], [0.01, 0.01]).verdict


def test_what_cannot_be_left_out():
    """A single study, a DLMH without its estimates, or with too few of them."""
    for given_, message in (
        (([1], [1], {}), "there is one study: nothing remains"),
        (([1, 2], [1, 1], {"method": "DLMH"}), "needs mantel_haenszel: the estimates without each study"),
        (
            ([1, 2], [1, 1], {"method": "DLMH", "mantel_haenszel": [1]}),
            "must be 2 finite numbers, one for each pool without each study",
        ),
        (([1, 2], [1, 1], {"method": "RML"}), "did you mean 'REML'"),
        (([1, 2], [1, 1], {"weights": [1, 0]}), "weights must be greater than 0 here: .*row 2"),
        (([1, 2, 3], [1, 1, 1], {"weights": [1, 1, 1], "mods": [1, 2, 3]}), "weights of one's own go with a pool"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            leave_one_out(*given_[:2], **given_[2])


def test_groups_that_cannot_be_left_out():
    """One group, only groups of one study, DLMH of many."""
    for call, message in (
        (lambda: leave_one_group_out([1, 2], [1, 1], ["a", "a"]), "all studies are of one group, a"),
        (lambda: leave_one_group_out([1, 2], [1, 1], ["a"]), "group must have 2 rows"),
        (lambda: leave_one_out_many([1, 2], [1, 1], [1, 2]), "every group has one study"),
        (lambda: leave_one_out_many([1, 2], [1, 1], [1, 1], method="DLMH"), "use leave_one_out"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            call()
