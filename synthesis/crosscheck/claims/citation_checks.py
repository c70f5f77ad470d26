"""What a report does with its studies: one study used in two ways, and studies that are not what they are used for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from synthesis.crosscheck.claims.material import Check, Material, listing, note, paragraph
from synthesis.errors import Problem
from synthesis.records.study import NOT_STATED, Finding, Place, Reported, Study
from synthesis.scoring.matrix import REPORT_STRICT
from synthesis.scoring.report import Cells
from synthesis.scoring.score import score
from synthesis.scoring.states import ScoredFinding

KEY = re.compile(r"(?P<stem>.*?\D)(?P<year>\d{4})(?P<suffix>[a-z]?)")  # Scott2005a
BOTH_STAND = "nothing needs to be done: both stand, each with its source"
READ_AGAIN = "compare both passages with the study; the record keeps what each says"
POINTED = ("effective", "ineffective")  # the mirror image of a contrast of two treatments is contrary, so no conflict


def both_ways(material: Material) -> Iterator[Problem]:
    """SY840, SY841: a study that the report cites for and against, within one row or under two of them."""
    for study in material.studies:
        placed: dict[str, list[tuple[str, Finding]]] = defaultdict(list)
        for finding in material.of_report(study):
            if finding.reported.direction in POINTED:
                placed[finding.outcome] += [(row, finding) for row in finding.rows]
        for outcome, found in placed.items():
            yield from _opposed(study, outcome, found)


def _opposed(study: Study, outcome: str, found: list[tuple[str, Finding]]) -> Iterator[Problem]:
    """One note for each outcome on which passages of the report pull apart."""
    for row, finding in found:
        for other_row, other in found:
            passages = finding.source.at, other.source.at
            apart = paragraph(passages[0]) != paragraph(passages[1])
            if apart and finding.reported.direction == "effective" != other.reported.direction:
                where = f"row {row}" if row == other_row else f"row {row} and row {other_row}"
                code = "SY840" if row == other_row else "SY841"
                what = f"{study.key}, {outcome}: effective at {passages[0]}, ineffective at {passages[1]} ({where})"
                yield note(other.place, code, what, READ_AGAIN)
                return


def reports_of_one(material: Material) -> Iterator[Problem]:
    """SY842: a cell that would have other points if the reports of one study were counted as studies."""
    cited: dict[str, set[str]] = defaultdict(set)
    for edge in material.edges:
        cited[edge.source].add(edge.target)
    for study in material.studies:
        documents = {finding.source.document for finding in material.of_report(study)}
        reports = [key for key in study.cite if any(key in cited[document] for document in documents)]
        if len(reports) > 1:
            yield from _if_counted(material, study, reports)


def _if_counted(material: Material, study: Study, reports: list[str]) -> Iterator[Problem]:
    """One note with every cell that the reports would move."""
    moved = []
    for (row, outcome), findings in _strict(material).items():
        own = [finding for finding in findings if finding.study == study.key]
        copies = [replace(each, study=key) for key in reports for each in own]
        one, several = (score(each, material.matrix.rule).points for each in (own, copies))
        if one != several:
            moved.append(f"row {row}, {outcome} {_words(several)}, not {_words(one)}")
    if moved:
        what = f"{study.key} is {len(reports)} cited reports ({listing(reports)}) of one study"
        gives = f"counted as studies they alone would give {'; '.join(moved)}"
        yield note(study.at("cite"), "SY842", f"{what}; {gives}", "count the study once")


def _strict(material: Material) -> Cells:
    """The findings of the report read strictly, on scored outcomes."""
    scored = {outcome.key for outcome in material.matrix.outcomes}
    return {key: found for key, found in material.reading(REPORT_STRICT).items() if key[1] in scored}


def reviews_with_their_studies(material: Material) -> Iterator[Problem]:
    """SY843: a cell in which a review stands beside studies that it reviews itself."""
    reviewed: dict[str, set[str]] = defaultdict(set)
    for edge in material.edges:
        if edge.relation in ("reviews", "meta_analyses"):
            reviewed[edge.source].add(edge.target)
    reports = {study.key: set(study.cite) for study in material.studies}
    for cell in material.matrix.cells:
        told = {finding.study for finding in material.told.get((cell.row, cell.outcome), ())}
        for review in sorted(told & reviewed.keys()):
            twice = sorted(key for key in told & reports.keys() if reports[key] & reviewed[review])
            if twice and cell.printed.place:
                what = f"row {cell.row}, {cell.outcome}: {review} stands beside {listing(twice)}, which it reviews"
                yield note(cell.printed.place, "SY843", what, "count the review or its studies, not both")


def other_people(material: Material) -> Iterator[Problem]:
    """SY844: a study that the report places in a row of people whom its sample is not known to be."""
    wanted = {modality.row: modality.population for modality in material.review.modalities.values() if modality.row}
    for study in material.studies:
        people = set(study.sample.population)
        rows = {row: found for row, found in _placed(material, study).items() if set(wanted.get(row, ())) - people}
        if people and rows:
            lacking = "; ".join(f"row {row} ({listing(wanted[row])})" for row in rows)
            what = f"{study.key} is placed in {lacking}; its sample is of {listing(study.sample.population)}"
            yield note(next(iter(rows.values())).place, "SY844", what, BOTH_STAND)


def other_treatments(material: Material) -> Iterator[Problem]:
    """SY845: a study that the report places in rows of which its own sources describe no contrast."""
    for study in material.studies:
        treatments = sorted({finding.modality for finding in _with_modality(material.own(study))})
        own = {material.review.modalities[key].row for key in treatments}
        rows = {row: found for row, found in _placed(material, study).items() if row not in own}
        if own and rows:
            what = f"{study.key} is placed in row {listing(list(rows))}; its own sources describe {listing(treatments)}"
            yield note(next(iter(rows.values())).place, "SY845", what, BOTH_STAND)


def other_outcomes(material: Material) -> Iterator[Problem]:
    """SY846: an outcome that the report takes from a study whose own sources, as read, do not have it."""
    pooled = {key for key, outcome in material.review.outcomes.items() if outcome.pooled}
    for study in material.studies:
        own = {finding.outcome for finding in material.own(study)}
        placed = [finding for finding in material.of_report(study) if finding.outcome in pooled - own]
        if own and placed:
            lacking = sorted({finding.outcome for finding in placed})
            what = f"{study.key} is cited on {listing(lacking)}; its own sources, as read, have {listing(sorted(own))}"
            yield note(placed[0].place, "SY846", what, BOTH_STAND)


def other_directions(material: Material) -> Iterator[Problem]:
    """SY852: a study cited against one treatment whose own sources have a significant benefit of another, and no more.

    Results of one treatment are compared by SY304.
    """
    for study in material.studies:
        own = material.own(study)
        favoured = [finding for finding in own if finding.reported == Reported("effective", "yes")]
        for outcome in dict.fromkeys(finding.outcome for finding in favoured):
            told = [finding for finding in material.of_report(study) if finding.outcome == outcome]
            against = bool(told) and all(finding.reported.direction == "ineffective" for finding in told)
            if against and not {finding.modality for finding in told} & {finding.modality for finding in own}:
                favour = sorted({finding.modality for finding in favoured if finding.outcome == outcome})
                what = f"{study.key}, {outcome}: {told[0].modality} ineffective in the report"
                has = f"{listing(favour)} effective, significant, in its own sources"
                yield note(told[0].place, "SY852", f"{what}, {has}", BOTH_STAND)


def left_out(material: Material) -> Iterator[Problem]:
    """SY847: a significant result of a cited study on a scored outcome of its row that the report does not mention."""
    scored = {outcome.key for outcome in material.matrix.outcomes}
    for study in material.studies:
        told = material.of_report(study)
        said = {(row, finding.outcome) for finding in told for row in finding.rows}
        rows = {row for row, _ in said}
        seen: set[tuple[str, str]] = set()
        for finding in _with_modality(material.own(study)):
            cell = (material.review.modalities[finding.modality].row, finding.outcome)
            if finding.reported.significant != "yes" or finding.outcome not in scored or cell in said | seen:
                continue
            if cell[0] in rows:
                seen.add(cell)
                words = f"{finding.reported.direction}, significant, at {finding.source.document}, {finding.source.at}"
                what = f"{study.key} has a result on {finding.outcome} for row {cell[0]} that the report leaves out: "
                yield note(finding.place, "SY847", f"{what}{words}", BOTH_STAND)


def open_levels(material: Material) -> Iterator[Problem]:
    """SY848: a level that the report leaves open and the study's own sources give, where it moves a scored cell."""
    strict = _strict(material)
    for study in material.studies:
        known = max((study.level_of(each).level or 0 for each in material.own(study)), default=0)
        moved = []
        for (row, outcome), findings in strict.items() if known else ():
            filled = _levelled(findings, study, known)
            if filled != list(findings):
                before, after = (score(each, material.matrix.rule).points for each in (findings, filled))
                moved += [f"row {row}, {outcome} {_words(after)}, not {_words(before)}"] if before != after else []
        if moved:
            says = f"{study.key}: the report leaves its level open, its own sources give level {known}"
            what = f"{says}; with it the report, read strictly, gives {'; '.join(moved)}"
            yield note(material.of_report(study)[0].place, "SY848", what, BOTH_STAND)


