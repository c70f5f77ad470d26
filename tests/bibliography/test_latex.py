"""LaTeX and Unicode, there and back."""

# ruff: noqa: RUF001 - characters that look alike are what these tests are about

import os
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography.latex import (
    LONGEST,
    Span,
    decode,
    encode,
    literal,
    plain,
    spans,
    verbatim,
    with_addresses_kept,
)
from synthesis.bibliography.latex.formulas import in_line
from synthesis.bibliography.latex.tables import COMMANDS, MARKS, MATH, OTHER_COMMANDS, SYMBOLS
from synthesis.bibliography.library import read_library

SIZE = 100_000 if os.environ.get("SYNTH_FULL") else 10_000  # of hostile texts
BLOCKS = {
    "Basic Latin": (0x20, 0x7F),
    "Latin-1 Supplement": (0xA0, 0x100),
    "Latin Extended-A": (0x100, 0x180),
    "Latin Extended-B": (0x180, 0x250),
    "IPA Extensions": (0x250, 0x2B0),
    "Spacing Modifier Letters": (0x2B0, 0x300),
    "Combining Diacritical Marks": (0x300, 0x370),
    "Greek and Coptic": (0x370, 0x400),
    "Latin Extended Additional": (0x1E00, 0x1F00),
    "General Punctuation": (0x2000, 0x2070),
    "Superscripts and Subscripts": (0x2070, 0x20A0),
    "Currency Symbols": (0x20A0, 0x20D0),
    "Letterlike Symbols": (0x2100, 0x2150),
    "Arrows": (0x2190, 0x2200),
    "Mathematical Operators": (0x2200, 0x2300),
}
CHARACTERS = [
    chr(code) for first, end in BLOCKS.values() for code in range(first, end) if unicodedata.name(chr(code), "")
]
ANYTHING_BUT_BACKSLASH = [char for char in CHARACTERS if char != "\\"]
VISIBLE = [char for char in ANYTHING_BUT_BACKSLASH if char not in '{}"@' and not char.isspace()]
PIECES = [
    r"\'", r"\"", r"\v", r"\c", r"\i", r"\j", r"\ss", r"\o", r"\textit", r"\emph", r"\foo", r"\relax", r"\url", r"\&",
    r"\%", r"\$", r"\{", r"\}", r"\\", r"\(", r"\)", r"\verb", r"\-", r"\,", r"\em", r"\t", r"\k", r"\textless",
    r"\href", r"\textasciitilde", r"\ensuremath", r"\alpha", r"\noopsort", r"\textbackslash", r"\d", "[a]", "--",
    "{}", "`", "'", "{", "}", "{", "}",
    "$", "~", "e", "E", "u", "x", "&", "%", "|", "[", "]", "é", "ı", "\u0301", "-", "*", "\\",
    "\\ ", " ", "\n", "\\c ", "\\v ",
]  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS)
def test_every_character_comes_back(block):
    """Each character of a block, alone and under an accent that it may compose with, is what it was."""
    first, end = BLOCKS[block]
    for char in (chr(code) for code in range(first, end) if chr(code) != "\\"):
        for text in (char, f"{char}\u0301", f"x{char}x", f"{{{char}}}"):
            assert decode(encode(text)) == text


@given(st.text(st.sampled_from(ANYTHING_BUT_BACKSLASH) | st.sampled_from("{}$~&%#_^-`' \u0301\u0308éß"), max_size=12))
def test_encoding_is_undone(text):
    """decode(encode(x)) == x: braces, lone ones too, dollars, tildes, marks that do not compose."""
    assert decode(encode(text)) == text


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_decoding_keeps_what_is_typeset(latex):
    """encode(decode(t)) has the spans of t, and decodes to the same again, however broken t is."""
    decoded = decode(latex)

    assert decode(encode(decoded)) == decoded
    assert spans(encode(decoded)) == spans(latex)


