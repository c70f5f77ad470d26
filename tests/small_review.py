"""A review of four invented studies, as files."""

FILES = {
    "review.toml": """\
title = "A small review"

[evidence_sets.update]
label = "All there is"
living = true

[populations]
"men" = "samples of men"

[outcomes.use]
label = "Drug use"
event = "use"
complement = "abstinence"
better = "lower"
column = "Use"

[modalities.cbt]
label = "Cognitive behavioural therapy"
row = "A"
basis = "invented"

[[rows]]
code = "A"
label = "CBT"
group = ""
footnote = ""
""",
    "bibliography/references.bib": "".join(
        f"@misc{{{key},\n  author = {{Author, An}},\n  title = {{Study {key}}},\n  year = {{{year}}},\n}}\n\n"
        for key, year in (
            ("Ames2001", 2001), ("Burt2003", 2003), ("Cole2005", 2005), ("Dunn2007", 2007), ("Review2010", 2010))
    ),
    "bibliography/citations.csv": "source,target,relation,locator\n"
    + "".join(f"Review2010,{key},reviews,Table 1\n" for key in ("Ames2001", "Burt2003", "Cole2005", "Dunn2007")),
}  # fmt: skip
STUDY = """\
study: {name}
cite: [{cite}]
evidence_set: update
sample: {{n: {n}, population: [men], setting: prison, country: Norway}}
design: {{allocation: randomised, unit: individual}}
maryland: {{level: {level}, basis: random allocation, source: {{document: Review2010, at: Table 1}}}}
arms:
  cbt: {{label: therapy}}
  tau: {{label: usual care}}
findings:
  - modality: cbt
    treatment: cbt
    control: tau
    comparator: {comparator}
    outcome: use
    detail: urine
    event: use
    time: {{class: medium, months: 12}}
    reported: {{direction: effective, significant: "yes"}}
    effect: {{events: [{a}, {n1}], control_events: [{c}, {n2}]}}
    source: {{document: Review2010, at: "p. 3, Table 1"}}
"""
STUDIES = (
    ("ames2001", "Ames2001", 100, 5, "usual care", 10, 50, 25, 50),
    ("burt2003", "Burt2003", 200, 5, "none", 30, 100, 44, 100),
    ("cole2005", "Cole2005", 80, 5, "usual care", 8, 40, 17, 40),
    ("dunn2007", "Dunn2007", 90, 5, "not stated", 9, 45, 20, 45),
)
NAMES = ("name", "cite", "n", "level", "comparator", "a", "n1", "c", "n2")


def write_review(root):
    """The review in a folder; gives the folder back."""
    for path, text in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "studies").mkdir(exist_ok=True)
    for values in STUDIES:
        text = STUDY.format(**dict(zip(NAMES, values, strict=True)))
        (root / "studies" / f"{values[0]}.yaml").write_text(text, encoding="utf-8")
    return root
