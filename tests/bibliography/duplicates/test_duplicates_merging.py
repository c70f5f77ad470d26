"""Merges of entries: what stays, what it takes over, that nothing is lost and that undoing gives back every byte."""

import contextlib
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.bibliography import read_folder, read_library
from synthesis.bibliography.duplicates.archive import Merged, kept_for, read_archive
from synthesis.bibliography.duplicates.clusters import Decisions
from synthesis.bibliography.duplicates.planning import Citation, Uses, plan_of
from synthesis.bibliography.duplicates.shelving import merge, undo
from synthesis.errors import InvalidArgument, InvalidData

FULL = """@article{Doe2004,
  author  = {Doe, Jane and Roe, Richard},
  title   = {Group therapy for shoplifters: a randomised trial},
  journal = jec,
  year    = 2004,
  pages   = {221--239},
}"""
COPY = """@Article{doe04,
  author = "Doe, J. and Roe, R. and Poe, Edgar",
  title = {Group Therapy for Shoplifters: A randomised trial},
  journal = {J Exp Criminol},
  year = {2004},
  doi = {10.1234/jec.17},
  pmid = 123456,
  file = {:home/jane/x.pdf:PDF}
}"""
OTHER = "@book{Zhu1999,\n  title = {Something else altogether},\n  author = {Zhu, Li},\n  year = 1999\n}"
FEW = 200 if os.environ.get("SYNTH_FULL") else 15  # each example writes files to the disk
MACRO = "@string{jec = {Journal of Experimental Criminology}}"


@contextlib.contextmanager
def nothing_else(_renames):
    """No other file names a key."""
    yield {}


def write(root, **files):
    """A library of some files."""
    (root / "bibliography").mkdir(exist_ok=True)
    for name, text in files.items():
        (root / "bibliography" / f"{name}.bib").write_bytes(text.encode())


def merge_all(root, uses=None, decisions=None):
    """Every merge that may be done."""
    return merge(
        root, lambda libraries: plan_of(libraries, uses or Uses(), decisions or Decisions()).ready, nothing_else
    )


def data(root):
    """The bytes of every file of the folder but the locks."""
    return {path.name: path.read_bytes() for path in (root / "bibliography").iterdir() if path.suffix != ".lock"}


def entries(root):
    """The entries of the library by key."""
    return {entry.key: entry for library in read_folder(root) for entry in library.entries}


def test_the_cited_entry_stays_and_takes_what_it_lacks(tmp_path):
    """Fields that it lacks are written in the manner of its file; the rest of the file keeps its bytes."""
    write(tmp_path, references=f"{MACRO}\n\n{OTHER}\n\n{COPY}\n\n{FULL}\n")

    (done,) = merge_all(tmp_path, Uses(places={"Doe2004": ("studies/doe.yaml:3",)}))

    text = (tmp_path / "bibliography" / "references.bib").read_text()
    taken = FULL.replace("{221--239},", "{221--239},\n  doi     = {10.1234/jec.17},\n  pmid    = 123456,").replace(
        "{Doe, Jane and Roe, Richard}", '"Doe, J. and Roe, R. and Poe, Edgar"'
    )
    assert (done.kept, done.removed) == ("Doe2004", ("doe04",))
    assert text == f"{MACRO}\n\n{OTHER}\n\n{taken}\n"


def test_the_longest_list_of_authors_is_kept(tmp_path):
    """Authors that only the removed entry has are not lost (asreview-datatools, issue 57)."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n")

    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))

    assert "Poe, Edgar" in entries(tmp_path)["Doe2004"].get("author")


def test_a_longer_list_of_other_people_is_not_taken(tmp_path):
    """A list that lacks one of the authors does not replace the shorter one."""
    other = COPY.replace("Doe, J. and Roe, R. and Poe, Edgar", "Doe, J. and Zhu, L. and Poe, E.").replace(
        "{J Exp", "{J Exp"
    )
    write(tmp_path, references=f"{MACRO}\n{FULL.replace('year ', 'doi = {10.1234/jec.17}, year ')}\n{other}\n")

    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))

    assert entries(tmp_path)["Doe2004"].get("author") == "Doe, Jane and Roe, Richard"


def test_only_true_differences_are_told(tmp_path):
    """Pages, journals and authors in another form are not told; another year is."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY.replace('{2004}', '{2005}, pages = {221-39}')}\n")

    (planned,) = plan_of(read_folder(tmp_path), Uses(places={"Doe2004": ("x",)}), Decisions()).merges

    assert planned.differs == ("year of doe04: 2005",)


def test_a_mark_of_retraction_is_kept(tmp_path):
    """The merged entry says that the paper was retracted, whichever entry stays."""
    marked = COPY.replace("title = {Group", "title = {RETRACTED: Group")
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{marked}\n")

    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))

    assert entries(tmp_path)["Doe2004"].get("title").startswith("RETRACTED")


