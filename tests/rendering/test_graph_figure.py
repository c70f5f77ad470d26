"""The drawing of citations: read back, names that never meet, lines that pass between them, the same bytes twice."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy.optimize import isotonic_regression

from synthesis.bibliography import read_library
from synthesis.citations import build_graph, read_citations
from synthesis.errors import InvalidArgument
from synthesis.records.study import Place, Study
from synthesis.rendering.figures.citations import citations_data, strongest
from synthesis.rendering.plots import PLOTS
from synthesis.rendering.plots.canvas import render
from synthesis.rendering.plots.citations import LOOKS, MARKS, plot_citations
from synthesis.rendering.plots.citations_data import (
    KINDS,
    RELATIONS,
    CitationLink,
    CitationNode,
    CitationsData,
    citations_text,
)
from synthesis.rendering.plots.citations_layout import layout
from synthesis.rendering.plots.citations_order import arranged, rising, split
from tests.rendering.drawn import artists, boxes, mark, outside, overlapping, random_words, said

SMALL = CitationsData(
    "Small",
    (
        CitationNode("R2001", "review", 2001), CitationNode("A1999", "report", 1999), CitationNode("B", "report"),
        CitationNode("a", "study"), CitationNode("cbt x use", "cell"),
    ),
    (
        CitationLink(0, 1, "reviews"), CitationLink(0, 2, "cites"), CitationLink(3, 1, "reported in"),
        CitationLink(3, 4, "counts in"), CitationLink(1, 2, "cites"),
    ),
)  # fmt: skip


def many(count=300, seed=1, label=None):
    """A graph of so many nodes of all kinds, with links as a review has them."""
    chance = random.Random(seed)
    kinds = chance.choices(list(KINDS), weights=[1, 3, 5, 9, 9, 3], k=count)
    years = [None, *range(1980, 2024)]
    nodes = tuple(
        CitationNode(label(chance) if label else f"{kind.title()}{number}", kind, chance.choice(years))
        for number, kind in enumerate(kinds)
    )  # fmt: skip
    pairs = {(chance.randrange(count), chance.randrange(count)) for _ in range(2 * count)}
    links = [CitationLink(one, other, chance.choice(list(RELATIONS))) for one, other in sorted(pairs) if one != other]
    return CitationsData(f"{count} nodes", nodes, tuple(links))


def test_every_node_is_drawn_beside_its_name():
    """A mark of its kind's shape and colour at the height of the name, and to its left."""
    axes = plot_citations(SMALL)
    (places, room), height = boxes(axes), axes.get_ylim()[0]

    for number, node in enumerate(SMALL.nodes, 1):
        drawn = mark(axes, f"node-{number}")
        (x,), (y,) = drawn.get_data()
        box = next(box for text, box in places if text == node.label)
        assert (drawn.get_marker(), drawn.get_markerfacecolor()) == (MARKS[node.kind][0], MARKS[node.kind][2])
        scale = room.height / height
        assert box.y0 < room.y1 - y * scale < box.y1
        assert 0 < box.x0 - (room.x0 + x * scale) < 12 * scale


def test_every_link_leads_from_its_node_to_the_other():
    """Its path begins at the height of the one and ends at that of the other, on the sides that face each other."""
    axes, plan = plot_citations(SMALL), layout(SMALL)

    for number, link in enumerate(SMALL.links, 1):
        drawn = mark(axes, f"link-{number}")
        (x0, y0), *_, (x1, y1) = drawn.get_path().vertices.tolist()
        source, target = plan.rows[link.source], plan.rows[link.target]
        assert (y0, y1) == (source.y, target.y)
        assert x0 == (source.end if source.column <= target.column else pytest.approx(source.x - 4.5))
        assert x1 == (target.end if source.column >= target.column else pytest.approx(target.x - 4.5))


def test_arrowheads_point_at_their_node():
    """Behind the longest name of a column too: the last part of a line has a length, and runs towards the mark."""
    data = many(40, 3)
    plan = layout(data)

    for link, line in zip(data.links, plan.lines, strict=True):
        start, end, _ = line.runs[-1]
        assert abs(end - start) > 2
        assert (end < start) == line.leftwards == (plan.rows[link.source].column >= plan.rows[link.target].column)


