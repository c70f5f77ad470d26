"""`synth pool FILE`: each option gives the reference's numbers, and what cannot be asked is refused."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.columns import ROLES
from synthesis.cli.pool import pool
from synthesis.effects.measures import MEASURES, PRINTED
from synthesis.errors import InvalidArgument, InvalidData
from tests.pooling.reference import blocks, is_target

SIX_DIGITS = 1e-5  # of the JSON, which has six significant digits
LOOSE = 1e-4  # what the README allows GLMM and multilevel models
MEAN = {"b": "estimate", "se": "se", "pval": "p_value", "ci.lb": "ci_low", "ci.ub": "ci_high"}
COUNTS = ("ai", "n1i", "ci", "n2i")


def inputs(file, name):
    """Inputs and outputs of one block."""
    block = next(block for block in blocks(file) if block["id"] == name)
    return block["inputs"], block["outputs"]


def written(path, columns):
    """A CSV table of columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        rows.writerows(zip(*columns.values(), strict=True))
    return path


def run(*arguments):
    return CliRunner().invoke(pool, list(map(str, arguments)), catch_exceptions=False)


def flags(*roles):
    """Each role from the column of the same name."""
    return [part for role in roles for part in (f"--{role.replace('_', '-')}", role)]


def first(*arguments):
    """The only pool that JSON has."""
    done = run(*arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout, parse_constant=pytest.fail)["pools"]
    return found


@pytest.fixture
def bcg(tmp_path):
    """The BCG trials of the reference: effects, sizes of the samples, weights and counts."""
    columns, outputs = inputs("pooling", "bcg_rr")
    ones = [1.0] * columns["k"]
    table = {"yi": columns["yi"], "vi": columns["vi"], "w": columns["genq_weights"], "one": ones, **columns["raw"]}
    return written(tmp_path / "bcg.csv", table), outputs


def agree(found, expected, names=MEAN, rel=SIX_DIGITS):
    """How many numbers were compared; all agree."""
    targets = {ours: expected[theirs] for theirs, ours in names.items() if is_target(expected.get(theirs))}
    assert {name: found[name] for name in targets} == pytest.approx(targets, rel=rel)
    return len(targets)


def test_the_flags_are_the_roles_of_all_measures():
    """Every column that a measure or a printed estimate takes has its flag, and no other."""
    taken = {name for measure in MEASURES.values() for name in measure.columns}

    assert set(ROLES) == taken | set(PRINTED)


