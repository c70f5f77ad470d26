"""All benchmarks: python benchmarks/run.py. They print; nothing fails because it is slow."""

import citations
import duplicates
import engine
import formats
import latex_names
import ledger
import library
import lint
import rules
import sensitivity
import startup

BENCHMARKS = (
    startup, engine, rules, ledger, sensitivity, library, lint, latex_names, formats, duplicates, citations,
)  # fmt: skip

if __name__ == "__main__":
    for benchmark in BENCHMARKS:
        benchmark.main()
