r"""Which LaTeX command prints which character.

Accented letters are in no table: Unicode's own decompositions (`unicodedata`) give their base and their marks, and
`MARKS` names the command of each mark. `SYMBOLS` has what does not decompose.

References
----------
The LaTeX Project. base/utf8ienc.dtx, "Mapping characters based on font (glyph) encodings": the commands of OT1, T1
and TS1 (read). Grimm J. Tralics' tipa.plt and tipx.plt, the commands of the packages tipa and tipx with their code
points (read). Greek, formulas, \\h and \\horn: the names of LaTeX's mathematics, of textgreek and of vntex.
"""

# ruff: noqa: RUF001 - characters that look alike are what this table is about
from __future__ import annotations

from collections.abc import Mapping

MARKS: Mapping[str, str] = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "h": "\u0309", "r": "\u030a", "H": "\u030b", "v": "\u030c", "textdoublegrave": "\u030f",
    "textroundcap": "\u0311", "horn": "\u031b", "d": "\u0323", "textsubumlaut": "\u0324", "textsubring": "\u0325",
    "textcommabelow": "\u0326", "c": "\u0327", "k": "\u0328", "textsyllabic": "\u0329", "textsubbridge": "\u032a",
    "textsubcircum": "\u032d", "textsubbreve": "\u032e", "textsubarch": "\u032f", "textsubtilde": "\u0330",
    "b": "\u0331", "textsuperimposetilde": "\u0334", "textinvsubbridge": "\u033a", "textsubsquare": "\u033b",
    "textseagull": "\u033c", "textovercross": "\u033d", "textadvancing": "\u0318", "textretracting": "\u0319",
    "textraising": "\u031d", "textlowering": "\u031e", "textsubplus": "\u031f",
    "textvbaraccent": "\u030d", "textdoublevbaraccent": "\u030e", "textdotbreve": "\u0310", "textsubgrave": "\u0316",
    "textsubacute": "\u0317", "textsublhalfring": "\u031c", "textsubw": "\u032b", "textsubwedge": "\u032c",
    "textsubrhalfring": "\u0339", "t": "\u0361",
}  # fmt: skip
OTHER_MARKS: Mapping[str, str] = {"C": "\u030f", "G": "\u030f", "textogonekcentered": "\u0328", "newtie": "\u0311"}
SPACING: Mapping[str, str] = {
    "\u0301": "\u00b4", "\u0308": "\u00a8", "\u0304": "\u00af", "\u0327": "\u00b8", "\u0306": "\u02d8",
    "\u0307": "\u02d9", "\u030a": "\u02da", "\u0328": "\u02db", "\u030b": "\u02dd", "\u030c": "\u02c7",
    "\u0300": "`", "\u0302": "^", "\u0303": "~",
}  # fmt: skip
"""What an accent over nothing prints."""

ESCAPES: Mapping[str, str] = {"&": "&", "%": "%", "#": "#", "_": "_", ",": "\u2009", "-": "\u00ad"}
"""Control symbols that print one character; braces, the dollar sign and the backslash stay as commands."""

