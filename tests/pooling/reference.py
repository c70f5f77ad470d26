"""Reference values, how they are compared, and the names that they have here."""

import csv
import json
import math
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
MEAN = {"b": "estimate", "se": "se", "stat": "statistic", "df": "df", "pval": "p_value", "ci.lb": "ci_low"}
MEAN |= {"ci.ub": "ci_high"}
MODEL = {"tau2": "tau2", "se.tau2": "tau2_se", "I2": "i2", "H2": "h2", "QE": "q", "QEp": "q_p_value"}
CRITERIA = {"logLik": "log_likelihood", "AIC": "aic", "BIC": "bic", "AICc": "aicc"}
EFFECTS = {"estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high"}


def blocks(name):
    """The blocks of one reference file."""
    return json.loads((DATA / "reference" / f"{name}.json").read_text())["blocks"]


def rows(name):
    """The rows of a CSV file of tests/data."""
    with (DATA / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def is_target(value):
    """Whether a reference value is a finite number."""
    return isinstance(value, (int, float)) and math.isfinite(value)


def agrees(name, ours, expected, *, rtol, typical):
    """Equal within the tolerance that the reference states; `typical` is the median sampling variance."""
    if ours is None:
        return False
    scale = math.sqrt(typical) if name in EFFECTS else typical if name.startswith("tau2") else 1.0
    if name.endswith("p_value") and 0 < expected < 1e-12:
        return ours > 0 and math.isclose(math.log(ours), math.log(expected), rel_tol=1e-6)
    return abs(ours - expected) <= rtol * abs(expected) + 1e-12 * scale


class Comparison:
    """Counts what was compared, and keeps what differs."""

    def __init__(self, inputs, rtol):
        variances = sorted(inputs["vi"])
        self.typical = variances[len(variances) // 2]
        self.rtol, self.count, self.differences = rtol, 0, []

    def value(self, where, name, ours, expected):
        """One number, if the reference has it."""
        if is_target(expected):
            self.count += 1
            if not agrees(name, ours, expected, rtol=self.rtol, typical=self.typical):
                self.differences.append((where, name, ours, expected))

    def fields(self, where, result, names, expected):
        """Several fields of a result, by the reference's names."""
        for theirs, name in names.items():
            self.value(where, name, getattr(result, name), expected.get(theirs))
