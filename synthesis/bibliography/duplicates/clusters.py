"""Groups of records that are one document, the pairs that somebody must look at, and the versions of one work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from synthesis.bibliography.duplicates.blocking import candidates
from synthesis.bibliography.duplicates.evidence import SAME, compare
from synthesis.bibliography.duplicates.record import Record, sorted_records
from synthesis.bibliography.duplicates.rules import RULES, Verdict
from synthesis.bibliography.duplicates.scoring import Judged, judge
from synthesis.bibliography.duplicates.titles import compare_titles

Pair = tuple[str, str]  # two keys, the smaller first
ACCEPTED, REJECTED, IDENTICAL = "accepted", "rejected", "identical"
STRENGTH: Mapping[str, int] = {
    name: place for place, name in enumerate((ACCEPTED, IDENTICAL, *(r.name for r in RULES)))
}
CHECKED = 40  # records of a group that a record must not contradict before it joins


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are one document, by key; `links` are the pairs that say so."""

    records: tuple[Record, ...]
    links: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for duplicates gives."""

    groups: tuple[Group, ...]
    unsure: tuple[Judged, ...]
    versions: tuple[Judged, ...]
    distinct: tuple[Judged, ...]  # pairs that share a DOI or a PubMed number and are two documents all the same
    records: int
    compared: int  # pairs
    sampled: int  # blocks too large to compare each with each


@dataclass(frozen=True, slots=True)
class Decisions:
    """What somebody decided about pairs."""

    accepted: Collection[Pair] = frozenset()
    rejected: Collection[Pair] = frozenset()  # versions of one work too: both stay
    because: Mapping[Pair, str] = field(default_factory=dict)  # in their words


NONE = Decisions()


def pair_of(one: str, other: str) -> Pair:
    """Two keys in the order in which pairs are kept."""
    return (one, other) if one <= other else (other, one)


def find(records: Iterable[Record], decisions: Decisions = NONE) -> Found:
    """All duplicates among records, whose keys must differ.

    Parameters
    ----------
    records : iterable of Record
        Their order changes nothing.
    decisions : Decisions, optional
        Pairs that were accepted or rejected; they come before every rule.
    """
    return _Search(sorted_records(records), decisions).found()


class _Search:
    """Records on their way into groups."""

    def __init__(self, records: Sequence[Record], decisions: Decisions) -> None:
        self.decisions = decisions
        self.size = len(records)
        self.by_key = {record.key: record for record in records}
        self.copies = _identical(records, {key for pair in (*decisions.accepted, *decisions.rejected) for key in pair})
        self.firsts = [copies[0] for copies in self.copies]
        self.members: dict[str, list[Record]] = {record.key: [record] for record in self.firsts}
        self.group: dict[str, str] = {record.key: record.key for record in self.firsts}
        self.links: dict[str, list[Judged]] = defaultdict(list)
        self.known: dict[Pair, Judged] = {}

    def found(self) -> Found:
        drawn = candidates(self.firsts)
        judged: dict[Verdict, list[Judged]] = {verdict: [] for verdict in Verdict}
        for one in self._judged(drawn.pairs):
            judged[one.verdict].append(one)
        unsure = [*judged[Verdict.UNSURE], *self._joined(judged[Verdict.DUPLICATE])]
        return Found(
            groups=tuple(self._groups()),
            unsure=self._between(unsure),
            versions=self._between(judged[Verdict.VERSIONS]),
            distinct=self._between(judged[Verdict.DISTINCT]),
            records=self.size,
            compared=len(drawn.pairs),
            sampled=drawn.sampled,
        )

    def _judged(self, pairs: Iterable[tuple[int, int]]) -> Iterator[Judged]:
        """The pairs that are worth a word, those of the decisions first."""
        decided = {pair for pair in self.decisions.accepted if pair[0] in self.by_key and pair[1] in self.by_key}
        for pair in sorted(decided):
            yield self._verdict(self.by_key[pair[0]], self.by_key[pair[1]])
        for first, second in pairs:
            one, other = self.firsts[first], self.firsts[second]
            if not worth_judging(one, other) or pair_of(one.key, other.key) in decided:
                continue
            judged = self._verdict(one, other)
            if judged.verdict is not Verdict.DISTINCT or shares_identifier(judged):
                yield judged

    def _verdict(self, one: Record, other: Record) -> Judged:
        pair = pair_of(one.key, other.key)
        if pair not in self.known:
            self.known[pair] = self._decided(pair, judge(one, other))
        return self.known[pair]

    def _decided(self, pair: Pair, judged: Judged) -> Judged:
        told = self.decisions.because.get(pair, "")
        if pair in self.decisions.accepted:
            because = f"somebody accepted it: {told}" if told else "somebody accepted it"
            return Judged(judged.one, judged.other, Verdict.DUPLICATE, ACCEPTED, because, judged.evidence)
        if pair in self.decisions.rejected:
            because = f"somebody rejected it: {told}" if told else "somebody rejected it"
            return Judged(judged.one, judged.other, Verdict.DISTINCT, REJECTED, because, judged.evidence)
        return judged

    def _joined(self, duplicates: Iterable[Judged]) -> Iterator[Judged]:
        """Join groups by the strongest pairs first; give the pairs that would join what must stay apart."""
        for link in sorted(duplicates, key=_strongest):
            one, other = self.group[link.one.key], self.group[link.other.key]
            if one == other:
                self.links[one].append(link)
            elif against := self._contradiction(one, other, accepted=link.rule == ACCEPTED):
                yield _doubted(link, against)
            else:
                self._join(one, other, link)

    def _contradiction(self, one: str, other: str, *, accepted: bool) -> Judged | None:
        """Two records of two groups that must stay apart; against what somebody accepted only what was rejected."""
        for first in self.members[one][:CHECKED]:
            for second in self.members[other][:CHECKED]:
                judged = self._verdict(first, second)
                if judged.rule == REJECTED or (judged.holds_apart and not accepted):
                    return judged
        return None

    def _join(self, one: str, other: str, link: Judged) -> None:
        kept, gone = sorted((one, other), key=lambda name: (-len(self.members[name]), name))
        for record in self.members[gone]:
            self.group[record.key] = kept
        self.members[kept] += self.members.pop(gone)
        self.links[kept] += [*self.links.pop(gone, []), link]

    def _groups(self) -> Iterator[Group]:
        copies = {copies[0].key: copies[1:] for copies in self.copies}
        groups = []
        for name, members in self.members.items():
            more = [(first, copy) for first in members for copy in copies[first.key]]
            if len(members) + len(more) > 1:
                records = sorted([*members, *(copy for _, copy in more)], key=lambda record: record.key)
                links = [*self.links[name], *(_copied(first, copy) for first, copy in more)]
                groups.append(Group(tuple(records), tuple(sorted(links, key=_strongest))))
        yield from sorted(groups, key=lambda group: group.records[0].key)

    def _between(self, judged: Iterable[Judged]) -> tuple[Judged, ...]:
        """One pair for each two groups, the strongest, without pairs inside a group."""
        seen: dict[Pair, Judged] = {}
        for one in sorted(judged, key=_strongest):
            groups = pair_of(self.group[one.one.key], self.group[one.other.key])
            if groups[0] != groups[1]:
                seen.setdefault(groups, one)
        return tuple(sorted(seen.values(), key=lambda one: (one.one.key, one.other.key)))


def worth_judging(one: Record, other: Record) -> bool:
    """Whether two records can be more than distinct: their titles are alike, or an identifier or a page is shared."""
    if (one.doi and one.doi == other.doi) or one.exact == other.exact:
        return True
    if (one.pmid and one.pmid == other.pmid) or (one.first_page and one.first_page == other.first_page):
        return True
    return compare_titles(one.title, other.title)[0] != "differ"


def shares_identifier(judged: Judged) -> bool:
    """Whether a DOI or a PubMed number is shared by two records."""
    return SAME in (judged.evidence.doi, judged.evidence.pmid)


def _identical(records: Sequence[Record], decided: Collection[str]) -> list[list[Record]]:
    """Records by content, those first that come first.

    A record that somebody decided on stands alone, and so does one without a title: entries that are only a label (a
    name and a year, as tables of reviews give them) are alike and may still be two documents.
    """
    groups: dict[object, list[Record]] = {}
    for record in records:
        if record.telling and record.key not in decided:
            groups.setdefault(record.content, []).append(record)
        elif record.title.known and record.key not in decided:
            groups.setdefault((record.content, record.exact), []).append(record)
        else:
            groups[record.key] = [record]
    return list(groups.values())


def _strongest(judged: Judged) -> tuple[int, float, str, str]:
    return STRENGTH.get(judged.rule, len(STRENGTH)), -judged.evidence.like, judged.one.key, judged.other.key


def _copied(first: Record, copy: Record) -> Judged:
    one, other = sorted((first, copy), key=lambda record: record.key)
    because = "every field that is compared is the same"
    return Judged(one, other, Verdict.DUPLICATE, IDENTICAL, because, compare(one, other))


def _doubted(link: Judged, against: Judged) -> Judged:
    """A pair that is one document by itself, but would join two records that are not."""
    because = (
        f"{link.because}; but it would join {against.one.key} and {against.other.key}, which are "
        f"{against.verdict}: {against.because}"
    )
    return Judged(link.one, link.other, Verdict.UNSURE, link.rule, because, link.evidence)
