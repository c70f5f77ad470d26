"""Which results are reported: the same for all, or those in favour more often than others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.scoring.operating.designs import Category

REPORTED, DONE = "reported", "done"
OF = (REPORTED, DONE)
RESULTS = ("effective", "ineffective", "contrary")


@dataclass(frozen=True, slots=True)
class Publication:
    """How probable it is that a result is reported, by what it says.

    `of` reported: k counts the reports, and whatever is not reported comes on top of them. `of` done: k counts the
    studies done, and those not reported are missing.
    """

    ineffective: float = 1.0
    contrary: float = 1.0
    effective: float = 1.0
    of: str = REPORTED

    @property
    def selects(self) -> bool:
        """Whether anything stays unreported."""
        return min(self.ineffective, self.contrary, self.effective) < 1

    def shares(self, categories: Sequence[Category]) -> FloatArray:
        """The probability that each category is reported, shape (c,)."""
        return np.array([getattr(self, one.says.result) for one in categories])

    def to_dict(self) -> dict[str, float | str]:
        """Plain values, fit for JSON."""
        return {**{name: getattr(self, name) for name in RESULTS}, "of": self.of}


def publication_of(given: float | Mapping[str, float] | Publication, of: str = REPORTED) -> Publication:
    """How results are reported.

    Parameters
    ----------
    given : float or mapping of str to float or Publication
        The probability that a result without significant benefit is reported; or one for each result: effective,
        ineffective, contrary.
    of : {'reported', 'done'}
        What the number of studies counts.

    Raises
    ------
    InvalidArgument
        For probabilities that are not above 0 and at most 1, and names that are no result.
    """
    if isinstance(given, Publication):
        shares: Mapping[str, float] = {name: getattr(given, name) for name in RESULTS}
        of = given.of
    else:
        shares = given if isinstance(given, Mapping) else {"ineffective": given, "contrary": given}
    if of not in OF:
        raise InvalidArgument(f"studies are counted as {', '.join(OF)}, not {of!r}: {did_you_mean(of, OF)}")
    for name, share in shares.items():
        if name not in RESULTS:
            raise InvalidArgument(f"no result {name!r}: {did_you_mean(name, RESULTS)}")
        if not 0 < share <= 1:
            raise InvalidArgument(f"the share of results that are reported must be above 0 and at most 1, not {share}")
    return Publication(**dict(shares), of=of)


def reported(chances: FloatArray, shares: FloatArray, of: str) -> tuple[FloatArray, FloatArray]:
    """The probabilities of categories that are reported, and of a study that is not.

    Parameters
    ----------
    chances : ndarray, shape (c, k)
        The probability of each category for each study.
    shares : ndarray, shape (c,)
        The probability that it is reported.
    of : {'reported', 'done'}
        What the number of studies counts.

    Returns
    -------
    tuple of ndarray, shapes (c, k) and (k,)
    """
    seen = chances * shares[:, None]
    whole = seen.sum(axis=0)
    if of == DONE:
        return seen, np.maximum(1 - whole, 0.0)
    return seen / whole, np.zeros_like(whole)
