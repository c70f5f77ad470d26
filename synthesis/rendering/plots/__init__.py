"""Figures, one a module; the only users of matplotlib, which is imported when a figure is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.albatross import AlbatrossData, AlbatrossPoint, plot_albatross
from synthesis.rendering.plots.albatross import albatross as draw_albatross
from synthesis.rendering.plots.baujat import BaujatData, BaujatPoint, plot_baujat
from synthesis.rendering.plots.baujat import baujat as draw_baujat
from synthesis.rendering.plots.behaviour import BehaviourData, plot_behaviour
from synthesis.rendering.plots.behaviour import behaviour as draw_behaviour
from synthesis.rendering.plots.citations import CitationLink, CitationNode, CitationsData, plot_citations
from synthesis.rendering.plots.citations import citations as draw_citations
from synthesis.rendering.plots.drapery import DraperyCurve, DraperyData, plot_drapery
from synthesis.rendering.plots.drapery import drapery as draw_drapery
from synthesis.rendering.plots.effect_direction import (
    EffectArrow,
    EffectDirectionData,
    EffectDirectionRow,
    plot_effect_direction,
)
from synthesis.rendering.plots.effect_direction import effect_direction as draw_effect_direction
from synthesis.rendering.plots.forest import forest as draw_forest
from synthesis.rendering.plots.frontier import FrontierData, Threshold, plot_frontier
from synthesis.rendering.plots.frontier import frontier as draw_frontier
from synthesis.rendering.plots.funnel import FunnelData, FunnelLine, FunnelPoint, FunnelTrend, plot_funnel
from synthesis.rendering.plots.funnel import funnel as draw_funnel
from synthesis.rendering.plots.gosh import GoshData, plot_gosh
from synthesis.rendering.plots.gosh import gosh as draw_gosh
from synthesis.rendering.plots.harvest import HarvestBar, HarvestData, HarvestRow, plot_harvest
from synthesis.rendering.plots.harvest import harvest as draw_harvest
from synthesis.rendering.plots.influence import InfluenceData, InfluenceMeasure, plot_influence
from synthesis.rendering.plots.influence import influence as draw_influence
from synthesis.rendering.plots.matrix_map import MapCell, MapRow, MatrixMapData, plot_matrix_map
from synthesis.rendering.plots.matrix_map import matrix_map as draw_matrix_map
from synthesis.rendering.plots.overlap_map import OverlapMapData, OverlapPair, plot_overlap
from synthesis.rendering.plots.overlap_map import overlap_map as draw_overlap
from synthesis.rendering.plots.p_curve import PCurveData, plot_p_curve
from synthesis.rendering.plots.p_curve import p_curve as draw_p_curve
from synthesis.rendering.plots.points_pools import (
    BenefitAxis,
    PointsCell,
    PointsPoolsData,
    PooledEffect,
    Status,
    plot_points_pools,
)
from synthesis.rendering.plots.points_pools import points_pools as draw_points_pools
from synthesis.rendering.plots.qq import QQData, QQPoint, plot_qq
from synthesis.rendering.plots.qq import qq as draw_qq
from synthesis.rendering.plots.radial import RadialData, RadialPoint, plot_radial
from synthesis.rendering.plots.radial import radial as draw_radial
from synthesis.rendering.plots.specification import SpecificationData, SpecificationFamily, plot_specification
from synthesis.rendering.plots.specification import specification as draw_specification

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "PLOTS",
    "AlbatrossData",
    "AlbatrossPoint",
    "BaujatData",
    "BaujatPoint",
    "BehaviourData",
    "BenefitAxis",
    "CitationLink",
    "CitationNode",
    "CitationsData",
    "DraperyCurve",
    "DraperyData",
    "EffectArrow",
    "EffectDirectionData",
    "EffectDirectionRow",
    "FrontierData",
    "FunnelData",
    "FunnelLine",
    "FunnelPoint",
    "FunnelTrend",
    "GoshData",
    "HarvestBar",
    "HarvestData",
    "HarvestRow",
    "InfluenceData",
    "InfluenceMeasure",
    "MapCell",
    "MapRow",
    "MatrixMapData",
    "OverlapMapData",
    "OverlapPair",
    "PCurveData",
    "PointsCell",
    "PointsPoolsData",
    "PooledEffect",
    "QQData",
    "QQPoint",
    "RadialData",
    "RadialPoint",
    "SpecificationData",
    "SpecificationFamily",
    "Status",
    "Threshold",
    "plot_albatross",
    "plot_baujat",
    "plot_behaviour",
    "plot_citations",
    "plot_drapery",
    "plot_effect_direction",
    "plot_frontier",
    "plot_funnel",
    "plot_gosh",
    "plot_harvest",
    "plot_influence",
    "plot_matrix_map",
    "plot_overlap",
    "plot_p_curve",
    "plot_points_pools",
    "plot_qq",
    "plot_radial",
    "plot_specification",
]

PLOTS: Mapping[str, Callable[[Any], Figure]] = {
    "forest": draw_forest,
    "matrix_map": draw_matrix_map,
    "points_pools": draw_points_pools,
    "behaviour": draw_behaviour,
    "frontier": draw_frontier,
    "harvest": draw_harvest,
    "effect_direction": draw_effect_direction,
    "albatross": draw_albatross,
    "funnel": draw_funnel,
    "radial": draw_radial,
    "baujat": draw_baujat,
    "drapery": draw_drapery,
    "qq": draw_qq,
    "p_curve": draw_p_curve,
    "gosh": draw_gosh,
    "influence": draw_influence,
    "specification": draw_specification,
    "citations": draw_citations,
    "overlap": draw_overlap,
}
