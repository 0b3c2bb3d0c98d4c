"""A sheet as the search for tables sees it: kinds of all cells, and the cells of the few rows it looks at."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tieraddin.tables.layout import Area, KindGrid
from tieraddin.tables.values import Cell, CellError, Column

Read: TypeAlias = Callable[[Area], Sequence[Column]]
"""Reads the cells of an area: one `Column` for each of its columns."""

Line: TypeAlias = dict[int, Cell]
"""One row's cells that are not blank, by column number."""

YEARS = range(1900, 2101)
_SPACE = re.compile(r"\s+")


@dataclass(slots=True, frozen=True)
class View:
    """What of the sheet is there to look at."""

    read: Read
    merged: Sequence[Area] = ()

    def lines(self, block: KindGrid, first: int, end: int) -> list[Line]:
        """The cells of the block's rows at positions ``first`` to ``end`` (excluded)."""
        rows, columns = block.rows[first:end].tolist(), block.columns.tolist()
        if not rows:
            return []
        read = self.read(Area(rows[0], columns[0], rows[-1], columns[-1]))
        cells = [(column, read[column - columns[0]].cells()) for column in columns]
        places = [row - rows[0] for row in rows]
        return [{column: cell for column, there in cells if not _is_blank(cell := there[i])} for i in places]

    def merges_in(self, row: int, block: KindGrid) -> list[Area]:
        """The merged areas that begin in ``row`` within the block, those over its whole width (titles) left out."""
        first, last = int(block.columns[0]), int(block.columns[-1])
        return [
            area
            for area in self.merged
            if area.first_row == row
            and first <= area.first_column <= last
            and (area.last_row > row or not (area.first_column == first and area.last_column >= last))
        ]


def trim(grid: KindGrid) -> KindGrid:
    """``grid`` without the rows and columns that are blank all through."""
    rows, columns = grid.kinds.any(axis=1), grid.kinds.any(axis=0)  # a blank one is 0
    if not rows.all():
        grid = KindGrid(grid.rows[rows], grid.columns, grid.kinds[rows])
    if not columns.all():
        grid = KindGrid(grid.rows, grid.columns[columns], grid.kinds[:, columns])
    return grid


def part(grid: KindGrid, area: Area) -> KindGrid:
    """The rows and columns of ``grid`` that lie in ``area``."""
    r = slice(*np.searchsorted(grid.rows, [area.first_row, area.last_row + 1]).tolist())
    c = slice(*np.searchsorted(grid.columns, [area.first_column, area.last_column + 1]).tolist())
    return KindGrid(grid.rows[r], grid.columns[c], grid.kinds[r, c])


def is_text(cell: Cell) -> bool:
    """Whether the cell is text (an error is not)."""
    return isinstance(cell, str) and not isinstance(cell, CellError)


def is_label(cell: Cell) -> bool:
    """Whether the cell can be a header: text, a year or a date."""
    if is_text(cell) or hasattr(cell, "year"):
        return True
    return isinstance(cell, float) and cell in YEARS


def label(cell: Cell) -> str:
    """The cell as a header reads: line breaks made spaces, a year without decimals, a date in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return _SPACE.sub(" ", str(cell)).strip().removesuffix(" 00:00:00")


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
