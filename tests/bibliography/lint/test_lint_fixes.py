"""Safe fixes: what they write, and that they write nothing else."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import lint, read_library
from synthesis.bibliography.lint import RULES
from synthesis.bibliography.lint.fixing import fix_folder, fixed
from synthesis.bibliography.lint.rule import rewritten
from synthesis.bibliography.splices import ChangedMoreError
from tests.bibliography import strategies
from tests.bibliography.lint.libraries import CLEAN, entry
from tests.bibliography.lint.test_lint_rules import FAULTS

FIXES = [  # rule, field before, field after
    ("bare-dois", "doi = {https://doi.org/10.1000/X}", "doi = {10.1000/X}"),
    ("bare-dois", r"doi = {\url{https://doi.org/10.1000/a\_b}}", r"doi = {10.1000/a\_b}"),
    ("bare-dois", 'doi = "doi: 10.1000/x"', 'doi = "10.1000/x"'),
    ("pubmed-ids", "pmid = {PMID: 15495136}", "pmid = {15495136}"),
    ("pubmed-ids", "pmid = {https://pubmed.ncbi.nlm.nih.gov/15495136/}", "pmid = {15495136}"),
    ("arxiv-ids", "eprint = {arXiv:2101.00001v2}", "eprint = {2101.00001v2}"),
    ("months", "month = {March}", "month = mar"),
    ("months", 'month = "Sept."', "month = sep"),
    ("pages", "pages = {12-15}", "pages = {12--15}"),
    ("pages", "pages = {12 \u2013 15, 20-21}", "pages = {12--15, 20--21}"),
    ("pages", "pages = {S12-S15}", "pages = {S12--S15}"),
    ("pages", "pages = {pp. 110-5}", "pages = {110--5}"),
    ("et-al", "author = {Doe, J. et al.}", "author = {Doe, J. and others}"),
    ("et-al", r"author = {Doe, J. and Roe, R., \emph{et al.}}", "author = {Doe, J. and Roe, R. and others}"),
    ("title-full-stops", "title = {{A trial of something.}}", "title = {{A trial of something}}"),
    ("html-entities", "title = {Cats &amp; dogs}", r"title = {Cats \& dogs}"),
    ("html-entities", "title = {5&nbsp;mg, p &lt; .05}", "title = {5~mg, p $<$ .05}"),
    ("html-entities", "title = {$p &lt; .05$}", "title = {$p < .05$}"),
    ("html-entities", "title = {&Eacute;cole &#233; &#xe9;}", "title = {\u00c9cole \u00e9 \u00e9}"),
    ("html-entities", "url = {https://a.org/?a&amp;b}", "url = {https://a.org/?a&b}"),
    ("html-entities", "title = {&amp;amp;}", r"title = {\&}"),
    ("html-tags", "title = {On <i>E. coli</i>}", r"title = {On \textit{E. coli}}"),
    ("html-tags", "title = {H<sub>2</sub>O}", r"title = {H\textsubscript{2}O}"),
    ("ampersands", r"title = {A & B \& C}", r"title = {A \& B \& C}"),
    ("special-characters", "title = {5% of gene_a}", r"title = {5\% of gene\_a}"),
    ("unicode-form", "title = {Cafe\u0301}", "title = {Caf\u00e9}"),
    ("invisible-characters", "title = {A\u200b tri\u00adal\u2028here}", "title = {A trial here}"),
    ("blanks", "title = {  A   trial\t }", "title = {A trial}"),
    ("empty-fields", "note = {}, year = 2001", "year = 2001"),
    ("empty-fields", "year = 2001, note = {}", "year = 2001"),
]  # fmt: skip
LEFT = [  # rule, field that is left as it is
    ("bare-dois", "doi = {https://doi.org/10.1000/%28x%29}"),
    ("months", 'month = "Jan" # "uary"'),
    ("pages", "pages = {12-3}"),
    ("et-al", "author = {Doe and et al. and Roe}"),
    ("html-entities", r"title = {&#123; and &#92; and &quot;}"),
    ("html-entities", 'title = "&amp; " # {x}'),
    ("html-tags", "title = {<i>E. {coli}</i>}"),
    ("special-characters", r"title = {a_b $x$}"),
    ("unicode-form", "crossref = {Cafe\u0301}"),
    ("ampersands", r"title = {A & B \verb|a&b|}"),
    ("ampersands", r"note = {A & B \href{https://a.org}{C & D}}"),
    ("ampersands", r"note = {\begin{tabular}{ll} a & b \\ c & d \end{tabular}}"),
    ("special-characters", r"note = {5% \path|a_b|}"),
    ("special-characters", r"note = {5% \url{a_b}}"),
    ("blanks", r"note = {A  B \verb|x  y|}"),
    ("html-entities", r"note = {\verb|a&amp;b|}"),
    ("html-tags", r"note = {\verb|<i>x</i>|}"),
]
LINE = re.compile(r"[^\n]*\n|[^\n]+$")
WORDS = st.sampled_from(
    [
        "A & B", "5%", "a_b", "&amp;", "&lt;", "<i>x</i>", "  ", "\u200b", "e\u0301", "et al.", " and ", "12-15",
        "pp. 3", "", "January", "https://doi.org/10.1000/x", "word.", "{DNA}", "$a_1$", r"\&", "\n    ", "&", "\u00ad",
        "&nbsp;", "PMID: 12",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    ["title", "author", "pages", "month", "doi", "pmid", "note", "journal", "url", "abstract", "x-own"]
)


@st.composite
def faulty(draw):
    """A library whose values are made of what the fixes look for."""
    blocks = []
    for number in range(draw(st.integers(1, 4))):
        fields = []
        for name in draw(st.lists(NAMES, max_size=5)):
            value = "".join(draw(st.lists(WORDS, max_size=4)))
            form = draw(st.sampled_from(["{0} = {{{1}}}", '{0} = "{1}"', "{0} = {{x}} # {{{1}}}", "{0}={{{1}}}"]))
            fields.append(form.format(name, value))
        end = draw(st.sampled_from([",", ""])) if fields else ","
        blocks.append(f"@misc{{K{number}," + ",\n  ".join(fields) + end + "}")
    return "\n\n".join(blocks)


@pytest.mark.parametrize(("rule", "before", "after"), FIXES)
def test_a_fix(rule, before, after):
    """The rule writes this and nothing else, and finds nothing more to fix."""
    done = fixed(read_library(CLEAN + entry(before, key="Fixed")), select=[rule])

    assert done.after.text == CLEAN + entry(after, key="Fixed")
    assert [change.rules for change in done.changes][:1] == [(rule,)]
    assert fixed(done.after, select=[rule]).changes == ()


@pytest.mark.parametrize(("rule", "field"), LEFT)
def test_what_is_not_sure_is_left(rule, field):
    """A fix that needs thought is nobody's but the writer's."""
    assert fixed(read_library(entry(field)), select=[rule]).changes == ()


def test_every_fix_is_tried():
    """FIXES has each rule that offers one: at least fifteen."""
    assert {rule for rule, _, _ in FIXES} == {name for name, rule in RULES.items() if rule.fix}
    assert len({rule for rule, _, _ in FIXES}) >= 15


def test_the_clean_library_stays():
    """There is nothing to fix in it."""
    assert fixed(read_library(CLEAN)).changes == ()


@given(text=faulty())
def test_fixes_are_made_once(text):
    """A second run changes nothing, keys and types stay, and no rule with a fix finds what it fixed."""
    before = read_library(text)
    done = fixed(before)

    assert fixed(done.after).changes == ()
    assert [(one.key, one.type) for one in done.after.entries] == [(one.key, one.type) for one in before.entries]
    assert len(done.after.problems) <= len(before.problems)


@given(text=faulty(), data=st.data())
def test_a_fix_changes_no_other_entry(text, data):
    """Entries that no change names have the bytes that they had, and what lies between entries too."""
    before = read_library(text)
    done = fixed(
        before, select=data.draw(st.lists(st.sampled_from([n for n, r in RULES.items() if r.fix]), max_size=3))
    )
    named = {change.key for change in done.changes}

    for old, new in zip(before.entries, done.after.entries, strict=True):
        assert (old.raw == new.raw) == (old.key not in named)
    assert _between(before) == _between(done.after)


def _between(library):
    ends = [0, *(one.end for one in library.entries)]
    starts = [*(one.start for one in library.entries), len(library.text)]
    return [library.text[a:b] for a, b in zip(ends, starts, strict=True)]


@given(data=strategies.files())
def test_files_in_many_styles_are_fixed_in_theirs(data):
    """Line ends, indents, delimiters and a BOM stay."""
    done = fixed(read_library(data))

    assert done.data == data or done.changes
    assert done.data.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
    assert done.data.count(b"\r") == data.count(b"\r")


def test_a_faulty_entry_is_left():
    """Where it is not sure what an entry means, nothing in it is fixed; the others are."""
    text = "@misc{A,\n  title = {A & B}\n  note = {C & D}}\n" + entry("title = {A & B}")

    done = fixed(read_library(text), select=["ampersands"])
    assert done.after.text == text[: text.index("@article")] + entry(r"title = {A \& B}")


def test_another_encoding_is_left():
    """A file that is not UTF-8 may mean other letters than it is read with."""
    assert fixed(read_library(entry("title = {\xe9 & \xe9}").encode("latin-1"))).changes == ()


@pytest.mark.parametrize(("rule", "text", "place"), FAULTS)
def test_no_fix_adds_a_problem(rule, text, place):
    """After all fixes no rule finds more than before, and no rule anything new."""
    before = read_library(text)
    after = fixed(before).after

    assert {one.code for one in lint(after)} <= {one.code for one in lint(before)}
    assert len(lint(after)) <= len(lint(before))


def test_the_files_of_a_review(tmp_path):
    """Written once; macros of a file before are known; nothing is written where it is only shown."""
    folder = tmp_path / "bibliography"
    folder.mkdir()
    (folder / "a.bib").write_text("@string{j = {Journal}}\n")
    (folder / "b.bib").write_text(entry("journal = j, title = {A & B}"))

    (shown,) = fix_folder(tmp_path, write=False)
    assert (folder / "b.bib").read_text() == shown.before.text
    assert "-  journal = j, title = {A & B},\n+  journal = j, title = {A \\& B},\n" in shown.diff()
    (made,) = fix_folder(tmp_path)
    assert (folder / "b.bib").read_text() == made.after.text == shown.after.text
    assert fix_folder(tmp_path) == ()
    assert (folder / "a.bib").read_text() == "@string{j = {Journal}}\n"


def test_a_fix_that_changes_more_writes_nothing(tmp_path, monkeypatch):
    """Were a rule mistaken, the file would stay as it is."""
    (tmp_path / "bibliography").mkdir()
    file = tmp_path / "bibliography" / "a.bib"
    file.write_text(entry("title = {A & B}") + entry("title = {C}", key="B"))
    before = file.read_bytes()
    monkeypatch.setitem(RULES, "ampersands", replace(RULES["ampersands"], fix=greedy))

    with pytest.raises(ChangedMoreError):
        fix_folder(tmp_path, select=["ampersands"])
    assert file.read_bytes() == before


def greedy(shelf):
    """A fix that adds a field to the entry."""
    return (rewritten(value, "x}, year = {2001") for value in shelf.named("title"))


@given(text=faulty(), between=st.sampled_from(["\n", "\r\n"]), joined=st.booleans())
def test_a_diff_turns_one_text_into_the_other(text, between, joined):
    """As GNU patch reads it: lines at the numbers of each hunk are replaced."""
    text = text.replace("\n\n", " " if joined else "\n\n").replace("\n", between)
    done = fixed(read_library(text))

    assert _patched(text, done.diff()) == done.after.text


def _patched(text, diff):
    """A text after a unified diff, by nothing but the numbers and signs of the diff."""
    lines, done, place = LINE.findall(text), [], 0
    for hunk in re.split(r"^(?=@@ )", diff, flags=re.MULTILINE)[1:]:
        head, _, body = hunk.partition("\n")
        first, length = re.match(r"@@ -(\d+)(?:,(\d+))?", head).groups(default="1")
        start = int(first) - (length != "0")
        changed = []
        for line in LINE.findall(body):
            if line.startswith("\\"):  # No newline at end of file
                changed[-1] = (changed[-1][0], changed[-1][1].removesuffix("\n"))
            else:
                changed.append((line[0], line[1:]))
        assert lines[start : start + int(length)] == [line for sign, line in changed if sign in " -"]
        done += [*lines[place:start], *(line for sign, line in changed if sign in " +")]
        place = start + int(length)
    return "".join([*done, *lines[place:]])


def test_a_change_in_words():
    """Place, rule, entry and field, before and after."""
    (change,) = fixed(read_library(entry("note = {}"), "a.bib")).changes
    assert str(change) == "a.bib:2:3: empty-fields: Doe2001 note: {} taken out"
    (change,) = fixed(read_library(entry("pages = {1-2}"), "a.bib")).changes
    assert str(change) == "a.bib:2:3: pages: Doe2001 pages: {1-2} -> {1--2}"
