"""The examples of the documentation: what stands in `console` blocks, run and written down.

A block holds lines `$ synth ...`, each followed by its output. Output that ends in a line `...` shows the first lines
only, as many as stand there. `python -m tests.console` writes today's output into every page, that of `>>>` lines and
the tables of codes too.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/manual.md", "docs/methods.md", "docs/library.md", "docs/graph.md")
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^\$ (?P<command>synth .*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
MORE = "...\n"


def commands(page):
    """Every `synth ...` line of the console blocks of a page, in order."""
    return [example["command"] for block in BLOCK.findall(page) for example in EXAMPLE.finditer(block)]


def run(command):
    """What a command line prints, both streams, in the repository root: no colour, 80 columns, no terminal."""
    program = Path(sys.executable).with_name("synth")
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80"}
    arguments = [program, *shlex.split(command)[1:]]
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return done.stdout


def filled(page, run=run):
    """The page with the output of every example replaced by what the command prints now."""
    return BLOCK.sub(lambda block: EXAMPLE.sub(lambda example: _answered(example, run), block[0]), page)


def _answered(example, run):
    shown, printed = example["output"].splitlines(keepends=True), run(example["command"]).splitlines(keepends=True)
    if shown and shown[-1] == MORE and len(printed) > len(shown) - 1:
        printed = [*printed[: len(shown) - 1], MORE]
    return f"$ {example['command']}\n{''.join(printed)}"


def main():
    """Write all pages anew."""
    from tests.docs import library, tables

    for name in PAGES:
        path = ROOT / name
        page = library.filled(tables.filled(path.read_text(encoding="utf-8")))
        path.write_text(filled(page), encoding="utf-8")


if __name__ == "__main__":
    main()
