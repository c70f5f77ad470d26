"""A small review whose report contradicts nothing, written where a test wants it, with a fault where it wants one."""

from pathlib import Path

from synthesis.pipeline import load, matrix_of
from synthesis.pipeline.claims import material_of as material_with

REVIEW = """\
title = "Invented"
[evidence_sets.old]
label = "What a report says"
living = false
[evidence_sets.new]
label = "What the studies say"
[populations]
"drug users" = "people who use drugs"
"patients" = "people in a clinic"
[outcomes.drug_use]
label = "Reduced drug use"
event = "use"
better = "lower"
column = "Drug use"
[outcomes.reoffending]
label = "Reduced re-offending"
event = "reoffending"
better = "lower"
column = "Re-offending"
[outcomes.alcohol_use]
label = "Alcohol use"
event = "use"
better = "lower"
[modalities.programme]
label = "A programme"
row = "A"
[modalities.clinic]
label = "A clinic"
row = "B"
population = ["patients"]
[modalities.court]
label = "A court"
[[rows]]
code = "A"
label = "Programmes"
[[rows]]
code = "B"
label = "Clinics"
[[rows]]
code = "C"
label = "Groups"
footnote = "* of one kind"
"""
HEAD = """\
study: {key}
cite: [{report}]
evidence_set: new
sample: {{n: 100, population: [drug users, patients]}}
design: {{allocation: randomised}}
maryland: {{level: 5, basis: random allocation, source: {{document: {report}, at: p. 1}}}}
findings:
"""
OWN = """\
  - modality: {modality}
    comparator: none
    outcome: {outcome}
    reported: {{direction: effective, significant: yes}}
    source: {{document: {report}, at: abstract}}
"""
TOLD = """\
  - modality: {modality}
    comparator: none
    outcome: {outcome}
    reported: {{direction: effective, significant: yes}}
    level: {{level: 5, basis: RCT}}
    evidence_set: old
    rows: [{row}]
    source: {{document: Report2010, at: {at}}}
"""


def told(row, outcome, at, modality="programme"):
    """A finding of the report, as text; `replace` changes it further."""
    return TOLD.format(row=row, outcome=outcome, at=at, modality=modality)


def _study(key, modality, row, paragraph):
    report = key.capitalize()
    own = [OWN.format(modality=modality, outcome=each, report=report) for each in ("drug_use", "reoffending")]
    said = [told(row, each, f"{paragraph} (F{n})", modality) for n, each in enumerate(("drug_use", "reoffending"), 1)]
    return HEAD.format(key=key, report=report) + "".join(own + said)


LIBRARY = "".join(
    f"@article{{{name},\n  author = {{{name[:-4]}, A.}},\n  title = {{A trial}},\n  year = {{{name[-4:]}}}\n}}\n\n"
    for name in ("Ames2001", "Ames2005", "Burt2003", "Report2010", "Verdict2008", "Other2006")
)
P = "studies/published"
FILES = {
    "review.toml": REVIEW,
    "studies/ames2001.yaml": _study("ames2001", "programme", "A", "4.1"),
    "studies/burt2003.yaml": _study("burt2003", "clinic", "B", "4.2"),
    "bibliography/references.bib": LIBRARY,
    "bibliography/citations.csv": "source,target,relation,locator\n"
    "Report2010,Ames2001,cites,4.1\nReport2010,Burt2003,cites,4.2\nReport2010,Other2006,cites,4.3; sub-outcome 1\n",
    f"{P}/scoring_matrix.csv": "row,outcome,points,placement,reason\n"
    "A,drug_use,2,certain,\nA,reoffending,2,certain,\nA,total,4,,\n"
    "B,drug_use,2,certain,\nB,reoffending,2,certain,\nB,total,4,,\n",
    f"{P}/statements.csv": "statement,document,at,rows,outcome,direction,significant,limited,design,evidence_set\n",
    f"{P}/verdicts.csv": "intervention,verdict,rows,mapping,document,also,also_words,matrix_totals\n"
    "programmes,reasonable evidence,A,exact,Verdict2008,,,4\ncourts,mixed evidence,,none,Verdict2008,,,\n",
    f"{P}/outcomes_framework.csv": "sub_outcome,primary_code,primary_outcome,label,rows,other_evidence,"
    "service_user_themes,document\n"
    "1,A,Reduced drug use,Less use,A;B,Other (2006),1,Report2010\n"
    "2,B,Reduced re-offending,Less crime,A;B,,2;3,Report2010\n",
    f"{P}/service_user_themes.csv": "theme,section,words,sub_outcomes,document\n"
    "1,Health,One,1,Report2010\n2,Health,Two,2,Report2010\n3,Health,Three,2,Report2010\n",
    f"{P}/named_rows.csv": "document,at,outcome,rows,words\nReport2010,7.1,total,A;B,strong support\n",
    f"{P}/facts.csv": "fact,document,at,statement,value,unit,bound,figure,relation,of\n"
    "F1,Report2010,1.1,Prisons,40,prisons,,prisons,,\nF2,Report2010,2.1,Prisons again,40,prisons,,prisons,,\n"
    "F3,Report2010,1.2,Men,30,people,,,,\nF4,Report2010,1.2,Women,10,people,,,,\n"
    "F5,Report2010,1.2,All people,40,people,,,sum,F3;F4\nF6,Report2010,1.3,Of them young,20,people,,,part,F5\n"
    "F7,Report2010,4.1,Trials,1,studies,,,studies,4.1\n",
}  # fmt: skip


def write_claims(folder, changes=()):
    """The review in a folder; `changes` are (path, old text, new text), in order."""
    texts = dict(FILES)
    for path, old, new in changes:
        assert old in texts[path], f"{path} has no {old!r}"
        texts[path] = texts[path].replace(old, new)
    for path, text in texts.items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return Path(folder)


def material_of(root):
    """What the checks look at, from a review folder."""
    loaded = load(root)
    return material_with(loaded, matrix_of(loaded))
