"""Studies whose results are printed elsewhere, and where."""

import numpy as np

# Cohen (1981), correlations of student ratings and achievement: n and r, as in metadat (data-raw/dat.cohen1981.txt).
COHEN_N = (10, 20, 13, 22, 28, 12, 12, 36, 19, 12, 36, 75, 33, 121, 37, 14, 40, 16, 14, 20)
COHEN_R = (
    0.68, 0.56, 0.23, 0.64, 0.49, -0.04, 0.49, 0.33, 0.58, 0.18, -0.11, 0.27, 0.26, 0.40, 0.49, 0.51, 0.40, 0.34,
    0.42, 0.16,
)  # fmt: skip

# Baskerville, Liddy and Hogg (2012), practice facilitation, as in metafor (tests/testthat/test_misc_selmodel.r).
BASKERVILLE = (
    1.01, 0.82, 0.59, 0.44, 0.84, 0.73, 1.12, 0.04, 0.24, 0.32, 1.04, 1.31, 0.59, 0.66, 0.62, 0.47, 1.08, 0.98, 0.26,
    0.39, 0.60, 0.94, 0.11,
)  # fmt: skip
BASKERVILLE_SE = (
    0.52, 0.46, 0.23, 0.18, 0.29, 0.29, 0.36, 0.37, 0.15, 0.40, 0.32, 0.57, 0.29, 0.19, 0.31, 0.27, 0.32, 0.32, 0.18,
    0.18, 0.31, 0.53, 0.27,
)  # fmt: skip
BASKERVILLE_X = (1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1)

# Preston, Ashby and Smyth (2004), as in the same test, which leaves out the three studies without an event: events and
# patients of both groups.
PRESTON = ((4, 19, 5, 19), (34, 341, 50, 334), (7, 71, 16, 69), (6, 45, 5, 44), (1, 94, 8, 96), (11, 88, 12, 82))
PRESTON += ((2, 82, 7, 84), (0, 15, 1, 20), (33, 221, 43, 218))

# Aspirin after myocardial infarction (Fleiss 1993): deaths and patients, as in the R package meta (data/Fleiss93.txt).
FLEISS = ((49, 615, 67, 624), (44, 758, 64, 771), (102, 832, 126, 850), (32, 317, 38, 309), (85, 810, 52, 406))
FLEISS += ((246, 2267, 219, 2257), (1570, 8587, 1720, 8600))


def fisher_z(r, n):
    """Fisher's z of correlations, and their variances."""
    return np.arctanh(r), 1 / (np.array(n) - 3.0)


def log_odds_ratios(tables):
    """Log odds ratios and variances; 1/2 is added to the cells of a table with a zero."""
    a, n1, c, n2 = np.array(tables, dtype=np.float64).T
    cells = np.array([a, n1 - a, c, n2 - c])
    cells += 0.5 * (cells == 0).any(axis=0)
    return np.log(cells[0] * cells[3] / (cells[1] * cells[2])), (1 / cells).sum(axis=0)
