"""A small review in text, and ways to spoil it."""

REVIEW = """\
title = "Example"
rule = "pdtsrg-2009"
policy = "literal"

[defaults]
method = "REML"
level = [4, 5]
rho = 0.6

[evidence_sets.update]
label = "Update"

[populations]
"offenders" = "people in custody"

[outcomes.drug_use]
label = "Drug use"
event = "use"
complement = "abstinence"
better = "lower"
smallest_worthwhile = { RR = 0.05 }

[outcomes.craving]
label = "Craving"

[modalities.cbt]
label = "Cognitive behavioural therapy"
row = "A"
population = ["offenders"]

[[rows]]
code = "A"
label = "CBT"

[[rows]]
code = "B"
label = "Other"
"""

STUDY = """\
study: doe2001
cite: [Doe2001]
evidence_set: update
sample:
  n: 240
  population: [offenders]
  setting: prison
  female: 0.1
design: {allocation: randomised, unit: individual, attrition: 0.12}
maryland: {level: 5, basis: random allocation, source: {document: Doe2001}}
arms:
  cbt: {label: CBT, n: 120}
  wait: {label: waiting list, n: 120}
findings:
  - modality: cbt
    outcome: drug_use
    treatment: cbt
    control: wait
    comparator: none
    event: use
    time: {class: short, months: 4}
    reported: {direction: effective, significant: yes}
    effect: {events: [32, 120], control_events: [88, 120]}
    source: {document: Doe2001, at: "p. 61"}
  - modality: cbt
    outcome: craving
    time: {class: long}
    effect: {mean: 3.1, sd: 4.7, n: 20, control_mean: 2.7, control_sd: 2.7, control_n: 17}
    source: {document: Doe2001}
"""


def write(root, studies, review=REVIEW):
    """A review folder of texts or bytes by key of the study."""
    (root / "studies").mkdir(parents=True, exist_ok=True)
    (root / "review.toml").write_text(review, encoding="utf-8")
    for key, text in studies.items():
        data = text if isinstance(text, bytes) else text.encode()
        (root / "studies" / f"{key}.yaml").write_bytes(data)
    return root


def spoilt(text, old, new):
    """A text with one place changed."""
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)
