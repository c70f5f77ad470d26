"""The rules of reference lists, and their five forms; `test_printed_references.py` has the printed examples."""

# ruff: noqa: E501, RUF001 - references are long lines, and are printed with en dashes

import html
import json
import re

import pytest

from synthesis.bibliography import latex
from synthesis.bibliography.library import read_library
from synthesis.bibliography.names import Name, Names
from synthesis.bibliography.reference_lists import OUTPUTS, STYLES, reference_list
from synthesis.bibliography.reference_lists.apa import authors as apa_authors
from synthesis.bibliography.reference_lists.editions import edition_shown, ordinal
from synthesis.bibliography.reference_lists.titles import plain_title, sentence_case
from synthesis.bibliography.reference_lists.vancouver import authors as vancouver_authors
from synthesis.bibliography.reference_lists.vancouver import pages
from synthesis.errors import InvalidArgument
from tests.bibliography.listing import texts


@pytest.mark.parametrize(
    ("count", "apa", "vancouver"),
    [
        (1, "A1, B.", "A1 B"),
        (2, "A1, B., & A2, B.", "A1 B, A2 B"),
        (3, "A1, B., A2, B., & A3, B.", "A1 B, A2 B, A3 B"),
        (6, "A5, B., & A6, B.", "A5 B, A6 B"),
        (7, "A6, B., & A7, B.", "A6 B, et al."),
        (20, "A19, B., & A20, B.", "A6 B, et al."),
        (21, "A19, B., . . . A21, B.", "A6 B, et al."),
        (40, "A19, B., . . . A40, B.", "A6 B, et al."),
    ],
)
def test_how_many_authors(count, apa, vancouver):
    """APA names up to 20, then 19 and the last; Vancouver six, then `et al.`"""
    names = Names(tuple(Name(f"A{number}", "B.") for number in range(1, count + 1)))

    assert apa_authors(names).endswith(apa)
    assert vancouver_authors(names).endswith(vancouver)


def test_odd_authors():
    """Suffixes, prefixes, bodies, and lists that end in `and others`."""
    jr = Name("Costa", "P. T.", suffix="Jr.")
    bodies = Names((Name("", literal="Group A"), Name("", literal="Group B")))

    assert apa_authors(Names((jr, Name("Berg", "Jan", "van den")))) == "Costa, P. T., Jr., & van den Berg, J."
    assert vancouver_authors(Names((jr,), others=True)) == "Costa PT Jr, et al."
    assert apa_authors(bodies) == "Group A & Group B"
    assert apa_authors(Names((Name("Adi"),), others=True)) == "Adi et al."
    assert vancouver_authors(Names((Name("Doe", "Ann Beth Cleo"),))) == "Doe AB"


def test_apa_order_and_letters():
    """One author before several, undated first, in press last; the same people and year get letters by title.

    The rules, and the example of Koriat (2008a, 2008b), as libguides.umgc.edu/c.php?g=1003870 and the Concise Guide,
    page 264 (craftarticles.net/?p=1727), print them.
    """
    entries = [
        ("Koriat, A.", "2008", "Subjective confidence in one's answers"), ("Koriat, A.", "2008",
        "The easy comes, easy goes"),
        ("Koriat, A. and Ackerman, R.", "2001", "Early"), ("Koriat, A.", "", "Undated one"), ("Koriat, A.", "",
        "Undated two"),
        ("Koriat, A.", "in press", "Last"), ("Koriat, A.", "1999", "First"), ("{The Alpha Group}", "2000", "Group"),
    ]  # fmt: skip
    bibtex = "\n".join(
        f"@article{{k{number}, author = {{{who}}}, year = {{{year}}}, title = {{{title}}}}}"
        for number, (who, year, title) in enumerate(entries)
    )

    assert [re.sub(r"\)\..*", ")", text) for text in texts(bibtex, "apa")] == [
        "The Alpha Group. (2000)", "Koriat, A. (n.d.-a)", "Koriat, A. (n.d.-b)", "Koriat, A. (1999)",
        "Koriat, A. (2008a)",
        "Koriat, A. (2008b)", "Koriat, A. (in press)", "Koriat, A., & Ackerman, R. (2001)",
    ]  # fmt: skip


def test_vancouver_keeps_the_order_of_citation():
    """Numbers follow the order in which entries come."""
    library = read_library("@misc{b, title = {B}}\n@misc{a, title = {A}}")
    listed = reference_list(reversed(library.entries), "vancouver")

    assert [(item.label, item.key) for item in listed.items] == [("1. ", "a"), ("2. ", "b")]