def test_a_macro_of_another_file_is_written_out(tmp_path):
    """A value that needs an @string of a later file comes as its text."""
    bare = FULL.replace("  journal = jec,\n", "")
    later = f"{MACRO}\n{FULL.replace('Doe2004', 'Doe2004x')}\n"
    write(tmp_path, a=bare + "\n", b=later)

    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))

    assert entries(tmp_path)["Doe2004"].field("journal").written == "{Journal of Experimental Criminology}"


def test_nothing_is_lost(tmp_path):
    """The archive holds the removed entry, byte for byte."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n\n{COPY}\n")

    merge_all(tmp_path)

    (done,) = read_archive(tmp_path)
    gone = FULL if done.removed == ("Doe2004",) else COPY
    assert any(gone in change.before for change in done.changes)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["\n", "", "\n\n% the end\n"])
def test_undo_gives_back_every_byte(tmp_path, end, last):
    """Over several files, line ends, and entries removed side by side and at the end of a file."""
    text = "\n\n".join((MACRO, FULL, COPY, COPY.replace("doe04", "doe4"), OTHER, COPY.replace("doe04", "d4"))) + last
    write(tmp_path, a=text.replace("\n", end), b="\ufeff" + COPY.replace("doe04", "b1").replace("\n", end))
    before = data(tmp_path)

    (done,) = merge_all(tmp_path)
    merged = data(tmp_path)
    undo(tmp_path)

    assert len(done.removed) == 4
    assert merged != before
    assert data(tmp_path) == before


def test_undo_after_other_edits(tmp_path):
    """An entry comes back to its place although the file has changed elsewhere."""
    write(tmp_path, references=f"{MACRO}\n\n{FULL}\n\n{COPY}\n\n{OTHER}\n")
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))
    path = tmp_path / "bibliography" / "references.bib"
    path.write_text("% a new first line\n" + path.read_text() + "\n@misc{New, title = {New}}\n")

    _, problems = undo(tmp_path, "doe04")

    assert (
        path.read_text()
        == f"% a new first line\n{MACRO}\n\n{FULL}\n\n{COPY}\n\n{OTHER}\n\n@misc{{New, title = {{New}}}}\n"
    )
    assert problems == ()


def test_undo_where_the_place_is_gone(tmp_path):
    """The entry comes to the end of the file, and that is said; what was taken over stays and is said too."""
    write(tmp_path, references=f"{MACRO}\n\n{FULL}\n\n{COPY}\n\n{OTHER}\n")
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))
    (tmp_path / "bibliography" / "references.bib").write_text("@misc{New, title = {New}}\n")

    _, problems = undo(tmp_path)

    assert list(entries(tmp_path)) == ["New", "doe04"]
    assert entries(tmp_path)["doe04"].raw == COPY
    assert {problem.code for problem in problems} == {"SY559"}


def test_undo_of_the_last_run_only(tmp_path):
    """Each run is taken back by itself, the last one first."""
    write(tmp_path, references=f"{MACRO}\n\n{FULL}\n\n{COPY}\n\n{OTHER}\n")
    merge_all(tmp_path)
    middle = data(tmp_path)
    path = tmp_path / "bibliography" / "references.bib"
    path.write_text(path.read_text() + "\n" + OTHER.replace("Zhu1999", "Zhu99") + "\n")
    merge_all(tmp_path)

    back, _ = undo(tmp_path)

    assert [one.kept for one in back] in (["Zhu1999"], ["Zhu99"])
    assert read_archive(tmp_path)[0].run == 1
    assert data(tmp_path)["merged.jsonl"] == middle["merged.jsonl"]


def test_undo_where_there_is_nothing(tmp_path):
    """An error in words; and of a key that was not merged the nearest one is named."""
    write(tmp_path, references=f"{MACRO}\n\n{FULL}\n\n{COPY}\n")
    with pytest.raises(InvalidArgument, match="nothing was merged"):
        undo(tmp_path)
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))

    with pytest.raises(InvalidArgument, match="did you mean 'doe04'"):
        undo(tmp_path, "doe4")


@pytest.mark.parametrize("restored", ["a", "b", "ab"])
def test_undo_of_a_merge_that_was_not_made(tmp_path, restored):
    """After a merge that was cut short, or a file that came back from version control, undoing gives the old bytes."""
    write(tmp_path, a=f"{MACRO}\n\n{FULL}\n\n{OTHER}\n", b=f"{COPY}\n")
    before = data(tmp_path)
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))
    for name in restored:
        (tmp_path / "bibliography" / f"{name}.bib").write_bytes(before[f"{name}.bib"])

    _, problems = undo(tmp_path)

    assert problems == ()
    assert data(tmp_path) == before


@pytest.mark.parametrize("last", ["", "\n", "\n\n", "\n\n% the end\n"])
@pytest.mark.parametrize("copies", [1, 2])
def test_undo_where_the_last_entry_came_back_from_version_control(tmp_path, last, copies):
    """A newline is no surroundings: an entry that is back at the end of its file is not put in a second time."""
    gone = "\n\n".join(COPY.replace("doe04", f"doe{number}") for number in range(copies))
    write(tmp_path, references=f"{MACRO}\n\n{OTHER}\n\n{FULL}\n\n{gone}{last}")
    before = data(tmp_path)
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))
    (tmp_path / "bibliography" / "references.bib").write_bytes(before["references.bib"])

    _, problems = undo(tmp_path)

    assert problems == ()
    assert data(tmp_path) == before


def test_undo_where_what_was_taken_over_was_edited(tmp_path):
    """The edited field stays, and that is said, although the rest of the entry is as the merge left it."""
    write(tmp_path, references=f"{MACRO}\n\n{FULL}\n\n{COPY}\n")
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))
    path = tmp_path / "bibliography" / "references.bib"
    path.write_text(path.read_text().replace("10.1234/jec.17", "10.1234/jec.18"))

    _, problems = undo(tmp_path)

    assert "what 'Doe2004' took over has changed since, and stays" in {problem.what for problem in problems}
    assert "10.1234/jec.18" in entries(tmp_path)["Doe2004"].raw


def test_undo_of_the_last_entry_after_others_were_added(tmp_path):
    """The entry comes back between what stood before it and what was added behind it."""
    write(tmp_path, references=f"{MACRO}\n\n{OTHER}\n\n{FULL}\n\n{COPY}\n")
    before = data(tmp_path)["references.bib"]
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))
    path = tmp_path / "bibliography" / "references.bib"
    path.write_text(path.read_text() + "\n@misc{New, title = {New}}\n")

    _, problems = undo(tmp_path)

    assert problems == ()
    assert path.read_bytes() == before + b"\n@misc{New, title = {New}}\n"


def test_what_stands_for_an_entry_after_two_merges():
    """The key that is in the library now, not the one that went in a later run."""
    merges = (Merged(1, "b", ("a", "b"), "", ()), Merged(2, "c", ("b",), "", ()))

    assert kept_for(merges) == {"a": "c", "b": "c"}


def test_undo_among_entries_that_end_alike(tmp_path):
    """An entry that was never taken out is not put in again, although its surroundings stand in the file elsewhere."""
    end = "  note = {%s},\n  year = {2001}\n}\n\n" % ("the same words " * 12)
    first, again, last = (
        f"@misc{{{key},\n  author = {{Doe, Jane}},\n  title = {{{title}}},\n{end}"
        for key, title in (
            ("a", "Letters from young men in Northern prisons"),
            ("b", "Letters from young men in northern prisons"),
            ("c", "Something else"),
        )
    )
    write(tmp_path, references=first + again + last)
    before = data(tmp_path)
    merge_all(tmp_path)
    (tmp_path / "bibliography" / "references.bib").write_bytes(before["references.bib"])

    undo(tmp_path)

    assert data(tmp_path) == before


def test_undo_refuses_a_key_that_is_taken(tmp_path):
    """Nothing is written where an entry would come back under the key of another one."""
    write(tmp_path, references=f"{MACRO}\n\n{FULL}\n\n{COPY}\n")
    merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))
    path = tmp_path / "bibliography" / "references.bib"
    path.write_text(path.read_text() + "@misc{doe04, title = {New}}\n")
    before = data(tmp_path)

    with pytest.raises(InvalidData, match="SY559"):
        undo(tmp_path)

    assert data(tmp_path) == before


def test_a_copy_under_the_same_key(tmp_path):
    """An entry that stands in two files under one key is one entry afterwards."""
    write(tmp_path, a=f"{MACRO}\n{FULL}\n", b=f"{FULL}\n")

    (done,) = merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))

    assert (done.kept, done.removed, done.renames) == ("Doe2004", ("Doe2004",), {})
    assert [len(library.entries) for library in read_folder(tmp_path)] == [1, 0]


def problems_of(root, uses):
    """Codes and words of what keeps merges from being done."""
    plan = plan_of(read_folder(root), uses, Decisions())
    assert not plan.ready
    return [(problem.code, problem.what) for problem in plan.problems]


def test_an_entry_that_others_name_is_not_taken_out(tmp_path):
    """Two entries of one document that are both the `crossref` of others are left alone."""
    child = "@incollection{%s, crossref = {%s}, title = {%s}, author = {A}, year = 2000}\n"
    children = child % ("c1", "doe04", "A first chapter of it") + child % ("c2", "Doe2004", "Quite another chapter now")
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n{children}")

    ((code, what),) = problems_of(tmp_path, Uses())

    assert code == "SY556"
    assert "other entries name it: bibliography/references.bib:" in what


def test_reports_of_two_studies_are_not_merged(tmp_path):
    """One document in two study records is told: one sample may be counted twice."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n")

    ((code, what),) = problems_of(tmp_path, Uses(studies={"Doe2004": frozenset({"doe"}), "doe04": frozenset({"roe"})}))

    assert code == "SY557"
    assert "reports of different studies: roe and doe; one sample may be counted twice" in what


