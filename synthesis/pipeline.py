"""The layers in order; the only place that knows the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from synthesis.errors import InvalidArgument, InvalidData, Problem, Severity, SynthesisError, did_you_mean
from synthesis.evidence import ATTRIBUTES, Evidence, options_of, pool_evidence
from synthesis.files import MEGABYTE, read_limited
from synthesis.records import Records, read_records
from synthesis.records.review import Review
from synthesis.records.study import Study

if TYPE_CHECKING:
    from synthesis.citations.overlap import Overlap
    from synthesis.crosscheck.discordance import CrossCheck
    from synthesis.crosscheck.published_pools import PublishedPool
    from synthesis.evidence.moderators import PoolSubgroups
    from synthesis.evidence.other_models import OtherEvidence
    from synthesis.pooling.moderators.asked import Request
    from synthesis.scoring.matrix import Matrix, Reading
    from synthesis.scoring.published import PrintedMatrix, Statement

T = TypeVar("T")
PUBLISHED = "studies/published"  # what others printed
LIMIT = 50 * MEGABYTE
CODES: Mapping[str, str] = {"SY320": "the review's own defaults, or a file of it, do not let it be pooled"}
UNUSED = "SY451"  # an entry that nothing cites
BUILD_STEPS = ("pools", "matrix", "cross-check", "second engine", "overlap")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A review whose records can be used."""

    root: Path
    records: Records
    skipped: tuple[Problem, ...] = ()  # errors of the records that are left out


def load(root: Path, *, skip_invalid: bool = False) -> Loaded:
    """The records of a review.

    Raises
    ------
    InvalidData
        All errors of all records, unless those with errors are to be skipped.
    """
    records = read_records(root, checks=False)
    errors = tuple(problem for problem in records.problems if problem.severity is Severity.ERROR)
    if errors and not skip_invalid:
        raise InvalidData(errors)
    return Loaded(root, records, errors)


def pool_review(loaded: Loaded, asked: Mapping[str, Any] | None = None) -> Evidence:
    """The pools of a review under its own options, or those that are asked for."""
    options = options_of(loaded.records.review, **(asked or {}))
    names = {*options.by, *(condition.name for condition in options.where)}
    if "year" in names:
        years = first_years(loaded.root, loaded.records.studies)
        options = options_of(loaded.records.review, **{**(asked or {}), "years": years})
    return pool_evidence(loaded.records.studies, loaded.records.review, options)


def other_model(
    loaded: Loaded,
    asked: Mapping[str, Any],
    *,
    model: str | None,
    dependence: str,
    say: Callable[[str, int], None] = lambda _, __: None,
) -> OtherEvidence:
    """The pools of a review by a model of counts, or with several effects of a study.

    Parameters
    ----------
    loaded : Loaded
        The review.
    asked : mapping
        As for `pool_review`; method and test are those of the model.
    model : str or None
        A key of COUNT_MODELS; None for a pool of dependent effects.
    dependence : str
        A key of DEPENDENCE, where there is no model of counts.
    say : callable, optional
        Called with the name of each pool of dependent effects before it is fitted, and how many there are.
    """
    own = {name: asked.get(name) for name in ("method", "test")}
    if model is not None:
        from synthesis.evidence.other_models import count_pools

        return count_pools(pool_review(loaded, {**asked, "method": None, "test": None}), model, **own)
    from synthesis.evidence.dependence import dependent_pools

    usual = asked if dependence == "aggregate" else {**asked, "method": None, "test": None}
    return dependent_pools(pool_review(loaded, usual), loaded.records.review, dependence, **own, say=say)


def pool_for(loaded: Loaded, request: Request, asked: Mapping[str, Any] | None = None) -> tuple[Evidence, Request]:
    """The pools of a review for `regress_pools`, and what is asked of them with the review's defaults."""
    from synthesis.pooling.moderators.asked import settled

    options = options_of(loaded.records.review, **(asked or {}))
    chosen = settled(replace(request, level=options.level), ATTRIBUTES, method=options.method, test=options.test)
    return pool_review(loaded, _with_years(loaded, asked, chosen.names)), chosen


def compare_review(
    loaded: Loaded, group: str, asked: Mapping[str, Any] | None = None, *, tau2: str, not_stated: bool
) -> tuple[Evidence, tuple[PoolSubgroups, ...]]:
    """The pools of a review, and in each of them the kinds of studies that an attribute tells apart, compared."""
    from synthesis.evidence.moderators import compare_kinds

    if group not in ATTRIBUTES:
        raise InvalidArgument(f"no attribute {group!r}: {did_you_mean(group, ATTRIBUTES)}")
    evidence = pool_review(loaded, _with_years(loaded, asked, (group,)))
    return evidence, compare_kinds(evidence, group, tau2=tau2, not_stated=not_stated)


def _with_years(loaded: Loaded, asked: Mapping[str, Any] | None, names: Iterable[str]) -> dict[str, Any]:
    """What is asked, with the years of the studies where a moderator needs them."""
    years = {"years": first_years(loaded.root, loaded.records.studies)} if "year" in names else {}
    return {**(asked or {}), **years}


