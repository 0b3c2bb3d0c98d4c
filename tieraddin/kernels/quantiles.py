"""Scores by quantile: recency, frequency and money cut into groups of about the same size."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tieraddin.kernels.arrays import Floats, Ints, SmallCodes, as_floats
from tieraddin.kernels.bands import band_codes

MOST_GROUPS = 100


def quantile_edges(values: ArrayLike, groups: int) -> Floats:
    """The edges between ``groups`` groups: the quantiles k/groups, by linear interpolation.

    Linear interpolation is definition 7 of Hyndman and Fan (1996), numpy's default and Excel's PERCENTILE.INC.

    Parameters
    ----------
    values
        numbers of any one unit; NaN is a blank and is not counted.
    groups
        2 ... 100.

    Returns
    -------
    float64 of shape (groups - 1,), ascending, some equal where values are tied; all NaN where there is no value.

    Raises
    ------
    ValueError
        for an infinite value, or groups out of range.
    """
    if not 2 <= groups <= MOST_GROUPS:
        raise ValueError(f"groups must be 2 to {MOST_GROUPS}, not {groups}")
    array = as_floats(values)
    there = array[~np.isnan(array)]
    if not len(there):
        return np.full(groups - 1, np.nan)
    there.sort()  # quicker than to let quantile select so many
    return np.maximum.accumulate(np.quantile(there, np.arange(1, groups) / groups))


def quantile_places(n: int, groups: int) -> tuple[Ints, Ints, Floats]:
    """Between which of n values (from the smallest, 0) each edge lies, and how far from the lower to the upper one."""
    virtual = (n - 1) * (np.arange(1, groups) / groups)
    below = np.floor(virtual).astype(np.int64)
    return below, np.minimum(below + 1, n - 1), virtual - below


def interpolated(lower: Floats, upper: Floats, between: Floats) -> Floats:
    """The edges of `quantile_edges`, by the values at their `quantile_places`."""
    edges = [np.quantile(ends, t) for *ends, t in zip(lower, upper, between, strict=True)]
    return np.maximum.accumulate(np.array(edges))


def quantile_scores(
    values: ArrayLike, groups: int = 5, *, descending: bool = False, edges: ArrayLike | None = None
) -> SmallCodes:
    """The score of each value, 1 ... groups: 1 + the number of edges strictly below it.

    Parameters
    ----------
    values
        n numbers of any one unit; NaN is a blank.
    groups
        how many scores there are; not looked at where ``edges`` are given.
    descending
        small is good (days since the last order): groups minus the number of edges strictly below.
    edges
        ascending edges in the values' unit instead of their own quantiles. A value on an edge (to within 1e-9, see
        `band_codes`) does not lie above it.

    Returns
    -------
    int8 of shape (n,); 0 for a blank.

    Raises
    ------
    ValueError
        for an infinite value, groups out of range, or edges out of order.
    """
    array = as_floats(values)
    bounds = quantile_edges(array, groups) if edges is None else as_floats(edges)
    blank = np.isnan(array)
    if blank.all():
        return np.zeros(array.shape, np.int8)
    if bounds.size >= MOST_GROUPS:
        raise ValueError(f"edges must be fewer than {MOST_GROUPS}, not {bounds.size}")
    below = band_codes(array, bounds, upper_closed=True).astype(np.int8)
    scores = np.int8(bounds.size + 1) - below if descending else below + np.int8(1)
    scores[blank] = 0
    return scores
