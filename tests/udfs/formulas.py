"""Formulas over cells in memory: one sheet called S, without a workbook file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from tieraddin.addin.blocks import Block
from tieraddin.formulas import evaluate
from tieraddin.formulas.cells import Spot
from tieraddin.tables.layout import LAST_ROW, Area, TableInfo

Cells = Mapping[str, Any]
"""What stands on the sheet: the address of a first cell, and a value, or rows of values from there on."""


class Sheet:
    """The cells of one sheet, as formulas see them."""

    date1904 = False

    def __init__(self, cells: Cells) -> None:
        self.at: dict[tuple[int, int], Any] = {}
        for address, values in cells.items():
            letters, row = coordinate_from_string(address)
            column = column_index_from_string(letters)
            for i, line in enumerate(values if isinstance(values, list) else [[values]]):
                for j, value in enumerate(line):
                    self.at[row + i, column + j] = value

    def sheet(self, name: str) -> str | None:
        return name if name == "S" else None

    def used(self, sheet: str, area: Area) -> Area:
        return area._replace(last_row=max(row for row, _ in self.at)) if area.last_row == LAST_ROW else area

    def block(self, sheet: str, area: Area) -> Block:
        columns = range(area.first_column, area.last_column + 1)
        rows = range(area.first_row, area.last_row + 1)
        return Block.of([[self.at.get((row, column)) for column in columns] for row in rows])

    def table(self, name: str) -> tuple[str, TableInfo] | None:
        return None

    def table_at(self, spot: Spot) -> tuple[str, TableInfo] | None:
        return None

    def name(self, name: str, sheet: str) -> str | None:
        return None

    def link(self, number: int) -> str:
        return ""

    def spilled(self, sheet: str, row: int, column: int) -> Area | None:
        return None


def work_out(formula: str, cells: Cells) -> Any:
    """The value of ``formula``, which begins with ``=``: a cell, or rows of cells."""
    result = evaluate.work_out(formula[1:], Spot("S", 1, 50), Sheet(cells)).block
    return result.cells[0] if result.is_single else result.rows
