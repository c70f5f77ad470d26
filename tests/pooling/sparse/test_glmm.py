"""Laws of the mixed models of counts, and what they do with data that say little or nothing."""

import functools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling.sparse.generalised import GLMMS
from synthesis.pooling.sparse.glmm import glmm
from synthesis.pooling.sparse.maximise import climb
from tests.pooling.sparse.test_glmm_likelihood import internal

TABLES = {"ai": [1, 4, 0, 2, 9], "n1i": [40, 56, 12, 48, 25], "ci": [2, 9, 3, 0, 3], "n2i": [36, 51, 13, 46, 23]}
RATES = {"x1i": [9, 8, 3, 1, 7], "t1i": [41, 26, 48, 23, 48], "x2i": [19, 9, 13, 9, 0], "t2i": [39, 24, 43, 24, 9]}
SHARES = {"xi": [0, 3, 9, 2, 7], "ni": [20, 11, 14, 30, 9]}
EVENTS = {"xi": [0, 3, 9, 2, 7], "ti": [20.0, 11.0, 14.0, 30.0, 9.0]}
DATA = {"OR": TABLES, "IRR": RATES, "PLO": SHARES, "IRLN": EVENTS}
KINDS = [(measure, code) for code, kind in GLMMS.items() for measure in kind.measures]
TWO_GROUPS = [kind for kind in KINDS if kind[0] in ("OR", "IRR")]
NUMBERS = ("estimate", "se", "tau2", "q_wald", "q_lrt", "log_likelihood", "pi_low")


@functools.cache
def fitted(measure, code, method="ML"):
    """The fit to DATA, made once."""
    return glmm(measure, **DATA[measure], model=code, method=method)


def numbers(fit, names=NUMBERS):
    return [getattr(fit, name) for name in names]


