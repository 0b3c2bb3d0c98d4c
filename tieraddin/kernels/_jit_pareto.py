"""Compiled twins for `tieraddin.kernels.pareto`: cutoffs in O(n), without a sort.

The bits of positive floats, read as integers, ascend as the floats do. So a weighted histogram over the leading bits
finds the bucket in which a running total is reached, and the same again within that bucket finds the value.
Loops are written without branches on the data, so that they become vector code and cost the same on any order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tieraddin.kernels.arrays import Floats, Ints

_INFINITE = np.int64(0x7FF0_0000_0000_0000)
_MOST_BUCKETS = 1 << 16
_BLOCK = 128

POSITIVE = (np.int64(1), _INFINITE - np.int64(1))
"""The bits of the positive finite values."""


class Buckets(NamedTuple):
    """Units summed by bucket: bucket i holds the bits from ``lo + (i << shift)`` on."""

    lo: np.int64
    shift: np.int64
    sums: Ints


@njit(cache=True, nogil=True)
def survey(values: Floats, lo: np.int64, hi: np.int64) -> tuple[np.int64, np.int64, np.int64]:
    """Least and most of the bits that are within ``lo ... hi`` (least above most where none is), and how many are."""
    bits = values.view(np.int64)
    least, most, count = _INFINITE, np.int64(0), np.int64(0)
    for i in range(len(bits)):
        outside = (bits[i] < lo) | (bits[i] > hi)
        low = _INFINITE if outside else bits[i]
        high = np.int64(0) if outside else bits[i]
        least = low if low < least else least  # written out: min() would be a branch
        most = high if high > most else most
        count += not outside
    return least, most, count


@njit(cache=True, nogil=True)
def whole_sum(values: Floats, units: tuple[float, float]) -> np.int64:
    """Sum of the units of the positive values."""
    first, second = units
    total = np.int64(0)
    for i in range(len(values)):
        scaled = values[i] * first * second
        total += np.int64(scaled if scaled > 0 else 0.0)
    return total


@njit(cache=True, nogil=True)
def buckets(values: Floats, lo: np.int64, hi: np.int64, units: tuple[float, float]) -> Buckets:
    """The units of the values whose bits are within ``lo ... hi``, summed in at most 2**16 buckets."""
    first, second = units
    bits = values.view(np.int64)
    width, shift = np.uint64(hi - lo), np.uint64(0)
    while width >> shift >= _MOST_BUCKETS:
        shift += np.uint64(1)
    n = (width >> shift) + np.uint64(1)
    sums = np.zeros(n + np.uint64(1), np.int64)  # the last one takes what lies outside
    for i in range(len(bits)):
        offset = np.uint64(bits[i] - lo)
        sums[offset >> shift if offset <= width else n] += np.int64(
            values[i] * first * second if offset <= width else 0.0
        )
    return Buckets(lo, np.int64(shift), sums[:-1])


@njit(cache=True, nogil=True)
def _count(bits: Ints, lo: np.int64, hi: np.int64) -> np.int64:
    n = np.int64(0)
    for i in range(len(bits)):
        n += (bits[i] >= lo) & (bits[i] <= hi)
    return n


@njit(cache=True, nogil=True)
def within(values: Floats, lo: np.int64, hi: np.int64, count: np.int64) -> Floats:
    """The values whose bits are within ``lo ... hi``; there are ``count``."""
    bits = values.view(np.int64)
    found = np.empty(count + 1, np.float64)  # one more, to write to without asking
    n = 0
    for start in range(0, len(bits), _BLOCK):
        block = bits[start : start + _BLOCK]
        if _count(block, lo, hi):
            for i in range(len(block)):
                found[n] = values[start + i]
                n += (block[i] >= lo) & (block[i] <= hi)
    return found[:-1]


@njit(cache=True, nogil=True)
def reached(level: Buckets, above: int, limits: Ints) -> tuple[Ints, Ints]:
    """For each limit, ascending, the bucket in which a running total from the top reaches it, and the total before.

    The total begins at ``above``.
    """
    at, before = np.empty_like(limits), np.empty_like(limits)
    running = np.int64(above)
    i = len(level.sums) - 1
    for k in range(len(limits)):
        while running + level.sums[i] < limits[k]:
            running += level.sums[i]
            i -= 1
        at[k], before[k] = i, running
    return at, before
