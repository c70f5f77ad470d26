"""The same work by other engines; each function gives estimates, so that one can see how far apart they are."""

import csv
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects

INSTALLED = {name: find_spec(module) is not None for name, module in (
    ("pymare", "pymare"), ("pimeta", "pimeta"), ("pymetaanalysis", "meta_analyze"),
)} | {"metafor": shutil.which("Rscript") is not None}  # fmt: skip
THEIRS = {"DL": "dl", "PM": "iterated"}
R_LOOP = """
suppressMessages(library(metafor))
d <- read.csv(commandArgs(TRUE)[1])
parts <- split(d, d$group)
used <- system.time(b <- sapply(parts, function(p) tryCatch(
  as.numeric(rma(yi, vi, data = p, method = "REML", test = "adhoc")$beta), error = function(e) NA)))
cat(sum(used[1:2]), b, sep = "\\n")
"""
R_PERMUTATION = """
suppressMessages(library(metafor))
d <- read.csv(commandArgs(TRUE)[1])
fit <- rma(yi, vi, data = d, method = "REML", test = "adhoc")
used <- system.time(p <- permutest(fit, exact = TRUE, progbar = FALSE)$pval)
cat(sum(used[1:2]), p, sep = "\\n")
"""


def statsmodels(groups, method):
    """The mean of each group, with the z interval."""
    found = [combine_effects(y, v, method_re=THEIRS[method]) for y, v in groups]
    for one in found:
        one.conf_int(use_t=False)
    return [float(one.mean_effect_re) for one in found]


def pymare(groups):
    """The REML mean of each group with its standard error and interval, all at once; they must be of one size."""
    from pymare.estimators import VarianceBasedLikelihoodEstimator

    y, v = (np.column_stack(part) for part in zip(*groups, strict=True))
    fitted = VarianceBasedLikelihoodEstimator(method="reml").fit(y, v, np.ones((len(y), 1))).summary()
    return np.ravel(fitted.get_fe_stats()["est"]).tolist()


def pimeta(groups, test="adhoc"):
    """The REML mean of each group."""
    from pimeta import rma

    return [float(rma(y, v, method="REML", test=test).b[0]) for y, v in groups]


def pymetaanalysis(groups):
    """The REML mean of each group."""
    from meta_analyze import meta_analysis

    asked = {"tau2_method": "REML", "ci_method": "hartung_knapp_adhoc"}
    return [meta_analysis(effect=y, variance=v, **asked).estimate for y, v in groups]


def pimeta_permutation(y, v):
    """The exact p-value of all sign changes; its Knapp-Hartung fit has another statistic, and so another p."""
    import pimeta as package

    return [float(package.permutest(package.rma(y, v, method="REML", test="z"), exact=True).pval[0])]


def pimeta_three_levels(y, v, study):
    """Three-level model by dense matrices."""
    import pandas as pd
    from pimeta import rma_mv

    frame = pd.DataFrame({"study": study, "effect": np.arange(len(y))})
    return [float(rma_mv(y, v, data=frame, random="~ 1 | study/effect", method="REML").beta[0])]


def metafor(script, columns):
    """CPU seconds that R itself measured, and the values that it printed."""
    with tempfile.TemporaryDirectory() as folder:
        path, program = Path(folder) / "data.csv", Path(folder) / "run.R"
        program.write_text(script)
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
        done = subprocess.run(["Rscript", program, path], capture_output=True, check=True, text=True)
    seconds, *values = (float(line) if line != "NA" else np.nan for line in done.stdout.split())
    return seconds, values
