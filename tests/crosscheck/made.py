"""A small review with invented studies, written where a test wants it."""

from pathlib import Path

from synthesis.pipeline import load

REVIEW = """\
title = "Invented"
[evidence_sets.old]
label = "What a report says"
living = false
[evidence_sets.new]
label = "What the studies say"
[populations]
[outcomes.drug_use]
label = "Drug use"
event = "use"
complement = "abstinence"
better = "lower"
column = "Reduced drug use"
[outcomes.reoffending]
label = "Re-offending"
event = "reoffending"
complement = "no reoffending"
better = "lower"
column = "Reduced re-offending"
smallest_worthwhile = { RR = 0.05 }
[outcomes.retention]
label = "Retention"
event = "dropout"
better = "lower"
[modalities.programme]
label = "A programme"
row = "J"
[modalities.support]
label = "Support afterwards"
row = "J"
[modalities.court]
label = "Court"
[[rows]]
code = "J"
label = "Programmes"
[[rows]]
code = "K"
label = "Nothing yet"
"""
STUDY = """\
study: {key}
cite: [{report}]
evidence_set: new
maryland: {{level: {level}, basis: random allocation, source: {{document: {report}, at: p. 1}}}}
design: {{allocation: randomised}}
arms:
  t: {{label: treated, n: 100}}
  c: {{label: controls, n: 100}}
findings:
"""
FINDING = """\
  - modality: {modality}
    treatment: t
    control: c
    comparator: {comparator}
    outcome: reoffending
    {what}
    source: {{document: {report}, at: "p. 7, Table 2"}}
"""
EFFECT = "event: reoffending\n    effect: {{events: [{0}, 100], control_events: [{1}, 100]}}"
WORDS = "reported: {{direction: {0}, significant: {1}}}"
ACTIVE = EFFECT.format(9, 40)
OLD = "evidence_set: old\n    rows: [J]\n    " + WORDS
STUDIES = {
    "alpha2001": [("programme", "none", EFFECT.format(10, 30)), ("programme", "none", OLD.format("contrary", "yes"))],
    "beta2002": [("programme", "usual care", EFFECT.format(20, 31) + "\n    " + WORDS.format("effective", "yes"))],
    "gamma2003": [("programme", "none", WORDS.format("effective", "yes")), ("programme", "active", ACTIVE)],
    "delta2004": [("support", "placebo", EFFECT.format(12, 32)), ("court", "none", EFFECT.format(12, 32))],
}  # fmt: skip
LIBRARY = "".join(
    f"@article{{{name},\n  author = {{{name[:-4]}, A.}},\n  title = {{A trial}},\n  journal = {{Journal}},\n"
    f"  year = {{{name[-4:]}}}\n}}\n\n"
    for name in ("Alpha2001", "Beta2002", "Gamma2003", "Delta2004", "Review2009", "Other2010")
)
TABLES = {
    "studies/published/scoring_matrix.csv": (
        "row,outcome,points,placement,reason\nJ,reoffending,3,inferred,only re-offending is reported\nJ,total,3,,\n"
    ),
    "studies/published/statements.csv": (
        "statement,document,at,rows,outcome,direction,significant,limited,design,evidence_set\n"
        "S1,Review2009,4.1,J,reoffending,effective,yes,,review,old\n"
    ),
    "studies/published/pooled.csv": (
        "review,modality,outcome,detail,k,n,measure,estimate,ci_low,ci_high,p,i2,tau2,model,better,locator,note\n"
        "Review2009,programme,reoffending,rearrest,5,900,RR,0.7,0.5,0.98,,,,random,lower,p. 3,\n"
    ),
    "bibliography/citations.csv": (
        "source,target,relation,locator\n"
        "Review2009,Alpha2001,reviews,p. 2\nReview2009,Beta2002,reviews,p. 2\n"
        "Other2010,Beta2002,reviews,p. 9\nOther2010,Gamma2003,reviews,p. 9\n"
    ),
    "bibliography/references.bib": LIBRARY,
    "review.toml": REVIEW,
}  # fmt: skip


def write_review(folder, **changed):
    """The review in a folder; files named in `changed` (by their stem) get another text."""
    texts = dict(TABLES)
    for key, findings in STUDIES.items():
        report = key.capitalize()
        head = STUDY.format(key=key, report=report, level=4 if key == "gamma2003" else 5)
        parts = [FINDING.format(modality=m, comparator=c, what=what, report=report) for m, c, what in findings]
        texts[f"studies/{key}.yaml"] = head + "".join(parts)
    for path, text in texts.items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(changed.get(target.stem, text), encoding="utf-8", newline="\n")
    return Path(folder)


def made(folder, **changed):
    """The review, written and loaded."""
    return load(write_review(folder, **changed))
