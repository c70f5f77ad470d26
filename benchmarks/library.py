"""What the library costs: parsing it, adding to it and changing it, beside bibtexparser's own parse and write.

    python benchmarks/library.py

Wall-clock seconds, the least of the turns; commands are whole processes with their start.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bibtexparser
from _timing import show

from synthesis.bibliography import read_library
from synthesis.bibliography.editing import set_fields

TURNS = 5
SMALL, LARGE = 6_000, 50_000  # entries; of the second the file has 14 MB
SYNTH = str(Path(sys.executable).with_name("synth"))
REVIEW = 'title = "A review"\nrule = "pdtsrg-2009"\npolicy = "literal"\n'
WORDS = (
    "effects",
    "of",
    "cognitive",
    "therapy",
    "on",
    "drug",
    "use",
    "among",
    "offenders",
    "in",
    "prison",
    "a",
    "trial",
)
HEAD = '@string{jstd = {Journal of Studies}}\n@string{adpt = "Addiction" # " Science"}\n\n'


def library(number: int) -> str:
    """A library of so many entries, every one with a macro, a nested brace and an accent."""
    chosen = random.Random(1)
    entries = []
    for count in range(number):
        title = " ".join(chosen.choice(WORDS) for _ in range(12))
        entries.append(
            f'@article{{Key{count:06d},\n  author = {{Smith, John and M{{\\"u}}ller, C. and Doe, Jane{count}}},\n'
            f"  title = {{{title} {{DNA}}}},\n  journal = {'jstd' if count % 2 else 'adpt'},\n"
            f"  year = {{{1990 + count % 30}}},\n  volume = {{{count % 50}}},\n  pages = {{{count}--{count + 9}}},\n"
            f"  doi = {{10.1000/x.{count}}},\n}}\n\n"
        )
    return HEAD + "".join(entries)


def least(call: Callable[[int], object], turns: int = TURNS) -> float:
    """The least wall-clock seconds of some turns, each of which is given its number."""
    seconds = []
    for turn in range(turns):
        begin = time.perf_counter()
        call(turn)
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def reading() -> list[list[str]]:
    """Entries a second of reading, and of reading and writing."""
    text = library(SMALL)
    data = text.encode()

    def theirs(_: int) -> None:
        bibtexparser.write_string(bibtexparser.parse_string(text))

    found = {
        "synthesis: read, with macros and places": least(lambda _: read_library(data)),
        "synthesis: read, and the bytes again": least(lambda _: read_library(data).rebuilt()),
        "bibtexparser: parse": least(lambda _: bibtexparser.parse_string(text)),
        "bibtexparser: parse and write": least(theirs),
    }
    return [[name, f"{seconds:.2f}", f"{SMALL / seconds:,.0f}"] for name, seconds in found.items()]


def editing(folder: Path) -> list[list[str]]:
    """Seconds of edits of a large library."""
    (folder / "bibliography").mkdir(parents=True)
    (folder / "review.toml").write_text(REVIEW)
    path = folder / "bibliography" / "references.bib"
    path.write_text(library(LARGE))

    def added(turn: int) -> None:
        new = f"@article{{New{turn}, author = {{New, A.}}, title = {{T}}, year = 2001, doi = {{10.5555/new.{turn}}}}}"
        subprocess.run([SYNTH, "bib", "add", "--root", folder], input=new, text=True, check=True, capture_output=True)

    def theirs(_: int) -> None:
        shutil.copy(path, path.with_suffix(".copy"))
        bibtexparser.write_file(str(path.with_suffix(".copy")), bibtexparser.parse_file(str(path)))

    found = {
        "synth bib add, one entry, the whole command": least(added),
        "synthesis: one field set": least(lambda turn: set_fields(path.parent, "Key000100", {"year": str(turn)}), 2),
        "synthesis: all read": least(lambda _: read_library(path), 2),
        "bibtexparser: parse and write, nothing changed": least(theirs, 1),
    }
    return [[name, f"{seconds:.2f}"] for name, seconds in found.items()]


def main() -> None:
    """Measure and print."""
    show(f"A library of {SMALL:,} entries", ["", "s", "entries a second"], reading())
    with tempfile.TemporaryDirectory() as folder:
        rows = editing(Path(folder) / "review")
    show(f"A library of {LARGE:,} entries", ["", "s"], rows)


if __name__ == "__main__":
    main()
