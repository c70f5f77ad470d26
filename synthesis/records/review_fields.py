"""Every key of review.toml, once: its kind, its words and what it means, in the order of the template.

As `fields.py` for records; the reader is `protocol.py`, which has the words.
"""

from __future__ import annotations

from synthesis.records.effects import MEASURES
from synthesis.records.fields import ANY, Field
from synthesis.records.protocol import FAMILIES, FOLLOW_UP, MODEL
from synthesis.records.study import BETTER, COMPARATORS, JUDGEMENT_NAME

KINDS = {"binary": "events", "continuous": "scores", "time": "times to an event"}


def _text(about: str) -> Field:
    return Field("text", about)


def _named(about: str, inner: Field, pattern: str = "") -> Field:
    return Field("named", about, fields={ANY: inner}, pattern=pattern)


DEFAULTS = Field(
    "fields", "how `synth pool` pools; its options override them",
    fields={
        "method": Field("word", "the estimator of the between-study variance", words=MODEL["method"]),
        "test": Field("word", "the test of the pooled effect", words=MODEL["test"]),
        "tau2_interval": Field("word", "the interval of the between-study variance", words=MODEL["tau2_interval"]),
        "prediction": Field("word", "the prediction interval", words=MODEL["prediction"]),
        "level": Field("levels", "the levels of the Maryland scale that enter a pool", least=1, most=5),
        "comparators": Field("words", "the comparators that enter a pool", words=COMPARATORS),
        "follow_up": Field("text", "which time is taken: end, longest or nearest:MONTHS", pattern=FOLLOW_UP.pattern),
        "rho": Field("number", "the correlation of effects of one study that are combined", least=0, most=1),
        "measure": Field(
            "fields", "the measure to pool",
            fields={name: Field("word", f"of {KINDS[name]}", words=words) for name, words in FAMILIES.items()},
        ),
    },
)  # fmt: skip
OUTCOME = Field(
    "fields", "one outcome",
    fields={
        "label": _text("its name in tables and figures"),
        "event": _text("the event that ratios are brought to"),
        "complement": _text("the other event; its counts are complemented first"),
        "better": Field("word", "which is good: less or more of the event, a lower or a higher score", words=BETTER),
        "details": Field("texts", "instruments and definitions in order of preference; unlisted ones come after"),
        "column": _text("the column of the matrix in which it is scored; absent: not scored"),
        "pooled": Field("truth", "false for a collection of unlike outcomes, which is never pooled"),
        "smallest_worthwhile": Field(
            "fields", "the smallest effect worth having, by measure, on the benefit-coded log or difference scale",
            fields={measure: Field("number", f"as {measure}", least=0) for measure in MEASURES},
        ),
    },
    needed=("label",),
)  # fmt: skip
JUDGEMENT = Field(
    "fields", "what somebody judged of the treatment because a rule asks for it; never inferred",
    fields={
        "is": Field("judged", "true, false, a number or words"),
        "because": _text("why"),
        "by": _text("who judged"),
    },
    needed=("is", "because"),
)  # fmt: skip
MODALITY = Field(
    "fields", "one kind of treatment",
    fields={
        "label": _text("its name in tables and figures"),
        "row": _text("the code of its matrix row; absent: pooled and listed only"),
        "population": Field("texts", "every population that a sample must have"),
        "basis": _text("why it maps to that row, or to none"),
        "judgements": _named("judgements by name", JUDGEMENT, JUDGEMENT_NAME.pattern),
    },
    needed=("label",),
)  # fmt: skip
EVIDENCE_SET = Field(
    "fields", "a body of evidence",
    fields={
        "label": _text("its name in tables and figures"),
        "living": Field("truth", "pooled and scored; false: scored on its own"),
    },
    needed=("label",),
)  # fmt: skip
ROW = Field(
    "fields", "one row of the matrix",
    fields={
        "code": _text("its letter or code"),
        "label": _text("its name"),
        "group": _text("the heading above it"),
        "footnote": _text("printed below the matrix"),
    },
    needed=("code", "label"),
)  # fmt: skip
REVIEW = Field(
    "fields", "the protocol of a review",
    fields={
        "title": _text("the title of the review"),
        "rule": _text("how the matrix gives points: a rule of synth, or of the folder rules/"),
        "policy": _text("a policy of that rule; its first one where none is named"),
        "defaults": DEFAULTS,
        "prisma": _named("counts of the flow of records", Field("whole", "a count", least=0)),
        "evidence_sets": _named("bodies of evidence", EVIDENCE_SET),
        "populations": _named("names that records use, and what they mean", _text("what it means")),
        "outcomes": _named("outcomes", OUTCOME),
        "modalities": _named("kinds of treatment", MODALITY),
        "rows": Field("items", "the rows of the matrix, in order", fields={ANY: ROW}),
    },
    needed=("title", "evidence_sets", "outcomes", "modalities"),
)  # fmt: skip
