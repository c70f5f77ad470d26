"""Each rule finds one fault in a small library, and names its line and column; nothing in a clean one."""

import pytest

from synthesis.bibliography import CODES, lint, read_library
from synthesis.bibliography.lint import RULES, chosen
from synthesis.errors import InvalidArgument, Severity
from tests.bibliography.lint.libraries import CLEAN, entry, found, places

TWICE = entry("title = {A title of four words}, year = 2001", key="A") + entry(
    "title = {A Title of {Four} Words.}, year = 2001", key="B"
)
JOURNALS = "".join(
    entry(f"journal = {{{name}}}", key=key)
    for key, name in (("A", "Journal of Trials"), ("B", "Journal of Trials"), ("C", "J. Trials"))
)

FAULTS = [  # rule, library, and code, line and column of its one fault
    ("reading", "@misc{A,\n  title = {T}\n  year = 2001}", ("SY430", 2, 14)),
    ("repeated-keys", "@misc{A, note = {x}}\n@misc{A, note = {y}}", ("SY421", 2, 1)),
    ("repeated-keys", "@misc{A, note = {x}}\n@misc{a, note = {y}}", ("SY422", 2, 1)),
    ("odd-keys", "@misc{Müller2001, note = {x}}", ("SY424", 1, 1)),
    ("labels", entry("author = {Roe, Jane}, year = 2001", key="Doe2001"), ("SY425", 1, 1)),
    ("labels", entry("author = {Doe, Jane}, year = 2003", key="doe2001a"), ("SY425", 1, 1)),
    ("repeated-fields", entry("year = 2001, note = {n}, Year = 2002"), ("SY432", 2, 28)),
    ("empty-fields", entry("note = {}"), ("SY436", 2, 3)),
    ("empty-fields", entry('note = "  "'), ("SY436", 2, 3)),
    ("field-names", entry("auhtor = {Doe, Jane}"), ("SY437", 2, 3)),
    ("field-names", entry("authors = {Doe, Jane}"), ("SY437", 2, 3)),
    ("entry-types", entry("note = {n}", kind="artcle"), ("SY415", 1, 1)),
    ("type-case", entry("note = {n}") * 2 + entry("note = {n}", kind="Article"), ("SY416", 7, 1)),
    ("unused-strings", "@string{a = {x}}\n@string{b = {y}}\n@misc{A, note = a}", ("SY414", 2, 1)),
    ("required-fields", entry("title = {T}, author = {Doe, J.}, year = 2001"), ("SY442", 1, 1)),
    ("unfit-fields", entry("booktitle = {B}"), ("SY495", 2, 3)),
    ("crossrefs", entry("crossref = {Absent}"), ("SY426", 2, 3)),
    ("crossrefs", entry("crossref = {Doe2001}"), ("SY426", 2, 3)),
    ("crossref-order", "@book{B, title = {T}}\n@inbook{C,\n  crossref = {B}}", ("SY427", 3, 3)),
    ("malformed-dois", entry("doi = {11.1000/x}"), ("SY440", 2, 3)),
    ("bare-dois", entry("doi = {https://doi.org/10.1000/x}"), ("SY444", 2, 3)),
    ("bare-dois", entry(r"doi = {\url{doi:10.1000/x}}"), ("SY444", 2, 3)),
    ("shared-dois", entry("doi = {10.1000/X}") + entry("doi = {10.1000/x}", key="Roe2002"), ("SY441", 5, 3)),
    ("url-is-doi", entry("doi = {10.1000/x}, url = {https://doi.org/10.1000/X}"), ("SY445", 2, 22)),
    ("url-is-doi", entry("url = {https://doi.org/10.1000/X}"), ("SY445", 2, 3)),
    ("urls", entry("url = {www.example.org/x}"), ("SY474", 2, 3)),
    ("urls", entry("url = {https://a.org/x https://b.org/y}"), ("SY474", 2, 3)),
    ("note-urls", entry(r"note = {Available at: \url{https://a.org/x}}"), ("SY475", 2, 3)),
    ("isbns", entry("isbn = {978-3-16-148410-1}"), ("SY470", 2, 3)),
    ("isbns", entry("isbn = {0-306-40615-3}"), ("SY470", 2, 3)),
    ("issns", entry("issn = {0378-5954}"), ("SY471", 2, 3)),
    ("pubmed-ids", entry("pmid = {PMC123}"), ("SY472", 2, 3)),
    ("pubmed-ids", entry("pmcid = {8555740}"), ("SY472", 2, 3)),
    ("arxiv-ids", entry("archiveprefix = {arXiv}, eprint = {2113.00001}"), ("SY473", 2, 28)),
    ("years", entry("year = {in press}"), ("SY443", 2, 3)),
    ("years", entry("year = {soon}"), ("SY443", 2, 3)),
    ("ampersands", entry(r"note = {\verb|a&b| & c}"), ("SY498", 2, 22)),
    ("future-years", entry("year = {2109}"), ("SY446", 2, 3)),
    ("future-years", entry("year = {0201}"), ("SY446", 2, 3)),
    ("months", entry("month = {March}"), ("SY447", 2, 3)),
    ("months", entry("month = {Brumaire}"), ("SY447", 2, 3)),
    ("months", entry("month = {Janvember}"), ("SY447", 2, 3)),
    ("pages", entry("pages = {12-15}"), ("SY448", 2, 3)),
    ("pages", entry("pages = {pp. 12--15}"), ("SY448", 2, 3)),
    ("reversed-pages", entry("pages = {130--123}"), ("SY449", 2, 3)),
    ("volumes", entry("volume = {vol. 12}"), ("SY497", 2, 3)),
    ("volumes", entry("volume = {12(3)}"), ("SY497", 2, 3)),
    ("editions", entry("edition = {2nd}"), ("SY496", 2, 3)),
    ("editions", entry("edition = {Second edition}"), ("SY496", 2, 3)),
    ("languages", entry("language = {engish}"), ("SY439", 2, 3)),
    ("journals", JOURNALS, ("SY494", 8, 3)),
    ("journals", JOURNALS.replace("J. Trials", "The Journal of Trials"), ("SY494", 8, 3)),
    ("author-separators", entry("author = {Doe, Jane; Roe, Richard}"), ("SY486", 2, 3)),
    ("author-separators", entry("author = {Doe J, Roe R, Poe E}"), ("SY486", 2, 3)),
    ("author-separators", entry("author = {Doe, Jane, Roe, Richard}"), ("SY486", 2, 3)),
    ("author-separators", entry("author = {Doe J, Roe R, et al.}"), ("SY486", 2, 3)),
    ("author-separators", entry(r"author = {Jane Doe \& Richard Roe}"), ("SY486", 2, 3)),
    ("incomplete-names", entry("author = {Doe, Jane and and Roe, Richard}"), ("SY490", 2, 3)),
    ("incomplete-names", entry("author = {, Jane}"), ("SY490", 2, 3)),
    ("et-al", entry("author = {Doe, J. et al.}"), ("SY487", 2, 3)),
    ("and-others", entry("author = {Doe, Jane and others and Roe, Richard}"), ("SY488", 2, 3)),
    ("name-order", entry("author = {Doe JA and Roe R}"), ("SY491", 2, 3)),
    ("name-order", entry("author = {Jane Doe Jr.}"), ("SY491", 2, 3)),
    ("name-order", entry("author = {Doe, Jane, Jr.}"), ("SY491", 2, 3)),
    ("name-order", entry("author = {Doe, Jr.}"), ("SY491", 2, 3)),
    ("name-digits", entry("author = {Doe, Jane1}"), ("SY489", 2, 3)),
    ("name-capitals", entry("author = {SMITH, JOHN and JONES, MARY}"), ("SY485", 2, 3)),
    ("same-people", entry("author = {Doe, Jane}, editor = {Doe, Jane}", kind="book"), ("SY492", 2, 25)),
    ("corporate-authors", entry("author = {World Health Organization}"), ("SY493", 2, 3)),
    ("title-full-stops", entry("title = {A trial of something.}"), ("SY483", 2, 3)),
    ("title-capitals", entry("title = {A TRIAL WITH SEVERAL {\\'E}COLES}"), ("SY484", 2, 3)),
    ("brackets", entry("title = {A trial (with a follow-up}"), ("SY476", 2, 3)),
    ("brackets", entry("title = {A trial [with) a follow-up (or] none}"), ("SY476", 2, 3)),
    ("quotes", entry("title = {The ``good trial}"), ("SY477", 2, 3)),
    ("quotes", entry('title = {The good" trial}'), ("SY477", 2, 3)),
    ("html-entities", entry("title = {Cats &amp; dogs}"), ("SY478", 2, 17)),
    ("html-tags", entry("title = {On <i>E. coli</i>}"), ("SY479", 2, 15)),
    ("ampersands", entry(r"title = {A \& B & C}"), ("SY498", 2, 19)),
    ("special-characters", entry("title = {A rise of 5%}"), ("SY499", 2, 23)),
    ("special-characters", entry("title = {The gene_a}"), ("SY499", 2, 20)),
    ("unicode-form", entry("title = {Cafe\u0301}"), ("SY480", 2, 3)),
    ("invisible-characters", entry("title = {A\u200btrial}"), ("SY481", 2, 13)),
    ("blanks", entry("title = { A trial}"), ("SY482", 2, 12)),
    ("blanks", entry("title = {A  trial}"), ("SY482", 2, 13)),
    ("copyright-lines", entry("abstract = {We did. Copyright (c) 2001 Press}"), ("SY403", 2, 3)),
    ("file-links", entry("file = {:/home/jane/a.pdf:PDF}"), ("SY438", 2, 3)),
    ("file-links", entry(r"file = {a.pdf:C\:\\Users\\jane\\a.pdf:PDF}"), ("SY438", 2, 3)),
    ("same-titles", TWICE, ("SY459", 4, 1)),
    ("second-reader", "@misc{A, title = {T}}\n@misc{A(b), note = {x}}", None),
]
OF_REVIEWS = {
    "cited", "samples-sharing-dois", "preprints", "retracted", "sample-labels", "reviews-as-reports",
    "protocols-as-reports", "undated-reports",
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "place"), FAULTS)
def test_one_fault(rule, text, place):
    """The rule names the place of the fault, and no other place."""
    assert places(rule, text) == ([place] if place else [])


