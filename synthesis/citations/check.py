"""What is wrong with the citations as a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from synthesis.citations.edges import Edge
from synthesis.citations.graph import build_graph
from synthesis.errors import Problem, Severity, did_you_mean

if TYPE_CHECKING:
    from synthesis.bibliography.entry import Entry
    from synthesis.records.study import Study

IN_PRESS = 1  # years that a citation may run ahead: papers are cited before they are out


def check_graph(edges: Iterable[Edge], entries: Iterable[Entry], studies: Iterable[Study] = ()) -> tuple[Problem, ...]:
    """What is wrong with the citations as a graph, sorted by place.

    Parameters
    ----------
    edges, entries, studies
        As for `build_graph`; what the reading of the citations found is not repeated.

    Returns
    -------
    tuple of Problem
        SY510, an error: a source or target that the library does not have. SY511, a warning: a circle, at its
        first citation. SY512: a target younger than its source. That is a warning, since one of the two years is
        likely wrong; a note where they are one year apart (papers are cited while in press) and for `extracts`
        (an effect may be read in an earlier report of the study than the one that gives the study its key).
    """
    library = {entry.key: entry for entry in entries}
    graph = build_graph(edges, library.values(), studies)
    known = [edge for edge in graph.edges if edge.source in library and edge.target in library]
    problems = [problem for edge in graph.edges for problem in _dangling(edge, library)]
    problems += [_cycle(group, graph.edges) for group in graph.cycles()]
    problems += filter(None, (_future(edge, library) for edge in known))
    return tuple(sorted(problems))


def _dangling(edge: Edge, library: Mapping[str, Entry]) -> Iterable[Problem]:
    for name, key in (("source", edge.source), ("target", edge.target)):
        if key not in library:
            remedy = f"add the entry with `synth bib add`; {did_you_mean(key, library)}"
            yield _at(edge, "SY510", f"the {name} {key!r} is not in the library", remedy)


def _cycle(group: tuple[str, ...], edges: Iterable[Edge]) -> Problem:
    first = next(edge for edge in edges if edge.source in group and edge.target in group)
    what = f"these cite one another in a circle: {', '.join(group)}"
    return _at(first, "SY511", what, "turn round or take out the wrong citation", Severity.WARNING)


def _future(edge: Edge, library: Mapping[str, Entry]) -> Problem | None:
    source, target = library[edge.source].year, library[edge.target].year
    if source is None or target is None or target <= source:
        return None
    tolerated = edge.relation == "extracts" or target - source <= IN_PRESS
    what = f"{edge.source} ({source}) {edge.relation.replace('_', '-')} {edge.target} ({target}), which is younger"
    remedy = "correct a year in the library, or turn the citation round"
    return _at(edge, "SY512", what, remedy, Severity.NOTE if tolerated else Severity.WARNING)


def _at(edge: Edge, code: str, what: str, remedy: str, severity: Severity = Severity.ERROR) -> Problem:
    place = edge.place
    return Problem(place.path, place.line, place.column, code, what, remedy, severity)