def _levelled(findings: Iterable[ScoredFinding], study: Study, level: int) -> list[ScoredFinding]:
    return [replace(each, level=level) if each.study == study.key and each.level is None else each for each in findings]


def _words(points: int | None) -> str:
    return "no points" if points is None else f"{points} points"


def _placed(material: Material, study: Study) -> dict[str, Finding]:
    """The rows in which the report places a study, each with the first finding there."""
    rows: dict[str, Finding] = {}
    for finding in material.of_report(study):
        for row in finding.rows:
            rows.setdefault(row, finding)
    return rows


def _with_modality(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.modality != NOT_STATED]


def reviews_otherwise(material: Material) -> Iterator[Problem]:
    """SY851: a review whose own text, as read, says of an outcome something that the report leaves out."""
    sets = material.review.evidence_sets
    told: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for statement in material.tables.statements:
        if statement.evidence_set == material.review.report:
            for row in statement.rows:
                told[statement.document, statement.outcome, row].add(statement.direction)
    for statement in material.tables.statements:
        about = [(statement.document, statement.outcome, row) for row in statement.rows]
        said = {direction for key in about for direction in told.get(key, ())} - {NOT_STATED}
        if sets[statement.evidence_set].living and said and statement.direction not in {*said, NOT_STATED}:
            what = (
                f"{statement.document}, {statement.outcome}: {' and '.join(sorted(said))} in the report, "
                f"{statement.direction} at {statement.at} ({statement.key})"
            )
            yield note(statement.place, "SY851", what, BOTH_STAND)


