"""What the pools of a review rest on, as files: each study's weight and documents, and how concentrated they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.crosscheck.driven import DrivenPool
from synthesis.rendering.pools import pool_cells, pool_title
from synthesis.rendering.tables import Cell, csv_bytes, markdown_table, markdown_text
from synthesis.text import decimal, percent

HEADER = ["", "Pool", "Against", "", "k", "Equal studies", "Documents", "Equal documents", "Heaviest document", "%"]
COLUMNS = ("pool", "study", "weight", "reports", "read_in", "included_by")
WORDS = (
    "How many equally heavy studies, and documents in which their numbers were read, would be as concentrated: "
    "1 / sum(weight^2). A study's weight is split among the findings that its effect was made of. Where one document "
    "gave all numbers, a fault of it is a fault of the pool. `synth graph provenance` takes a single cell apart.\n\n"
)


def provenance_files(pools: Sequence[DrivenPool], title: str) -> dict[str, bytes]:
    """`provenance.csv` (one line a study of a pool) and `provenance.md` (one line a pool) by name."""
    page = f"# What the pools rest on: {markdown_text(title)}\n\n{WORDS}{_table(pools)}"
    return {"provenance.csv": csv_bytes(COLUMNS, _lines(pools)), "provenance.md": page.encode("utf-8")}


def _lines(pools: Sequence[DrivenPool]) -> Iterator[list[Cell]]:
    for one in pools:
        for strand in one.behind.strands:
            read_in = "; ".join(f"{document} {decimal(part)}" for document, part in strand.read_in)
            documents = ("; ".join(strand.reports), read_in, "; ".join(strand.included_by))
            yield [pool_title(one.pool), strand.study, decimal(strand.weight), *documents]


def _table(pools: Sequence[DrivenPool]) -> str:
    return markdown_table(HEADER, map(_row, pools), (4, 5, 6, 7, 9)) if pools else "There is no pool.\n"


def _row(one: DrivenPool) -> list[Cell]:
    behind = one.behind
    heaviest = behind.read_in[0]
    return [
        *pool_cells(one.pool),
        one.pool.fit.k,
        decimal(behind.effective_studies, 1),
        len(behind.read_in),
        decimal(behind.effective_documents, 1),
        heaviest.document,
        percent(heaviest.weight),
    ]
