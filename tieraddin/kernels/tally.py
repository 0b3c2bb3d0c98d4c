"""Histograms that merge: what one partition of the values says, so that cutoffs are found without gathering all rows.

The bits of a float, its sign made to count, are a whole number that ascends as the floats do: its *key*. A `Tally`
sums the values of a span of keys in at most 2**16 buckets. Tallies of partitions merge to the tally of all in whatever
order they come, for what they sum is whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tieraddin.kernels.arrays import Floats, Ints
from tieraddin.kernels.pareto import Units

_MOST_BITS = 16
_BUT_SIGN = np.int64(0x7FFF_FFFF_FFFF_FFFF)


def keys_of(values: Floats) -> Ints:
    """The key of each value, none of them NaN; both zeros have one key."""
    return _flipped((values + 0.0).view(np.int64))


def values_of(keys: Ints) -> Floats:
    """The values that have ``keys``."""
    return _flipped(np.asarray(keys, np.int64)).view(np.float64)


def _flipped(bits: Ints) -> Ints:
    return bits ^ ((bits >> 63) & _BUT_SIGN)


class Span(NamedTuple):
    """The keys ``low ... high``."""

    low: int
    high: int

    @property
    def shift(self) -> int:
        """How many bits of a key's place in the span are left out to tell its bucket."""
        return max(0, (self.high - self.low).bit_length() - _MOST_BITS)

    @classmethod
    def between(cls, low: float, high: float) -> Span:
        """The keys of the values ``low ... high``."""
        ends = keys_of(np.array([low, high]))
        return cls(int(ends[0]), int(ends[1]))


_LARGEST = float(np.finfo(np.float64).max)
POSITIVE = Span.between(float(np.nextafter(0.0, 1.0)), _LARGEST)
FINITE = Span.between(-_LARGEST, _LARGEST)


class Wish(NamedTuple):
    """What is asked of each partition: a tally for each of ``spans``; of units, or (None) of how many values there are.

    Whoever asks for units keeps to positive values.
    """

    spans: tuple[Span, ...]
    units: Units | None = None


class Tally(NamedTuple):
    """The buckets of a span that hold a value, ascending, all arrays of one length.

    Attributes
    ----------
    buckets
        their numbers.
    sums
        the units of their values, or how many values they hold.
    least, most
        their smallest and largest keys.
    """

    buckets: Ints
    sums: Ints
    least: Ints
    most: Ints

    def merged(self, other: Tally) -> Tally:
        """The tally of the values of both."""
        columns = [np.concatenate(pair) for pair in zip(self, other, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        buckets, sums, least, most = (column[order] for column in columns)
        begins = _begins(buckets)
        return Tally(
            buckets[begins],
            _reduced(np.add, sums, begins),
            _reduced(np.minimum, least, begins),
            _reduced(np.maximum, most, begins),
        )


def tallies(values: Floats, wish: Wish) -> list[Tally]:
    """What ``values`` (NaN for a blank, else finite) say of each span of ``wish``."""
    keys = keys_of(values[~np.isnan(values)])
    return [_tally(keys, span, wish.units) for span in wish.spans]


def _tally(keys: Ints, span: Span, units: Units | None) -> Tally:
    inside = np.sort(keys[(keys >= span.low) & (keys <= span.high)])
    buckets = ((inside - np.int64(span.low)).view(np.uint64) >> np.uint64(span.shift)).astype(np.int64)
    begins = _begins(buckets)
    weights = np.ones(len(inside), np.int64) if units is None else units.of(values_of(inside))
    lasts = np.append(begins[1:], len(inside))[: len(begins)] - 1
    return Tally(buckets[begins], _reduced(np.add, weights, begins), inside[begins], inside[lasts])


def _begins(ascending: Ints) -> Ints:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.diff(ascending, prepend=-1)) if len(ascending) else np.empty(0, np.int64)


def _reduced(reduce: np.ufunc, values: Ints, begins: Ints) -> Ints:
    """``values`` reduced from each begin to the next (reduceat takes no empty array)."""
    return np.asarray(reduce.reduceat(values, begins), np.int64) if len(begins) else np.empty(0, np.int64)
