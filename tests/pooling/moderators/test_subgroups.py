"""Every number of subgroups.json, and what must hold for any groups."""

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.moderators.subgroups import subgroups
from tests.pooling.reference import Comparison, blocks

BLOCKS = {block["id"]: block for block in blocks("subgroups")}
METHODS = ("EE", "DL", "REML", "ML", "PM")
MEAN = {"b": "estimate", "se": "se", "stat": "statistic", "df": "df", "pval": "p_value", "ci.lb": "ci_low"}
MEAN |= {"ci.ub": "ci_high"}
WITHIN = {"tau2": "tau2", "I2": "i2", "QE": "q", "QEp": "q_p_value"}


def grouped(block, **asked):
    given = block["inputs"]
    return subgroups(given["yi"], given["vi"], given["group"], **asked)


def compare_separate(found, where, ours, expected):
    """Groups pooled by themselves, their combination and the test between them."""
    for one in ours.groups:
        found.fields((*where, one.name), one, MEAN | WITHIN, expected["groups"][one.name])
        assert one.k == expected["groups"][one.name].get("k", one.k)
    between = expected["between"]
    found.value(where, "statistic", ours.between.statistic, between["Q.between"])
    found.value(where, "p_value", ours.between.p_value, between["pval"])
    found.value(where, "estimate", ours.combined, between["pooled_b"])
    found.value(where, "se", ours.combined_se, between["pooled_se"])
    assert ours.between.df == between["df"]


def compare_common(found, where, z, knha, expected):
    """A common tau2: the groups' effects, and both tests between them."""
    for number, one in enumerate(z.groups):
        column = {name: values[min(number, len(values) - 1)] for name, values in expected["group_means"].items()}
        assert one.name == column["names"]
        found.fields((*where, one.name), one, MEAN, column)
    found.value(where, "tau2", z.groups[0].tau2, expected["tau2"])
    found.value(where, "q", z.q_within, expected["QE"])
    found.value(where, "r2", z.r2, expected["R2"])
    found.value(where, "statistic", z.between.statistic, expected["between_z"]["QM"])
    found.value(where, "p_value", z.between.p_value, expected["between_z"]["pval"])
    found.value(where, "statistic", knha.between.statistic, expected["between_knha"]["F"])
    found.value(where, "p_value", knha.between.p_value, expected["between_knha"]["pval"])
    assert z.q_within_df == expected["QE.df"]
    assert [knha.between.df, knha.between.df_denominator] == [expected["between_knha"][name] for name in ("df1", "df2")]


def compared(block):
    """Every output of one block against ours."""
    found = Comparison(block["inputs"], 1e-8)
    for method, expected in block["outputs"].items():
        where, asked = (block["id"], method), {"method": method}
        compare_separate(found, where, grouped(block, test="z", **asked), expected["separate_tau2"])
        compare_separate(found, where, grouped(block, test="knha", **asked), expected["separate_tau2_knha"])
        z, knha = (grouped(block, tau2="common", test=test, **asked) for test in ("z", "knha"))
        compare_common(found, where, z, knha, expected["common_tau2"])
        if "pooled_within_dl" in expected:
            within = expected["pooled_within_dl"]
            found.value(where, "tau2", z.groups[0].tau2, within["tau2"])
            compare_separate(found, (*where, "within"), z, within)
        if "Q_partition" in expected:
            partition = expected["Q_partition"]
            found.value(where, "q", z.q_total, partition["Q.total"])
            found.value(where, "q", z.q_within, partition["Q.within"])
            found.value(where, "q", z.q_total - z.q_within, partition["Q.between"])
            found.value(where, "p_value", z.between.p_value, partition["pval"])
    return found


def offered(block):
    """How many numbers the reference has for G groups.

    Pooled apart 10 each (with df 11) and 4 between them; in common 6 each and 7, R2 not where there is no tau2 to
    explain; of DL within groups 1, 6 each and 4; of the partition for EE 4.
    """
    outputs = block["outputs"]
    g = len(outputs["EE"]["levels"])
    total = len(METHODS) * ((10 + 11) * g + 2 * 4 + 6 * g + 7) + 1 + 6 * g + 4 + 4
    return total - sum(outputs[method]["common_tau2"]["R2"] is None for method in METHODS)


@pytest.mark.parametrize("name", BLOCKS)
def test_subgroups(name):
    """Separate and common tau2, both tests, DL pooled within groups and the partition of Q, within 1e-8."""
    found = compared(BLOCKS[name])

    assert found.differences == []
    assert found.count == offered(BLOCKS[name])
    assert set(BLOCKS[name]["outputs"]) == set(METHODS)


def test_a_group_of_its_own_is_a_pool():
    """With separate tau2 a group's numbers are those of `pool` on its studies."""
    given = BLOCKS["bcg_rr_by_alloc"]["inputs"]
    own = np.array(given["group"]) == "random"
    one = next(one for one in grouped(BLOCKS["bcg_rr_by_alloc"]).groups if one.name == "random")
    pooled = pool(np.array(given["yi"])[own], np.array(given["vi"])[own])

    assert (one.estimate, one.ci_low, one.tau2) == (pooled.estimate, pooled.ci_low, pooled.tau2)


@pytest.mark.parametrize("tau2", ["separate", "common"])
def test_a_single_study_is_a_group(tau2):
    """A group of one study keeps its effect; its Q and I2 are not given."""
    found = subgroups([0.1, 0.5, 0.3, 0.9], [0.1, 0.1, 0.2, 0.3], ["a", "a", "a", "b"], tau2=tau2)

    assert found.groups[1].estimate == pytest.approx(0.9)
    assert (found.groups[1].k, found.groups[1].q, found.groups[1].i2) == (1, None, None)
    assert found.between.df == 1


def test_the_names_of_groups_change_nothing():
    """Renamed groups have the same effects and the same test between them."""
    given = BLOCKS["pignon2000_hr_by_grp"]["inputs"]
    renamed = subgroups(given["yi"], given["vi"], [f"z{name}" for name in given["group"]])
    plain = grouped(BLOCKS["pignon2000_hr_by_grp"])

    assert renamed.between == plain.between
    assert [one.estimate for one in renamed.groups] == [one.estimate for one in plain.groups]


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (["a", "b", None], "group is missing; leave such rows out: row 3"),
        (["a", "a", "a"], "one group only"),
        (["a", "b"], "must have 3 rows"),
    ],
)
def test_groups_that_cannot_be(group, message):
    """Missing groups are named; one group or another length is refused."""
    with pytest.raises(InvalidArgument, match=message):
        subgroups([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], group)
