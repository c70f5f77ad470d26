"""What a rule gives for each cell, and what it is set beside, as a table and as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from synthesis.rendering.cells import clause_text, output_text, states_text, studies_text, unseen
from synthesis.rendering.tables import Cell
from synthesis.scoring.beside import Answer, Beside, Taken
from synthesis.scoring.rule import BLANK
from synthesis.scoring.score import Score
from synthesis.text import ABSENT, one_line, table

OF_A_SCORE = (
    "rule", "policy", "output", "points", "colour", "clause", "verified", "at", "says", "could_be", "flags", "studies",
)  # fmt: skip
OF_THE_OTHER = ("set_against", "its_clause", "differs", "of_the_same_studies", "only_there", "turned")
LISTED = 12  # studies of one reason that are named


def answer_table(
    answer: Answer, first: str, printed: Mapping[tuple[str, str], str] | None = None, *, studies: bool = False
) -> str:
    """All cells for a terminal; beneath them what differs and why, and what was left out.

    Parameters
    ----------
    answer : Answer
        At least one cell.
    first : str
        What the first part of a key is: modality or row.
    printed : mapping, optional
        Printed points by key, for a column of their own.
    studies : bool
        Whether the studies of each cell are named beneath.
    """
    if not answer.cells:
        return f"no finding: {answer.asked.means}\n" + "".join(_left_out(answer))
    whole, shared = answer.whole is not None, any(cell.shared is not None for cell in answer.cells)
    header = [first, "outcome", *(["printed"] if printed is not None else []), "asked"]
    header += ["beside"] if whole else []
    header += ["of the same studies"] if shared else []
    header += ["clause", "could be", "studies"] + (["only beside"] if whole else [])
    rows = []
    for cell in answer.cells:
        row = [*cell.key, *([printed.get(cell.key, ABSENT)] if printed is not None else []), output_text(cell.asked)]
        row += [output_text(cell.whole)] if whole else []
        row += [ABSENT if cell.shared is None else output_text(cell.shared)] if shared else []
        row += [clause_text(cell.asked), _could_be(cell.asked), str(len(cell.asked.studies))]
        rows.append([*row, *([str(len(cell.gone))] if whole else [])])
    named = [*_named(answer)] if studies else []
    shown = [*_head(answer), table(header, rows), *_blanks(answer)]
    return "".join([*shown, *named, *_differences(answer), *_left_out(answer)])


def _blanks(answer: Answer) -> Iterator[str]:
    """What a blank rests on, where that was not printed; clauses that give something are marked in the table."""
    scores = [score for cell in answer.cells for score in (cell.asked, cell.whole) if not score.output]
    yield from (f"\nblank by {line}\n" for line in unseen(scores))


def _named(answer: Answer) -> Iterator[str]:
    """The clause of each cell in words, and its studies."""
    for cell in answer.cells:
        found = cell.asked
        at = f" ({found.at})" if found.at else ""
        yield one_line(f"{' '.join(cell.key)}: {found.says}{at}").join(("\n", "\n"))
        yield from (f"    flag: {one_line(flag)}\n" for flag in found.flags)
        yield one_line(f"    studies: {studies_text(found) or ABSENT}") + "\n"


def _head(answer: Answer) -> Iterator[str]:
    yield f"asked: {_taken(answer.asked)}\n"
    if answer.whole is not None:
        yield f"beside: {_taken(answer.whole)}\n"
    yield "\n"


def _taken(taken: Taken) -> str:
    return f"{taken.means}; rule {taken.rule.key}, policy {taken.policy}"


def _could_be(score: Score) -> str:
    return ", ".join(other or BLANK for other in score.could_be) or ABSENT


def _differences(answer: Answer) -> Iterator[str]:
    """Each cell whose outputs differ: what is only beside, and what turned."""
    differing = [cell for cell in answer.cells if cell.differs] if answer.comparable else []
    if answer.comparable:
        yield f"\n{len(differing)} of {len(answer.cells)} cells differ\n"
    for cell in differing:
        yield f"    {' '.join(cell.key)}: {cell.whole.output or BLANK} -> {cell.asked.output or BLANK}\n"
        if cell.gone:
            yield one_line(f"        only beside: {states_text(cell.gone)}") + "\n"
        if cell.turned:
            yield one_line(f"        not the same: {turned_text(cell)}") + "\n"


def turned_text(cell: Beside) -> str:
    """The studies of both scores that are in another state in each."""
    return "; ".join(f"{one.study} ({one.state} here, {other.state} beside)" for one, other in cell.turned)


def _left_out(answer: Answer) -> Iterator[str]:
    """How much was left out for each reason, and what."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for study, reason in answer.left_out:
        by_reason[reason].append(study)
    if by_reason:
        yield f"\nleft out: {len(answer.left_out)}\n"
    for reason, studies in sorted(by_reason.items()):
        more = f" and {len(studies) - LISTED} more" if len(studies) > LISTED else ""
        yield one_line(f"    {reason}: {len(studies)} ({', '.join(studies[:LISTED])}{more})") + "\n"


