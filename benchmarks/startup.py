"""What it costs to start: python benchmarks/startup.py. CPU seconds, user and system, of whole processes."""

import statistics
import sys
import tempfile
from pathlib import Path

from _timing import FAILED, cpu_of_commands, show

ROOT = Path(__file__).parents[1]
TURNS = 15
TABLE = "yi,vi\n" + "".join(f"{0.1 * number - 0.3:.1f},{0.01 * (number + 2):.2f}\n" for number in range(10))
NUMBERS, CLICK = "python: import numpy, scipy.special, click", "python: import click"
TEN_ROWS, REVIEW, HELP = "synth pool, a table of ten rows", "synth pool, the shipped review", "synth --help"
# What is allowed above what: the bars of the project.
BARS = ((TEN_ROWS, NUMBERS, 0.10), (REVIEW, NUMBERS, 0.40), (HELP, CLICK, 0.10))


def commands(effects: Path) -> dict[str, list[str]]:
    """The commands by name; `effects` is the table of ten rows."""
    synth = str(Path(sys.executable).with_name("synth"))
    return {
        "python: nothing": [sys.executable, "-c", "pass"],
        CLICK: [sys.executable, "-c", "import click"],
        NUMBERS: [sys.executable, "-c", "import numpy, scipy.special, click"],
        HELP: [synth, "--help"],
        TEN_ROWS: [synth, "pool", str(effects), "--yi", "yi", "--vi", "vi"],
        REVIEW: [synth, "pool"],
    }


def difference(name: str, base: str, seconds: dict[str, list[float] | str]) -> str:
    """The median over the turns of what a command takes above another."""
    ours, theirs = seconds[name], seconds[base]
    if isinstance(ours, str) or isinstance(theirs, str):
        return FAILED
    return f"{statistics.median(a - b for a, b in zip(ours, theirs, strict=True)):+.3f}"


def spread(seconds: list[float] | str) -> list[str]:
    """Median, least and most; or that the command failed."""
    if isinstance(seconds, str):
        return [seconds, "", ""]
    return [f"{value:.3f}" for value in (statistics.median(seconds), min(seconds), max(seconds))]


def main() -> None:
    """Each command, and then each above what it is compared with."""
    with tempfile.TemporaryDirectory() as folder:
        effects = Path(folder) / "effects.csv"
        effects.write_text(TABLE)
        seconds = cpu_of_commands(commands(effects), turns=TURNS, cwd=str(ROOT), compiled=folder)
    rows = [[name, *spread(each)] for name, each in seconds.items()]
    show(f"CPU seconds from start to end, {TURNS} turns", ["", "median", "least", "most"], rows)
    above = [[name, base, difference(name, base, seconds), f"{bar:+.2f}"] for name, base, bar in BARS]
    show("Above what has to be imported: median difference", ["", "above", "CPU s", "asked: at most"], above)


if __name__ == "__main__":
    main()
