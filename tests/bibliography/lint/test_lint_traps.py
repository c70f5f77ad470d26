"""What looks like a fault and is none."""

import pytest

from synthesis.errors import Severity
from tests.bibliography.lint.libraries import entry, found, places

IN_ORDER = [
    ("labels", entry("author = {{National Institute}}, year = 2009", key="NICE2009")),
    ("labels", entry("author = {van der Berg, Jan}, year = 2001", key="Berg2001")),
    ("labels", entry("author = {van der Berg, Jan}, year = 2001", key="VanDerBerg2001")),
    ("labels", entry('author = {M{\\"u}ller, Jan}, year = 2001', key="Mueller2001a")),
    ("labels", entry("author = {Mar{\\'i}n-Navarrete, R.}, year = 2017", key="MarnNavarrete2017")),
    ("labels", entry("author = {Doe, J.}, date = {2001-05}", key="doe_2001")),
    ("labels", entry("note = {n}")),
    ("empty-fields", entry("note = nobody # {}")),
    ("field-names", entry("priority = {high}, zotero-key = {x}")),
    ("unused-strings", "@string{a = {x}}\n@string{b = a # { y}}\n@misc{A, note = B}"),
    ("unused-strings", "@string{a = {kept for other files}}"),
    ("crossrefs", "@book{B, ids = {Old}, title = {T}}\n@inbook{C, crossref = {old}}"),
    ("crossref-order", "@inbook{C, crossref = {B}}\n@book{B, title = {T}}"),
    ("malformed-dois", entry(r"doi = {10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2}")),
    ("bare-dois", entry("doi = {10.1000/DOI:x}")),
    ("url-is-doi", entry("url = {https://example.org/doi/10.1000/x}, doi = {10.1000/x}")),
    ("urls", entry(r"url = {\url{https://example.org/a}}")),
    ("note-urls", entry("note = {See https://example.org for the data}")),
    ("isbns", entry("isbn = {0-8044-2957-X, 9783161484100}")),
    ("isbns", entry("isbn = {ISBN 978 3 16 148410 0}")),
    ("issns", entry("issn = {0378-5955 (print), 2434-561X}")),
    ("pubmed-ids", entry("pmid = 15495136, pmcid = {PMC8555740}")),
    ("arxiv-ids", entry("archiveprefix = {arXiv}, eprint = {math.GT/0309136v2}")),
    ("arxiv-ids", entry("eprinttype = {hdl}, eprint = {2027/x}")),
    ("years", entry("year = {{\\noopsort{1973b}}1973}")),
    ("years", entry("date = {2001-02-03/2001-02-05}")),
    ("months", entry('month = mar # "/" # apr')),
    ("months", entry("month = 3")),
    ("months", entry("month = {Spring}")),
    ("months", entry("month = {Mar.--Apr.}")),
    ("months", entry("month = {15 Januar}")),
    ("pages", entry("pages = {12--15,20}")),
    ("pages", entry("pages = {CD005031}")),
    ("pages", entry("pages = {A-1--A-17}")),
    ("pages", entry("pages = {e1003--9}")),
    ("pages", entry("pages = {13-2}")),
    ("reversed-pages", entry("pages = {110--5}")),
    ("reversed-pages", entry("pages = {13-2}")),
    ("reversed-pages", entry("pages = {S12--T3}")),
    ("volumes", entry("volume = {Suppl 2}, number = {3--4}")),
    ("volumes", entry("number = {No. 12}", kind="techreport")),
    ("editions", entry("edition = {Second}")),
    ("editions", entry("edition = 2")),
    ("languages", entry("language = {en-GB}, langid = {ngerman}")),
    ("journals", entry("journal = {Physics Letters}") + entry("journal = {Physics Letters A}", key="B")),
    ("journals", entry("journal = {Addiction}") + entry("journal = {Addictions}", key="B")),
    ("author-separators", entry("author = {Doe, Jr., Jane}")),
    ("author-separators", entry("author = {{Doe, Roe; Poe & Sons}}")),
    ("et-al", entry("author = {Metal, Jane}")),
    ("and-others", entry("author = {Doe, Jane and others}")),
    ("name-order", entry("author = {Doe, Jr., Jane and de la Cruz, M. A.}")),
    ("name-order", entry("author = {Doe, IV}")),
    ("name-order", entry("author = {{Trial UK} and Jane A. Doe}")),
    ("name-digits", entry("author = {{CD010910 group} and Wei Wang 0001}")),
    ("name-capitals", entry("author = {{WHO} and {UNODC}}")),
    ("name-capitals", entry("author = {LEE, A. and Jones, Mary}")),
    ("corporate-authors", entry("author = {College, Jane and {World Health Organization}}")),
    ("title-full-stops", entry("title = {An update on methods by Doe et al.}")),
    ("title-full-stops", entry("title = {What next...}")),
    ("title-full-stops", entry("title = {Trials in the U.S.}")),
    ("title-capitals", entry("title = {{DNA} {RNA} {HIV}}")),
    ("brackets", entry("title = {Options a) to c), and $[0, 1)$}")),
    ("quotes", entry("title = {The 6\" nail and the boys' school}")),
    ("quotes", entry(r"title = {{\"U}ber ``alles''}")),
    ("html-entities", entry(r"title = {R\&D; and AT\&T}")),
    ("html-tags", entry("title = {Is $a<b$ or $b>c$?}")),
    ("ampersands", entry(r"title = {A \& B}, url = {https://a.org/?a&b}, note = {\url{https://a.org/?a&b}}")),
    ("ampersands", entry(r"title = {$\begin{array}{c} a & b \end{array}$}")),
    ("ampersands", entry(r"note = {\verb|a&b| and \verb*+c&d+ and \path!e&f!}")),
    ("ampersands", entry(r"note = {\begin{tabular}{ll} a & b \\ c & d \end{tabular}}")),
    ("blanks", entry(r"note = {\verb|x  y|}")),
    ("special-characters", entry(r"note = {\verb|a_b%c#d|}")),
    ("special-characters", entry(r"title = {$a_1$ and 5\%}, file = {a_b.pdf}")),
    ("special-characters", entry(r'title = "5\% " # {of } # "it"')),
    ("special-characters", entry("note = {https://example.org/a_b%20c#d}")),
    ("unicode-form", entry("title = {Café}")),
    ("invisible-characters", entry("title = {\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645}")),
    ("invisible-characters", entry("title = {\u05d0\u200f (a)}")),
    ("blanks", entry("title = {A trial\n           of something}")),
    ("blanks", entry("abstract = {One.  Two.}")),
    ("file-links", entry("file = {:files/a.pdf:PDF}")),
    ("file-links", entry("file = {papers/a.pdf}")),
    ("same-titles", entry("title = {Editorial}, year = 2001") + entry("title = {Editorial}, year = 2001", key="B")),
]


@pytest.mark.parametrize(("rule", "text"), IN_ORDER)
def test_nothing_is_said(rule, text):
    """The rule lets it pass."""
    assert places(rule, text) == []


@pytest.mark.parametrize("telling", ["doi = {10.1000/%s}", "pages = {%s}", "volume = {%s}"])
def test_one_title_of_two_documents(telling):
    """Another DOI, pages or volume tells them apart."""
    text = "".join(
        entry(f"title = {{A title of four words}}, year = 2001, {telling % number}", key=f"K{number}")
        for number in (1, 2)
    )

    assert places("same-titles", text) == []


def test_a_type_of_ones_own_is_said_once():
    """And as a note: only a slip is a warning."""
    text = entry("note = {n}", kind="podcast") + entry("note = {n}", kind="podcast", key="B")

    assert places("entry-types", text) == [("SY415", 1, 1)]


@pytest.mark.parametrize("year", ["in press", "Forthcoming", "n.d.", "{to appear}", "(in press)"])
def test_a_year_that_is_not_known_yet(year):
    """A note: reference lists print it."""
    assert [problem.severity for problem in found("years", entry(f"year = {{{year}}}"))] == [Severity.NOTE]
