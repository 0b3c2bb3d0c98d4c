"""The kinds of a sheet's cells, gathered block by block into one grid without blank rows and columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import LAST_COLUMN, KindGrid
from tieraddin.tables.values import Column, Kind
from tieraddin.tables.view import trim
from tieraddin.workbooks.package.patch import Patch
from tieraddin.workbooks.package.values import Values
from tieraddin.workbooks.port import ERASE, KEEP

MOST_CELLS = 500_000_000
"""A grid of more cells is refused."""


class GridBuilder:
    """Gathers blocks; ``sheet`` is its name, for refusals."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._rows: list[NDArray[np.int32]] = []
        self._columns: list[NDArray[np.intp]] = []
        self._kinds: list[NDArray[np.uint8]] = []

    def put(self, values: Values) -> None:
        """Take in the kinds of some cells."""
        filled = np.flatnonzero(values.kinds != Kind.BLANK)
        row_of = np.repeat(np.arange(len(values.rows)), np.diff(values.first))[filled]
        rows, columns = _present(row_of, len(values.rows)), _present(values.columns[filled], LAST_COLUMN + 1)
        if len(rows) * len(columns) > MOST_CELLS:
            raise self._refusal()
        grid = np.zeros((len(rows), len(columns)), np.uint8)
        grid[np.searchsorted(rows, row_of), np.searchsorted(columns, values.columns[filled])] = values.kinds[filled]
        self._rows.append(values.rows[rows])
        self._columns.append(columns)
        self._kinds.append(grid)

    def _refusal(self) -> WorkbookRefused:
        return WorkbookRefused("workbooks.sheet_too_large", sheet=self._sheet)

    def finish(self) -> KindGrid:
        """The grid of all blocks."""
        columns = np.unique(np.concatenate([*self._columns, np.zeros(0, np.intp)])).astype(np.int32)
        rows = np.concatenate([*self._rows, np.zeros(0, np.int32)])
        if len(rows) * len(columns) > MOST_CELLS:
            raise self._refusal()
        kinds = np.zeros((len(rows), len(columns)), np.uint8)
        start = 0
        for numbers, part in zip(self._columns, self._kinds, strict=True):
            kinds[start : start + len(part), np.searchsorted(columns, numbers)] = part
            start += len(part)
        return KindGrid(rows, columns, kinds)


def _present(numbers: NDArray[np.integer[Any]], end: int) -> NDArray[np.intp]:
    """The distinct ``numbers``, all below ``end``, ascending."""
    there = np.zeros(end, bool)
    there[numbers] = True
    return np.flatnonzero(there)


def patched(grid: KindGrid, patches: list[Patch]) -> KindGrid:
    """The grid with what was written, but not saved yet, laid over it."""
    rows = np.unique(np.concatenate([grid.rows, *(np.arange(p.area.first_row, p.area.last_row + 1) for p in patches)]))
    spans = (np.arange(p.area.first_column, p.area.last_column + 1) for p in patches)
    columns = np.unique(np.concatenate([grid.columns, *spans]))
    kinds = np.zeros((len(rows), len(columns)), np.uint8)
    kinds[np.ix_(np.searchsorted(rows, grid.rows), np.searchsorted(columns, grid.columns))] = grid.kinds
    for patch in patches:
        first = np.searchsorted(rows, patch.area.first_row)
        for number, cells in enumerate(patch.columns, start=patch.area.first_column):
            values = [cells[i] for i in range(patch.area.last_row - patch.area.first_row + 1)]
            said = np.array([value is not KEEP for value in values])
            plain = (None if value is KEEP or value is ERASE or value == "" else value for value in values)
            here = kinds[first : first + len(values), np.searchsorted(columns, number)]
            here[said] = Column.of(plain).kinds[said]
    return trim(KindGrid(rows.astype(np.int32), columns.astype(np.int32), kinds))
