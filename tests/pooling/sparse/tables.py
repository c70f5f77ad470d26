"""Counts for the laws of pooling without effects of single studies, and the names of the reference."""

from hypothesis import strategies as st

NAMES = {
    "b": "estimate", "se": "se", "stat": "statistic", "pval": "p_value", "ci.lb": "ci_low", "ci.ub": "ci_high",
    "k": "k", "k.yi": "k_effects", "k.pos": "k_informative", "tau2": "tau2", "I2": "i2", "H2": "h2",
    "QE": "q", "QEp": "q_p_value", "CMH": "cochran", "CMHp": "cochran_p_value", "MH": "mantel_haenszel",
    "MHp": "mantel_haenszel_p_value", "breslow_day": "breslow_day", "breslow_day_p": "breslow_day_p_value",
    "tarone": "tarone", "tarone_p": "tarone_p_value",
}  # fmt: skip


def compared(found, expected):
    """How many numbers of the reference were compared, and those that differ (to 1e-8, relatively) or are absent."""
    targets = {theirs: value for theirs, value in expected.items() if theirs not in ("df", "warnings")}
    ours = {theirs: getattr(found, NAMES[theirs]) for theirs in targets}
    numbers = {theirs: value for theirs, value in targets.items() if value is not None}
    wrong = [x for x, value in numbers.items() if ours[x] is None or abs(ours[x] - value) > 1e-8 * abs(value)]
    return len(numbers), wrong + [x for x, value in targets.items() if value is None and ours[x] is not None]


def left_out(found, field):
    """Whether a note says that studies are left out."""
    return "left out" in found.reason(field)


cell = st.integers(1, 60)
table = st.tuples(cell, cell, cell, cell)
tables = st.lists(table, min_size=1, max_size=6)
sparse_tables = st.lists(st.tuples(*[st.integers(0, 3)] * 4).filter(lambda t: t[0] + t[1] and t[2] + t[3]), min_size=1)


def counts(drawn):
    """Drawn tables as the columns of the four cells."""
    return dict(zip(("ai", "bi", "ci", "di"), map(list, zip(*drawn, strict=True)), strict=True))


def swapped(given):
    """The same counts with the groups exchanged."""
    return {"ai": given["ci"], "bi": given["di"], "ci": given["ai"], "di": given["bi"]}
