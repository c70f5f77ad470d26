"""Many records: bounded work, no false merge, and nearly every changed copy found."""

import os
import random
import time

from synthesis.bibliography.duplicates import find, record_of_row

COUNT = 100_000 if os.environ.get("SYNTH_FULL") else 2_000
SECONDS = 60 * COUNT / 100_000 + 2  # of CPU; the bar is a minute for 100,000


def word(draw, least=4, most=11):
    """An invented word."""
    return "".join(draw.choices("abcdefghilmnoprstuv", k=draw.randint(least, most)))


def originals(draw, count):
    """Records of which no two are one document, though they share words, people, journals and years."""
    words, names = ([word(draw) for _ in range(size)] for size in (2000, 1000))
    journals = [" ".join(draw.choices(words, k=3)).title() for _ in range(100)]
    for number in range(count):
        yield (
            f"k{number:06}",
            {
                "title": " ".join(draw.choices(words, k=draw.randint(6, 12))),
                "author": "; ".join(
                    f"{draw.choice(names).title()}, {draw.choice('ABC')}." for _ in range(draw.randint(1, 5))
                ),
                "year": str(draw.randint(1990, 2020)),
                "journal": draw.choice(journals),
                "volume": str(draw.randint(1, 60)),
                "pages": f"{number % 1800 + 100}-{number % 1800 + 109}",
                "doi": f"10.1234/{number}" if number % 3 else "",
            },
        )


def copy_of(draw, row):
    """The record as another database has it."""
    first, _, last = row["pages"].partition("-")
    changed = {
        "title": draw.choice((row["title"].upper(), row["title"] + ".", f"[{row['title']}]")),
        "author": draw.choice((row["author"].replace(",", ""), row["author"].partition(";")[0] + ", et al.")),
        "journal": " ".join(part[:4] for part in row["journal"].split()),
        "pages": draw.choice((f"{first}-{last[-1]}", f"pp. {first}--{last}", first)),
    }
    return {**row, **changed, draw.choice(("doi", "volume", "url")): ""}


def test_changed_copies_among_many():
    """One record in five is a changed copy: all are found, nothing else is merged, in time."""
    draw = random.Random(20)
    rows = list(originals(draw, COUNT * 4 // 5))
    copies = [(f"c{key}", copy_of(draw, row)) for key, row in draw.sample(rows, COUNT // 5)]
    start = time.process_time()

    found = find(record_of_row(key, key, row) for key, row in [*rows, *copies])

    assert time.process_time() - start < SECONDS
    groups = {tuple(record.key for record in group.records) for group in found.groups}
    assert groups == {(key, key[1:]) for key, _ in copies}
    assert found.compared < 4 * COUNT
