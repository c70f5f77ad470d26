"""The result of a test for small-study effects, from the line or the rank correlation that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.cautions import Caution, Verdict, WithVerdict, verdict
from synthesis.sensitivity.small_studies.asymmetry import Laid, Line, laid
from synthesis.sensitivity.small_studies.methods import Ranks
from synthesis.sensitivity.small_studies.rank_correlation import kendall
from synthesis.text import decimal, interval, p_value

NO_RESIDUAL = "the effects lie on one line: there is no residual to judge the bias by"
NO_ORDER = "one of the columns is the same for all studies"
TELLS = "whether effects go with the size of their studies"
CANNOT_TELL = (
    "why they do: studies held back, poorer small studies, effects that truly differ, a measure tied to its own "
    "standard error, or chance (Cochrane Handbook 13.3.5.2)"
)
RULES = (
    "few studies", "like precision", "heterogeneity", "none significant", "all significant", "one study far away",
)  # fmt: skip
AGAINST = ("few studies", "like precision")


@dataclass(frozen=True, slots=True)
class SmallStudyTest(WithVerdict):
    """A test of small-study effects; what cannot be given is None, with its reason in `notes`."""

    name: str  # a key of SMALL_STUDY_TESTS, or "regression"
    bias: float | None  # slope on the predictor, or Kendall's tau: 0 where the funnel is symmetric
    bias_se: float | None
    statistic: float | None  # t where df is a number, else z
    df: float | None
    p_value: float | None  # two-sided
    limit_estimate: float | None  # effect where the predictor is 0, in a study without error
    limit_ci_low: float | None
    limit_ci_high: float | None
    tau2: float | None  # added to the variances; None where the residual variance is estimated instead
    k: int
    level: float
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text, with the verdict."""
        on = "" if self.df is None else f" on {self.df:g} df"
        kind = "z" if self.df is None else "t"
        test = f"bias {decimal(self.bias)}, {kind} {decimal(self.statistic)}{on}, p {p_value(self.p_value)}"
        limit = f"; limit {decimal(self.limit_estimate)} {interval(self.limit_ci_low, self.limit_ci_high)}"
        return f"{self.name}, k = {self.k}: {test}{limit}\n{self.caveats()}"


def judged(y: FloatArray, v: FloatArray, more: Iterable[Caution], *, usable: bool) -> Verdict:
    """The verdict that these tests share."""
    return verdict(
        y, v, rules=RULES, against=AGAINST, tells=TELLS, cannot_tell=CANNOT_TELL, more=more, usable=usable
    )  # fmt: skip


def ranked(name: str, ranks: Ranks, level: float, more: Iterable[Caution], notes: list[Note]) -> SmallStudyTest:
    """The rank correlation as a result."""
    k, found = len(ranks.a), kendall(ranks.a, ranks.b) if len(ranks.a) > 2 else None
    nothing = dict.fromkeys(("limit_estimate", "limit_ci_low", "limit_ci_high", "tau2", "bias_se", "df"))
    notes = [*notes, Note("limit_estimate", "a rank correlation has no line, and so no limit")]
    if found is None:
        few = "the test needs at least three studies"
        notes = [Note("bias", few if k < 3 else NO_ORDER), *notes]
        unusable = judged(ranks.y, ranks.v, more, usable=False)
        return SmallStudyTest(
            name, bias=None, statistic=None, p_value=None, k=k, level=level, verdict=unusable, notes=tuple(notes),
            **nothing,
        )  # fmt: skip
    if found.exact:
        notes.append(Note("p_value", "from the exact distribution of Kendall's tau"))
    return SmallStudyTest(
        name, bias=found.tau, statistic=found.z, p_value=found.p_value, k=k, level=level,
        verdict=judged(ranks.y, ranks.v, more, usable=True), notes=tuple(notes), **nothing,
    )  # fmt: skip


def regressed(
    name: str, line: Line, level: float, more: Iterable[Caution], notes: list[Note], *, limit: bool, added: bool
) -> SmallStudyTest:
    """The regression as a result."""
    k, why_not = len(line.y), line.why_not
    if why_not:
        fields = ("bias", "bias_se", "statistic", "df", "p_value", "limit_estimate", "limit_ci_low", "limit_ci_high")
        return SmallStudyTest(
            name, **dict.fromkeys(fields), tau2=None, k=k, level=level,
            verdict=judged(line.y, line.v, more, usable=False), notes=(Note("bias", why_not), *notes),
        )  # fmt: skip
    found = laid(line, level=level)
    statistic, p, unjudged = tested(found)
    if not limit:
        notes = [*notes, Note("limit_estimate", "the predictor is not 0 in a study without error")]
    at_zero = (found.at_zero_estimate, found.at_zero.low, found.at_zero.high)
    estimate, low, high = (float(one[0]) if limit else None for one in at_zero)
    df = float(found.slope.df[0])
    return SmallStudyTest(
        name, float(found.slope_estimate[0]), float(found.slope.se[0]), statistic, df if np.isfinite(df) else None, p,
        estimate, low, high, float(found.tau2[0]) if added else None, k, level,
        judged(line.y, line.v, more, usable=statistic is not None), (*unjudged, *notes),
    )  # fmt: skip


def tested(found: Laid) -> tuple[float | None, float | None, list[Note]]:
    """Statistic and p-value of a slope; none where all effects lie on the line."""
    statistic = float(found.slope.statistic[0])
    if not np.isfinite(statistic):
        return None, None, [Note("statistic", NO_RESIDUAL)]
    return statistic, float(found.slope.p_value[0]), []
