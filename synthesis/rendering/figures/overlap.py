"""An overlap of reviews as the data of its map."""

from __future__ import annotations

from synthesis.citations.overlap import BANDS, DOUBT, HIGHEST, Overlap
from synthesis.rendering.plots.overlap_map_data import OverlapMapData, OverlapPair


def overlap_data(found: Overlap, title: str = "") -> OverlapMapData:
    """The pairs of an overlap as its map has them, with the doubt of the bands and the overall area as notes."""
    place = {review: number for number, review in enumerate(found.reviews)}
    pairs = tuple(OverlapPair(place[pair.one], place[pair.other], pair.cca, pair.both) for pair in found.pairs)
    overall = found.summary()
    notes = (f"{overall[0].upper()}{overall[1:]}.", DOUBT)
    return OverlapMapData(title, found.reviews, found.sizes, pairs, BANDS, HIGHEST, notes)