def columns_of(answer: Answer, first: str) -> tuple[str, ...]:
    """The columns of the CSV table."""
    return (first, "outcome", *OF_A_SCORE, *(OF_THE_OTHER if answer.whole is not None else ()))


def csv_rows(answer: Answer) -> Iterator[list[Cell]]:
    """One line for each cell, under `columns_of`."""
    for cell in answer.cells:
        fields: list[Cell] = [*cell.key, *_score_fields(answer.asked.rule.key, cell.asked)]
        yield [*fields, *(_other_fields(answer, cell) if answer.whole is not None else [])]


def _score_fields(rule: str, score: Score) -> list[Cell]:
    could_be = "; ".join(other or BLANK for other in score.could_be)
    decided: list[Cell] = [rule, score.policy, score.output, score.points, score.colour]
    said: list[Cell] = [score.clause, score.verified, score.at, score.says]
    return [*decided, *said, could_be, "; ".join(score.flags), studies_text(score)]


def _other_fields(answer: Answer, cell: Beside) -> list[Cell]:
    shared = "" if cell.shared is None else cell.shared.output or BLANK
    differs = cell.differs if answer.comparable else None
    first: list[Cell] = [cell.whole.output, cell.whole.clause, differs, shared]
    return [*first, states_text(cell.gone), turned_text(cell) if answer.comparable else ""]


def answer_json(answer: Answer, first: str) -> dict[str, object]:
    """All cells as plain values; null is blank."""
    return {
        "asked": _taken_json(answer.asked),
        "beside": None if answer.whole is None else _taken_json(answer.whole),
        "cells": [_cell_json(answer, cell, first) for cell in answer.cells],
        "left_out": [{"study": study, "reason": reason} for study, reason in answer.left_out],
    }


def _taken_json(taken: Taken) -> dict[str, object]:
    return {"findings": taken.means, "rule": taken.rule.key, "policy": taken.policy}


def _cell_json(answer: Answer, cell: Beside, first: str) -> dict[str, object]:
    value: dict[str, object] = {first: cell.key[0], "outcome": cell.key[1], "score": score_json(cell.asked)}
    if answer.whole is not None:
        value |= {
            "beside": score_json(cell.whole),
            "differs": cell.differs if answer.comparable else None,
            "of_the_same_studies": None if cell.shared is None else score_json(cell.shared),
            "only_beside": [study.study for study in cell.gone],
            "turned": [{"study": one.study, "asked": one.state, "beside": other.state} for one, other in cell.turned],
        }
    return value


def score_json(score: Score) -> dict[str, object]:
    """A score as plain values."""
    return {
        "output": score.output or None,
        "points": score.points,
        "colour": score.colour if score.output else None,
        "clause": score.clause,
        "verified": score.verified,
        "at": score.at,
        "says": score.says,
        "policy": score.policy,
        "could_be": list(score.could_be),
        "flags": list(score.flags),
        "studies": [
            {"study": study.study, "state": study.state, "level": study.level or None, "counts": study.counts}
            for study in score.studies
        ],
    }
