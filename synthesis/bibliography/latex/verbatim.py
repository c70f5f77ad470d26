"""Addresses and identifiers: values that TeX does not set as text, whose characters stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

HELD = r"\s*\{((?:[^{}]++|\{[^{}]*+\})*+)\}"
WRAPPED = re.compile(rf"\\(?:url|path|nolinkurl|doi|href){HELD}(?:{HELD})?\Z")
PRINTED: Mapping[str, str] = {
    "textunderscore": "_", "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">",
    "textbackslash": "\\", "textbar": "|", "textdollar": "$", "slash": "/", "sim": "~",
}  # fmt: skip
"""Commands with which people write one character of an address."""
COMMAND = rf"\\(?P<word>{'|'.join(PRINTED)})(?![A-Za-z])(?:\{{\}}|[ \t]+)?"
ESCAPE = re.compile(
    rf"\{{{COMMAND.replace('<word>', '<braced>')}\}}"  # {\textunderscore}
    rf"|{COMMAND}"
    r"|\$\\(?P<formula>sim)\s*\$|\$(?P<angle>[<>])\$"
    r"|\\string\s*(?P<string>[~#%_^&])|\{\\?(?P<alone>[^\s{}\\])\}"
    r"|\\(?P<escaped>[_%&#$~^{}])(?:\{\})?"
)
UNNAMED = re.sub(r"\(\?P<\w+>", "(?:", ESCAPE.pattern)
ADDRESSES = re.compile(
    rf"\\(?:url|path|nolinkurl){HELD}"
    rf"|(?<!\\url\{{)(?<!\\path\{{)(?<!\\href\{{)(?<!\\nolinkurl\{{)(https?://(?:{UNNAMED}|[^\s{{}}\\<>\"])++)"
)


def verbatim(value: str) -> str:
    r"""An address or identifier as it is meant: only the escapes that BibTeX asks for are undone.

    Hyphens, tildes and quotes stay as they are, since `--` is no dash and `~` no blank there.

    Examples
    --------
    >>> verbatim(r"\url{https://x.org/a--b/~roe/c\_d\%20e}")
    'https://x.org/a--b/~roe/c_d%20e'
    """
    bare = value.strip()
    while wrapped := WRAPPED.match(bare):
        bare = wrapped[1].strip()
    return ESCAPE.sub(_meant, bare)


def with_addresses_kept(value: str) -> str:
    r"""Text in LaTeX whose addresses stand in `\url{...}`, so that nothing in them becomes a dash or a blank."""
    return ADDRESSES.sub(_held, value) if "://" in value else value


def _meant(found: re.Match[str]) -> str:
    name = found["braced"] or found["word"] or found["formula"]
    return PRINTED[name] if name else found["angle"] or found["string"] or found["alone"] or found["escaped"]


def _held(found: re.Match[str]) -> str:
    address = verbatim(found[1] if found[2] is None else found[2])
    return f"\\url{{{address}}}"
