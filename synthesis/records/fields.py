"""Every field of a record, once: its kind, its words and what it means, in the order of the template.

The reader (`read.py`, `parts.py`, `effects.py`) says what a field may hold; here stands what editors, spreadsheets and
people need to know beside that. The words come from where the reader has them, and `tests/records/test_fields.py`
holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from synthesis.records.effects import MEASURES
from synthesis.records.parts import CODE, LEVELS
from synthesis.records.study import (
    ALLOCATIONS,
    BETTER,
    COMPARABILITIES,
    COMPARATORS,
    CONTROLS,
    DIRECTIONS,
    DOMAINS,
    JUDGEMENT_NAME,
    JUDGEMENTS,
    METHODS,
    NOT_STATED,
    SETTINGS,
    SIGNIFICANCES,
    TIMES,
    UNITS,
)

ANY = "*"  # every name in a mapping, every item of a list


@dataclass(frozen=True, slots=True)
class Field:
    """What one field takes."""

    # text, word, name, number, whole, truth, level, judged; texts, names, numbers, wholes; fields, named, items
    kind: str
    about: str  # in words, for a hover or a sheet of explanations
    words: tuple[str, ...] = ()  # of a word: all that are allowed
    least: float | None = None  # of a number
    most: float | None = None
    above: float | None = None  # a number that is greater than this
    below: float | None = None
    open: bool = True  # of a number or truth: it may be `not stated`
    pattern: str = ""  # of a text, or of the names in `named`: what all of it matches
    of: str = ""  # of a name: the table of review.toml that declares it, `arms`, or `library`
    fields: Mapping[str, Field] = field(default_factory=dict)  # of `fields`, by name; of `named` and `items` under ANY
    needed: tuple[str, ...] = ()  # names of `fields` that must be there


def _text(about: str) -> Field:
    return Field("text", about)


def _word(about: str, words: tuple[str, ...]) -> Field:
    return Field("word", about, words=words)


def _name(about: str, of: str) -> Field:
    return Field("name", about, of=of)


def _whole(about: str, least: int, *, open: bool = True) -> Field:  # noqa: A002 - the word of a record
    return Field("whole", about, least=least, open=open)


def _truth(about: str) -> Field:
    return Field("truth", about)


def _share(about: str) -> Field:
    return Field("number", f"{about}, as a share of 1", least=0, most=1)


def _positive(about: str, *, open: bool = True) -> Field:  # noqa: A002 - the word of a record
    return Field("number", about, above=0, open=open)


SOURCE = Field(
    "fields", "where this was read",
    fields={
        "document": _name("the key of the document in the library", "library"),
        "at": _text("the place in that document: page, table, row"),
    },
    needed=("document",),
)  # fmt: skip
LEVEL = Field(
    "fields", "the level on the Maryland scale, 1 (weakest design) to 5 (randomised)",
    fields={
        "level": Field("level", "1 (weakest design) to 5 (randomised)", words=LEVELS),
        "basis": _text("why this level"),
        "profile": _text("the profile that the level belongs to; maryland-1998 where none is named"),
        "source": SOURCE,
    },
    needed=("level",),
)  # fmt: skip
WAIVER = Field(
    "fields", "warnings that somebody looked into and accepted",
    fields={
        "codes": Field("texts", "the codes of the warnings, such as SY204", pattern=CODE.pattern),
        "because": _text("why they are accepted"),
    },
    needed=("codes", "because"),
)  # fmt: skip
EFFECT = Field(
    "fields", "the numbers: counts, means, or a printed estimate; never a mixture. The treatment group comes first",
    fields={
        "events": Field("wholes", "people with the event, and all people, in the treatment group", least=0),
        "control_events": Field("wholes", "people with the event, and all people, in the control group", least=0),
        "mean": Field("number", "mean of the treatment group", open=False),
        "sd": _positive("standard deviation of the treatment group", open=False),
        "n": _whole("people in the treatment group", 1, open=False),
        "control_mean": Field("number", "mean of the control group", open=False),
        "control_sd": _positive("standard deviation of the control group", open=False),
        "control_n": _whole("people in the control group", 1, open=False),
        "measure": _word("what the estimate is", MEASURES),
        "estimate": Field("number", "the printed effect; a ratio on its own scale", open=False),
        "se": _positive("its standard error; that of a ratio is of the logarithm"),
        "ci": Field("numbers", "its confidence interval, the lower bound first"),
        "ci_level": Field("number", "the level of that interval; 0.95 where none is given", least=0.5, below=1),
        "p": Field("number", "an exact two-sided p-value", above=0, below=1),
        "adjusted": _truth("adjusted for covariates"),
        "cluster_adjusted": _truth("adjusted for clusters"),
    },
)  # fmt: skip
FINDING = Field(
    "fields", "one contrast of two arms on one outcome at one time, as one source states it",
    fields={
        "modality": _name("the kind of treatment, a modality of review.toml, or `not stated`", "modalities"),
        "outcome": _name("an outcome of review.toml", "outcomes"),
        "treatment": _name("the arm that is treated", "arms"),
        "control": _name("the arm that it is compared with", "arms"),
        "comparator": _word("what the control group had", COMPARATORS),
        "detail": _text("the instrument or definition within the outcome"),
        "event": _text("what is counted: the outcome's event or its complement"),
        "better": _word("which direction of a continuous measure is the good one", BETTER),
        "time": Field(
            "fields", "when it was measured, after the end of treatment",
            fields={
                "class": _word("short, to 6 months; medium, to 12; long", TIMES),
                "months": Field("number", "months", least=0),
            },
        ),
        "reported": Field(
            "fields", "what the source says in words",
            fields={
                "direction": _word("which way the result points", DIRECTIONS),
                "significant": _word("whether the source calls it significant", SIGNIFICANCES),
            },
        ),
        "limited": Field(
            "fields", "the source hedges the result",
            fields={"because": _text("the words that hedge it")}, needed=("because",),
        ),
        "effect": EFFECT,
        "level": LEVEL,
        "evidence_set": _name("an evidence set of review.toml, where it is not the study's", "evidence_sets"),
        "rows": Field("names", "matrix rows under which the source itself places the finding", of="rows"),
        "source": SOURCE,
        "note": _text("free words"),
        "accept": WAIVER,
    },
    needed=("modality", "outcome", "source"),
)  # fmt: skip
DESIGN = Field(
    "fields", "how people came into the arms, what was compared, and what became of the comparison",
    fields={
        "allocation": _word("how people came into the arms", ALLOCATIONS),
        "unit": _word("what was allocated", UNITS),
        "clusters": _whole("clusters, where these were allocated", 2),
        "icc": _share("the intra-cluster correlation"),
        "attrition": _share("the people lost"),
        "comparability": _word("whether the arms were alike before treatment", COMPARABILITIES),
        "analysed_as_allocated": _truth("everybody was analysed in the arm of the allocation"),
        "method": _word("the method of evaluation", (*METHODS, NOT_STATED)),
        "comparison": _truth("there is a comparison group"),
        "measured_before": _truth("measured before as well as after"),
        "controls": _word("control for other factors", CONTROLS),
        "several_units": _truth("more than one unit in each condition; people are units, too"),
        "sound": _truth("carried out as claimed, without serious contamination"),
    },
)  # fmt: skip
SAMPLE = Field(
    "fields", "the people",
    fields={
        "n": _whole("people in the sample", 1),
        "population": Field("names", "populations of review.toml", of="populations"),
        "described": _text("the people in the words of the source"),
        "setting": _word("where they were", SETTINGS),
        "country": _text("the country, or `not stated`"),
        "female": _share("women"),
    },
)  # fmt: skip
JUDGEMENT = Field(
    "fields", "what somebody judged because a rule asks for it; never inferred",
    fields={
        "is": Field("judged", "true, false, a number, words, or `not stated`"),
        "because": _text("why"),
        "by": _text("who judged"),
        "source": SOURCE,
    },
    needed=("is", "because"),
)  # fmt: skip
RISK = Field(
    "fields", "the risk of bias in one domain; the judgement alone is enough",
    fields={"judgement": _word("the risk of bias", JUDGEMENTS), "source": SOURCE},
    needed=("judgement",),
)  # fmt: skip
ARM = Field(
    "fields", "one group of the study",
    fields={
        "label": _text("what the group had, in words"),
        "n": _whole("people in it", 1),
        "split_of": _name("the arm whose people the source divided", "arms"),
    },
    needed=("label",),
)  # fmt: skip
STUDY = Field(
    "fields", "one sample of people, its design, and its findings; several reports of one sample are one study",
    fields={
        "study": _text("the name of the file, without .yaml"),
        "cite": Field("names", "its reports, keys of the library", of="library"),
        "evidence_set": _name("an evidence set of review.toml", "evidence_sets"),
        "note": _text("free words"),
        "sample": SAMPLE,
        "design": DESIGN,
        "maryland": LEVEL,
        "risk_of_bias": Field("fields", "the risk of bias by domain", fields=dict.fromkeys(DOMAINS, RISK)),
        "judgements": Field(
            "named", "judgements by name, as the rule that asks names them",
            pattern=JUDGEMENT_NAME.pattern, fields={ANY: JUDGEMENT},
        ),
        "arms": Field("named", "the groups by a short key, which findings name", fields={ANY: ARM}),
        "findings": Field("items", "what was found", fields={ANY: FINDING}),
        "accept": WAIVER,
    },
    needed=("study", "evidence_set"),
)  # fmt: skip


def field_at(path: tuple[str | int, ...]) -> Field | None:
    """The field at a path of a record, `("findings", 0, "time")`; None where there is none of that name."""
    found: Field | None = STUDY
    for step in path:
        fields = found.fields if found is not None else {}
        found = fields.get(str(step) if not isinstance(step, int) else ANY, fields.get(ANY))
    return found


def values_of(whole: Field, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Every field of one value or list below another, with its path, in order; `*` for any name or item."""
    for name, inner in whole.fields.items():
        if inner.fields:
            yield from values_of(inner, (*before, name))
        else:
            yield (*before, name), inner
