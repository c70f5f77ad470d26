"""One modality and outcome in the ledger: points, pooled and published effects, and how they stand to one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.crosscheck.cell_sensitivity import CellSensitivity
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.crosscheck.statuses import DISAGREE, FEW, KINDS
from synthesis.evidence import Pool
from synthesis.pooling import Pooled
from synthesis.records.review import Modality, Outcome
from synthesis.scoring.operating.fragility import Fragility
from synthesis.scoring.operating.surprise import Surprise
from synthesis.scoring.published import PrintedCell
from synthesis.scoring.score import Score

Key = tuple[str, str]  # modality and outcome
STANDING: Mapping[str, int] = {"green": 3, "yellow": 2, "blue": 1, "grey": 0, "red": 0}
"""The points that a verdict in words stands for by its colour, as the points rule's own outputs are coloured."""


def standing_of(score: Score) -> int | None:
    """The points that a status speaks of; None where nothing was scored, or a verdict says nothing of the effect."""
    if not score.output or not score.colour:
        return None
    return STANDING.get(score.colour) if score.points is None else score.points


@dataclass(frozen=True, slots=True)
class Model:
    """A pool judged in one way, and how the points stand to it."""

    name: str  # adhoc | z | equal effects, z | own effect, z
    fit: Pooled  # on the scale of the pool
    status: str  # one of STATUSES


@dataclass(frozen=True, slots=True)
class Together:
    """What the studies of a pool of two or more show together."""

    r_fisher: float  # r-value: at least two studies have an effect in one direction
    r_bonferroni: float
    direction: str  # benefit | harm, where there is more evidence; empty where neither has
    least_benefit: int  # with confidence .95 at least so many studies have a benefit,
    least_harm: int  # and so many a harm
    observed: int  # studies with a significant benefit
    expected: float  # how many of them the pooled model lets expect
    excess_p: float  # one-sided, small where more are significant than expected
    low_without: tuple[float, float]  # lowest and highest lower bound without one study, benefit above 0


@dataclass(frozen=True, slots=True)
class Subset:
    """The same cell on another selection: points by the rule's own floor, and the pool, of the same contrasts."""

    levels: tuple[int, ...]  # Maryland levels that are admitted
    follow_up: str  # end | longest
    output: str  # what the rule gives; empty for blank
    k: int  # studies with an effect
    status: str  # one of STATUSES


@dataclass(frozen=True, slots=True)
class InSmd:
    """A pooled effect as a standardised mean difference, benefit above 0."""

    estimate: float
    low: float
    k: int


@dataclass(frozen=True, slots=True)
class Drivers:
    """What stands behind a status."""

    decisive: tuple[tuple[str, str], ...] = ()  # studies without which the output would differ, and that output
    fragility: Fragility | None = None  # fewest flips of studies that change the output, and its range without one
    reports: int = 0  # of the studies that the points count
    reported: Score | None = None  # with the direction that each source reports, where that gives something else
    levels: tuple[tuple[int, float], ...] = ()  # Maryland level and its share of the weight, the highest first
    heaviest: tuple[str, float] | None = None  # the study with most weight, and its share of 1
    turning: tuple[tuple[str, str], ...] = ()  # studies without which the status would differ, and that status
    subsets: tuple[Subset, ...] = ()  # the review's levels and all, at the end of treatment and the longest follow-up


@dataclass(frozen=True, slots=True)
class OnPool:
    """What the rule gives for the pool's own studies and effects alone, and how often it would."""

    output: str  # empty for blank
    surprise: Surprise


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """One modality and outcome: points, pooled effect and published effects, and how they stand to one another."""

    modality: Modality
    outcome: Outcome
    score: Score  # of the modality's own contrasts, by the review's rule
    cell_points: int | None  # of the whole matrix cell; another number where several modalities share a row
    printed: PrintedCell | None  # None where the matrix has no such cell
    pool: Pool | None
    published: tuple[PublishedPool, ...]
    models: tuple[Model, ...]  # the pool by adhoc and by z; of one study its own effect
    status: str  # one of STATUSES, under the review's own test
    status_beside: str  # with the model that stands beside a pool of two or three studies; else empty
    printed_status: str  # of the printed points; empty where none were printed
    drivers: Drivers
    together: Together | None  # None for fewer than two studies
    in_smd: InSmd | None  # None where not every study of the pool can be brought to it
    on_pool: OnPool | None  # None without a pool or points
    sensitivity: CellSensitivity | None = None  # where the pool was varied

    @property
    def few(self) -> bool:
        """Whether the pool has so few studies that every statement about it is weak."""
        return self.pool is not None and self.pool.fit.k <= FEW

    @property
    def points(self) -> int | None:
        """The points, where the rule gives points."""
        return self.score.points

    @property
    def standing(self) -> int | None:
        """The points that the status speaks of: those given, or those that a verdict in words stands for."""
        return standing_of(self.score)

    @property
    def studies(self) -> int | None:
        """How many studies the points count; a pool may have fewer, as words have no numbers."""
        return None if self.standing is None else len(self.score.studies)

    @property
    def why_no_points(self) -> str:
        """Why there are no points that the status could speak of; empty where there are some."""
        if self.standing is not None:
            return ""
        if not self.score.output:
            return "no admissible finding"
        if not self.score.colour:
            return "the rule grades something else than effects"
        return f"the verdict says too little: {self.score.output}"

    @property
    def why_no_pool(self) -> str:
        """Why nothing is pooled; empty where something is."""
        return "" if self.pool is not None else "no study gives an effect in numbers that the pool takes"

    @property
    def kind(self) -> str:
        """What the status comes to: a value of KINDS."""
        return KINDS[self.status]

    @property
    def resolved_by(self) -> tuple[Subset, ...]:
        """Other selections on which a disagreement vanishes: it is one of eligibility."""
        if self.kind != DISAGREE:
            return ()
        return tuple(one for one in self.drivers.subsets if KINDS[one.status] != DISAGREE and one.k and one.output)
