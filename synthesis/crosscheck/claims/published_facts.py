"""Facts that others printed, and lists of inconsistencies that readers found; read strictly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from synthesis.records.csv_table import Line, Table, finite
from synthesis.records.study import Place
from synthesis.scoring.published import PUBLISHED

CODES: Mapping[str, str] = {
    "SY608": "a fact whose relation cannot be computed, or that names a fact there is not",
    "SY609": "an entry of a list of inconsistencies with neither a check nor a reason, or with both",
}

BOUNDS = ("about", "over", "under", "up to", "at least", "low", "high")
RELATIONS = ("sum", "product", "quotient", "multiple", "share", "fall", "part", "studies", "citations")
COUNTED = ("studies", "citations")  # relations to what the review's records and citations hold
PAIR = 2
PAIRS = ("quotient", "multiple", "share", "fall")  # relations of a first and a second
SEVERITIES = ("high", "medium", "low", "-")
FACT_COLUMNS = ("fact", "document", "at", "statement", "value", "unit", "bound", "figure", "relation", "of")
LISTED_COLUMNS = ("list", "entry", "words", "severity", "check", "where", "because")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure as printed, the figure it should agree with, and what it is computed from."""

    key: str
    document: str
    at: str
    statement: str
    value: str  # as printed
    unit: str
    bound: str  # one of BOUNDS, or nothing
    figure: str  # a name that facts about one and the same thing share, or nothing
    relation: str  # one of RELATIONS, or nothing
    of: tuple[str, ...]  # facts, sums of facts (A+B), numbers; of COUNTED a paragraph or a document
    place: Place


@dataclass(frozen=True, slots=True)
class Listed:
    """An inconsistency that readers listed: the check that finds it and where, or the reason why none can."""

    source: str  # which list
    entry: str  # its number there
    words: str
    severity: str  # one of SEVERITIES
    check: str  # a code, or nothing
    where: str  # words that the place or text of the note has
    because: str  # why it is documentary, or nothing
    place: Place


def read_facts(text: str, path: str) -> tuple[Fact, ...]:
    """The facts from the text of `facts.csv`, in file order.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606; SY608 where what a fact is computed from cannot be found.
    """
    table = Table(text, path, FACT_COLUMNS, PUBLISHED)
    lines = [(line, _fact(line)) for line in table.lines()]
    values = {fact.key: finite(fact.value) for _, fact in lines}
    for line, fact in lines:
        _check_relation(line, fact, values)
    table.stop()
    return tuple(fact for _, fact in lines)


def _fact(line: Line) -> Fact:
    key = line.required("fact")
    line.once("SY606", f"fact {key}", (key,))
    bound, relation = line.text("bound"), line.text("relation")
    for name, text, known in (("bound", bound, BOUNDS), ("relation", relation, RELATIONS)):
        if text:
            line.check(name, text, known)
    return Fact(
        key=key,
        document=line.required("document"),
        at=line.text("at"),
        statement=line.required("statement"),
        value=line.required("value"),
        unit=line.text("unit"),
        bound=bound,
        figure=line.text("figure"),
        relation=relation,
        of=line.several("of"),
        place=line.place(),
    )


def _check_relation(line: Line, fact: Fact, values: Mapping[str, float | None]) -> None:
    if bool(fact.relation) != bool(fact.of):
        line.fault("relation", "SY608", "a relation without its facts, or facts without one", "write both, or neither")
    elif fact.relation and finite(fact.value) is None:
        line.fault("value", "SY608", f"{fact.value!r} is not a number that could be computed", "leave the relation out")
    elif fact.relation in PAIRS and len(fact.of) != PAIR:
        line.fault("of", "SY608", f"a {fact.relation} is made of two, here are {len(fact.of)}", "write them as A;B")
    elif fact.relation and fact.relation not in COUNTED:
        _check_terms(line, fact, values)


def _check_terms(line: Line, fact: Fact, values: Mapping[str, float | None]) -> None:
    """Every name is a fact with a number, and nothing is divided by 0."""
    unknown = [name for term in fact.of for name in parts(term) if finite(name) is None and values.get(name) is None]
    for name in unknown:
        remedy = "name a fact whose value is a number, or write a number"
        line.fault("of", "SY608", f"{name!r} is no fact with a number", remedy)
    divisor = fact.of[0 if fact.relation == "fall" else -1]
    if fact.relation in PAIRS and not unknown and total(divisor, values) == 0:
        line.fault("of", "SY608", f"{divisor} is 0, and a {fact.relation} divides by it", "look at the source again")


def parts(term: str) -> tuple[str, ...]:
    """The names and numbers in a term: `A+B` are two."""
    return tuple(part.strip() for part in term.split("+"))


def total(term: str, values: Mapping[str, float | None]) -> float:
    """What a term is worth: a number, the value of a fact, or a sum of such.

    Parameters
    ----------
    term : str
        `K117`, `12` or `K117+K118`.
    values : mapping
        The value of each fact that is a number.
    """
    found = [(name, values.get(name)) for name in parts(term)]
    return sum(float(name) if value is None else value for name, value in found)


def read_listed(text: str, path: str, codes: Collection[str]) -> tuple[Listed, ...]:
    """The listed inconsistencies from the text of `inconsistencies.csv`, in file order.

    Parameters
    ----------
    text, path : str
        The file's text, and its name in messages.
    codes : collection of str
        The codes of checks that there are.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606, SY609.
    """
    table = Table(text, path, LISTED_COLUMNS, PUBLISHED)
    found = tuple(_listed(line, codes) for line in table.lines())
    table.stop()
    return found


def _listed(line: Line, codes: Collection[str]) -> Listed:
    source, entry, check = line.required("list"), line.required("entry"), line.text("check")
    line.once("SY606", f"entry {entry} of {source}", (source, entry))
    if check:
        line.check("check", check, codes)
    if bool(check) == bool(line.text("because")):
        line.fault(
            "check", "SY609", "neither a check nor a reason, or both", "name the check, or say why there is none"
        )
    words = line.required("words"), line.one_of("severity", SEVERITIES)
    return Listed(source, entry, *words, check, line.text("where"), line.text("because"), line.place())
