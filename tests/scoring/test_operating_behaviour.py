"""The exact distribution of what a rule gives: closed forms, enumeration, simulation, selective publication."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.scoring.operating import behaviour, behaviour_table, behaviours, publication_of, variance_of
from synthesis.scoring.operating.behaviour import Setting
from synthesis.scoring.reading.rule_file import load_rule
from tests.scoring.points_template import RULE, chances, closed, enumerated, scored

PDTSRG = load_rule("pdtsrg-2009")
LEVELS = [5, 4, 5, 4, 3, 5, 4, 5]
V = [0.01, 0.02, 0.015, 0.08, 0.03, 0.05, 0.011, 0.021]


@pytest.mark.parametrize("k", [1, 2, 5, 10, 40])
@pytest.mark.parametrize(("theta", "tau2"), [(0.0, 0.0), (0.2, 0.04), (-0.3, 0.01)])
def test_closed_forms_of_equal_variances(k, theta, tau2):
    """anchors/evidence_rules.md, section 3.2: P(0) to P(3) of the template."""
    found = behaviour(RULE, np.full(k, 0.0201), theta=theta, tau2=tau2)

    for points, share in enumerate(closed(k, 0.0201, theta, tau2)):
        assert found.probability(str(points)) == pytest.approx(share, abs=1e-12)
    assert sum(found.probabilities) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("k", [2, 3, 9])
def test_closed_forms_where_any_null_is_contrary(k):
    """Section 3.2: P(3) = p+^k from two studies on, P(0) = (1 - p+)^k, P(1) the rest."""
    better, _, _ = chances(0.02, 0.2, 0.04)
    found = behaviour(RULE, np.full(k, 0.02), theta=0.2, tau2=0.04, policy="any_null")

    assert found.probability("3") == pytest.approx(better**k, abs=1e-12)
    assert found.probability("0") == pytest.approx((1 - better) ** k, abs=1e-12)
    assert found.probability("1") == pytest.approx(1 - better**k - (1 - better) ** k, abs=1e-12)


@pytest.mark.parametrize("policy", list(PDTSRG.policies))
def test_enumeration_of_every_policy(policy):
    """All 3^5 results of five studies of unequal variance and level, scored by the rule itself."""
    expected = enumerated(scored(PDTSRG, policy, LEVELS[:5]), V[:5], 0.15, 0.02)
    found = behaviour(PDTSRG, V[:5], theta=0.15, tau2=0.02, levels=LEVELS[:5], policy=policy)

    assert found.method == "exact"
    assert {name: found.probability(name) for name in expected} == pytest.approx(expected, abs=1e-12)
    assert sum(found.probability(name) for name in expected) == pytest.approx(1, abs=1e-12)


def test_enumeration_of_eight_studies():
    """All 3^8 results of eight studies, by the words of the points rule (6.14), written out here."""

    def points(results):
        at = {level: [r for r, own in zip(results, LEVELS, strict=True) if own == level] for level in (5, 4)}
        e5, e4, n5 = at[5].count("+"), at[4].count("+"), at[5].count("-") + at[5].count("0")
        contrary = at[5].count("-") + at[4].count("-")
        if e5 >= 2:
            return "3"
        if (e5 == 1 and n5 == 0 and contrary == 0) or e4 >= 2:
            return "2"
        return "1" if e5 + e4 else "0"

    found = behaviour(PDTSRG, V, theta=0.1, tau2=0.01, levels=LEVELS)

    assert dict(found.shares) == pytest.approx(enumerated(lambda every: map(points, every), V, 0.1, 0.01), abs=1e-12)


@pytest.mark.parametrize("name", ["pdtsrg-2009", "sherman-1998", "wwc-v1", "direction-swim", "eif", "title-iv-e"])
@pytest.mark.parametrize("reading", ["computed", "favourable"])
def test_simulation_agrees(name, reading):
    """20,000 draws through the rule itself, within .01, for the last policy of six rules."""
    rule = load_rule(name)
    facts = {"n": 200, "randomised": True, "months": 14}
    how = {
        "theta": 0.2,
        "tau2": 0.03,
        "levels": LEVELS,
        "facts": facts,
        "policy": list(rule.policies)[-1],
        "reading": reading,
    }
    exact, drawn = (behaviour(rule, V, method=method, **how) for method in ("exact", "simulation"))

    assert (exact.method, drawn.method, drawn.draws) == ("exact", "simulation", 20_000)
    assert max(abs(exact.probability(one) - drawn.probability(one)) for one in {*exact.outputs, *drawn.outputs}) < 0.01
    assert exact.undecided == pytest.approx(drawn.undecided, abs=0.01)


def test_constants_of_effects_make_categories():
    """A rule that compares effects with 0.25: two studies, by hand from the normal distribution."""
    rule = load_rule("wwc-v1")
    found = behaviour(rule, [0.04], theta=0.1, levels=[5], policy="from_level")
    from scipy.special import ndtr

    important = ndtr((0.1 - 0.25) / 0.2) - ndtr((0.1 - 1.959963984540054 * 0.2) / 0.2)  # not significant, at least 0.25
    benefit = ndtr((0.1 - 1.959963984540054 * 0.2) / 0.2)

    assert found.probability("potentially_positive") == pytest.approx(important + benefit, abs=1e-12)


def test_effects_on_another_scale():
    """An effect whose rule's size is half of it reaches 0.25 at 0.5; where no size is known nothing is important."""
    rule = load_rule("wwc-v1")
    how = {"theta": 0.1, "levels": [5], "policy": "from_level"}
    half = behaviour(rule, [0.16], scale=0.5, **{**how, "theta": 0.2})
    whole = behaviour(rule, [0.04], **how)
    unknown = behaviour(rule, [0.04], scale=None, **how)

    assert half.probabilities == pytest.approx(whole.probabilities, abs=1e-12)
    assert unknown.undecided > whole.undecided


