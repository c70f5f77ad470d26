"""Everything wrong with a review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from synthesis.errors import InvalidData, Problem, SynthesisError
from synthesis.evidence import options_of
from synthesis.pipeline.loading import Loaded, printed_matrix, published_pools
from synthesis.pipeline.pools import pool_review
from synthesis.records import read_records

CODES: Mapping[str, str] = {"SY320": "the review's own defaults, or a file of it, do not let it be pooled"}
UNUSED = "SY451"  # an entry that nothing cites


def check_review(root: Path, *, claims: bool = False) -> tuple[Problem, ...]:
    """Everything wrong with a review, sorted; one part that cannot be read does not stop the others.

    Records, library, citations and published tables are read and checked; words are compared with numbers and the
    evidence sets with one another; then the waivers are applied.

    Parameters
    ----------
    root : Path
        The review folder.
    claims : bool
        Whether what the published documents say is set against one another and against the studies too.

    Raises
    ------
    InvalidData
        review.toml cannot be used: nothing else can be read without it.
    """
    from synthesis.records.waivers import apply_waivers

    records = read_records(root)
    loaded = Loaded(root, records)
    parts = (
        _rule_problems,
        level_problems_of,
        _library_problems,
        _published_problems,
        evidence_problems,
        _pool_problems,
    )
    found = [*records.problems, *(problem for part in parts for problem in _all_of(part(loaded)))]
    if claims:
        from synthesis.pipeline.claims import claim_problems

        found += _all_of(claim_problems(loaded, tuple(found)))
    return apply_waivers(dict.fromkeys(found), records.studies)


def _all_of(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Problems of one part of the checks; what stops it is among them."""
    try:
        yield from problems
    except InvalidData as error:
        yield from error.problems
    except SynthesisError as error:
        yield Problem("review.toml", 1, 1, "SY320", str(error), "correct this; the rest of this check was not done")


def _rule_problems(loaded: Loaded) -> Iterator[Problem]:
    """What is wrong with the review's own rules and their examples, with judgements, and with the choice of a rule."""
    from synthesis.scoring.chosen import chosen_rule
    from synthesis.scoring.examples import example_problems
    from synthesis.scoring.judgement_checks import judgement_problems
    from synthesis.scoring.reading.rule_file import OWN, load_rule, own_rules, rule_names

    rules = [load_rule(name) for name in rule_names()]
    for name in own_rules(loaded.root):
        try:
            rule = load_rule(name, loaded.root)
        except InvalidData as invalid:
            yield from invalid.problems
        else:
            rules.append(rule)
            yield from example_problems(rule, f"{OWN}/{name}.yaml")
    yield from judgement_problems(loaded.records.studies, loaded.records.review, rules)
    chosen_rule(loaded.records.review, loaded.root)


def level_problems_of(loaded: Loaded) -> Iterator[Problem]:
    """Typed levels that the design does not allow under their own profile."""
    from synthesis.scoring.level_checks import level_problems

    yield from level_problems(loaded.records.studies, loaded.root)


def _library_problems(loaded: Loaded) -> Iterator[Problem]:
    """What is wrong with the library, with who cites whom, and with keys that the library does not have."""
    from synthesis.bibliography.check import check_library
    from synthesis.bibliography.library import read_folder
    from synthesis.citations.check import check_graph
    from synthesis.citations.cited import cited_keys, keys_of_edges
    from synthesis.citations.edges import read_citations

    studies, citations = loaded.records.studies, read_citations(loaded.root)
    yield from citations.problems
    used = keys_of_edges(citations.edges)
    found = check_library(loaded.root, cited_keys(loaded.root, studies), used, studies)
    whole = not loaded.records.broken  # a broken record may cite what now looks unused
    yield from (problem for problem in found if whole or problem.code != UNUSED)
    entries = [entry for library in read_folder(loaded.root) for entry in library.entries]
    yield from check_graph(citations.edges, entries, studies)


def _published_problems(loaded: Loaded) -> Iterator[Problem]:
    """What is wrong with the published tables, one after another."""
    from synthesis.crosscheck.claims.published_folder import read_tables

    for read in (printed_matrix, published_pools, read_tables):
        try:
            read(loaded.root, loaded.records.review)
        except InvalidData as error:
            yield from error.problems


def evidence_problems(loaded: Loaded) -> Iterator[Problem]:
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
