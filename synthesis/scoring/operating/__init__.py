"""How a rule behaves: distributions of what it gives, surprise at a score, fragility, and thresholds weighed."""

from synthesis.scoring.operating.behaviour import Behaviour, Setting, behaviour, behaviours
from synthesis.scoring.operating.flips import Flip
from synthesis.scoring.operating.fragility import Fragility, WithoutOne, fragility, fragility_many
from synthesis.scoring.operating.publication import Publication, publication_of
from synthesis.scoring.operating.surprise import Chance, ScoredCell, Surprise, surprise, surprise_many
from synthesis.scoring.operating.thresholds import DesignedRule, Loss, Truth, Weighed, design_rule
from synthesis.scoring.operating.worth import Worth, WorthTable, behaviour_table, pools_above_0, variance_of

__all__ = [
    "Behaviour",
    "Chance",
    "DesignedRule",
    "Flip",
    "Fragility",
    "Loss",
    "Publication",
    "ScoredCell",
    "Setting",
    "Surprise",
    "Truth",
    "Weighed",
    "WithoutOne",
    "Worth",
    "WorthTable",
    "behaviour",
    "behaviour_table",
    "behaviours",
    "design_rule",
    "fragility",
    "fragility_many",
    "pools_above_0",
    "publication_of",
    "surprise",
    "surprise_many",
    "variance_of",
]
