"""Text as it is compared: small letters and digits, without accents, markup or punctuation."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

TAG = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
ENTITY = re.compile(r"&(?:#\w{1,8}|\w{2,10});")
JOINED = re.compile(r"['’`´]")  # noqa: RUF001  the apostrophes that are met in names and titles
BREAK = re.compile(r"[\W_]+")
LETTERS = str.maketrans(
    {
        "ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l", "đ": "d",
        "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "\u0131": "i", "&": " and ",
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",  # noqa: RUF001
        "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "π": "pi", "σ": "sigma", "τ": "tau",  # noqa: RUF001
        "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "delta", "Ω": "omega",
    }
)  # fmt: skip


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Words in small letters, one blank between two.

    Accents go, ligatures and Greek letters are written out, tags of HTML go, apostrophes join, every other sign parts
    words. Letters of other scripts stay.

    Examples
    --------
    >>> folded("Müller's <i>β</i>-cell  study")
    'mullers beta cell study'
    """
    if "<" in text:
        text = TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text) if ENTITY.search(text) else text
        text = text.replace("&", " and ")
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(LETTERS))
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return BREAK.sub(" ", JOINED.sub("", text).casefold()).strip()


def compact(text: str) -> str:
    """The letters and digits of a folded text, without blanks."""
    return folded(text).replace(" ", "")
