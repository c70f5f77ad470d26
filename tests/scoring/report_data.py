"""What the report says of each study and document (tests/data/report_findings.csv), as records and statements."""

from synthesis.records.study import Finding, Level, Place, Reported, Source, Study
from synthesis.scoring.published import Statement
from tests.scoring.strategies import table

REPORT = "pdtsrg-2009"
REVIEWS = ("guideline", "systematic review", "meta-analysis", "Cochrane")
OUTCOMES = ("drug_use", "use_in_prison", "reoffending")


def studies():
    """One record per study, its findings with the level and design that the report gives them."""
    by_study = {}
    for row in table("report_findings.csv"):
        if row["design"] not in REVIEWS:
            by_study.setdefault(row["study"], []).append(_finding(row))
    return [
        Study(key, Place(f"studies/{key}.yaml", 1, 1), (), REPORT, findings=tuple(found))
        for key, found in by_study.items()
    ]


def statements():
    """One statement per finding that the report takes from a review or guideline."""
    return [
        Statement(
            row["finding"], row["study"], row["paragraph"], tuple(row["rows"].split(";")), row["outcome"],
            row["direction"], row["significant"], "", row["design"], REPORT,
            Place("studies/published/statements.csv", 1, 1),
        )
        for row in table("report_findings.csv")
        if row["design"] in REVIEWS
    ]  # fmt: skip


def _finding(row):
    return Finding(
        place=Place(f"studies/{row['study']}.yaml", 1, 1),
        modality="not stated",
        outcome=row["outcome"],
        source=Source("report", f"{row['paragraph']} ({row['finding']})"),
        evidence_set=REPORT,
        reported=Reported(row["direction"], row["significant"]),
        level=Level(int(row["level"]) if row["level"] else None, row["design"]),
        rows=tuple(row["rows"].split(";")),
    )
