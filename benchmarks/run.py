"""All benchmarks: python benchmarks/run.py. They print; nothing fails because it is slow."""

import engine
import ledger
import rules
import sensitivity
import startup

if __name__ == "__main__":
    for benchmark in (startup, engine, rules, ledger, sensitivity):
        benchmark.main()
