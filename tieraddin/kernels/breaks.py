"""Classes that follow the gaps in the data: natural breaks, head/tail breaks, and how well classes fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tieraddin.kernels.arrays import Floats, Ints, as_floats
from tieraddin.kernels.bands import band_codes

_SMALL = 1000  # distinct values, up to which a table of all pairs is quick
MINORITY = 0.40


def _starts_small(sums: Floats, k: int) -> Ints:
    """Where each of k classes begins, so that the squares of the distances to the class means sum to the least.

    Parameters
    ----------
    sums
        shape (3, m + 1): running totals of weight, weight * value, weight * value**2 over m ascending distinct values.
    """
    m = sums.shape[1] - 1
    weight, total, square = sums[:, None, 1:] - sums[:, :-1, None]  # [first, last]
    spread = np.full((m, m), np.inf)
    upper = np.triu_indices(m)
    spread[upper] = np.maximum(square[upper] - total[upper] ** 2 / weight[upper], 0.0)
    best, starts = spread[0], [np.zeros(m, np.int64)]
    for _ in range(1, k):
        candidates = np.append(np.inf, best[:-1])[:, None] + spread
        starts.append(candidates.argmin(axis=0))
        best = candidates.min(axis=0)
    found = np.zeros(k, np.int64)
    last = m - 1
    for c in range(k - 1, 0, -1):
        found[c] = starts[c][last]
        last = found[c] - 1
    return found


def natural_breaks(values: ArrayLike, k: int) -> Floats:
    """The upper bounds of k classes whose members are as near to their class means as can be (Fisher 1958, Jenks 1977).

    The optimum is exact, up to the rounding of float64 sums, and is found over the m distinct values in
    O(k m log m) time and about 4 k m + 60 m bytes.

    Parameters
    ----------
    values
        numbers of any one unit; NaN is a blank and is not counted.
    k
        number of classes, 1 or more.

    Returns
    -------
    float64, ascending, one a class, each the largest value in it; fewer than k where there are fewer distinct values.

    Raises
    ------
    ValueError
        for an infinite value, or k below 1.
    """
    if k < 1:
        raise ValueError(f"classes must be 1 or more, not {k}")
    array = as_floats(values)
    distinct, counts = np.unique(array[~np.isnan(array)], return_counts=True)
    m = len(distinct)
    if m <= k:
        return distinct
    scaled = distinct / max(abs(distinct[0]), abs(distinct[-1]))  # no overflow in squares
    scaled -= np.average(scaled, weights=counts)
    sums = np.zeros((3, m + 1))
    np.cumsum([counts, counts * scaled, counts * scaled**2], axis=1, out=sums[:, 1:])
    if m <= _SMALL:
        starts = _starts_small(sums, k)
    else:
        from tieraddin.kernels._jit_breaks import class_starts

        starts = class_starts(sums, k)
    bounds: Floats = distinct[np.append(starts[1:] - 1, m - 1)]
    return bounds


def head_tail_breaks(values: ArrayLike, minority: float = MINORITY) -> Floats:
    """The upper bounds of classes for heavy-tailed values: split at the mean, then the head again (Jiang 2013).

    Parameters
    ----------
    values
        numbers of any one unit; NaN is a blank and is not counted.
    minority
        a split is made as long as at most this share of the values lies above their mean (the paper: 40 %).

    Returns
    -------
    float64, ascending: the mean at each split, then the largest value; empty where there is no value.

    Raises
    ------
    ValueError
        for an infinite value.
    """
    array = as_floats(values)
    head = array[~np.isnan(array)]
    if not len(head):
        return head
    bounds: list[float] = []
    while True:
        mean = float(np.sum(head / len(head)))  # divided first: the sum could overflow
        above = head[head > mean]
        if not 0 < len(above) <= minority * len(head):
            return np.array([*bounds, head.max()])
        bounds.append(mean)
        head = above


def adcm(values: ArrayLike, upper_bounds: ArrayLike) -> float:
    """Absolute deviation around class medians: the smaller, the better the classes fit.

    Parameters
    ----------
    values
        numbers of any one unit; NaN is a blank and is not counted.
    upper_bounds
        ascending largest values of the classes, as `natural_breaks` gives them.

    Raises
    ------
    ValueError
        for an infinite value, or bounds out of order.
    """
    array = as_floats(values)
    array = array[~np.isnan(array)]
    codes = band_codes(array, upper_bounds, upper_closed=True)
    groups = (array[codes == code] for code in np.unique(codes))
    return float(sum(np.abs(group - np.median(group)).sum() for group in groups))