SYMBOLS: Mapping[str, str] = {
    # Basic Latin that is special, or that OT1 prints as something else
    "~": "textasciitilde", "^": "textasciicircum", "<": "textless", ">": "textgreater", "|": "textbar",
    # Latin-1 Supplement
    "¡": "textexclamdown", "¢": "textcent", "£": "textsterling", "¤": "textcurrency", "¥": "textyen",
    "¦": "textbrokenbar", "§": "textsection", "¨": "textasciidieresis", "©": "textcopyright", "ª": "textordfeminine",
    "«": "guillemotleft", "¬": "textlnot", "®": "textregistered", "¯": "textasciimacron", "°": "textdegree",
    "±": "textpm", "²": "texttwosuperior", "³": "textthreesuperior", "´": "textasciiacute", "µ": "textmu",
    "¶": "textparagraph", "·": "textperiodcentered", "¹": "textonesuperior", "º": "textordmasculine",
    "»": "guillemotright", "¼": "textonequarter", "½": "textonehalf", "¾": "textthreequarters", "¿": "textquestiondown",
    "Å": "AA", "Æ": "AE", "Ð": "DH", "×": "texttimes", "Ø": "O", "Þ": "TH", "ß": "ss", "å": "aa", "æ": "ae", "ð": "dh",
    "÷": "textdiv", "ø": "o", "þ": "th",
    # Latin Extended-A, -B, Additional
    "Đ": "DJ", "đ": "dj", "ħ": "textcrh", "ı": "i", "Ĳ": "IJ", "ĳ": "ij", "Ł": "L", "ł": "l", "Ŋ": "NG", "ŋ": "ng",
    "Œ": "OE", "œ": "oe", "ƀ": "textcrb", "ƈ": "texthtc", "ƒ": "textflorin", "ƕ": "texthvlig", "ƙ": "texthtk",
    "ƚ": "textbarl", "ƛ": "textcrlambda", "ƞ": "textnrleg", "ƥ": "texthtp", "ƭ": "texthtt", "ƹ": "textrevyogh",
    "ƻ": "textcrtwo", "ƪ": "textlooptoprevesh", "ƺ": "textbenttailyogh", "ƿ": "textwynn",
    "ǀ": "textpipe", "ǁ": "textdoublepipe", "ǂ": "textdoublebarpipe",
    "ǃ": "textexclamationpoint", "ȡ": "textctd", "ȥ": "textcommatailz", "ȵ": "textctn", "ȶ": "textctt", "ȷ": "j",
    "ẞ": "SS",
    # IPA Extensions
    "ɐ": "textturna", "ɑ": "textscripta", "ɒ": "textturnscripta", "ɓ": "texthtb", "ɔ": "textopeno", "ɕ": "textctc",
    "ɖ": "textrtaild", "ɗ": "texthtd", "ɘ": "textreve", "ə": "textschwa", "ɚ": "textrhookschwa", "ɛ": "textepsilon",
    "ɜ": "textrevepsilon", "ɝ": "textrhookrevepsilon", "ɞ": "textcloserevepsilon", "ɟ": "textbardotlessj",
    "ɠ": "texthtg", "ɡ": "textscriptg", "ɢ": "textscg", "ɣ": "textgamma", "ɤ": "textramshorns", "ɥ": "textturnh",
    "ɦ": "texthth", "ɧ": "texththeng", "ɨ": "textbari", "ɩ": "textiota", "ɪ": "textsci", "ɫ": "textltilde",
    "ɬ": "textbeltl", "ɭ": "textrtaill", "ɮ": "textlyoghlig", "ɯ": "textturnm", "ɰ": "textturnmrleg",
    "ɱ": "textltailm", "ɲ": "textltailn", "ɳ": "textrtailn", "ɴ": "textscn", "ɵ": "textbaro", "ɶ": "textscoelig",
    "ɷ": "textcloseomega", "ɸ": "textphi", "ɹ": "textturnr", "ɺ": "textturnlonglegr", "ɻ": "textturnrrtail",
    "ɼ": "textlonglegr", "ɽ": "textrtailr", "ɾ": "textfishhookr", "ɿ": "textlhti", "ʀ": "textscr", "ʁ": "textinvscr",
    "ʂ": "textrtails", "ʃ": "textesh", "ʄ": "texthtbardotlessj", "ʅ": "textvibyi", "ʆ": "textctesh", "ʇ": "textturnt",
    "ʈ": "textrtailt", "ʉ": "textbaru", "ʊ": "textupsilon", "ʋ": "textscriptv", "ʌ": "textturnv", "ʍ": "textturnw",
    "ʎ": "textturny", "ʏ": "textscy", "ʐ": "textrtailz", "ʑ": "textctz", "ʒ": "textyogh", "ʓ": "textctyogh",
    "ʔ": "textglotstop", "ʕ": "textrevglotstop", "ʖ": "textinvglotstop", "ʗ": "textstretchc", "ʘ": "textbullseye",
    "ʙ": "textscb", "ʚ": "textcloseepsilon", "ʛ": "texthtscg", "ʜ": "textsch", "ʝ": "textctj", "ʞ": "textturnk",
    "ʟ": "textscl", "ʠ": "texthtq", "ʡ": "textbarglotstop", "ʢ": "textbarrevglotstop", "ʣ": "textdzlig",
    "ʤ": "textdyoghlig", "ʥ": "textdctzlig", "ʦ": "texttslig", "ʧ": "textteshlig", "ʨ": "texttctclig",
    "ʮ": "textlhtlongy", "ʯ": "textvibyy",
    # spacing modifiers and punctuation
    "ˇ": "textasciicaron", "ˈ": "textprimstress", "ˌ": "textsecstress", "ː": "textlengthmark", "ˑ": "texthalflength",
    "˘": "textasciibreve",
    "˝": "textacutedbl", "\u200c": "textcompwordmark", "–": "textendash", "—": "textemdash", "‖": "textbardbl",
    "‘": "textquoteleft", "’": "textquoteright", "‚": "quotesinglbase", "“": "textquotedblleft",
    "”": "textquotedblright", "„": "quotedblbase", "†": "textdagger", "‡": "textdaggerdbl", "•": "textbullet",
    "…": "textellipsis", "‰": "textperthousand", "‱": "textpertenthousand", "‹": "guilsinglleft",
    "›": "guilsinglright", "※": "textreferencemark", "‽": "textinterrobang", "⁄": "textfractionsolidus",
    "⁎": "textasteriskcentered", "⁒": "textdiscount",
    # currencies and other symbols
    "₡": "textcolonmonetary", "₤": "textlira", "₦": "textnaira", "₩": "textwon", "₫": "textdong", "€": "texteuro",
    "₱": "textpeso", "฿": "textbaht", "℃": "textcelsius", "№": "textnumero", "℗": "textcircledP", "℞": "textrecipe",
    "℠": "textservicemark", "™": "texttrademark", "Ω": "textohm", "℧": "textmho", "℮": "textestimated",
    "←": "textleftarrow", "↑": "textuparrow", "→": "textrightarrow", "↓": "textdownarrow", "⟨": "textlangle",
    "⟩": "textrangle", "␣": "textvisiblespace", "◦": "textopenbullet", "◯": "textbigcircle", "♪": "textmusicalnote",
    # Greek capitals that mathematics sets as Latin letters
    "Α": "textAlpha", "Β": "textBeta", "Ε": "textEpsilon", "Ζ": "textZeta", "Η": "textEta", "Ι": "textIota",
    "Κ": "textKappa", "Μ": "textMu", "Ν": "textNu", "Ο": "textOmicron", "ο": "textomicron", "Ρ": "textRho",
    "Τ": "textTau", "Χ": "textChi",
}  # fmt: skip
"""The command of each character that has one outside mathematics."""

