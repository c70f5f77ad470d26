"""References of another program on their way into the library: which of them it has already, and their keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from synthesis.bibliography.doi import is_doi, normalised_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.formats.markup import plain_text
from synthesis.bibliography.formats.reference import Faulty, Imported, Place, Reference, bibtex_of, with_fields
from synthesis.bibliography.keys import PATTERN, key_for
from synthesis.bibliography.names import Names
from synthesis.bibliography.titles import title_letters
from synthesis.errors import Problem, Severity

KEY = re.compile(r"[A-Za-z0-9:._+/-]{1,64}")
SAME = 0.5  # of the words of two titles
TITLE = 60  # characters of a title that are shown
SHARED = "x-shared-doi"  # the DOI of a supplement, in all documents of it but one


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the library, or one that was read before."""

    key: str
    where: str  # file:line
    title: str  # letters alone
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is not imported, because the library has it or because of an error."""

    place: Place
    title: str
    why: str
    doubtful: bool = False  # whether the two have different titles

    def __str__(self) -> str:
        return f"{self.place}: skipped {repr(self.title) if self.title else 'a part that cannot be read'}: {self.why}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an import would add, and what stands against it."""

    references: tuple[Reference, ...]  # each with the key it gets
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]  # errors where duplicates are refused; notes about keys
    existing: tuple[Entry, ...]  # entries of the library that the references clash with
    sharing: int = 0  # references that keep the DOI of another document as x-shared-doi

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
    shared: dict[str, list[Known]] = field(default_factory=dict)

    def add(self, known: Known, doi: str, pmid: str, shared: str = "") -> None:
        if known.key:
            self.keys.setdefault(known.key.lower(), known)
        if is_doi(doi):
            self.dois.setdefault(doi, known)
        if is_doi(shared):
            self.shared.setdefault(shared, []).append(known)
        if pmid.strip().isdecimal():
            self.pmids.setdefault(pmid.strip(), known)

    def with_doi(self, doi: str, title: str) -> Known | None:
        """The document with a DOI: of several that share it the one with this title, else the first."""
        known = [*([self.dois[doi]] if doi in self.dois else []), *self.shared.get(doi, ())]
        return next((one for one in known if alike(one.title, title)), known[0] if known else None)


def faulty(read: Imported) -> tuple[Skipped, ...]:
    """The records of a file that have errors, as they are left out."""
    return tuple(Skipped(one.place, _title_of(read, one), one.why) for one in read.faulty)


def _title_of(read: Imported, one: Faulty) -> str:
    return "" if one.number is None else _called(read.references[one.number])


def prepare(
    references: Iterable[Reference],
    entries: Iterable[Entry],
    *,
    skip: bool = False,
    new_keys: bool = False,
    share: bool = False,
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
    share : bool, optional
        Take a reference with the DOI of a document with another title for a document of its own, as the abstracts of
        a supplement are; its DOI becomes the field `x-shared-doi`, since a library has a DOI once.
    pattern : str, optional
        Of new keys; see `key_for`.

    Raises
    ------
    InvalidArgument
        `pattern` is none.
    """
    plan = _Plan(skip=skip, new_keys=new_keys, share=share, pattern=pattern)
    for entry in entries:
        known = Known(entry.key, entry.place, title_letters(entry.get("title")), entry)
        plan.index.add(known, entry.doi, entry.get("pmid"), normalised_doi(entry.get(SHARED)))
    for reference in references:
        plan.take(reference)
    plan.report_no_keys()
    existing = tuple(plan.existing.values())
    return Prepared(tuple(plan.taken), tuple(plan.skipped), tuple(sorted(plan.problems)), existing, plan.sharing)


class _Plan:
    def __init__(self, *, skip: bool, new_keys: bool, share: bool, pattern: str) -> None:
        self.skip, self.new_keys, self.share, self.pattern = skip, new_keys, share, pattern
        self.sharing = 0
        self.no_keys: list[Reference] = []  # whose names can be no keys
        self.index = _Index()
        self.taken: list[Reference] = []
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []
        self.existing: dict[str, Entry] = {}

    def take(self, reference: Reference) -> None:
        """Take one reference, or say why not."""
        key = reference.key if _is_key(reference.key) and not self.new_keys else ""
        title = title_letters(reference.get("title"))
        same = self._same(reference, title)
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
        if reference.key and not self.new_keys and not _is_key(reference.key):
            self.no_keys.append(reference)
        key = key or key_for(*_facts(reference), self.pattern, self.index.keys.keys())
        doi, shared = reference.doi, self.index.with_doi(reference.doi, title)
        if shared:
            reference = self._sharing(reference, shared)
        known = Known(key, str(reference.place), title)
        self.index.add(known, reference.doi, reference.get("pmid"), doi if shared else "")
        self.taken.append(replace(reference, key=key))

    def _same(self, reference: Reference, title: str) -> tuple[Known, str] | None:
        doi, pmid = reference.doi, reference.get("pmid").strip()
        known = self.index.with_doi(doi, title)
        if known and not (self.share and not alike(known.title, title)):
            return known, f"the DOI {doi} is that of {known.key}, {known.where}"
        if pmid and (known := self.index.pmids.get(pmid)):
            return known, f"the PMID {pmid} is that of {known.key}, {known.where}"
        return None

    def _sharing(self, reference: Reference, known: Known) -> Reference:
        """The reference with its DOI where the library may have it twice."""
        self.sharing += 1
        what = (
            f"{_called(reference)!r}: the DOI {reference.doi} is that of {known.key}, {known.where}, with another title"
        )
        remedy = f"nothing; this one keeps the DOI as {SHARED}"
        self._report(reference, "SY460", what, remedy, Severity.NOTE)
        return with_fields(reference, {"doi": "", SHARED: reference.get("doi")})

    def report_no_keys(self) -> None:
        """One note about all names that people would not write as keys."""
        if self.no_keys:
            first, count = self.no_keys[0], len(self.no_keys)
            what = f"{first.key[:TITLE]!r} is the name of a record, and no key; one is made by the pattern"
            also = f" (and for {count - 1} more)" if count > 1 else ""
            self._report(first, "SY423", what + also, "nothing, or name the records before", Severity.NOTE)

    def _duplicate(self, reference: Reference, known: Known, why: str) -> None:
        title = _called(reference)
        doubtful = not alike(title_letters(reference.get("title")), known.title)
        if doubtful:
            why += ", whose title is another: if they are two documents, import it with --shared-doi keep"
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


def alike(one: str, other: str) -> bool:
    """Whether half of the words of two titles are the same, or one has none; a supplement has one DOI for all."""
    words, others = set(one.split()), set(other.split())
    return not words or not others or len(words & others) >= SAME * len(words | others)


def _called(reference: Reference) -> str:
    """The title of a reference as it is shown, or its key."""
    return plain_text(reference.get("title"))[:TITLE] or reference.key


def _facts(reference: Reference) -> tuple[Names, str, str]:
    people = reference.authors if reference.authors.people else reference.editors
    return people, reference.get("year", "date"), reference.get("title")


def _is_key(key: str) -> bool:
    """Whether a name that another program gave can be a key that people write."""
    return KEY.fullmatch(key) is not None and any(char.isalpha() for char in key) and not key.startswith("http")
