"""How well and how fast duplicates are found: on a labelled set that somebody names, and on a synthetic library.

    python benchmarks/duplicates.py                      100,000 synthetic records, time and memory
    python benchmarks/duplicates.py labelled.csv         the labelled set of ASySD (GPL-3, not in this repository)

The labelled set (Hair 2023, `tests/testthat/labelled_test_set.csv` of camaradesuk/ASySD; Latin-1; the truth is the
column `source`) says of each record whether it is the one to keep (`unique`) or one too many (`duplicate`); it does not
say of which. Two scores:

* removals: of each group that is found, a `unique` record stays if there is one. Every other `duplicate` in it is a
  hit, every other `unique` a false positive; a group of `duplicate` records alone keeps one of them, which is a miss,
  and so is every `duplicate` in no group. Sensitivity is hits by all duplicates.
* pairs: the truth is derived, without the code under test: each `duplicate` belongs to the `unique` record that is most
  like it in title, abstract and the rest of its citation. Pairs inside a group are compared with pairs inside that.

The halves: `unique` records with like titles or one DOI hang together, and all those without a DOI, and a hash of the
smallest number among them says which half the whole lot is in, so that no group and no hard case straddles. Thresholds
were set on half 0.
"""

import csv
import hashlib
import io
import random
import resource
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from _timing import show
from rapidfuzz import fuzz, process

from synthesis.bibliography.doi import normalised_doi
from synthesis.bibliography.duplicates import find, record_of_row
from synthesis.bibliography.duplicates.folding import folded
from synthesis.bibliography.duplicates.tables import records_of_table

RECORDS = 100_000
TURNS = 5  # of which the quickest counts, in CPU seconds, reading of the table included
LIKE = 85  # percent of likeness from which titles of `unique` records hang together
LABELS = ("record_id", "label", "source")


def main() -> None:
    """Measure and print."""
    if len(sys.argv) > 1:
        labelled(Path(sys.argv[1]))
    else:
        synthetic(RECORDS)


def labelled(path: Path) -> None:
    """Both scores on both halves and on the whole set."""
    rows = rows_of(path)
    truth = truth_of(rows)
    half = halves(rows, truth)
    table = []
    for name, wanted in (("half 0, set on", {0}), ("half 1, held out", {1}), ("all", {0, 1})):
        chosen = [place for place in range(len(rows)) if half[place] in wanted]
        found = score(rows, truth, chosen)
        table.append(
            [
                name,
                str(len(chosen)),
                str(found.duplicates),
                str(found.hits),
                f"{found.hits / found.duplicates:.4f}",
                str(found.false),
                str(found.pairs),
                str(found.pairs_found),
                str(found.false_pairs),
                f"{len(chosen) / found.seconds:,.0f}",
            ]
        )
    header = [
        "half",
        "records",
        "duplicates",
        "hits",
        "sensitivity",
        "false",
        "pairs",
        "found",
        "false pairs",
        "records/s",
    ]
    show("Duplicates on the labelled set", header, table)


def rows_of(path: Path):
    """The rows of the labelled set."""
    return list(csv.DictReader(path.read_text(encoding="latin-1").splitlines(keepends=True)))


def truth_of(rows):
    """The place of the `unique` record to which each record belongs."""
    kept = [place for place, row in enumerate(rows) if row["source"] == "unique"]
    rest = [place for place, row in enumerate(rows) if row["source"] == "duplicate"]
    weights = {"title": 1.0, "abstract": 1.0, "citation": 0.5}
    words = {
        "title": [folded(row["title"]) for row in rows],
        "abstract": [folded(row["title"] + " " + row["abstract"])[:500] for row in rows],
        "citation": [
            folded(" ".join(row[name] for name in ("author", "year", "journal", "volume", "pages"))) for row in rows
        ],
    }
    like = sum(
        weight
        * process.cdist([words[name][one] for one in rest], [words[name][one] for one in kept], scorer=fuzz.ratio)
        for name, weight in weights.items()
    )
    nearest = np.argmax(like, axis=1)
    return {place: place for place in kept} | {place: kept[near] for place, near in zip(rest, nearest, strict=True)}


def halves(rows, truth):
    """0 or 1 for each record."""
    kept = sorted(set(truth.values()))
    group = {place: place for place in kept}

    def top(place):
        while group[place] != place:
            place = group[place]
        return place

    titles = [folded(rows[place]["title"]) for place in kept]
    like = process.cdist(titles, titles, scorer=fuzz.ratio, score_cutoff=LIKE)
    dois = defaultdict(list)
    for place in kept:
        dois[normalised_doi(rows[place]["doi"])].append(place)
    linked = [(kept[one], kept[other]) for one, other in zip(*np.nonzero(like), strict=True) if one < other]
    for one, other in [*linked, *((places[0], other) for places in dois.values() for other in places[1:])]:
        group[top(one)] = top(other)
    least = defaultdict(lambda: sys.maxsize)
    for place in kept:
        least[top(place)] = min(least[top(place)], int(rows[place]["record_id"]))
    sides = {place: int(hashlib.sha256(str(least[top(place)]).encode()).hexdigest(), 16) % 2 for place in kept}
    return {place: sides[truth[place]] for place in range(len(rows))}


