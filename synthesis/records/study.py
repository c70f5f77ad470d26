"""A study record: one sample of people, and what was found in it.

A study is one sample; several reports of one trial are one study. These are plain frozen values; how
they are read is in `read.py`, what is implausible about them in `checks.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

NOT_STATED = "not stated"

SETTINGS = ("prison", "criminal justice", "community", "mixed", NOT_STATED)
ALLOCATIONS = (
    "randomised", "matched", "statistically controlled", "nonequivalent", "self-selected",
    "before-after", "cross-sectional", NOT_STATED,
)  # fmt: skip
UNITS = ("individual", "cluster", NOT_STATED)
COMPARABILITIES = ("demonstrated", "minor differences", "claimed", "not comparable", NOT_STATED)
METHODS: Mapping[str, str] = {  # of evaluation: the words of a record and of a rule, and the usual short code
    "randomised trial": "rct",
    "regression discontinuity": "rdd",
    "instrumental variables": "iv",
    "difference in differences": "did",
    "panel regression": "panel",
    "propensity score matching": "psm",
    "hazard model": "hazard",
    "selection model": "heckman",
    "interrupted time series": "its",
    "synthetic control": "sc",
    "cross-sectional regression": "xs_reg",
    "cross-section": "xs",
    "before-after": "before_after",
    "additionality survey": "additionality",
    "impact model": "impact_model",
}
CONTROLS = ("adequate", "none", NOT_STATED)
COMPARATORS = ("none", "usual care", "placebo", "active", NOT_STATED)
TIMES = ("end of treatment", "after treatment", "short", "medium", "long", NOT_STATED)
DIRECTIONS = ("effective", "ineffective", "contrary", "mixed", NOT_STATED)
SIGNIFICANCES = ("yes", "no", NOT_STATED)
BETTER = ("lower", "higher")
DOMAINS = ("randomisation", "deviations", "missing data", "measurement", "reporting", "overall")
JUDGEMENTS = ("low", "some concerns", "high", NOT_STATED)
JUDGEMENT_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)  # as a rule names it in its expressions
BIAS: Mapping[str, str] = {f"bias_{domain.replace(' ', '_')}": domain for domain in DOMAINS}  # as one name each


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: a key of the library, and the place in that document."""

    document: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the Maryland scale, 1 (weakest) to 5 (randomised), and why."""

    level: int | None  # None where not stated
    basis: str = ""
    profile: str = "maryland-1998"
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The people."""

    n: int | None = None
    population: tuple[str, ...] = ()  # names declared in review.toml
    described: str = ""  # in the words of the source
    setting: str = NOT_STATED  # one of SETTINGS
    country: str = NOT_STATED
    female: float | None = None  # share of 1


@dataclass(frozen=True, slots=True)
class Design:
    """How people came into the arms, what was compared, and what became of the comparison.

    What follows from one field for another is in `design.py`; nothing of it is filled in here.
    """

    allocation: str = NOT_STATED  # one of ALLOCATIONS
    unit: str = NOT_STATED  # one of UNITS
    clusters: int | None = None
    icc: float | None = None  # intra-cluster correlation
    attrition: float | None = None  # share of 1
    comparability: str = NOT_STATED  # one of COMPARABILITIES
    analysed_as_allocated: bool | None = None
    method: str = NOT_STATED  # of evaluation, one of METHODS
    comparison: bool | None = None  # there is a comparison group
    measured_before: bool | None = None  # as well as after
    controls: str = NOT_STATED  # for other factors, one of CONTROLS
    several_units: bool | None = None  # more than one unit in each condition
    sound: bool | None = None  # carried out as claimed, without serious contamination


@dataclass(frozen=True, slots=True)
class Arm:
    """One group of the study. `split_of` names the arm whose people its source divided."""

    key: str
    label: str
    n: int | None = None
    split_of: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """When the outcome was measured, after the end of treatment unless the label says otherwise."""

    label: str = NOT_STATED  # one of TIMES; short <= 6 < medium <= 12 < long months; after treatment: length not stated
    months: float | None = None

    @property
    def since_end(self) -> float | None:
        """Months after the end of treatment; those that come with `end of treatment` are the treatment's length."""
        if self.label == "end of treatment":
            return 0.0
        return None if self.label == "after treatment" else self.months


