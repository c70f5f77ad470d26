"""Laws of the transformations, and pooled results on another scale."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.effects.back_transform import back_transform, transform, transform_interval
from synthesis.effects.transform import ARGUMENTS, BY_METAFOR, PEAK, POLE, RISES, TRANSFORMS, VALLEY
from synthesis.errors import InvalidArgument
from synthesis.pooling import pool

share = st.floats(0.01, 0.99)
shares = st.lists(share, min_size=2, max_size=20)
fewer = settings(max_examples=settings.default.max_examples // 5)  # laws of every transformation draw many at once
GIVEN = {"n": 40, "person_time": 25.0, "tau2": 0.3, "sd": 2.5, "n1i": 20, "n2i": 35, "share": 0.3, "base_risk": 0.2}
# These take more than their inverses give, because bounds of intervals may lie beyond; there they give the end.
CLAMPED = {
    "inverse_arcsine", "inverse_freeman_tukey", "inverse_square_root", "inverse_freeman_tukey_rate",
    "inverse_hakstian_whalen", "inverse_bonett", "z_to_r2",
}  # fmt: skip
INVERTIBLE = [name for name, one in TRANSFORMS.items() if one.inverse and name not in CLAMPED]
INSIDE = {  # where not the whole domain has an image: a number for a share u of it
    "hakstian_whalen": lambda u: u,
    "bonett": lambda u: u,
    "biserial_to_d": lambda u: 2 * u - 1,
    "biserial_to_point_biserial": lambda u: 2 * u - 1,
    "risk_ratio_to_log_odds_ratio": lambda u: u / GIVEN["base_risk"],
    "risk_difference_to_log_odds_ratio": lambda u: u - GIVEN["base_risk"],
    "log_risk_ratio_to_risk_difference": lambda u: math.log(u / GIVEN["base_risk"]),
    "log_risk_ratio_to_number_needed": lambda u: math.log(u / GIVEN["base_risk"]),
}
# metafor's functions, as its help page lists them (version 4.8), and the two of the reference that R itself has
LISTED = [
    "rtoz", "ztor", "logit", "ilogit", "arcsin", "iarcsin", "pft", "ipft", "ipft.hm", "isqrt", "irft", "iirft",
    "ahw", "iahw", "abt", "iabt", "r2toz", "ztor2", "ztor.int", "exp.int", "ilogit.int", "ztor.mode",
    "exp.mode", "ilogit.mode", "dtou1", "dtou2", "dtou3", "dtoovl", "dtocles", "dtocliffd", "dtobesd", "dtomd",
    "dtorpb", "dtorbis", "rpbtorbis", "rtorpb", "rtod", "rpbtod", "lnortord", "lnortorr", "lnortod.norm",
    "lnortod.logis", "dtolnor.norm", "dtolnor.logis", "lnortortet.pearson", "lnortortet.digby", "exp",
    "iprobit",
]  # fmt: skip


def targs(name):
    """All that a transformation needs or takes."""
    return {one: GIVEN[one] for one in (*TRANSFORMS[name].needs, *TRANSFORMS[name].takes)}


def inside(name, u):
    """A number in the domain of a transformation, for a share u of it."""
    low, high = TRANSFORMS[name].domain
    if name in INSIDE:
        return INSIDE[name](u)
    if math.isinf(low):
        return 6 * u - 3 if math.isinf(high) else high - 1 / u
    return 10 * u if math.isinf(high) else low + (high - low) * u


@pytest.mark.parametrize("name", INVERTIBLE)
@fewer
@given(drawn=shares)
def test_inverses_compose_to_the_identity(name, drawn):
    """There and back, with and without what may be given."""
    x, back = [inside(name, u) for u in drawn], TRANSFORMS[name].inverse
    needed = {one: GIVEN[one] for one in TRANSFORMS[name].needs}

    for given_ in (targs(name), needed):
        assert transform(transform(x, name, **given_), back, **given_) == pytest.approx(x, rel=1e-9, abs=1e-9)


def test_every_inverse_is_tried():
    """Inverses are mutual, need the same, and of each pair one direction or both are among those composed."""
    for name, one in TRANSFORMS.items():
        if one.inverse:
            other = TRANSFORMS[one.inverse]
            assert (other.inverse, other.needs, other.takes) == (name, one.needs, one.takes)
            assert name in INVERTIBLE or one.inverse in INVERTIBLE


@pytest.mark.parametrize("name", [name for name, one in TRANSFORMS.items() if one.shape == RISES])
@fewer
@given(drawn=shares)
def test_what_rises(name, drawn):
    """A greater number never has a smaller image, but for rounding."""
    images = transform(sorted(inside(name, u) for u in drawn), name, **targs(name))

    assert (np.diff(images) >= -1e-12).all()


@pytest.mark.parametrize("name", TRANSFORMS)
@fewer
@given(drawn=shares)
def test_images_of_intervals(name, drawn):
    """What lies in an interval has its image in the image of the interval; over a pole there is none."""
    low, *between, high = sorted(inside(name, u) for u in drawn)
    least, most = transform_interval(low, high, name, **targs(name))
    if TRANSFORMS[name].shape == POLE and low <= 0 <= high:
        assert np.isnan([least, most]).all()
    else:
        images = transform(between, name, **targs(name))
        slack = 1e-9 * np.maximum(1.0, np.abs(images))
        assert ((least - slack <= images) & (images <= most + slack)).all()


@pytest.mark.parametrize("name", [name for name, one in TRANSFORMS.items() if one.shape in {VALLEY, PEAK}])
def test_an_interval_over_the_turning_point(name):
    """U1 begins at 0 and the overlap ends at 1 where the interval holds no difference."""
    least, most = transform_interval(-0.5, 2.0, name)

    assert (float(least) if TRANSFORMS[name].shape == VALLEY else 1 - float(most)) == 0
    assert (most if TRANSFORMS[name].shape == VALLEY else least) == transform(2.0, name)


def test_names_of_metafor():
    """Each of metafor's 46 functions, exp and the inverse probit have one entry here, found with and without prefix."""
    assert len(LISTED) == len(set(LISTED)) == 46 + 2
    assert set(LISTED) | {"probit"} == set(BY_METAFOR)
    assert transform(0.4, "transf.ilogit") == transform(0.4, "ilogit") == transform(0.4, "inverse_logit")


