"""A library with the traps of real ones, its mutations, and a reader of its own to compare with."""

import os
import re

from hypothesis import strategies as st

MANY = 20 if os.environ.get("SYNTH_FULL") else 1  # times as many examples
LIBRARY = r"""% Encoding: UTF-8
This library is kept by hand. Mail: library@example.org

@string{jstd = {Journal of Studies}}
@STRING(adpt = "Addiction" # { Science})
@preamble{"\newcommand{\noop}[1]{}"}

@article{Smith2004,
  author    = {Smith, John and M{\"u}ller, J{\'o}zef and {World Health Organization}},
  title     = {Effects of {DNA} on {$\beta$-blockers}: a 50\% trial \& more},
  journal   = jstd,
  year      = 2004,
  month     = jan # "~1",
  pages     = {11--19},
  doi       = {10.1000/xyz.123},
  abstract  = {Mail me @ home (now) or write to smith@example.org, #1 of "all" = 5.
@home is where the heart is.
  The end.},
}

@Book(Doe_1999, title = "The {"}Great{"} {B}ook", author="Doe, Jane", publisher=  {P}, year = "1999")
@comment{jabref-meta: groupstree:
0 AllEntriesGroup:;
}

@inproceedings{ Roe:2010a ,
	crossref = {Proc2010},
	title = {Nested {{{{{{deep}}}}}} braces},
	author = {Roe, R. and others},
	note = {Set \{a, b\} and \url{http://x.y/a_b%20c}},
}
@proceedings{Proc2010, title = {Proceedings}, year = {2010}, booktitle = {Proceedings}}

   @misc{Empty,}
@misc{NoFields}

@online{Web+2020,
  title = {A site},
  url = {https://example.org/?doi=10.1/2&x={y}},
  urldate = {2020-01-01}
}
"""
PIECES = [
    "{",
    "}",
    '"',
    ",",
    "=",
    "#",
    "@",
    "(",
    ")",
    "\\",
    "%",
    "\n",
    "@misc{New, t = {x}}",
    "\n@foo{",
    "\r\n",
    "x = {y}",
]


@st.composite
def mutations(draw, most=6):
    """The library, or a part of it, with some characters taken out, put in, repeated or changed."""
    text = LIBRARY
    first = draw(st.sampled_from([0, text.index("@article"), text.index("@Book"), text.index("@online")]))
    text = text[first:]
    for _ in range(draw(st.integers(0, most))):
        place = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["out", "in", "change", "repeat"]))
        if kind == "out":
            text = text[:place] + text[place + draw(st.sampled_from([1, 1, 1, 3, 30])) :]
        elif kind == "in":
            text = text[:place] + draw(st.sampled_from(PIECES)) + text[place:]
        elif kind == "change":
            text = text[:place] + draw(st.sampled_from(PIECES)) + text[place + 1 :]
        else:
            text = text[:place] + text[place : place + draw(st.integers(1, 120))] + text[place:]
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


def counted(text):
    """The entries of a text, read by counting braces as BibTeX does: type, key and fields with their text as written.

    Nothing is mended: what this reader and the library disagree about must have been reported.
    """
    found, place = [], 0
    while mark := re.compile(r"@(\w*)[ \t]*([{(])").search(text, place):
        end = closing(text, mark.end(), "}" if mark[2] == "{" else ")")
        if mark[1].lower() not in {"string", "preamble", "comment"}:
            key, *fields = split(text[mark.end() : end], ",")
            pairs = [field.partition("=") for field in fields if field.strip()]
            found.append(
                (mark[1].lower(), key.strip(), [(name.strip().lower(), value.strip()) for name, _, value in pairs])
            )
        place = end + 1
    return found


def closing(text, place, bracket):
    """Where a bracket closes that stands in no braces, and for `)` in no quotes."""
    depth, quoted = 0, False
    while place < len(text):
        char = text[place]
        if char == bracket and depth == 0 and not (quoted and bracket == ")"):
            break
        if char == '"' and depth == 0:
            quoted = not quoted
        depth += {"{": 1, "}": -1}.get(char, 0)
        place += 1
    return place


def split(text, separator):
    """The pieces between separators that stand neither in braces nor in quotes."""
    pieces, depth, quoted = [""], 0, False
    for char in text:
        if char == '"' and depth == 0:
            quoted = not quoted
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char == separator and depth == 0 and not quoted:
            pieces.append("")
        else:
            pieces[-1] += char
    return pieces
