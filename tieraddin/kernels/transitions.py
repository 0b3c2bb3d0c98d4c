"""What became of the customers of each class: who went where, and how much of a later value each class holds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tieraddin.kernels.arrays import EPS, Floats, Ints, as_floats, as_parts


def transition_matrix(before: ArrayLike, after: ArrayLike, n: int) -> Ints:
    """How many went from which class to which.

    Parameters
    ----------
    before, after
        the classes of the same customers at two times, each from 0 to n - 1.

    Returns
    -------
    int64 of shape (n, n): rows before, columns after.

    Raises
    ------
    ValueError
        arrays of different lengths, or a class out of range.
    """
    rows, columns = np.asarray(before, np.int64), np.asarray(after, np.int64)
    if rows.shape != columns.shape or rows.ndim != 1:
        raise ValueError(f"before and after must be of one length, not {rows.shape} and {columns.shape}")
    if len(rows) and not (min(rows.min(), columns.min()) >= 0 and max(rows.max(), columns.max()) < n):
        raise ValueError(f"classes must lie from 0 to {n - 1}")
    return np.bincount(rows * n + columns, minlength=n * n).reshape(n, n)


def expected_same(matrix: ArrayLike) -> float:
    """How many would be in the same class twice if the later classes were dealt out at random in the same numbers."""
    counts = np.asarray(matrix, np.float64)
    total = counts.sum()
    return float((counts.sum(axis=0) * counts.sum(axis=1)).sum() / total) if total else 0.0


class Held(NamedTuple):
    """Shares of a value, a number a class.

    Attributes
    ----------
    share
        of the total that the class holds.
    expected, deviation
        the mean and the standard deviation of that share over all ways to deal the same numbers of customers out to
        the classes: a class of k of N customers expects k/N, with a variance of k (N - k) / (N - 1) times that of the
        customers' own shares (drawing without replacement).
    """

    share: Floats
    expected: Floats
    deviation: Floats


def held_shares(classes: ArrayLike, values: ArrayLike, n: int) -> Held:
    """What share of ``values`` each class holds, and what it would hold by chance.

    Parameters
    ----------
    classes
        the class of each customer, from 0 to n - 1.
    values
        numbers of any one unit; a NaN or negative one counts as 0.

    Returns
    -------
    `Held`, three float64 arrays of shape (n,); all NaN where the total is 0.
    """
    codes = np.asarray(classes, np.int64)
    parts = as_parts(as_floats(values))
    if not parts.any():
        return Held(*(np.full(n, np.nan) for _ in range(3)))
    parts = parts / parts.max()  # scaled, so that no sum overflows
    parts /= parts.sum()
    count = len(parts)
    sizes = np.bincount(codes, minlength=n).astype(np.float64)
    variance = sizes * (count - sizes) / max(count - 1, 1) * parts.var()
    share = np.bincount(codes, parts, minlength=n).astype(np.float64)
    return Held(share, sizes / count, np.sqrt(variance))


def rank_correlation(x: ArrayLike, y: ArrayLike) -> float:
    """Spearman's rank correlation of two measures of the same customers; ties share their mean rank.

    NaN where one of the two is the same for all, or for fewer than two customers.

    Raises
    ------
    ValueError
        for an infinite value.
    """
    ranks = [_mean_ranks(as_floats(values)) for values in (x, y)]
    centred = [rank - rank.mean() if len(rank) else rank for rank in ranks]
    scale = float(np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    return float((centred[0] * centred[1]).sum() / scale) if scale > EPS else float("nan")


def _mean_ranks(values: Floats) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + 1 + ends) / 2)[inverse]
