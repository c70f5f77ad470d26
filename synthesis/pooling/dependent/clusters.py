"""Which rows belong together: labels of clusters, and the clusters of one size as one stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.blocks import Blocks
from synthesis.pooling.labels import as_array, is_missing

SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """n rows in m clusters, numbered in the order in which they first appear."""

    labels: tuple[Any, ...]  # m labels as they were given
    codes: IntArray  # (n,) the cluster of each row, the first 0
    sizes: IntArray  # (m,) rows in each cluster

    def shown(self, chosen: BoolArray) -> str:
        """The labels of some clusters, shape (m,), as text: the first ten."""
        labels = [label_text(self.labels[j]) for j in np.flatnonzero(chosen).tolist()]
        return ", ".join(labels[:SHOWN]) + (", ..." if len(labels) > SHOWN else "")

    def stacks(self) -> Iterator[tuple[IntArray, IntArray]]:
        """The clusters of one size together: their numbers, shape (c,), and their rows, shape (c, r), by size r."""
        order = np.argsort(self.codes, kind="stable")
        start = np.cumsum(self.sizes) - self.sizes
        for size in np.unique(self.sizes).tolist():
            members = np.flatnonzero(self.sizes == size)
            yield members, order[start[members][:, None] + np.arange(size)]


def label_text(label: Any) -> str:
    """A label as text; that of a cluster and its subgroup as both."""
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def clusters_of(labels: Any, n: int, name: str = "cluster", kept: BoolArray | None = None) -> Clusters:
    """Clusters from one label for each of n rows: numbers or text.

    Parameters
    ----------
    labels : array-like, shape (n,)
        The labels of the rows, or of more rows, from which a model has `kept` n.
    n : int
        Rows.
    name : str
        What the labels are called, for the messages.
    kept : ndarray of bool, optional
        Which rows of the data the model has.

    Raises
    ------
    InvalidArgument
        For another number of labels than rows, for tables, and for missing labels (None, NaN, empty text).
    """
    given = _listed(labels, name)
    used = kept if kept is not None and len(kept) == len(given) else np.ones(len(given), np.bool_)
    if used.sum() != n:
        raise InvalidArgument(f"{name} has {len(given)} rows and there are {n} effects: they must be of one length")
    refuse(np.array([is_missing(one) for one in given], dtype=np.bool_) & used, f"{name} is missing")
    number: dict[Any, int] = {}
    chosen = [given[row] for row in np.flatnonzero(used).tolist()]
    codes = np.array([number.setdefault(one, len(number)) for one in chosen], dtype=np.int64)
    return Clusters(tuple(number), codes, np.bincount(codes, minlength=len(number)).astype(np.int64))


def _listed(labels: Any, name: str) -> list[Any]:
    """The labels as plain values; those that a masked array hides as None."""
    raw = as_array(labels, name)
    if raw.ndim != 1:
        raise InvalidArgument(f"{name} must be one column of labels, not of shape {raw.shape}")
    hidden = np.ma.getmaskarray(labels) if isinstance(labels, np.ma.MaskedArray) else np.zeros(len(raw), np.bool_)
    given = labels if isinstance(labels, (list, tuple)) else raw.tolist()
    return [None if masked else one for one, masked in zip(given, hidden.tolist(), strict=True)]


def cluster_matrices(blocks: Blocks, clusters: Clusters, name: str) -> list[tuple[IntArray, IntArray, FloatArray]]:
    """A block-diagonal matrix cut along the clusters, those of one size together.

    Parameters
    ----------
    blocks : Blocks
        A matrix of n rows; its blocks may be smaller than the clusters, or larger where they hold zeros between them.
    clusters : Clusters
        The clusters of the n rows.
    name : str
        What the matrix is, for the message.

    Returns
    -------
    list of (members, rows, matrices)
        For each size r its c clusters: their numbers, shape (c,), their rows, shape (c, r), and the matrices of
        these rows, shape (c, r, r).

    Raises
    ------
    InvalidArgument
        Where rows of different clusters covary.
    """
    if len(blocks) != len(clusters.codes):
        raise InvalidArgument(f"{name} has {len(blocks)} rows and there are {len(clusters.codes)} effects")
    stacks = list(clusters.stacks())
    start, place = np.empty(len(clusters.sizes), np.int64), np.empty(len(clusters.codes), np.int64)
    cells = np.cumsum([0, *(rows.size * rows.shape[1] for _, rows in stacks)])
    for first, (members, rows) in zip(cells.tolist(), stacks, strict=False):
        start[members] = first + np.arange(len(members)) * rows.shape[1] ** 2
        place[rows] = np.arange(rows.shape[1])
    flat = np.zeros(cells[-1])
    for rows, matrices in _by_size(blocks):
        cluster = clusters.codes[rows]
        together = cluster[:, :, None] == cluster[:, None, :]
        _refuse_links(rows, matrices, together, name)
        row_start = start[cluster] + place[rows] * clusters.sizes[cluster]
        cell = row_start[:, :, None] + place[rows][:, None, :]
        flat[cell[together]] = matrices[together]
    return [
        (members, rows, flat[first : first + rows.size * rows.shape[1]].reshape(*rows.shape, rows.shape[1]))
        for first, (members, rows) in zip(cells.tolist(), stacks, strict=False)
    ]


def _by_size(blocks: Blocks) -> Iterator[tuple[IntArray, FloatArray]]:
    """The b blocks of one size together: their rows, shape (b, s), and their matrices, shape (b, s, s)."""
    sizes = np.array([len(rows) for rows in blocks.rows])
    for size in np.unique(sizes).tolist():
        chosen = np.flatnonzero(sizes == size).tolist()
        yield np.stack([blocks.rows[i] for i in chosen]), np.stack([blocks.matrices[i] for i in chosen])


def _refuse_links(rows: IntArray, matrices: FloatArray, together: BoolArray, name: str) -> None:
    """Raise InvalidArgument where rows of different clusters covary, naming the first two."""
    linked = np.argwhere((matrices != 0) & ~together)
    if len(linked):
        block, i, j = linked[0].tolist()
        raise InvalidArgument(
            f"{name} links rows {rows[block, i] + 1} and {rows[block, j] + 1}, which are of different clusters: "
            "clusters must be independent, so name the clusters by what holds such rows together"
        )
