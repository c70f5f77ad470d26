"""How long the rules take on a library of 5,000 entries that is already read, and which of them take most.

    python benchmarks/lint.py

CPU seconds, median of the turns; the calls take turns. Three quarters of the entries are articles with every usual
field, one half of them with an abstract of 150 words; one in fifty has faults. The slow rule is not among all rules.
"""

import random

from _timing import cpu_of_calls, show

from synthesis.bibliography import lint, read_library
from synthesis.bibliography.lint import RULES, Shelf
from synthesis.text import decimal

ENTRIES, TURNS, SHOWN = 5000, 5, 8
WORDS = (
    "trial", "treatment", "counselling", "methadone", "maintenance", "randomised", "controlled", "outcomes", "relapse",
    "follow-up", "prevention", "drug", "alcohol", "users", "offenders", "prison", "community", "cognitive", "therapy",
    "behavioural", "motivational", "interviewing", "after", "months",
)  # fmt: skip
FAMILIES = ("Smith", "Jones", 'M{\\"u}ller', "van den Brink", "O'Brien", "Garc{\\'i}a-Fern{\\'a}ndez", "Lee", "Nguyen")
FAULTY = (
    "  title = {Cats &amp; dogs  and 5%.},\n  pages = {12-15},\n  month = {March},\n"
    "  author = {Doe J, Roe R et al.},\n}\n"
)


def main() -> None:
    """Measure and print."""
    text = library_of(ENTRIES)
    library = read_library(text)
    calls = {"all rules": lambda: lint(library), "second-reader": lambda: lint(library, select=["second-reader"])}
    found = cpu_of_calls(calls, turns=TURNS)
    shelf = Shelf((library,))
    each = cpu_of_calls({name: lambda rule=rule: list(rule.check(shelf)) for name, rule in RULES.items()}, turns=1)
    slowest = sorted((name for name in each if name not in calls), key=lambda name: -each[name])[:SHOWN]
    seconds = {**found, **{f"{name} alone": each[name] for name in slowest}}
    rows = [[name, decimal(1000 * seconds[name], 0)] for name in seconds]
    show(
        f"{len(library.entries):,} entries, {len(text) / 1e6:.1f} MB, {len(lint(library)):,} problems", ["", "ms"], rows
    )


def library_of(number: int, seed: int = 1) -> str:
    """A library as review teams have them."""
    draw = random.Random(seed)
    return "\n".join(_entry(draw, place) for place in range(number))


def _entry(draw: random.Random, place: int) -> str:
    year, families = draw.randint(1970, 2025), draw.choices(FAMILIES, k=draw.randint(1, 6))
    kind = "article" if place % 4 else "misc"
    head = f"@{kind}{{{_key(families[0])}{year}{_letters(place)},\n  year = {{{year}}},\n"
    if place % 50 == 0:
        return head + FAULTY
    title = " ".join(draw.choices(WORDS, k=12)).capitalize()
    authors = " and ".join(f"{family}, {draw.choice('ABCDEFG')}." for family in families)
    body = f"  author = {{{authors}}},\n  title = {{{title}: a {{DNA}} study}},\n"
    return head + body + (_article(draw, place) if kind == "article" else "}\n")


def _article(draw: random.Random, place: int) -> str:
    """What an article has besides; every other one an abstract."""
    abstract = f"  abstract = {{{' '.join(draw.choices(WORDS, k=150))}}},\n" if place % 2 else ""
    return (
        f"  journal = {{Journal of {draw.choice(WORDS)}}},\n  month = {draw.choice(['jan', 'feb', 'mar'])},\n"
        f"  volume = {{{draw.randint(1, 90)}}},\n  number = {{{draw.randint(1, 12)}}},\n"
        f"  pages = {{{place}--{place + 9}}},\n  doi = {{10.1000/x.{place}}},\n  issn = {{0378-5955}},\n"
        f"  pmid = {{{place + 1}}},\n  url = {{https://example.org/{place}}},\n{abstract}}}\n"
    )


def _key(family: str) -> str:
    """The letters of the last word of a name."""
    return "".join(filter(str.isalpha, family.rsplit(maxsplit=1)[-1]))


def _letters(number: int) -> str:
    """A suffix that makes a key one of its own."""
    return "".join(chr(97 + int(digit)) for digit in str(number))


if __name__ == "__main__":
    main()
