"""A printed matrix against the text that it was printed with, and against itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import combinations
from string import ascii_uppercase

from synthesis.crosscheck.claims.material import Check, Material, listing, note
from synthesis.errors import Problem
from synthesis.records.study import Place
from synthesis.scoring.matrix import REPORT_GENEROUS, REPORT_STRICT, Cell
from synthesis.scoring.published import TOTAL
from synthesis.scoring.score import score
from synthesis.scoring.states import ScoredFinding

DIRECTED = ("effective", "ineffective", "contrary")
HIGHEST = 5  # of the Maryland scale
FAVOUR = ("effective", "yes")
MOST = 5  # studies that are tried
ALIKE = 0.85  # of two labels that are not the same: a slip of the pen, or two spellings
LOOK = "look at the source again; if it is printed so, the disagreement stands"


def cell_notes(material: Material) -> Iterator[Problem]:
    """SY810 to SY815: printed points that what the report tells does not give; one note a cell, the first that fits."""
    for cell in material.matrix.cells:
        place = cell.printed.place
        if cell.printed.points is None or place is None or not {REPORT_STRICT, REPORT_GENEROUS} <= set(cell.scores):
            continue
        found = _untold(material, cell) if cell.printed.points else None
        found = found or _other_points(material, cell)
        if found:
            yield note(place, found[0], f"row {cell.row}, {cell.outcome}: {found[1]}", LOOK)


def _untold(material: Material, cell: Cell) -> tuple[str, str] | None:
    """Points for an outcome of which the report tells nothing for this row."""
    if material.told.get((cell.row, cell.outcome)):
        return None
    printed = f"{cell.printed.points} printed, and the report has no finding on it"
    scored = {outcome.key for outcome in material.matrix.outcomes}
    favoured = _favoured(material, cell.row)
    lower = [o for o in favoured if o in scored and (material.points(cell.row, o) or 0) < (cell.printed.points or 0)]
    if lower:
        beside = f"{lower[0]}, where {_digits(material.points(cell.row, lower[0]))} is printed"
        return "SY810", f"{printed}; what it has in favour is {beside}: the cells look exchanged"
    if favoured and not scored & set(favoured):
        return "SY811", f"{printed}; what it has in favour is {listing(favoured)}, which the matrix does not score"
    return "SY812", printed


def _favoured(material: Material, row: str) -> list[str]:
    """Outcomes on which the report has something in favour of a row."""
    return [
        outcome
        for (code, outcome), findings in material.told.items()
        if code == row and any(finding.direction == "effective" for finding in findings)
    ]


def _other_points(material: Material, cell: Cell) -> tuple[str, str] | None:
    """Points that the report's findings do not give, however they are read, or only when read generously."""
    printed = cell.printed.points or 0
    strict, generous = cell.scores[REPORT_STRICT].points, cell.scores[REPORT_GENEROUS].points
    told = f"read strictly its findings give {_digits(strict)}, read generously {_digits(generous)}"
    what = f"{printed} printed; {told}; {_named(material, cell)}"
    if strict is not None and strict > printed:
        return "SY815", what
    if (generous or 0) < printed:
        return "SY813", what
    if (strict or 0) < printed:
        return "SY814", what
    return None


def _named(material: Material, cell: Cell) -> str:
    """How many studies of level 5 in favour the printed points take, and how many the report shows."""
    told = material.told.get((cell.row, cell.outcome), ())
    sources = {finding.study for finding in told if finding.direction == "effective"}
    shown = [
        study.study
        for study in cell.scores[REPORT_STRICT].studies
        if study.level == HIGHEST and any((each.direction, each.significant) == FAVOUR for each in study.findings)
    ]
    needed = _needed(material, cell)
    takes = f"it takes {needed} at level {HIGHEST}, " if needed else ""
    return f"{takes}the report shows {len(shown)} ({len(sources)} sources in favour)"


