"""A review's pool in every combination of choices: each equals the pool that these options make."""

from dataclasses import replace

import numpy as np
import pytest

from synthesis.effects import composite, escalc
from synthesis.errors import InvalidArgument
from synthesis.evidence import options_of, pool_evidence
from synthesis.evidence.multiverse import review_multiverse
from synthesis.evidence.multiverse_choices import ReviewChoices
from synthesis.evidence.own_effect import UNCORRECTED_ZERO
from synthesis.pooling import pool
from synthesis.pooling.sparse import mantel_haenszel, peto
from synthesis.records.review import Defaults
from synthesis.records.study import Counts, Design, Time
from tests.evidence.values import REVIEW, counts, estimate, finding, means, study

END, SHORT, LONG = Time("end of treatment", 0.0), Time("short", 6.0), Time("long", 24.0)
LEVELS = ((4, 5), (5,), (1, 2, 3, 4, 5))
CELL = ("cbt", "use")
CLUSTERS = Design("randomised", "cluster", clusters=10, icc=0.05)
MANY = tuple(np.linspace(0, 1, 2_000).tolist())


def at(key, setting="community", **given):
    """A study in a setting."""
    findings = given.pop("findings")
    one = study(key, *findings, **given)
    return replace(one, sample=replace(one.sample, setting=setting))


def several_times(*effects, detail="urine", **given):
    """The same measurement at the end, after 6 months and after 24."""
    return [
        finding(line, effect, time=time, detail=detail, **given)
        for line, (effect, time) in enumerate(zip(effects, (END, SHORT, LONG), strict=False), 10)
    ]


STUDIES = (
    at("a", findings=several_times(counts(5, 40, 12, 40), counts(9, 40, 14, 40), counts(15, 40, 14, 40))),
    at("b", "prison", findings=[*several_times(counts(0, 30, 4, 30), counts(2, 30, 6, 30)),
                                *several_times(counts(3, 30, 9, 30), detail="self-report")]),
    at("c", "prison", level=4, findings=several_times(counts(20, 90, 31, 88), detail="self-report")),
    at("d", level=3, findings=several_times(counts(8, 60, 22, 60), counts(10, 60, 20, 60))),
    at("e", findings=[*several_times(counts(11, 50, 16, 50)),
                      *several_times(counts(20, 50, 16, 50), comparator="active", control="mmt")]),
    at("f", "prison", findings=several_times(counts(7, 45, 6, 45), comparator="active")),
    at("g", findings=[finding(10, means(3.1, 4.4), detail="urine")]),
    at("h", findings=[
        finding(10, counts(6, 30, 9, 30), detail="hair"), finding(11, counts(4, 30, 12, 30), detail="nail"),
    ]),
    at("i", findings=[finding(10, estimate(0.7)), finding(11, None)]),
    at("j", "prison", findings=[
        finding(10, counts(3, 25, 0, 25), treatment="x", control="tau"),
        finding(11, counts(5, 25, 0, 25), treatment="y", control="tau"),
    ]),
    at("k", design=CLUSTERS, findings=several_times(counts(9, 80, 15, 80))),
)  # fmt: skip


def made(choices=None, studies=STUDIES, review=REVIEW, **asked):
    return review_multiverse(studies, review, options_of(review, **asked), CELL, choices)


def chosen(one, row):
    """The choices of a specification, those that are not varied too."""
    from synthesis.evidence.multiverse_choices import families_of

    fixed = {family.name: family.choices[0] for family in families_of(one.choices)}
    return {**fixed, **{family.name: str(one.found[family.name][row]) for family in one.found.families}}


def by_options(said, studies=STUDIES, family="binary"):
    """The pool that `pool_evidence` makes with the options of a specification; None where it makes none."""
    from synthesis.evidence.attributes import Condition

    where = [Condition("setting", "=", (said["setting"],))] if said["setting"] != "all" else []
    where += [Condition("detail", "=", (said["detail"],))] if said["detail"] != "in order" else []
    levels = {"4-5": (4, 5), "5": (5,), "1-5": (1, 2, 3, 4, 5)}[said["level"]]
    options = options_of(
        REVIEW, maryland=levels, where=tuple(where), follow_up=said["follow_up"], rho=float(said["rho"]),
        convert=None if said["convert"] == "none" else said["convert"], method=said["method"], test=said["test"],
        zero_cells=said["zero_cells"],
    )  # fmt: skip
    wanted = family if said["convert"] == "none" else "joined"
    pools = pool_evidence(studies, REVIEW, options).pools
    return next(
        (one for one in pools if (one.key.by, one.key.group, one.key.family) == (CELL, "inactive", wanted)), None
    )