@pytest.mark.parametrize("method", ["EE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "SJIT"])
def test_each_method(bcg, method):
    """Every estimator, with the z test: 7 numbers, and 5 with equal effects, which have no tau2 to compare."""
    path, outputs = bcg
    found = first(path, *flags("yi", "vi"), "--method", method, "--test", "z")
    expected = outputs["methods"][method]
    names = {"tau2": "tau2", "I2": "i2"} if method != "EE" else {}

    assert agree(found, expected["tests"]["z"]) + agree(found, expected, names) == (5 if method == "EE" else 7)


@pytest.mark.parametrize("test", ["z", "t", "knha", "adhoc"])
def test_each_test(bcg, test):
    """The mean, its interval and the default prediction interval of each test."""
    path, outputs = bcg
    expected = outputs["methods"]["REML"]["tests"][test]
    found = first(path, *flags("yi", "vi"), "--test", test)

    assert agree(found, expected) == 5
    assert agree(found, expected["prediction_interval"]["riley"], {"pi.lb": "pi_low", "pi.ub": "pi_high"}) == 2


@pytest.mark.parametrize(("code", "key"), [("QP", "ci_qprofile"), ("PL", "ci_profile_likelihood")])
def test_each_interval_of_tau2(bcg, code, key):
    """Q-profile and profile likelihood of REML."""
    path, outputs = bcg
    found = first(path, *flags("yi", "vi"), "--tau2-interval", code)

    expected = outputs["methods"]["REML"][key]["tau2"]
    assert agree(found, expected, {"ci.lb": "tau2_ci_low", "ci.ub": "tau2_ci_high"}) == 2
    assert found["tau2_interval"] == code


@pytest.mark.parametrize("kind", ["V", "HTS", "HK", "HK-PR", "KR", "KR-PR"])
def test_each_prediction_interval(bcg, kind):
    """The kinds of the R package meta, for REML."""
    path, _ = bcg
    expected = inputs("intervals", "bcg_rr")[1]["REML"]["prediction"][kind]
    found = first(path, *flags("yi", "vi"), "--prediction", kind, "--test", "z")

    assert agree(found, expected, {"pi.lb": "pi_low", "pi.ub": "pi_high"}) == 2


def test_weights_of_ones_own(bcg):
    """Equal weights are metafor's weighted = FALSE; GENQ takes those of the column."""
    path, outputs = bcg
    equal = first(path, *flags("yi", "vi"), "--weights", "one", "--test", "z")
    genq = first(path, *flags("yi", "vi"), "--weights", "w", "--method", "GENQ", "--test", "z")

    assert agree(equal, outputs["other"]["unweighted_REML"]) == 5
    assert agree(genq, outputs["methods"]["GENQ"]["tests"]["z"]) == 5


def test_tau2_known_from_elsewhere(bcg):
    """metafor's fixed tau2; the method says that it was given."""
    path, outputs = bcg
    expected = outputs["other"]["fixed_tau2"]
    found = first(path, *flags("yi", "vi"), "--tau2", expected["tau2_given"], "--test", "z")

    assert agree(found, expected) == 5
    assert (found["method"], found["tau2"]) == ("given", 0.16)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
@pytest.mark.parametrize("name", ["bcg_mh_peto", "li2007_mh_peto", "egger2001_mh_peto", "zero_cells_a_mh_peto"])
def test_mantel_haenszel(tmp_path, name, measure):
    """Estimate, standard error, p and interval; double zeros leave OR and RR, where they say nothing, but for RD."""
    columns, outputs = inputs("two_by_two_models", name)
    path = written(tmp_path / "a.csv", columns)
    keep = ["--no-drop00"] if measure == "RR" else []  # a study full of events moves metafor's RR towards 1
    found = first(path, *flags(*COUNTS), "--measure", measure, "--model", "MH", *keep)

    assert agree(found, outputs[f"mh_{measure}"]) == 5


@pytest.mark.parametrize("name", ["bcg_mh_peto", "li2007_mh_peto", "egger2001_mh_peto", "zero_cells_a_mh_peto"])
def test_peto(tmp_path, name):
    """Peto's odds ratio, called by either measure."""
    columns, outputs = inputs("two_by_two_models", name)
    path = written(tmp_path / "a.csv", columns)

    for measure in ("OR", "PETO"):
        assert agree(first(path, *flags(*COUNTS), "--measure", measure, "--model", "PETO"), outputs["peto"]) == 5


@pytest.mark.parametrize(("measure", "name"), [("IRR", "hart1999_mh_rates"), ("IRD", "rates_zero_a_mh_rates")])
def test_mantel_haenszel_of_rates(tmp_path, measure, name):
    """Rate ratio and rate difference."""
    columns, outputs = inputs("two_by_two_models", name)
    path = written(tmp_path / "a.csv", columns)
    found = first(path, *flags("x1i", "t1i", "x2i", "t2i"), "--measure", measure, "--model", "MH")

    assert agree(found, outputs[f"mh_{measure}"]) == 5


@pytest.mark.parametrize(
    ("model", "method"), [("UM.FS", "ML"), ("UM.FS", "EE"), ("CM.AL", "ML"), ("CM.AL", "EE"), ("CM.EL", "ML")]
)
def test_mixed_models_of_odds_ratios(tmp_path, model, method):
    """Estimate, standard error, interval and tau2, at the tolerance of these blocks.

    Without CM.EL by EE, whose standard error the reference has by numerical derivatives: see `test_glmm_reference`.
    """
    columns, outputs = inputs("two_by_two_models", "bcg_glmm_or")
    path = written(tmp_path / "a.csv", columns)
    found = first(path, *flags(*COUNTS), "--measure", "OR", "--model", model, "--method", method)

    expected = outputs[f"{model}|{method}"]
    assert agree(found, expected, {"b": "estimate", "se": "se", "ci.lb": "ci_low", "ci.ub": "ci_high"}, LOOSE) == 4
    assert found["tau2"] == pytest.approx(expected["tau2"], rel=LOOSE)


def test_a_mixed_model_of_proportions_read_as_proportions(tmp_path):
    """BN for PLO; --back-transform reads the log odds as a proportion, in table, CSV and JSON alike."""
    columns, outputs = inputs("two_by_two_models", "pritz1997_glmm_plo")
    path = written(tmp_path / "a.csv", columns)
    asked = [path, *flags("xi", "ni"), "--measure", "PLO", "--model", "BN", "--back-transform"]
    found = first(*asked)
    (row,) = csv.DictReader(io.StringIO(run(*asked, "--format", "csv").stdout))

    assert found["estimate"] == pytest.approx(outputs["ML"]["b"], rel=LOOSE)
    assert found["back_transformed"]["estimate"] == pytest.approx(0.798433, rel=LOOSE)  # 1 / (1 + exp(-1.3766044))
    assert (float(row["estimate"]), row["scale"]) == (found["back_transformed"]["estimate"], "inverse_logit")
    assert "0.7984" in run(*asked).stdout


def test_back_transformation_of_double_arcsines_and_of_what_needs_none(tmp_path):
    """PFT takes the harmonic mean of the sizes; a risk difference is read as it is."""
    path = written(tmp_path / "a.csv", {"xi": [5, 20, 9], "ni": [50, 50, 50], "d": [0.1, 0.2, 0.3]})
    found = first(path, *flags("xi", "ni"), "--measure", "PFT", "--back-transform")
    plain = first(path, "--yi", "d", "--vi", "d", "--measure", "RD", "--back-transform")

    assert 5 / 50 < found["back_transformed"]["estimate"] < 20 / 50
    assert "back_transformed" not in plain
    with pytest.raises(InvalidArgument, match="name the column --ni too"):
        run(path, "--yi", "d", "--vi", "d", "--measure", "PFT", "--back-transform")


def test_three_levels_of_a_table(tmp_path):
    """konstantopoulos2011: REML, t by containment, both variances and their profile intervals, by --cluster."""
    columns, outputs = inputs("multilevel", "konstantopoulos2011")
    path = written(tmp_path / "a.csv", {name: columns[name] for name in ("yi", "vi", "cluster")})
    asked = [path, *flags("yi", "vi"), "--cluster", "cluster", "--rho", 0]
    found = first(*asked, "--dependence", "multilevel")
    expected = outputs["REML_t_contain"]

    mean = {name: values[0] for name, values in expected["coefficients"].items()}
    assert agree(found, mean, rel=LOOSE) == 5
    levels = found["details"]["levels"]
    assert [one["sigma2"] for one in levels] == pytest.approx(expected["sigma2"], rel=LOOSE)
    profile = outputs["REML"]["profile_ci"]
    assert [one["ci_high"] for one in levels] == pytest.approx([one["ci.ub"] for one in profile], rel=LOOSE)
    assert (found["k"], found["details"]["effects"], found["df"]) == (11, 56, 10)


def test_robust_and_correlated_errors_of_a_table(tmp_path):
    """CR2 with Satterthwaite's degrees of freedom; sampling errors that correlate by 0.6."""
    columns, outputs = inputs("multilevel", "konstantopoulos2011")
    path = written(tmp_path / "a.csv", {name: columns[name] for name in ("yi", "vi", "cluster")})
    asked = [path, *flags("yi", "vi"), "--cluster", "cluster"]
    robust = first(*asked, "--dependence", "robust", "--rho", 0)
    z = first(*asked, "--dependence", "multilevel", "--test", "z")
    cr2 = outputs["REML"]["robust"]["CR2_satterthwaite"]
    correlated = outputs["correlated_errors_rho06_REML"]["coefficients"]

    names = {**MEAN, "df": "df"}
    assert agree(robust, {name: cr2[name][0] for name in names}, names, LOOSE) == 6
    assert agree(z, {name: correlated[name][0] for name in MEAN}, rel=LOOSE) == 5


def test_aggregated_effects_of_a_table(tmp_path):
    """The aggregated effects of the reference (the plain mean, correlation 0.8), and these pooled."""
    columns, outputs = inputs("multilevel", "aggregate_konstantopoulos2011")
    path = written(tmp_path / "a.csv", {name: columns[name] for name in ("yi", "vi", "study")})
    expected = outputs["CS_rho08_unweighted"]
    asked = [path, *flags("yi", "vi"), "--cluster", "study", "--dependence", "aggregate", "--rho", 0.8]
    found = first(*asked)
    again = first(written(tmp_path / "b.csv", {"yi": expected["yi"], "vi": expected["vi"]}), *flags("yi", "vi"))

    assert found["details"]["yi"] == pytest.approx(expected["yi"], rel=SIX_DIGITS)
    assert found["details"]["vi"] == pytest.approx(expected["vi"], rel=SIX_DIGITS)
    assert {name: found[name] for name in MEAN.values()} == {name: again[name] for name in MEAN.values()}
    assert "11 studies, 56 effects" in run(*asked).stdout


def test_options_of_effects(tmp_path):
    """--add and --to reach the zeros, --vtype the variance, --no-drop00 keeps a double zero."""
    path = written(tmp_path / "a.csv", {"ai": [0, 0, 4], "n1i": [10, 20, 30], "ci": [0, 3, 9], "n2i": [10, 20, 30]})
    asked = [path, *flags(*COUNTS), "--measure", "OR"]

    assert [one["study"] for one in first(*asked)["studies"]] == ["row 2", "row 3"]
    assert len(first(*asked, "--no-drop00")["studies"]) == 3
    more = first(*asked, "--add", 1, "--to", "all")["studies"]
    assert more[0]["vi"] == pytest.approx(1 + 1 / 21 + 1 / 4 + 1 / 18, rel=SIX_DIGITS)
    smd = written(tmp_path / "b.csv", {"di": [0.5, 0.2], "n1i": [20, 20], "n2i": [20, 20]})
    variances = {
        kind: first(smd, *flags("di", "n1i", "n2i"), "--measure", "SMD", "--vtype", kind)["studies"][0]["vi"]
        for kind in ("LS", "UB")
    }
    assert variances["LS"] != variances["UB"]


def test_a_single_study_and_two(tmp_path):
    """One study is never pooled; beside two stands the equal-effects model, whatever weighs them."""
    path = written(tmp_path / "a.csv", {"g": "abb", "yi": [1, 2, 3], "vi": [1, 1, 2], "w": [1, 1, 5]})
    text = run(path, *flags("yi", "vi"), "--by", "g", "--weights", "w", "--format", "json").stdout
    one, two = json.loads(text)["pools"]

    assert (one["k"], one["tau2"], one["beside"]) == (1, None, [])
    assert "tau2" in {note["field"] for note in one["notes"]}
    assert [(each["method"], each["test"]) for each in two["beside"]] == [("EE", "z")]
    assert two["beside"][0]["estimate"] == pytest.approx(7 / 3, rel=SIX_DIGITS)


def test_one_study_by_a_model_of_counts(tmp_path):
    """Its own effect, and nothing about how studies differ."""
    path = written(tmp_path / "a.csv", {"ai": [3], "n1i": [10], "ci": [2], "n2i": [10]})
    for model in ("MH", "PETO", "UM.FS"):
        found = first(path, *flags(*COUNTS), "--measure", "OR", "--model", model)
        absent = {name for name, value in found.items() if value is None} - {"df"}

        assert {"tau2", "i2", "q", "pi_low"} <= absent <= {note["field"] for note in found["notes"]}


def test_a_model_that_has_no_estimate_says_why(tmp_path):
    """No event in one of the groups: null with a reason for every number, and the rows left out in the list."""
    path = written(tmp_path / "a.csv", {"ai": [0, 0, 0], "n1i": [10, 9, 8], "ci": [2, 1, 0], "n2i": [10, 9, 8]})
    for model in ("CM.EL", "UM.FS", "MH"):
        done = run(path, *flags(*COUNTS), "--measure", "OR", "--model", model, "--format", "json")
        found = json.loads(done.stdout, parse_constant=pytest.fail)
        (one,) = found["pools"]
        absent = {name for name, value in one.items() if value is None} - {"df"}

        assert "all: no estimate by" in run(path, *flags(*COUNTS), "--measure", "OR", "--model", model).stdout
        assert {"estimate", "se", "p_value"} <= absent <= {note["field"] for note in one["notes"]}
        assert found["left_out"] == [{"study": "row 3", "line": 4, "reason": "no events in either group"}]


@pytest.mark.parametrize("model", ["MH", "PETO", "UM.FS"])
def test_every_null_of_a_model_has_a_reason(bcg, model):
    """Nothing is null without a note; df is, where the test is normal."""
    path, _ = bcg
    found = first(path, *flags(*COUNTS), "--measure", "OR", "--model", model)
    absent = {name for name, value in found.items() if value is None} - {"df"}

    assert absent <= {note["field"] for note in found["notes"]}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--model", "MHH"], "did you mean 'MH'"),
        (["--model", "CM.AL", "--measure", "RR"], "add --measure OR"),
        (["--model", "MH", "--method", "REML"], "has the method EE, not 'REML'"),
        (["--model", "UM.FS", "--test", "knha"], "has the test z or t, not 'knha'"),
        (["--measure", "SMDD"], "did you mean 'SMD'"),
        (["--dependence", "robusst", "--cluster", "ai"], "did you mean 'robust'"),
        (["--dependence", "multilevel", "--cluster", "ai", "--method", "DL"], "no method 'DL'"),
        (["--dependence", "robust", "--cluster", "ai", "--test", "CR22"], "did you mean 'CR2'"),
        (["--dependence", "robust", "--cluster", "ai", "--prediction", "V"], "goes with --dependence aggregate"),
        (["--dependence", "robust", "--cluster", "aii"], "has no column 'aii'"),
        (["--dependence", "robust", "--cluster", "ai", "--rho", "1"], "below 1"),
        (["--tau2-interval", "QPP"], "no interval of tau2 'QPP'"),
        (["--prediction", "HTTS"], "did you mean 'HTS'"),
        (["--tau2", "-1"], "tau2 must be finite"),
        (["--method", "GENQ"], "needs weights"),
        (["--vtype", "UB"], "vtype of OR must be one of LS, AV, H0"),
        (["--to", "onlyO"], "to must be one of"),
        (["--model", "MH", "--yi", "yi"], "pools counts, not effects"),
    ],
)
def test_what_cannot_be_asked_is_refused(bcg, options, words):
    """Names are looked up, the nearest is suggested, and what does not go together says what does."""
    path, _ = bcg
    measure = [] if "--measure" in options else ["--measure", "OR"]
    with pytest.raises(InvalidArgument, match=words):
        run(path, *flags(*COUNTS), *measure, *options)


