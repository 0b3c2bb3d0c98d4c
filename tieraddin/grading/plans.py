"""Plans: the changes of a customer's own record by which something comes about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Change:
    """One field brought to a value.

    Attributes
    ----------
    test
        "is", or one of the bounds (at_least, above, at_most, below).
    value
        the flag, word or number; float64 of shape (n,) where it differs from row to row.
    """

    field: str
    test: str
    value: Any

    def of(self, rows: Rows) -> Any:
        """The value for ``rows``."""
        return self.value[rows] if isinstance(self.value, np.ndarray) else self.value


Plan: TypeAlias = tuple[Change, ...]
"""Changes of fields; none where nothing needs to be changed."""


def both(first: Plan | None, second: Plan | None) -> Plan | None:
    """The changes of two plans; of two bounds on one field the farther one. None where either or both can't be."""
    if first is None or second is None:
        return None
    plan = {(change.field, change.test): change for change in first}
    for change in second:
        there = plan.get((change.field, change.test))
        if there is not None and change.test == "is":
            if there.value != change.value:
                return None
        elif there is not None:
            farther = np.maximum if change.test in ("at_least", "above") else np.minimum
            change = Change(change.field, change.test, farther(there.value, change.value))  # noqa: PLW2901
        plan[change.field, change.test] = change
    return tuple(plan.values())


def smallest(plans: Iterable[Plan | None]) -> Plan | None:
    """The first of the plans with fewest changes, None where there is none."""
    return min((plan for plan in plans if plan is not None), key=len, default=None)
