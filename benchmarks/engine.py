"""Pools by synth and by other engines, side by side in one run: python benchmarks/engine.py.

CPU time of all threads; "times" says how many times longer the other engine takes for the same data. With each single
pool synth gives more (Q-profile and prediction interval, likelihood, notes), so that is the worse side of it.
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np
import peers
from _timing import cpu_of_calls, show

import synthesis as sy

TURNS = 5
MANY = 50_000
R_GROUPS = 500  # metafor takes 7 ms for each
Values = list[float]
Groups = list[tuple[np.ndarray, np.ndarray]]
Comparison = tuple[str, str, Callable[[], Values], Callable[[], Values]]  # what, the other engine, ours, theirs


def simulated(sizes: list[int]) -> Groups:
    """Meta-analyses of these sizes, the same in every run."""
    random = np.random.default_rng(2009)
    variances = [random.uniform(0.05, 1.0, k) ** 2 for k in sizes]
    return [(random.normal(0.3, np.sqrt(v + 0.1)), v) for v in variances]


def columns(groups: Groups) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All studies one after another, and the number of the meta-analysis of each."""
    y, v = (np.concatenate(part) for part in zip(*groups, strict=True))
    return y, v, np.repeat(np.arange(len(groups)), [len(one) for one, _ in groups])