@dataclass(frozen=True, slots=True)
class Reported:
    """What the source says in words."""

    direction: str = NOT_STATED  # one of DIRECTIONS
    significant: str = NOT_STATED  # one of SIGNIFICANCES, of the stated direction


@dataclass(frozen=True, slots=True)
class Counts:
    """People with the event, in the treatment and in the control group."""

    events: int
    n: int
    control_events: int
    control_n: int


@dataclass(frozen=True, slots=True)
class Means:
    """Means and standard deviations of a continuous outcome."""

    mean: float
    sd: float
    n: int
    control_mean: float
    control_sd: float
    control_n: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect as printed: a ratio (OR, RR, HR) on its own scale, a difference (SMD, MD, RD) as it is.

    `se` of a ratio is the standard error of its logarithm. Of `se`, `ci` and `p` the first that is
    given is used; `p` is an exact two-sided p-value.
    """

    measure: str  # OR RR HR RD SMD MD
    value: float
    se: float | None = None
    ci: tuple[float, float] | None = None
    ci_level: float = 0.95
    p: float | None = None
    adjusted: bool = False  # for covariates
    cluster_adjusted: bool = False


EffectData = Counts | Means | Estimate


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the review's files a value stands."""

    path: str  # relative to the review folder
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody judged of a study or a modality because a rule asks for it; never inferred."""

    name: str
    value: bool | float | str | None  # None where it is left open
    because: str
    place: Place
    by: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """Problems that somebody looked at and accepted, and why."""

    codes: tuple[str, ...]
    because: str
    place: Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One contrast of two arms on one outcome at one time, as one source states it."""

    place: Place
    modality: str  # a modality of review.toml, or NOT_STATED
    outcome: str  # an outcome of review.toml
    source: Source
    evidence_set: str  # an evidence set of review.toml; the study's, unless the finding names its own
    treatment: str = ""  # an arm, or nothing where the source does not tell
    control: str = ""
    comparator: str = NOT_STATED  # one of COMPARATORS
    detail: str = ""  # instrument or definition within the outcome
    event: str = ""  # what the counts or the ratio count: the outcome's event or its complement
    better: str = ""  # of a continuous measure: which direction is the good one, one of BETTER
    time: Time = Time()
    reported: Reported = Reported()
    limited: str = ""  # the words that hedge the result, or nothing
    effect: EffectData | None = None
    level: Level | None = None  # only where the contrast differs from the trial
    rows: tuple[str, ...] = ()  # matrix rows under which the source itself places the finding
    note: str = ""
    accept: Waiver | None = None
    last_line: int = 0  # of the finding in its file
    where: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)  # of its fields

    def at(self, name: str) -> Place:
        """Where the value of a field stands; the finding itself where it has no such field."""
        return Place(self.place.path, *self.where.get(name, (self.place.line, self.place.column)))


@dataclass(frozen=True, slots=True)
class Study:
    """One sample of people, its design, and its findings in file order."""

    key: str  # the file's name without .yaml
    place: Place
    cite: tuple[str, ...]  # its reports, keys of the library
    evidence_set: str
    sample: Sample = Sample()
    design: Design = Design()
    maryland: Level = Level(None)
    arms: tuple[Arm, ...] = ()
    risk_of_bias: tuple[tuple[str, str, Source | None], ...] = ()  # domain, judgement, source
    judgements: tuple[Judgement, ...] = ()  # each name once
    findings: tuple[Finding, ...] = ()
    note: str = ""
    accept: Waiver | None = None
    where: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)  # of its fields

    def at(self, name: str) -> Place:
        """Where the value of a field (or of `design.NAME`) stands; the study itself where it has no such field."""
        return Place(self.place.path, *self.where.get(name, (self.place.line, self.place.column)))

    def level_of(self, finding: Finding) -> Level:
        """The Maryland level of one contrast: its own where given, else the trial's."""
        return finding.level if finding.level is not None else self.maryland
