"""What a measure would have to be for a better class, where the class depends on all customers (P1, P2, P8).

The customer's own change moves the total or the quantiles with it; both are taken into account, so that a customer who
reaches the target named here does reach the class. Targets are whole multiples of the measure's unit.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tieraddin.kernels.arrays import EPS, tolerance
from tieraddin.kernels.ranks import rank_cutoffs
from tieraddin.models.steps import CumulativeShare, QuantileInput, QuantileScores, RankShare
from tieraddin.tables.values import Floats


def decimals_of(numbers: Floats) -> int:
    """How many decimals a target is named with: none where all are whole, else 2, or more where all are small."""
    there = np.abs(numbers[~np.isnan(numbers)])
    for decimals in (0, 2):
        if (np.round(there, decimals) == there).all():
            return decimals
    return int(max(2, 4 - np.floor(np.log10(there.max()))))


def rounded_up(numbers: Floats, decimals: int) -> Floats:
    """The smallest multiples of the unit that are not below ``numbers``."""
    nearest = np.round(numbers, decimals)
    return np.where(nearest >= numbers, nearest, np.round(nearest + 10.0**-decimals, decimals))


def rounded_beyond(numbers: Floats, decimals: int) -> Floats:
    """The smallest multiples of the unit that are above ``numbers``."""
    up = rounded_up(numbers, decimals)
    return np.where(up > numbers, up, np.round(up + 10.0**-decimals, decimals))


class ShareTargets:
    """P1: the value from which on a customer would be in each class.

    With x the customer's value, T the total, and S(v) what the customers above v make together, it is the smallest v
    with S(v) < cut * (T - x + v), or with ``crossing`` out S(v) + v <= cut * (T - x + v).
    """

    def __init__(self, step: CumulativeShare, numbers: Floats) -> None:
        self.crossing = step.crossing
        self.cuts = step.cuts
        self.decimals = decimals_of(numbers)
        positive = np.where(numbers > 0, numbers, 0.0)
        values, counts = np.unique(positive[positive > 0], return_counts=True)
        self.steps_down = values[::-1]
        self.above = np.concatenate([[0.0], np.cumsum((values * counts)[::-1])])
        self.rest = self.above[-1] - positive
        self.margin = 8 * np.finfo(np.float64).eps * self.above[-1]

    def of_class(self, k: int) -> Floats:
        """float64 of shape (n,): the target of class ``k`` for every row, NaN where there is none."""
        if not len(self.steps_down):
            return np.full(len(self.rest), np.nan)
        return self._crossing_in(self.cuts[k]) if self.crossing == "in" else self._crossing_out(self.cuts[k], k)

    def _crossing_in(self, cut: float) -> Floats:
        cut -= EPS
        reach = np.searchsorted(self.above[1:] / cut - self.steps_down, self.rest)
        next_down = np.append(self.steps_down, 0.0)[reach]
        return rounded_up(np.maximum(self.above[reach] / cut - self.rest + self.margin, next_down), self.decimals)

    def _crossing_out(self, cut: float, k: int) -> Floats:
        beyond = rounded_beyond(self.steps_down, self.decimals)
        cut += EPS
        needed = self.above[:-1] + (1 - cut) * beyond
        reach = np.searchsorted(needed, cut * self.rest - self.margin, side="right") - 1
        largest = rounded_up(self.steps_down[:1], self.decimals)
        least = np.where(reach >= 0, beyond[np.maximum(reach, 0)], np.nan)
        return np.asarray(np.fmin(least, largest)) if k == 0 else least


class RankTargets:
    """P2: the value from which on a customer would be in each class."""

    def __init__(self, step: RankShare, numbers: Floats) -> None:
        self.decimals = decimals_of(numbers)
        self.cutoffs = np.array(step.edges) if step.edges else rank_cutoffs(numbers, step.top_shares)
        self.n = len(numbers)

    def of_class(self, k: int) -> Floats:
        """float64 of shape (n,): the target of class ``k`` for every row."""
        return np.full(self.n, rounded_up(self.cutoffs[k : k + 1], self.decimals)[0])


class ScoreTargets:
    """P8: the value from which on (descending: up to which) a customer would have a score; scores are scaled to 1-5."""

    def __init__(self, step: QuantileScores, measure: QuantileInput, numbers: Floats) -> None:
        self.groups = step.groups
        self.descending = measure.descending
        place = [m.input for m in step.measures].index(measure.input)
        self.edges = step.edges[place] if step.edges else None
        self.numbers = numbers
        self.decimals = decimals_of(numbers)
        self.sorted = np.sort(numbers[~np.isnan(numbers)])
        self.of_fifth = cache(self._of_fifth)

    def _of_fifth(self, fifth: int) -> Floats:
        """float64 of shape (n,): what each row would have to reach for a score of ``fifth``; NaN where it can't."""
        score = (fifth - 1) * self.groups // 5 + 1
        edge = self.groups - score + 1 if self.descending else score - 1
        if not 1 <= edge < self.groups or len(self.sorted) < 2:
            return np.full(len(self.numbers), np.nan)
        bound = self._beyond_edge(edge)
        if self.descending:
            target = -rounded_up(-bound, self.decimals)
            return np.where(target >= 0, target, np.nan)
        return rounded_beyond(bound + 2 * self.groups * tolerance(bound), self.decimals)

    def _beyond_edge(self, k: int) -> Floats:
        """What a row's value must exceed for edge ``k`` to lie below it: the edge moves with the value."""
        if self.edges is not None:
            return np.full(len(self.numbers), self.edges[k - 1])
        return self._others((len(self.sorted) - 1) * k // self.groups, np.searchsorted(self.sorted, self.numbers))

    def _others(self, place: int, own: NDArray[np.intp]) -> Floats:
        """The value at ``place`` (from 0) among all values but a row's ``own`` (its place among all)."""
        return np.asarray(self.sorted[place + (own <= place)])

    def score_with(self, rows: NDArray[np.intp], values: Floats) -> Floats:
        """The scores that ``rows`` would have with ``values``, each alone changed."""
        below = np.zeros(len(rows))
        own = np.searchsorted(self.sorted, self.numbers[rows])
        for k in range(1, self.groups):
            edge = self._edge_with(k, own, values)
            below += values > edge + tolerance(edge)
        score = self.groups - below if self.descending else 1 + below
        return np.asarray(np.ceil(score * 5 / self.groups))

    def _edge_with(self, k: int, own: NDArray[np.intp], values: Floats) -> Floats:
        """Edge ``k`` once ``values`` stand in place of the rows' own."""
        if self.edges is not None:
            return np.full(len(values), self.edges[k - 1])
        place, part = divmod((len(self.sorted) - 1) * k, self.groups)
        here = self._placed(place, own, values)
        return here + (self._placed(place + 1, own, values) - here) * (part / self.groups) if part else here

    def _placed(self, place: int, own: NDArray[np.intp], values: Floats) -> Floats:
        """What lies at ``place`` (from 0) once ``values`` are put in among the others."""
        low = self._others(place - 1, own) if place > 0 else -np.inf
        high = self._others(place, own) if place < len(self.sorted) - 1 else np.inf
        return np.asarray(np.clip(values, low, high))
