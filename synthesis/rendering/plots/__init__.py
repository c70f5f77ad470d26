"""Figures, one a module; the only users of matplotlib, which is imported when a figure is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.forest import forest as draw_forest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLOTS: Mapping[str, Callable[[Any], Figure]] = {"forest": draw_forest}