def close(found, expected):
    return found == pytest.approx(expected, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize(("measure", "code"), KINDS)
def test_the_order_of_studies_changes_nothing(measure, code):
    """Any order gives the same numbers."""
    turned = {name: [values[i] for i in (3, 0, 4, 2, 1)] for name, values in DATA[measure].items()}

    assert close(numbers(glmm(measure, **turned, model=code)), numbers(fitted(measure, code)))


@pytest.mark.parametrize(("measure", "code"), TWO_GROUPS)
def test_swapping_the_groups_flips_the_sign(measure, code):
    """The effect changes its sign, and nothing else; only the saturated UM.RS treats the groups unlike each other."""
    names = list(DATA[measure])
    swapped = dict(zip(names[2:] + names[:2], DATA[measure].values(), strict=True))
    one, other = fitted(measure, code), glmm(measure, **swapped, model=code)
    same = ("se", "tau2", "log_likelihood") + (() if code == "UM.RS" else ("q_wald", "q_lrt"))

    assert close(-other.estimate, one.estimate)
    assert close(numbers(other, same), numbers(one, same))
    assert close((-other.ci_high, -other.ci_low), (one.ci_low, one.ci_high))


@pytest.mark.parametrize("code", ["UM.FS", "UM.RS", "CM.EL"])
def test_the_unit_of_time_changes_no_rate_ratio(code):
    """Person-years or millions of them: the log rate ratio and its likelihood are the same."""
    other = RATES | {name: [1e-6 * time for time in RATES[name]] for name in ("t1i", "t2i")}

    assert close(numbers(glmm("IRR", **other, model=code)), numbers(fitted("IRR", code)))


def test_the_unit_of_time_shifts_a_rate():
    """IRLN: a rate per day is that of a year divided by its days."""
    year, day = fitted("IRLN", "PN"), glmm("IRLN", xi=EVENTS["xi"], ti=[365.25 * time for time in EVENTS["ti"]])

    assert close(day.estimate, year.estimate - np.log(365.25))
    assert close(
        numbers(day, ("se", "tau2", "q_lrt", "log_likelihood")),
        numbers(year, ("se", "tau2", "q_lrt", "log_likelihood")),
    )


@pytest.mark.parametrize(("measure", "code"), KINDS)
def test_studies_that_agree_give_equal_effects(measure, code):
    """Where tau2 is 0, on its boundary, ML is EE; only the prediction interval and the parameter of tau2 stay."""
    alike = {name: [values[1]] * 4 for name, values in DATA[measure].items()}
    equal, random = (glmm(measure, **alike, model=code, method=method) for method in ("EE", "ML"))
    same = ("estimate", "se", "q_wald", "q_lrt", "log_likelihood", "conditional_log_likelihood")

    assert (random.tau2, random.boundary, random.tau2_se) == (0.0, True, None)
    assert close(numbers(random, same), numbers(equal, same))
    assert random.parameters == equal.parameters + 1


@pytest.mark.parametrize(("measure", "code"), KINDS)
def test_larger_models_fit_better(measure, code):
    """Equal effects are no likelier than effects that differ at random, and these than an effect for each study."""
    equal, random = fitted(measure, code, "EE"), fitted(measure, code)

    assert equal.log_likelihood <= random.log_likelihood + 1e-12
    assert random.log_likelihood <= equal.log_likelihood + equal.q_lrt / 2
    assert equal.aic == pytest.approx(2 * equal.parameters - 2 * equal.log_likelihood)
    assert random.aicc > random.aic


@pytest.mark.parametrize(("measure", "code"), KINDS)
def test_no_other_tau2_is_likelier(measure, code):
    """The likelihood with tau fixed elsewhere, all else at its best, is lower."""
    found = internal(measure, DATA[measure], code, 7)
    own, shared = found.maximum.own, found.maximum.shared
    free = np.arange(len(shared)) < len(shared) - 1
    others = [climb(found.model, own, np.append(shared[:-1], tau), free) for tau in (0.0, 0.1, 0.3, 0.6, 1, 2, 4)]

    assert found.maximum.converged
    assert max(other.value for other in others) <= found.maximum.value + 1e-9


def test_studies_without_events_are_left_out_by_name():
    """No events, or nothing but events, in both groups: left out with the row; UM.RS keeps them if asked to."""
    more = {"ai": [0, 7], "n1i": [30, 7], "ci": [0, 5], "n2i": [30, 5]}
    both = {name: more[name][:1] + values + more[name][1:] for name, values in TABLES.items()}
    fit = glmm("OR", **both)

    assert [(note.row, note.reason) for note in fit.left_out] == [
        (0, "no events in either group"),
        (6, "nothing but events in both groups"),
    ]
    assert close(numbers(fit), numbers(fitted("OR", "UM.FS")))
    assert glmm("OR", **both, model="CM.EL", drop00=False).k == 5
    assert glmm("OR", **both, model="UM.RS", drop00=False).k == 7


def test_missing_counts_are_left_out_by_name():
    """A row without one of its counts does not enter, and is named."""
    fit = glmm("PLO", xi=[None, *SHARES["xi"]], ni=[5, *SHARES["ni"]])

    assert fit.k == 5
    assert fit.to_dict()["left_out"] == [{"row": 1, "reason": "a count is missing"}]
    assert "row 1 left out: a count is missing" in fit.summary()


@pytest.mark.parametrize(("measure", "code"), KINDS)
def test_one_study_is_not_pooled(measure, code):
    """Its own effect with z interval; None with a reason for all that needs a second study."""
    fit = glmm(measure, **{name: values[1:2] for name, values in DATA[measure].items()}, model=code, test="t")

    assert (fit.k, fit.method, fit.test, fit.df) == (1, "none", "z", None)
    for field in ("tau2", "i2", "h2", "pi_low", "q_wald", "q_lrt_p_value"):
        assert getattr(fit, field) is None
        assert fit.reason(field)
    assert fit.reason("test")


def test_two_studies_have_no_prediction_interval():
    """K - 2 degrees of freedom are none, and t has one."""
    fit = glmm("OR", **{name: values[:2] for name, values in TABLES.items()}, test="t")

    assert (fit.pi_low, fit.pi_high, fit.df) == (None, None, 1)
    assert "two studies leave none" in fit.reason("pi_low")


def test_own_effects_that_are_infinite_are_told():
    """Studies with a zero cell have no weight in the Wald test, and the result says how many they are."""
    assert fitted("OR", "UM.FS").reason("q_wald").endswith(": 2")
    assert not glmm("OR", **{name: values[:2] for name, values in TABLES.items()}).reason("q_wald")


UNBOUNDED = {
    "no event in the first group": ("OR", {"ai": [0, 0], "n1i": [9, 8], "ci": [3, 1], "n2i": [9, 8]}),
    "no event in the second group": ("IRR", {"x1i": [2, 0], "t1i": [9, 8], "x2i": [0, 0], "t2i": [9, 8]}),
    "no event": ("PLO", {"xi": [0, 0], "ni": [9, 8]}),
    "nothing but events": ("PLO", {"xi": [9, 8], "ni": [9, 8]}),
    "no event in time": ("IRLN", {"xi": [0, 0], "ti": [9, 8]}),
}


@pytest.mark.parametrize("name", UNBOUNDED)
@pytest.mark.parametrize("method", ["EE", "ML"])
def test_an_infinite_effect_is_refused(name, method):
    """Where the likelihood rises for ever with the effect, one error says so, for every model."""
    measure, inputs = UNBOUNDED[name]
    for code, kind in GLMMS.items():
        if measure in kind.measures:
            with pytest.raises(InvalidArgument, match="no finite log"):
                glmm(measure, **inputs, model=code, method=method)


@pytest.mark.parametrize("code", ["UM.FS", "UM.RS", "CM.EL"])
def test_nothing_but_events_in_one_group_is_refused(code):
    """As no events; but CM.AL, which takes events to be rare, sees no limit to their number."""
    inputs = {"ai": [1, 2], "n1i": [9, 8], "ci": [9, 8], "n2i": [9, 8]}

    with pytest.raises(InvalidArgument, match="no finite log odds ratio"):
        glmm("OR", **inputs, model=code)
    assert glmm("OR", **inputs, model="CM.AL").converged


def test_margins_that_leave_no_choice_are_refused():
    """Separation that no single group shows: each table has as many events in its first group as its margins allow."""
    inputs = {"ai": [3, 2], "n1i": [3, 9], "ci": [1, 0], "n2i": [9, 9]}

    for code in ("UM.FS", "CM.EL"):
        with pytest.raises(InvalidArgument, match="no finite log odds ratio"):
            glmm("OR", **inputs, model=code)
    assert np.isfinite(glmm("OR", **inputs, model="UM.RS").estimate)


def test_an_infinite_variance_is_refused():
    """Everybody or nobody in each study: no sensible tau2 is the most likely, and EE is offered."""
    with pytest.raises(InvalidArgument, match="take method EE"):
        glmm("PLO", xi=[9, 0, 8, 0], ni=[9, 9, 8, 8])
    assert glmm("PLO", xi=[9, 0, 8, 0], ni=[9, 9, 8, 8], method="EE").estimate == pytest.approx(0)


def test_no_maximum_is_not_called_one():
    """Counts from 0 to millions by Laplace: the iteration rests, the information is not positive, and both are said."""
    counts = {"x1i": [0, 10**6, 1, 1000], "t1i": [1e-3, 1e5, 1, 1], "x2i": [1000, 0, 3, 10**8], "t2i": [1, 2, 3, 4]}
    fit = glmm("IRR", **counts, model="CM.EL", nAGQ=1)

    assert not fit.converged
    assert fit.tau2_se is None
    for field in ("converged", "se", "tau2_se"):
        assert fit.reason(field)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"measure": "RR"}, "no generalised linear mixed model of 'RR'"),
        ({"model": "UM.FX"}, r"no model 'UM.FX' of OR: did you mean 'UM.FS'\?"),
        ({"model": "BN"}, "no model 'BN' of OR"),
        ({"method": "REML"}, "no method 'REML' of these models"),
        ({"test": "knha"}, "no test 'knha' of these models"),
        ({"coding": 2}, "coding must be 0.5, 1 or 0"),
        ({"nAGQ": 0}, "nAGQ must be a whole number from 1 to 100"),
        ({"level": 95}, "level must be between 0 and 1"),
        ({"xi": [1, 2]}, "OR takes no 'xi': choose one of: ai, ci, bi, n1i, di, n2i"),
        ({"drop_00": False}, r"OR takes no 'drop_00': did you mean 'drop00'\?"),
        ({"ai": [0.5, 1, 2, 3, 4]}, "counts must be whole numbers: row 1"),
        ({"ai": [50, 1, 2, 3, 40]}, "more events than people, or counts below 0, in the first group: rows 1, 5"),
        ({"ai": [np.inf, 1, 2, 3, 4]}, "row 1"),
        ({"ai": [1, 2]}, "columns must be of one length"),
        ({name: [] for name in TABLES}, "there is no study to pool"),
    ],
)  # fmt: skip
def test_bad_arguments(arguments, message):
    """One error names what is wrong, and the rows."""
    with pytest.raises(InvalidArgument, match=message):
        glmm(**({"measure": "OR"} | TABLES | arguments))