def test_a_record_that_cites_both(tmp_path):
    """Its `cite` would name one report twice, so it is told which one to take out."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n")

    ((code, what),) = problems_of(tmp_path, Uses(studies={"Doe2004": frozenset({"doe"}), "doe04": frozenset({"doe"})}))

    assert code == "SY556"
    assert what == "doe04 and Doe2004 are one document, and doe cites both"


def test_a_broken_archive(tmp_path):
    """SY550 with its line; nothing is merged over it and nothing undone."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n")
    (tmp_path / "bibliography" / "merged.jsonl").write_text('\n{"run": 1}\n')
    before = data(tmp_path)

    for act in (merge_all, undo):
        with pytest.raises(InvalidData, match=r"bibliography/merged\.jsonl:2:1: SY550"):
            act(tmp_path)

    assert data(tmp_path) == before


def test_accepted_reports_of_two_studies_are_merged(tmp_path):
    """Somebody looked at both records and said so."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n")
    uses = Uses(studies={"Doe2004": frozenset({"doe"}), "doe04": frozenset({"roe"})})

    assert len(merge_all(tmp_path, uses, Decisions(accepted={("Doe2004", "doe04")}))) == 1


@pytest.mark.parametrize(
    ("edges", "clash"),
    [
        ((("Doe2004", "doe04", "cites"),), True),
        ((("Rev", "Doe2004", "reviews"), ("Rev", "doe04", "reviews")), True),
        ((("Rev", "Doe2004", "reviews"), ("Rev", "doe04", "cites")), False),
    ],
)
def test_citations_that_would_clash(tmp_path, edges, clash):
    """A row that would stand there twice, or cite itself, keeps a merge from being done."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n")

    plan = plan_of(read_folder(tmp_path), Uses(edges=tuple(Citation(*edge) for edge in edges)), Decisions())

    assert [problem.code for problem in plan.problems] == ["SY556"] * clash


