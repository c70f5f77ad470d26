"""Fail-safe N: how many studies without an effect would have to be held back to overturn a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.check import LARGEST, check_effects, is_number
from synthesis.pooling.moderators.regress import check_method
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.cautions import Verdict, WithVerdict, verdict
from synthesis.sensitivity.missing_evidence.fail_safe_kinds import FAIL_SAFE, MOST, FailSafeKind, Found, Options
from synthesis.text import decimal, p_value

TELLS = "how many studies with no effect on average would overturn the result"
CANNOT_TELL = (
    "how many there are: the answers differ widely with the method, none looks at the effects of those studies "
    "(Becker BJ 2005, Failsafe N or file-drawer number; Cochrane Handbook 5.1, 10.4.4.3, does not recommend it)"
)
RULES = ("heterogeneity", "none significant", "all significant", "one study far away")


@dataclass(frozen=True, slots=True)
class FailSafe(WithVerdict):
    """A fail-safe N; what cannot be given, or the kind does not have, is None."""

    n: int | None
    sentence: str  # what n means
    kind: str  # a key of FAIL_SAFE
    k: int
    estimate: float | None  # of the observed studies
    tau2: float | None
    p_value: float | None
    target: float | None  # effect to which the mean is to fall
    alpha: float
    estimate_after: float | None  # with the n studies added
    tau2_after: float | None
    p_value_after: float | None
    tolerated: bool | None  # whether n exceeds 5 k + 10, the bound of Rosenthal (1979)
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The number with its sentence, and the verdict."""
        after = "" if self.estimate_after is None else f"; then {decimal(self.estimate_after)}, "
        after += "" if self.p_value_after is None else f"p {p_value(self.p_value_after)}"
        return f"fail-safe N ({self.kind}): {self.sentence}{after}\n{self.caveats()}"


def fail_safe(
    yi: Any,
    vi: Any,
    kind: str = "general",
    *,
    data: Any = None,
    alpha: float = 0.05,
    target: float | None = None,
    method: str = "REML",
    exact: bool = False,
) -> FailSafe:
    """Fail-safe N.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    kind : str
        A key of FAIL_SAFE, each with its meaning and source.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    alpha : float
        The p that the studies held back must bring about; one-sided for rosenthal and fisher, else two-sided.
    target : float, optional
        Of orwin and general: the effect to which they must bring the mean, best the smallest that matters; its sign is
        turned to that of the mean. By default half the mean for orwin; general then works on p.
    method : str
        Of general: a key of TAU2. Tests are by z.
    exact : bool
        Of general: whether tau^2 is estimated anew from all studies (up to 5,000 added), rather than from the tau^2 of
        the observed ones and the distance between the two means.

    Returns
    -------
    FailSafe
        n is 0 where the result is overturned already, and None where more than ten million studies would be needed.

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used.

    References
    ----------
    Those in FAIL_SAFE.
    """
    check_known(kind, FAIL_SAFE, "fail-safe N")
    check_method(method)
    if not is_number(alpha) or not 0 < alpha < 0.5:
        raise InvalidArgument(f"alpha must be above 0 and below 0.5, as 0.05, not {alpha!r}")
    if target is not None and not (is_number(target) and abs(target) <= LARGEST):
        raise InvalidArgument(f"target must be a finite number, not {target!r}")
    chosen = FAIL_SAFE[kind]
    if target is not None and not chosen.targeted:
        raise InvalidArgument(f"the kind {kind} takes no target: try orwin or general")
    y, v = check_effects(yi, vi, data)
    if len(y) < 2 and kind == "general":
        raise InvalidArgument("the general fail-safe N needs at least two studies: try rosenberg")
    found = chosen.function(y, v, Options(alpha, target, method, exact))
    judged = verdict(y, v, rules=RULES, tells=TELLS, cannot_tell=CANNOT_TELL, usable=found.n is not None)
    notes = () if found.n is not None else (Note("n", found.why or f"it exceeds {MOST}"),)
    after = found.after or (None, None, None)
    return FailSafe(
        n=found.n, sentence=_sentence(chosen, found, alpha), kind=kind, k=len(y), estimate=found.estimate,
        tau2=found.tau2, p_value=found.p, target=found.target, alpha=alpha, estimate_after=after[0],
        tau2_after=after[1], p_value_after=after[2],
        tolerated=None if found.n is None else found.n > 5 * len(y) + 10, verdict=judged, notes=notes,
    )  # fmt: skip


def _sentence(chosen: FailSafeKind, found: Found, alpha: float) -> str:
    """What the number means."""
    count = "no number of" if found.n is None else f"{found.n:,}"
    overturn = f"make p exceed {alpha:g}" if found.target is None else f"bring the pooled effect to {found.target:.4g}"
    meaning = chosen.meaning.format(alpha=alpha, target=found.target or 0.0, overturn=overturn)
    return f"{count} more studies {meaning}"