def first_years(root: Path, studies: Iterable[Study]) -> dict[str, int]:
    """The year of the first report of each study, where the library states one."""
    from synthesis.bibliography.library import read_folder

    years = {entry.key: entry.year for library in read_folder(root) for entry in library.entries if entry.year}
    known = {study.key: [years[key] for key in study.cite if key in years] for study in studies}
    return {key: min(found) for key, found in known.items() if found}


def matrix_of(loaded: Loaded, evidence: Evidence | None = None) -> Matrix:
    """The scoring matrix: printed points, the report's own findings read in two ways, and the living evidence.

    Parameters
    ----------
    loaded : Loaded
        The report is the first evidence set of review.toml that is not a living one.
    evidence : Evidence, optional
        The pools under the review's own options, where they are known already.

    Raises
    ------
    InvalidData
        Everything wrong with the published tables.
    """
    from synthesis.scoring.living import readings_of
    from synthesis.scoring.matrix import LIVING, LIVING_CAUTIOUS, build_matrix, report_readings
    from synthesis.scoring.report import generous_findings, strict_findings
    from synthesis.scoring.rule_file import load_rule

    review, studies = loaded.records.review, loaded.records.studies
    printed, stated = printed_matrix(loaded.root, review), statements(loaded.root, review)
    living = readings_of(evidence or pool_review(loaded), review)
    report = next((key for key, each in review.evidence_sets.items() if not each.living), None)
    told: tuple[Reading, ...] = ()
    if report is not None:
        told = report_readings(strict_findings(studies, report), generous_findings(studies, stated, report))
    headline = LIVING_CAUTIOUS if review.policy == "cautious" else LIVING
    return build_matrix(review, printed, load_rule(review.rule), [*told, *living], headline)


def crosscheck_of(
    loaded: Loaded, evidence: Evidence | None = None, matrix: Matrix | None = None
) -> tuple[CrossCheck, ...]:
    """Points against pooled effects against published ones."""
    from synthesis.crosscheck.discordance import cross_checks

    pooled = evidence or pool_review(loaded)
    scored = matrix or matrix_of(loaded, pooled)
    return cross_checks(loaded.records.review, pooled, scored, published_pools(loaded.root, loaded.records.review))


def printed_matrix(root: Path, review: Review) -> PrintedMatrix:
    """The matrix as it was printed; an empty one where there is no such file."""
    from synthesis.scoring.published import PrintedMatrix, read_matrix

    rows = [row.code for row in review.rows]
    columns = [key for key, outcome in review.outcomes.items() if outcome.column]
    nothing = PrintedMatrix({}, {})
    return _table(root, "scoring_matrix.csv", lambda text, path: read_matrix(text, path, rows, columns), nothing)


def statements(root: Path, review: Review) -> tuple[Statement, ...]:
    """What reviews, guidelines and reports state; nothing where there is no such file."""
    from synthesis.scoring.published import read_statements

    rows = [row.code for row in review.rows]
    names = (rows, review.outcomes, review.evidence_sets)
    return _table(root, "statements.csv", lambda text, path: read_statements(text, path, *names), ())


def published_pools(root: Path, review: Review) -> tuple[PublishedPool, ...]:
    """What others pooled; nothing where there is no such file."""
    from synthesis.crosscheck.published_pools import read_pooled

    names = (review.modalities, review.outcomes)
    return _table(root, "pooled.csv", lambda text, path: read_pooled(text, path, *names), ())


def _table(root: Path, name: str, read: Callable[[str, str], T], absent: T) -> T:
    """A published table, read."""
    path = f"{PUBLISHED}/{name}"
    if not (root / path).is_file():
        return absent
    try:
        text = read_limited(root / path, LIMIT).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InvalidData([Problem(path, line, 1, "SY600", "this is not UTF-8", "save the file as UTF-8")]) from error
    return read(text, path)


def check_review(root: Path) -> tuple[Problem, ...]:
    """Everything wrong with a review, sorted; one part that cannot be read does not stop the others.

    Records, library, citations and published tables are read and checked; words are compared with numbers and the
    evidence sets with one another; then the waivers are applied.

    Raises
    ------
    InvalidData
        review.toml cannot be used: nothing else can be read without it.
    """
    from synthesis.records.waivers import apply_waivers

    records = read_records(root)
    loaded = Loaded(root, records)
    parts = (_library_problems, _published_problems, _evidence_problems, _pool_problems)
    found = [*records.problems, *(problem for part in parts for problem in _all_of(part(loaded)))]
    return apply_waivers(dict.fromkeys(found), records.studies)