def _needed(material: Material, cell: Cell) -> int | None:
    """The fewest studies of the highest level, all significantly in favour, that give the printed points."""
    one = ScoredFinding("", HIGHEST, cell.outcome, "", *FAVOUR)
    for count in range(1, MOST + 1):
        found = score([replace(one, study=str(number)) for number in range(count)], material.matrix.rule).points
        if found is not None and found >= (cell.printed.points or 0):
            return count
    return None


def _digits(points: int | None) -> str:
    return "nothing" if points is None else str(points)


def placement_note(material: Material) -> Iterator[Problem]:
    """SY816: columns that were inferred; one note for the matrix."""
    cells = [cell.printed for cell in material.matrix.cells if cell.printed.points is not None]
    doubtful = [cell for cell in cells if cell.doubtful]
    if doubtful and doubtful[0].place:
        kinds = [f"{sum(c.placement == kind for c in cells)} {kind}" for kind in ("inferred", "ambiguous", "certain")]
        what = f"the column of {len(doubtful)} of {len(cells)} printed cells is doubtful: {', '.join(kinds)}"
        yield note(doubtful[0].place, "SY816", what, "read every comparison with these cells with that reserve")


def lone_totals(material: Material) -> Iterator[Problem]:
    """SY817: rows of which only a total is printed, so that no sum can be checked."""
    cells = {row.row.code: [cell.printed.points for cell in row.cells] for row in material.matrix.rows}
    for row, total in material.printed.totals.items():
        place = material.total_place(row)
        if place is None or any(points is not None for points in cells[row]):
            continue
        alike = [other for other, t in material.printed.totals.items() if t == total and total in cells[other]]
        beside = f"; row {alike[0]} prints {total} as a cell and as the total" if alike else ""
        what = f"row {row} prints {total} alone, which may be a cell or the total{beside}"
        yield note(place, "SY817", what, "nothing can be summed; keep the cells blank")


def footnoted_zeros(material: Material) -> Iterator[Problem]:
    """SY818: a total of 0 whose footnote tells of an effect outside the columns."""
    for row in material.review.rows:
        place = material.total_place(row.code)
        if place and row.footnote and material.printed.totals.get(row.code) == 0:
            what = f"row {row.code} has total 0 and the footnote {row.footnote!r}: it is in no column"
            yield note(place, "SY818", what, "read the 0 as no points on the scored outcomes alone")


def row_codes(material: Material) -> Iterator[Problem]:
    """SY819: letters that a sequence of row codes leaves out, and rows beside it whose code is no letter."""
    codes = [row.code for row in material.review.rows]
    letters = [code for code in codes if len(code) == 1 and code in ascii_uppercase]
    uncoded = [code for code in codes if not (code[:1] in ascii_uppercase and code[1:] in ("", "a"))]
    if 2 * len(letters) <= len(codes):  # codes of another kind
        return
    between = ascii_uppercase[ascii_uppercase.index(min(letters)) : ascii_uppercase.index(max(letters)) + 1]
    missing = [letter for letter in between if letter not in letters]
    if missing or uncoded:
        gaps = f"codes {' and '.join(missing)} are skipped" if missing else "no code is skipped"
        none = f"{listing(uncoded)} without a printed code" if uncoded else "each with one"
        what = f"{len(codes) - len(uncoded)} codes serve {len(codes)} rows: {gaps}, {none}"
        place = next((p for code in uncoded if (p := material.total_place(code))), Place("review.toml", 1, 1))
        yield note(place, "SY819", what, "name rows by their label as well")


def labels_alike(material: Material) -> Iterator[Problem]:
    """SY820: labels of two rows that differ by a letter or two."""
    for one, other in combinations(material.review.rows, 2):
        place = material.total_place(other.code)
        pair = one.label.casefold(), other.label.casefold()
        if place and pair[0] != pair[1] and SequenceMatcher(None, *pair).ratio() >= ALIKE:
            what = f"rows {one.code} and {other.code} are labelled {one.label!r} and {other.label!r}"
            yield note(place, "SY820", what, "match the labels by code, or write them alike if the source does")