OTHER_COMMANDS: Mapping[str, str] = {
    "ldots": "…", "dots": "…", "S": "§", "P": "¶", "pounds": "£", "copyright": "©", "dag": "†", "ddag": "‡",
    "euro": "€", "EUR": "€", "guillemetleft": "«", "guillemetright": "»", "flqq": "«", "frqq": "»", "flq": "‹",
    "frq": "›", "glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "lq": "‘", "rq": "’", "nobreakspace": "\u00a0",
    "textnobreakspace": "\u00a0", "thinspace": "\u2009", "eth": "ð", "thorn": "þ", "ohorn": "ơ", "OHORN": "Ơ",
    "uhorn": "ư", "UHORN": "Ư", "textcrd": "đ", "textdotlessi": "ı",
    "textdotlessj": "ȷ", "textsinglequotedbl": "„",
}  # fmt: skip
"""Other commands for the same characters."""

_GREEK_NAMES: Mapping[str, str] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "ς": "varsigma",
    "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "ϑ": "vartheta",
    "ϕ": "phi", "ϖ": "varpi", "ϱ": "varrho", "ϵ": "epsilon", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda",
    "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
_MATH_NAMES: Mapping[str, str] = {
    "≤": "leq", "≥": "geq", "≠": "neq", "≈": "approx", "≡": "equiv", "∼": "sim", "≃": "simeq", "≅": "cong",
    "∞": "infty", "∑": "sum", "∏": "prod", "∫": "int", "∂": "partial", "∇": "nabla", "√": "surd", "∈": "in",
    "∉": "notin", "∋": "ni", "∪": "cup", "∩": "cap", "⊂": "subset", "⊃": "supset", "⊆": "subseteq", "⊇": "supseteq",
    "∀": "forall", "∃": "exists", "∅": "emptyset", "∧": "wedge", "∨": "vee", "⊕": "oplus", "⊗": "otimes", "⊥": "perp",
    "∥": "parallel", "∝": "propto", "∓": "mp", "⋅": "cdot", "∗": "ast", "∘": "circ", "⋆": "star", "≪": "ll", "≫": "gg",
    "⇐": "Leftarrow", "⇒": "Rightarrow", "⇔": "Leftrightarrow", "↔": "leftrightarrow", "↦": "mapsto", "′": "prime",
    "ℓ": "ell", "ℏ": "hbar", "ℵ": "aleph", "ℜ": "Re", "ℑ": "Im", "∠": "angle", "△": "triangle", "♯": "sharp",
    "♭": "flat", "♮": "natural", "♠": "spadesuit", "♣": "clubsuit", "♥": "heartsuit", "♦": "diamondsuit",
    "⋯": "cdots", "⋮": "vdots", "⋱": "ddots", "⊢": "vdash", "⊤": "top", "≺": "prec", "≻": "succ",
}  # fmt: skip
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉"

