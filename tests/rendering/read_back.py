"""Values read from a drawing as a reader does: a mark's place between two labelled ticks."""

import numpy as np

from tests.rendering.drawn import mark


def on_sheet(axes, gid):
    """The places of a mark's or line's points on the sheet, in points of print."""
    artist = mark(axes, gid)
    shown = artist.get_transform().transform(np.column_stack(artist.get_data()))
    return axes.transData.inverted().transform(shown)


def tick(axes, label, *, upright=False):
    """Where the tick of that label stands: its x, or, of a vertical scale, its height."""
    align = "right" if upright else "center"
    found = [one for one in axes.texts if one.get_text() == label and one.get_horizontalalignment() == align]
    x, y = found[-1].get_position()
    return y - 0.36 * found[-1].get_fontsize() if upright else x


def place(axes, labels, value, *, upright=False):
    """Where a value belongs by two ticks, given as label -> value, in points of the sheet."""
    (one, first), (other, last) = labels.items()
    start, end = tick(axes, one, upright=upright), tick(axes, other, upright=upright)
    return start + (value - first) / (last - first) * (end - start)