def integral(function, x, tau2):
    """Mean of a function of a normal variable, by adaptive quadrature in pieces of one standard deviation."""
    from scipy.integrate import quad

    def weighted(z):
        return function(x + math.sqrt(tau2) * z) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    return sum(quad(weighted, low, low + 1, epsabs=0, epsrel=1e-12, limit=200)[0] for low in range(-12, 12))


@pytest.mark.parametrize("tau2", [0.0, 0.2, 1.0, 1.01, 9.0, 400.0])
@pytest.mark.parametrize("x", [-4.0, -0.3, 0.0, 1.7])
def test_integrals_against_quadrature(x, tau2):
    """Means of transformed normal variables, with little and with much variance."""
    from scipy.special import expit

    assert transform(x, "ilogit.int", tau2=tau2) == pytest.approx(integral(expit, x, tau2), rel=1e-10)
    assert transform(x, "ztor.int", tau2=tau2) == pytest.approx(integral(math.tanh, x, tau2), rel=1e-10, abs=1e-13)
    if tau2 < 10:  # beyond, the bulk of the integrand lies outside twelve standard deviations
        assert transform(x, "exp.int", tau2=tau2) == pytest.approx(integral(math.exp, x, tau2), rel=1e-10)


@given(x=st.floats(-3, 3), name=st.sampled_from(["inverse_logit", "exponential", "z_to_r"]))
def test_no_variance_no_difference(x, name):
    """With tau2 = 0 the mean and the mode are the transformed number itself."""
    for kind in ("integral", "mode"):
        assert transform(x, f"{name}_{kind}", tau2=0) == pytest.approx(transform(x, name), rel=1e-12, abs=1e-15)