@pytest.mark.parametrize(
    ("fields", "reference"),
    [
        ("journal = {J}, volume = 5, eid = {e123}", "J, 5, Article e123."),
        ("journal = {J}, volume = 5, pages = {CD005031}", "J, 5, Article CD005031."),
        ("journal = {J}, volume = 5, pages = 105678", "J, 5, Article 105678."),
        ("journal = {J}, volume = 5, pages = {S12--S19}", "J, 5, S12–S19."),
        ("journal = {J}, number = 4", "J, (4)."),
        ("journal = {J}, volume = 5, number = {2--3}, pages = 7", "J, 5(2–3), 7."),
        ("journal = {J}, volume = 5, doi = {10.1/A_b}", "J, 5. https://doi.org/10.1/A_b"),
        ("journal = {J}, url = {https://x.y/a_b%20c}", "J. https://x.y/a_b%20c"),
    ],
)
def test_apa_volume_issue_pages(fields, reference):
    """Volume, issue, pages or the number of an article; DOI before address."""
    (text,) = texts(f"@article{{x, author = {{Doe, A.}}, year = 2000, title = {{T}}, {fields}}}", "apa")

    assert text == f"Doe, A. (2000). T. {reference}"


def test_retrieval_date_only_without_a_date():
    """APA gives the date of retrieval for a page that has none of its own."""
    page = "@online{x, author = {Doe, A.}, title = {T}, url = {https://x.y}, urldate = {2020-01-09}"

    assert texts(f"{page}}}", "apa") == ["Doe, A. (n.d.). T. Retrieved January 9, 2020, from https://x.y"]
    assert texts(f"{page}, year = 2019}}", "apa") == ["Doe, A. (2019). T. https://x.y"]


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("The Effect of Methadone on Crime in {England}: A Trial", "The effect of methadone on crime in England: A trial"),
        ("Randomized Treatment of HIV-1 and {DNA} Repair in Large McMaster Hospitals",
        "Randomized treatment of HIV-1 and DNA repair in large McMaster hospitals"),
        ("Prisons in England and Wales", "Prisons in England and Wales"),
        ("Walpole study of the Transcendental Meditation program",
        "Walpole study of the Transcendental Meditation program"),
        ("Kritik der reinen Vernunft und anderer Werke Kants", "Kritik der reinen Vernunft und anderer Werke Kants"),
        ("EFFECTS OF NALTREXONE", "EFFECTS OF NALTREXONE"),
        ("Cost-Benefit Analysis: What Works? Some Answers", "Cost-benefit analysis: What works? Some answers"),
        ("Hepatitis C Treatment and Vitamin D Deficiency", "Hepatitis C treatment and vitamin D deficiency"),
        ("Type I Collagen, Factor V and T Cells in Adults", "Type I collagen, factor V and T cells in adults"),
        ("Everything What I Learned About Trials", "Everything what I learned about trials"),
        ("X-Ray Findings in T-Cell Lymphoma Patients", "X-ray findings in T-cell lymphoma patients"),
        ("Letters of {John} F. {Kennedy} About Some Missiles", "Letters of John F. Kennedy about some missiles"),
        ("Effects of A New Treatment", "Effects of a new treatment"),
        ("Hepatitis A in Wuhan", "Hepatitis A in Wuhan"),
        ("Vaccines Against Hepatitis A and B Among Children", "Vaccines against hepatitis A and B among children"),
        ("Supplements of Vitamins D and A Among Women", "Supplements of vitamins D and A among women"),
        ("Severe Cases With Influenza A: A Review", "Severe cases with influenza A: A review"),
        ("Testing A Priori Hypotheses With Models", "Testing a priori hypotheses with models"),
        ("Use of A {DNA} Test Among Adults", "Use of a DNA test among adults"),
        ("Serve as A Guide for Young Nurses", "Serve as a guide for young nurses"),
        ("Why This Drug is Given An A by Nobody Else", "Why this drug is given an A by nobody else"),
    ],
)  # fmt: skip
def test_sentence_case(title, sentence):
    """Title case becomes sentence case; braces, acronyms, single capitals and titles that are not in title case stay.

    An A is lowered where it is the article, and stays where it is a label.
    """
    assert "".join(span.shown for span in sentence_case(latex.spans(title))) == sentence


def test_titles_sort_without_articles():
    """A, an and the at the beginning do not count."""
    assert plain_title(latex.spans("The {DNA} of {\\'E}lan")) == "dna of élan"


@pytest.mark.parametrize(
    ("first", "last", "short"),
    [
        ("284", "287", "284-7"), ("1195", "1204", "1195-204"), ("S93", "S99", "S93-9"), ("iii", "v", "iii-v"),
        ("99", "102", "99-102"), ("12", "12", "12"), ("S12", "12", "S12-12"), ("5a", "7a", "5a-7a"),
    ],
)  # fmt: skip
def test_short_pages(first, last, short):
    """Of the last page only the digits that differ."""
    assert pages([first, last]) == short


