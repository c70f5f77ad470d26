"""Small reviews and studies, invented, to pool in tests."""

from dataclasses import replace

from synthesis.evidence import options_of, pool_evidence
from synthesis.records.review import EvidenceSet, Modality, Outcome, Review
from synthesis.records.study import (
    Arm,
    Counts,
    Design,
    Estimate,
    Finding,
    Level,
    Means,
    Place,
    Reported,
    Sample,
    Source,
    Study,
    Time,
)

REVIEW = Review(
    title="A review",
    outcomes={
        "use": Outcome("use", "Use", "use", "abstinence", details=("urine", "self-report"), column="Use"),
        "mood": Outcome("mood", "Mood", better="higher"),
        "other": Outcome("other", "Other", "x", "y", pooled=False),
    },
    modalities={"cbt": Modality("cbt", "CBT", "A"), "mmt": Modality("mmt", "MMT", "J", ("opioid users",))},
    populations={"opioid users": "", "men": ""},
    evidence_sets={"update": EvidenceSet("update", "Update"), "old": EvidenceSet("old", "Old", living=False)},
)


def finding(line=10, effect=None, **changes):
    """A finding of CBT against usual care on use, one year after the end."""
    plain = Finding(
        place=Place("studies/a.yaml", line, 3), modality="cbt", outcome="use", source=Source("Doc", "p. 1"),
        evidence_set="update", treatment="cbt", control="tau", comparator="usual care", event="use",
        time=Time("long", 12.0), effect=effect, reported=Reported("effective", "yes"),
    )  # fmt: skip
    return replace(plain, **changes)


INDIVIDUAL = Design("randomised", "individual")


def study(key, *findings, level=5, n=100, arms=(), design=INDIVIDUAL, population=()):
    """A study of that key with findings."""
    return Study(
        key, Place(f"studies/{key}.yaml", 1, 1), (key.title(),), "update", Sample(n, population), design,
        Level(level, "random"), tuple(Arm(*arm) for arm in arms), findings=tuple(findings),
    )  # fmt: skip


def counts(a=10, n1=50, c=20, n2=50):
    return Counts(a, n1, c, n2)


def estimate(value, measure="RR", **spread):
    return Estimate(measure, value, **(spread or {"se": 0.2}))


def means(mean, control, sd=2.0, n=30):
    return Means(mean, sd, n, control, sd, n)


def pooled(*studies, review=REVIEW, **asked):
    """All pools of these studies."""
    return pool_evidence(studies, review, options_of(review, **asked))


def reasons(evidence):
    return [one.reason for one in evidence.left_out]