@pytest.mark.parametrize(("share", "printed"), [(1.0, 0.02), (0.5, 0.07), (0.2, 0.26)])
def test_selective_publication_as_printed(share, printed):
    """anchors/evidence_rules.md 3.3 (vi): a null modality, k = 10 reports, tau = 0: P(3) .02, .07, .26."""
    found = behaviour(RULE, np.full(10, 0.02), publication=share)

    assert found.probability("3") == pytest.approx(printed, abs=0.005)


def test_unreported_studies_can_vanish():
    """Of two studies done, each is reported with p0 / 2 + p- / 2 + p+: P(2) = 2 p+ (q + p0 / 2), q unreported."""
    better, worse, none = chances(0.02, 0.2, 0.0)
    lost = (none + worse) / 2
    found = behaviour(RULE, [0.02, 0.02], theta=0.2, publication=0.5, of="done")

    assert found.probability("2") == pytest.approx(2 * better * (lost + none / 2), abs=1e-12)


@pytest.mark.parametrize("of", ["reported", "done"])
def test_selective_publication_simulated(of):
    """Both readings of k, with shares of their own for no difference and for harm, against 20,000 draws."""
    how = {"theta": 0.1, "tau2": 0.01, "publication": {"ineffective": 0.4, "contrary": 0.1}, "of": of, "levels": LEVELS}
    exact, drawn = (behaviour(PDTSRG, V, method=method, **how) for method in ("exact", "simulation"))

    assert max(abs(exact.probability(one) - drawn.probability(one)) for one in exact.outputs) < 0.01


def test_what_is_hardly_ever_reported_is_simulated_all_the_same():
    """Harm that one in a million reports tells: the benefit and the harm that are seen are drawn, not waited for."""
    how = {"theta": -1.0, "publication": {"ineffective": 1e-6, "contrary": 1e-6}, "levels": LEVELS}
    exact, drawn = (behaviour(PDTSRG, V, method=method, **how) for method in ("exact", "simulation"))

    assert max(abs(exact.probability(one) - drawn.probability(one)) for one in exact.outputs) < 0.01


def test_what_is_no_sum_is_simulated_with_its_reason():
    """A rule that looks at the pool cannot be followed exactly; asked for exactly it is refused with that reason."""
    rule = load_rule("sherman-1998")
    context = {"worthwhile": 0.5}
    found = behaviour(rule, V, policy="equivalence", context=context, draws=500)

    assert (found.method, found.draws) == ("simulation", 500)
    assert "upper of the pool" in found.reason
    with pytest.raises(InvalidArgument, match="upper of the pool"):
        behaviour(rule, V, policy="equivalence", context=context, method="exact")


def test_pools_of_the_draws_decide():
    """Studies of no effect, each precise: the pooled 90 % interval lies below 0.5, so nothing works and it is shown."""
    rule = load_rule("sherman-1998")
    found = behaviour(rule, np.full(10, 0.001), policy="equivalence", context={"worthwhile": 0.5}, draws=300)

    assert found.probability("what_does_not_work") > 0.95
    assert found.undecided == 0


@given(
    v=st.lists(st.floats(0.001, 0.5), max_size=7),
    theta=st.floats(-0.5, 0.5),
    tau2=st.floats(0, 0.2),
    policy=st.sampled_from(list(PDTSRG.policies)),
)
def test_probabilities_are_shares(v, theta, tau2, policy):
    """No output is less probable than nothing, and all of them make one whole."""
    found = behaviour(PDTSRG, v, theta=theta, tau2=tau2, policy=policy, levels=[5, 4] * 3 + [5] if len(v) == 7 else 5)

    assert min(found.probabilities) >= 0
    assert sum(found.probabilities) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_a_change_of_units_changes_nothing(scale):
    """Effects in other units, variances with them."""
    one = behaviour(PDTSRG, V, theta=0.1, tau2=0.02, levels=LEVELS)
    other = behaviour(PDTSRG, np.array(V) * scale**2, theta=0.1 * scale, tau2=0.02 * scale**2, levels=LEVELS)

    assert other.probabilities == pytest.approx(one.probabilities, rel=1e-9)


