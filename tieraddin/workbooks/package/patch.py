"""Values written but not saved yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.layout import Area, common
from tieraddin.workbooks.port import KEEP, Look, Written


@dataclass(slots=True, frozen=True, eq=False)
class Patch:
    """Columns of values for an area.

    Attributes
    ----------
    area
        where they go.
    columns
        the values, a sequence for each column of the area.
    like
        number of the column that lends its format to new cells.
    number_formats
        for each column a number format, or None.
    results
        whether the values are results of formulas, which stay in their cells.
    reach
        the area that the formula in the first cell spills into from now on.
    """

    area: Area
    columns: Sequence[Sequence[Written]]
    like: int | None = None
    number_formats: Sequence[str | None] | None = None
    results: bool = False
    reach: Area | None = None

    def value(self, row: int, column: int) -> Written:
        """The value for a cell inside the area."""
        return self.columns[column - self.area.first_column][row - self.area.first_row]

    def number_format(self, column: int) -> str | None:
        """The number format for a column inside the area."""
        return self.number_formats[column - self.area.first_column] if self.number_formats else None


@dataclass(slots=True, eq=False)
class Edits:
    """What is to be done to a sheet: patches, column widths, cells that get another formula element, a look."""

    patches: Sequence[Patch]
    widths: Mapping[int, float]
    formulas: Mapping[tuple[int, int], str]
    dynamic: int = 0
    """What the attribute ``cm`` of a cell says where its formula is a dynamic array."""
    look: Look | None = None

    @property
    def reaches(self) -> dict[tuple[int, int], Area]:
        """The cells whose formula spills from now on, and how far."""
        return {(p.area.first_row, p.area.first_column): p.reach for p in self.patches if p.reach}

    def rows(self, low: int, high: int) -> NDArray[np.int32]:
        """The rows from ``low`` to ``high`` that something is done to, ascending."""
        ranges = [
            np.arange(max(low, patch.area.first_row), min(high, patch.area.last_row) + 1, dtype=np.int32)
            for patch in self.patches
            if patch.area.first_row <= high and patch.area.last_row >= low
        ]
        moved = np.array([row for row, _ in self.formulas if low <= row <= high], np.int32)
        found = [*ranges, moved] if len(moved) else ranges
        if len(found) == 1:
            return found[0]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int32)


def around(areas: Iterable[Area]) -> Area | None:
    """The smallest area with all ``areas`` in it; None of none."""
    areas = list(areas)
    if not areas:
        return None
    corners = list(zip(*areas, strict=True))
    return Area(min(corners[0]), min(corners[1]), max(corners[2]), max(corners[3]))


def pending(patches: Sequence[Patch], row: int, column: int) -> Written:
    """What the last patch that says anything says of a cell; KEEP where none does."""
    here = Area(row, column, row, column)
    for patch in reversed(patches):
        if common(patch.area, here):
            value = patch.value(row, column)
            if value is not KEEP:
                return value
    return KEEP