def bounded_totals(material: Material) -> Iterator[Problem]:
    """SY821: totals that rank interventions although most of them were scored in one column alone."""
    rows = [row for row in material.matrix.rows if any(cell.printed.points is not None for cell in row.cells)]
    single = [row.row.code for row in rows if sum(cell.printed.points is not None for cell in row.cells) == 1]
    place = material.total_place(single[0]) if single else None
    if place and len(single) < len(rows):
        most = max(cell.printed.points or 0 for row in rows for cell in row.cells)
        what = (
            f"{len(single)} of {len(rows)} rows have points in one of {len(material.matrix.outcomes)} columns, so that "
            f"their total cannot pass {most}: not tested counts as 0 (rows {listing(single)})"
        )
        yield note(place, "SY821", what, "compare cells, not totals")


def passed_over(material: Material) -> Iterator[Problem]:
    """SY822: a passage that names some rows as those with most support, and passes over rows with as many points."""
    for passage in material.tables.named_rows:
        points = _all_points(material, passage.outcome)
        named = {row: points.get(row, 0) for row in passage.rows}
        least = min(named.values(), default=0)
        others = [f"{row} ({found})" for row, found in points.items() if row not in named and found >= max(least, 1)]
        if others:
            said = ", ".join(f"{row} ({found})" for row, found in named.items())
            what = f"{passage.at} names {said} on {passage.outcome} and passes over {listing(others, 12)}"
            yield note(passage.place, "SY822", what, LOOK)


def without_a_row(material: Material) -> Iterator[Problem]:
    """SY823: what the report finds on a scored outcome and places in no row; one note a study or statement."""
    scored = {outcome.key for outcome in material.matrix.outcomes}
    remedy = "nothing needs to be done: the matrix has no place for it"
    for statement in material.tables.statements:
        reported = statement.evidence_set == material.review.report and statement.outcome in scored
        if reported and not statement.rows and statement.direction in DIRECTED:
            what = f"{statement.document}, {statement.at}: {statement.direction} on {statement.outcome}, in no row"
            yield note(statement.place, "SY823", what, remedy)
    for study in material.studies:
        told = [each for each in material.of_report(study) if each.outcome in scored]
        if told and not any(each.rows for each in told) and told[0].reported.direction in DIRECTED:
            what = f"{study.key}, {told[0].source.at}: {told[0].reported.direction} on {told[0].outcome}, in no row"
            yield note(told[0].place, "SY823", what, remedy)


def _all_points(material: Material, outcome: str) -> dict[str, int]:
    """Printed points of every row, on one outcome or in total."""
    codes = [row.code for row in material.review.rows]
    if outcome == TOTAL:
        return {code: material.printed.totals[code] for code in codes if code in material.printed.totals}
    return {code: points for code in codes if (points := material.points(code, outcome)) is not None}


CHECKS = (
    Check("SY810", "points in a cell without a finding, beside a lower cell with one in favour", cell_notes),
    Check("SY811", "points for an outcome without a finding, with only an unscored one in favour", cell_notes),
    Check("SY812", "points for an outcome of which the report has no finding", cell_notes),
    Check("SY813", "printed points that the report's findings do not reach, however they are read", cell_notes),
    Check("SY814", "printed points reached only if reviews and unknown designs count as level 5", cell_notes),
    Check("SY815", "fewer printed points than the report's findings give", cell_notes),
    Check("SY816", "printed cells whose column was inferred", placement_note),
    Check("SY817", "a total printed without its cells", lone_totals),
    Check("SY818", "a total of 0 with a footnote of an effect", footnoted_zeros),
    Check("SY819", "fewer row codes than rows", row_codes),
    Check("SY820", "two row labels that differ by a letter or two", labels_alike),
    Check("SY821", "totals over columns that most rows leave blank", bounded_totals),
    Check("SY822", "a passage that passes over rows with as many points as those it names", passed_over),
    Check("SY823", "a finding on a scored outcome that the report places in no row", without_a_row),
)
CODES = {check.code: check.says for check in CHECKS}
