"""The types of references in every format: one table, read in both directions.

A row is written from left to right; of several rows with one code the first is what the code is read as. The numbers
of EndNote are those of its XML export, as Zotero's translator lists them; the names of CSL are those of its schema
csl-data.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of BibTeX or biblatex, and what the other formats call it."""

    bibtex: str
    subtype: str  # biblatex's entrysubtype, where the type alone does not say it
    ris: str
    csl: str
    endnote: int


KINDS: tuple[Kind, ...] = (
    Kind("article", "", "JOUR", "article-journal", 17),
    Kind("article", "magazine", "MGZN", "article-magazine", 19),
    Kind("article", "newspaper", "NEWS", "article-newspaper", 23),
    Kind("book", "", "BOOK", "book", 6),
    Kind("collection", "", "EDBOOK", "book", 28),
    Kind("mvbook", "", "BOOK", "book", 6),
    Kind("manual", "", "BOOK", "book", 6),
    Kind("booklet", "", "PAMP", "pamphlet", 24),
    Kind("incollection", "", "CHAP", "chapter", 5),
    Kind("inbook", "", "CHAP", "chapter", 5),
    Kind("inreference", "", "ENCYC", "entry-encyclopedia", 53),
    Kind("inreference", "dictionary", "DICT", "entry-dictionary", 52),
    Kind("inproceedings", "", "CPAPER", "paper-conference", 47),
    Kind("conference", "", "CPAPER", "paper-conference", 47),
    Kind("proceedings", "", "CONF", "book", 10),
    Kind("thesis", "", "THES", "thesis", 32),
    Kind("phdthesis", "", "THES", "thesis", 32),
    Kind("mastersthesis", "", "THES", "thesis", 32),
    Kind("techreport", "", "RPRT", "report", 27),
    Kind("report", "", "RPRT", "report", 27),
    Kind("misc", "", "GEN", "document", 13),
    Kind("misc", "preprint", "GEN", "article", 13),
    Kind("online", "", "ELEC", "webpage", 12),
    Kind("electronic", "", "ELEC", "webpage", 12),
    Kind("www", "", "ELEC", "webpage", 12),
    Kind("online", "blog", "BLOG", "post-weblog", 56),
    Kind("unpublished", "", "UNPB", "manuscript", 34),
    Kind("unpublished", "presentation", "SLIDE", "speech", 48),
    Kind("letter", "", "PCOMM", "personal_communication", 26),
    Kind("patent", "", "PAT", "patent", 25),
    Kind("dataset", "", "DATA", "dataset", 59),
    Kind("software", "", "COMP", "software", 9),
    Kind("legislation", "", "STAT", "legislation", 31),
    Kind("legal", "bill", "BILL", "bill", 4),
    Kind("legal", "hearing", "HEAR", "hearing", 14),
    Kind("jurisdiction", "", "CASE", "legal_case", 7),
    Kind("standard", "", "STAND", "standard", 58),
    Kind("video", "", "VIDEO", "motion_picture", 3),
    Kind("video", "film", "MPCT", "motion_picture", 21),
    Kind("audio", "", "SOUND", "song", 61),
    Kind("artwork", "", "ART", "graphic", 2),
    Kind("misc", "map", "MAP", "map", 20),
)