@dataclass(frozen=True)
class Score:
    """What was found of what there is."""

    duplicates: int
    hits: int
    false: int
    pairs: int
    pairs_found: int
    false_pairs: int
    seconds: float  # of CPU, the quickest of TURNS


def score(rows, truth, chosen):
    """Both scores of some of the rows."""
    fields = [name for name in rows[0] if name not in LABELS]
    text = [[rows[place][name] for name in fields] + [rows[place]["record_id"]] for place in chosen]
    table = _csv([*fields, "record_id"], text)
    seconds = float("inf")
    for _ in range(TURNS):
        start = time.process_time()
        found = find(records_of_table(table, "labelled"))
        seconds = min(seconds, time.process_time() - start)
    by_id = {rows[place]["record_id"]: place for place in chosen}
    groups = [[by_id[record.key] for record in group.records] for group in found.groups]
    hits = false = 0
    for group in groups:
        kept = sum(rows[place]["source"] == "unique" for place in group)
        hits += len(group) - max(kept, 1)
        false += max(kept - 1, 0)
    duplicates = sum(rows[place]["source"] == "duplicate" for place in chosen)
    true_pairs = _pairs((place, truth[place]) for place in chosen)
    pairs = {pair for group in groups for pair in combinations(sorted(group), 2)}
    return Score(duplicates, hits, false, len(true_pairs), len(pairs & true_pairs), len(pairs - true_pairs), seconds)


def _pairs(members):
    groups = defaultdict(list)
    for place, name in members:
        groups[name].append(place)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def _csv(header, rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def synthetic(count: int) -> None:
    """Time, memory and errors on records of which one in four is a changed copy of another."""
    random.seed(6)
    rows, truth = library(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    records = [record_of_row(key, key, row) for key, row in rows]
    middle = time.process_time()
    found = find(records)
    end = time.process_time()
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    group = {record.key: number for number, one in enumerate(found.groups) for record in one.records}
    joined = sum(1 for copy, first in truth.items() if copy in group and group[copy] == group.get(first))
    wrong = sum(len({truth.get(record.key, record.key) for record in one.records}) - 1 for one in found.groups)
    header = [
        "records",
        "to records, s",
        "search, s",
        "records/s",
        "memory, MB",
        "pairs",
        "copies",
        "found",
        "wrong",
        "to look at",
    ]
    row = [
        f"{count:,}",
        f"{middle - start:.1f}",
        f"{end - middle:.1f}",
        f"{count / (end - start):,.0f}",
        f"{memory:.0f}",
        f"{found.compared:,}",
        f"{len(truth):,}",
        f"{joined:,}",
        str(wrong),
        str(len(found.unsure)),
    ]
    show("Duplicates in a synthetic library", header, [row])


def library(count):
    """Rows of a table, and of each changed copy the key of what it is a copy of."""
    words = ["".join(random.choices("abcdefghilmnoprstuv", k=random.randint(4, 12))) for _ in range(4000)]
    names = ["".join(random.choices("abcdefghilmnoprstuv", k=random.randint(4, 9))).title() for _ in range(4000)]
    journals = [" ".join(random.choices(words, k=random.randint(2, 5))).title() for _ in range(500)]
    rows, truth = [], {}
    for number in range(count):
        if number % 4 == 3:
            key, row = rows[random.randrange(len(rows))]
            rows.append((f"k{number}", _changed(row)))
            truth[f"k{number}"] = truth.get(key, key)
        else:
            rows.append((f"k{number}", _new(number, words, names, journals)))
    return rows, truth


def _new(number, words, names, journals):
    people = [
        f"{random.choice(names)}, {random.choice('ABCDEFG')}. {random.choice('HIJKLM')}."
        for _ in range(random.randint(1, 8))
    ]
    first = random.randint(100, 1900)
    return {
        "author": "; ".join(people),
        "title": " ".join(random.choices(words, k=random.randint(6, 15))).capitalize(),
        "year": str(random.randint(1980, 2024)),
        "journal": random.choice(journals),
        "volume": str(random.randint(1, 90)),
        "number": str(random.randint(1, 12)),
        "pages": f"{first}-{first + random.randint(2, 19)}",
        "doi": f"10.1234/x.{number}",
    }


def _changed(row):
    """A copy as another database would have it."""
    changed = dict(row)
    first, _, last = row["pages"].partition("-")
    changed["pages"] = random.choice([row["pages"], f"{first}-{last[-2:]}", f"{first}--{last}"])
    changed["journal"] = random.choice([row["journal"], " ".join(word[:5] for word in row["journal"].split())])
    changed["author"] = random.choice([row["author"], row["author"].replace(",", "").replace(".", "")])
    changed["title"] = random.choice([row["title"], row["title"].upper(), row["title"] + "."])
    if random.random() < 0.2:
        place = random.randrange(len(row["title"]) - 1)
        changed["title"] = row["title"][:place] + row["title"][place + 1 :]
    for name in ("doi", "number"):
        if random.random() < 0.4:
            changed[name] = ""
    if random.random() < 0.1:
        changed["pages"] = ""
    return changed


if __name__ == "__main__":
    main()
