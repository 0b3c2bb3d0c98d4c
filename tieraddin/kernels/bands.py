"""Bands of one number, each edge stated as open or closed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tieraddin.kernels.arrays import as_floats, tolerance


def band_codes(
    values: ArrayLike, edges: ArrayLike, upper_closed: bool | Sequence[bool] = False
) -> NDArray[np.int8] | NDArray[np.int16]:
    """The band of each value: 0 below the first edge ... k above the last.

    Parameters
    ----------
    values
        n numbers of any one unit; NaN is a blank.
    edges
        k ascending edges in the same unit (equal ones leave an empty band between them).
    upper_closed
        for each edge (or for all) whether a value on it belongs to the band below ("at most") or, by default, to the
        band above ("at least"). A value is on an edge when it is within 1e-9 of it, or within 1e-9 of the edge's size.

    Returns
    -------
    int8 of shape (n,), int16 for more than 127 edges; -1 for a blank.

    Raises
    ------
    ValueError
        for an infinite value, for edges that are blank or out of order, or an ``upper_closed`` of another length.
    """
    array, bounds = as_floats(values), as_floats(edges)
    if np.isnan(bounds).any() or (bounds[1:] < bounds[:-1]).any():
        raise ValueError(f"edges must ascend, not {bounds.tolist()}")
    closed = np.asarray(upper_closed, bool)
    if closed.shape not in ((), bounds.shape):
        raise ValueError(f"{bounds.size} edges need as many answers to upper_closed, not {closed.size}")
    margin = tolerance(bounds)
    last_below = np.where(closed, bounds + margin, np.nextafter(bounds - margin, -np.inf))
    codes: NDArray[np.int8] | NDArray[np.int16]
    codes = np.negative(np.isnan(array).astype(np.int8 if bounds.size < 128 else np.int16))
    for bound in last_below:
        codes += np.greater(array, bound).view(np.int8)
    return codes
