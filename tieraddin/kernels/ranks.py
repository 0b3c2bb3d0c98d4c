"""Classes by position among the customers: the top 5 %, the top 20 %, the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from tieraddin.kernels.arrays import EPS, Floats, Ints, SmallCodes, as_floats, as_shares, classes_below, descending

TOP_SHARES = (0.05, 0.20)


def rank_cutoffs(values: ArrayLike, top_shares: Sequence[float] = TOP_SHARES) -> Floats:
    """The smallest value within each top share.

    Parameters
    ----------
    values
        numbers of any one unit; NaN is a blank and is not counted. Zeros and negative values are.
    top_shares
        k ascending shares of the values that are there, between 0 and 1; the count is rounded up
        (1e-9 above a whole number is that number).

    Returns
    -------
    float64 of shape (k,); all NaN where there is no value.

    Raises
    ------
    ValueError
        for an infinite value, or shares out of order or range.
    """
    array, shares = as_floats(values), as_shares(top_shares)
    there = array[~np.isnan(array)]
    if not len(there):
        return np.full(len(shares), np.nan)
    positions = len(there) - top_counts(shares, len(there))
    # one selection a cut: numpy has vector code for that, not for several at once
    return np.array([np.partition(there, position)[position] for position in positions])


def top_counts(shares: Floats, n: int) -> Ints:
    """How many of n values are within each top share."""
    return np.clip(np.ceil(shares * n - EPS).astype(np.int64), 1, n)


def rank_classes(values: ArrayLike, top_shares: Sequence[float] = TOP_SHARES) -> SmallCodes:
    """The class of each value by its position: 0 within the first share ... k beyond the last.

    A tie across a cut takes the better class. See `rank_cutoffs` for the arguments and errors.

    Returns
    -------
    int8 of shape (n,); -1 for a blank.
    """
    array = as_floats(values)
    return classes_below(array, rank_cutoffs(array, top_shares))


def ranks(values: ArrayLike) -> Ints:
    """The position of each value, 1 for the largest; equal values share the best position (1, 2, 2, 4).

    Returns
    -------
    int64 of shape (n,); 0 for a blank.

    Raises
    ------
    ValueError
        for an infinite value.
    """
    array = as_floats(values)
    at = np.flatnonzero(~np.isnan(array))
    order, begins = descending(array[at])
    positions = np.zeros(len(array), np.int64)
    positions[at[order]] = np.maximum.accumulate(np.where(begins, np.arange(1, len(at) + 1), 1))
    return positions
