"""What is wrong with a library: one rule a module, all of them in `RULES`.

A rule looks at the whole shelf, since a key is repeated also where the two entries stand in two files.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from synthesis.bibliography.codes import CODES
from synthesis.bibliography.library import Library
from synthesis.bibliography.lint import (
    ampersands,
    and_others,
    arxiv_ids,
    author_separators,
    bare_dois,
    blanks,
    brackets,
    cited,
    copyright_lines,
    corporate_authors,
    crossref_order,
    crossrefs,
    editions,
    empty_fields,
    entry_types,
    et_al,
    field_names,
    file_links,
    future_years,
    html_entities,
    html_tags,
    incomplete_names,
    invisible_characters,
    isbns,
    issns,
    journals,
    labels,
    languages,
    malformed_dois,
    months,
    name_capitals,
    name_digits,
    name_order,
    note_urls,
    odd_keys,
    pages,
    preprints,
    protocols_as_reports,
    pubmed_ids,
    quotes,
    reading,
    repeated_fields,
    repeated_keys,
    required_fields,
    retracted,
    reversed_pages,
    reviews_as_reports,
    same_people,
    same_titles,
    sample_labels,
    samples_sharing_dois,
    second_reader,
    shared_dois,
    special_characters,
    title_capitals,
    title_full_stops,
    type_case,
    undated_reports,
    unfit_fields,
    unicode_form,
    unused_strings,
    url_is_doi,
    urls,
    volumes,
    years,
)
from synthesis.bibliography.lint.cited import check_cited
from synthesis.bibliography.lint.rule import Edit, Rule
from synthesis.bibliography.lint.shelf import PlaceLike, SampleLike, Shelf
from synthesis.errors import InvalidArgument, Problem, did_you_mean

__all__ = [
    "CODES",
    "RULES",
    "Edit",
    "PlaceLike",
    "Rule",
    "SampleLike",
    "Shelf",
    "check_cited",
    "chosen",
    "found_by",
    "lint",
]

_MODULES = (
    reading,
    second_reader,
    repeated_keys,
    odd_keys,
    labels,
    repeated_fields,
    empty_fields,
    field_names,
    entry_types,
    type_case,
    unused_strings,
    required_fields,
    unfit_fields,
    crossrefs,
    crossref_order,
    malformed_dois,
    bare_dois,
    shared_dois,
    url_is_doi,
    urls,
    note_urls,
    isbns,
    issns,
    pubmed_ids,
    arxiv_ids,
    years,
    future_years,
    months,
    pages,
    reversed_pages,
    volumes,
    editions,
    languages,
    journals,
    author_separators,
    incomplete_names,
    et_al,
    and_others,
    name_order,
    name_digits,
    name_capitals,
    same_people,
    corporate_authors,
    title_full_stops,
    title_capitals,
    brackets,
    quotes,
    html_entities,
    html_tags,
    ampersands,
    special_characters,
    unicode_form,
    invisible_characters,
    blanks,
    copyright_lines,
    file_links,
    same_titles,
    cited,
    samples_sharing_dois,
    preprints,
    retracted,
    sample_labels,
    reviews_as_reports,
    protocols_as_reports,
    undated_reports,
)
RULES: Mapping[str, Rule] = {module.RULE.name: module.RULE for module in _MODULES}


def lint(
    library: Library | Sequence[Library],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    as_of: int | None = None,
) -> tuple[Problem, ...]:
    """Everything that the rules find in one file, or in all files of a review, in file order.

    Parameters
    ----------
    library : Library or sequence of Library
        One file, or all of a review.
    select, ignore : sequence of str, optional
        Names of rules, or codes: only these, or all but these. The slow rules run where they are selected.
    as_of : int, optional
        The latest year that an entry may have.
    """
    libraries = (library,) if isinstance(library, Library) else tuple(library)
    return found_by(*chosen(select, ignore), Shelf(libraries, as_of=as_of))


def found_by(rules: Iterable[Rule], codes: Container[str], shelf: Shelf) -> tuple[Problem, ...]:
    """What some rules find, in file order, of the codes that are asked for: see `chosen`."""
    found = (problem for rule in rules for problem in rule.check(shelf))
    return tuple(sorted(problem for problem in found if problem.code in codes))


def chosen(
    select: Sequence[str] = (), ignore: Sequence[str] = (), *, slow: bool = False
) -> tuple[tuple[Rule, ...], frozenset[str]]:
    """The rules that are selected and not ignored, and the codes that they may report.

    Parameters
    ----------
    select, ignore : sequence of str, optional
        Names of rules, or codes; nothing selected are all rules.
    slow : bool
        Whether the slow rules are among all rules.

    Raises
    ------
    InvalidArgument
        A word is neither the name of a rule nor a code.
    """
    ordinary = [name for name, rule in RULES.items() if slow or not rule.slow]
    codes = _codes(select or ordinary) - _codes(ignore)
    return tuple(rule for rule in RULES.values() if not codes.isdisjoint(rule.codes)), codes


def _codes(words: Iterable[str]) -> frozenset[str]:
    known: dict[str, tuple[str, ...]] = {code: (code,) for rule in RULES.values() for code in rule.codes}
    known.update({name: rule.codes for name, rule in RULES.items()})
    words = tuple(words)
    for word in words:
        if word not in known:
            raise InvalidArgument(f"no rule and no code {word!r}: {did_you_mean(word, known)}")
    return frozenset(code for word in words for code in known[word])
