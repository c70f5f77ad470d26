"""The multilevel blocks of the reference, every number of them; the robust ones stand in test_robust.py.

Each fit is laid out as the reference lays out its own, and then the two are walked together, so that nothing can be
passed over but what is named here.
"""

import math

import numpy as np
import pytest

from synthesis.pooling.dependent.multilevel import multilevel
from tests.pooling.reference import blocks

BLOCKS = {block["id"]: block for block in blocks("multilevel")}
ELSEWHERE = {"robust", "robust_on_two_level_rma_uni"}
NOT_RESULTS = {"logLik_range_over_optimizers"}  # of the reference's own optimisers
RTOL = 1e-4  # the README's, for multilevel blocks
BOUND = 1e-5  # of an interval near 0, in units of the root of the median sampling variance
LOG_LIKELIHOOD = 1e-6  # the same, absolute


class Walk:
    """Compares the leaves of two nested values, counting them by their kind."""

    def __init__(self, inputs):
        self.typical = np.sqrt(np.median(inputs["vi"] if "vi" in inputs else np.diag(inputs["V"])))
        self.numbers, self.words, self.differences = 0, 0, []

    def compare(self, path, ours, theirs):
        if isinstance(theirs, dict):
            for key, value in theirs.items():
                if key not in ELSEWHERE | NOT_RESULTS:
                    self.compare((*path, key), ours.get(key, "absent"), value)
        elif isinstance(theirs, list):
            if len(ours) != len(theirs):
                self.differences.append((path, ours, theirs))
            for place, (one, other) in enumerate(zip(ours, theirs, strict=False)):
                self.compare((*path, place), one, other)
        elif isinstance(theirs, (int, float)):
            self.numbers += 1
            if not agrees(path, ours, theirs, BOUND * self.typical):
                self.differences.append((path, ours, theirs))
        else:
            self.words += 1
            if ours != theirs:
                self.differences.append((path, ours, theirs))


def agrees(path, ours, theirs, near_zero):
    """Equal by the README: the log-likelihood that was climbed may be higher, a bound near 0 has a scale."""
    if not isinstance(ours, (int, float)):
        return False
    if path[-1] == "logLik" and "fit_stats" not in path:
        return ours >= theirs - LOG_LIKELIHOOD and ours == pytest.approx(theirs, rel=RTOL)
    if path[-1] in {"pval", "QEp", "QMp"} and 0 < theirs < 1e-12:
        return math.log(ours) == pytest.approx(math.log(theirs), rel=1e-6)
    is_bound = {"ci.lb", "ci.ub"} & set(path)
    return ours == pytest.approx(theirs, rel=RTOL, abs=near_zero if is_bound else 1e-12)


def laid_out(fit, **more):
    """A fit as the reference shows it."""
    rows = fit.coefficients
    kinds = {one.kind: one for one in fit.fit_statistics}
    omnibus = fit.omnibus
    shown = {
        "coefficients": {
            "names": ["intrcpt" if one.name == "Intercept" else one.name for one in rows],
            "b": [one.estimate for one in rows],
            "se": [one.se for one in rows],
            "stat": [one.statistic for one in rows],
            "df": [rows[0].df],
            "pval": [one.p_value for one in rows],
            "ci.lb": [one.ci_low for one in rows],
            "ci.ub": [one.ci_high for one in rows],
        },
        "vcov": fit.covariance.tolist(),
        "k": fit.k, "QE": fit.q, "QE.df": fit.q_df, "QEp": fit.q_p_value,
        "QM": omnibus.statistic, "QM.df": [omnibus.df, omnibus.df_denominator], "QMp": omnibus.p_value,
        "logLik": fit.log_likelihood,
        "fit_stats": {
            kind: {
                "logLik": one.log_likelihood, "deviance": one.deviance,
                "AIC": one.aic, "BIC": one.bic, "AICc": one.aicc,
            }
            for kind, one in kinds.items()
        },
    }  # fmt: skip
    return shown | more


def three_level(fit):
    """A fit of nested intercepts."""
    factors = [one.name.removeprefix("sigma2 ").replace("cluster", "cl") for one in fit.components]
    shown = laid_out(fit, sigma2=list(fit.sigma2), sigma2_factors=factors)
    if len(fit.coefficients) == 1:
        one = fit.predict()[0]
        bounds = {"ci.lb": one.ci_low, "ci.ub": one.ci_high, "pi.lb": one.pi_low, "pi.ub": one.pi_high}
        shown["predict"] = {"pred": one.estimate, "se": one.se, **bounds}
    return shown


