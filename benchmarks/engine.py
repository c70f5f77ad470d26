"""Pools by synth and by other engines, side by side in one run: python benchmarks/engine.py.

CPU time of all threads; "times" says how many times longer the other engine takes for the same data. With each single
pool synth gives more (Q-profile and prediction interval, likelihood, notes), so that is the worse side of it.
"""

import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np
from _timing import cpu_of_calls, show
from statsmodels.stats.meta_analysis import combine_effects

from synthesis.pooling import pool, pool_groups, pool_many
from synthesis.sensitivity import leave_one_out

TURNS = 7
THEIRS = {"DL": "dl", "PM": "iterated"}
Groups = list[tuple[np.ndarray, np.ndarray]]


def simulated(sizes: list[int]) -> Groups:
    """Meta-analyses of these sizes, the same in every run."""
    random = np.random.default_rng(2009)
    variances = [random.uniform(0.05, 1.0, k) ** 2 for k in sizes]
    return [(random.normal(0.3, np.sqrt(v + 0.1)), v) for v in variances]


def columns(groups: Groups) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All studies one after another, and the number of the meta-analysis of each."""
    y, v = (np.concatenate(part) for part in zip(*groups, strict=True))
    return y, v, np.repeat(np.arange(len(groups)), [len(one) for one, _ in groups])


def statsmodels(groups: Groups, method: str) -> list[float]:
    """The mean of each group, with the z interval, by statsmodels."""
    found = [combine_effects(y, v, method_re=THEIRS[method]) for y, v in groups]
    for one in found:
        one.conf_int(use_t=False)
    return [float(one.mean_effect_re) for one in found]


def pymare(groups: Groups) -> list[float]:
    """The mean of each group by the DL estimator of PyMARE, all at once; they must be of one size."""
    from pymare.estimators import DerSimonianLaird

    y, v = (np.column_stack(part) for part in zip(*groups, strict=True))
    fitted = DerSimonianLaird().fit(y, X=np.ones((len(y), 1)), v=v).summary()
    return np.ravel(fitted.get_fe_stats()["est"]).tolist()


def comparisons() -> Iterator[tuple[str, Callable[[], list[float]], Callable[[], list[float]]]]:
    """What is compared: a name, and the means by synth and by the other engine."""
    one, many = simulated([10]), simulated([20] * 500)
    ragged = simulated([2 + number % 40 for number in range(120)])
    y, v, group = columns(many)
    for method in THEIRS:
        yield (
            f"1 pool of 10 studies, {method}: pool / statsmodels",
            lambda method=method: [pool(*one[0], method=method, test="z").estimate],
            lambda method=method: statsmodels(one, method),
        )
        yield (
            f"500 pools of 20 studies, {method}: pool_many / statsmodels",
            lambda method=method: pool_many(y, v, group, method=method, test="z")["estimate"].tolist(),
            lambda method=method: statsmodels(many, method),
        )
        yield (
            f"120 pools of 2-41 studies, {method}: pool_groups / statsmodels",
            lambda method=method: [one.estimate for one in pool_groups(ragged, method=method, test="z")],
            lambda method=method: statsmodels(ragged, method),
        )
    if find_spec("pymare"):
        yield (
            "500 pools of 20 studies, DL: pool_many / pymare",
            lambda: list(pool_many(y, v, group, method="DL", test="z")["estimate"]),
            lambda: pymare(many),
        )


def side_by_side() -> None:
    """The comparisons, each with the largest difference between the means."""
    rows = []
    with np.errstate(all="ignore"):  # statsmodels takes roots of a negative tau^2
        for name, ours, theirs in comparisons():
            seconds = cpu_of_calls({"ours": ours, "theirs": theirs}, turns=TURNS)
            apart = np.nanmax(np.abs(np.subtract(ours(), theirs())))
            mine, other = (1000 * seconds[key] for key in ("ours", "theirs"))
            rows.append([name, f"{mine:.2f}", f"{other:.2f}", f"{other / mine:.1f}", f"{apart:.0e}"])
    title = f"The same pools by synth and by another engine: median CPU ms of {TURNS} turns"
    show(title, ["", "synth", "other", "times", "means apart by"], rows)
    sys.stdout.write(
        "DL means are far apart where Q is below k - 1: there statsmodels goes on with a negative tau^2.\n"
    )
    if not find_spec("pymare"):
        sys.stdout.write("NOT RUN: pymare is not installed (extra `bench`).\n")


def alone() -> None:
    """What no other engine here offers, or not in one call."""
    groups, large = simulated([20] * 50_000), simulated([100_000])[0]
    y, v, group = columns(groups)
    hundred, review = simulated([100])[0], simulated([2 + number % 40 for number in range(120)])
    calls = {
        "50,000 pools of 20 studies, REML adhoc, pool_many": lambda: pool_many(y, v, group),
        "1 pool of 100,000 studies, REML adhoc, pool_many": lambda: pool_many(*large, np.zeros(100_000, int)),
        "120 pools of 2-41 studies, REML adhoc, pool_groups": lambda: pool_groups(review),
        "1 pool of 10 studies, REML adhoc, pool": lambda: pool(*review[8]),
        "leave-one-out of 100 studies, REML adhoc": lambda: leave_one_out(*hundred),
    }
    seconds = cpu_of_calls(calls, turns=3)
    show("synth alone: median CPU ms", ["", "ms"], [[name, f"{1000 * each:.2f}"] for name, each in seconds.items()])


def main() -> None:
    """Both tables."""
    side_by_side()
    alone()


if __name__ == "__main__":
    main()
