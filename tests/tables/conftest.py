from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from tieraddin.tables.detect import Found, find_tables
from tieraddin.tables.layout import Area, KindGrid, TableInfo, parse_area
from tieraddin.tables.values import Cell, Column


@dataclass
class Sheet:
    """A sheet written down as rows of cells, the first at ``A1``."""

    rows: list[list[Cell]]
    merged: list[Area] = field(default_factory=list)
    tables: list[TableInfo] = field(default_factory=list)

    def cell(self, row: int, column: int) -> Cell:
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return line[column - 1] if column <= len(line) else None

    def read(self, area: Area) -> list[Column]:
        rows = range(area.first_row, area.last_row + 1)
        columns = range(area.first_column, area.last_column + 1)
        return [Column.of(self.cell(row, column) for row in rows) for column in columns]

    def grid(self) -> KindGrid:
        width = max(map(len, self.rows), default=0)
        columns = self.read(Area(1, 1, len(self.rows), width)) if width else []
        kinds = np.array([column.kinds for column in columns], np.uint8).T.reshape(len(self.rows), width)
        rows, numbers = (kinds != 0).any(axis=1), (kinds != 0).any(axis=0)
        return KindGrid(
            (np.flatnonzero(rows) + 1).astype(np.int32),
            (np.flatnonzero(numbers) + 1).astype(np.int32),
            np.ascontiguousarray(kinds[rows][:, numbers]),
        )

    def found(self) -> list[Found]:
        return find_tables(self.grid(), self.read, self.tables, self.merged, sheet="Sheet1")


@pytest.fixture(scope="session")
def sheet():
    def make(rows: list[list[Cell]], merged: str = "", tables: list[TableInfo] | None = None) -> Sheet:
        return Sheet(rows, [parse_area(text) for text in merged.split()], tables or [])

    return make
