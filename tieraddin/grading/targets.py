"""What a measure would have to be for a better class, where the class depends on all customers (P1, P2, P8).

The customer's own change moves the total or the quantiles with it; both are taken into account, so that a customer who
reaches the target named here does reach the class.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from tieraddin.kernels.ranks import rank_cutoffs
from tieraddin.models.steps import CumulativeShare, QuantileInput, QuantileScores, RankShare
from tieraddin.tables.values import Floats

EPS = 1e-9


def unit_of(numbers: Floats) -> float:
    """The step in which a target is named: 1 where all are whole, else a hundredth, less where all are small."""
    there = np.abs(numbers[~np.isnan(numbers)])
    if not len(there) or there.max() == 0:
        return 0.01
    if (there == np.floor(there)).all():
        return 1.0
    return float(min(0.01, 10.0 ** (np.floor(np.log10(there.max())) - 4)))


def rounded_up(numbers: Floats, unit: float) -> Floats:
    """The next multiples of ``unit``."""
    per = round(1 / unit)
    return np.asarray(np.ceil(numbers * per - 1e-7) / per)


class ShareTargets:
    """P1: the value from which on a customer would be in each class.

    With x the customer's value, T the total, and S(v) what the customers above v make together, it is the smallest v
    with S(v) < cut * (T - x + v), or with ``crossing`` out S(v) + v <= cut * (T - x + v).
    """

    def __init__(self, step: CumulativeShare, numbers: Floats) -> None:
        self.crossing = step.crossing
        self.cuts = step.cuts
        self.unit = unit_of(numbers)
        positive = np.where(numbers > 0, numbers, 0.0)
        values, counts = np.unique(positive[positive > 0], return_counts=True)
        self.steps_down = values[::-1]
        self.above = np.concatenate([[0.0], np.cumsum((values * counts)[::-1])])
        self.rest = self.above[-1] - positive

    def of_class(self, k: int) -> Floats:
        """float64 of shape (n,): the target of class ``k`` for every row, NaN where there is none."""
        cut = self.cuts[k]
        if not len(self.steps_down):
            return np.full(len(self.rest), np.nan)
        return self._crossing_in(cut) if self.crossing == "in" else self._crossing_out(cut, k)

    def _crossing_in(self, cut: float) -> Floats:
        cut -= 2 * EPS
        reach = np.searchsorted(self.above[1:] / cut - self.steps_down, self.rest)
        next_down = np.append(self.steps_down, 0.0)[reach]
        exact = self.above[reach] / cut - self.rest
        return np.where(exact > next_down, rounded_up(exact, self.unit), next_down)

    def _crossing_out(self, cut: float, k: int) -> Floats:
        room = cut * self.rest
        needed = self.above[:-1] + (1 - cut) * (self.steps_down + self.unit)
        reach = np.searchsorted(needed, room, side="right") - 1
        target = self.steps_down[np.maximum(reach, 0)] + self.unit
        return np.where(reach >= 0, target, self.steps_down[0] if k == 0 else np.nan)


class RankTargets:
    """P2: the value from which on a customer would be in each class."""

    def __init__(self, step: RankShare, numbers: Floats) -> None:
        self.cutoffs = np.array(step.edges) if step.edges else rank_cutoffs(numbers, step.top_shares)
        self.n = len(numbers)

    def of_class(self, k: int) -> Floats:
        """float64 of shape (n,): the target of class ``k`` for every row."""
        return np.full(self.n, self.cutoffs[k])


class ScoreTargets:
    """P8: the value from which on (descending: up to which) a customer would have a score."""

    def __init__(self, step: QuantileScores, measure: QuantileInput, numbers: Floats) -> None:
        self.groups = step.groups
        self.descending = measure.descending
        place = [m.input for m in step.measures].index(measure.input)
        self.edges = step.edges[place] if step.edges else None
        self.numbers = numbers
        self.unit = unit_of(numbers)

    @cached_property
    def _sorted(self) -> Floats:
        return np.sort(self.numbers[~np.isnan(self.numbers)])

    def target(self, i: int, fifth: int) -> float | None:
        """What row ``i`` would have to reach for a score of ``fifth`` (of 5); None where it can't."""
        score = (fifth - 1) * self.groups // 5 + 1
        if self.descending:
            bound = self._order_statistic(i, self.groups - score + 1)
            target = float(np.floor(bound / self.unit + 1e-9) * self.unit) if bound is not None else None
            return target if target is not None and target >= 0 else None
        bound = self._order_statistic(i, score - 1)
        if bound is None:
            return None
        step = max(self.unit, 4 * EPS * abs(bound))
        return float(np.floor(bound / self.unit + 1e-9) * self.unit + step)

    def score_with(self, i: int, value: float) -> int:
        """The score (of 5) that row ``i`` would have with ``value``."""
        edges = self.edges
        if edges is None:
            changed = np.append(np.delete(self._sorted, np.searchsorted(self._sorted, self.numbers[i])), value)
            edges = [float(edge) for edge in np.quantile(changed, np.arange(1, self.groups) / self.groups)]
        below = sum(1 for edge in edges if value > edge + EPS * max(1.0, abs(edge)))
        score = self.groups - below if self.descending else 1 + below
        return -(-score * 5 // self.groups)

    def _order_statistic(self, i: int, k: int) -> float | None:
        """What a value must exceed for edge ``k`` to lie below it, seen from row ``i``; None beyond the edges."""
        if not 1 <= k < self.groups:
            return None
        if self.edges is not None:
            return self.edges[k - 1]
        place = (len(self._sorted) - 1) * k // self.groups
        own = int(np.searchsorted(self._sorted, self.numbers[i]))
        place += own <= place
        return float(self._sorted[place]) if place < len(self._sorted) else None