@given(st.text(st.sampled_from(ANYTHING_BUT_BACKSLASH).filter(lambda char: char not in "{}$~`'-"), max_size=12))
def test_what_encodes_is_balanced(text):
    """What encodes has balanced braces, so that it can stand in a BibTeX value."""
    encoded = encode(text)

    assert encoded.count("{") == encoded.count("}")


@given(st.text(st.sampled_from(VISIBLE), min_size=1, max_size=12), st.sampled_from(["{}", '""']))
def test_what_encodes_can_stand_in_a_library(text, delimiters):
    """A value that encodes, in braces or quotes, is read from a BibTeX file without a problem, and decodes."""
    opening, closing = delimiters
    library = read_library(f"@misc{{k, title = {opening}{encode(text)}{closing}}}")

    assert library.problems == ()
    assert decode(library.entries[0].get("title")) == text


@given(st.text(st.sampled_from([*CHARACTERS, *"\\{}$"]).filter(lambda char: char not in "`'-"), max_size=12))
def test_plain_text_survives_as_literal(text):
    """Text of a file that knows no LaTeX reads the same after it was made a BibTeX value."""
    assert plain(encode(literal(text))) == text


@pytest.mark.parametrize(
    "latex",
    [
        r"\'e", r"\'{e}", r"{\'e}", r"{\'{e}}", r"\' e", r"{\' e}", "é",
    ],
)  # fmt: skip
def test_spellings_of_one_accent(latex):
    """An accent may stand before its letter in every way that LaTeX allows."""
    assert decode(latex) == "é"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\'\i", "í"), (r"\'{\i}", "í"), (r"{\'\i}", "í"), (r"\^{\j}", "ĵ"), (r"\'i", "í"), (r"\i", "ı"),
        (r"\v{s}", "š"), (r"\v s", "š"), (r"{\v s}", "š"), (r"\c c", "ç"), (r"\c{c}", "ç"), (r"Fran\c cois",
        "François"),
        (r"\aa", "å"), (r"{\aa}", "å"), (r"\r{a}", "å"), (r"\ss", "ß"), (r"Stra{\ss}e", "Straße"), (r"Stra\ss{}e",
        "Straße"),
        (r"\o ", "ø"), (r"S\o ren", "Søren"), (r"\L{}ukasz", "Łukasz"), (r"{\L}ukasz", "Łukasz"),
        (r'{\"{o}}', "ö"), (r'{\"o}', "ö"), (r'\"{o}', "ö"), (r"\H{o}", "ő"), (r"\k{a}", "ą"), (r"\d{h}", "ḥ"),
        (r"\b{d}", "ḏ"), (r"\t{oo}", "o\u0361o"), (r"\={\i}", "ī"), (r"\'{\^e}", "ế"), (r"\'\^e", "ế"), (r"\~{\^a}",
        "ẫ"),
        (r"\dh\th\dj\ng\oe", "ðþđŋœ"), (r"\'{}", "´"), (r"\'{ea}", "éa"), (r"50\%", "50%"), (r"R\&D", "R&D"),
        (r"a\_b", "a_b"), (r"\#1", "#1"), ("a~b", "a\u00a0b"), (r"a\,b", "a\u2009b"), (r"\ldots", "…"), (r"\dots{}x",
        "…x"),
        (r"\textendash{}", "–"), (r"\texteuro 5", "€5"), (r"\ensuremath{\alpha}", "α"), (r"\textbeta{}", "β"),
        (r"{{\'E}}tude", "{É}tude"), (r"{\'E}tude", "Étude"), (r"{\'Etude}", "Étude"),
    ],
)  # fmt: skip
def test_decoding(latex, text):
    """Accents, letters and symbols as people write them in libraries."""
    assert decode(latex) == text


