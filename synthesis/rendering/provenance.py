"""What drives the numbers of a cell, as text, as rows and as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from synthesis.citations.provenance import Provenance, Share, Strand
from synthesis.crosscheck.driven import DrivenPool, DrivenScore, Traced, Without
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.evidence import Pool
from synthesis.rendering.cells import clause_text, output_text
from synthesis.rendering.crosscheck.values import published_json
from synthesis.rendering.crosscheck.words import effect_text, published_text
from synthesis.rendering.fits import fit_json, natural, scale_of
from synthesis.scoring.rule import BLANK
from synthesis.text import ABSENT, decimal, interval, one_line, percent, rounded, table

COLUMNS = ("number", "study", "weight", "without it", "reports", "read in", "included by")
NUMERIC = (1,)
NO_WEIGHTS = "points have no weights: each study that surely counts has an equal part (ours)"
UNKNOWN = "not known (no citation says what it includes)"
NOT_INDEPENDENT = "published results of the cell, with the share of the weight above that they are known to include"


def provenance_text(found: Traced) -> str:
    """Each pool, then the score: its studies, and the documents that they came through."""
    lines = [line for pool in found.pools for line in (*_pool_lines(pool, found), "")]
    if found.score is not None:
        lines += _score_lines(found.score)
    if not lines:
        lines = [f"{' '.join(found.cell)}: no finding, no pool"]
    if not found.pools and found.published:
        lines += ["published results of the cell, beside no pool of ours", *map(_indented, found.published)]
    return "".join(f"{line if line.startswith(' ') else one_line(line)}\n" for line in lines)


def _indented(one: PublishedPool) -> str:
    return f"    {published_text(one)}"


def _pool_lines(found: DrivenPool, cell: Traced) -> Iterator[str]:
    pool = found.pool
    yield f"{_name(pool)}: {effect_text(pool, pool.fit)}, k {pool.fit.k}"
    rows = [row[1:] for row in _pool_rows(found)]
    yield from _table(rows)
    yield from _document_lines(found.behind)
    if cell.published:
        yield NOT_INDEPENDENT
        shares = {share.document: share.weight for share in found.behind.included_by}
        for one in cell.published:
            known = one.review in cell.listing
            share = f"{percent(shares.get(one.review, 0.0))} %" if known else UNKNOWN
            yield f"    {share}  {published_text(one)}"


def _score_lines(found: DrivenScore) -> Iterator[str]:
    yield f"{' '.join(found.name)}: {output_text(found.score)} ({clause_text(found.score)})"
    if found.behind is None:
        yield "no study surely counts"
        return
    yield from _table([row[1:] for row in _score_rows(found)])
    yield NO_WEIGHTS
    yield from _document_lines(found.behind)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    text = table(COLUMNS[1:], rows, NUMERIC)
    yield from (f"    {line}" for line in text.splitlines())


def _document_lines(behind: Provenance) -> Iterator[str]:
    studies, documents = len(behind.strands), len(behind.read_in)
    yield (
        f"as concentrated as {decimal(behind.effective_studies, 1)} equal studies (of {studies}) "
        f"and {decimal(behind.effective_documents, 1)} equal documents (of {documents})"
    )
    yield f"read in: {_shares(behind.read_in)}"
    yield f"included by, several at once: {_shares(behind.included_by) or 'no document of citations.csv'}"


def _shares(shares: Iterable[Share]) -> str:
    return ", ".join(f"{share.document} {percent(share.weight)} % ({len(share.studies)})" for share in shares)


def _name(pool: Pool) -> str:
    head = "headline, " if pool.headline else ""
    return f"{' '.join(pool.key.by)} ({head}{pool.key.family}, against {pool.key.group})"


def rows(found: Traced) -> list[tuple[str, ...]]:
    """One row for each study of each number; the columns are COLUMNS."""
    pools = [row for pool in found.pools for row in _pool_rows(pool)]
    return [*pools, *(_score_rows(found.score) if found.score else ())]


def _pool_rows(found: DrivenPool) -> Iterator[tuple[str, ...]]:
    for strand in found.behind.strands:
        yield _row(_name(found.pool), strand, _without_text(found.without.get(strand.study), found.pool))


def _score_rows(found: DrivenScore) -> Iterator[tuple[str, ...]]:
    name = f"{' '.join(found.name)} (score)"
    for strand in found.behind.strands if found.behind else ():
        other = found.decisive.get(strand.study)
        yield _row(name, strand, "the same" if other is None else other or BLANK)


def _row(name: str, strand: Strand, without: str) -> tuple[str, ...]:
    lists = (strand.reports, [document for document, _ in strand.read_in], strand.included_by)
    return (name, strand.study, f"{percent(strand.weight)} %", without, *("; ".join(one) or ABSENT for one in lists))


def _without_text(without: Without | None, pool: Pool) -> str:
    if without is None:
        return "nothing"
    estimate, low, high = _natural(without, pool)
    return f"{decimal(estimate, 2)} {interval(low, high, 2)}"


def _natural(without: Without, pool: Pool) -> list[float | None]:
    numbers = (without.estimate, without.ci_low, without.ci_high)
    return [natural(number, ratio=pool.is_ratio) for number in numbers]


def provenance_json(found: Traced) -> dict[str, object]:
    """The same as plain values; weights to fifteen digits, so that they still sum to 1."""
    return {
        "cell": list(found.cell),
        "pools": [_pool_json(pool) for pool in found.pools],
        "score": _score_json(found.score) if found.score else None,
        "published": [
            {**published_json(one), "includes_known": one.review in found.listing} for one in found.published
        ],
    }


def _pool_json(found: DrivenPool) -> dict[str, object]:
    pool = found.pool
    without = {
        study: {"estimate": rounded(one.estimate), "ci_low": rounded(one.ci_low), "ci_high": rounded(one.ci_high)}
        for study, one in found.without.items()
    }
    return {
        "by": list(pool.key.by),
        "group": pool.key.group,
        "family": pool.key.family,
        "measure": pool.measure,
        "scale": scale_of(pool.measure),
        "headline": pool.headline,
        "fit": fit_json(pool.fit),
        **_behind_json(found.behind),
        "without": without,
    }


def _score_json(found: DrivenScore) -> dict[str, object]:
    return {
        "output": found.score.output or None,
        "clause": found.score.clause,
        "weights": NO_WEIGHTS,
        **(_behind_json(found.behind) if found.behind else {}),
        "without": {study: output or None for study, output in found.decisive.items()},
    }


def _behind_json(behind: Provenance) -> dict[str, object]:
    return {
        "studies": [
            {
                "study": strand.study,
                "weight": rounded(strand.weight, 15),
                "reports": list(strand.reports),
                "read_in": {document: rounded(part, 15) for document, part in strand.read_in},
                "included_by": list(strand.included_by),
            }
            for strand in behind.strands
        ],
        "read_in": _shares_json(behind.read_in),
        "included_by": _shares_json(behind.included_by),
        "effective_studies": rounded(behind.effective_studies),
        "effective_documents": rounded(behind.effective_documents),
    }


def _shares_json(shares: Iterable[Share]) -> dict[str, object]:
    return {share.document: {"weight": rounded(share.weight, 15), "studies": list(share.studies)} for share in shares}