def test_the_order_of_studies_changes_nothing():
    """Studies turned round."""
    one = behaviour(PDTSRG, V, theta=0.1, tau2=0.02, levels=LEVELS)
    other = behaviour(PDTSRG, V[::-1], theta=0.1, tau2=0.02, levels=LEVELS[::-1])

    assert other.probabilities == pytest.approx(one.probabilities, rel=1e-12)


def test_settings_together_are_settings_alone():
    """Many settings of one call, of other sizes, levels and publication."""
    settings = [
        Setting(V[:k], theta, 0.01, LEVELS[:k], {}, publication_of(share))
        for k in (0, 1, 4)
        for theta in (0.0, 0.3)
        for share in (1.0, 0.3)
    ]
    for one, together in zip(settings, behaviours(PDTSRG, settings), strict=True):
        alone = behaviour(
            PDTSRG, one.variances, theta=one.theta, tau2=0.01, levels=one.levels, publication=one.publication
        )
        assert {name: together.probability(name) for name in alone.outputs} == pytest.approx(
            dict(alone.shares), abs=1e-14
        )


@pytest.mark.parametrize("policy", list(PDTSRG.policies))
def test_fifty_studies_take_less_than_50_milliseconds(policy):
    """The bar of the issue, with the best of a few runs, so that a busy machine does not count."""
    v, taken = np.linspace(0.01, 0.06, 50), []
    for _ in range(6):
        start = time.perf_counter()
        behaviour(PDTSRG, v, theta=0.2, tau2=0.02, policy=policy, levels=[5, 4, 5, 5, 4] * 10)
        taken.append(time.perf_counter() - start)
        if taken[-1] < 0.05:
            break

    assert min(taken) < 0.05


def test_summary_and_values():
    """Text with the expected points, and plain values."""
    found = behaviour(RULE, [0.02, 0.02], theta=0.2)

    assert found.summary().startswith("points-template (harm_only), k = 2, theta = 0.2, tau2 = 0: exact\noutput  prob")
    assert found.expected == pytest.approx(sum(int(name) * share for name, share in found.shares))
    assert found.at_least("2") == pytest.approx(found.probability("2") + found.probability("3"))
    assert found.to_dict()["probabilities"]["3"] == found.probability("3")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"variances": [0.1, 0.0]}, "greater than 0: row 2"),
        ({"tau2": -1}, "tau2 must be"),
        ({"theta": float("nan")}, "theta"),
        ({"levels": [5]}, "level is given for 1 studies"),
        ({"facts": {"levle": 5}}, "did you mean 'level'"),
        ({"facts": {"direction": "effective"}}, "no fact of a planned study"),
        ({"facts": {"randomised": "yes"}}, "a condition, not 'yes': write true or false"),
        ({"facts": {"comparator": "nothing"}}, "comparator is never 'nothing'"),
        ({"levels": [7, 5]}, "between 1 and 5"),
        ({"levels": ["5", None]}, "level is a number, not '5'"),
        ({"context": {"nothing": 1}}, "nothing that rule"),
        ({"context": {"worthwhile": "small"}}, "worthwhile is a number"),
        ({"policy": "harm"}, "did you mean 'harm_only'"),
        ({"reading": "worst"}, "no reading"),
        ({"publication": 0}, "above 0"),
        ({"publication": {"none": 0.5}}, "no result"),
        ({"of": "all"}, "reported, done"),
        ({"method": "guess"}, "no method"),
        ({"method": "simulation", "draws": 0}, "at least one draw"),
    ],
)
def test_what_cannot_be_is_refused(given, what):
    """Every bad value is one error that names it."""
    with pytest.raises(InvalidArgument, match=what):
        behaviour(RULE, **{"variances": [0.1, 0.2], **given})


def test_a_rule_of_single_studies_has_no_distribution():
    """Maryland levels grade one study."""
    with pytest.raises(InvalidArgument, match="grades single studies"):
        behaviour(load_rule("maryland-1998"), [0.1])


def test_the_variance_of_a_mean_difference():
    """2 / n + d^2 / (4 n): with 100 per arm and d = .2, .0201."""
    assert variance_of(100, 0.2) == pytest.approx(0.0201)
    assert behaviour_table(RULE, k=[2], theta=[0.2], tau2=[0]).rows[0].behaviour.probability("3") == pytest.approx(
        chances(0.0201, 0.2, 0)[0] ** 2
    )
