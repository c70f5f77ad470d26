"""What would change a pool, by synth and by loops over single pools: python benchmarks/sensitivity.py.

CPU time of all threads. The loops are what an analyst writes without these functions: `pool` once for each pool that is
needed; where a loop would take too long, some of its pools are timed and the rest is reckoned from them ("reckoned").
metafor runs beside them where there is an Rscript.
"""

import resource
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import peers
from _timing import cpu_of_calls, show
from engine import simulated

import synthesis as sy
from synthesis.sensitivity.deletion.cumulative import cumulative
from synthesis.sensitivity.deletion.influence import influence
from synthesis.sensitivity.deletion.leave_out import leave_one_out_many
from synthesis.sensitivity.subsets.every_subset import gosh

TURNS = 5
TIMED = 500  # pools of a loop that is too long to run
R_SUBSETS = 2_000  # of GOSH, that R is asked for; its own exact run of 15 studies takes minutes
R_LEAVE = """
suppressMessages(library(metafor))
d <- read.csv(commandArgs(TRUE)[1])
fit <- rma(yi, vi, data = d, method = "REML", test = "adhoc")
used <- system.time(found <- leave1out(fit))
cat(sum(used[1:2]), found$estimate, sep = "\\n")
"""
R_GOSH = """
suppressMessages(library(metafor))
d <- read.csv(commandArgs(TRUE)[1])
fit <- rma(yi, vi, data = d, method = "REML")
used <- system.time(found <- gosh(fit, subsets = %d, progbar = FALSE))
cat(sum(used[1:2]), quantile(found$res$estimate, c(.05, .5, .95)), sep = "\\n")
"""
Study = tuple[np.ndarray, np.ndarray]


def loop_leaving_out(y: np.ndarray, v: np.ndarray) -> list[float]:
    """The estimates without each study."""
    return [sy.pool(np.delete(y, row), np.delete(v, row)).estimate for row in range(len(y))]


def loop_over_subsets(y: np.ndarray, v: np.ndarray, masks: Sequence[int]) -> list[float]:
    """The estimates of some subsets."""
    study = np.arange(len(y))
    chosen = [study[(mask >> study & 1).astype(bool)] for mask in masks]
    return [sy.pool(y[rows], v[rows]).estimate for rows in chosen]


def seconds_of_subsets(y: np.ndarray, v: np.ndarray, subsets: int) -> tuple[float, np.ndarray, list[float]]:
    """What a loop over all subsets would take, from some of them; these, and their estimates."""
    masks = np.random.default_rng(1).integers(1, subsets + 1, TIMED)
    begin = time.process_time()
    estimates = loop_over_subsets(y, v, masks.tolist())
    return (time.process_time() - begin) * subsets / TIMED, masks, estimates


def row(what: str, ours: float, theirs: float, apart: float, how: str) -> list[str]:
    """One line of the table of loops."""
    return [what, f"{1000 * ours:.1f}", f"{1000 * theirs:.0f}", how, f"{theirs / ours:.0f}", f"{apart:.0e}"]


def beside_loops() -> None:
    """Leave-one-out and GOSH against loops over `pool`."""
    hundred, rows = simulated([100])[0], []
    seconds = cpu_of_calls(
        {"ours": lambda: sy.leave_one_out(*hundred), "loop": lambda: loop_leaving_out(*hundred)}, turns=TURNS
    )
    apart = np.abs(sy.leave_one_out(*hundred)["estimate"] - loop_leaving_out(*hundred)).max()
    rows.append(row("leave-one-out of 100 studies, REML adhoc", seconds["ours"], seconds["loop"], apart, "run"))
    for k, turns in ((15, TURNS), (20, 1)):
        y, v = simulated([k])[0]
        for method in ("EE", "DL", "REML"):
            ours = cpu_of_calls({"ours": lambda y=y, v=v, method=method: gosh(y, v, method=method)}, turns=turns)[
                "ours"
            ]
            what = f"GOSH of {k} studies, {2**k - 1:,} subsets, {method}"
            if method != "REML":
                rows.append([what, f"{1000 * ours:.1f}", "-", "-", "-", "-"])
                continue
            loop, masks, estimates = seconds_of_subsets(y, v, 2**k - 1)
            apart = np.abs(gosh(y, v).estimate[masks - 1] - estimates).max()
            rows.append(row(what, ours, loop, apart, "reckoned"))
    header = ["", "synth, ms", "loop, ms", "loop was", "times", "apart by"]
    show(f"Sensitivity by synth and by a loop over pool: CPU ms, median of {TURNS} turns (GOSH of 20: 1)", header, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"Largest memory of this process, GOSH of 20 studies included: {peak:.0f} MB.\n")


def alone() -> None:
    """What no other engine offers in one call."""
    hundred, forty = simulated([100])[0], simulated([40])[0]
    random = np.random.default_rng(5)
    groups = simulated(random.integers(2, 41, 10_000).tolist())
    y, v = (np.concatenate(part) for part in zip(*groups, strict=True))
    group = np.repeat(np.arange(len(groups)), [len(one) for one, _ in groups])
    calls: dict[str, Callable[[], object]] = {
        "cumulative, 100 studies, REML adhoc": lambda: cumulative(*hundred, "precision"),
        "influence of 100 studies, REML adhoc": lambda: influence(*hundred),
        "influence of 40 studies with all 780 pairs, REML adhoc": lambda: influence(*forty),
        f"leave-one-out of 10,000 meta-analyses of 2-40 studies, {len(y):,} pools": lambda: leave_one_out_many(
            y, v, group
        ),
    }
    seconds = cpu_of_calls(calls, turns=TURNS)
    show("Sensitivity by synth alone: median CPU ms", ["", "ms"], [[n, f"{1000 * s:.1f}"] for n, s in seconds.items()])


def beside_metafor() -> None:
    """metafor's leave1out and gosh, timed by R; GOSH by some subsets, reckoned to all."""
    if not peers.INSTALLED["metafor"]:
        sys.stdout.write("NOT RUN: metafor, for there is no Rscript.\n")
        return
    hundred, fifteen = simulated([100])[0], simulated([15])[0]
    ours = cpu_of_calls({"leave": lambda: sy.leave_one_out(*hundred), "gosh": lambda: gosh(*fifteen)}, turns=TURNS)
    leave, estimates = peers.metafor(R_LEAVE, dict(zip(("yi", "vi"), hundred, strict=True)))
    some, quantiles = peers.metafor(R_GOSH % R_SUBSETS, dict(zip(("yi", "vi"), fifteen, strict=True)))
    everything = some * (2**15 - 1) / R_SUBSETS
    apart = (
        np.abs(sy.leave_one_out(*hundred)["estimate"] - estimates).max(),
        np.abs(np.quantile(gosh(*fifteen).estimate, (0.05, 0.5, 0.95)) - quantiles).max(),
    )
    rows = [
        row("leave-one-out of 100 studies, REML adhoc", ours["leave"], leave, apart[0], "run"),
        row("GOSH of 15 studies, REML (apart: sampled quantiles)", ours["gosh"], everything, apart[1], "reckoned"),
    ]
    show(
        "Sensitivity by synth and by metafor: CPU ms",
        ["", "synth", "metafor", "metafor was", "times", "apart by"],
        rows,
    )


def main() -> None:
    """All tables."""
    beside_loops()
    beside_metafor()
    alone()


if __name__ == "__main__":
    main()