# Further codes that are read, and never written.
RIS_ALSO: Mapping[str, tuple[str, str]] = {
    "ABST": ("article", ""), "INPR": ("article", ""), "EJOUR": ("article", ""), "JFULL": ("article", ""),
    "EBOOK": ("book", ""), "CLSWK": ("book", ""), "ANCIENT": ("book", ""), "SER": ("book", ""), "CTLG": ("book", ""),
    "ECHAP": ("incollection", ""), "CONF": ("inproceedings", ""), "GOVDOC": ("techreport", ""),
    "DBASE": ("dataset", ""), "AGGR": ("dataset", ""), "MANSCPT": ("unpublished", ""), "ICOMM": ("letter", ""),
    "WEB": ("online", ""), "MULTI": ("online", ""), "MUSIC": ("audio", ""), "ADVS": ("video", ""),
    "LEGAL": ("legislation", ""), "UNBILL": ("legal", "bill"), "FIGURE": ("artwork", ""), "CHART": ("artwork", ""),
    "EQUA": ("misc", ""), "GRNT": ("misc", ""), "HYPO": ("misc", ""), "DICT": ("inreference", "dictionary"),
    "UNPD": ("unpublished", ""), "THESIS": ("thesis", ""), "REPORT": ("techreport", ""),
}  # fmt: skip
CSL_ALSO: Mapping[str, tuple[str, str]] = {
    "entry": ("inreference", ""), "post": ("online", ""), "review": ("article", ""), "review-book": ("article", ""),
    "regulation": ("legislation", ""), "treaty": ("legislation", ""), "broadcast": ("video", ""),
    "interview": ("misc", ""), "figure": ("artwork", ""), "collection": ("misc", ""), "classic": ("book", ""),
    "periodical": ("article", ""), "musical_score": ("audio", ""), "performance": ("misc", ""),
    "event": ("misc", ""), "journal-article": ("article", ""), "book-chapter": ("incollection", ""),
    "proceedings-article": ("inproceedings", ""), "posted-content": ("misc", "preprint"),
    "dissertation": ("thesis", ""), "monograph": ("book", ""), "edited-book": ("collection", ""),
}  # fmt: skip
ENDNOTE_ALSO: Mapping[int, tuple[str, str]] = {
    10: ("inproceedings", ""), 8: ("book", ""), 43: ("article", ""), 44: ("book", ""), 45: ("dataset", ""),
    46: ("techreport", ""), 49: ("book", ""), 50: ("legislation", ""), 51: ("book", ""), 54: ("misc", ""),
    55: ("dataset", ""), 57: ("book", ""), 60: ("incollection", ""), 36: ("unpublished", ""), 37: ("artwork", ""),
    38: ("artwork", ""), 39: ("misc", ""), 0: ("article", ""),
}  # fmt: skip
ENDNOTE_NAMES: Mapping[int, str] = {
    17: "Journal Article", 19: "Magazine Article", 23: "Newspaper Article", 6: "Book", 28: "Edited Book",
    24: "Pamphlet", 5: "Book Section", 53: "Encyclopedia", 52: "Dictionary", 47: "Conference Paper",
    10: "Conference Proceedings", 32: "Thesis", 27: "Report", 13: "Generic", 12: "Web Page", 56: "Blog",
    34: "Unpublished Work", 48: "Online Multimedia", 26: "Personal Communication", 25: "Patent", 59: "Dataset",
    9: "Computer Program", 31: "Statute", 4: "Bill", 14: "Hearing", 7: "Case", 58: "Standard",
    3: "Audiovisual Material", 21: "Film or Broadcast", 61: "Music", 2: "Artwork", 20: "Map", 8: "Catalog",
    43: "Electronic Article", 44: "Electronic Book", 45: "Online Database", 46: "Government Document",
    49: "Classical Work", 50: "Legal Rule or Regulation", 51: "Ancient Text", 54: "Grant",
    55: "Aggregated Database", 57: "Serial", 60: "Electronic Book Section", 36: "Manuscript", 37: "Figure",
    38: "Chart or Table", 39: "Equation",
}  # fmt: skip
THESES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
ARTICLE_LIKE = frozenset({"article"})
IN_BOOK = frozenset({"incollection", "inbook", "inproceedings", "conference", "inreference"})
THESIS = frozenset({"thesis", *THESES})
REPORT = frozenset({"techreport", "report"})
IN_SERIES = frozenset(
    {"book", "mvbook", "collection", "manual", "booklet", "proceedings", *THESIS, *REPORT}
)  # their second title is that of a series
PUBLISHED_BY = {**dict.fromkeys(THESIS, "school"), **dict.fromkeys(REPORT, "institution")}  # other types: publisher

_MISC = next(kind for kind in KINDS if kind.bibtex == "misc")
_OF_BIBTEX = {(kind.bibtex, kind.subtype): kind for kind in reversed(KINDS)}
_OF_RIS = {**{kind.ris: (kind.bibtex, kind.subtype) for kind in reversed(KINDS)}, **RIS_ALSO}
_OF_CSL = {**{kind.csl: (kind.bibtex, kind.subtype) for kind in reversed(KINDS)}, **CSL_ALSO}
_OF_ENDNOTE = {**{kind.endnote: (kind.bibtex, kind.subtype) for kind in reversed(KINDS)}, **ENDNOTE_ALSO}
_NUMBERS = {name.lower(): number for number, name in ENDNOTE_NAMES.items()}


def kind_of(bibtex: str, subtype: str) -> Kind:
    """The row of a type; an unknown subtype counts for nothing, an unknown type is `misc`."""
    return _OF_BIBTEX.get((bibtex, subtype)) or _OF_BIBTEX.get((bibtex, "")) or _MISC


def of_ris(code: str) -> tuple[str, str] | None:
    """Type and subtype of a TY of RIS; None for one that is not known."""
    return _OF_RIS.get(code)


def of_csl(name: str) -> tuple[str, str] | None:
    """Type and subtype of a type of CSL, or of Crossref; None for one that is not known."""
    return _OF_CSL.get(name)


def of_endnote(number: int | None, name: str) -> tuple[str, str] | None:
    """Type and subtype of a ref-type of EndNote, by its name, else by its number; None where neither is known."""
    by_name = _NUMBERS.get(name.lower())
    return _OF_ENDNOTE.get(by_name if by_name is not None else -1 if number is None else number)


def thesis_type(words: str) -> tuple[str, str]:
    """The type of a thesis by what it calls itself, and those words where the type does not say them all."""
    low = words.lower().replace(".", "")
    for bibtex, label in THESES.items():
        if low == label.lower():
            return bibtex, ""
    if "phd" in low or "doctor" in low or "dphil" in low:
        return "phdthesis", words
    return ("mastersthesis" if "master" in low or low.startswith("msc") else "thesis"), words
