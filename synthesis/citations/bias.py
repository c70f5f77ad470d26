"""Citation bias: whether papers cite some studies more than others that they could have cited as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.citations.bias_tests import (
    DRAWS,
    ExactTest,
    Floats,
    Labels,
    PermutationTest,
    Stratum,
    arrangements,
    exact_test,
    permutation_test,
)
from synthesis.citations.cells import STUDY
from synthesis.citations.edges import RELATIONS
from synthesis.citations.graph import CitationGraph, Node
from synthesis.citations.roles import DOCUMENT

SUPPORTIVE, CRITICAL = "supportive", "critical"
STANCES: Mapping[str, bool] = {"effective": True, "ineffective": False, "contrary": False}  # by direction: supportive
SIGNIFICANT, OTHER = "significant", "not significant"
LEAST = 0.05  # a test that could not come below says nothing
AGE = 5  # years: studies of the same so many years are shuffled among themselves


@dataclass(frozen=True, slots=True)
class Paper:
    """A citing paper, and its citations of studies of two kinds."""

    key: str
    kind: str
    year: int
    stratum: Stratum

    @property
    def first(self) -> int:
        """Studies of the first kind that it cites."""
        return self.stratum.first_cited

    @property
    def second(self) -> int:
        """Studies of the second kind that it cites."""
        return self.stratum.cited - self.stratum.first_cited

    @property
    def ratio(self) -> float | None:
        """Citations of the first kind to those of the second; None where it cites none of the second."""
        return self.first / self.second if self.second else None

    @property
    def p(self) -> float | None:
        """Two-sided, of the exact test of this paper alone; None where no outcome could be below .05."""
        found = exact_test([self.stratum])
        return found.p if found.smallest <= LEAST else None


@dataclass(frozen=True, slots=True)
class Group:
    """The studies of one kind."""

    name: str
    studies: int
    citations: int
    expected: float  # citations, if each paper cited as many studies as it does at random among those that it could

    @property
    def excess(self) -> float | None:
        """Citations to expected ones; None where none are expected."""
        return self.citations / self.expected if self.expected else None

    @property
    def mean(self) -> float | None:
        """Citations of a study; None where there is no study."""
        return self.citations / self.studies if self.studies else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Citations of two kinds of studies."""

    first: Group
    second: Group
    papers: tuple[Paper, ...]  # with at least one citation of them; the most citations first
    over_papers: ExactTest | None = None  # None where there is too little, and `reason` says what
    over_studies: PermutationTest | None = None
    reason: str = ""
    undated_studies: tuple[str, ...] = ()  # of either kind, left out: it is not known who could cite them
    undated_papers: tuple[str, ...] = ()  # left out: it is not known what they could cite

    @property
    def ratio(self) -> float | None:
        """How much more the first kind is cited, of what is expected: the two excesses divided; None where one is."""
        first, second = self.first.excess, self.second.excess
        return first / second if first is not None and second else None

    @property
    def mean_ratio(self) -> float | None:
        """Citations of a study of the first kind to those of one of the second, whatever their age."""
        first, second = self.first.mean, self.second.mean
        return first / second if first is not None and second else None


@dataclass(frozen=True, slots=True)
class _Citing:
    """Who could cite and who cites which of some studies."""

    papers: tuple[tuple[str, str, int], ...]  # key, kind, year
    cited: Labels  # papers by studies
    available: Labels


