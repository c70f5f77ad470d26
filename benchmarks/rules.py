"""How long a rule takes: to read it, and what it gives for 50 studies, exactly and beside it by simulation.

    python benchmarks/rules.py

CPU seconds, median of the turns; the calls take turns.
"""

import numpy as np
from _timing import cpu_of_calls, show

import synthesis as sy
from synthesis.text import decimal

TURNS = 5
STUDIES, DRAWS = 50, 20_000
EXACT = ("pdtsrg-2009", "sherman-1998", "direction-swim", "wwc-v1")


def main() -> None:
    """Measure and print."""
    variances = np.linspace(0.01, 0.05, STUDIES)
    rows = []
    for name in EXACT:
        rule = sy.load_rule(name)
        given = {"theta": 0.2, "tau2": 0.04, "facts": {"quality": "high"} if name == "wwc-v1" else None}
        found = cpu_of_calls(
            {
                "read": lambda name=name: sy.load_rule(name),
                "exact": lambda rule=rule, given=given: sy.behaviour(rule, variances, method="exact", **given),
                "simulated": lambda rule=rule, given=given: sy.behaviour(
                    rule, variances, method="simulation", draws=DRAWS, **given
                ),
            },
            turns=TURNS,
        )
        rows.append([name, *(decimal(1000 * found[call], 1) for call in ("read", "exact", "simulated"))])
    header = ["rule", "read, ms", f"exact, k = {STUDIES}, ms", f"{DRAWS:,} draws, ms"]
    show("How a rule behaves", header, rows)


if __name__ == "__main__":
    main()
