"""A reference list as text, Markdown, HTML, LaTeX or JSON: five forms of the same runs."""

from __future__ import annotations

import html as markup
import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from synthesis.bibliography import latex
from synthesis.bibliography.latex import Span
from synthesis.bibliography.latex.formulas import pieces
from synthesis.bibliography.reference_lists.runs import Runs, shown
from synthesis.bibliography.reference_lists.shelf import ReferenceList

SPECIAL = re.compile(r"([\\`*_\[\]<>#&~^|$])")
BEGINNING = re.compile(r"^(\d+)([.)])|^([-+])(?= )")
MARKS = {"italic": "*", "bold": "**"}
TAGS = {"italic": "em", "bold": "strong", "superscript": "sup", "subscript": "sub"}
COMMANDS = {
    "italic": "textit", "bold": "textbf", "superscript": "textsuperscript", "subscript": "textsubscript",
    "smallcaps": "textsc",
}  # fmt: skip
LIGATURE = re.compile(r"([-'`])(?=\1)|([?!])(?=`)")  # characters that TeX would join
SAFE = re.compile(r"https?://", re.IGNORECASE)


def as_text(listed: ReferenceList) -> str:
    """One reference a line, with its number where the style has numbers."""
    return "".join(f"{item.label}{shown(item.runs)}\n" for item in listed.items)


def as_markdown(listed: ReferenceList) -> str:
    """A numbered list, or paragraphs."""
    lines = [f"{item.label}{_markdown(item.runs)}" for item in listed.items]
    return "".join(f"{line}\n" for line in lines) if listed.numbered else "\n".join(f"{line}\n" for line in lines)


def as_html(listed: ReferenceList) -> str:
    """A list whose items have the keys as anchors; every character of the library is escaped."""
    tag = "ol" if listed.numbered else "ul"
    items = "".join(
        f'  <li id="ref-{markup.escape(item.key)}">{"".join(map(_html, item.runs))}</li>\n' for item in listed.items
    )
    return f'<{tag} class="references {listed.style}">\n{items}</{tag}>\n'


def as_latex(listed: ReferenceList) -> str:
    r"""A `thebibliography` with a `\bibitem` a reference, for hyperref or the package url."""
    items = "".join(f"\\bibitem{{{item.key}}}\n{''.join(map(_latex, item.runs))}\n\n" for item in listed.items)
    return f"\\begin{{thebibliography}}{{{len(listed.items)}}}\n\n{items}\\end{{thebibliography}}\n"


def as_json(listed: ReferenceList) -> str:
    """Keys, texts and runs with their styles."""
    return json.dumps(listed.to_dict(), ensure_ascii=False, indent=2) + "\n"


OUTPUTS: Mapping[str, Callable[[ReferenceList], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "html": as_html,
    "latex": as_latex,
    "json": as_json,
}


def _markdown(runs: Runs) -> str:
    groups = groupby(runs, key=lambda span: [mark for style, mark in MARKS.items() if style in span.style])
    text = "".join(_marked("".join(map(_markdown_span, spans)), marks) for marks, spans in groups)
    return BEGINNING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)


def _markdown_span(span: Span) -> str:
    if "link" in span.style:
        return f"<{span.text}>" if not re.search(r"[\s<>]", span.text) else _escaped(span.text)
    text = _formula(span.text, _escaped) if "math" in span.style else _escaped(span.text)
    if "doi" in span.style:
        return f"[{text}](<https://doi.org/{span.text}>)" if not re.search(r"[\s<>]", span.text) else text
    for style in ("superscript", "subscript"):
        text = f"<{TAGS[style]}>{text}</{TAGS[style]}>" if style in span.style else text
    return text


def _marked(text: str, marks: Sequence[str]) -> str:
    """A text between marks, which stand at no blank."""
    bare = text.strip(" ")
    return text.replace(bare, f"{''.join(marks)}{bare}{''.join(reversed(marks))}", 1) if bare else text


def _html(span: Span) -> str:
    text = _formula(span.text, markup.escape) if "math" in span.style else markup.escape(span.text)
    if "doi" in span.style:
        return f'<a href="https://doi.org/{text}">{text}</a>'
    if "link" in span.style:
        return f'<a href="{text}">{text}</a>' if SAFE.match(span.text) else text
    for style, tag in TAGS.items():
        text = f"<{tag}>{text}</{tag}>" if style in span.style else text
    return f'<span style="font-variant: small-caps">{text}</span>' if "smallcaps" in span.style else text


def _formula(source: str, escaped: Callable[[str], str]) -> str:
    """A formula with what it raises and lowers; the rest as characters."""
    made = ((escaped(text), TAGS.get(level, "")) for text, level in pieces(source))
    return "".join(f"<{tag}>{text}</{tag}>" if tag else text for text, tag in made)


def _escaped(text: str) -> str:
    """Text of which nothing is markup to Markdown."""
    return SPECIAL.sub(r"\\\1", text)


def _latex(span: Span) -> str:
    if span.style & {"link", "doi"}:
        address = span.text if "link" in span.style else f"https://doi.org/{span.text}"
        # \href's argument takes these characters only after a backslash
        target = re.sub(r"([%#&{}\\])", r"\\\1", address)
        printed = LIGATURE.sub(r"\g<0>{}", latex.encode(latex.literal(span.text)))
        return f"\\href{{{target}}}{{{printed}}}"
    text = f"${span.text}$" if "math" in span.style else latex.encode(latex.literal(span.text))
    for style, command in COMMANDS.items():
        text = f"\\{command}{{{text}}}" if style in span.style else text
    return text