def test_every_specification_is_the_pool_of_its_options():
    """Level, setting, follow-up, detail, rho, zero cells, conversion, method, test: each as `pool_evidence` has it."""
    found = made(ReviewChoices(comparator=("inactive",), methods=("REML", "EE")))
    compared = 0
    for row in range(0, len(found.found), 29):
        fit = by_options(chosen(found, row)).fit
        for name in ("k", "estimate", "se", "ci_low", "ci_high", "p_value"):
            assert found.found[name][row] == pytest.approx(getattr(fit, name), rel=1e-9), (name, chosen(found, row))
            compared += 1

    assert compared > 400
    assert {one.name for one in found.found.moved_by} == {
        "level", "setting", "follow_up", "detail", "rho", "zero_cells", "convert", "method", "test",
    }  # fmt: skip


def test_what_makes_no_pool_is_listed_and_makes_none():
    """Each specification without a pool has its reason, and `pool_evidence` makes none with its options either."""
    choices = ReviewChoices(
        comparator=("inactive",), zero_cells=("only0",), methods=("REML",), tests=("z",),
        setting=("all", "prison", "mixed"), detail=("in order", "hair"),
    )  # fmt: skip
    found = made(choices)
    offered = 3 * 3 * 3 * 2 * 3 * 2
    shares = offered // (len(found.found) + sum(one.specifications for one in found.found.unpooled))

    assert found.found.unpooled
    assert shares == np.prod([3 for name in found.idle if name in ("level", "rho", "follow_up")] or [1])
    for lost in found.found.unpooled:
        fixed = {"level": "4-5", "follow_up": "longest", "rho": "0.6", "method": "REML", "test": "z"}
        fixed["zero_cells"] = "only0"
        assert by_options({**fixed, **chosen(found, 0), **lost.choices}) is None
        assert lost.reason


def test_the_first_choices_are_the_reviews_own():
    """The specification of all first choices is the review's own headline pool."""
    found = made()

    assert found.own is not None
    assert found.own.headline
    assert found.found["estimate"][found.found.own] == pytest.approx(found.own.fit.estimate, rel=1e-12)
    assert found.found["ci_low"][found.found.own] == pytest.approx(found.own.fit.ci_low, rel=1e-12)


def test_a_reviews_own_defaults_come_first():
    """Another method, test, level, follow-up and correlation of review.toml, each in the first place."""
    own = replace(REVIEW, defaults=Defaults(method="DL", test="z", level=(5,), follow_up="end", rho=0.3))
    found = made(review=own)
    firsts = {family.name: family.choices[0] for family in found.found.families}

    assert firsts["method"] == "DL"
    assert (firsts["test"], firsts["level"], firsts["follow_up"], firsts["rho"]) == ("z", "5", "end", "0.3")
    assert found.found["estimate"][found.found.own] == pytest.approx(found.own.fit.estimate, rel=1e-12)


def counted(zero_cells, measure="RR"):
    """Effects of the counts that enter by the review's own options, by a policy on zero cells, cluster widened."""
    own = next(one for one in pool_evidence(STUDIES, REVIEW, options_of(REVIEW)).pools if one.headline)
    rows = [entry for entry in own.entries if isinstance(entry.data, Counts)]
    data = [entry.data for entry in rows]
    effects = escalc(
        measure, ai=[one.events for one in data], n1i=[one.n for one in data], ci=[one.control_events for one in data],
        n2i=[one.control_n for one in data], to=zero_cells,
    )  # fmt: skip
    inflation = np.array([entry.effects[0].inflation for entry in rows])
    return {entry.study.key: (y, v) for entry, y, v in zip(rows, effects.yi, effects.vi * inflation, strict=True)}, own


