"""References of other programs: how many are read and written in a second, in every format.

    python benchmarks/formats.py

CPU seconds, median of the turns; articles with authors, an abstract of 1,500 characters and keywords.
"""

from _timing import cpu_of_calls, show

from synthesis.bibliography.formats import FORMATS, Reference, losses, read_references, write_references
from synthesis.bibliography.names import Name, Names
from synthesis.text import decimal

TURNS = 3
COUNT = 5_000
ABSTRACT = "Two intensities of treatment were compared; 5% & more. " * 27


def article(number: int) -> Reference:
    """One article among many."""
    fields = {
        "title": f"The effectiveness of treatment {number} in {{NHS}} prisons",
        "journal": "Drug and Alcohol Dependence",
        "year": str(1980 + number % 40),
        "month": "May",
        "volume": str(number % 90),
        "number": "2",
        "pages": f"{number}--{number + 9}",
        "doi": f"10.1000/{number}",
        "issn": "0376-8716",
        "abstract": ABSTRACT,
        "keywords": "cocaine; prisons; Diabetes Mellitus, Type 2",
        "language": "eng",
    }
    people = (Name("Coviello", "D. M."), Name("Berg", "Jan", "van der"), Name("", literal="Cochrane Group"))
    return Reference("article", f"Coviello{number}", fields, Names(people))


def main() -> None:
    """Measure and print."""
    references = [article(number) for number in range(COUNT)]
    rows = []
    for name, target in FORMATS.items():
        data = write_references(references, name).encode()
        found = cpu_of_calls(
            {
                "read": lambda name=name, data=data: read_references(data, name),
                "write": lambda name=name: write_references(references, name),
                "losses": lambda target=target: losses(references, target),
            },
            turns=TURNS,
        )
        rates = [decimal(COUNT / seconds, 0) for seconds in found.values()]
        rows.append([name, decimal(len(data) / 1e6, 1), *rates])
    header = ["format", "MB", "read, records/s", "write, records/s", "losses, records/s"]
    show(f"{COUNT:,} references in the formats of other programs", header, rows)


if __name__ == "__main__":
    main()
