"""Citation bias: the tests against printed answers and brute force, and what the graph gives them."""

from itertools import combinations, product
from math import inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import read_library
from synthesis.citations import bias_tests, build_graph, read_citations
from synthesis.citations.amplification import Amplifier, amplification
from synthesis.citations.bias import Paper, compare_citations, stances
from synthesis.citations.bias_report import citation_bias
from synthesis.citations.bias_tests import Stratum, arrangements, exact_test, permutation_test
from synthesis.errors import InvalidArgument
from synthesis.records.study import Place, Study

HEADER = "source,target,relation,locator\n"
RABBITS = [(0, 6, 0, 5), (3, 3, 0, 6), (6, 0, 2, 4), (5, 1, 6, 0), (2, 0, 5, 0)]  # cured, died: at once; 1.5 h late
STRATA = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 5), st.integers(0, 5)).map(
        lambda each: Stratum(each[0] + 1, min(each[1], each[0] + 1), min(each[2], each[0] + 1), 0)
    ),
    min_size=1,
    max_size=3,
)


def graph_of(citations, studies, **years):
    """A graph from `source target` pairs, studies with their reports, and the years of documents."""
    rows = "".join(f"{','.join(pair.split())},cites,\n" for pair in citations.split(";") if pair.strip())
    library = read_library("".join(f"@misc{{{key}, year = {{{year}}}}}\n" for key, year in years.items())).entries
    records = [Study(key, Place(f"studies/{key}.yaml", 1, 1), tuple(cite), "x") for key, cite in studies.items()]
    return build_graph(read_citations(HEADER + rows).edges, library, records)


def test_the_rabbits_of_agresti():
    """Penicillin and rabbits (Agresti 1990, 231-237): R's manual of mantelhaen.test prints p .040, one-sided .020.

    The odds ratio by hand: (3 x 6 + 6 x 4) / 12 for, 1 x 6 / 12 against.
    """
    strata = [Stratum(a + b + c + d, a + c, a + b, a) for a, b, c, d in RABBITS]
    found = exact_test(strata)

    assert (round(found.p, 3), round(found.p_more, 3)) == (0.040, 0.020)
    assert (found.observed, found.odds_ratio) == (16, pytest.approx(7.0))


def all_outcomes(strata):
    """How many of the first kind are cited in every way that the papers can cite as many as they do."""
    ways = [combinations(range(paper.available), paper.cited) for paper in strata]
    limits = [paper.first_available for paper in strata]
    return [
        sum(place < limit for cited, limit in zip(each, limits, strict=True) for place in cited)
        for each in product(*ways)
    ]


@given(strata=STRATA)
def test_the_exact_test_is_a_count_of_all_ways(strata):
    """The probabilities are those of going through every way to cite, each as likely as another."""
    outcomes = np.array(all_outcomes(strata))
    observed = int(outcomes.max())
    cited = [Stratum(p.available, p.first_available, p.cited, min(p.cited, p.first_available)) for p in strata]
    found = exact_test(cited)
    counts = np.bincount(outcomes)

    assert found.observed == observed
    assert found.expected == pytest.approx(outcomes.mean())
    assert found.p_more == pytest.approx(np.mean(outcomes >= observed))
    assert found.p == pytest.approx(counts[counts <= counts[observed]].sum() / len(outcomes))


def test_shuffling_agrees_with_the_exact_test():
    """Papers that cite at random, 20,000 times over: as often as far as the exact test says, within 4 errors."""
    strata = [Stratum(12, 7, 4, 4), Stratum(9, 3, 5, 3), Stratum(20, 11, 6, 5)]
    random = np.random.default_rng(11)
    sums = sum(
        random.hypergeometric(p.first_available, p.available - p.first_available, p.cited, 20_000) for p in strata
    )
    p_more = exact_test(strata).p_more

    assert abs(np.mean(sums >= 12) - p_more) < 4 * (p_more * (1 - p_more) / 20_000) ** 0.5


def test_the_odds_ratio_at_its_ends():
    """Infinite where nothing speaks against; none where no paper had a choice."""
    assert exact_test([Stratum(4, 2, 2, 2)]).odds_ratio == inf
    assert exact_test([Stratum(4, 4, 2, 2)]).odds_ratio is None