def test_a_file_that_is_not_utf8_is_left_alone(tmp_path):
    """SY558, and no merge."""
    write(tmp_path, references=f"{MACRO}\n{FULL}\n{COPY}\n")
    path = tmp_path / "bibliography" / "references.bib"
    path.write_bytes(path.read_bytes() + b"% caf\xe9\n")

    assert [code for code, _ in problems_of(tmp_path, Uses())] == ["SY558"]


def test_a_disk_that_refuses_leaves_everything_as_it_was(tmp_path, monkeypatch):
    """When the second of three files cannot be written, the first is put back."""
    from synthesis import files

    write(tmp_path, a=f"{MACRO}\n{FULL}\n", b=f"{COPY}\n")
    before = data(tmp_path)
    real = files.write_atomic

    def refusing(path, content):
        if path.name == "b.bib":
            raise files.DiskError("no space left")
        real(path, content)

    monkeypatch.setattr(files, "write_atomic", refusing)
    with pytest.raises(files.DiskError):
        merge_all(tmp_path, Uses(places={"Doe2004": ("x",)}))

    assert data(tmp_path) == before


BLOCKS = (FULL, COPY, COPY.replace("doe04", "c"), COPY.replace("doe04", "d").replace("pmid", "note"), OTHER,
          "% a comment", "@comment{kept}", OTHER.replace("Zhu1999", "z"))  # fmt: skip


@settings(max_examples=FEW)
@given(
    blocks=st.permutations(BLOCKS),
    gaps=st.lists(st.sampled_from(["\n", "\n\n", " \n\n\n", "\t\n"]), min_size=len(BLOCKS), max_size=len(BLOCKS)),
)
def test_whatever_the_order_and_the_gaps(blocks, gaps, tmp_path_factory):
    """After a merge the other blocks have their bytes; undoing it gives back the file."""
    root = tmp_path_factory.mktemp("review")
    write(root, references=MACRO + "\n" + "".join(map("".join, zip(blocks, gaps, strict=True))))
    before = data(root)

    merge_all(root)
    text = data(root)["references.bib"].decode()
    undo(root)

    assert len(read_library(text).entries) == 2
    assert all(block in text for block in BLOCKS[5:7])
    assert data(root) == before