def test_every_policy_on_zero_cells():
    """1/2 to all, and none, as `escalc` has them: combined arms and clusters too; averaged effects by their parts."""
    choices = ReviewChoices(
        level=((4, 5),), setting=("all",), comparator=("inactive",), follow_up=("longest",), detail=("in order",),
        rho=(0.6,), convert=("none",), methods=("DL",), tests=("z",),
    )  # fmt: skip
    found = made(choices).found

    assert found["zero_cells"].tolist() == ["only0", "all", "none"]
    for row, policy in enumerate(found["zero_cells"].tolist()):
        known, own = counted(policy)
        one = found.sets[found.data_set[row]]
        keys = [STUDIES[place].key for place in one.studies.tolist()]
        effects = dict(zip(keys, zip(one.y, one.v, strict=True), strict=True))
        for key, value in known.items():
            if np.isfinite(value).all():
                assert effects[key] == pytest.approx(value, rel=1e-12)
            else:
                assert key not in effects
        assert set(keys) <= {entry.study.key for entry in own.entries}
        assert found.estimate[row] == pytest.approx(pool(one.y, one.v, method="DL", test="z").estimate, rel=1e-12)
    assert found.k.tolist() == [8, 8, 7]  # j has no control with the event


def test_a_review_is_pooled_by_a_policy_on_zero_cells():
    """j, without an event in its controls, gets 1/2, or leaves with the reason; another name gets the nearest."""
    corrected, left = (pool_evidence(STUDIES, REVIEW, options_of(REVIEW, zero_cells=one)) for one in ("all", "none"))
    keys = [{entry.study.key for one in found.pools for entry in one.entries} for found in (corrected, left)]

    assert options_of(REVIEW).zero_cells == "only0"
    assert keys[0] - keys[1] == {"j"}
    assert [one.reason for one in left.left_out if one.study.key == "j"] == [UNCORRECTED_ZERO] * 2
    with pytest.raises(InvalidArgument, match=r"no zero cells 'onlyO': did you mean 'only0'"):
        options_of(REVIEW, zero_cells="onlyO")


def test_a_multiverse_begins_with_the_policy_that_is_asked_for():
    """With 1/2 to all as the review's own, this is the first choice and the headline pool."""
    found = made(zero_cells="all")

    assert next(one.choices for one in found.found.families if one.name == "zero_cells") == ("all", "only0", "none")
    assert found.found["estimate"][found.found.own] == pytest.approx(found.own.fit.estimate, rel=1e-12)


def test_averaged_effects_follow_the_policy_by_their_parts():
    """h has two details, averaged with correlation 0.6: each of them with 1/2 in every cell."""
    found = made(
        ReviewChoices(comparator=("inactive",), methods=("DL",), tests=("z",), zero_cells=("all", "none"))
    ).found
    parts = escalc("RR", ai=[6, 4], n1i=[30, 30], ci=[9, 12], n2i=[30, 30], to="all")
    one = found.sets[found.data_set[found.own]]
    place = one.studies.tolist().index([study.key for study in STUDIES].index("h"))

    assert (one.y[place], one.v[place]) == pytest.approx(composite(parts.yi, parts.vi, 0.6), rel=1e-12)


def test_models_of_counts_stand_beside_uncorrected_zero_cells():
    """Mantel-Haenszel and Peto of the same studies, where all have counts; else the reason."""
    studies = tuple(one for one in STUDIES if one.key in "abcj")
    choices = ReviewChoices(comparator=("inactive",), follow_up=("longest",), detail=("in order",), convert=("none",))
    found = made(choices, studies)
    all_levels = next(one for one in found.beside if one.model == "MH")
    own = next(one for one in pool_evidence(studies, REVIEW, options_of(REVIEW)).pools if one.headline)
    data = [entry.data for entry in own.entries]
    columns = {
        "ai": [one.events for one in data], "n1i": [one.n for one in data],
        "ci": [one.control_events for one in data], "n2i": [one.control_n for one in data],
    }  # fmt: skip

    assert all_levels.fit.estimate == pytest.approx(mantel_haenszel("RR", **columns).estimate, rel=1e-9)
    by_peto = next(one for one in found.beside if one.model == "PETO")
    assert by_peto.fit.estimate == pytest.approx(peto(**columns).estimate, rel=1e-9)
    assert all(one.choices["zero_cells"] == "none" for one in found.beside)
    printed = made(choices).beside[0]
    assert printed.fit is None
    assert "not every study has counts" in printed.problem


