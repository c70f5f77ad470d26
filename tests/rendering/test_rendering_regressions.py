"""Regressions and compared kinds as text: what a name or a small number must not do to it."""

import pytest

from synthesis.plain.moderators import PlainRegression, PlainSubgroups
from synthesis.pooling.moderators.asked import Request, answer, compared_groups, settled
from synthesis.rendering import regression_values, subgroups
from synthesis.rendering.regressions import text

Y, V, X = [0.1, 0.5, 0.4, 0.9], [0.04, 0.05, 0.03, 0.06], [1, 2, 2, 3]


def regressed(x, group="all", **asked):
    """The text of one regression on x."""
    request = settled(Request("~ x", **asked), ["x"])
    one = PlainRegression(group, "RR", ("a\nb", "c", "d", "e"), {"x": x}, answer(request, Y, V, {"x": x}))
    return text(regression_values.of_groups([one]), request)


@pytest.mark.parametrize(("unit", "shown"), [(1, "0.3929"), (1000, "0.00039"), (1e6, "0.00000039")])
def test_a_small_coefficient_keeps_its_digits(unit, shown):
    """In thousandths of a unit it is not 0.0004: its standard error has two digits at least."""
    row = next(line for line in regressed([unit * x for x in X]).splitlines() if line.startswith("x "))

    assert row.split()[1].startswith(shown)


def test_names_stay_on_their_lines():
    """A line end in the name of a group, a study or a kind does not begin a line."""
    found, _ = compared_groups(Y, V, ["a\nb", "c", "a\nb", "c"], tau2="common", method="REML", test="z", level=0.95)
    compared = PlainSubgroups("g\nh", "RR", {}, found)

    assert "a b" in regressed(X, "g\nh", residuals=True)
    assert all(not line.startswith(("b", "h")) for line in regressed(X, "g\nh", residuals=True).splitlines() if line)
    lines = subgroups.text(subgroups.of_groups([compared])).splitlines()
    assert lines[0] == "g h, RR"
    assert [line.split()[:2] for line in lines[4:6]] == [["a", "b"], ["c", "2"]]
