"""Small libraries for the rules, and records that cite them."""

from dataclasses import dataclass

from synthesis.bibliography import read_library
from synthesis.bibliography.lint import RULES, Shelf, found_by
from synthesis.records.study import Place

CLEAN = r"""@string{jct = {Journal of Careful Trials}}

@article{Doe2001,
  author = {Doe, Jane and van der Berg, Jan and {World Health Organization} and others},
  title = {A trial of two treatments (with a ``follow-up'')},
  journal = jct,
  year = {2001},
  month = mar,
  volume = {12},
  number = {3--4},
  pages = {S110--5, 201--210},
  doi = {10.1000/abc.123},
  pmid = {15495136},
  issn = {0378-5955},
  url = {https://example.org/a_b%20c?d=1&e=2},
  language = {english},
  note = {Costs 5\% more \& see \url{https://example.org/x_y}},
}

@book{Roe2002,
  editor = {Roe, Richard},
  title = {{RNA} and $a_1 < b$ in {\'E}cole},
  publisher = {Press},
  year = {2002},
  edition = {Second},
  isbn = {978-3-16-148410-0},
}
"""


@dataclass(frozen=True)
class Sample:
    """A record, as far as the rules ask."""

    key: str
    cite: tuple[str, ...]
    place: Place

    def at(self, name):
        """Its `cite` stands in line 2."""
        return Place(self.place.path, 2, 7) if name == "cite" else self.place


def samples(**cited):
    """Records with their reports."""
    return tuple(Sample(key, tuple(keys.split()), Place(f"studies/{key}.yaml", 1, 1)) for key, keys in cited.items())


def found(rule, text, **review):
    """What one rule finds in one file."""
    shelf = Shelf((read_library(text, "a.bib"),), **review)
    return found_by([RULES[rule]], RULES[rule].codes, shelf)


def places(rule, text, **review):
    """Code, line and column of what one rule finds."""
    return [(problem.code, problem.line, problem.column) for problem in found(rule, text, **review)]


def entry(fields, kind="article", key="Doe2001"):
    """An entry with some fields, the first of them in line 2, column 3."""
    return f"@{kind}{{{key},\n  {fields},\n}}\n"
