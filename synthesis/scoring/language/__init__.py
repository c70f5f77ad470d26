"""The language of a rule's expressions: parsed into a small checked tree, evaluated on columns, never executed."""

from synthesis.scoring.language.columns import (
    UNKNOWN,
    BoolArray,
    Column,
    FloatArray,
    IntArray,
    Numbers,
    Texts,
    column_of,
    known,
    maybe,
    numbers_of,
    surely,
    texts_of,
)
from synthesis.scoring.language.evaluate import Columns, evaluate, numbers
from synthesis.scoring.language.parse import parse
from synthesis.scoring.language.tree import Declared, Expression, ExpressionError, Kind

__all__ = [
    "UNKNOWN",
    "BoolArray",
    "Column",
    "Columns",
    "Declared",
    "Expression",
    "ExpressionError",
    "FloatArray",
    "IntArray",
    "Kind",
    "Numbers",
    "Texts",
    "column_of",
    "evaluate",
    "known",
    "maybe",
    "numbers",
    "numbers_of",
    "parse",
    "surely",
    "texts_of",
]