def test_with_active_comparators_a_study_keeps_its_inactive_one():
    """e has both and stays as it was; f, with an active one alone, comes in."""
    choices = ReviewChoices(
        level=((4, 5),), setting=("all",), follow_up=("longest",), detail=("in order",), rho=(0.6,),
        zero_cells=("only0",), convert=("none",), methods=("EE",), tests=("z",),
    )  # fmt: skip
    found = made(choices).found
    inactive, both = (found.sets[place] for place in found.data_set.tolist())
    names = [{STUDIES[place].key for place in one.studies.tolist()} for one in (inactive, both)]

    assert names[1] - names[0] == {"f"}
    shared = [place for place, study_number in enumerate(both.studies) if study_number in inactive.studies]
    assert both.y[shared] == pytest.approx(inactive.y)


def test_choices_that_change_no_number_are_named_and_not_multiplied():
    """Two plain trials: what cannot change a number is told as idle; 1/2 to all and conversion can."""
    studies = tuple(at(key, findings=[finding(10, counts(5, 50, n, 50))]) for key, n in (("a", 12), ("b", 15)))
    found = made(studies=studies)

    assert [one.name for one in found.found.moved_by] == ["zero_cells", "convert", "method", "test"]
    assert found.idle == ("level", "setting", "comparator", "follow_up", "rho")
    assert len(found.found) == 3 * 2 * 4 * 3


def test_measures_are_not_set_against_one_another():
    """SMDs stand beside ratios: conclusions are compared, mean estimates only in the review's own measure."""
    found = made(ReviewChoices(convert=("none", "SMD"))).found
    convert = next(one for one in found.moved_by if one.name == "convert")

    assert set(found.measure.tolist()) == {"RR", "SMD"}
    assert found.compared == "RR"
    assert convert.range is None
    assert convert.pairs > 0
    method = next(one for one in found.moved_by if one.name == "method")
    assert all(mean is None or abs(mean) < 2 for mean in method.means)


def test_lower_is_better_here():
    """A ratio below 1 is a benefit where the outcome should fall."""
    found = made().found
    row = found.estimate.argmin()

    assert found.better == "lower"
    assert found.estimate[row] < 0
    assert set(found.direction[found.ci_high < 0]) == {"benefit"}


def test_nothing_in_numbers():
    """A cell without numbers has the reason and no multiverse."""
    found = made(studies=(at("a", findings=[finding(10, None)]),))

    assert found.found is None
    assert found.problem == "no effect in numbers under any choice"


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (ReviewChoices(setting=("jail",)), r"no setting 'jail'"),
        (ReviewChoices(comparator=("activ",)), r"no comparator 'activ'"),
        (ReviewChoices(zero_cells=("onlyO",)), r"no zero cells 'onlyO': did you mean 'only0'"),
        (ReviewChoices(convert=("HR",)), r"no convert 'HR'"),
        (ReviewChoices(level=((6,),)), r"levels must be from 1 to 5"),
        (ReviewChoices(follow_up=("later",)), r"no follow-up 'later'"),
        (ReviewChoices(rho=(1.5,)), r"rho must lie between 0 and 1"),
        (ReviewChoices(methods=("REMl",)), r"did you mean 'REML'"),
        (ReviewChoices(rho=MANY), r"23,328,000 specifications are more than 1,000,000: offer fewer"),
        (
            ReviewChoices(rho=MANY[::7], methods=("DL",), tests=("z",)),
            r"277,992 combinations of choices of data are more",
        ),
    ],
)
def test_what_cannot_be_asked(choices, message):
    """Each mistake with the nearest name or the reason."""
    with pytest.raises(InvalidArgument, match=message):
        made(choices)