def test_kinds_and_relations_differ_in_more_than_colour():
    """Shapes of marks; width or dashes of lines."""
    assert set(MARKS) == set(KINDS)
    assert set(LOOKS) == set(RELATIONS)
    assert len({marker for marker, _, _ in MARKS.values()}) == len(MARKS)
    assert len({(look["linewidth"], str(look.get("linestyle"))) for look in LOOKS.values()}) == len(LOOKS)


def test_300_nodes_are_legible():
    """No two of the texts overlap, none leaves the canvas, and every node has its whole name."""
    data = many()
    axes = plot_citations(data)

    assert overlapping(axes) == []
    assert outside(axes) == []
    assert {node.label for node in data.nodes} <= set(said(axes))


@pytest.mark.parametrize("seed", range(2))
def test_names_of_any_length_and_script(seed):
    """Long ones are broken into lines; none meets another."""
    axes = plot_citations(many(24, seed, lambda chance: random_words(chance, 60)))

    assert overlapping(axes) == []
    assert outside(axes) == []


def test_lines_pass_between_names():
    """The straight parts of a link that cross a column meet no name of it."""
    data = many(200, 2)
    plan = layout(data)
    rooms = [
        (row.x - 4.0, row.end - 3.0, min(text.y for text in name) - 5.5, max(text.y for text in name) + 1.6)
        for row, name in zip(plan.rows, plan.names, strict=True)
    ]
    passing = [run for line in plan.lines for run in line.runs[1:-1]]

    assert len(passing) > 50
    for start, end, y in passing:
        left, right = sorted((start, end))
        assert not any(x0 < right and left < x1 and top < y < bottom for x0, x1, top, bottom in rooms)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_bytes_twice(kind):
    """For the same data."""
    data = many(20)

    assert render(PLOTS["citations"](data), kind, 60) == render(PLOTS["citations"](data), kind, 60)


def test_what_it_shows_in_words():
    """How many of each kind and relation, and the nodes with the most links; in the file as its alternative text."""
    text = citations_text(SMALL)

    assert text == (
        "Citations: 1 review, 2 reports of studies, 1 study, 1 modality x outcome. Links: reviews 1, cites 2, study "
        "reported in 1, study counts in 1. Most links: A1999 3, R2001 2, B 2, a 2, cbt x use 1."
    )
    assert text in render(PLOTS["citations"](SMALL), "svg").decode()


def test_the_legend_has_what_there_is():
    """The kinds and relations of the data, no others; the columns say their years."""
    words = said(plot_citations(SMALL))

    assert {"reviews", "reports of studies", "studies", "cites", "study counts in"} <= set(words)
    assert not {"guidelines", "pools", "tells an effect of"} & set(words)
    assert "Reports, 1999" in words


def test_an_axes_of_ones_own():
    """It is drawn on, smaller; the figure keeps its label."""
    figure = Figure()
    ax = figure.subplots()

    assert plot_citations(SMALL, ax=ax) is ax
    assert len([one for one in artists(ax) if (one.get_gid() or "").startswith("node-")]) == 5
    assert figure.get_label() == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (CitationsData("", ()), "there is no node"),
        (replace(SMALL, nodes=(*SMALL.nodes, CitationNode("x", "reviw"))), "did you mean 'review'"),
        (replace(SMALL, links=(CitationLink(0, 9, "cites"),)), "there are nodes 0 to 4"),
        (replace(SMALL, links=(CitationLink(0, 0, "cites"),)), "'R2001' to itself"),
        (replace(SMALL, links=(CitationLink(0, 1, "cite"),)), "did you mean 'cites'"),
    ],
)
def test_what_cannot_be_drawn(data, words):
    """It is said what is wrong."""
    with pytest.raises(InvalidArgument, match=words):
        plot_citations(data)


@given(values=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30))
def test_rising_numbers_are_the_nearest(values):
    """As scipy's isotonic regression gives them."""
    assert rising(values) == pytest.approx(isotonic_regression(values).x, abs=1e-6)


