"""Whether a grade says anything of the next period: who stayed, and how much of the later value each grade kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tieraddin.kernels.arrays import as_parts
from tieraddin.kernels.transitions import expected_same, held_shares, rank_correlation, transition_matrix
from tieraddin.tables.values import Codes, Floats

Verdict = Literal["predicts", "chance", "inverse", "unknown"]
CHANCE = 2.0
"""A share further than so many standard deviations from what chance gives is taken for no chance."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the customers who had one grade in the first period.

    Attributes
    ----------
    stayed, gone
        how many had the same grade in the second period; how many were not seen.
    before, after
        their value in the two periods.
    share
        the share that they hold of the later value of all who were graded in the first period.
    expected, deviation
        the share that as many customers drawn at random would hold, and its standard deviation.
    """

    grade: str
    customers: int
    stayed: int
    gone: int
    before: float
    after: float
    share: float
    expected: float
    deviation: float

    @property
    def lift(self) -> float:
        """How many times the share is what chance would give; NaN where there were no customers."""
        return self.share / self.expected if self.expected else float("nan")

    @property
    def verdict(self) -> Verdict:
        """Whether the share is beyond what chance gives."""
        if not self.deviation > 0:
            return "unknown"
        away = (self.share - self.expected) / self.deviation
        return "predicts" if away > CHANCE else "inverse" if away < -CHANCE else "chance"


@dataclass(frozen=True, eq=False)
class Stability:
    """Two gradings of the same customers, one period after the other.

    Attributes
    ----------
    grades
        best first.
    matrix
        int64 of shape (g + 2, g + 2): rows by the first period, columns by the second; after the g grades come "no
        grade" and "not seen" (new customers as a row, gone ones as a column).
    both, stayed, expected_stayed
        the customers graded in both periods, those in the same grade, and how many would be by chance.
    grade_correlation, value_correlation
        rank correlation of grade and later value (a better grade for more value is positive), and of earlier and later
        value, over those graded in the first period; who was not seen has a later value of 0. NaN where all are alike.
    """

    grades: list[str]
    matrix: NDArray[np.int64]
    kept: list[Kept]
    both: int
    stayed: int
    expected_stayed: float
    grade_correlation: float
    value_correlation: float
    value_of_new: float


def compare(
    grades: Sequence[str],
    before: Codes,
    after: Codes,
    value_before: Floats,
    value_after: Floats,
) -> Stability:
    """Hold two gradings of n customers against each other.

    Parameters
    ----------
    grades
        g grades, best first.
    before, after
        the grade in each period: 0 to g - 1, g for none, g + 1 for a customer who was not seen.
    value_before, value_after
        the value in each period, 0 for a customer who was not seen.
    """
    n = len(grades)
    matrix = transition_matrix(before, after, n + 2)
    graded = before < n
    codes, later = before[graded], as_parts(value_after[graded])
    earlier = np.nan_to_num(value_before[graded])
    held = held_shares(codes, later, n)
    sums = [np.bincount(codes, weights, minlength=n) for weights in (earlier, later)]
    kept = [
        Kept(
            grade,
            int(matrix[k].sum()),
            int(matrix[k, k]),
            int(matrix[k, n + 1]),
            float(sums[0][k]),
            float(sums[1][k]),
            float(held.share[k]),
            float(held.expected[k]),
            float(held.deviation[k]),
        )
        for k, grade in enumerate(grades)
    ]
    new = before == n + 1
    inner = matrix[:n, :n]
    return Stability(
        list(grades),
        matrix,
        kept,
        int(inner.sum()),
        int(np.trace(inner)),
        expected_same(inner),
        rank_correlation(-codes, later),
        rank_correlation(earlier, later),
        float(as_parts(value_after[new]).sum()),
    )
