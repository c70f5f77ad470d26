"""JSON Schemas of records and of review.toml, for editors: made from `fields.py` and `review_fields.py`.

Draft 2020-12, in those of its words that mean the same since draft 6, because editors lag behind: the YAML language
server says that it knows drafts up to 7. What a schema cannot tell (names that review.toml declares, events that
exceed their group, an interval without its estimate) is for `synth check`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.records.effects import COUNTS, ESTIMATE, FORMS, MEANS, RATIOS
from synthesis.records.fields import ANY, EFFECT, RISK, STUDY, Field
from synthesis.records.review import Review
from synthesis.records.review_fields import REVIEW
from synthesis.records.study import NOT_STATED

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
OPEN = f"^{NOT_STATED}$"  # of a number or truth that a source leaves open
TEXT = r"\S"  # something that can be seen
NEEDED_OF = {"counts": COUNTS, "means": MEANS, "an estimate": ("measure", "estimate")}
PRECISION = ("se", "ci", "p")
RATIO: Schema = {  # of a measure that is a ratio, the estimate and its bounds are greater than 0
    "if": {"properties": {"measure": {"enum": list(RATIOS)}}, "required": ["measure"]},
    "then": {"properties": {"estimate": {"exclusiveMinimum": 0}, "ci": {"items": {"exclusiveMinimum": 0}}}},
}
FILES: Mapping[str, str] = {  # by kind: where editors look for a schema, in the review folder
    "record": ".synth/record.schema.json",
    "review": ".synth/review.schema.json",
}


def schema_text(kind: str, review: Review | None = None) -> str:
    """A schema as the text of a file; see `schema`."""
    return json.dumps(schema(kind, review), ensure_ascii=False, indent=1) + "\n"


def schema(kind: str, review: Review | None = None) -> Schema:
    """The schema of a record or of review.toml.

    Parameters
    ----------
    kind : str
        `record` or `review`.
    review : Review, optional
        Whose names a record may use; without it, any name may stand in a record.

    Raises
    ------
    InvalidArgument
        There is no schema of that kind.
    """
    if kind == "record":
        return {"$schema": DRAFT, "title": "A study record of synth", **_Yaml(review).of(STUDY, needed=True)}
    if kind == "review":
        return {"$schema": DRAFT, "title": "The review.toml of synth", **_Toml().of(REVIEW, needed=True)}
    raise InvalidArgument(f"no schema of {kind!r}: {did_you_mean(kind, FILES)}")


def whole(pattern: str) -> str:
    """A pattern for all of a text; JSON Schema looks for one anywhere in it."""
    return f"^(?:{pattern})$"


class _Yaml:
    """The values of a record, where a field without a value counts as left out and a number may be `not stated`."""

    def __init__(self, review: Review | None) -> None:
        self.review = review

    def of(self, field: Field, *, needed: bool) -> Schema:
        """The schema of one field."""
        make = getattr(self, field.kind)
        made: Schema = {"description": _sentence(field.about), **make(field)}
        return made if needed else _or_null(made)

    def text(self, field: Field) -> Schema:
        if field.pattern:
            return {"type": "string", "pattern": whole(field.pattern)}
        return {"type": ["string", "number"], "pattern": TEXT}

    def word(self, field: Field) -> Schema:
        return {"enum": list(field.words)}

    def name(self, field: Field) -> Schema:
        names = _declared(self.review, field)
        return {"enum": names} if names else self.text(field)

    def number(self, field: Field) -> Schema:
        return _maybe_open("number", field)

    def whole(self, field: Field) -> Schema:
        return _maybe_open("integer", field)

    def truth(self, _: Field) -> Schema:
        return {"enum": [True, False, NOT_STATED]}

    def level(self, field: Field) -> Schema:
        return {"enum": [*map(int, field.words), NOT_STATED]}

    def judged(self, _: Field) -> Schema:
        return {"type": ["boolean", "number", "string"], "pattern": TEXT}

    def texts(self, field: Field) -> Schema:
        one = self.name(field)
        return {"anyOf": [one, {"type": "array", "items": one, "uniqueItems": True}]}

    names = texts

    def numbers(self, field: Field) -> Schema:
        return {"type": "array", "items": _maybe_open("number", field), "minItems": 2, "maxItems": 2}

    def wholes(self, field: Field) -> Schema:
        return {"type": "array", "items": {"type": "integer", **_bounds(field)}, "minItems": 2, "maxItems": 2}

    def fields(self, field: Field) -> Schema:
        made: Schema = {
            "type": "object",
            "properties": {name: self.of(inner, needed=name in field.needed) for name, inner in field.fields.items()},
            "additionalProperties": False,
        }
        if field.needed:
            made["required"] = list(field.needed)
        if field is EFFECT:
            made["oneOf"] = [_form(form) for form in FORMS]
            made["allOf"] = [RATIO]
        if field is RISK:
            return {"anyOf": [self.word(field.fields["judgement"]), made]}
        return made

    def named(self, field: Field) -> Schema:
        inner = self.of(field.fields[ANY], needed=True)
        if not field.pattern:
            return {"type": "object", "additionalProperties": inner}
        return {"type": "object", "patternProperties": {whole(field.pattern): inner}, "additionalProperties": False}

    def items(self, field: Field) -> Schema:
        return {"type": "array", "items": self.of(field.fields[ANY], needed=True)}


class _Toml(_Yaml):
    """The values of review.toml: nothing is `not stated` but a judgement, and text is in quotes."""

    def __init__(self) -> None:
        super().__init__(None)

    def of(self, field: Field, *, needed: bool) -> Schema:  # noqa: ARG002 - a key of TOML always has a value
        """The schema of one key."""
        return super().of(field, needed=True)

    def text(self, field: Field) -> Schema:
        return {"type": "string", **({"pattern": whole(field.pattern)} if field.pattern else {})}

    def number(self, field: Field) -> Schema:
        return {"type": "number", **_bounds(field)}

    def whole(self, field: Field) -> Schema:
        return {"type": "integer", **_bounds(field)}

    def truth(self, _: Field) -> Schema:
        return {"type": "boolean"}

    def texts(self, field: Field) -> Schema:
        return {"type": "array", "items": self.text(field), "uniqueItems": True}

    def words(self, field: Field) -> Schema:
        return {"type": "array", "items": self.word(field), "uniqueItems": True, "minItems": 1}

    def levels(self, field: Field) -> Schema:
        return {"type": "array", "items": self.whole(field), "minItems": 1}


def _or_null(made: Schema) -> Schema:
    """A field that may stand there without a value."""
    if "enum" in made:
        return {**made, "enum": [*made["enum"], None]}
    if "anyOf" in made:
        return {**made, "anyOf": [*made["anyOf"], {"type": "null"}]}
    kinds = made["type"] if isinstance(made["type"], list) else [made["type"]]
    forms = [{"type": "null"}, *({"type": "object", **form} for form in made["oneOf"])] if "oneOf" in made else None
    return {**made, "type": [*kinds, "null"], **({"oneOf": forms} if forms else {})}


def _maybe_open(kind: str, field: Field) -> Schema:
    """A number, or the words that say that the source leaves it open."""
    return (
        {"type": [kind, "string"], "pattern": OPEN, **_bounds(field)}
        if field.open
        else {"type": kind, **_bounds(field)}
    )


def _bounds(field: Field) -> Schema:
    given = {
        "minimum": field.least, "maximum": field.most, "exclusiveMinimum": field.above, "exclusiveMaximum": field.below,
    }  # fmt: skip
    return {word: bound for word, bound in given.items() if bound is not None}


def _form(form: str) -> Schema:
    """One form of an effect: what it needs, and none of what belongs to the others."""
    others = [name for other, names in FORMS.items() if other != form for name in names]
    made: Schema = {
        "title": form,
        "required": list(NEEDED_OF[form]),
        "not": {"anyOf": [{"required": [name]} for name in others]},
    }
    if FORMS[form] == ESTIMATE:
        made["anyOf"] = [{"required": [name]} for name in PRECISION]
    return made


def _declared(review: Review | None, field: Field) -> list[str]:
    """The names that a review declares for a field; nothing where it is not known."""
    if review is None or field.of in ("", "arms", "library"):
        return []
    tables: Mapping[str, list[str]] = {
        "modalities": [*review.modalities, NOT_STATED],
        "outcomes": list(review.outcomes),
        "populations": list(review.populations),
        "evidence_sets": list(review.evidence_sets),
        "rows": [row.code for row in review.rows],
    }
    return tables[field.of]


def _sentence(about: str) -> str:
    return about[:1].upper() + about[1:]
