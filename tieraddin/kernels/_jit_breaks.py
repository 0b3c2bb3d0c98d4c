"""Compiled twin for `tieraddin.kernels.breaks`: natural breaks in O(k m log m) for m distinct values."""

from __future__ import annotations

import numpy as np
from numba import njit

from tieraddin.kernels.arrays import Floats, Ints


@njit(cache=True, nogil=True, inline="always")
def _spread(sums: Floats, first: int, last: int) -> float:
    weight = sums[0, last + 1] - sums[0, first]
    total = sums[1, last + 1] - sums[1, first]
    spread: float = sums[2, last + 1] - sums[2, first] - total * total / weight
    return max(spread, 0.0)


@njit(cache=True, nogil=True)
def class_starts(sums: Floats, k: int) -> Ints:
    """`tieraddin.kernels.breaks._starts_small`, by divide and conquer.

    The best start of the last class never moves down as its end moves up, so the best start for the middle end bounds
    the search for all others.
    """
    m = sums.shape[1] - 1
    best = np.empty(m)
    for last in range(m):
        best[last] = _spread(sums, 0, last)
    starts = np.zeros((k, m), np.int32)
    stack = np.empty((2 * 64, 4), np.int64)
    for c in range(1, k):
        before, best = best, np.full(m, np.inf)
        depth = 1
        stack[0] = (c, m - 1, c, m - 1)
        while depth:
            depth -= 1
            low, high, first_low, first_high = stack[depth]
            if low > high:
                continue
            last = (low + high) // 2
            for first in range(first_low, min(last, first_high) + 1):
                spread = before[first - 1] + _spread(sums, first, last)
                if spread < best[last]:
                    best[last] = spread
                    starts[c, last] = first
            middle = np.int64(starts[c, last])
            stack[depth] = (low, last - 1, first_low, middle)
            stack[depth + 1] = (last + 1, high, middle, first_high)
            depth += 2
    found = np.zeros(k, np.int64)
    last = m - 1
    for c in range(k - 1, 0, -1):
        found[c] = starts[c, last]
        last = found[c] - 1
    return found
