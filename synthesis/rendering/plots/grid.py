"""The grid that marks are placed on; imported only when a figure is drawn, as it extends a class of matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.transforms import Transform
from numpy.typing import ArrayLike, NDArray


class Grid(Transform):
    """Places on the canvas rounded to a thousandth of its unit.

    Products of transformation matrices differ in their last bit between processors, and a PDF prints ten
    decimals; after this step it prints the same ones everywhere.
    """

    input_dims = output_dims = 2
    is_separable = True

    def transform_non_affine(self, values: ArrayLike) -> NDArray[np.float64]:
        """Places, shape (n, 2), each coordinate rounded to three decimals."""
        return np.round(np.asarray(values, dtype=float), 3) + 0.0
