"""Reference lists against the printed examples of the styles, word for word."""

# ruff: noqa: E501, RUF001 - references are long lines, and are printed with en dashes

import pytest

from tests.bibliography.listing import as_one, texts

KALNAY = " and ".join(
    f"{family}, {given}"
    for family, given in (
        ("Kalnay", "E."), ("Kanamitsu", "M."), ("Kistler", "R."), ("Collins", "W."), ("Deaven", "D."), ("Gandin", "L."),
        ("Iredell", "M."), ("Saha", "S."), ("White", "G."), ("Woollen", "J."), ("Zhu", "Y."), ("Chelliah", "M."),
        ("Ebisuzaki", "W."), ("Higgins", "W."), ("Janowiak", "J."), ("Mo", "K. C."), ("Ropelewski", "C."), ("Wang",
        "J."),
        ("Leetmaa", "A."), ("Reynolds", "R."), ("Jenne", "R."), ("Joseph", "D."),
    )
)  # fmt: skip
"""The 22 authors; the printed example names the first nineteen and the last, as the style wants it."""


APA = {
    # APA's page "Journal article references", as guides.lib.odu.edu/c.php?g=502740&p=3899488 quotes it
    "article": (
        """@article{x, author = {Grady, Jessica S. and Her, Mai and Moreno, G. and Perez, C. and Yelinek, J.}, year = 2019,
        title = {Emotions in storybooks: A comparison of storybooks that represent ethnic and racial groups in the United
        States}, journal = {Psychology of Popular Media Culture}, volume = 8, number = 3, pages = {207--217},
        doi = {https://doi.org/10.1037/ppm0000185}}""",
        as_one(
            "Grady, J. S., Her, M., Moreno, G., Perez, C., & Yelinek, J. (2019). Emotions in storybooks: A comparison of",
            "storybooks that represent ethnic and racial groups in the United States. Psychology of Popular Media",
            "Culture, 8(3), 207–217. https://doi.org/10.1037/ppm0000185",
        ),
    ),
    # APA, "Guide to What's New in the Publication Manual", page 6 (online.flipbuilder.com/vxfhl/iabg)
    "22 authors": (
        f"""@article{{x, author = {{{KALNAY}}}, title = {{The NCEP/NCAR 40-year reanalysis project}}, year = 1996,
        journal = {{Bulletin of the American Meteorological Society}}, volume = 77, number = 3, pages = {{437-471}}}}""",
        as_one(
            "Kalnay, E., Kanamitsu, M., Kistler, R., Collins, W., Deaven, D., Gandin, L., Iredell, M., Saha, S., White, G.,",
            "Woollen, J., Zhu, Y., Chelliah, M., Ebisuzaki, W., Higgins, W., Janowiak, J., Mo, K. C., Ropelewski, C., Wang,",
            "J., Leetmaa, A., . . . Joseph, D. (1996). The NCEP/NCAR 40-year reanalysis project. Bulletin of the American",
            "Meteorological Society, 77(3), 437–471.",
        ),
    ),
    # apastyle.apa.org/style-grammar-guidelines/references/examples/edited-book-chapter-references
    "chapter": (
        """@incollection{x, author = {Aron, L. and Botella, M. and Lubart, T.}, year = 2019, pages = {345--359},
        title = {Culinary arts: Talent and their development}, editor = {Subotnik, R. F. and Olszewski-Kubilius, P. and
        Worrell, F. C.}, booktitle = {The psychology of high performance: Developing human potential into domain-specific
        talent}, publisher = {American Psychological Association}, address = {Washington, DC}}""",
        as_one(
            "Aron, L., Botella, M., & Lubart, T. (2019). Culinary arts: Talent and their development. In R. F. Subotnik,",
            "P. Olszewski-Kubilius, & F. C. Worrell (Eds.), The psychology of high performance: Developing human potential",
            "into domain-specific talent (pp. 345–359). American Psychological Association.",
        ),
    ),
    "chapter of an edition": (
        """@incollection{x, author = {Dillard, J. P.}, title = {Currents in the study of persuasion}, year = 2020,
        editor = {Oliver, M. B. and Raney, A. A. and Bryant, J.}, edition = {Fourth}, pages = {115--129},
        booktitle = {Media effects: Advances in theory and research}, publisher = {Routledge}}""",
        as_one(
            "Dillard, J. P. (2020). Currents in the study of persuasion. In M. B. Oliver, A. A. Raney, & J. Bryant (Eds.),",
            "Media effects: Advances in theory and research (4th ed., pp. 115–129). Routledge.",
        ),
    ),
    # APA's page "Published dissertation or thesis references", as tama.dlsud.edu.ph/aeaservices (MenuID=4414) quotes it
    "thesis in a database": (
        r"""@phdthesis{x, author = {Kabir, J. M.}, year = 2016, school = {Wilmington University}, number = {10169573},
        title = {Factors influencing customer satisfaction at a fast food hamburger chain: The relationship between customer
        satisfaction and customer loyalty}, publisher = {ProQuest Dissertations \& Theses Global}}""",
        as_one(
            "Kabir, J. M. (2016). Factors influencing customer satisfaction at a fast food hamburger chain: The relationship",
            "between customer satisfaction and customer loyalty (Publication No. 10169573) [Doctoral dissertation, Wilmington",
            "University]. ProQuest Dissertations & Theses Global.",
        ),
    ),
    "thesis in a repository": (
        """@phdthesis{x, author = {Zambrano-Vazquez, L.}, year = 2016, school = {University of Arizona},
        title = {The interaction of state and trait worry on response monitoring in those with worry and obsessive-compulsive
        symptoms}, howpublished = {UA Campus Repository}, url = {https://repository.arizona.edu/handle/10150/620615}}""",
        as_one(
            "Zambrano-Vazquez, L. (2016). The interaction of state and trait worry on response monitoring in those with worry",
            "and obsessive-compulsive symptoms [Doctoral dissertation, University of Arizona]. UA Campus Repository.",
            "https://repository.arizona.edu/handle/10150/620615",
        ),
    ),
    # APA's page on unpublished theses, as askus.library.nd.edu.au/faq/264845 quotes it
    "unpublished thesis": (
        """@phdthesis{x, author = {Tullius, M.}, title = {Gardens, libraries and other basic needs}, year = 2020,
        school = {University of Cicero}}""",
        as_one(
            "Tullius, M. (2020). Gardens, libraries and other basic needs [Unpublished doctoral dissertation]. University of",
            "Cicero.",
        ),
    ),
    # scribd.com/presentation/529939689, "Online sources"; form as on APA's page of preprints, read there without address
    "preprint": (
        """@misc{x, author = {Inbar, Y. and Evers, E. R. K.}, year = 2019, howpublished = {PsyArXiv},
        title = {Worse is bad: Divergent inferences from logically equivalent comparisons}, doi = {10.31234/osf.io/ueymx}}""",
        as_one(
            "Inbar, Y., & Evers, E. R. K. (2019). Worse is bad: Divergent inferences from logically equivalent comparisons.",
            "PsyArXiv. https://doi.org/10.31234/osf.io/ueymx",
        ),
    ),
    # APA's example of a report by an agency, as libguides.lib.umanitoba.ca/apastyle/reference/online-report quotes it
    "report": (
        """@techreport{x, author = {{National Cancer Institute}}, title = {Taking time: Support for people with cancer},
        number = {NIH Publication No. 18-2059}, year = 2019, institution = {U.S. Department of Health and Human Services,
        National Institutes of Health}}""",
        as_one(
            "National Cancer Institute. (2019). Taking time: Support for people with cancer (NIH Publication No. 18-2059).",
            "U.S. Department of Health and Human Services, National Institutes of Health.",
        ),
    ),
    # libguides.uakron.edu/c.php?g=1018920&p=7380320: a publisher that is the author is not repeated; a dated page
    "report by its publisher": (
        """@report{x, author = {{United Nations Children's Fund}}, institution = {United Nations Children's Fund}, year = 2020,
        title = {Build to last: A framework in support of universal quality pre-primary education},
        url = {https://www.unicef.org/media/67191/file/Build-to-last-framework-universal-quality-pre-primary-education.pdf}}""",
        as_one(
            "United Nations Children's Fund. (2020). Build to last: A framework in support of universal quality pre-primary",
            "education. https://www.unicef.org/media/67191/file/Build-to-last-framework-universal-quality-pre-primary-education.pdf",
        ),
    ),
    "page": (
        """@online{x, author = {{Military OneSource}}, date = {2020-02-13}, organization = {U.S. Department of Defense},
        title = {Becoming a new father while you’re deployed}, url = {https://www.militaryonesource.mil/about-us/}}""",
        as_one(
            "Military OneSource. (2020, February 13). Becoming a new father while you’re deployed. U.S. Department of Defense.",
            "https://www.militaryonesource.mil/about-us/",
        ),
    ),
    # libguides.unisa.ac.za/c.php?g=1307587&p=9610371, without the number at its end
    "data set": (
        """@dataset{x, author = {O’Donohue, W.}, title = {Content analysis of undergraduate psychology textbooks}, year = 2017,
        version = {ICPSR 21600; Version V1},
        publisher = {Inter-university Consortium for Political and Social Research}}""",
        as_one(
            "O’Donohue, W. (2017). Content analysis of undergraduate psychology textbooks (ICPSR 21600; Version V1) [Data",
            "set]. Inter-university Consortium for Political and Social Research.",
        ),
    ),
    # APA's page "Journal article references", article with an article number: the full stop before the closing quotation mark
    "quotation marks": (
        """@article{x, author = {Jerrentrup, A. and Mueller, T. and Glowalla, U. and Herder, M. and Henrichs, N. and Neubauer,
        A. and Schaefer, J. R.}, year = 2018, title = {Teaching medicine with the help of ``Dr. House''}, journal = {PLoS
        ONE}, volume = 13, number = 3, eid = {e0193972}, doi = {10.1371/journal.pone.0193972}}""",
        as_one(
            "Jerrentrup, A., Mueller, T., Glowalla, U., Herder, M., Henrichs, N., Neubauer, A., & Schaefer, J. R. (2018).",
            "Teaching medicine with the help of “Dr. House.” PLoS ONE, 13(3), Article e0193972.",
            "https://doi.org/10.1371/journal.pone.0193972",
        ),
    ),
    # the same page, monograph as part of an issue, without "[Monograph]"; the title typed in title case here, `Type` protected
    "type A": (
        """@article{x, author = {Ganster, D. C. and Schaubroeck, J. and Sime, W. E. and Mayes, B. T.}, year = 1991,
        title = {The Nomological Validity of the {Type} A Personality Among Employed Adults}, journal = {Journal of Applied
        Psychology}, volume = 76, number = 1, pages = {143--168}, doi = {10.1037/0021-9010.76.1.143}}""",
        as_one(
            "Ganster, D. C., Schaubroeck, J., Sime, W. E., & Mayes, B. T. (1991). The nomological validity of the Type A",
            "personality among employed adults. Journal of Applied Psychology, 76(1), 143–168.",
            "https://doi.org/10.1037/0021-9010.76.1.143",
        ),
    ),
}
VANCOUVER = {
    # NLM, Samples of Formatted References, conference paper, as a public list of Vancouver examples quotes it
    "paper": (
        """@inproceedings{x, author = {Christensen, S. and Oppacher, F.}, year = 2002, pages = {182--191},
        title = {An analysis of Koza's computational effort statistic for genetic programming}, editor = {Foster, J. A. and
        Lutton, E. and Miller, J. and Ryan, C. and Tettamanzi, A. G.}, booktitle = {Genetic programming. EuroGP 2002:
        Proceedings of the 5th European Conference on Genetic Programming; 2002 Apr 3-5; Kinsdale, Ireland},
        address = {Berlin}, publisher = {Springer}}""",
        as_one(
            "Christensen S, Oppacher F. An analysis of Koza's computational effort statistic for genetic programming. In:",
            "Foster JA, Lutton E, Miller J, Ryan C, Tettamanzi AG, editors. Genetic programming. EuroGP 2002: Proceedings of",
            "the 5th European Conference on Genetic Programming; 2002 Apr 3-5; Kinsdale, Ireland. Berlin: Springer; 2002.",
            "p. 182-91.",
        ),
    ),
    # NLM, Samples of Formatted References, as library.onu.edu/c.php?g=383583&p=2620518 and the copy at
    # medpdfnews.com/h/homepage.ntu.edu.tw1.html quote them
    "article": (
        """@article{x, author = {Halpern, Scott D. and Ubel, Peter A. and Caplan, Arthur L.}, date = {2002-07-25},
        title = {Solid-organ transplantation in HIV-infected patients}, journal = {N Engl J Med}, volume = 347, number = 4,
        pages = {284--287}}""",
        as_one(
            "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. 2002 Jul",
            "25;347(4):284-7.",
        ),
    ),
    # the printed sample names six; who the seventh is does not matter
    "more than six authors": (
        """@article{x, author = {Rose, M. E. and Huerbin, M. B. and Melick, J. and Marion, D. W. and Palmer, A. M. and Schiding,
        J. K. and Another, A.}, title = {Regulation of interstitial excitatory amino acid concentrations after cortical
        contusion injury}, journal = {Brain Res}, year = 2002, volume = 935, number = {1-2}, pages = {40-46}}""",
        as_one(
            "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial excitatory",
            "amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-6.",
        ),
    ),
    "body": (
        """@article{x, author = {{Diabetes Prevention Program Research Group}}, journal = {Hypertension}, year = 2002,
        title = {Hypertension, insulin, and proinsulin in participants with impaired glucose tolerance}, volume = 40,
        number = 5, pages = {679--686}}""",
        as_one(
            "Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with impaired",
            "glucose tolerance. Hypertension. 2002;40(5):679-86.",
        ),
    ),
    "people and a body": (
        """@article{x, author = {Vallancien, G. and Emberton, M. and Harving, N. and van Moorselaar, R. J. and {Alf-One Study
        Group}}, title = {Sexual dysfunction in 1,274 European men suffering from lower urinary tract symptoms},
        journal = {J Urol}, year = 2003, volume = 169, number = 6, pages = {2257--2261}}""",
        as_one(
            "Vallancien G, Emberton M, Harving N, van Moorselaar RJ; Alf-One Study Group. Sexual dysfunction in 1,274",
            "European men suffering from lower urinary tract symptoms. J Urol. 2003;169(6):2257-61.",
        ),
    ),
    # www.kmuj.kmu.edu.pk/KMUJ-references-style, which has NLM's sample of an article without author
    "no author": (
        """@article{x, title = {21st century heart solution may have a sting in the tail}, journal = {BMJ}, year = 2002,
        volume = 325, number = 7357, pages = 184}""",
        "21st century heart solution may have a sting in the tail. BMJ. 2002;325(7357):184.",
    ),
    # the samples below were not found in print where they could be read: made from the rules of Citing Medicine
    "book": (
        """@book{x, author = {Murray, P. R. and Rosenthal, K. S.}, title = {Medical microbiology}, edition = 4,
        address = {St. Louis}, publisher = {Mosby}, year = 2002}""",
        "Murray PR, Rosenthal KS. Medical microbiology. 4th ed. St. Louis: Mosby; 2002.",
    ),
    "edited book": (
        """@book{x, editor = {Gilstrap, III, Larry C. and Cunningham, F. Gary}, title = {Operative obstetrics},
        edition = {Second}, address = {New York}, publisher = {McGraw-Hill}, year = 2002}""",
        "Gilstrap LC 3rd, Cunningham FG, editors. Operative obstetrics. 2nd ed. New York: McGraw-Hill; 2002.",
    ),
    "chapter": (
        """@incollection{x, author = {Meltzer, P. S.}, title = {Chromosome alterations in human solid tumors}, year = 2002,
        editor = {Vogelstein, B. and Kinzler, K. W.}, booktitle = {The genetic basis of human cancer}, address = {New York},
        publisher = {McGraw-Hill}, pages = {93--113}}""",
        as_one(
            "Meltzer PS. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, editors. The genetic basis",
            "of human cancer. New York: McGraw-Hill; 2002. p. 93-113.",
        ),
    ),
    "thesis": (
        """@phdthesis{x, author = {Borkowski, M. M.}, title = {Infant sleep and feeding}, address = {Mount Pleasant (MI)},
        school = {Central Michigan University}, year = 2002}""",
        as_one(
            "Borkowski MM. Infant sleep and feeding [dissertation]. Mount Pleasant (MI): Central Michigan University; 2002."
        ),
    ),
    "page": (
        """@online{x, title = {Cancer-Pain}, address = {New York}, organization = {Association of Cancer Online Resources},
        year = 2000, urldate = {2002-07-09}, url = {http://www.cancer-pain.org/}}""",
        as_one(
            "Cancer-Pain [Internet]. New York: Association of Cancer Online Resources; 2000 [cited 2002 Jul 9]. Available",
            "from: http://www.cancer-pain.org/",
        ),
    ),
    "in press": (
        """@article{x, author = {Tian, D. and Araki, H.}, title = {Signature of balancing selection}, journal = {Proc Natl Acad
        Sci U S A}, year = 2002, pubstate = {inpress}}""",
        "Tian D, Araki H. Signature of balancing selection. Proc Natl Acad Sci U S A. Forthcoming 2002.",
    ),
    "preprint with a DOI": (
        """@article{x, author = {Bar, D. Z.}, title = {Biotinylation by antibody recognition}, journal = {bioRxiv}, year = 2016,
        month = aug, day = 11, doi = {10.1101/069187}}""",
        as_one(
            "Bar DZ. Biotinylation by antibody recognition. bioRxiv [Preprint]. 2016 Aug 11. Available from:",
            "https://doi.org/10.1101/069187",
        ),
    ),
}


@pytest.mark.parametrize("kind", APA)
def test_apa(kind):
    """The printed example, word for word."""
    bibtex, printed = APA[kind]

    assert texts(bibtex, "apa") == [printed]


@pytest.mark.parametrize("kind", VANCOUVER)
def test_vancouver(kind):
    """The printed sample, word for word, or what the rules give where the sample was not found."""
    bibtex, printed = VANCOUVER[kind]

    assert texts(bibtex, "vancouver") == [printed]
