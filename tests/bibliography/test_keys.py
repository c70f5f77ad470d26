"""Keys by a pattern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import add, read_library
from synthesis.bibliography.keys import check_pattern, key_for
from synthesis.bibliography.names import names_of
from synthesis.errors import InvalidArgument

TITLE = "The {DNA} of a Trial: an {\\'e}tude, 1"
KEYS = {  # authors, year, pattern -> key
    "author and year": ("Doe, Jane and Roe, R.", "2001", "{author}{year}", "Doe2001"),
    "accents": (r"M{\"u}ller, J. and Żółć, A.", "2001", "{authors}{year}", "MullerZolc2001"),
    "letters without an accent": ("Sørensen, Æ. and Groß, T.", "1999", "{authors}{year}", "SorensenGross1999"),
    "particles": ("van der Berg, Jan", "1987", "{author}{year}", "VanDerBerg1987"),
    "a corporate author": ("{World Health Organization}", "2020", "{author}{year}", "WorldHealthOrganization2020"),
    "a long corporate author": ("{Bank of Aid and Care for All}", "2007", "{author}{year}", "BankAidCareAll2007"),
    "more than two": ("Doe, J. and Roe, R. and Poe, E.", "2001", "{authors}{year}", "DoeEtAl2001"),
    "one and others": ("Doe, J. and others", "2001", "{authors}{year}", "DoeEtAl2001"),
    "no author": ("", "2001", "{author}{year}", "DNATrialEtude12001"),
    "no year": ("Doe, J.", "in press", "{author}{year}", "DoeND"),
    "a date": ("Doe, J.", "2001-05-03", "{author}{year}", "Doe2001"),
    "a word of the title": ("Doe, J.", "2001", "{author:lower}{year2}{word}", "doe01DNA"),
    "signs of the pattern": ("Doe, J.", "2001", "{author:lower}:{year}-{word:lower}", "doe:2001-dna"),
    "an apostrophe": ("O'Brien, C. P.", "1984", "{author}{year}", "OBrien1984"),
    "letters that ASCII lacks": ("Иванов, И.", "1984", "{author}{year}", "DNATrialEtude11984"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEYS)
def test_a_key(name):
    """Of names, a year and a title as they stand in a file."""
    authors, year, pattern, key = KEYS[name]
    assert key_for(names_of(authors), year, TITLE, pattern, ()) == key


def test_nothing_to_make_a_key_of():
    """There is always a key."""
    assert key_for(names_of(""), None, "", "{author}{year}", ()) == "AnonymousND"
    assert key_for(names_of(""), None, "", "{word}", ()) == "Anonymous"


def test_a_taken_key_gets_a_letter():
    """Case does not make a key new; after z comes aa."""
    doe = names_of("Doe, J.")
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert key_for(doe, 2001, "", "{author}{year}", {"doe2001", "doe2001a"}) == "Doe2001b"
    assert key_for(doe, 2001, "", "{author}{year}", {"doe2001", *(f"doe2001{one}" for one in letters)}) == "Doe2001aa"


@given(
    authors=st.lists(st.text(max_size=12).filter(lambda text: "{" not in text and "}" not in text), max_size=3),
    year=st.one_of(st.none(), st.integers(0, 9999), st.text(max_size=6)),
    title=st.text(max_size=30),
    pattern=st.sampled_from(["{author}{year}", "{authors:lower}_{year2}", "{title}", "{word}{year}"]),
)
def test_every_key_can_be_one(authors, year, title, pattern):
    """Whatever people are called, BibTeX reads the key, and the same facts give the same key."""
    names = names_of(" and ".join(authors))
    key = key_for(names, year, title, pattern, ())

    assert key.isascii()
    assert read_library(f"@misc{{{key}, note = {{x}}}}").problems == ()
    assert key == key_for(names, year, title, pattern, ())


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{autor}{year}", "did you mean 'author'"),
        ("{author:upper}", "only `:lower`"),
        ("plain", "write names such as"),
        ("{author} {year}", "write names such as"),
        ("{author},{year}", "write names such as"),
    ],
)
def test_what_is_no_pattern(pattern, words):
    """The message says what a pattern may hold."""
    with pytest.raises(InvalidArgument, match=words):
        check_pattern(pattern)


def test_entries_without_a_key_get_one_each(tmp_path):
    """New entries take the next free letters; no entry of the file is renamed, nor one that came with a key."""
    path = tmp_path / "references.bib"
    path.write_text("@misc{Doe2001,\n  title = {Old},\n}\n")
    entry = "@misc{, author = {Doe, J.}, year = 2001, title = {%s}}\n"

    added = add(path, entry % "One" + "@misc{Doe2001b, title = {Two}}\n" + entry % "Three")

    assert added.keys == ("Doe2001a", "Doe2001b", "Doe2001c")
    assert path.read_text().startswith("@misc{Doe2001,\n  title = {Old},\n}\n")