def test_ordinals():
    """11th, 12th and 13th are no 1st, 2nd and 3rd."""
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip


def test_chapters_of_a_crossref():
    """What a chapter lacks stands in the entry that it names."""
    bibtex = """@incollection{a, crossref = {B}, author = {Doe, A.}, title = {Part}, pages = {1--2}}
    @book{b, editor = {Roe, C.}, title = {Whole}, publisher = {P}, year = 2001}"""

    assert texts(bibtex, "apa")[0] == "Doe, A. (2001). Part. In C. Roe (Ed.), Whole (pp. 1–2). P."


def test_the_subtitle_of_a_crossref():
    """The subtitle of the whole comes with its title, and not with another title."""
    parent = "@book{b, title = {Whole}, subtitle = {All of it}, year = 2001}"
    own = "@incollection{a, crossref = {b}, title = {Part}, booktitle = {Own}}"

    assert "In Whole: All of it." in texts(f"@incollection{{a, crossref = {{b}}, title = {{Part}}}} {parent}", "apa")[0]
    assert "In Own." in texts(f"{own} {parent}", "apa")[0]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("type", ["inproceedings", "incollection"])
@pytest.mark.parametrize(
    "name",
    ["Proceedings of the National Academy of Sciences, USA", "5th European Conference on Genetic Programming"],
)
def test_meetings_keep_their_capitals(style, type, name):  # noqa: A002 - an entry's type
    """A conference and its proceedings are proper names; an edited book is none."""
    (text,) = texts(f"@{type}{{x, title = {{T}}, booktitle = {{{name}}}}}", style)
    (book,) = texts("@incollection{x, title = {T}, booktitle = {Handbook of Clinical Trial Methods}}", style)

    assert name in text
    assert "Handbook of clinical trial methods" in book


@pytest.mark.parametrize("style", STYLES)
def test_the_title_of_proceedings_keeps_its_capitals(style):
    """As a whole work too."""
    name = "Proceedings of the 5th European Conference on Genetic Programming"

    assert name in texts(f"@proceedings{{x, title = {{{name}}}}}", style)[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://x.org/a--b/~roe/c", "https://x.org/a--b/~roe/c"),
        (r"\url{https://x.org/a--b/\~{}roe/c\_d}", "https://x.org/a--b/~roe/c_d"),
        (r"https://x.org/a{\_}b\%20c\&d=\#e---f", "https://x.org/a_b%20c&d=#e---f"),
        ("https://x.org/A_(b)", "https://x.org/A_(b)"),
        (r"https://x.org/$\sim$roe{\textasciitilde}a''b``c", "https://x.org/~roe~a''b``c"),
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_addresses_keep_their_characters(typed, meant, style):
    """Two hyphens are no dash in an address, and a tilde no blank; only LaTeX's escapes are undone."""
    (text,) = texts(f"@misc{{x, title = {{T}}, year = 2000, url = {{{typed}}}}}", style)
    (held,) = texts(f"@misc{{x, title = {{T}}, year = 2000, howpublished = {{Seen at {typed}.}}}}", style)

    assert text.endswith(meant)
    assert meant in held
    assert "–" not in held


@pytest.mark.parametrize("style", STYLES)
def test_dois_keep_their_characters(style):
    """As addresses do."""
    (text,) = texts(r"@misc{x, title = {T}, doi = {https://doi.org/10.1000/a--b_c\_d$<$e$>$}}", style)

    assert "10.1000/a--b_c_d<e>" in text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Revised", "Rev. ed."), ("Revised edition", "Rev. ed."), ("3rd revised", "3rd rev. ed."),
        ("Third, revised and enlarged", "3rd rev. and enlarged ed."), ("Expanded", "Expanded ed."),
        ("4th ed., text revision", "4th ed., text rev."), ("2", "2nd ed."), ("2nd ed.", "2nd ed."),
        ("Twelfth", "Twelfth ed."), ("2002 update", "2002 update ed."), ("First", ""), ("1st revised", "1st rev. ed."),
        ("2., neue Auflage", "2nd ed."),
    ],
)  # fmt: skip
def test_editions(typed, shown):
    """Numbers and `revised` are shortened, other words stay whole; a year is no number of an edition.

    `(Rev. ed.)` is how APA lists print Ericsson and Simon (1993), `(2nd rev. ed.)` Kothari (2004), both in
    public lists of references.
    """
    bibtex = f"@book{{x, author = {{Doe, A.}}, year = 2000, title = {{T}}, edition = {{{typed}}}}}"

    assert edition_shown(typed) == shown
    assert texts(bibtex, "apa") == [f"Doe, A. (2000). T ({shown})." if shown else "Doe, A. (2000). T."]
    assert texts(bibtex, "vancouver") == [f"Doe A. T. {shown} 2000." if shown else "Doe A. T. 2000."]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("On ``A''", "On “A.”"), ("On ``A?''", "On “A?”"), ('On "A"', 'On "A."'), ("On `A'", "On ‘A.'"),
        ("On the nurses'", "On the nurses'."), ("On ``{A}''", "On “A.”"), ("On ``A `B' ''", "On “A ‘B.' ”"),
    ],
)  # fmt: skip
def test_apa_full_stops_within_quotation_marks(typed, shown):
    """The full stop stands before the closing mark, unless the title ends otherwise; an apostrophe is no mark."""
    assert texts(f"@article{{x, author = {{Doe, A.}}, year = 2000, title = {{{typed}}}}}", "apa") == [
        f"Doe, A. (2000). {shown}"
    ]