@pytest.mark.parametrize(("rule", "text", "place"), FAULTS)
def test_what_a_rule_says(rule, text, place):
    """Every problem has a code of its rule, a remedy, and no more weight than the rule says."""
    weights = list(Severity)
    for problem in found(rule, text):
        assert problem.code in RULES[rule].codes
        assert problem.remedy
        assert weights.index(problem.severity) >= weights.index(RULES[rule].severity)


def test_every_rule_is_tried():
    """A rule of the library stands in FAULTS; one of the review in test_lint_samples.py."""
    assert {rule for rule, _, _ in FAULTS} | OF_REVIEWS == set(RULES)
    tried = {place[0] for _, _, place in FAULTS if place}
    wanted = {code for name in RULES.keys() - OF_REVIEWS - {"reading", "second-reader"} for code in RULES[name].codes}
    assert wanted <= tried


def test_every_code_has_its_words():
    """And no two rules report one code."""
    codes = [code for rule in RULES.values() for code in rule.codes]

    assert len(codes) == len(set(codes))
    assert set(codes) <= set(CODES)
    assert all(name == rule.name and rule.says for name, rule in RULES.items())


@pytest.mark.parametrize("rule", RULES)
def test_a_clean_library(rule):
    """No rule has anything to say."""
    assert places(rule, CLEAN) == []


def test_rules_are_chosen_by_name_and_code():
    """What is selected and not ignored; a slip is an error with the nearest name."""
    text = entry("title = {A & B}, pages = {1-2}, month = {March}")

    assert {one.code for one in lint(read_library(text), select=["pages", "SY498"])} == {"SY448", "SY498"}
    assert "SY448" not in {one.code for one in lint(read_library(text), ignore=["SY448"])}
    with pytest.raises(InvalidArgument, match="did you mean 'pages'"):
        chosen(["pagse"])


def test_slow_rules_are_asked_for():
    """`second-reader` is not among the ordinary ones."""
    assert RULES["second-reader"] not in chosen()[0]
    assert RULES["second-reader"] in chosen(slow=True)[0]
    assert chosen(["SY417"])[0] == (RULES["second-reader"],)


def test_a_year_is_checked_as_of_another():
    """No clock: the latest year is given."""
    library = read_library(entry("year = 2030"))

    assert lint(library, select=["future-years"]) == ()
    assert [one.code for one in lint(library, select=["future-years"], as_of=2026)] == ["SY446"]