def compare_citations(
    graph: CitationGraph,
    kinds: Mapping[str, bool],
    names: tuple[str, str] = (SUPPORTIVE, CRITICAL),
    relations: Sequence[str] = tuple(RELATIONS),
    *,
    random: np.random.Generator | None = None,
    draws: int = DRAWS,
) -> Comparison:
    """Whether the papers of a graph cite studies of one kind more than those of another.

    A paper cites a study if it cites one of its reports, once however many of them. It could have cited every study
    whose first report is not younger than itself, and those that it does cite; never one that it reports itself.
    Under random citing a paper cites as many of these studies as it does, any of them as likely as another. The
    permutation test shuffles the kinds among studies of the same five years.

    Parameters
    ----------
    graph : CitationGraph
        Citations, studies and years.
    kinds : mapping
        By key of a study whether it is of the first kind; studies that are not named are neither.
    names : tuple of str
        What the kinds are called.
    relations : sequence of str
        Which edges between documents are citations.
    random : numpy.random.Generator, optional
        For the permutation test, where there are more than 20,000 arrangements.
    draws : int
        How many arrangements it then draws.

    Returns
    -------
    Comparison
        Without tests, and with a reason, where no outcome of a test could have a p-value below .05.

    Raises
    ------
    InvalidArgument
        Arrangements have to be drawn and there is no generator.

    References
    ----------
    Greenberg SA (2009). How citation distortions create unfounded authority: analysis of a citation network. BMJ 339,
    b2680: the citations of supportive and of critical primary data, paper by paper. Chance and tests are ours.
    """
    years = {key: graph.data((STUDY, key))["year"] for key in sorted(kinds) if (STUDY, key) in graph.graph}
    dated = {key: year for key, year in years.items() if year is not None}
    citing, undated_papers = _citing(graph, dated, relations)
    first: Labels = np.array([kinds[key] for key in dated], dtype=bool)
    papers, (excess, expected) = _papers(citing, first), _excess(citing)
    one, other = (
        Group(name, int(own.sum()), int(citing.cited[:, own].sum()), float(expected[own].sum()))
        for name, own in zip(names, (first, ~first), strict=True)
    )
    undated_studies = tuple(key for key in years if key not in dated)
    strata = [paper.stratum for paper in papers if paper.stratum.informative]
    blocks = [year // AGE for year in dated.values()]
    over_papers = exact_test(strata)
    if reason := _too_few((one, other), strata, max(over_papers.smallest, 1 / arrangements(first, blocks))):
        return Comparison(one, other, papers, None, None, reason, undated_studies, undated_papers)
    over_studies = permutation_test(excess, first, blocks, random, draws)
    return Comparison(one, other, papers, over_papers, over_studies, "", undated_studies, undated_papers)


def _too_few(groups: Sequence[Group], strata: Sequence[Stratum], smallest: float) -> str:
    """Why nothing can be said; nothing where something can."""
    for group in groups:
        if group.studies < 2:
            return f"too few: {group.studies} studies with a year are {group.name}"
    if not strata:
        return "too few: no paper that cites one of these studies had a choice between the two kinds"
    if smallest > LEAST:
        return "too few: no outcome could have a p-value below .05"
    return ""


def _citing(
    graph: CitationGraph, years: Mapping[str, int], relations: Sequence[str]
) -> tuple[_Citing, tuple[str, ...]]:
    """The papers that cite at least one of the studies, and the keys of those among them without a year."""
    place = {key: number for number, key in enumerate(years)}
    published = np.fromiter(years.values(), dtype=float, count=len(years))
    papers: list[tuple[str, str, int]] = []
    undated: list[str] = []
    rows: list[tuple[Labels, Labels]] = []
    for key in graph.documents():
        own = set(graph.studies_of(key))
        named = [place[study] for study in _cited(graph, (DOCUMENT, key), relations) - own if study in place]
        data = graph.data((DOCUMENT, key))
        if named and data["year"] is None:
            undated.append(key)
        elif named:
            cited: Labels = np.zeros(len(years), dtype=bool)
            cited[named] = True
            could = published <= data["year"]
            could[[place[study] for study in own if study in place]] = False
            papers.append((key, data["kind"], data["year"]))
            rows.append((cited, could | cited))
    shape = (len(rows), len(years))
    cited_by, available_to = (np.array([row[side] for row in rows], dtype=bool).reshape(shape) for side in (0, 1))
    return _Citing(tuple(papers), cited_by, available_to), tuple(undated)


def _cited(graph: CitationGraph, paper: Node, relations: Sequence[str]) -> set[str]:
    """The studies that a paper cites a report of."""
    edges = graph.graph.out_edges(paper, data=True)
    wanted = ((target, data["relations"]) for _, target, data in edges)
    targets = [key for (room, key), named in wanted if room == DOCUMENT and not set(relations).isdisjoint(named)]
    return {study for key in targets for study in graph.studies_of(key)}


def _papers(citing: _Citing, first: Labels) -> tuple[Paper, ...]:
    found = [
        Paper(key, kind, year, Stratum(*(int(number) for number in counts)))
        for (key, kind, year), *counts in zip(
            citing.papers,
            citing.available.sum(axis=1),
            citing.available[:, first].sum(axis=1),
            citing.cited.sum(axis=1),
            citing.cited[:, first].sum(axis=1),
            strict=True,
        )
    ]
    return tuple(sorted(found, key=lambda paper: (-paper.stratum.cited, paper.key)))


def _excess(citing: _Citing) -> tuple[Floats, Floats]:
    """Of each study its citations less those expected under random citing, and the latter."""
    chance = citing.cited.sum(axis=1) / np.maximum(citing.available.sum(axis=1), 1)
    expected = chance @ citing.available
    return citing.cited.sum(axis=0) - expected, expected


def stances(directions: Mapping[str, str]) -> dict[str, bool]:
    """Which studies support a treatment (True) and which speak against it (False), by their directions.

    Effective data are supportive; ineffective and contrary ones are critical; mixed ones and those of which nothing is
    stated are neither, and are not here.
    """
    return {study: STANCES[direction] for study, direction in directions.items() if direction in STANCES}
