"""All benchmarks: python benchmarks/run.py. They print; nothing fails because it is slow."""

import engine
import startup

if __name__ == "__main__":
    startup.main()
    engine.main()
