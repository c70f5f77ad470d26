"""Values of a kind and size that nobody means: every rule answers, in time and at a length that can be read."""

import os
import time

import pytest

from synthesis.bibliography import read_library
from synthesis.bibliography.lint import RULES, Shelf
from synthesis.bibliography.lint.fixing import fixed
from tests.bibliography.lint.libraries import entry

N = 1_000_000 if os.environ.get("SYNTH_FULL") else 50_000
SECONDS = 5.0  # for each rule; what is not linear takes minutes at the full size
LONGEST = 1000  # characters of a problem
VALUES = {
    "nested names": ("author", "{" * (N // 10) + "x" + "}" * (N // 10)),
    "a long name": ("author", "a" * N),
    "blanks before et al.": ("author", "Doe et al" + " " * N + "x et al."),
    "many names": ("author", " and " * (N // 5)),
    "entities among names": ("author", "&a;" * (N // 3)),
    "open mathematics": ("title", r"\( % " * (N // 5)),
    "much mathematics": ("title", "$%" * (N // 2)),
    "open commands": ("title", r"\url % " * (N // 7)),
    "open environments": ("title", r"\begin{a}&  " * (N // 12)),
    "open verbatim text": ("title", r"\verb|&  " * (N // 9)),
    "verbatim text of many signs": ("title", "".join(rf"\verb{sign}&" for sign in "|+!~;:,.?/") * (N // 70)),
    "environments that end elsewhere": ("title", r"\begin{a} & \end{b}" * (N // 20)),
    "brackets": ("title", "(" * N),
    "doubled blanks": ("title", "a   " * (N // 4)),
    "entities": ("title", "&amp;" * (N // 5)),
    "tags": ("title", "<i>" * (N // 3)),
    "open tags": ("title", "<a " * (N // 3)),
    "nothing that is seen": ("title", "\u200b" * N),
    "accents": ("title", "e" + "\u0301" * N),
    "brackets of an ISBN": ("isbn", "(" * N),
    "nested addresses": ("doi", r"\url{" * (N // 50) + "x" + "}" * (N // 50)),
    "ranges": ("pages", "1-2," * (N // 4)),
    "paths": ("file", ":/a" * (N // 3)),
    "an edition": ("edition", "ed" * (N // 2)),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_hostile_value(name):
    """No rule needs long, and none says more than can be read; fixes are made without a crash."""
    field, value = VALUES[name]
    library = read_library(entry(f"{field} = {{{value}}}"))
    shelf = Shelf((library,))
    for rule in RULES.values():
        begin = time.process_time()
        assert all(len(str(problem)) <= LONGEST for problem in rule.check(shelf))
        assert time.process_time() - begin < SECONDS
    assert len(fixed(library).after.entries) == 1


@pytest.mark.parametrize(
    "fields",
    [
        "language = {{deutschx{0}}}",
        "crossref = {{x{0}}}",
        "journal = {{Journal of x{0}}}",
        "doi = {{10.1000/x}}",
        "title = {{A title of four words}}, year = 2001",
        "notx{0} = {{x}}",
    ],
)
def test_many_entries_of_one_fault(fields):
    """What is nearest to a slip is not looked for without end."""
    number = N // 50
    library = read_library("".join(entry(fields.format(place), key=f"k{place}") for place in range(number)))
    begin = time.process_time()

    for rule in RULES.values():
        list(rule.check(Shelf((library,))))
    assert time.process_time() - begin < 2 * SECONDS
