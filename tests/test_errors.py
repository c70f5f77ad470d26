"""Remedies that name what was meant."""

import subprocess
import sys

import pytest

from synthesis.errors import did_you_mean


@pytest.mark.parametrize(
    ("given", "known", "remedy"),
    [
        ("drug_us", ["drug_use", "craving"], "did you mean 'drug_use'?"),
        ("C4", ["c4", "c5"], "did you mean 'c4'?"),
        ("DOE2001", ["Doe2011", "doe2001"], "did you mean 'doe2001'?"),
        ("SMDD", ["smd", "rr"], "did you mean 'smd'?"),
        ("zzz", ["b", "a"], "choose one of: b, a"),
        ("zzz", {"b": 1, "a": 2}, "choose one of: b, a"),
        ("zzz", {"b", "c", "a"}, "choose one of: a, b, c"),
        ("zzz", (name for name in "cab"), "choose one of: a, b, c"),
        ("zzz", map(str, range(13)), "choose one of: 0, 1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, ..."),
        ("zzz", (), "there are none"),
    ],
)
def test_the_nearest_name_or_all_of_them(given, known, remedy):
    """Capitals do not count; what has no order is sorted."""
    assert did_you_mean(given, known) == remedy


def test_a_set_gives_the_same_words_in_every_run():
    """The order of a set differs from one run to the next."""
    code = "from synthesis.errors import did_you_mean; print(did_you_mean('zzz', {'a', 'b', 'c', 'd', 'e', 'f'}))"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in "1234"
    }

    assert said == {"choose one of: a, b, c, d, e, f\n"}
