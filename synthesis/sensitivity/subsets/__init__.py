"""Every subset of the studies of a pool (GOSH), and the studies that split them."""

from synthesis.sensitivity.subsets.every_subset import Gosh, gosh

__all__ = ["Gosh", "gosh"]
