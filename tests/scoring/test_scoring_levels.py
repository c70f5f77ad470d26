"""Levels derived from designs: what is settled, what is open, and which facts would settle it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument, NotFound
from synthesis.records.study import (
    ALLOCATIONS,
    COMPARABILITIES,
    CONTROLS,
    METHODS,
    NOT_STATED,
    Design,
    Level,
    Place,
    Study,
)
from synthesis.scoring.facts import facts_of_study
from synthesis.scoring.levels import as_level, derived_levels, either, profiles, some_profiles, some_studies
from synthesis.scoring.reading.rule_file import load_rule

PROFILES = profiles()
MARYLAND = PROFILES["maryland-1998"]
STUDY = Study("a", Place("studies/a.yaml", 1, 1), (), "update")
OWN = """\
rule: by-size
title: A level by the number of people
grades: study
provenance: [{source: ours, says: an example, verified: ours}]
clauses:
  - {clause: many, gives: 2, when: n >= 100, says: many people, verified: ours}
  - {clause: few, gives: 1, says: few people, verified: ours}
outputs: {}
"""


def derive(profile=MARYLAND, study=STUDY, **design):
    """What a profile gives for a study of this design."""
    return derived_levels([replace(study, design=Design(**design))], profile)["a"]


def test_the_profiles():
    """Rules that grade single studies, shipped ones by name."""
    assert {"maryland-1998", "wwclg-2016", "magentabook-r"} <= set(PROFILES)
    assert "pdtsrg-2009" not in PROFILES
    with pytest.raises(InvalidArgument, match="not a study"):
        derived_levels([STUDY], load_rule("pdtsrg-2009"))


def test_a_settled_level():
    """A trial that states enough has one level, its clause, the facts used and what the profile does not need."""
    derived = derive(allocation="randomised", unit="individual", sound=True, attrition=0.1)

    assert (derived.level, derived.output, derived.could_be, derived.clause) == (5, "5", (), "5")
    assert derived.facts == (
        ("attrition", 0.1), ("randomised", True), ("comparison", True), ("several_units", True), ("sound", True),
    )  # fmt: skip
    assert set(derived.not_stated) == {"pre_post", "comparability", "controls"}
    assert (derived.verified, derived.flags) == ("recalled", ())


def test_allocation_alone_leaves_the_level_open():
    """A randomised trial without more: levels 2 to 5, and the fewest facts that would settle each."""
    derived = derive(allocation="randomised")

    assert (derived.level, derived.output, derived.possible) == (None, "2", ("2", "3", "4", "5"))
    assert dict(derived.settled_by)["5"] == (("several_units", True), ("sound", True))
    assert dict(derived.settled_by)["4"] == (("several_units", True), ("sound", False))


def test_attrition_that_is_not_reported_is_flagged():
    """The level is provisional where nobody says how many were lost."""
    derived = derive(allocation="randomised", unit="individual", sound=True)

    assert (derived.level, derived.flags) == (5, ("attrition not reported: level provisional",))


def test_one_unit_in_each_arm():
    """Randomised areas, one in each condition: scored on the other features, with a flag."""
    derived = derive(allocation="randomised", unit="cluster", several_units=False, measured_before=True)

    assert (derived.output, derived.could_be) == ("2", ("3",))
    assert "one unit per arm" in derived.flags[0]


def test_a_method_that_is_not_stated():
    """A profile by method gives no level then, and every level stays open."""
    derived = derive(PROFILES["wwclg-2016"], allocation="nonequivalent")

    assert (derived.level, derived.output) == (None, "not_scoreable")
    assert derived.possible == ("1", "2", "3", "4", "5", "not_scoreable")
    assert derived.settled_by["3"] == (("sound", True), ("method", "difference in differences"))


def test_profiles_are_scales_of_their_own():
    """Difference in differences: 3 for the centre for local growth, 4 for the R package, and 5 for neither."""
    design = {"method": "difference in differences", "sound": True}

    assert derive(PROFILES["wwclg-2016"], **design).level == 3
    assert derive(PROFILES["magentabook-r"], **design).level == 4


def test_a_typed_level_gives_none():
    """What somebody typed, of a study or of a contrast, is no fact of the design."""
    typed = replace(STUDY, maryland=Level(5, "typed"))

    assert derive(study=typed) == derive()
    assert "trial_level" not in facts_of_study(typed)


def test_a_profile_of_the_reviews_own(tmp_path):
    """A rule file in the folder `rules` that grades studies is a profile; what hangs on a number has no supposition."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "by-size.yaml").write_text(OWN)
    (own,) = some_profiles(["by-size"], tmp_path).values()

    assert set(profiles(tmp_path)) == {*PROFILES, "by-size"}
    derived = derive(own)
    assert (derived.output, derived.could_be, derived.settled_by) == ("1", ("2",), {})
    assert derive(own, replace(STUDY, sample=replace(STUDY.sample, n=120))).level == 2


def test_names_that_there_are_not():
    """The nearest profile and study are suggested; without a name there are all."""
    with pytest.raises(NotFound, match="maryland-1998"):
        some_profiles(["maryland-98"])
    with pytest.raises(NotFound, match="did you mean 'alpha'"):
        some_studies([replace(STUDY, key="alpha")], ["alfa"])
    assert (some_profiles(), some_studies([STUDY], ())) == (PROFILES, (STUDY,))


def test_outputs_as_words():
    """One, two and more outputs; a level, and a word that is none."""
    assert [either(("2",)), either(("2", "3")), either(("2", "3", "4"))] == ["2", "2 or 3", "2, 3 or 4"]
    assert (as_level("4"), as_level("not_scoreable")) == (4, None)


truths = st.sampled_from((None, True, False))
designs = st.builds(
    Design,
    allocation=st.sampled_from(ALLOCATIONS),
    attrition=st.sampled_from((None, 0.1, 0.3)),
    comparability=st.sampled_from(COMPARABILITIES),
    method=st.sampled_from((NOT_STATED, *METHODS)),
    comparison=truths, measured_before=truths, several_units=truths, sound=truths,
    controls=st.sampled_from(CONTROLS),
)  # fmt: skip


@settings(max_examples=40)
@given(design=designs)
def test_what_would_settle_a_level_does(design):
    """A record that states the facts of `settled_by` as well has that level and no other, which was open before."""
    derived = derived_levels([replace(STUDY, design=design)], MARYLAND)["a"]
    for output, facts in derived.settled_by.items():
        more = {"measured_before" if name == "pre_post" else name: value for name, value in facts}
        if "randomised" not in more:
            settled = derived_levels([replace(STUDY, design=replace(design, **more))], MARYLAND)["a"]
            assert settled.possible == (output,)
            assert output in derived.possible
