"""Classes by cumulative share (Pareto, ABC): the customers that make the first 80 % of the value, and so on.

Running totals are kept in whole *units*, about 2**-61 of the total, so that a sum is the same in whatever order it is
made: both twins agree exactly, and no total overflows. Cutting to units loses at most n * 2**-60 of the total, far less
than the tolerance at the cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from tieraddin.kernels.arrays import (
    EPS,
    Floats,
    Ints,
    SmallCodes,
    as_floats,
    as_shares,
    classes_below,
    compiled_pays,
    descending,
)

if TYPE_CHECKING:
    from tieraddin.kernels._jit_pareto import Buckets

Crossing = Literal["in", "out"]
CUTS = (0.80, 0.95)


def coarse_power(largest: float) -> int:
    """The power of two that brings each value to 30 bits."""
    return 30 - int(np.frexp(largest)[1])


def fine_power(coarse: int, coarse_sum: int, n: int) -> int:
    """The largest power with which n values surely make less than 2**62, by their sum with the ``coarse`` one."""
    return coarse + 62 - (coarse_sum + n).bit_length()


class Units(NamedTuple):
    """How values become units: ``int(value * first * second)``; two factors, since one can overflow."""

    first: float
    second: float

    @classmethod
    def of_power(cls, exponent: int) -> Units:
        """Units of 2**-exponent."""
        return cls(2.0 ** (exponent // 2), 2.0 ** (exponent - exponent // 2))

    @classmethod
    def for_total(cls, largest: float, n: int, whole_sum: Callable[[Units], int]) -> Units:
        """The smallest units of which n values, none above ``largest``, surely make less than 2**62."""
        coarse = coarse_power(largest)
        return cls.of_power(fine_power(coarse, whole_sum(cls.of_power(coarse)), n))

    def of(self, values: Floats) -> Ints:
        """The units of each value."""
        return (values * self.first * self.second).astype(np.int64)


def limits_of(cuts: Floats, total: int, crossing: Crossing) -> Ints:
    """The running totals, in units, that end each class."""
    bounds = np.ceil((cuts - EPS) * total) if crossing == "in" else np.floor((cuts + EPS) * total) + 1
    return np.clip(bounds.astype(np.int64), 1, total)


def _units_small(positive: Floats) -> Units:
    return Units.for_total(positive.max(), len(positive), lambda units: int(units.of(positive).sum()))


def _crossings_small(values: Floats, cuts: Floats, crossing: Crossing) -> Floats | None:
    """For each cut the value whose tie group brings the running total to it; None where nothing is positive."""
    ranked = np.sort(values[values > 0])[::-1]
    if not len(ranked):
        return None
    running = np.cumsum(_units_small(ranked).of(ranked))
    return ranked[np.searchsorted(running, limits_of(cuts, int(running[-1]), crossing))]


def _crossings_large(values: Floats, cuts: Floats, crossing: Crossing) -> Floats | None:
    """`_crossings_small` in O(n), compiled."""
    from tieraddin.kernels import _jit_pareto as jit

    lo, hi, count = jit.survey(values, *jit.POSITIVE)
    if not count:
        return None
    largest = float(np.int64(hi).view(np.float64))
    units = Units.for_total(largest, int(count), lambda units: int(jit.whole_sum(values, units)))
    level = jit.buckets(values, lo, hi, units)
    found = _descend(values, level, 0, limits_of(cuts, int(level.sums.sum()), crossing), units)
    return np.array(found, np.int64).view(np.float64)


def _descend(values: Floats, level: Buckets, above: int, limits: Ints, units: Units) -> list[int]:
    """The bits of the values that bring the total to each limit: within ``level``, into the buckets that hold them."""
    from tieraddin.kernels import _jit_pareto as jit

    found: list[int] = []
    at, before = jit.reached(level, above, limits)
    for bucket in dict.fromkeys(at.tolist()):
        there = at == bucket
        lowest = level.lo + (bucket << level.shift)
        lo, hi, count = jit.survey(values, lowest, lowest + (1 << level.shift) - 1)
        if lo == hi:
            found += [int(lo)] * np.count_nonzero(there)
            continue
        part = values if 2 * count > len(values) else jit.within(values, lo, hi, count)
        found += _descend(part, jit.buckets(part, lo, hi, units), before[there][0], limits[there], units)
    return found


def _cutoffs(values: Floats, cuts: Sequence[float], crossing: Crossing) -> Floats:
    if crossing not in ("in", "out"):
        raise ValueError(f"crossing must be 'in' or 'out', not {crossing!r}")
    shares = as_shares(cuts)
    find = _crossings_large if compiled_pays(values.size) else _crossings_small
    crossed = find(values, shares, crossing)
    if crossed is None:
        return np.full(len(shares), np.nan)
    if crossing == "in":
        return crossed
    larger = [np.min(values, where=values > value, initial=np.inf) for value in crossed]
    return np.where(np.isinf(larger), crossed, larger)  # the largest is in the best class all the same


def pareto_cutoffs(values: ArrayLike, cuts: Sequence[float] = CUTS, crossing: Crossing = "in") -> Floats:
    """The smallest value of each class but the last.

    Parameters
    ----------
    values
        n numbers of any one unit; NaN is a blank. The total is the sum of the positive ones.
    cuts
        k ascending shares of the total, between 0 and 1.
    crossing
        ``in``: the tie group that crosses a cut belongs to the better class (a class ends once its share is reached);
        ``out``: it belongs to the worse one, though the largest value is in the best class all the same.
        A share that is reached to within 1e-9 of the total counts as reached.

    Returns
    -------
    float64 of shape (k,); all NaN where no value is positive.

    Raises
    ------
    ValueError
        for an infinite value, for cuts out of order or range, for an unknown ``crossing``.
    """
    return _cutoffs(as_floats(values), cuts, crossing)


def pareto_classes(values: ArrayLike, cuts: Sequence[float] = CUTS, crossing: Crossing = "in") -> SmallCodes:
    """The class of each value: 0 the best ... k the last; ties are never split.

    A value of zero or less has no share and is in the last class. See `pareto_cutoffs` for the arguments and errors.

    Returns
    -------
    int8 of shape (n,); -1 for a blank, and for all where no value is positive.
    """
    array = as_floats(values)
    return classes_below(array, _cutoffs(array, cuts, crossing))


def pareto_shares(values: ArrayLike) -> Floats:
    """The share of the total that a value reaches: its own tie group and all larger values, 0 to 1.

    Returns
    -------
    float64 of shape (n,): NaN for a blank, and for all where no value is positive; 1 for a value of zero or less.

    Raises
    ------
    ValueError
        for an infinite value.
    """
    array = as_floats(values)
    shares = np.where(np.isnan(array), np.nan, 1.0)
    at = np.flatnonzero(array > 0)
    if not len(at):
        return np.full(array.shape, np.nan)
    order, begins = descending(array[at])
    running = np.cumsum(_units_small(array[at]).of(array[at[order]]))
    ends = np.append(np.flatnonzero(begins[1:]), len(order) - 1)
    shares[at[order]] = (running[ends] / running[-1])[np.cumsum(begins) - 1]
    return shares
