"""What a drawing holds, read back: its marks by name, its words, and where they stand."""

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg

from synthesis.rendering.plots.canvas import drawing

SHARP = 288  # dots per inch that letters are measured at
LETTERS = "aé中א🙂fiW -"  # of random words: Latin, accents, Chinese, Hebrew, an emoji


def artists(axes):
    """All artists of an Axes and the panels in it."""
    found = [*axes.get_children()]
    return found + [one for panel in axes.child_axes for one in panel.get_children()]


def mark(axes, gid):
    """The one artist of that name."""
    (found,) = [artist for artist in artists(axes) if artist.get_gid() == gid]
    return found


def names(axes):
    """The names of all artists that have one."""
    return {artist.get_gid() for artist in artists(axes) if artist.get_gid()}


def words(axes):
    """All texts of an Axes and the panels in it."""
    return [text for one in (axes, *axes.child_axes) for text in one.texts]


def said(axes):
    """The words of a drawing as text."""
    return [text.get_text() for text in words(axes)]


def boxes(axes):
    """The rooms of all texts in points of print, and that of the Axes."""
    figure = axes.figure
    figure.set_dpi(SHARP)
    with drawing():
        renderer = FigureCanvasAgg(figure).get_renderer()
        axes.apply_aspect()
        found = [(text.get_text(), text.get_window_extent(renderer)) for text in words(axes) if text.get_text()]
        room = axes.get_window_extent(renderer).frozen()
    figure.set_dpi(72)
    return found, room


def overlapping(axes):
    """Pairs of texts whose rooms overlap by more than a hundredth of a point in both directions."""
    found, least = boxes(axes)[0], 0.01 * SHARP / 72
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(found, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > least and min(a.y1, b.y1) - max(a.y0, b.y0) > least
    ]


def outside(axes):
    """Texts that reach beyond their Axes."""
    found, room = boxes(axes)
    return [
        text
        for text, box in found
        if not (room.x0 <= box.x0 and box.x1 <= room.x1 and room.y0 <= box.y0 and box.y1 <= room.y1)
    ]


def random_words(chance, longest=80):
    """A label of random length from several scripts."""
    return "".join(chance.choices(LETTERS, k=chance.randint(0, longest)))
