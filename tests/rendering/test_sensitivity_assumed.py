"""Counted twice, and correlations assumed: the last sections of `sensitivity.md`, and their place in the JSON."""

import json
import math

import pytest

from synthesis.crosscheck.counted_twice import counted_once
from synthesis.evidence import options_of
from synthesis.evidence.dependence_assumed import correlation_assumed
from synthesis.pipeline import assumed_in, load, pool_review, sensitivities_of
from synthesis.rendering.sensitivity_assumed import Assumed
from synthesis.rendering.sensitivity_files import sensitivity_files
from tests.cli.sensitivity_runs import SIX_DIGITS, four_studies
from tests.crosscheck.test_counted_twice import PLAIN, TWICE, of
from tests.evidence.values import REVIEW, counts, finding, pooled, study


def files_of(evidence, **assumed):
    """The page, and the first pool of the JSON."""
    files = sensitivity_files(sensitivities_of(evidence), {}, "Small", Assumed(**assumed))
    return files["sensitivity.md"].decode(), json.loads(files["sensitivity.json"], parse_constant=pytest.fail)["pools"][
        0
    ]


def counted(*studies):
    evidence = pooled(*studies)
    return evidence, {one.key: one for one in counted_once(evidence)}


def test_a_pool_counted_once_beside_the_pool_as_it_is():
    """Before, after and the range whichever study is kept, as ratios; who is suspected and why; the verdict."""
    evidence, found = counted(*PLAIN, TWICE)
    (one,) = found.values()
    page, told = files_of(evidence, counted=found)
    row = next(line for line in page.splitlines() if line.startswith("| \\* | cbt use |") and "| 2 |" in line)
    as_read = [f"{math.exp(value):.2f}" for value in (one.before.estimate, one.after.estimate, one.lowest, one.highest)]

    assert "## Counted twice" in page
    assert [text in row for text in as_read] == [True] * 4
    assert f"{as_read[2]} to {as_read[3]}" in row
    assert "- ames2001 and cole2005: the treatment group has the same numbers. Kept: ames2001." in page
    assert one.verdict in page
    assert told["counted_twice"]["after"]["estimate"] == pytest.approx(one.after.estimate, **SIX_DIGITS)
    assert told["counted_twice"]["groups"][0]["studies"] == ["ames2001", "cole2005"]
    assert told["counted_twice"]["verdict"] == one.verdict


def test_too_many_choices_have_no_range():
    """Nine trials in two records each make 512 choices: no range, and no word on other studies kept."""
    pairs = [
        of(f"s{i}{j}", counts(10 + i, 50, 20 + 2 * i + j, 50), cite=(f"S{i}{j}",)) for i in range(9) for j in (0, 1)
    ]
    evidence, found = counted(*pairs)
    (one,) = found.values()
    page, told = files_of(evidence, counted=found)

    assert one.lowest is None
    assert told["counted_twice"]["lowest"] is None
    assert next(line for line in page.splitlines() if "| 18 |" in line and line.count("|") == 12).endswith("| - |")


def test_nothing_where_nothing_is_suspected_or_assumed():
    """Plain trials with one effect each: no section, and null."""
    evidence, found = counted(*PLAIN)
    page, told = files_of(evidence, counted=found)

    assert "Counted twice" not in page
    assert "Correlations assumed" not in page
    assert told["counted_twice"] is told["correlation_assumed"] is None


def test_a_line_for_a_pool_that_rests_on_a_correlation():
    """Two details averaged in each of two studies: the range over rho as ratios, and the verdict."""
    two = [
        study(key, finding(10, counts(10, 50, n, 50), detail="hair"), finding(11, counts(14, 50, n, 50), detail="nail"))
        for key, n in (("a", 20), ("b", 24))
    ]
    evidence = pooled(*two)
    one = correlation_assumed(evidence.pools[0], REVIEW, options_of(REVIEW))
    page, told = files_of(evidence, over_rho={evidence.pools[0].key: one})
    (line,) = [line for line in page.splitlines() if "over correlations from 0 to 1" in line]

    assert "## Correlations assumed" in page
    assert line.startswith("- cbt use, inactive comparators, RR: ")
    assert line.endswith(one.verdict)
    assert told["correlation_assumed"]["rho"] == pytest.approx(one.rho.tolist())
    assert told["correlation_assumed"]["verdict"] == one.verdict


def test_a_review_is_asked_for_both(tmp_path):
    """From its files: a control group that two studies share is suspected, and no effect is averaged."""
    root = four_studies(tmp_path)
    file = root / "studies/dunn2007.yaml"
    file.write_text(file.read_text().replace("control_events: [20, 45]", "control_events: [17, 40]"))
    loaded = load(root)
    found = assumed_in(loaded, pool_review(loaded))

    assert [one.groups[0].studies for one in found.counted.values()] == [("cole2005", "dunn2007")]
    assert not found.over_rho
