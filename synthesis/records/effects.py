"""The numbers of one effect: counts, means or a printed estimate; never a mixture, never half of one."""

from __future__ import annotations

from collections.abc import Mapping

from synthesis.records.nodes import Node, ScalarNode
from synthesis.records.study import Counts, EffectData, Estimate, Means
from synthesis.records.values import Values, join

MEASURES = ("OR", "RR", "HR", "RD", "SMD", "MD")
RATIOS = ("OR", "RR", "HR")
OF_EVENTS = ("OR", "RR", "HR", "RD")  # measures whose meaning depends on the event that is counted

COUNTS = ("events", "control_events")
MEANS = ("mean", "sd", "n", "control_mean", "control_sd", "control_n")
ESTIMATE = ("measure", "estimate", "se", "ci", "ci_level", "p", "adjusted", "cluster_adjusted")
FIELDS = frozenset((*COUNTS, *MEANS, *ESTIMATE))
FORMS = {"counts": COUNTS, "means": MEANS, "an estimate": ESTIMATE}
REMEDY = "give one of: events and control_events; means with SD and n; measure and estimate with se, ci or p"


def read_effect(values: Values, node: Node) -> EffectData | None:
    """The effect of a finding, or None with the reasons noted."""
    known = len(values.problems)
    fields = values.fields(node, "an effect", FIELDS)
    used = [form for form, names in FORMS.items() if any(name in fields for name in names)]
    if len(used) > 1:
        values.fault(node, "SY113", f"an effect that mixes {join(used)}", REMEDY)
        return None
    if not used:
        if len(values.problems) == known:
            values.fault(node, "SY113", "an effect without numbers", REMEDY)
        return None
    needed = {"counts": COUNTS, "means": MEANS, "an estimate": ("measure", "estimate")}[used[0]]
    missing = [name for name in needed if name not in fields]
    for name in missing:
        values.fault(node, "SY106", f"an effect from {used[0]} has no {name!r}", f"add `{name}:`, or use another form")
    read = {"counts": _counts, "means": _means, "an estimate": _estimate}[used[0]]
    return read(values, node, fields)


def _counts(values: Values, _: Node, fields: Mapping[str, Node]) -> Counts | None:
    pairs = [_events(values, fields.get(name)) for name in COUNTS]
    if None in pairs:
        return None
    (events, n), (control_events, control_n) = (pair for pair in pairs if pair)
    return Counts(events, n, control_events, control_n)


def _events(values: Values, node: Node | None) -> tuple[int, int] | None:
    """`[events, n]` of one group."""
    if node is None:
        return None
    items = values.items(node, "two numbers, [events, n]")
    if len(items) != 2:
        if items:
            values.fault(node, "SY113", f"{len(items)} numbers where two belong", "write [events, n]")
        return None
    events, n = values.whole(items[0]), values.whole(items[1], least=1)
    if events is None or n is None:
        for item in items:
            if item.value == "not stated":
                values.fault(item, "SY113", "a count that is not stated", "leave the whole effect out")
        return None
    if events > n:
        values.fault(items[0], "SY113", f"{events} events among {n} people", "write [events, n], each person once")
        return None
    return events, n


def _means(values: Values, _: Node, fields: Mapping[str, Node]) -> Means | None:
    mean, control_mean = values.number(fields.get("mean")), values.number(fields.get("control_mean"))
    sd = values.positive(fields.get("sd"), "standard deviation")
    control_sd = values.positive(fields.get("control_sd"), "standard deviation")
    n, control_n = values.whole(fields.get("n"), least=1), values.whole(fields.get("control_n"), least=1)
    if mean is None or control_mean is None or sd is None or control_sd is None or n is None or control_n is None:
        _unstated(values, fields, MEANS)
        return None
    return Means(mean, sd, n, control_mean, control_sd, control_n)


def _estimate(values: Values, node: Node, fields: Mapping[str, Node]) -> Estimate | None:
    measure = values.choice(fields.get("measure"), MEASURES, "")
    ratio = measure in RATIOS
    what = "ratio" if ratio else "number"
    value = values.positive(fields.get("estimate"), "ratio") if ratio else values.number(fields.get("estimate"))
    se = values.positive(fields.get("se"), "standard error")
    p = values.within(
        fields.get("p"), "an exact p-value", lambda p: 0 < p < 1, "a p-value lies between 0 and 1; leave `p < .05` out"
    )
    ci = _interval(values, fields.get("ci"), what, value)
    level = values.within(
        fields.get("ci_level"), "a level of confidence", lambda level: 0.5 <= level < 1, "write 0.95 for 95 %"
    )
    adjusted, clustered = values.truth(fields.get("adjusted")), values.truth(fields.get("cluster_adjusted"))
    if not {"se", "ci", "p"} & set(fields):
        remedy = "add `se`, `ci` or an exact `p`; without one, leave the effect out and say what is known in `reported`"
        values.fault(node, "SY113", "an estimate without its precision", remedy)
        return None
    if value is None or not measure:
        _unstated(values, fields, ("estimate",))
        return None
    return Estimate(measure, value, se, ci, level or 0.95, p, bool(adjusted), bool(clustered))


def _interval(values: Values, node: Node | None, what: str, estimate: float | None) -> tuple[float, float] | None:
    """`[low, high]`, which must hold the estimate."""
    if node is None:
        return None
    items = values.items(node, "two numbers, [low, high]")
    if len(items) != 2:
        if items:
            values.fault(node, "SY113", f"{len(items)} numbers where two belong", "write [low, high]")
        return None
    bounds = [values.positive(item, "ratio") if what == "ratio" else values.number(item) for item in items]
    low, high = bounds
    if low is None or high is None:
        return None
    if low >= high:
        values.fault(node, "SY113", f"an interval from {low:g} to {high:g}", "write the lower bound first")
        return None
    if estimate is not None and not low <= estimate <= high:
        what = f"the interval [{low:g}, {high:g}] does not hold its estimate {estimate:g}"
        values.fault(node, "SY113", what, "correct the estimate or the interval; ratios stand on their own scale")
        return None
    return low, high


def _unstated(values: Values, fields: Mapping[str, Node], names: tuple[str, ...]) -> None:
    """Numbers that an effect needs and that are `not stated`."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, ScalarNode) and value.value == "not stated":
            values.fault(value, "SY113", f"an effect whose {name!r} is not stated", "leave the whole effect out")
