"""LaTeX and names: how many entries a second are decoded, split, encoded and listed.

    python benchmarks/latex_names.py [FILE.bib...]

By default the review's own library, whose fields are mostly plain, and invented entries full of accents. CPU seconds,
median of the turns; the calls take turns.
"""

import sys
from pathlib import Path

from _timing import cpu_of_calls, show

from synthesis.bibliography import latex, names
from synthesis.bibliography.library import read_library
from synthesis.bibliography.reference_lists import reference_list

TURNS = 5
OWN = Path(__file__).parents[1] / "bibliography" / "references.bib"
ACCENTED = r"""@article{{k{number}, year = 2001, journal = {{Acta}}, volume = {number},
title = {{Na{{\"\i}}ve d{{\'e}}j{{\`a}} vu of {{DNA}} in \emph{{E. coli}}: $\beta$ and 50\% \& more}},
author = {{M{{\"u}}ller, J{{\"o}}rg and \'{{E}}tienne de la Vall{{\'e}}e Poussin and
{{{{World Health Organization}}}}}}}}
"""


def main() -> None:
    """Measure and print."""
    rows = []
    for name, source in {
        "invented, accented": "".join(ACCENTED.format(number=n) for n in range(1000)),
        **files(),
    }.items():
        entries = read_library(source).entries
        pairs = [(entry.get("title"), entry.get("author", "editor")) for entry in entries]
        decoded = [(latex.decode(title), names.names_of(author)) for title, author in pairs]
        found = cpu_of_calls(
            {
                "decode": lambda pairs=pairs: [(latex.decode(title), latex.decode(who)) for title, who in pairs],
                "split": lambda pairs=pairs: [(latex.decode(title), names.names_of(who)) for title, who in pairs],
                "encode": lambda decoded=decoded: [
                    (latex.encode(title), latex.encode(names.written(who))) for title, who in decoded
                ],
                "list": lambda entries=entries: reference_list(entries),
            },
            turns=TURNS,
        )
        rows.append([name, str(len(entries)), *(f"{len(entries) / seconds:,.0f}" for seconds in found.values())])
    header = ["library", "entries", "decode title, authors", "decode title, split names", "encode both", "list in APA"]
    show("LaTeX and names, entries a second", header, rows)


def files() -> dict[str, Path]:
    """The files to read, by name."""
    return {Path(name).name: Path(name) for name in sys.argv[1:] or [str(OWN)]}


if __name__ == "__main__":
    main()
