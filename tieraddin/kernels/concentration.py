"""How much of the total a few customers hold: Lorenz curve, Gini coefficient, computed ABC limits.

Everywhere NaN is a blank and is not counted, and a negative value counts as zero share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from tieraddin.kernels.arrays import EPS, Floats, SmallCodes, as_floats, descending


def _parts(values: Floats) -> Floats:
    """The values that are there, none negative; empty where all are 0."""
    there = np.maximum(values[~np.isnan(values)], 0.0)
    return there if there.any() else there[:0]


def _curve(parts: Floats) -> tuple[Floats, Floats]:
    """Share of the customers and share of the total they hold, from (0, 0) to (1, 1), in the order given."""
    held = np.append(0.0, np.cumsum(parts / parts.max()))  # scaled, so that no sum overflows
    return np.linspace(0.0, 1.0, len(held)), held / held[-1]


def lorenz(values: ArrayLike) -> tuple[Floats, Floats]:
    """The Lorenz curve: shares of the customers, from the smallest up, and the share of the total that they hold.

    Returns
    -------
    two float64 arrays of shape (m + 1,) for m values that are there, from 0 to 1; both empty where the total is 0.

    Raises
    ------
    ValueError
        for an infinite value.
    """
    parts = np.sort(_parts(as_floats(values)))
    return _curve(parts) if len(parts) else (parts, parts)


def gini(values: ArrayLike) -> float:
    """The Gini coefficient: 0 where all hold the same, (m - 1)/m where one of m holds all; NaN where the total is 0.

    Twice the area between the Lorenz curve and the diagonal (Gini 1914), without small-sample correction.

    Raises
    ------
    ValueError
        for an infinite value.
    """
    return gini_of_curve(*lorenz(values))


def gini_of_curve(customers: Floats, held: Floats) -> float:
    """The Gini coefficient by the two shares of a Lorenz curve; NaN for empty ones."""
    return float(1.0 - 2.0 * np.trapezoid(held, customers)) if len(held) else float("nan")


class AbcLimits(NamedTuple):
    """Where computed ABC analysis ends A and B: as shares of the customers, and as the value that stands there."""

    a_share: float
    b_share: float
    a_value: float
    b_value: float


def _nearest(x: Floats, y: Floats, point_x: float) -> float:
    """The x at which the line through the points (x, y) comes nearest to (point_x, 1)."""
    dx, dy = np.diff(x), np.diff(y)
    along = np.clip(((point_x - x[:-1]) * dx + (1.0 - y[:-1]) * dy) / (dx**2 + dy**2), 0.0, 1.0)
    near_x, near_y = x[:-1] + along * dx, y[:-1] + along * dy
    return float(near_x[np.argmin((near_x - point_x) ** 2 + (near_y - 1.0) ** 2)])


def abc_limits(values: ArrayLike) -> AbcLimits:
    """The limits of A and B computed from the curve itself (Ultsch and Loetsch 2015, PLoS ONE 10(6): e0129767).

    Over the customers from the largest value down, the curve of the share held has three points: the one nearest to
    the ideal of nothing spent and all gained (0, 1); the one where a further customer begins to bring less than the
    mean; and the one nearest to all gained at the later of these two. A ends at the earlier of the first two, B at the
    third. The curve is taken as straight between customers, where the authors' program fits splines.

    Returns
    -------
    `AbcLimits`, all NaN where no value is positive.

    Raises
    ------
    ValueError
        for an infinite value.
    """
    parts = np.sort(_parts(as_floats(values)))[::-1]
    n = len(parts)
    if not n:
        return AbcLimits(*[float("nan")] * 4)
    x, y = _curve(parts)
    ideal = _nearest(x, y, 0.0)
    break_even = float(np.count_nonzero(np.diff(y) >= (1 - EPS) / n)) / n
    a_share, later = sorted((ideal, break_even))
    b_share = _nearest(x, y, later)
    a_value, b_value = (float(parts[max(int(np.ceil(share * n - EPS)), 1) - 1]) for share in (a_share, b_share))
    return AbcLimits(a_share, b_share, a_value, b_value)


def abc_analysis(values: ArrayLike) -> SmallCodes:
    """The class of each value by `abc_limits`: 0 for A, 1 for B, 2 for C.

    A customer belongs to the class within whose limit it lies with all that have the same value.

    Returns
    -------
    int8 of shape (n,); -1 for a blank, and for all where no value is positive.
    """
    array = as_floats(values)
    codes = np.full(array.shape, -1, np.int8)
    limits = abc_limits(array)
    if np.isnan(limits.a_share):
        return codes
    at = np.flatnonzero(~np.isnan(array))
    order, begins = descending(np.maximum(array[at], 0.0))
    ends = np.append(np.flatnonzero(begins[1:]), len(at) - 1) + 1
    upto = ends[np.cumsum(begins) - 1] / len(at)
    codes[at[order]] = (upto > limits.a_share + EPS).astype(np.int8) + (upto > limits.b_share + EPS)
    return codes