@given(x=st.floats(-3, 3).filter(lambda x: abs(x) > 0.01), tau2=st.floats(0.01, 6))
def test_modes_against_a_grid(x, tau2):
    """No point of a fine grid of proportions has a higher logit-normal density than the mode."""
    grid = np.linspace(0, 1, 4001)[1:-1]

    def log_density(p):
        return -((np.log(p / (1 - p)) - x) ** 2) / (2 * tau2) - np.log(p * (1 - p))

    mode = transform(x, "inverse_logit_mode", tau2=tau2)
    assert log_density(mode) >= log_density(grid).max() - 1e-9
    assert transform(x / 2, "z_to_r_mode", tau2=tau2 / 4) == pytest.approx(2 * mode - 1, abs=1e-12)


def test_two_modes_of_one_height():
    """About 0 a logit-normal variable of variance above 2 has two highest modes: neither is given."""
    assert np.isnan(transform(0.0, "inverse_logit_mode", tau2=3))
    assert transform(0.0, "inverse_logit_mode", tau2=2) == 0.5


@given(n=st.integers(1, 500), data=st.data())
def test_freeman_tukey_gives_back_every_count(n, data):
    """From no event to all of them; an angle beyond what the sample can give is 0 or 1."""
    p = data.draw(st.integers(0, n)) / n

    assert transform(transform(p, "pft", n=n), "ipft", n=n) == pytest.approx(p, abs=1e-12)
    assert transform([0.0, 2.0], "ipft", n=n).tolist() == pytest.approx([0, 1], abs=1e-15)


def test_the_harmonic_mean_of_the_sizes():
    """Samples of 20, 30 and 60 count as three of 30."""
    assert transform(0.6, "ipft.hm", n=[20, 30, 60]) == pytest.approx(transform(0.6, "ipft", n=30), rel=1e-14)


@given(base=st.floats(0.01, 0.99), odds_ratio=st.floats(0.01, 100))
def test_risks_from_odds_ratios(base, odds_ratio):
    """Risk, ratio, difference and number needed are those of the risk that has the odds OR p / (1 - p)."""
    odds = odds_ratio * base / (1 - base)
    risk, x = odds / (1 + odds), math.log(odds_ratio)

    assert transform(x, "log_odds_ratio_to_risk", base_risk=base) == pytest.approx(risk, rel=1e-9)
    assert transform(x, "lnortorr", base_risk=base) == pytest.approx(risk / base, rel=1e-9)
    assert transform(x, "lnortord", base_risk=base) == pytest.approx(risk - base, rel=1e-9, abs=1e-12)
    if abs(risk - base) > 1e-3:
        needed = transform(x, "log_odds_ratio_to_number_needed", base_risk=base)
        assert needed == pytest.approx(1 / (risk - base), rel=1e-9)


@pytest.mark.parametrize("x", [-800.0, 800.0])
def test_extreme_odds_ratios(x):
    """Nothing overflows: the risk is 0 or 1."""
    risk = float(x > 0)

    assert transform(x, "lnortorr", base_risk=0.2) == pytest.approx(risk / 0.2, abs=1e-300)
    assert transform(x, "lnortord", base_risk=0.2) == pytest.approx(risk - 0.2)


@pytest.fixture(scope="module")
def fit():
    """A pool of five log ratios."""
    return pool([-0.9, -1.6, -1.3, -0.2, 0.1], [0.3, 0.2, 0.4, 0.1, 0.05])


def test_a_pooled_ratio(fit):
    """All five numbers of a pooled log ratio as ratios."""
    ratio = back_transform(fit, "exponential")
    five = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")

    assert [getattr(ratio, one) for one in five] == pytest.approx([math.exp(getattr(fit, one)) for one in five])
    assert ratio.to_dict()["name"] == "exponential"
    assert ratio.summary().startswith("ratio from its log: ")
    assert back_transform([0.0, 1.0], "exp").tolist() == [1.0, math.e]