@given(
    excess=st.lists(st.integers(-5, 5), min_size=2, max_size=7),
    data=st.data(),
)
def test_the_permutation_test_goes_through_every_arrangement(excess, data):
    """The same p as all labellings that keep the number of the first kind in each block."""
    size = len(excess)
    first = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    blocks = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    found = permutation_test(excess, first, blocks)

    number = [sum(kind for kind, block in zip(first, blocks, strict=True) if block == each) for each in (0, 1)]
    labellings = [
        labels
        for labels in product((False, True), repeat=size)
        if [sum(kind for kind, block in zip(labels, blocks, strict=True) if block == each) for each in (0, 1)] == number
    ]
    sums = np.array([sum(value for value, kind in zip(excess, labels, strict=True) if kind) for labels in labellings])
    observed = sum(value for value, kind in zip(excess, first, strict=True) if kind)
    reach = abs(observed - sums.mean()) - 1e-9

    assert (found.arrangements, arrangements(first, blocks)) == (len(labellings), len(labellings))
    assert found.p == pytest.approx(np.mean(abs(sums - sums.mean()) >= reach))


def test_drawn_arrangements_agree_with_all_of_them(monkeypatch):
    """17 studies have 19,448 arrangements, gone through; 10,000 drawn ones give the same p within 4 errors."""
    random = np.random.default_rng(3)
    excess, first = random.normal(size=17) + np.r_[np.ones(7) * 0.5, np.zeros(10)], np.arange(17) < 7
    exact = permutation_test(excess, first, [0] * 17)
    monkeypatch.setattr(bias_tests, "MOST_EXACT", 0)
    drawn = permutation_test(excess, first, [0] * 17, random, draws=10_000)

    assert (exact.exact, exact.arrangements, drawn.exact) == (True, 19_448, False)
    assert abs(drawn.p - exact.p) < 4 * (exact.p * (1 - exact.p) / 10_000) ** 0.5


def test_a_block_of_one_kind_changes_nothing():
    """Nothing can be shuffled in it."""
    excess, first = [2.0, 0.5, -1.0, 0.25], [True, False, False, True]

    assert permutation_test([*excess, 3, 9], [*first, False, False], [0, 0, 0, 0, 1, 1]) == permutation_test(
        excess, first, [0] * 4
    )


def test_a_sample_of_arrangements():
    """More than 20,000 need a generator; the same seed gives the same p; it is near that of a larger sample."""
    random = np.random.default_rng(5)
    excess, first = random.normal(size=30), np.arange(30) < 15
    some = permutation_test(excess, first, [0] * 30, np.random.default_rng(1), draws=4_000)
    many = permutation_test(excess, first, [0] * 30, np.random.default_rng(2), draws=16_000)

    assert (some.exact, some.arrangements) == (False, 4_000)
    assert some == permutation_test(excess, first, [0] * 30, np.random.default_rng(1), draws=4_000)
    assert abs(some.p - many.p) < 4 * (many.p * (1 - many.p) / 4_000) ** 0.5 * 1.2
    with pytest.raises(InvalidArgument, match="give random"):
        permutation_test(excess, first, [0] * 30)


def test_no_drawn_p_is_nothing():
    """The observed arrangement is one of those that there could be: 1 of 100 at least."""
    found = permutation_test(
        np.r_[np.ones(15), -np.ones(15)], np.arange(30) < 15, [0] * 30, np.random.default_rng(1), 99
    )

    assert found.p == 0.01


def test_kinds_are_shuffled_among_studies_of_one_age():
    """Four studies of 1990 and four of 2000, two of each kind: 6 x 6 arrangements, not 70."""
    studies = {f"s{number}": [f"R{number}"] for number in range(8)}
    years = {**{f"R{number}": 1990 + 10 * (number > 3) for number in range(8)}, "P": 2005, "Q": 2005}
    graph = graph_of("P R0; P R1; P R4; P R5; Q R0; Q R1; Q R4", studies, **years)
    found = compare_citations(graph, {f"s{number}": number in {0, 1, 4, 5} for number in range(8)})

    assert (found.over_studies.arrangements, found.over_studies.p) == (36, pytest.approx(2 / 36))


