"""Duplicates in words, as rows and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synthesis.bibliography.duplicates.clusters import Found, Group
from synthesis.bibliography.duplicates.merging import Merge, reason
from synthesis.bibliography.duplicates.scoring import Judged, speaks_against, speaks_for
from synthesis.text import one_line

COLUMNS = ("one", "other", "verdict", "because", "rule", "for", "against", "group")
TITLE = 72  # characters of a title that are shown
Merges = Mapping[str, Merge]  # by the smallest key of the group


def found_text(found: Found, merges: Merges) -> str:
    """Groups, then the pairs to look at, then versions, then what shares an identifier and is not one document."""
    blocks = [
        *(_group(number, group, merges.get(group.records[0].key)) for number, group in enumerate(found.groups, 1)),
        *_pairs("to look at: accept or reject", found.unsure),
        *_pairs("versions: one work, two documents, both stay", found.versions),
        *_shared(found.distinct),
    ]
    return "".join(f"{block}\n" for block in blocks)


def found_rows(found: Found) -> Iterator[list[str]]:
    """One row for each pair, as `duplicates.csv` takes them, with more columns."""
    for number, group in enumerate(found.groups, 1):
        yield from (_row(link, str(number)) for link in group.links)
    for judged in (*found.unsure, *found.versions, *found.distinct):
        yield _row(judged, "")


def found_json(found: Found, merges: Merges) -> dict[str, object]:
    """Everything that was found."""
    return {
        "records": found.records,
        "compared": found.compared,
        "sampled_blocks": found.sampled,
        "groups": [_group_json(group, merges.get(group.records[0].key)) for group in found.groups],
        "unsure": [judged.to_dict() for judged in found.unsure],
        "versions": [judged.to_dict() for judged in found.versions],
        "distinct": [judged.to_dict() for judged in found.distinct],
    }


def found_summary(found: Found) -> str:
    """One line of counts."""
    extra = sum(len(group.records) - 1 for group in found.groups)
    counts = [
        f"{found.records:,} records",
        f"{len(found.groups):,} group{_s(len(found.groups))} of duplicates ({extra:,} too many)",
        f"{len(found.unsure):,} pair{_s(len(found.unsure))} to look at",
        f"{len(found.versions):,} of versions",
    ]
    if found.sampled:
        counts.append(f"{found.sampled:,} block{_s(found.sampled)} too large to compare each with each")
    return ", ".join(counts)


def _group(number: int, group: Group, merge: Merge | None) -> str:
    lines = [f"group {number}: one document"]
    for record in group.records:
        stays = merge is not None and merge.kept.record.key == record.key
        mark = "stays" if stays else "goes " if merge else "     "
        lines.append(f"  {mark}  {record.key}  {record.place}  {record.year or '-'}  {_short(record.shown)}")
    lines.append(f"  because: {one_line(reason(group))}")
    if merge and merge.taken:
        lines.append(f"  takes: {', '.join(f'{one.name} of {one.source}' for one in merge.taken)}")
    if merge:
        lines += [f"  differs: {one_line(words)[:160]}" for words in merge.differs]
    return "\n".join(lines)


def _pairs(head: str, pairs: Sequence[Judged]) -> Iterator[str]:
    if not pairs:
        return
    lines = [head]
    for judged in pairs:
        lines.append(f"  {judged.one.key} = {judged.other.key}: {one_line(judged.because)}")
        lines += [f"    {record.year or '-'}  {_short(record.shown)}" for record in (judged.one, judged.other)]
        lines.append(f"    for: {', '.join(speaks_for(judged.evidence)) or '-'}")
        lines.append(f"    against: {', '.join(speaks_against(judged.evidence)) or '-'}")
    yield "\n".join(lines)


def _shared(pairs: Sequence[Judged]) -> Iterator[str]:
    """Identifiers that several documents share, with the number of documents."""
    documents: dict[str, set[str]] = {}
    for judged in pairs:
        shared = judged.one.doi if judged.one.doi == judged.other.doi else f"PMID {judged.one.pmid}"
        documents.setdefault(shared, set()).update((judged.one.key, judged.other.key))
    if documents:
        lines = ["one identifier, several documents: title or pages say so"]
        lines += [f"  {shared}: {', '.join(sorted(keys))}" for shared, keys in sorted(documents.items())]
        yield "\n".join(lines)


def _row(judged: Judged, group: str) -> list[str]:
    return [
        judged.one.key,
        judged.other.key,
        str(judged.verdict),
        judged.because,
        judged.rule,
        "; ".join(speaks_for(judged.evidence)),
        "; ".join(speaks_against(judged.evidence)),
        group,
    ]


def _group_json(group: Group, merge: Merge | None) -> dict[str, object]:
    value: dict[str, object] = {
        "records": [
            {"key": record.key, "place": record.place, "year": record.year, "title": record.shown}
            for record in group.records
        ],
        "because": reason(group),
        "links": [link.to_dict() for link in group.links],
    }
    if merge:
        value["kept"] = merge.kept.record.key
        value["takes"] = [{"field": one.name, "of": one.source} for one in merge.taken]
        value["differs"] = list(merge.differs)
    return value


def _short(title: str) -> str:
    line = one_line(title)
    return line if len(line) <= TITLE else line[: TITLE - 3] + "..."


def _s(count: int) -> str:
    return "" if count == 1 else "s"