@given(data=st.data())
def test_rows_of_a_column_never_meet(data):
    """Whatever the links: middles are apart by half of both heights, within the height of the longest column."""
    heights = data.draw(st.lists(st.floats(5, 30), min_size=2, max_size=14))
    count = len(heights)
    cut = data.draw(st.integers(1, count - 1))
    columns = [list(range(cut)), list(range(cut, count))]
    ends = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1]), max_size=20))
    middles = arranged(columns, links, heights)
    room = max(sum(heights[node] for node in column) for column in columns)

    for column in columns:
        order = sorted(column, key=lambda node: middles[node])
        for one, other in itertools.pairwise(order):
            assert middles[other] - middles[one] >= (heights[one] + heights[other]) / 2 - 1e-6
        assert middles[order[0]] - heights[order[0]] / 2 >= -1e-6
        assert middles[order[-1]] + heights[order[-1]] / 2 <= room + 1e-6


def test_a_tangle_is_undone():
    """Twenty pairs in any order: every pair ends at one height."""
    chance = random.Random(4)
    right = list(range(20, 40))
    chance.shuffle(right)
    links = list(zip(range(20), right, strict=True))
    middles = arranged([range(20), range(20, 40)], links, [10.0] * 40)

    assert [middles[one] for one, _ in links] == pytest.approx([middles[other] for _, other in links])


@pytest.mark.parametrize(("count", "lengths"), [(0, []), (60, [60]), (61, [30, 31]), (150, [50, 50, 50])])
def test_long_columns_are_split(count, lengths):
    """Into as few as possible, of almost one length."""
    assert [len(part) for part in split(range(count))] == lengths


def graph_of(rows):
    """A graph with a study of two reports, from `source target relation`."""
    text = "source,target,relation,locator\n" + "".join(",".join(row.split()) + ",\n" for row in rows.split(";"))
    library = read_library("@misc{A1999, year = 1999}@misc{B, year = 2001}@misc{Alone, year = 2000}").entries
    return build_graph(read_citations(text).edges, library, [Study("a", Place("a.yaml", 1, 1), ("A1999", "B"), "x")])


def test_the_data_of_a_graph():
    """Nodes by kind and key with the year where the key lacks it; what has no link is left out, and said."""
    data = citations_data(graph_of("R A1999 cites; R A1999 reviews"), "T")

    assert [(node.label, node.kind) for node in data.nodes] == [
        ("a (1999)", "study"), ("A1999", "report"), ("B (2001)", "report"), ("R", "review"),
    ]  # fmt: skip
    assert [(link.source, link.target, link.relation) for link in data.links] == [
        (0, 1, "reported in"), (0, 2, "reported in"), (3, 1, "reviews"),
    ]  # fmt: skip
    assert data.footnotes == ("1 without a link are not drawn.",)


def test_the_most_linked_of_many():
    """The most linked one, then always the most linked beside those before; a note says of how many."""
    graph = graph_of("R A1999 cites; S A1999 cites; R B cites; U V cites; U W cites")
    data = citations_data(graph, most=4)

    assert [node.label for node in data.nodes] == ["a (1999)", "A1999", "B (2001)", "R"]
    assert data.footnotes == ("1 without a link are not drawn.", "Of 8 the 4 with the most links are drawn.")


def test_what_is_asked_for_is_drawn():
    """And what is beside it; also what has no link."""
    graph = graph_of("R A1999 cites; U V cites; U W cites")
    keep = [("document", "Alone"), ("document", "V")]

    assert [node.label for node in citations_data(graph, most=3, keep=keep).nodes] == ["Alone (2000)", "U", "V"]


def test_nobody_else_is_drawn_without_a_link():
    """The fifth place would go to one of U and V without the other."""
    data = citations_data(graph_of("R A1999 cites; U V cites"), most=5)

    assert [node.label for node in data.nodes] == ["a (1999)", "A1999", "B (2001)", "R"]


def test_nothing_to_draw():
    """A graph without an edge."""
    with pytest.raises(InvalidArgument, match="nothing to draw"):
        citations_data(build_graph((), read_library("@misc{A}").entries))


def test_of_several_relations_the_strongest():
    """Pooling before reviewing before citing."""
    assert strongest(("cites", "reviews", "meta_analyses")) == "meta_analyses"
    assert strongest(("cites", "extracts")) == "extracts"