STUDIES = {"s1": ["A"], "s2": ["B", "B2"], "c1": ["C"], "c2": ["D"], "n": ["N"]}
KINDS = {"s1": True, "s2": True, "c1": False, "c2": False}
YEARS = {"A": 1990, "B": 1991, "B2": 1999, "C": 1992, "D": 2005, "N": 1990, "P": 2000, "Q": 2010}


def test_what_a_paper_cites_and_could_have_cited():
    """Two reports are one study; P of 2000 could not cite D of 2005; n is neither kind."""
    graph = graph_of("P A; P B; P B2; P N; Q D", STUDIES, **YEARS)
    papers = {paper.key: paper for paper in compare_citations(graph, KINDS).papers}

    assert papers["P"].stratum == Stratum(available=3, first_available=2, cited=2, first_cited=2)
    assert papers["Q"].stratum == Stratum(available=4, first_available=2, cited=1, first_cited=0)
    assert papers["P"].p is None
    assert (papers["P"].first, papers["P"].second, papers["P"].ratio, papers["Q"].ratio) == (2, 0, None, 0.0)


def test_the_p_of_one_paper():
    """5 of 5 of its citations of 10 studies are supportive, as 5 of those are: 2 of 252 ways are as unlikely."""
    paper = Paper("P", "document", 2000, Stratum(available=10, first_available=5, cited=5, first_cited=5))

    assert paper.p == pytest.approx(2 / 252)


def test_a_cited_study_could_be_cited():
    """A citation of something younger (in press) counts, among what was there to cite."""
    graph = graph_of("P D; P A", STUDIES, **YEARS)
    (paper,) = compare_citations(graph, KINDS).papers

    assert paper.stratum == Stratum(available=4, first_available=2, cited=2, first_cited=1)


def test_studies_of_the_same_year_could_be_cited():
    """C is of 1992, as the paper is; D is younger."""
    (paper,) = compare_citations(graph_of("P A", STUDIES, **{**YEARS, "P": 1992}), KINDS).papers

    assert paper.stratum == Stratum(available=3, first_available=2, cited=1, first_cited=1)


def test_a_report_does_not_cite_its_own_study():
    """B2 cites B of the same study: no citation; nor could it have cited that study."""
    graph = graph_of("B2 B; B2 C", STUDIES, **YEARS)
    (paper,) = compare_citations(graph, KINDS).papers

    assert paper.stratum == Stratum(available=2, first_available=1, cited=1, first_cited=0)


def test_what_has_no_year_is_left_out_and_named():
    """A study without a year, and a paper that cites one of the others but has none."""
    years = {key: year for key, year in YEARS.items() if key not in ("C", "Q")}
    found = compare_citations(graph_of("P A; P C; Q A", STUDIES, **years), KINDS)

    assert (found.undated_studies, found.undated_papers) == (("c1",), ("Q",))
    assert found.second.studies == 1


def test_expected_citations():
    """P cites 1 of 3, Q 2 of 4: of the two supportive studies 2/3 + 1, of the two critical 1/3 + 1; in all 3."""
    found = compare_citations(graph_of("P A; Q A; Q B", STUDIES, **YEARS), KINDS)

    assert (found.first.citations, found.first.expected) == (3, pytest.approx(5 / 3))
    assert (found.second.citations, found.second.expected) == (0, pytest.approx(4 / 3))
    assert (found.ratio, found.mean_ratio) == (None, None)


def test_too_few_are_not_tested():
    """One citing paper of four studies can prove nothing; nor can one study of a kind."""
    assert compare_citations(graph_of("P A", STUDIES, **YEARS), KINDS).reason.endswith("p-value below .05")
    one = compare_citations(graph_of("P A", STUDIES, **YEARS), {"s1": True, "c1": False, "c2": False})
    assert (one.reason, one.over_papers) == ("too few: 1 studies with a year are supportive", None)
    assert "no paper" in compare_citations(graph_of("", STUDIES, **YEARS), KINDS).reason