def test_raised_numbers_in_every_form():
    """10 and a raised -3 never read as 10-3."""
    bibtex = r"@misc{x, title = {At 10$^{-3}$ or 10\textsuperscript{4} of $\frac{a}{b}$}}"
    listed = reference_list(read_library(bibtex).entries)
    (item,) = json.loads(OUTPUTS["json"](listed))["references"]

    assert "At 10⁻³ or 10⁴ of a/b" in OUTPUTS["text"](listed)
    assert "10<sup>-3</sup> or 10<sup>4</sup> of a/b" in OUTPUTS["markdown"](listed)
    assert "*At 10<sup>-3</sup>" in OUTPUTS["markdown"](listed)
    assert "<sup>-3</sup>" in OUTPUTS["html"](listed)
    assert "⁻³" in [run["text"] for run in item["runs"]]


RICH = r"""@article{a&b, author = {<b>M{\"u}ller, X}, year = 2000, title = {On \emph{E. coli}, H$_2$O, 5 < 6 \& * [x]},
journal = {J_1}, volume = 5, url = {https://x.y/--~?a=1&b="2"}}"""


@pytest.mark.parametrize("style", STYLES)
def test_all_forms_say_the_same(style):
    """Text is what is left of HTML without its tags, and of LaTeX as a reader sees it; JSON has it too."""
    listed = reference_list(read_library(RICH).entries, style)
    text = listed.items[0].text
    tags = re.findall(r"<li[^>]*>(.*)</li>", OUTPUTS["html"](listed))
    item = OUTPUTS["latex"](listed).split("\\bibitem{a&b}\n")[1].split("\n\n\\end")[0]

    assert html.unescape(re.sub(r"<[^>]+>", "", tags[0])) == text
    assert latex.plain(item).strip() == text
    assert json.loads(OUTPUTS["json"](listed))["references"][0]["text"] == text
    assert text in OUTPUTS["text"](listed) == listed.summary() + "\n"


def test_html_is_escaped():
    """Nothing in a library becomes markup; only http addresses become links."""
    page = OUTPUTS["html"](reference_list(read_library(RICH).entries, "apa"))
    odd = r"""@misc{x, title = {<script>}, url = {javascript:alert(1)}}"""

    assert "&lt;B.&gt;" in page or "&lt;b&gt;" in page.lower()
    assert "<em>E. coli</em>" in page
    assert "H<sub>2</sub>O" in page
    assert 'href="https://x.y/--~?a=1&amp;b="' in page
    assert "javascript" not in OUTPUTS["html"](reference_list(read_library(odd).entries, "apa"))
    assert "<script" not in OUTPUTS["html"](reference_list(read_library(odd).entries, "apa"))


def test_markdown_is_escaped():
    """Stars, brackets and underscores of a title are no markup; italics are."""
    text = OUTPUTS["markdown"](reference_list(read_library(RICH).entries, "apa"))

    assert r"5 \< 6 \& \* \[x\]" in text
    assert "*E. coli*" in text
    assert r"*J\_1*, *5*" in text


def test_every_library_can_be_listed():
    """Entries with nothing in them, or only half of something, give a reference and no error."""
    odd = "\n".join(
        f"@{kind}{{{kind}{number}, {fields}}}"
        for kind in (
            "article",
            "book",
            "incollection",
            "inproceedings",
            "techreport",
            "phdthesis",
            "misc",
            "dataset",
            "xyz",
        )
        for number, fields in enumerate(
            ("title = {}", "editor = {A}", "year = {c. 1900}", "pages = {x}, volume = 1", "note = {n}")
        )
    )
    entries = read_library(odd).entries

    for style in STYLES:
        listed = reference_list(entries, style)
        assert len(listed.items) == len(entries) == 45
        assert all(form(listed) for form in OUTPUTS.values())


def test_an_unknown_style_is_told():
    """With the nearest one."""
    with pytest.raises(InvalidArgument, match="did you mean 'vancouver'"):
        reference_list((), "vancuver")