def years_of_keys(material: Material) -> Iterator[Problem]:
    """SY849: a report whose key has another year than its entry; the key has the year by which it is cited."""
    used = {edge.target for edge in material.edges} | set(chain.from_iterable(each.cite for each in material.studies))
    for entry in material.entries:
        named = KEY.fullmatch(entry.key)
        if named and entry.year and entry.key in used and int(named["year"]) != entry.year:
            what = f"{entry.key} is cited as of {named['year']}, its entry is of {entry.year}"
            yield note(Place(entry.path, entry.line, entry.column), "SY849", what, "look which of them is meant")


def lone_suffixes(material: Material) -> Iterator[Problem]:
    """SY850: a cited key with a suffix that no other key of its author and year asks for."""
    keys = {entry.key for entry in material.entries}
    cited = {edge.target for edge in material.edges if edge.relation == "cites"}
    for entry in material.entries:
        named = KEY.fullmatch(entry.key)
        if named and named["suffix"] and entry.key in cited:
            stem = named["stem"] + named["year"]
            if not any(key[:-1] == stem and key[-1].isalpha() for key in keys - {entry.key}):
                what = f"{entry.key} is cited with a suffix, and no other {stem} has one"
                yield note(Place(entry.path, entry.line, entry.column), "SY850", what, "look whether another is meant")


CHECKS = (
    Check("SY840", "a study cited for and against within one row", both_ways),
    Check("SY841", "a study cited for one row and against another", both_ways),
    Check("SY842", "reports of one study that would move a cell if counted as studies", reports_of_one),
    Check("SY843", "a review in a cell beside studies that it reviews itself", reviews_with_their_studies),
    Check("SY844", "a study placed in a row of other people", other_people),
    Check("SY845", "a study placed in a row of another treatment", other_treatments),
    Check("SY846", "an outcome that a study's own sources, as read, do not have", other_outcomes),
    Check("SY847", "a significant result of a cited study that the report leaves out", left_out),
    Check("SY848", "a level left open that would move a cell", open_levels),
    Check("SY849", "a key of another year than its entry", years_of_keys),
    Check("SY850", "a cited key with a suffix and no sibling", lone_suffixes),
    Check("SY851", "a review that says something the report leaves out", reviews_otherwise),
    Check("SY852", "a study cited against one treatment that is in favour of another", other_directions),
)
CODES = {check.code: check.says for check in CHECKS}