def planted(bias, seed, papers=15):
    """Papers that cite 6 of 24 studies, supportive ones so many times as readily."""
    random = np.random.default_rng(seed)
    studies = {f"s{number}": [f"R{number}"] for number in range(24)}
    weights = np.where(np.arange(24) < 12, bias, 1.0)
    pairs = [
        f"P{paper} R{number}"
        for paper in range(papers)
        for number in random.choice(24, 6, replace=False, p=weights / weights.sum())
    ]
    years = {**{f"R{number}": 1990 for number in range(24)}, **{f"P{paper}": 2000 for paper in range(papers)}}
    return graph_of(";".join(pairs), studies, **years), {f"s{number}": number < 12 for number in range(24)}


def test_a_planted_bias_is_found():
    """Supportive studies cited four times as readily: both tests say so, and the ratio is well above 1."""
    graph, kinds = planted(4.0, 1)
    found = compare_citations(graph, kinds, random=np.random.default_rng(1))

    assert found.over_papers.p < 0.001
    assert found.over_studies.p < 0.01
    assert found.ratio > 1.7


def test_without_bias_few_tests_are_significant():
    """Of 60 reviews with random citing at most 5 % and 4 errors have a p of .05 or less."""
    ps = [
        compare_citations(*planted(1.0, seed, 6), random=np.random.default_rng(seed), draws=199) for seed in range(60)
    ]

    assert sum(found.over_papers.p <= 0.05 for found in ps) <= 60 * 0.05 + 4 * (60 * 0.05 * 0.95) ** 0.5


def test_directions_are_stances():
    """No effect and harm are critical; mixed and not stated are neither."""
    directions = {"a": "effective", "b": "ineffective", "c": "contrary", "d": "mixed", "e": "not stated"}

    assert stances(directions) == {"a": True, "b": False, "c": False}


def test_paths_through_papers_without_data():
    """P cites Q and A; Q (no data) cites A and B; A cites B: 9 paths end in A or B, 3 of them through Q."""
    found = amplification(graph_of("P Q; P A; Q A; Q B; A B", {"s": ["A"], "t": ["B"]}))

    assert (found.data_papers, found.citations, found.paths, found.through) == (2, 4, 9, 3)
    assert found.amplifiers == (Amplifier("Q", 3),)
    assert found.share == pytest.approx(1 / 3)


@given(
    pairs=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1])),
    data=st.sets(st.integers(0, 6), min_size=1),
)
def test_paths_are_counted_as_networkx_lists_them(pairs, data):
    """Every simple path to a paper with data; those with a paper without data between; those through each."""
    studies = {f"s{number}": [f"D{number}"] for number in data}
    found = amplification(graph_of(";".join(f"D{one} D{other}" for one, other in sorted(pairs)), studies))
    graph = nx.DiGraph(pairs)
    paths = [
        path
        for source in graph
        for target in data & set(graph)
        if source != target
        for path in nx.all_simple_paths(graph, source, target)
    ]
    through = [number for path in paths for number in path[1:-1] if number not in data]

    assert found.paths == len(paths)
    assert found.through == sum(any(number not in data for number in path[1:-1]) for path in paths)
    assert {each.paper: each.paths for each in found.amplifiers} == {
        f"D{number}": through.count(number) for number in set(through)
    }


def test_a_circle_has_no_order():
    """It is named, and nothing is counted."""
    found = amplification(graph_of("A B; B C; C A; P A", {"s": ["C"]}))

    assert found.reason == "A, B, C cite one another in a circle"


def test_the_report_says_what_it_cannot_show():
    """Where the citations come from, what counts as citable, and the prior with its source."""
    graph = graph_of("P A; P C; Q A", STUDIES, **YEARS)
    found = citation_bias(graph, dict.fromkeys(STUDIES, "effective"), {"s1": True, "c1": False})
    text = found.summary()

    assert "3 cites; 2 of them are of P alone" in text
    assert "every older study counts as citable" in text
    assert "1.6 times as often" in text
    assert "Duyx 2017" in text
    assert "not estimable: too few: 0 studies with a year are critical" in text
    assert found.to_dict()["directions"]["groups"][0]["studies"] == 5
