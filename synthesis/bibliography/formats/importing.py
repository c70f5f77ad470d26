"""References of another program on their way into the library: which of them it has already, and their keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.formats.markup import plain_text
from synthesis.bibliography.formats.reference import Place, Reference, bibtex_of
from synthesis.bibliography.keys import PATTERN, key_for
from synthesis.bibliography.names import Names
from synthesis.bibliography.titles import title_letters
from synthesis.errors import Problem, Severity

KEY = re.compile(r"[A-Za-z0-9:._+/-]{2,64}")
SAME = 0.5  # of the words of two titles
TITLE = 60  # characters of a title that are shown


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the library, or one that was read before."""

    key: str
    where: str  # file:line
    title: str  # letters alone
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A reference that is not imported, because the library has it."""

    place: Place
    title: str
    why: str
    doubtful: bool = False  # whether the two have different titles

    def __str__(self) -> str:
        return f"{self.place}: skipped {self.title!r}: {self.why}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an import would add, and what stands against it."""

    references: tuple[Reference, ...]  # each with the key it gets
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]  # errors where duplicates are refused; notes about keys
    existing: tuple[Entry, ...]  # entries of the library that the references clash with

    def text(self) -> str:
        """The references in BibTeX."""
        return "\n".join(map(bibtex_of, self.references))

    def moved(self, problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
        """Problems of that text at the place where each reference was read."""
        starts = [0]
        for reference in self.references:
            starts.append(starts[-1] + bibtex_of(reference).count("\n") + 1)
        return tuple(sorted(self._moved(problem, starts) if problem.path == name else problem for problem in problems))

    def _moved(self, problem: Problem, starts: Sequence[int]) -> Problem:
        number = sum(start < problem.line for start in starts) - 1
        place = self.references[min(number, len(self.references) - 1)].place
        return replace(problem, path=place.path, line=place.line, column=place.column)


@dataclass(slots=True)
class _Index:
    """Documents by what identifies them."""

    keys: dict[str, Known] = field(default_factory=dict)
    dois: dict[str, Known] = field(default_factory=dict)
    pmids: dict[str, Known] = field(default_factory=dict)

    def add(self, known: Known, doi: str, pmid: str) -> None:
        if known.key:
            self.keys.setdefault(known.key.lower(), known)
        if is_doi(doi):
            self.dois.setdefault(doi, known)
        if pmid.strip().isdecimal():
            self.pmids.setdefault(pmid.strip(), known)


def prepare(
    references: Iterable[Reference],
    entries: Iterable[Entry],
    *,
    skip: bool = False,
    new_keys: bool = False,
    pattern: str = PATTERN,
) -> Prepared:
    """Which references can be added to a library, under which keys.

    A reference is in the library if its DOI or its PMID is, or if its key is and the title is the same. It keeps a
    key that can be one and has a letter; a key that another document has is replaced where duplicates are skipped.

    Parameters
    ----------
    references : iterable of Reference
        In file order; one that repeats an earlier one counts as a duplicate as well.
    entries : iterable of Entry
        All entries of the library.
    skip : bool, optional
        Leave duplicates out and name them; by default each is an error.
    new_keys : bool, optional
        Keys by the pattern for all.
    pattern : str, optional
        Of new keys; see `key_for`.

    Raises
    ------
    InvalidArgument
        `pattern` is none.
    """
    plan = _Plan(skip=skip, new_keys=new_keys, pattern=pattern)
    for entry in entries:
        known = Known(entry.key, entry.place, title_letters(entry.get("title")), entry)
        plan.index.add(known, entry.doi, entry.get("pmid"))
    for reference in references:
        plan.take(reference)
    return Prepared(tuple(plan.taken), tuple(plan.skipped), tuple(sorted(plan.problems)), tuple(plan.existing.values()))


class _Plan:
    def __init__(self, *, skip: bool, new_keys: bool, pattern: str) -> None:
        self.skip, self.new_keys, self.pattern = skip, new_keys, pattern
        self.index = _Index()
        self.taken: list[Reference] = []
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []
        self.existing: dict[str, Entry] = {}

    def take(self, reference: Reference) -> None:
        """Take one reference, or say why not."""
        key = reference.key if _is_key(reference.key) and not self.new_keys else ""
        title = title_letters(reference.get("title"))
        same = self._same(reference)
        rival = self.index.keys.get(key.lower()) if key else None
        if same is None and rival and rival.title == title:
            both = "its key and its title are those" if title else "neither has a title, and its key is that"
            same = rival, f"{both} of {rival.key}, {rival.where}"
        if same:
            self._duplicate(reference, *same)
            return
        if rival:
            self._key_taken(reference, rival)
            key = ""
        key = key or key_for(*_facts(reference), self.pattern, self.index.keys.keys())
        self.index.add(Known(key, str(reference.place), title), reference.doi, reference.get("pmid"))
        self.taken.append(replace(reference, key=key))

    def _same(self, reference: Reference) -> tuple[Known, str] | None:
        doi, pmid = reference.doi, reference.get("pmid").strip()
        if known := self.index.dois.get(doi):
            return known, f"the DOI {doi} is that of {known.key}, {known.where}"
        if pmid and (known := self.index.pmids.get(pmid)):
            return known, f"the PMID {pmid} is that of {known.key}, {known.where}"
        return None

    def _duplicate(self, reference: Reference, known: Known, why: str) -> None:
        title = plain_text(reference.get("title"))[:TITLE] or reference.key
        doubtful = not _alike(title_letters(reference.get("title")), known.title)
        if doubtful:
            why += ", whose title is another: if they are two documents, add this one without its DOI"
        if self.skip:
            self.skipped.append(Skipped(reference.place, title, why, doubtful))
            return
        remedy = "cite the existing entry, and import the others with --on-duplicate skip"
        self._report(reference, "SY460", f"{title!r}: {why}", remedy)
        self._show(known)

    def _key_taken(self, reference: Reference, rival: Known) -> None:
        what = f"the key {reference.key!r} is that of another document, {rival.where}"
        if self.skip:
            self._report(reference, "SY421", f"{what}; it gets a new one", "nothing", Severity.NOTE)
        else:
            self._report(reference, "SY421", what, "import with --new-keys")
            self._show(rival)

    def _report(
        self, reference: Reference, code: str, what: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> None:
        place = reference.place
        self.problems.append(Problem(place.path, place.line, place.column, code, what, remedy, severity))

    def _show(self, known: Known) -> None:
        if known.entry is not None:
            self.existing.setdefault(known.where, known.entry)


def _alike(one: str, other: str) -> bool:
    """Whether half of the words of two titles are the same, or one has none; a supplement has one DOI for all."""
    words, others = set(one.split()), set(other.split())
    return not words or not others or len(words & others) >= SAME * len(words | others)


def _facts(reference: Reference) -> tuple[Names, str, str]:
    people = reference.authors if reference.authors.people else reference.editors
    return people, reference.get("year", "date"), reference.get("title")


def _is_key(key: str) -> bool:
    """Whether a name that another program gave can be a key that people write."""
    return KEY.fullmatch(key) is not None and any(char.isalpha() for char in key) and not key.startswith("http")