MATH: Mapping[str, str] = {
    **{f"\\{name}": char for char, name in (*_GREEK_NAMES.items(), *_MATH_NAMES.items())},
    **{f"^{digit}": char for digit, char in enumerate(_RAISED) if char not in SYMBOLS},
    **{f"_{digit}": char for digit, char in enumerate(_LOWERED)},
    "-": "−",
}
"""What stands in `\\ensuremath{...}`, and the one character that it prints."""

OTHER_MATH: Mapping[str, str] = {
    "le": "≤", "ge": "≥", "ne": "≠", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←", "times": "×",
    "pm": "±", "div": "÷", "lbrace": "{", "rbrace": "}", "langle": "⟨", "rangle": "⟩", "ldots": "…", "dots": "…",
    "uparrow": "↑", "downarrow": "↓", "lnot": "¬", "neg": "¬", "mid": "|", "vert": "|", "Vert": "‖", "backslash": "\\",
    "quad": " ", "qquad": " ", "leqslant": "⩽", "geqslant": "⩾", "varGamma": "Γ", "varDelta": "Δ", "degree": "°",
    "bullet": "•", "dagger": "†", "ddagger": "‡", "setminus": "∖", "subsetneq": "⊊", "iff": "⇔", "implies": "⇒",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "land": "∧", "lor": "∨",
    **{name: name for name in ("log", "ln", "exp", "sin", "cos", "tan", "lim", "min", "max", "det", "dim", "arg")},
}  # fmt: skip
"""Commands of mathematics beside those of `MATH`, for showing a formula as text."""

COMMANDS: Mapping[str, str] = {
    **OTHER_COMMANDS,
    **{f"text{name.removeprefix('var')}": char for char, name in _GREEK_NAMES.items() if char not in "γειυφϑϕϖϱςϵ"},
    **{name: char for char, name in SYMBOLS.items()},
}
"""The character that each command without arguments prints."""

ACCENTS: Mapping[str, str] = {**OTHER_MARKS, **MARKS}
MARK_COMMANDS: Mapping[str, str] = {mark: name for name, mark in MARKS.items()}
VERBATIM = frozenset(
    {
        "url", "path", "nolinkurl", "doi", "href", "cite", "citep", "citet", "citeauthor", "citeyear", "textcite",
        "parencite", "autocite", "footcite", "fullcite", "ref", "eqref", "label", "input", "includegraphics", "symbol",
        "char", "hypertarget", "hyperlink", "begin", "end", "ensuremath",
    }
)  # fmt: skip
"""Commands whose first argument is no text: it is kept to the letter."""
