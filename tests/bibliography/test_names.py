"""Names as BibTeX reads them, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import latex
from synthesis.bibliography.names import Name, Names, initials, names_of, split_names, written

PIECES = [
    "and", "van", "de la", "Smith", "others", "et", "al.", "{", "}", "{A and B}", r"{\'E}x", r"\'{e}", ",", ", ", "~",
    " ", "-", "--", "`", "''", "$", "\\", "&", "%", "_", "É", "ß", "Jr", "family=", "given=", '"', "A", "b", "王",
    r"\textit{X}", "#", "(",
]  # fmt: skip
PARTS = [
    "", "Smith", "van", "de la", "and", "others", "A, B", "x and y", "{", "}", "\\", "$", "a~b", "--", "''", "`",
    "É", "et al.", "A & B", "a_b", "=", "family=x", "Jr.", "J.", "O''B", "x\\y", "王",
]  # fmt: skip


def one(value):
    """The one name of a value, as first, von, last, Jr."""
    (name,) = names_of(value).people
    return name.given, name.prefix, name.family, name.suffix


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("AA BB", ("AA", "", "BB", "")),
        ("AA", ("", "", "AA", "")),
        ("AA bb", ("AA", "", "bb", "")),
        ("aa", ("", "", "aa", "")),
        ("AA bb CC", ("AA", "bb", "CC", "")),
        ("AA bb CC dd EE", ("AA", "bb CC dd", "EE", "")),
        ("AA 1B cc dd", ("AA 1B", "cc", "dd", "")),
        ("AA 1b cc dd", ("AA", "1b cc", "dd", "")),
        ("AA {b}B cc dd", ("AA bB", "cc", "dd", "")),
        (r"AA {\"b} cc dd", ("AA", "b\u0308 cc", "dd", "")),
        ("AA {bb} cc DD", ("AA bb", "cc", "DD", "")),
        ("AA bb {cc} DD", ("AA", "bb", "cc DD", "")),
        ("AA {bb} CC", ("AA bb", "", "CC", "")),
    ],
)
def test_first_von_last(value, parts):
    """Names without commas; pybtex splits these alike (tests/external/names_against_pybtex.py)."""
    assert one(value) == parts


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("bb CC, AA", ("AA", "bb", "CC", "")),
        ("bb, aa", ("aa", "", "bb", "")),
        ("bb CC dd EE, AA", ("AA", "bb CC dd", "EE", "")),
        ("bb, AA", ("AA", "", "bb", "")),
        ("BB,", ("", "", "BB", "")),
        ("bb CC,XX, AA", ("AA", "bb", "CC", "XX")),
        ("bb CC,xx, AA", ("AA", "bb", "CC", "xx")),
        ("BB,, AA", ("AA", "", "BB", "")),
        ("CC dd BB, AA", ("AA", "CC dd", "BB", "")),
        ("Ford, Jr., Henry", ("Henry", "", "Ford", "Jr.")),
        ("Henry {Ford, Jr.}", ("Henry", "", "Ford, Jr.", "")),
        ("Smith,John", ("John", "", "Smith", "")),
    ],
)
def test_commas(value, parts):
    """`von Last, First` and `von Last, Jr, First`; pybtex splits these alike."""
    assert one(value) == parts


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (
            r"Charles Louis Xavier Joseph de la Vall{\'e}e Poussin",
            ("Charles Louis Xavier Joseph", "de la", "Vallée Poussin", ""),
        ),
        (r"Per Brinch Hansen", ("Per Brinch", "", "Hansen", "")),
        (r"Brinch Hansen, Per", ("Per", "", "Brinch Hansen", "")),
        (r"Donald~E. Knuth", ("Donald E.", "", "Knuth", "")),
        (r"Jean-Paul Sartre", ("Jean-Paul", "", "Sartre", "")),
        (r"Hyun-jung Kim", ("Hyun-jung", "", "Kim", "")),
        (r"{\'{E}}douard Masterly", ("Édouard", "", "Masterly", "")),
        (r"\'{E}douard Masterly", ("Édouard", "", "Masterly", "")),
        (r"{\oe}uvre Smith", ("", "œuvre", "Smith", "")),
        (r"Vicente de {la Cruz} Dom{\'i}nguez", ("Vicente", "de", "la Cruz Domínguez", "")),
        (r"V{\'a}zques{ de }Parga, Luis", ("Luis", "", "Vázques de Parga", "")),
        (r"Brise\~no-Garc\'ia, M.", ("M.", "", "Briseño-García", "")),
        (r"{\relax Ch}arles Dickens", ("Charles", "", "Dickens", "")),
        ("Ludwig van Beethoven", ("Ludwig", "van", "Beethoven", "")),
        ("王小明", ("", "", "王小明", "")),
        ("Иван де Петров", ("Иван", "де", "Петров", "")),
    ],
)
def test_real_names(value, parts):
    """Special characters, ties, hyphens, braces within a name, other alphabets."""
    assert one(value) == parts


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("{World Health Organization}", "World Health Organization"),
        ("{{NICE}}", "NICE"),
        ("{Barnes and Noble, Inc.}", "Barnes and Noble, Inc."),
        (r"{AT\&T}", "AT&T"),
        (r"{Agence de la biom{\'e}decine}", "Agence de la biomédecine"),
    ],
)
def test_bodies_in_braces_stay_whole(value, literal):
    """A name that is one group in braces is a body: never split, comma, `and` or not."""
    assert names_of(value) == Names((Name("", literal=literal),))
    assert names_of(f"A, B and {value}").people[1] == Name("", literal=literal)


def test_bodies_without_braces_split_as_in_bibtex():
    """Without braces BibTeX splits a body, and so do we: lint tells."""
    assert one("World Health Organization") == ("World Health", "", "Organization", "")
    assert len(names_of("Department of Health and Human Services").people) == 2


@pytest.mark.parametrize("ending", ["and others", "AND others", "and et al.", "et al.", "et al", "and et.~al."])
def test_and_others(ending):
    """`and others`, and `et al.` to the letter, say that there are more."""
    assert names_of(f"Smith, John {ending}") == Names((Name("Smith", "John"),), others=True)


def test_empty_names_are_left_out():
    """What stands between two `and` with nothing between is nobody."""
    assert names_of("and A and and B and") == Names((Name("A"), Name("B")))
    assert names_of("") == names_of("and") == Names()
    assert split_names("A and and B") == ["A", "", "B"]


@pytest.mark.parametrize("value", ["A\nand\tB", "A  and   B", "A AND B", "A And B"])
def test_and_stands_between_blanks(value):
    """In any case and between any white space; not within a word."""
    assert [name.family for name in names_of(value).people] == ["A", "B"]
    assert len(names_of("Alexandra Sandler").people) == 1


def test_biblatex_extended_format():
    """`family=..., given=...`, with quotes, braces and parts that no Name has."""
    value = 'family=Berg, given={Jan Marie}, prefix=Van den, suffix="Jr.", given-i=JM, useprefix=true'

    assert names_of(value) == Names((Name("Berg", "Jan Marie", "Van den", "Jr."),))
    assert names_of("a=b, c").people == (Name("a=b", "c"),)


def test_more_than_two_commas_lose_nothing():
    """`Smith, J., Jones, K.` is one odd name; every part of it is still there."""
    assert one("Smith, J., Jones, K.") == ("Jones, K.", "", "Smith", "J.")
    assert written(names_of("Smith, J., Jones, K.")) == "Smith, J., Jones, K."


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_written_names_are_the_same(value):
    """names_of(written(names_of(x))) == names_of(x), also through LaTeX in ASCII, however broken x is."""
    names = names_of(value)

    assert names_of(written(names)) == names
    assert names_of(latex.encode(written(names))) == names


@given(st.lists(st.tuples(*[st.sampled_from(PARTS)] * 4), min_size=1, max_size=3), st.booleans())
def test_any_names_can_be_written(parts, others):
    """Names from another format, with commas, braces and `and` in any part, read back as they were."""
    people = [Name(*four) for four in parts if any(four)] + [Name("", literal=four[0]) for four in parts if four[0]]
    names = Names(tuple(people), others)

    assert names_of(latex.encode(written(names))) == names


@pytest.mark.parametrize(
    ("given", "spaced", "together"),
    [
        ("Jean-Paul Marie", "J.-P. M.", "J-PM"), ("J. M.", "J. M.", "JM"), ("J.M.", "J. M.", "JM"), ("JM", "J. M.",
        "JM"),
        ("J.-P.", "J.-P.", "J-P"), ("Élise", "É.", "É"), ("Ann", "A.", "A"), ("", "", ""), ("'t Hooft", "T. H.", "TH"),
    ],
)  # fmt: skip
def test_initials(given, spaced, together):
    """Initials with stops and blanks, or without."""
    assert initials(given) == spaced
    assert initials(given, after="", between="") == together


def test_names_for_comparison():
    """Prefix and family; a body whole."""
    assert Name("Berg", "Jan", "van den").last == "van den Berg"
    assert Name("", literal="WHO").last == "WHO"
    assert Name("Ford", "Henry", suffix="Jr.").shown == "Henry Ford, Jr."