def test_a_pooled_mean_of_risks(fit):
    """An integral takes the variance of the true effects from the pool, unless another is given."""
    assert fit.tau2 > 0
    assert back_transform(fit, "exp.int").estimate == pytest.approx(math.exp(fit.estimate + fit.tau2 / 2))
    assert back_transform(fit, "exp.int", tau2=1.0).estimate == pytest.approx(math.exp(fit.estimate + 0.5))


def test_a_number_needed_has_no_interval_over_0(fit):
    """The bounds change places; an interval that reaches 0 has no image, and says so."""
    across = back_transform(fit, "log_odds_ratio_to_number_needed", base_risk=0.3)
    clear = back_transform(pool([-0.9, -0.8, -0.7], [0.01, 0.01, 0.01]), "lnortord", base_risk=0.3)
    needed = back_transform(
        pool([-0.9, -0.8, -0.7], [0.01, 0.01, 0.01]), "log_odds_ratio_to_number_needed", base_risk=0.3
    )

    assert (across.ci_low, across.ci_high, across.pi_low) == (None, None, None)
    assert len(across.notes) == 2
    assert (needed.ci_low, needed.ci_high) == pytest.approx((1 / clear.ci_high, 1 / clear.ci_low))
    assert needed.estimate == pytest.approx(1 / clear.estimate)


def test_one_study_has_no_prediction_interval():
    """What the pool does not have stays None."""
    alone = back_transform(pool([0.5], [0.1]), "inverse_logit")

    assert (alone.pi_low, alone.pi_high, alone.notes) == (None, None, ())


REFUSED = {
    "no transform 'inverse_logitt': did you mean 'inverse_logit'?": (0.1, "inverse_logitt", {}),
    "logit takes numbers between 0 and 1: rows 2, 3": ([0.5, 1.2, -0.1], "logit", {}),
    "freeman_tukey needs n, the size of the sample": (0.5, "freeman_tukey", {}),
    "exponential takes no 'tau2': there are none": (0.5, "exponential", {"tau2": 1.0}),
    "n, the size of the sample, must be finite and greater than 0: row 2": ([0.5, 0.5], "pft", {"n": [10, 0]}),
    "tau2, the variance of the true effects, must be finite and not below 0: row 1": (0.5, "exp.int", {"tau2": -1}),
    "base_risk, the risk of the second group, must be finite and between 0 and 1: row 1": (
        0.5, "lnortorr", {"base_risk": 1.0},
    ),
    "the shapes do not fit together: values (2,), n (3,)": ([0.5, 0.5], "pft", {"n": [1, 2, 3]}),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_numbers_that_cannot_be(message):
    """One message with the rows and the remedy."""
    values, name, arguments = REFUSED[message]
    with pytest.raises(InvalidArgument) as refused:
        transform(values, name, **arguments)

    assert str(refused.value) == message


def test_bounds_in_the_wrong_order(fit):
    """The low bound comes first, and there are as many high ones; one result takes single numbers."""
    with pytest.raises(InvalidArgument, match="the low bound must not be above the high one: row 2"):
        transform_interval([0, 1], [1, 0], "exp")
    with pytest.raises(InvalidArgument, match=r"do not fit together: low \(2,\), high \(3,\)"):
        transform_interval([0, 1], [1, 2, 3], "exp")
    with pytest.raises(InvalidArgument, match="single numbers as arguments, not 2 of them"):
        back_transform(fit, "dtomd", sd=[1, 2])


@pytest.mark.parametrize("name", TRANSFORMS)
def test_shapes_and_what_is_absent(name):
    """Arrays of shape (2, 2) stay so, a single number is one, and what is absent stays so."""
    x = inside(name, 0.4)

    assert transform([[x, x], [x, x]], name, **targs(name)).shape == (2, 2)
    assert transform(x, name, **targs(name)).shape == ()
    assert np.isnan(transform([None], name, **targs(name))).all()


def test_arguments_are_all_used():
    """Each argument that there is belongs to a transformation."""
    assert {one for entry in TRANSFORMS.values() for one in (*entry.needs, *entry.takes)} == set(ARGUMENTS)
