"""A reference list as text, Markdown, HTML, LaTeX or JSON: five forms of the same runs."""

from __future__ import annotations

import html as markup
import json
import re
from collections.abc import Callable, Mapping

from synthesis.bibliography import latex
from synthesis.bibliography.latex import Span
from synthesis.bibliography.reference_lists.runs import Runs, shown
from synthesis.bibliography.reference_lists.shelf import ReferenceList

SPECIAL = re.compile(r"([\\`*_\[\]<>#&~^|$])")
BEGINNING = re.compile(r"^(\d+)([.)])|^([-+])(?= )")
TAGS = {"italic": "em", "bold": "strong", "superscript": "sup", "subscript": "sub"}
COMMANDS = {
    "italic": "textit", "bold": "textbf", "superscript": "textsuperscript", "subscript": "textsubscript",
    "smallcaps": "textsc",
}  # fmt: skip
SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|(\\[A-Za-z]+|[^\\\s{}]))")
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
    text = "".join(map(_markdown_span, runs))
    return BEGINNING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)


def _markdown_span(span: Span) -> str:
    if "link" in span.style:
        return f"<{span.text}>" if not re.search(r"[\s<>]", span.text) else SPECIAL.sub(r"\\\1", span.text)
    text = SPECIAL.sub(r"\\\1", span.shown)
    if "doi" in span.style:
        return f"[{text}](<https://doi.org/{span.text}>)" if not re.search(r"[\s<>]", span.text) else text
    for style in ("superscript", "subscript"):
        text = f"<{TAGS[style]}>{text}</{TAGS[style]}>" if style in span.style else text
    for style, mark in (("italic", "*"), ("bold", "**")):
        text = _marked(text, mark) if style in span.style else text
    return text


def _marked(text: str, mark: str) -> str:
    """A text between marks, which stand at no blank."""
    bare = text.strip(" ")
    return text.replace(bare, f"{mark}{bare}{mark}", 1) if bare else text


def _html(span: Span) -> str:
    text = _html_formula(span.text) if "math" in span.style else markup.escape(span.shown)
    if "doi" in span.style:
        return f'<a href="https://doi.org/{text}">{text}</a>'
    if "link" in span.style:
        return f'<a href="{text}">{text}</a>' if SAFE.match(span.text) else text
    for style, tag in TAGS.items():
        text = f"<{tag}>{text}</{tag}>" if style in span.style else text
    return f'<span style="font-variant: small-caps">{text}</span>' if "smallcaps" in span.style else text


def _html_formula(source: str) -> str:
    """A formula with what it raises and lowers; the rest as characters."""
    pieces = SCRIPT.split(source)
    made = markup.escape(_characters(pieces[0]))
    for mark, braced, bare, after in zip(pieces[1::4], pieces[2::4], pieces[3::4], pieces[4::4], strict=True):
        tag = "sup" if mark == "^" else "sub"
        made += f"<{tag}>{markup.escape(_characters(braced or bare or ''))}</{tag}>{markup.escape(_characters(after))}"
    return made


def _characters(source: str) -> str:
    return Span(source, frozenset({"math"})).shown


def _latex(span: Span) -> str:
    if span.style & {"link", "doi"}:
        address = span.text if "link" in span.style else f"https://doi.org/{span.text}"
        # \href's argument takes these characters only after a backslash
        target = re.sub(r"([%#&{}\\])", r"\\\1", address)
        return f"\\href{{{target}}}{{{latex.encode(latex.literal(span.text))}}}"
    text = f"${span.text}$" if "math" in span.style else latex.encode(latex.literal(span.text))
    for style, command in COMMANDS.items():
        text = f"\\{command}{{{text}}}" if style in span.style else text
    return text