def with_details(fit):
    """What the reference gives of its first fit beside the rest."""
    effects = fit.random_effects()[0]
    order = [
        effects.levels.index(level)
        for level in BLOCKS["konstantopoulos2011"]["outputs"]["REML"]["ranef_cluster"]["level"]
    ]
    intervals = fit.profile_intervals()
    return three_level(fit) | {
        "I2": {
            "typical_variance": fit.typical_variance,
            "I2_total": fit.i2,
            "I2_by_level": [one.i2 for one in fit.components],
        },
        "profile_ci": [
            {"parameter": f"sigma^2.{place}", "estimate": one.estimate, "ci.lb": one.ci_low, "ci.ub": one.ci_high}
            for place, one in enumerate(intervals, 1)
        ],
        "ranef_cluster": {
            "level": [effects.levels[place] for place in order],
            "pred": effects.estimate[order].tolist(),
            "se": effects.se[order].tolist(),
        },
        "weights_percent": [100 * share for share in fit.weights],
        "weights_rowsum_percent": [100 * share for share in fit.row_weights],
    }


def walked(ours, name):
    """The comparison of a block."""
    walk = Walk(BLOCKS[name]["inputs"])
    walk.compare((), ours, BLOCKS[name]["outputs"])
    return walk


def konstantopoulos():
    """All fits of schools within districts."""
    data = BLOCKS["konstantopoulos2011"]["inputs"]
    same = np.array(data["cluster"])[:, None] == data["cluster"]
    sd = np.sqrt(data["vi"])
    V = np.where(np.eye(len(sd)) == 1, 1.0, 0.6 * same) * np.outer(sd, sd)
    year = np.column_stack([np.ones(len(sd)), data["x"]])

    def fit(V=data["vi"], random="cluster/inner", test="z", **options):
        return multilevel(data["yi"], V, random=random, data=data, test=test, **options)

    plain, inner, cluster = fit(), fit(sigma2=[0, None]), fit(random="cluster")
    return {
        "REML": with_details(plain),
        "REML_t_contain": three_level(fit(test="t", dfs="contain")),
        "REML_t": three_level(fit(test="t", dfs="residual")),
        "ML": three_level(fit(method="ML")),
        "two_level_inner_only": three_level(inner),
        "two_level_cluster_only": three_level(cluster),
        "lrt_cluster_variance": compared(plain, inner),
        "lrt_inner_variance": compared(plain, cluster),
        "moderator_REML": three_level(fit(moderators=year, names=["Intercept", "x"])),
        "moderator_ML": three_level(fit(moderators="~ x", method="ML")),
        "correlated_errors_rho06_REML": three_level(fit(V=V)),
    }


def compared(full, reduced):
    test = full.compare(reduced)
    return {"LRT": test.statistic, "pval": test.p_value}


def fit_numbers(p, components, *, t=False):
    """Numbers of a fit of p coefficients: 6 and a row of covariances for each, 8 of the whole, 2 x 5 criteria."""
    return 6 * p + p * p + 8 + 10 + components + 2 * t


def test_schools_within_districts_as_in_the_reference():
    """Nine fits of 56 effects in 11 districts, and two likelihood-ratio tests."""
    walk = walked(konstantopoulos(), "konstantopoulos2011")

    prediction, i2, profiles, effects, weights = 6, 4, 2 * 3, 2 * 11, 2 * 56
    first = fit_numbers(1, 2) + prediction + i2 + profiles + effects + weights
    others = 2 * (fit_numbers(1, 2, t=True) + prediction) + 2 * (fit_numbers(1, 2) + prediction)
    without_predictions = fit_numbers(1, 2) + fit_numbers(1, 1) + 2 * fit_numbers(2, 2)
    tests = 2 * 2
    assert walk.differences == []
    assert walk.numbers == first + others + without_predictions + tests == 442


def structured(fit):
    """A fit of `inner | outer`; a correlation that plays no part is left as the reference has it."""
    levels = list(fit.problem.components.parts[0].term.levels)
    return laid_out(fit, tau2=list(fit.tau2), tau2_levels=levels) | {"rho": list(fit.rho) or [0]}