def three_levels(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n effects, five in each study."""
    random = np.random.default_rng(7)
    study = np.repeat(np.arange(n // 5), 5)
    v = random.uniform(0.02, 0.3, n)
    y = 0.3 + random.normal(0, 0.2, n // 5)[study] + random.normal(0, 0.15, n) + random.normal(0, np.sqrt(v))
    return y, v, study


def single() -> Iterator[Comparison]:
    """One meta-analysis at a time."""
    ten, ragged = simulated([10]), simulated([2 + number % 40 for number in range(120)])
    for method in peers.THEIRS:
        yield (
            f"1 pool of 10 studies, {method}: pool", "statsmodels",
            lambda method=method: [sy.pool(*ten[0], method=method, test="z").estimate],
            lambda method=method: peers.statsmodels(ten, method),
        )  # fmt: skip
        yield (
            f"120 pools of 2-41 studies, {method}: pool_groups", "statsmodels",
            lambda method=method: [one.estimate for one in sy.pool_groups(ragged, method=method, test="z")],
            lambda method=method: peers.statsmodels(ragged, method),
        )  # fmt: skip
    for name in ("pymare", "pimeta", "pymetaanalysis"):
        yield (
            "1 pool of 10 studies, REML: pool", name,
            lambda: [sy.pool(*ten[0]).estimate], lambda name=name: getattr(peers, name)(ten),
        )  # fmt: skip
    large = simulated([100_000])
    for name in ("pymare", "pymetaanalysis"):
        yield (
            "1 pool of 100,000 studies, REML: pool", name,
            lambda: [sy.pool(*large[0]).estimate], lambda name=name: getattr(peers, name)(large),
        )  # fmt: skip


def bulk() -> Iterator[Comparison]:
    """Thousands in one call: ours of 10 to 30 studies, pymare's all of 20, which is all that it takes."""
    random = np.random.default_rng(5)
    ragged = columns(simulated(random.integers(10, 31, MANY).tolist()))
    equal = simulated([20] * MANY)
    for words, asked in (("", {}), (" with Q-profile intervals", {"tau2_interval": "QP"})):
        yield (
            f"{MANY:,} pools of 10-30 studies, REML{words}: pool_many; theirs of 20 each", "pymare",
            lambda asked=asked: sy.pool_many(*ragged, **asked)["estimate"].tolist(), lambda: peers.pymare(equal),
        )  # fmt: skip
    y, v, group = columns(equal)
    yield (
        f"{MANY:,} pools of 20 studies, REML: pool_many", "pymare",
        lambda: list(sy.pool_many(y, v, group)["estimate"]), lambda: peers.pymare(equal),
    )  # fmt: skip
    some = simulated([20] * 500)
    yield (
        "500 pools of 20 studies, PM: pool_many", "statsmodels",
        lambda: list(sy.pool_many(*columns(some), method="PM", test="z")["estimate"]),
        lambda: peers.statsmodels(some, "PM"),
    )  # fmt: skip


def harder() -> Iterator[Comparison]:
    """Permutations and dependent effects."""
    y, v = simulated([12])[0]
    yield (
        "4,096 sign changes of 12 studies, REML z: permutation_test", "pimeta",
        lambda: list(sy.permutation_test(y, v, test="z").p_values), lambda: peers.pimeta_permutation(y, v),
    )  # fmt: skip
    effects = three_levels(500)
    yield (
        "three levels, 500 effects, REML: multilevel", "pimeta",
        lambda: [three_level_fit(*effects).coefficients[0].estimate], lambda: peers.pimeta_three_levels(*effects),
    )  # fmt: skip


def three_level_fit(y: np.ndarray, v: np.ndarray, study: np.ndarray) -> sy.Multilevel:
    """Effects within studies."""
    return sy.multilevel(y, v, random="study/effect", data={"study": study, "effect": np.arange(len(y))})


def side_by_side() -> None:
    """The comparisons, each with the largest difference between the estimates."""
    rows, missing = [], set()
    with np.errstate(all="ignore"):  # statsmodels takes roots of a negative tau^2
        for what, other, ours, theirs in (*single(), *bulk(), *harder()):
            if not peers.INSTALLED.get(other, True):
                missing.add(other)
                continue
            seconds = cpu_of_calls({"ours": ours, "theirs": theirs}, turns=TURNS)
            mine, their_values = ours(), theirs()
            same = len(mine) == len(their_values) and "theirs of" not in what
            apart = f"{np.nanmax(np.abs(np.subtract(mine, their_values))):.0e}" if same else "-"
            times = [1000 * seconds[key] for key in ("ours", "theirs")]
            rows.append([what, other, f"{times[0]:.2f}", f"{times[1]:.2f}", f"{times[1] / times[0]:.1f}", apart])
    title = f"The same by synth and by another engine: median CPU ms of {TURNS} turns"
    show(title, ["", "other", "synth", "other", "times", "apart by"], rows)
    sys.stdout.write(
        "DL estimates are far apart where Q is below k - 1: there statsmodels goes on with a negative tau^2.\n"
    )
    for name in sorted(missing):
        sys.stdout.write(f"NOT RUN: {name} is not installed (extra `bench`).\n")


def beside_metafor() -> None:
    """metafor's own loop, timed by R: its start and the reading of data are not counted."""
    if not peers.INSTALLED["metafor"]:
        sys.stdout.write("NOT RUN: metafor, for there is no Rscript.\n")
        return
    groups = simulated(np.random.default_rng(5).integers(10, 31, R_GROUPS).tolist())
    y, v, group = columns(groups)
    twelve = simulated([12])[0]
    ours = cpu_of_calls(
        {"loop": lambda: sy.pool_many(y, v, group), "signs": lambda: sy.permutation_test(*twelve)}, turns=TURNS
    )
    loop, means = peers.metafor(peers.R_LOOP, {"yi": y, "vi": v, "group": group})
    signs, p = peers.metafor(peers.R_PERMUTATION, {"yi": twelve[0], "vi": twelve[1]})
    apart = (
        np.nanmax(np.abs(sy.pool_many(y, v, group)["estimate"] - means)),
        abs(sy.permutation_test(*twelve).p_values[0] - p[0]),
    )
    names = (f"{R_GROUPS} pools of 10-30 studies, REML adhoc", "4,096 sign changes of 12 studies, REML adhoc")
    rows = [
        [name, f"{1000 * mine:.2f}", f"{1000 * theirs:.2f}", f"{theirs / mine:.0f}", f"{difference:.0e}"]
        for name, mine, theirs, difference in zip(names, ours.values(), (loop, signs), apart, strict=True)
    ]
    show("The same by synth and by metafor: CPU ms", ["", "synth", "metafor", "times", "apart by"], rows)


def alone() -> None:
    """What no other engine here offers, or not in one call."""
    random = np.random.default_rng(5)
    ragged = columns(simulated(random.integers(10, 31, MANY).tolist()))
    large, hundred = simulated([100_000])[0], simulated([100])[0]
    review, effects = simulated([2 + number % 40 for number in range(120)]), three_levels(2_000)
    fit = three_level_fit(*effects)
    calls = {
        f"{MANY:,} pools of 10-30 studies, REML adhoc: pool_many": lambda: sy.pool_many(*ragged),
        "1 pool of 100,000 studies, REML adhoc: pool_many": lambda: sy.pool_many(*large, np.zeros(100_000, int)),
        "120 pools of 2-41 studies, REML adhoc: pool_groups": lambda: sy.pool_groups(review),
        "leave-one-out of 100 studies, REML adhoc": lambda: sy.leave_one_out(*hundred),
        "4,096 sign changes of 12 studies, REML adhoc": lambda: sy.permutation_test(*simulated([12])[0]),
        "three levels, 2,000 effects in 400 studies, REML": lambda: three_level_fit(*effects),
        "CR2 with Satterthwaite df, 2,000 effects in 400 studies": lambda: sy.robust(fit, effects[2]),
    }
    seconds = cpu_of_calls(calls, turns=TURNS)
    show("synth alone: median CPU ms", ["", "ms"], [[name, f"{1000 * each:.2f}"] for name, each in seconds.items()])


def main() -> None:
    """All tables."""
    side_by_side()
    beside_metafor()
    alone()


if __name__ == "__main__":
    main()
