"""Typed levels against their own profile: what is told, at which line, and what is no disagreement."""

import pytest

from synthesis.records import read_records
from synthesis.scoring.level_checks import CODES, level_problems
from tests.records.example import STUDY, spoilt, write

DESIGN = "allocation: randomised, unit: individual, attrition: 0.12"
TYPED = "level: 5, basis: random allocation"
TIME = "    time: {class: long}"

# what stands there, what is put there, the line, the code
FAULTS = [
    (", basis: random allocation", "", 10, None),  # 5 is open: nobody says whether the trial is sound
    (TYPED, "level: 4", 10, None),
    (TYPED, "level: not stated", 10, None),
    (TYPED, "level: 3", 10, "SY202"),
    (TYPED, "level: 3, basis: many lost", 10, "SY301"),
    (DESIGN, "allocation: before-after", 10, "SY301"),
    (DESIGN, "allocation: nonequivalent", 10, "SY301"),
    (DESIGN, "allocation: not stated", 10, None),
    (DESIGN, f"{DESIGN}, sound: false", 10, "SY301"),
    (DESIGN, "allocation: randomised, attrition: 0.21", 9, "SY302"),
    (DESIGN, "allocation: randomised, unit: individual, attrition: 0.21", 9, "SY302"),
    (DESIGN, "allocation: randomised, unit: individual, attrition: 0.2", 9, None),
    (DESIGN, "allocation: before-after, attrition: 0.21", 10, "SY301"),
    (TIME, "    level: {level: 2}", 27, "SY202"),
    (TIME, "    level: {level: 2, basis: completers}", 27, None),
    (TIME, "    level: {level: not stated}", 27, None),
    (TIME, "    level: {level: 2, profile: wwclg-2016}", 27, "SY202"),
    (TIME, "    level: {level: 4, profile: wwclg-2016}", 27, None),
    (TIME, "    level: {level: 5, profile: maryland-1989}", 27, "SY306"),
    (TYPED, "level: 5, profile: wwclg-2016", 10, None),
    (TYPED, "level: 3, profile: magentabook-r", 10, "SY202"),
    (TYPED, "level: 5, profile: maryland-1989", 10, "SY306"),
    (TYPED, "level: 5, profile: pdtsrg-2009", 10, "SY306"),
]


def problems(root, text):
    """What is told of one record."""
    return list(level_problems(read_records(write(root, {"doe2001": text}), checks=False).studies, root))


@pytest.mark.parametrize(("old", "new", "line", "code"), FAULTS)
def test_a_typed_level(tmp_path, old, new, line, code):
    """The line and code of what the design leaves no room for, or silence."""
    found = problems(tmp_path, spoilt(STUDY, old, new))

    assert [(problem.line, problem.code) for problem in found] == ([(line, code)] if code else [])
    assert all(problem.fails == (problem.code == "SY202") and problem.remedy for problem in found)


def test_every_code_is_told():
    """Each code of this layer is that of a fault above."""
    assert set(CODES) == {code for *_, code in FAULTS} - {None}


def test_what_is_said(tmp_path):
    """The levels that the design leaves open, the profile, and the basis."""
    (problem,) = problems(tmp_path, spoilt(STUDY, TYPED, "level: 3, basis: many lost"))

    assert problem.what == "level 3, but the design gives 4 or 5 under maryland-1998"
    assert problem.remedy == "nothing, if the level rests on its basis: many lost"


def test_a_profile_of_the_reviews_own(tmp_path):
    """A typed level of it is compared with what its rule file gives, by the people of the sample here."""
    own = (
        "rule: by-size\ntitle: By size\ngrades: study\nprovenance: [{source: ours, says: x, verified: ours}]\n"
        "clauses:\n  - {clause: many, gives: 2, when: n >= 100, says: x, verified: ours}\n"
        "  - {clause: few, gives: 1, says: x, verified: ours}\noutputs: {}\n"
    )
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "by-size.yaml").write_text(own)

    assert problems(tmp_path, spoilt(STUDY, TYPED, "level: 2, profile: by-size")) == []
    (problem,) = problems(tmp_path, spoilt(STUDY, TYPED, "level: 1, profile: by-size"))
    assert (problem.code, problem.what) == ("SY202", "level 1, but the design gives 2 under by-size")
