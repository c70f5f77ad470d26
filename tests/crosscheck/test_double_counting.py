"""One trial counted twice in a pool."""

from synthesis.crosscheck.double_counting import double_counting
from synthesis.pipeline import pool_review
from tests.crosscheck.made import EFFECT, FINDING, STUDY, made


def notes_on(folder, cite="Beta2002", counts=(20, 31)):
    """What is noted when beta2002, in one pool with alpha2001 (10/100 v 30/100), has these reports and numbers."""
    finding = FINDING.format(modality="programme", comparator="none", what=EFFECT.format(*counts), report="Beta2002")
    head = STUDY.format(key="beta2002", report="Beta2002", level=5).replace("cite: [Beta2002]", f"cite: [{cite}]")
    return double_counting(pool_review(made(folder, beta2002=head + finding)))


def test_two_trials_are_two(tmp_path):
    """Different reports and different numbers: nothing to say."""
    assert notes_on(tmp_path) == ()


def test_a_shared_report_in_one_pool(tmp_path):
    """Two studies of one pool that cite the same report are named with it, at the later one."""
    (note,) = notes_on(tmp_path, cite="Beta2002, Alpha2001")

    assert note.code == "SY311"
    assert "alpha2001 and beta2002 share the report Alpha2001 in the pool programme reoffending" in note.what
    assert (note.path, note.line, note.fails) == ("studies/beta2002.yaml", 10, False)


def test_the_same_control_group_in_one_pool(tmp_path):
    """A control group that stands in two studies may be one group of people, counted twice."""
    (note,) = notes_on(tmp_path, counts=(20, 30))

    assert note.code == "SY312"
    assert "the control groups of alpha2001 and beta2002 have the same numbers" in note.what


def test_the_same_treatment_group_in_one_pool(tmp_path):
    """So may a treatment group."""
    assert [note.code for note in notes_on(tmp_path, counts=(10, 31))] == ["SY312"]


def test_groups_without_events_are_alike_by_chance(tmp_path):
    """Nobody with the event in two groups of equal size says nothing."""
    alpha = FINDING.format(modality="programme", comparator="none", what=EFFECT.format(5, 0), report="Alpha2001")
    beta = FINDING.format(modality="programme", comparator="none", what=EFFECT.format(7, 0), report="Beta2002")
    records = {
        name.lower(): STUDY.format(key=name.lower(), report=name, level=5) + text
        for name, text in (("Alpha2001", alpha), ("Beta2002", beta))
    }

    assert double_counting(pool_review(made(tmp_path, **records))) == ()


def test_the_same_control_means_in_one_pool(tmp_path):
    """Means with the same SD and size in two control groups are noted as counts are."""
    means = "effect: {{mean: {0}, sd: 4, n: 40, control_mean: 12.5, control_sd: 4.2, control_n: 38}}"
    records = {
        name.lower(): STUDY.format(key=name.lower(), report=name, level=5)
        + FINDING.format(modality="programme", comparator="none", what=means.format(mean), report=name)
        for name, mean in (("Alpha2001", 9), ("Beta2002", 10))
    }
    (note,) = double_counting(pool_review(made(tmp_path, **records)))

    assert note.code == "SY312"
    assert "control groups" in note.what
