"""Counts and sparse data: pooling without effects of single studies."""

from synthesis.pooling.sparse.common_effect import CommonEffect
from synthesis.pooling.sparse.generalised import GLMMS
from synthesis.pooling.sparse.generalised_pooled import GeneralisedPooled
from synthesis.pooling.sparse.glmm import glmm
from synthesis.pooling.sparse.mantel_haenszel import mantel_haenszel, mantel_haenszel_estimate
from synthesis.pooling.sparse.peto import peto

__all__ = ["GLMMS", "CommonEffect", "GeneralisedPooled", "glmm", "mantel_haenszel", "mantel_haenszel_estimate", "peto"]