@pytest.mark.parametrize(
    "latex",
    [
        "{DNA}", r"\textit{E. coli}", r"\emph{x}", r"\textsuperscript{2}", r"\url{http://x.y/a_b%20c}", r"$\beta$",
        r"\(x\)",
        r"\[x\]", r"\$5", r"\{x\}", "---", "1--10", "``a''", r"\foo", r"\foo[x]{y}", r"{\em x}", r"a\\b", "{", "}",
        "a}b{c",
        "\\", r"\'", r"\v", r"\'}", r"$\alpha$ and $\'x$", r"\verb|%&\'e|", r"\cite{a_b}", r"\ensuremath{x^2}",
        r"{\relax Ch}",
        r"\'{\textit{e}}", "$", "$}$", r"\url{", r"\(", "{}",
    ],
)  # fmt: skip
def test_structure_stays_as_written(latex):
    """Braces, markup, formulas, addresses, unknown and broken commands are kept to the letter, there and back."""
    assert decode(latex) == latex
    assert encode(decode(latex)) == latex


def test_text_between_two_formulas_is_text():
    """Two formulas in one value: what stands between them is decoded, encoded, and is no formula."""
    latex = r"$\beta$ 50\% \& $x$"

    assert decode(latex) == r"$\beta$ 50% & $x$"
    assert encode(decode(latex)) == latex


def test_an_address_keeps_its_percent_sign():
    r"""In \url nothing is decoded or escaped, while the text around it is."""
    assert encode(decode(r"\'Etude, \url{http://x.y/a_b%20c}, 5\%")) == r"{\'E}tude, \url{http://x.y/a_b%20c}, 5\%"


def test_marks_that_do_not_compose():
    """The letter é in one code point and in two are two texts, and stay two."""
    assert encode("\u00e9") == r"{\'e}"
    assert encode("e\u0301") == r"{\'{e\relax}}"
    assert plain(encode("e\u0301")) == "e\u0301"


def test_special_characters_protect_nothing():
    """A group that begins with a backslash is one letter to BibTeX; other groups keep their case."""
    assert spans(r"{\'E}tude of {DNA}") == (Span("Étude of "), Span("DNA", frozenset({"protected"})))


def test_styles():
    """Markup gives styles; nested emphasis is upright again."""
    found = spans(r"\textit{E. \emph{coli}} CO\textsubscript{2} \textbf{x}$\alpha$")

    assert [(span.text, sorted(span.style - {"protected"})) for span in found] == [
        ("E. ", ["italic"]), ("coli", []), (" CO", []), ("2", ["subscript"]), (" ", []), ("x", ["bold"]),
        (r"\alpha", ["math"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("1--10", "1–10"), ("a---b", "a—b"), ("``a''", "“a”"), (r"\href{http://a_b}{caf\'e}", "café"), (r"\$5", "$5"),
        (r"{\noopsort{1973}}1974", "1974"), (r"\enquote{a}", "“a”"), (r"\foo{kept}", "kept"), (r"$\alpha \leq 2$",
        "α ≤ 2"),
        (r"25\,$^\circ$C", "25\u2009°C"), (r"{H$_2$O}", "H2O"), (r"$1\,\mathrm{cm}^{-1}$", "1 cm-1"),
        (r"$10^{-3}$", "10⁻³"), (r"10$^6$", "10⁶"), (r"10\textsuperscript{-3} g", "10⁻³ g"), (r"$10^{x}$", "10^x"),
        (r"Cu$^2$$^+$ and Cu\textsuperscript{2}$^{+}$", "Cu2+ and Cu2+"), (r"Cu$_3^{2+}$", "Cu3²⁺"),
        (r"$10^{ab}$", "10^(ab)"), (r"$2^{n+1}$", "2ⁿ⁺¹"), (r"5\textsuperscript{th}", "5th"), (r"$x^2$", "x2"),
        (r"$5^*$", "5*"), (r"$\frac{a}{b}$", "a/b"), (r"$2\frac12x$", "2 1/2 x"), (r"$\dfrac{a+b}{\alpha}$", "(a+b)/α"),
        (r"$\frac{\frac{a}{b}}{c}$", "(a/b)/c"), (r"$\frac{x^2}{y_1}$", "x2/y1"), (r"$\frac$", ""),
        (r"{\TeX}book", "TeXbook"), (r"\'{\textit{e}}a", "éa"), (r"\v{{s}}", "š"), (r"a\ b", "a b"),
        (r"\textcolor{red}{x}", "x"), (r"{\em very} old", "very old"),
        (r"\url{http://x/a_b%20c}", "http://x/a_b%20c"), (r"\verb|a%b|", "a%b"), ("a~b", "a\u00a0b"), (r"\{x\}", "{x}"),
    ],
)  # fmt: skip
def test_what_a_reader_sees(latex, text):
    """Plain text has no braces, no markup, and the dashes and quotes of print."""
    assert plain(latex) == text


def test_no_two_characters_share_a_command():
    """A command prints one character, and each character of the tables comes back by its own command."""
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)
    assert len(set(MATH.values())) == len(MATH)
    assert len(set(MARKS.values())) == len(MARKS)
    assert not OTHER_COMMANDS.keys() & set(SYMBOLS.values())
    assert all(COMMANDS[name] == char for char, name in SYMBOLS.items())


