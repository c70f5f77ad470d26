"""Names of languages that babel knows."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

# Names that babel and biblatex use, and that libraries write.
KNOWN = frozenset(
    [
        "acadian", "afrikaans", "american", "arabic", "armenian", "australian", "austrian", "basque", "belarusian",
        "bokmal", "brazil", "brazilian", "british", "bulgarian", "canadian", "canadien", "catalan", "chinese",
        "croatian", "czech", "danish", "dutch", "english", "estonian", "finnish", "francais", "french", "galician",
        "german", "germanb", "greek", "hebrew", "hindi", "hungarian", "icelandic", "indonesian", "irish", "italian",
        "japanese", "korean", "latin", "latvian", "lithuanian", "magyar", "malay", "mandarin", "multilingual",
        "naustrian", "newzealand", "ngerman", "norsk", "norwegian", "nswissgerman", "nynorsk", "persian", "polish",
        "portuges", "portuguese", "romanian", "russian", "sanskrit", "serbian", "serbianc", "slovak", "slovene",
        "slovenian", "spanish", "swedish", "swissgerman", "tamil", "thai", "turkish", "ukenglish", "ukrainian", "urdu",
        "usenglish", "vietnamese", "welsh",
    ]
)  # fmt: skip
LONGEST = 20
CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
SPLIT = re.compile(r"\s*[,;/]\s*|\s+and\s+")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY439: a language that is spelt nearly like one."""
    for value in shelf.named("language", "langid", "hyphenation", "origlanguage"):
        for text in SPLIT.split(value.field.value.strip("{} ").lower()):
            if text not in KNOWN and (near := _near(text)):
                what = f"no language is called {text!r}, as that of {value.entry.key!r} is"
                yield at_field(value, "SY439", what, f"did you mean {near}?")


@lru_cache(maxsize=1000)
def _near(text: str) -> str | None:
    """The language that was meant by a word that is neither one nor a code of one."""
    if not text or len(text) > LONGEST or CODE.fullmatch(text) or text.startswith("lang"):
        return None
    near = difflib.get_close_matches(text, KNOWN, n=1, cutoff=0.8)
    return near[0] if near else None


RULE = Rule(
    name="languages",
    codes=("SY439",),
    says="the name of a language is spelt as babel spells it",
    check=check,
)
