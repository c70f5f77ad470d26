"""What the fields and types of BibTeX and biblatex are, as far as several rules ask."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Patashnik O (1988), BibTeXing, section 3; the manual of biblatex, sections 2.1 and 2.2; and what managers of
# references write.
TYPES = _words(
    """
    article artwork audio bibnote book bookinbook booklet collection commentary conference dataset electronic
    image inbook incollection inproceedings inreference jurisdiction legal legislation letter manual mastersthesis
    misc movie music mvbook mvcollection mvproceedings mvreference online patent performance periodical phdthesis
    proceedings reference report review set software standard suppbook suppcollection suppperiodical techreport
    thesis unpublished video www xdata
    """
)
FIELDS = _words(
    """
    abstract addendum address afterword annotation annotator annote archiveprefix author authortype bookauthor
    bookpagination booksubtitle booktitle booktitleaddon chapter collaboration commentator copyright crossref date
    day doi edition editor editora editoratype editorb editorbtype editorc editorctype editortype eid entryset
    entrysubtype eprint eprintclass eprinttype eventdate eventtitle eventtitleaddon execute file foreword gender
    groups holder howpublished hyphenation ids indextitle indexsorttitle institution introduction isan isbn ismn
    isrn issn issue issuesubtitle issuetitle iswc journal journalsubtitle journaltitle key keywords label langid
    langidopts language library location mainsubtitle maintitle maintitleaddon mendeley-tags month mrclass
    mrnumber mrreviewer nameaddon note number options organization origdate origlanguage origlocation
    origpublisher origtitle owner pages pagetotal pagination part pdf pmcid pmid presort primaryclass publisher
    pubstate related relatedoptions relatedstring relatedtype reprinttitle review school series shortauthor
    shortdoi shorteditor shorthand shorthandintro shortjournal shortseries shorttitle sortkey sortname
    sortshorthand sorttitle sortyear subtitle timestamp title titleaddon translator type url urldate urn usera
    userb userc userd usere userf venue verba verbb verbc version volume volumes xdata xref year
    """
)

PEOPLE = ("author", "editor", "translator", "bookauthor")
TITLES = ("title", "booktitle", "subtitle", "maintitle", "shorttitle")
JOURNALS = ("journal", "journaltitle")

# Printed as they stand, or never by a style: LaTeX's special characters mean nothing in them.
VERBATIM = _words(
    """
    doi url file pdf eprint urn isbn issn pmid pmcid key crossref xref xdata entryset ids related options owner
    timestamp groups keywords mendeley-tags abstract annote annotation review comment comments verba verbb verbc
    bibsource biburl bdsk-file-1 bdsk-url-1 bdsk-url-2 bdsk-url-3 __markedentry read qualityassured ranking
    priority username creationdate modificationdate mrreviewer langid presort execute relatedoptions langidopts
    sorttitle indexsorttitle sortkey sortname sortyear sortshorthand
    """
)
PRINTED = FIELDS - VERBATIM
SPACED = frozenset({"abstract", "annote", "annotation", "review", "comment", "comments", "file", "groups", "keywords"})

# A value with one of these is never changed for the sake of LaTeX: in it, or near it, characters stand for themselves.
AS_IT_STANDS = re.compile(r"\\(?:verb|path|lstinline|url|href|begin)(?![A-Za-z])")

# Where a special character is LaTeX's own business: verbatim text and environments, which an unclosed one is to its
# end, mathematics, addresses, and the arguments of some commands.
OWN_RULES = re.compile(
    r"\\(?:verb|path|lstinline)\*?([^\w\s*{}\[]).*?(?:\1|\Z)|\\begin\{(\w+\*?)\}.*?(?:\\end\{\2\}|\Z)"
    r"|\$(?<!\\\$)[^$]*\$|\\\([^\\]{0,200}(?:\\[^)][^\\]{0,200}){0,20}\\\)|\\(?:url|href|path|cite\w*|ref|label|verb|hskip|special)\b\s*(?:\[[^\]]*\])?\{[^{}]*\}"
    r"|\b(?:https?|ftp)://[^\s{}]+",
    re.DOTALL,
)