@pytest.mark.parametrize(
    "options",
    [
        ["--cluster", "ai"],
        ["--dependence", "robust"],
        ["--rho", "0.5"],
        ["--model", "MH", "--weights", "w"],
        ["--model", "MH", "--tau2-interval", "PL"],
        ["--model", "MH", "--add", "1"],
        ["--model", "MH", "--dependence", "robust", "--cluster", "ai"],
        ["--dependence", "robust", "--cluster", "ai", "--tau2", "1"],
        ["--measure", "OR", "--measure", "RR"],
    ],
)
def test_options_that_do_not_go_together_exit_2(bcg, options):
    """Wrong usage, said in one line."""
    path, _ = bcg
    assert run(path, *flags(*COUNTS), "--measure", "OR", *options).exit_code == 2


def test_rows_that_cannot_be_have_their_lines(tmp_path):
    """A fraction of a person for a mixed model, a weight below 0, and a row whose study is not named."""
    path = written(
        tmp_path / "a.csv",
        {"ai": [1, 2.5, 3], "n1i": [9, 9, 9], "ci": [1, 2, 3], "n2i": [9, 9, 9], "w": [1, 1, -1], "g": ["a", "", "b"]},
    )
    asked = [path, *flags(*COUNTS), "--measure", "OR"]

    with pytest.raises(InvalidData, match=r"a\.csv:3:1: SY184 counts must be whole numbers"):
        run(*asked, "--model", "CM.EL")
    with pytest.raises(InvalidData, match=r"a\.csv:4:5: SY184 w '-1' is no weight"):
        run(*asked, "--weights", "w")
    left = run(*asked, "--cluster", "g", "--dependence", "aggregate").stdout
    assert "left out: row 2 (line 3): its g is missing" in left