def _all_of(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Problems of one part of the checks; what stops it is among them."""
    try:
        yield from problems
    except InvalidData as error:
        yield from error.problems
    except SynthesisError as error:
        yield Problem("review.toml", 1, 1, "SY320", str(error), "correct this; the rest of this check was not done")


def _library_problems(loaded: Loaded) -> Iterator[Problem]:
    """What is wrong with the library, with who cites whom, and with keys that the library does not have."""
    from synthesis.bibliography.check import check_library
    from synthesis.bibliography.library import read_folder
    from synthesis.citations.cited import cited_keys, keys_of_edges
    from synthesis.citations.edges import read_citations
    from synthesis.citations.graph import check_graph

    studies, citations = loaded.records.studies, read_citations(loaded.root)
    yield from citations.problems
    found = check_library(loaded.root, cited_keys(loaded.root, studies), keys_of_edges(citations.edges))
    whole = not loaded.records.broken  # a broken record may cite what now looks unused
    yield from (problem for problem in found if whole or problem.code != UNUSED)
    entries = [entry for library in read_folder(loaded.root) for entry in library.entries]
    yield from check_graph(citations.edges, entries, studies)


def _published_problems(loaded: Loaded) -> Iterator[Problem]:
    """What is wrong with the published tables, one after another."""
    for read in (printed_matrix, statements, published_pools):
        try:
            read(loaded.root, loaded.records.review)
        except InvalidData as error:
            yield from error.problems


def _evidence_problems(loaded: Loaded) -> Iterator[Problem]:
    """Words against numbers, and one evidence set against another."""
    from synthesis.crosscheck.reported import direction_notes, evidence_set_notes
    from synthesis.evidence import own_effects, select

    review, studies = loaded.records.review, loaded.records.studies
    options = options_of(review)
    found, _ = own_effects(select(studies, review, options).contrasts, review, options)
    effects = tuple(one for one in found if not one.missing)
    yield from direction_notes(effects)
    yield from evidence_set_notes(studies, review, effects)


def _pool_problems(loaded: Loaded) -> Iterator[Problem]:
    """Trials that look as if they were counted twice, and defaults that do not let the review be pooled."""
    from synthesis.crosscheck.double_counting import double_counting

    yield from double_counting(pool_review(loaded))


def build(loaded: Loaded, say: Callable[[str], None] = lambda _: None) -> dict[str, bytes]:
    """All files of `outputs/` by name, sorted: the same review gives the same bytes.

    Parameters
    ----------
    loaded : Loaded
        The review, pooled and scored under its own options.
    say : callable, optional
        Called with the name of each of BUILD_STEPS before it is done.

    Raises
    ------
    InvalidData
        Everything wrong with the published tables or the citations.
    """
    from synthesis.rendering.crosscheck import crosscheck_files
    from synthesis.rendering.effects import effect_files
    from synthesis.rendering.matrix import matrix_files
    from synthesis.rendering.outputs import engine_files, pooled_files
    from synthesis.rendering.overlap import overlap_files
    from synthesis.rendering.summary import summary_files

    title = loaded.records.review.title
    say("pools")
    evidence = pool_review(loaded)
    files = {**pooled_files(evidence, title), **effect_files(evidence)}
    say("matrix")
    matrix = matrix_of(loaded, evidence)
    files |= matrix_files(matrix, title)
    say("cross-check")
    checks = crosscheck_of(loaded, evidence, matrix)
    files |= crosscheck_files(checks, title)
    files |= summary_files(loaded.records.studies, evidence, matrix, checks, title)
    say("second engine")
    files |= engine_files(evidence)
    say("overlap")
    files |= overlap_files(overlap_of(loaded), title)
    return dict(sorted(files.items()))


def overlap_of(loaded: Loaded) -> Overlap | None:
    """The overlap of the review's own reviews; None where fewer than two share out studies."""
    from synthesis.citations.edges import read_citations
    from synthesis.citations.overlap import review_overlap

    citations = read_citations(loaded.root)
    if citations.problems:
        raise InvalidData(citations.problems)
    try:
        return review_overlap(citations.edges, loaded.records.studies)
    except InvalidArgument:
        return None


def explain_cell(loaded: Loaded, row: str, outcome: str) -> str:
    """The whole story of one cell of the matrix, with the references of its studies and its pools."""
    from synthesis.rendering.crosscheck import pool_lines
    from synthesis.rendering.explain import explain

    review, evidence = loaded.records.review, pool_review(loaded)
    modalities = [modality.key for modality in review.modalities.values() if modality.row == row]
    pools = [pool for pool in evidence.pools if pool.key.by in {(modality, outcome) for modality in modalities}]
    lines = [line for pool in pools for line in pool_lines(pool)]
    return explain(matrix_of(loaded, evidence), row, outcome, references=references(loaded), pooled=lines)


def references(loaded: Loaded) -> dict[str, tuple[str, ...]]:
    """For each study its reports as the library has them."""
    from synthesis.bibliography.library import read_folder
    from synthesis.rendering.references import reference_text

    entries = {entry.key: entry for library in read_folder(loaded.root) for entry in library.entries}
    return {
        study.key: tuple(reference_text(key, entries.get(key)) for key in study.cite)
        for study in loaded.records.studies
    }
