"""Figures, one a module; the only users of matplotlib, which is imported when a figure is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.albatross import AlbatrossData, AlbatrossPoint, plot_albatross
from synthesis.rendering.plots.albatross import albatross as draw_albatross
from synthesis.rendering.plots.behaviour import BehaviourData, plot_behaviour
from synthesis.rendering.plots.behaviour import behaviour as draw_behaviour
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
from synthesis.rendering.plots.harvest import HarvestBar, HarvestData, HarvestRow, plot_harvest
from synthesis.rendering.plots.harvest import harvest as draw_harvest
from synthesis.rendering.plots.matrix_map import MapCell, MapRow, MatrixMapData, plot_matrix_map
from synthesis.rendering.plots.matrix_map import matrix_map as draw_matrix_map
from synthesis.rendering.plots.points_pools import (
    BenefitAxis,
    PointsCell,
    PointsPoolsData,
    PooledEffect,
    Status,
    plot_points_pools,
)
from synthesis.rendering.plots.points_pools import points_pools as draw_points_pools

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "PLOTS",
    "AlbatrossData",
    "AlbatrossPoint",
    "BehaviourData",
    "BenefitAxis",
    "EffectArrow",
    "EffectDirectionData",
    "EffectDirectionRow",
    "FrontierData",
    "HarvestBar",
    "HarvestData",
    "HarvestRow",
    "MapCell",
    "MapRow",
    "MatrixMapData",
    "PointsCell",
    "PointsPoolsData",
    "PooledEffect",
    "Status",
    "Threshold",
    "plot_albatross",
    "plot_behaviour",
    "plot_effect_direction",
    "plot_frontier",
    "plot_harvest",
    "plot_matrix_map",
    "plot_points_pools",
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
}
