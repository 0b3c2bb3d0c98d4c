"""How much hangs on few customers, which risks they bring, and how many one person looks after (P14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from tieraddin.grading.conditions import UNKNOWN, YES, truth
from tieraddin.grading.portfolio import Labels
from tieraddin.grading.readings import Reading
from tieraddin.kernels.arrays import EPS, as_parts
from tieraddin.kernels.concentration import gini_of_curve, lorenz
from tieraddin.models.schema import Model
from tieraddin.models.sections import Warning_
from tieraddin.tables.values import Floats

TOP_COUNTS = (1, 3, 10)
TOP_SHARE = 0.20
POINTS = 100
"""Into how many steps the Lorenz curve is thinned out."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """How the value spreads over the customers that have one, negative amounts counted as 0.

    Attributes
    ----------
    customers
        how many there are.
    gini
        0 where all hold the same, near 1 where one holds all.
    largest
        number of customers -> the share of the value that so many largest hold.
    top_customers, top_value
        the number of the largest fifth of the customers, rounded up, and the share of the value they hold.
    lorenz
        points of the Lorenz curve from (0, 0) to (1, 1), customers from the smallest up; at most 101.
    """

    customers: int
    gini: float
    largest: dict[int, float]
    top_customers: int
    top_value: float
    lorenz: list[tuple[float, float]]


def concentration_of(values: Floats) -> Concentration | None:
    """The concentration of ``values`` (NaN where there is none); None where the total is 0."""
    customers, held = lorenz(values)
    if not len(held):
        return None
    n = len(held) - 1
    at = np.unique(np.linspace(0, n, min(n, POINTS) + 1).round().astype(np.int64))

    def largest(count: int) -> float:
        return float(1.0 - held[n - count])

    top = ceil(TOP_SHARE * n - EPS)
    counts = [count for count in TOP_COUNTS if count <= n]
    points = list(zip(customers[at].tolist(), held[at].tolist(), strict=True))
    return Concentration(
        n, gini_of_curve(customers, held), {count: largest(count) for count in counts}, top, largest(top), points
    )


@dataclass(frozen=True, slots=True)
class Risk:
    """A warning of the model, counted over the portfolio; ``unknown``: rows that lack what it asks for."""

    warning: Warning_
    customers: int
    share: float
    value_share: float | None
    unknown: int


def risks_of(model: Model, readings: Mapping[str, Reading], values: Floats | None = None) -> list[Risk]:
    """For each warning of the model how many customers it holds for, and their share of the value."""
    amounts = None if values is None else as_parts(values)
    total = 0.0 if amounts is None else float(amounts.sum())
    risks = []
    for warning in model.warnings:
        held = truth(warning.when, readings)
        rows = held == YES
        count = int(rows.sum())
        share = count / len(rows) if len(rows) else 0.0
        value_share = None if amounts is None or not total else float(amounts[rows].sum()) / total
        risks.append(Risk(warning, count, share, value_share, int((held == UNKNOWN).sum())))
    return risks


@dataclass(frozen=True, slots=True)
class Load:
    """How many customers one person looks after; ``rep`` is "" for those without a name."""

    rep: str
    customers: int
    limit: int

    @property
    def over(self) -> int:
        """By how many customers the limit is passed."""
        return max(0, self.customers - self.limit)


def loads_of(reps: Labels, limit: int, counts: Floats | None = None) -> list[Load]:
    """The customers of each person, most first.

    Parameters
    ----------
    counts
        how many customers each row stands for (default: one); a blank counts as none.
    """
    weights = np.ones(len(reps.codes)) if counts is None else np.nan_to_num(counts)
    sums = np.bincount(reps.codes + 1, weights, minlength=len(reps.names) + 1)
    rows = np.bincount(reps.codes + 1, minlength=len(reps.names) + 1)
    found = [Load(rep, round(s), limit) for rep, s, k in zip(["", *reps.names], sums, rows, strict=True) if k]
    return sorted(found, key=lambda load: (-load.customers, load.rep))


def people_needed(loads: Sequence[Load]) -> int:
    """How many people it takes that no one has more customers than the limit; 0 where there are none."""
    return ceil(sum(load.customers for load in loads) / loads[0].limit) if loads else 0
