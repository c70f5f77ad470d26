"""Small matrices of studies by reviews that others printed or distribute, as facts."""

REVIEWS = ("Guo2016", "Gilinsky2015", "Morton2014", "Peacock2014", "Middleton2014", "Chasan2014")
# Table `test.csv` of the R package ccaR (github.com/thdiakon/ccaR); its README prints the areas of all pairs.
CCAR = {
    "Cheung2011": "110101", "Clark2009": "000010", "Ferrara2011": "110101", "Hu2012": "110001", "Ji2011": "100000",
    "Kim2012": "110101", "Mclntyre2012": "110101", "Peterson1995": "010000", "Ratner2008": "111101",
    "Reinhardt2012": "110101", "Shek2014": "111000", "Shyam2013": "111001", "Wein1999": "111001", "Yu2012": "100000",
}  # fmt: skip
CCAR_PAIRS = {  # percent, as its figure `cca_table.PNG` prints them
    ("Gilinsky2015", "Chasan2014"): 81.8, ("Guo2016", "Gilinsky2015"): 76.9, ("Guo2016", "Chasan2014"): 75.0,
    ("Peacock2014", "Chasan2014"): 66.7, ("Gilinsky2015", "Peacock2014"): 54.5, ("Guo2016", "Peacock2014"): 50.0,
    ("Gilinsky2015", "Morton2014"): 36.4, ("Guo2016", "Morton2014"): 33.3, ("Morton2014", "Chasan2014"): 30.0,
    ("Morton2014", "Peacock2014"): 11.1, ("Guo2016", "Middleton2014"): 0.0, ("Gilinsky2015", "Middleton2014"): 0.0,
    ("Morton2014", "Middleton2014"): 0.0, ("Peacock2014", "Middleton2014"): 0.0, ("Middleton2014", "Chasan2014"): 0.0,
}  # fmt: skip

# Vignette CCA of the R package junoR (juno-evidence-alliance.github.io/junoR): 5 studies, of which reviews include 3.
JUNOR = {"1": "10110", "2": "11001", "3": "00110", "4": "00000", "5": "00000"}

# Table `test4.xlsx` of ccaR; - is an empty cell there, a study that the review could not have included.
CCAR4_REVIEWS = ("2012 Bonfil", "2014 Urrutia", "2016 Madrid", "2021 Perez")
CCAR4 = {
    "Bonham 1980": "1000", "Lennon 1980": "1110", "Mercury 1991": "1000", "Harrison 2001": "0111", "Jones 2007": "0100",
    "McCartney 2010": "0111", "Taylor 2011": "0010", "Page 2012": "0011", "Deakon 2013": "-010", "Mayy 2013": "-110",
    "Starr 2019": "---1", "Plant 2020": "---1",
}  # fmt: skip


def as_csv(reviews, rows, delimiter=",", missing="X"):
    """The matrix as text."""
    lines = [["study", *reviews], *([study, *(missing if c == "-" else c for c in row)] for study, row in rows.items())]
    return "".join(delimiter.join(line) + "\n" for line in lines)