def test_tables_too_many_to_count_are_refused():
    """The exact likelihood of millions of tables is refused, with models that can do it; these do."""
    inputs = {"ai": [2_000_000, 9], "n1i": [9_000_000, 90], "ci": [2_100_000, 12], "n2i": [9_000_000, 90]}

    with pytest.raises(InvalidArgument, match=r"take UM\.FS, or CM\.AL where events are rare"):
        glmm("OR", **inputs, model="CM.EL")
    assert glmm("OR", **inputs, model="UM.FS").converged


def test_result_as_text_and_json():
    """Text names the model and its numbers; the dictionary is fit for JSON and holds no NaN."""
    fit = fitted("OR", "UM.RS")
    plain = json.loads(json.dumps(fit.to_dict(), allow_nan=False))

    assert (plain["model"], plain["nAGQ"], plain["k"]) == ("UM.RS", 7, 5)
    assert "(OR, UM.RS, ML, z, 95 %)" in fit.summary()
    assert "sigma^2 of studies" in fit.summary()


def test_any_number_of_equal_columns():
    """Non-events in place of sizes, and single numbers in place of columns, are the same data."""
    others = {
        "ai": TABLES["ai"],
        "bi": np.subtract(TABLES["n1i"], TABLES["ai"]),
        "ci": TABLES["ci"],
        "n2i": TABLES["n2i"],
    }

    assert numbers(glmm("OR", **others)) == numbers(fitted("OR", "UM.FS"))
    assert glmm("PLO", xi=[1, 2, 3], mi=[7, 6, 5]).estimate == glmm("PLO", xi=[1, 2, 3], ni=8).estimate


@st.composite
def sparse_tables(draw):
    """Two to four small tables with few events."""
    k = draw(st.integers(2, 4))
    sizes = st.lists(st.integers(1, 12), min_size=k, max_size=k)
    n1, n2 = draw(sizes), draw(sizes)
    a, c = ([draw(st.integers(0, min(3, n))) for n in group] for group in (n1, n2))
    return {"ai": a, "n1i": n1, "ci": c, "n2i": n2}


@settings(max_examples=12)
@given(inputs=sparse_tables(), code=st.sampled_from(["UM.FS", "UM.RS", "CM.EL", "CM.AL"]))
def test_sparse_tables_give_a_result_or_one_reason(inputs, code):
    """However few the events: finite numbers and None with reasons, or InvalidArgument."""
    try:
        fit = glmm("OR", **inputs, model=code)
    except InvalidArgument:
        return
    plain = fit.to_dict()
    silent = [name for name, value in plain.items() if value is None and not fit.reason(name)]

    assert set(silent) <= {"df", "sigma2"}
    assert fit.converged or fit.reason("converged")
    assert json.dumps(plain, allow_nan=False)
