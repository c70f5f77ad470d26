"""Laws of the search: no order matters, copies always merge, and no other record changes a verdict."""

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.bibliography.duplicates import Decisions, find, judge, record_of_row
from synthesis.bibliography.duplicates.blocking import BOUND, candidates
from tests.bibliography.duplicates.making import TRIAL, row

LAW = settings(max_examples=500 if os.environ.get("SYNTH_FULL") else 50)
WORDS = (
    "prison",
    "probation",
    "therapy",
    "women",
    "men",
    "trial",
    "release",
    "drug",
    "court",
    "part",
    "II",
    "2",
    "a",
    "reply",
)
texts = st.lists(st.sampled_from(WORDS), min_size=0, max_size=6).map(" ".join)
people = st.lists(st.sampled_from(("Doe, Jane", "Roe R", "P. Poe", "van der Berg, A.", "Li W")), max_size=4).map(
    "; ".join
)
rows = st.fixed_dictionaries(
    {
        "title": texts,
        "author": people,
        "year": st.sampled_from(("", "2003", "2004", "2010")),
        "journal": st.sampled_from(("", "J Crim", "Journal of Criminology", "Prison Service Journal")),
        "volume": st.sampled_from(("", "1", "2", "1 (Suppl 1)")),
        "pages": st.sampled_from(("", "1-9", "S34", "10-19", "e1234")),
        "doi": st.sampled_from(("", "10.1234/a", "10.1234/b", "10.1002/14651858.CD001.pub2")),
        "type": st.sampled_from(("", "article", "book", "phdthesis")),
    }
)
tables = st.lists(rows, max_size=12).map(
    lambda found: [record_of_row(f"k{number}", f"row {number}", one) for number, one in enumerate(found)]
)
NAME_FORMS = (
    "Doe, Jane; Roe, Richard",
    "Doe J; Roe R",
    "J Doe; R Roe",
    "J. Doe and R. Roe",
    "Jane Doe; Richard Roe",
    "Doe J.Roe R.",
    "Doe J, Roe R",
    "Doe, J., Roe, R.",
    "Roe R; Doe J",
    "DOE, JANE; ROE, RICHARD",
)


def keys(found):
    """What was found, by key."""
    groups = [[record.key for record in group.records] for group in found.groups]
    pairs = [
        [(one.one.key, one.other.key, one.rule) for one in kind]
        for kind in (found.unsure, found.versions, found.distinct)
    ]
    return groups, pairs


@LAW
@given(table=tables, data=st.data())
def test_the_order_of_records_changes_nothing(table, data):
    """Groups, queue and versions are the same for every order."""
    assert keys(find(data.draw(st.permutations(table)))) == keys(find(table))


@LAW
@given(one=rows, other=rows)
def test_a_verdict_does_not_depend_on_who_comes_first(one, other):
    """Verdict, rule and evidence are symmetric."""
    first, second = record_of_row("a", "1", one), record_of_row("b", "2", other)

    forward, back = judge(first, second), judge(replace(second, key="a"), replace(first, key="b"))

    assert (forward.verdict, forward.rule) == (back.verdict, back.rule)
    assert forward.evidence == back.evidence


@LAW
@given(table=tables, data=st.data())
def test_a_copy_is_always_merged(table, data):
    """A record with a title that stands there twice is in one group with its copy (CiteSource, issue 160)."""
    titled = [record for record in table if record.title.known]
    if titled:
        copied = data.draw(st.sampled_from(titled))
        found = find([*table, replace(copied, key="copy", place="elsewhere")])

        assert any({copied.key, "copy"} <= {record.key for record in group.records} for group in found.groups)


@LAW
@given(table=tables)
def test_an_unrelated_record_changes_nothing(table):
    """A record of which no word is in the others leaves every group and pair as it was."""
    unrelated = record_of_row(
        "zz", "z", {"title": "Xylophones quietly yodel beneath zinc", "author": "Qq, X", "year": "1899"}
    )

    assert keys(find([*table, unrelated])) == keys(find(table))


@LAW
@given(table=tables)
def test_no_group_holds_records_that_must_stay_apart(table):
    """Two records of a group never contradict one another by the rules."""
    for group in find(table).groups:
        for one in group.records:
            for other in group.records:
                if one.key < other.key and one.content != other.content:
                    assert not judge(one, other).holds_apart


@LAW
@given(table=tables, data=st.data())
def test_a_rejected_pair_is_never_in_one_group(table, data):
    """What somebody rejected stays apart, copies too."""
    if len(table) > 1:
        one, other = data.draw(st.permutations(table))[:2]
        pair = tuple(sorted((one.key, other.key)))

        found = find(table, Decisions(rejected={pair}))

        assert not any(set(pair) <= {record.key for record in group.records} for group in found.groups)


@LAW
@given(table=tables, data=st.data())
def test_an_accepted_pair_is_in_one_group(table, data):
    """What somebody accepted is together, whatever the rules say."""
    if len(table) > 1:
        one, other = data.draw(st.permutations(table))[:2]
        pair = tuple(sorted((one.key, other.key)))

        found = find(table, Decisions(accepted={pair}))

        together = any(set(pair) <= {record.key for record in group.records} for group in found.groups)
        assert together


def test_accepted_pairs_go_on():
    """Two accepted pairs with one record in common are one group, although the rules hold its ends apart."""
    records = [
        row("a", doi="10.1234/one"),
        row("b", title="Boot camps"),
        row("c", title="Sherman on boot camps", year="1990"),
    ]

    (group,) = find(records, Decisions(accepted={("a", "b"), ("b", "c")})).groups
    (other,) = find(records, Decisions(accepted={("a", "b"), ("b", "c")}, rejected={("a", "c")})).groups

    assert [record.key for record in group.records] == ["a", "b", "c"]
    assert len(other.records) == 2


@pytest.mark.parametrize("form", NAME_FORMS)
def test_forms_of_names_do_not_part_a_document(form):
    """However a database writes its authors, the record is found."""
    (group,) = find([row("a", author="Doe, Jane; Roe, Richard", doi=""), row("b", author=form, doi="")]).groups

    assert len(group.records) == 2


def test_a_veto_holds_inside_a_group():
    """A record that is like two versions joins the one that it is most like; the other link goes to the queue."""
    bare = {"doi": "", "pages": "", "volume": "", "number": ""}
    first, second = row("first", doi="10.1234/one"), row("second", doi="10.1234/two", pages="400-410", volume="19")
    between = row("between", **bare)

    found = find([first, second, between])

    assert [[record.key for record in group.records] for group in found.groups] == [["between", "first"]]
    (doubted,) = found.unsure
    assert {doubted.one.key, doubted.other.key} == {"between", "second"}
    assert "it would join" in doubted.because
    assert "versions" in doubted.because


def test_one_title_in_a_thousand_records_is_bounded():
    """A thousand editorials do not make half a million pairs, and it is said that not all were compared."""
    editorials = [
        row(f"k{number}", title="Editorial", author="", doi="", pages=str(number), year="2004")
        for number in range(1000)
    ]

    drawn = candidates(editorials)

    assert len(drawn.pairs) < 1000 * BOUND
    assert drawn.sampled


def test_a_thousand_abstracts_under_one_doi():
    """All of them are distinct, none is merged."""
    abstracts = [
        record_of_row(
            f"k{n}",
            "",
            {**TRIAL, "title": f"Trial of {n * 7919} and other things", "author": f"Doe{n}x, A", "pages": f"S{n}"},
        )
        for n in range(300)
    ]

    found = find(abstracts)

    assert found.groups == ()
    assert found.unsure == ()
