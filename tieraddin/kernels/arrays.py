"""What all kernels share: arrays in, the tolerance at edges, groups of ties, and when to call numba."""

from __future__ import annotations

import sys
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
SmallCodes: TypeAlias = NDArray[np.int8]

EPS = 1e-9
"""An edge that is reached to within this counts as reached (of the total for shares, else see `tolerance`)."""

SMALL = 20_000
"""Below this many values the numpy twin is as good as the compiled one."""

LARGE = 500_000
"""From this many on the compiled twin is called even if numba must first be loaded, which takes half a second."""

_NO_FINER = 2.0**54
"""From so many units of the last decimal on, two floats are further apart than that unit: there is nothing to round."""


def compiled_pays(n: int) -> bool:
    """Whether to call the compiled twin for ``n`` values; both give the same, so only time depends on it."""
    return n >= (SMALL if "numba" in sys.modules else LARGE)


def as_floats(values: ArrayLike) -> Floats:
    """``values`` as a contiguous float64 array of one dimension; NaN is a blank.

    Raises
    ------
    ValueError
        for more than one dimension, or an infinite value: no cell holds one, and no share of it can be told.
    """
    array = np.ascontiguousarray(values, np.float64)
    if array.ndim != 1:
        raise ValueError(f"values must be of one dimension, not {array.ndim}")
    if np.isinf(array).any():
        raise ValueError("values must be finite, or NaN for a blank")
    return array


def as_parts(values: Floats) -> Floats:
    """``values`` as parts of a total: a NaN or negative one counts as 0."""
    return np.maximum(np.nan_to_num(values), 0.0)


def as_shares(shares: ArrayLike) -> Floats:
    """``shares`` as float64, checked to ascend strictly between 0 and 1, and not to within 1e-9 of either."""
    array = np.atleast_1d(np.asarray(shares, np.float64))
    bounds = np.concatenate([[EPS], array.ravel(), [1 - EPS]])
    if array.ndim != 1 or not array.size or not (bounds[1:] > bounds[:-1]).all():
        raise ValueError(f"shares must ascend between 0 and 1, not {array.tolist()}")
    if array.size > np.iinfo(np.int8).max:
        raise ValueError(f"at most {np.iinfo(np.int8).max} cuts, not {array.size}")
    return array


def tolerance(edges: Floats) -> Floats:
    """How near to each edge counts as on it: 1e-9, or 1e-9 of its size where that is more."""
    return EPS * np.maximum(1.0, np.abs(edges))


def rounded(values: Floats, decimals: int) -> Floats:
    """Each value rounded as Python's ``round`` does it: to the nearest such decimal, by the exact value."""
    unit = 10.0**decimals
    with np.errstate(over="ignore"):
        units = values * unit
    fine = np.abs(units) < _NO_FINER
    units = np.where(fine, units, 0.0)
    whole = np.rint(units)
    found = np.where(fine, whole / unit, values)
    unsure = np.abs(np.abs(units - whole) - 0.5) <= np.abs(units) * 2.0**-51  # about half way, or beyond 15 digits
    for i in np.flatnonzero(unsure).tolist():
        found[i] = round(values.item(i), decimals)
    return found


def descending(values: Floats) -> tuple[Ints, NDArray[np.bool_]]:
    """Positions from the largest value down, and which of them begin a group of ties (no NaN among ``values``)."""
    order = np.argsort(values)[::-1]
    ranked = values[order]
    begins = np.ones(len(order), bool)
    np.not_equal(ranked[1:], ranked[:-1], out=begins[1:])
    return order, begins


def classes_below(values: Floats, cutoffs: Floats) -> SmallCodes:
    """How many cutoffs each value lies below, int8; -1 for NaN, and for all where the cutoffs are NaN."""
    if np.isnan(cutoffs).any():
        return np.full(values.shape, -1, np.int8)
    codes = np.negative(np.isnan(values).view(np.int8))
    for cutoff in cutoffs:
        codes += np.less(values, cutoff).view(np.int8)
    return codes
