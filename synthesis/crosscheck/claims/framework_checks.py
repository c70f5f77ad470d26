"""An outcomes framework against the matrix that it cites, its own themes and its references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.crosscheck.claims.material import Check, Material, listing, note
from synthesis.crosscheck.claims.published_tables import SubOutcome
from synthesis.errors import Problem
from synthesis.scoring.matrix import REPORT_STRICT

STANDS = "nothing needs to be done: the framework stands as printed, with this reserve"
NAMED = re.compile(r"(?P<author>.+?) \((?P<year>\d{4}[a-z]?)\)")  # Cosden (2010)


def domains(material: Material) -> dict[str, list[SubOutcome]]:
    """Sub-outcomes by the scored outcome that their domain wants, where a label or a column says the same."""
    outcomes = material.matrix.outcomes
    wanted = {words.casefold(): each.key for each in outcomes for words in (each.label, each.column)}
    found: dict[str, list[SubOutcome]] = {}
    for line in material.tables.framework:
        outcome = wanted.get(line.primary.casefold())
        if outcome:
            found.setdefault(outcome, []).append(line)
    return found


def rows_left_out(material: Material) -> Iterator[Problem]:
    """SY825: rows that a domain does not cite although they have as many points on its outcome as one it cites."""
    for outcome, lines in domains(material).items():
        cited = {row for line in lines for row in line.rows if not line.everything}
        points = {row.code: material.points(row.code, outcome) or 0 for row in material.review.rows}
        least = max(1, min((points[row] for row in cited), default=0))
        absent = [f"{row} ({found})" for row, found in points.items() if row not in cited and found >= least]
        if cited and absent:
            said = ", ".join(f"{row} ({points[row]})" for row in points if row in cited)
            what = f"{lines[0].primary}: cites {said} and leaves out {listing(absent, 12)}"
            yield note(lines[0].place, "SY825", what, STANDS)


def cited_without_support(material: Material) -> Iterator[Problem]:
    """SY826: rows that a domain cites although what the report tells gives no point on its outcome."""
    for outcome, lines in domains(material).items():
        for row in dict.fromkeys(row for line in lines for row in line.rows if not line.everything):
            score = material.matrix.cell(row, outcome).scores.get(REPORT_STRICT)
            told = material.told.get((row, outcome), ())
            if score is None or (told and score.points != 0):
                continue
            line = next(line for line in lines if row in line.rows)
            has = "has no finding of it on" if not told else "has findings of it that give 0 points on"
            what = f"sub-outcome {line.key} cites row {row} for {line.primary}; the report {has} {outcome}"
            yield note(line.place, "SY826", what, STANDS)


def cited_zeros(material: Material) -> Iterator[Problem]:
    """SY827: a sub-outcome that cites rows whose printed total is 0."""
    for line in material.tables.framework:
        zeros = [row for row in line.rows if material.printed.totals.get(row) == 0]
        if zeros and not line.everything:
            what = f"sub-outcome {line.key} ({line.label}) cites row {listing(zeros)}, whose total is 0"
            yield note(line.place, "SY827", what, STANDS)


def unused_themes(material: Material) -> Iterator[Problem]:
    """SY828: a theme that no sub-outcome uses."""
    used = {theme for line in material.tables.framework for theme in line.themes}
    for theme in material.tables.themes:
        if material.tables.framework and theme.key not in used:
            what = f"theme {theme.key} ({theme.words}) is used by no sub-outcome"
            yield note(theme.place, "SY828", what, "look whether a number was lost in a list of themes")


def shared_themes(material: Material) -> Iterator[Problem]:
    """SY829: a theme that serves several domains."""
    for theme in material.tables.themes:
        lines = [line for line in material.tables.framework if theme.key in line.themes]
        names = list(dict.fromkeys(line.primary for line in lines))
        if len(names) > 1:
            keys = ", ".join(line.key for line in lines)
            what = f"theme {theme.key} serves {len(names)} domains ({' and '.join(names)}: sub-outcomes {keys})"
            yield note(theme.place, "SY829", what, STANDS)


def theme_lists(material: Material) -> Iterator[Problem]:
    """SY830: a theme whose sub-outcomes, as its own table has them, are not those that use it."""
    for theme in material.tables.themes:
        used = sorted(line.key for line in material.tables.framework if theme.key in line.themes)
        if material.tables.framework and sorted(theme.sub_outcomes) != used:
            said = [listing(keys) if keys else "none" for keys in (sorted(theme.sub_outcomes), used)]
            what = f"theme {theme.key} has the sub-outcomes {said[0]}; it is used by {said[1]}"
            yield note(theme.place, "SY830", what, "correct the one or the other")


def new_evidence(material: Material) -> Iterator[Problem]:
    """SY831: evidence that a sub-outcome names and that its document cites nowhere else."""
    for line in material.tables.framework:
        new = [words for words in line.other_evidence if _only_here(material, line, words)]
        if new:
            what = f"sub-outcome {line.key} names {listing(new)}, which {line.document} cites nowhere else"
            yield note(line.place, "SY831", what, "identify the source, and add it to the library and to citations.csv")


def _only_here(material: Material, line: SubOutcome, words: str) -> bool:
    """Whether `words` name a source by author and year that the document cites at this sub-outcome at most."""
    named = NAMED.fullmatch(words)
    if named is None:
        return False
    key = re.sub(r"\W", "", named["author"]) + named["year"]
    elsewhere = [edge for edge in material.edges if (edge.source, edge.target) == (line.document, key)]
    return all("sub-outcome" in edge.locator and ";" not in edge.locator for edge in elsewhere)


CHECKS = (
    Check("SY825", "a domain that leaves out rows with as many points as those it cites", rows_left_out),
    Check("SY826", "a domain that cites a row without a point in what the report tells", cited_without_support),
    Check("SY827", "a sub-outcome that cites a row whose total is 0", cited_zeros),
    Check("SY828", "a theme that no sub-outcome uses", unused_themes),
    Check("SY829", "a theme that serves several domains", shared_themes),
    Check("SY830", "a theme whose list of sub-outcomes is not that of the framework", theme_lists),
    Check("SY831", "evidence of a sub-outcome that its document cites nowhere else", new_evidence),
)
CODES = {check.code: check.says for check in CHECKS}
