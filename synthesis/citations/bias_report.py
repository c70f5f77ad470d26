"""What the citations of a review show of bias, and what they cannot show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from synthesis.citations.amplification import Amplification, amplification
from synthesis.citations.bias import AGE, OTHER, SIGNIFICANT, Comparison, Group, Paper, compare_citations, stances
from synthesis.citations.bias_tests import DRAWS
from synthesis.citations.edges import RELATIONS
from synthesis.citations.graph import CitationGraph
from synthesis.text import decimal, p_value, percent, rounded

if TYPE_CHECKING:
    import numpy as np

PRIOR = (
    "elsewhere significant results were cited 1.6 times as often as others (1.3 to 1.8), and results that support the "
    "hypothesis 2.7 times as often (2.0 to 3.7): Duyx 2017, PubMed 28603008"
)
NOT_CLAIMED = "nothing is said of citation diversion and invention, for which one has to read what each citation says"
SHOWN = 5  # amplifiers


@dataclass(frozen=True, slots=True)
class CitationBias:
    """Citations of supportive against critical data, of significant results against others, and their amplification."""

    directions: Comparison
    significance: Comparison
    amplification: Amplification
    neutral: int  # studies that are neither supportive nor critical
    entered: Mapping[str, int]  # citations by relation, as they stand in citations.csv
    largest: tuple[str, int] | None  # the paper that most of them come from
    scope: str = ""  # what the studies are about, where that was limited

    def cautions(self) -> Iterator[str]:
        """What the numbers cannot show."""
        counts = ", ".join(f"{count} {relation.replace('_', '-')}" for relation, count in self.entered.items())
        main = f"; {self.largest[1]} of them are of {self.largest[0]} alone" if self.largest else ""
        yield (
            f"the citations are those that the makers of this review entered ({counts or 'none'}{main}): what they "
            "read, no sample of what papers cite, and most studies are here because one of them cites them. A bias of "
            "ours looks the same as a bias of theirs"
        )
        if not self.scope:
            yield "every older study counts as citable, whatever it is about; limit it with --modality and --outcome"
        yield "papers that cite after one another are no independent readers, so the p over papers may be too small"
        yield NOT_CLAIMED

    def summary(self) -> str:
        """Numbers, and what they cannot show."""
        lines = [
            *_compared(self.directions),
            *_compared(self.significance),
            f"  {PRIOR}",
            *_amplified(self.amplification),
        ]
        left = f"neither supportive nor critical: {self.neutral} studies"
        return "\n".join([*lines, left, *(f"caution: {caution}" for caution in self.cautions())]) + "\n"

    def to_dict(self) -> dict[str, object]:
        """All of it as plain values."""
        paths = self.amplification
        return {
            "scope": self.scope,
            "directions": _as_dict(self.directions),
            "significance": _as_dict(self.significance),
            "prior": PRIOR,
            "amplification": {
                "data_papers": paths.data_papers,
                "citations": paths.citations,
                "paths": paths.paths,
                "through_papers_without_data": paths.through,
                "share": rounded(paths.share),
                "amplifiers": [{"paper": each.paper, "paths": each.paths} for each in paths.amplifiers],
                "reason": paths.reason,
            },
            "neutral": self.neutral,
            "entered": dict(self.entered),
            "cautions": list(self.cautions()),
        }


def citation_bias(
    graph: CitationGraph,
    directions: Mapping[str, str],
    significant: Mapping[str, bool],
    relations: Sequence[str] = tuple(RELATIONS),
    *,
    random: np.random.Generator | None = None,
    draws: int = DRAWS,
    scope: str = "",
) -> CitationBias:
    """What the citations of a review show of bias.

    Parameters
    ----------
    graph : CitationGraph
        The citations.
    directions : mapping
        By study a word of records.study.DIRECTIONS: what its data say.
    significant : mapping
        By study whether its result is statistically significant; studies of which that is not known are not named.
    relations, random, draws
        As for `compare_citations`.
    scope : str, optional
        What the studies are about, in words.

    Raises
    ------
    InvalidArgument
        Arrangements have to be drawn and there is no generator.
    """
    kinds = stances(directions)
    edges = [edge for edge in graph.edges if edge.relation in relations]
    by_paper = Counter(edge.source for edge in edges)
    return CitationBias(
        directions=compare_citations(graph, kinds, relations=relations, random=random, draws=draws),
        significance=compare_citations(graph, significant, (SIGNIFICANT, OTHER), relations, random=random, draws=draws),
        amplification=amplification(graph, relations),
        neutral=len(directions) - len(kinds),
        entered=dict(sorted(Counter(edge.relation for edge in edges).items())),
        largest=min(by_paper.items(), key=lambda item: (-item[1], item[0]), default=None),
        scope=scope,
    )


def _compared(found: Comparison) -> Iterator[str]:
    first, second = found.first, found.second
    yield f"{first.name} against {second.name}:"
    for group in (first, second):
        counts = f"{group.citations} citations of {group.studies} studies"
        yield f"  {group.name}: {counts}, {decimal(group.expected, 1)} expected"
    if found.reason:
        yield f"  not estimable: {found.reason}"
    else:
        often = f"{decimal(found.ratio, 2)} times as often as {second.name} ones, of what is expected"
        yield f"  {first.name} ones are cited {often}; {decimal(found.mean_ratio, 2)} times as often per study"
    if found.over_papers:
        test = found.over_papers
        yield (
            f"  over papers: p {p_value(test.p)}, exact; {test.observed} of {first.name} ones where "
            f"{decimal(test.expected, 1)} are expected; odds ratio {_ratio(test.odds_ratio)} (Mantel-Haenszel)"
        )
    if found.over_studies:
        shuffled = found.over_studies
        how = "all" if shuffled.exact else "drawn"
        yield (
            f"  over studies: p {p_value(shuffled.p)}, kinds shuffled among studies of the same {AGE} years "
            f"({shuffled.arrangements} arrangements, {how}); {decimal(shuffled.statistic, 1)} citations beyond them"
        )
    for keys, what in ((found.undated_studies, "studies"), (found.undated_papers, "citing papers")):
        if keys:
            more = ", ..." if len(keys) > SHOWN else ""
            yield f"  left out, without a year: {len(keys)} {what} ({', '.join(keys[:SHOWN])}{more})"


def _ratio(ratio: float | None) -> str:
    return "infinite" if ratio == inf else decimal(ratio, 2)


def _amplified(found: Amplification) -> Iterator[str]:
    yield "amplification:"
    if found.reason:
        yield f"  not estimable: {found.reason}"
        return
    yield (
        f"  {found.citations} citations of {found.data_papers} papers with data; {found.paths} paths of citations end "
        f"there, {found.through} of them ({percent(found.share)} %) through a paper without data"
    )
    if found.amplifiers:
        most = ", ".join(f"{each.paper} {each.paths}" for each in found.amplifiers[:SHOWN])
        yield f"  paths through a single paper without data, the most: {most}"


def _as_dict(found: Comparison) -> dict[str, object]:
    papers, studies = found.over_papers, found.over_studies
    return {
        "groups": [_group(found.first), _group(found.second)],
        "ratio": rounded(found.ratio),
        "mean_ratio": rounded(found.mean_ratio),
        "over_papers": papers
        and {
            "observed": papers.observed,
            "expected": rounded(papers.expected),
            "p": rounded(papers.p),
            "p_more": rounded(papers.p_more),
            "odds_ratio": rounded(papers.odds_ratio),
        },
        "over_studies": studies
        and {
            "excess": rounded(studies.statistic),
            "p": rounded(studies.p),
            "arrangements": studies.arrangements,
            "exact": studies.exact,
        },
        "reason": found.reason,
        "papers": [_paper(paper) for paper in found.papers],
        "undated_studies": list(found.undated_studies),
        "undated_papers": list(found.undated_papers),
    }


def _group(group: Group) -> dict[str, object]:
    return {
        "name": group.name,
        "studies": group.studies,
        "citations": group.citations,
        "expected": rounded(group.expected),
    }


def _paper(paper: Paper) -> dict[str, object]:
    stratum = paper.stratum
    return {
        "paper": paper.key,
        "kind": paper.kind,
        "year": paper.year,
        "first": paper.first,
        "second": paper.second,
        "first_available": stratum.first_available,
        "second_available": stratum.available - stratum.first_available,
        "expected": rounded(stratum.expected),
        "p": rounded(paper.p),
    }
