"""Rules as data: what a rule set gives for the findings of studies, under each of its policies, and how it behaves.

`load_rule` reads a rule that comes with synth or of a review's own, `read_rule` a text; `run_examples` runs its
examples. `score` and `score_cells` give what a rule says of findings, `grade_studies` of single designs, `steadiness`
how far that hangs on a policy or a study. The room `operating` tells how a rule behaves.
"""

from synthesis.scoring.engine.grade import Graded, grade_studies
from synthesis.scoring.examples import run_examples
from synthesis.scoring.levels import DerivedLevel, derived_levels
from synthesis.scoring.reading.rule_file import load_rule, read_rule, rule_names
from synthesis.scoring.rule import Rule
from synthesis.scoring.score import Score, score, score_cells
from synthesis.scoring.states import ScoredFinding, StudyState
from synthesis.scoring.steadiness import Steadiness, steadiness

__all__ = [
    "DerivedLevel",
    "Graded",
    "Rule",
    "Score",
    "ScoredFinding",
    "Steadiness",
    "StudyState",
    "derived_levels",
    "grade_studies",
    "load_rule",
    "read_rule",
    "rule_names",
    "run_examples",
    "score",
    "score_cells",
    "steadiness",
]
