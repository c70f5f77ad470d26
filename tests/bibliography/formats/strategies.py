"""References that a format can hold, as hypothesis draws them."""

from hypothesis import strategies as st

from synthesis.bibliography.formats.markup import literal, styled
from synthesis.bibliography.formats.reference import NOBODY, Reference
from synthesis.bibliography.formats.values import joined_list, one_line
from synthesis.bibliography.names import Name, Names

ODD = ["{", "}", "\\", "$", "~", "&", "%", "#", "_", "^", "<i>x", "--", "``", "''", "TY  - JOUR", "ER  - ", "PMID- 1"]
LETTERS = st.characters(
    min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")
)
WORD = st.text("abcdefghijklmnopqrstuvwxyzäéñøćΔж", min_size=2, max_size=8)
CAPITAL = WORD.map(str.capitalize)
PLAIN = (
    st.lists(st.one_of(WORD, st.text(LETTERS, min_size=1, max_size=6), st.sampled_from(ODD)), min_size=1, max_size=6)
    .map(lambda words: one_line(" ".join(words)))
    .filter(bool)
)
TEXT = PLAIN.map(literal)
YEARS = st.integers(1800, 2030).map(str)
MONTHS = st.sampled_from(["January", "March", "May", "September", "December"])
PAGES = st.tuples(st.sampled_from(["", "e", "S"]), st.integers(1, 900), st.integers(1, 900)).map(
    lambda parts: f"{parts[0]}{parts[1]}--{parts[0]}{parts[1] + parts[2]}"
)
DOIS = st.from_regex(r"10\.[1-9]\d{3}/[a-zA-Z0-9.()_;-]{1,12}", fullmatch=True)
SERIALS = st.integers(0, 9_999_999).map(lambda number: f"{number:07}"[:4] + "-" + f"{number:07}"[4:] + "X")
PERSON = st.builds(
    Name,
    family=CAPITAL,
    given=st.one_of(st.just(""), CAPITAL, st.sampled_from(["J. A.", "Mary Ann", "X"])),
    prefix=st.sampled_from(["", "", "van der", "de"]),
)
WITH_SUFFIX = st.builds(Name, family=CAPITAL, given=CAPITAL, suffix=st.sampled_from(["Jr", "III"]))
BODY = st.tuples(CAPITAL, CAPITAL, st.sampled_from(["", " Group", ", London", " & Co"])).map(
    lambda parts: Name("", literal=f"{parts[0]} of {parts[1]}{parts[2]}")
)
PEOPLE = st.builds(Names, st.lists(st.one_of(PERSON, WITH_SUFFIX, BODY), max_size=3).map(tuple), st.booleans())
STYLES = ("italic", "bold", "superscript", "subscript")


@st.composite
def rich(draw, styles=STYLES):
    """Decoded LaTeX with pieces in a style, between plain ones."""
    runs = [(draw(WORD) + " ", frozenset())]
    for _ in range(draw(st.integers(1, 3))):
        runs += [(draw(WORD), frozenset([draw(st.sampled_from(styles))])), (" " + draw(WORD), frozenset())]
    return styled(runs)


COMMON = {
    "title": TEXT, "year": YEARS, "volume": WORD, "abstract": TEXT, "language": WORD, "pages": PAGES, "doi": DOIS,
    "keywords": st.lists(PLAIN.filter(lambda word: ";" not in word), min_size=1, max_size=3, unique=True).map(
        lambda words: joined_list(map(literal, words))),
    "note": CAPITAL,
}  # fmt: skip
MORE = {"edition": TEXT, "address": TEXT, "shorttitle": TEXT, "url": st.just("https://example.org/a_b?c=d&e=1--2%20x")}
OF_TYPE = {
    "article": {"journal": TEXT, "issn": SERIALS, "number": WORD, "pmcid": st.integers(1, 9**7).map("PMC{}".format)},
    "book": {"publisher": TEXT, "isbn": st.just("978-0-306-40615-7"), "series": TEXT},
    "incollection": {"booktitle": TEXT, "publisher": TEXT, "series": TEXT},
    "inproceedings": {"booktitle": TEXT, "eventtitle": TEXT, "publisher": TEXT},
    "techreport": {"institution": TEXT, "number": WORD},
    "phdthesis": {"school": TEXT},
    "mastersthesis": {"school": TEXT},
    "misc": {},
    "online": {},
    "dataset": {"publisher": TEXT},
}
HELD = {  # format -> types, and fields of every type beside COMMON
    "ris": (tuple(OF_TYPE), MORE | {"eid": WORD, "urldate": st.just("2020-03-05")}),
    "endnote": (tuple(OF_TYPE), MORE | {"eid": WORD, "urldate": st.just("2020-03-05")}),
    "csl-json": (tuple(OF_TYPE), MORE | {"urldate": st.just("2020-03-05"), "howpublished": TEXT, "x-ris-u1": TEXT}),
    "bibtex": (tuple(OF_TYPE), MORE | {"howpublished": TEXT, "x-ris-u1": TEXT}),
    "nbib": (("article",), {"pmid": st.integers(1, 9**8).map(str)}),
}
RICH = {
    "endnote": STYLES,
    "csl-json": (*STYLES, "smallcaps", "protected"),
    "bibtex": (*STYLES, "smallcaps", "protected"),
}


@st.composite
def references(draw, held):
    """A reference that the format `held` can hold, with a title: one without any content is none."""
    types, more = HELD[held]
    kind = draw(st.sampled_from(types))
    known = COMMON | more | OF_TYPE[kind]
    names = draw(st.lists(st.sampled_from(sorted(known)), unique=True))
    fields = {name: draw(known[name]) for name in {"title": None, **dict.fromkeys(names)}}
    if "eventtitle" in fields and "booktitle" not in fields:
        fields["booktitle"] = draw(TEXT)
    if "year" in fields and draw(st.booleans()):
        fields["month"] = draw(MONTHS)
        if draw(st.booleans()):
            fields["day"] = str(draw(st.integers(1, 28)))
    if held in RICH and draw(st.booleans()):
        fields["title"] = draw(rich(RICH[held]))
    key = "" if held == "nbib" else draw(st.from_regex(r"[A-Z][a-z]{2,6}\d{4}", fullmatch=True))
    editors = NOBODY if kind == "article" else draw(PEOPLE)
    return Reference(kind, key, fields, draw(PEOPLE), editors)