def test_accented_letters_are_unicodes_own():
    """Every precomposed Latin letter whose marks have commands is encoded in ASCII: no table of ours says which."""
    marks = set(MARKS.values())
    letters = [char for char in CHARACTERS if "LATIN" in unicodedata.name(char)]
    composed = [char for char in letters if marks >= set(unicodedata.normalize("NFD", char)[1:])]
    composed = [char for char in composed if not char.isascii() and unicodedata.normalize("NFD", char)[0].isascii()]

    assert len(composed) > 480
    assert all(encode(char).isascii() for char in composed)


@pytest.mark.parametrize(
    "hostile",
    [
        "\\" * 10_000_000, "{" * 100_000 + "}" * 100_000, r"\'{" * SIZE + "e" + "}" * SIZE, "{" * 4 * SIZE,
        "$a" * 2 * SIZE, "$}" * 2 * SIZE, r"\(" * 2 * SIZE, r"\url{" * SIZE, r"\verb|" * SIZE, r"\'" * 2 * SIZE,
        "e" + "\u0301" * 2 * SIZE, r"\foo[" * SIZE, r"\textit{" * SIZE, "~" * 4 * SIZE,
    ],
    ids=lambda text: f"{text[:6]!a} {len(text)}",
)  # fmt: skip
def test_hostile_text_takes_linear_time(hostile):
    """Nesting, lone braces and broken commands without end: no crash, no text lost, no long wait."""
    begun = time.process_time()
    decoded = decode(hostile)
    plain(hostile)

    assert encode(decoded).count("e") >= decoded.count("e")
    assert time.process_time() - begun < 8


def test_what_is_too_long_stays():
    """A value longer than LONGEST is no title, and comes back as it is."""
    text = r"\'e" * LONGEST

    assert decode(text) == encode(text) == plain(text) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://x.org/a--b/~roe''c", "https://x.org/a--b/~roe''c"), (r"\url{https://x/a\_b\%c}", "https://x/a_b%c"),
        (r"\href{https://x/a}{shown}", "https://x/a"), (r"a{\_}b{_}c\textunderscore d{\textunderscore}e", "a_b_c_d_e"),
        (r"\~{}a\string~b$\sim$c", "~a~b~c"), ("a{-}{-}b", "a--b"), (r"10.1/$<$a$>$", "10.1/<a>"),
        (r"a\textunderscores b", r"a\textunderscores b"), ("", ""), ("a$b", "a$b"),
    ],
)  # fmt: skip
def test_verbatim(typed, meant):
    """Of an address only the escapes are undone."""
    assert verbatim(typed) == meant


def test_hostile_formulas_and_addresses_are_read_in_time():
    """No shape makes the patterns of formulas, scripts and addresses go back and forth."""
    shapes = (
        "^{",
        "^{{x}",
        "     ",
        "1 ",
        "\\frac",
        "\\frac{",
        "\\frac{a}{",
        "{x}",
        "\\url{",
        "https://",
        "{\\_",
        "$\\sim",
        "\\_ ",
    )

    for shape in shapes:
        text = shape * (SIZE // len(shape))
        started = time.process_time()
        verbatim(text), with_addresses_kept(text), plain(f"${text}$"), in_line(text)
        assert time.process_time() - started < 8