def indicators(column, levels):
    """A column of 0 and 1 for each level."""
    return np.array([[one == level for level in levels] for one in column], dtype=float)


def test_two_outcomes_as_in_the_reference():
    """Five structures by REML and ML, the fixed-effects model and a contrast of 10 effects in 5 studies."""
    data = BLOCKS["berkey1998"]["inputs"]
    common = {"moderators": indicators(data["outcome"], ["AL", "PD"]), "names": ["outcomeAL", "outcomePD"], "test": "z"}
    fits = {
        key: multilevel(
            data["yi"], data["V"], random="outcome | study", data=data, struct=struct, method=method, **common
        )
        for key in BLOCKS["berkey1998"]["outputs"]
        if "|" in key
        for struct, method in [key.split("|")]
    }
    contrast = fits["UN|REML"].contrast([1, -1])
    row, test = contrast.rows[0], contrast.test
    shown = {key: structured(fit) for key, fit in fits.items()}
    shown["fixed_effects"] = laid_out(multilevel(data["yi"], data["V"], method="ML", **common))
    shown["contrast_first_minus_second"] = {
        "struct": "UN", "estimate": row.estimate, "se": row.se, "stat": row.statistic,
        "QM": test.statistic, "QMp": test.p_value,
    }  # fmt: skip
    walk = walked(shown, "berkey1998")

    each, one, none = 2 + 1, 1 + 1, 0  # variances, and correlations, where the reference writes 0 for "none"
    structures = 2 * sum(fit_numbers(2, components) for components in (each, each, one, each, one))
    assert walk.differences == []
    assert walk.numbers == structures + fit_numbers(2, none) + 5 == 405


def test_a_network_of_treatments_as_in_the_reference():
    """Arms of 26 studies with a mean for each study: no random effects, and correlated ones with rho = 1/2."""
    block = BLOCKS["senn2013_network"]
    data = block["inputs"]
    treatments = block["outputs"]["fixed"]["treatments"]
    studies = sorted(set(data["study"]))
    x = np.hstack([indicators(data["study"], studies), indicators(data["trt"], treatments)])

    def shown(fit):
        rows = fit.coefficients[len(studies) :]
        return {
            "tau2": fit.tau2[0] if fit.tau2 else 0,
            "logLik": fit.log_likelihood,
            "QE": fit.q,
            "QE.df": fit.q_df,
            "treatments": treatments,
            "b": [one.estimate for one in rows],
            "se": [one.se for one in rows],
            "vcov": fit.covariance[len(studies) :, len(studies) :].tolist(),
        }

    def fit(method, **options):
        return multilevel(data["yi"], data["vi"], data=data, moderators=x, test="z", method=method, **options)

    correlated = {"random": "trt | study", "rho": 0.5}
    walk = walked(
        {
            "fixed": shown(fit("ML")),
            "random_REML": shown(fit("REML", **correlated)),
            "random_ML": shown(fit("ML", **correlated)),
        },
        "senn2013_network",
    )

    assert walk.differences == []
    assert walk.numbers == 3 * (4 + 2 * 9 + 9 * 9)


def by_study(matrices):
    """A block-diagonal matrix."""
    from scipy.linalg import block_diag

    return block_diag(*matrices)


def test_four_times_as_in_the_reference():
    """Four structures by REML and ML of 66 effects; rho means nothing where tau2 is 0, and is None there."""
    block = BLOCKS["fine1993_autoregressive"]
    data = block["inputs"]
    names = [f"ft{time}" for time in (1, 2, 3, 4)]
    x = indicators(data["time"], (1, 2, 3, 4))
    V = by_study(data["V_by_study"])
    shown, unknown = {}, 0
    for key, theirs in block["outputs"].items():
        struct, method = key.split("|")
        fit = multilevel(
            data["yi"],
            V,
            random="time | study",
            data=data,
            moderators=x,
            names=names,
            struct=struct,
            method=method,
            test="z",
        )
        shown[key] = structured(fit)
        if fit.tau2 == (0.0,):
            assert fit.rho == (None,)
            shown[key]["rho"] = theirs["rho"]
            unknown += 1
    walk = walked(shown, "fine1993_autoregressive")

    assert walk.differences == []
    assert walk.numbers == 2 * (3 * fit_numbers(4, 1 + 1) + fit_numbers(4, 4 + 1)) == 486
    assert unknown == 6
