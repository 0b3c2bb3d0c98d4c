"""Weighted scores of several items on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tieraddin.kernels.arrays import Floats, as_floats


def weighted_scores(
    items: Sequence[ArrayLike], weights: Sequence[float], missing: Literal["none", "reweight"] = "none"
) -> Floats:
    """The weighted mean of the items, on the items' own scale (0-10, 0-100, ...).

    Parameters
    ----------
    items
        k arrays of n marks on one scale; NaN is a blank.
    weights
        k weights, none negative, not all zero; they need not sum to 1.
    missing
        ``none``: a customer with a blank item has no score; ``reweight``: the items that are there share the weight.

    Returns
    -------
    float64 of shape (n,); NaN where there is no score.

    Raises
    ------
    ValueError
        for an infinite mark, items of unequal length, weights of another number, or weights that are no weights.
    """
    shares = as_floats(weights)
    if len(items) != len(shares) or not (shares >= 0).all() or not shares.any():
        raise ValueError(f"{len(items)} items need as many weights, none negative and not all 0, not {shares.tolist()}")
    if missing not in ("none", "reweight"):
        raise ValueError(f"missing must be 'none' or 'reweight', not {missing!r}")
    marks = np.stack([as_floats(item) for item in items])
    there = ~np.isnan(marks)
    total = shares @ np.where(there, marks, 0.0)
    weight = shares @ there
    enough = there.all(axis=0) if missing == "none" else weight > 0
    scores: Floats = np.divide(total, weight, out=np.full(marks.shape[1], np.nan), where=enough)
    return scores
