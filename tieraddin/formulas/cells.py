"""What formulas see of a workbook."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tieraddin.addin.blocks import Block
from tieraddin.tables.layout import Area, TableInfo


class Spot(NamedTuple):
    """The cell that a formula stands in, and how far its relative references are shifted from where it was written."""

    sheet: str
    row: int
    column: int
    down: int = 0
    right: int = 0


class Cells(Protocol):
    """A workbook as formulas see it. Names of sheets, tables and names are found whatever their case."""

    @property
    def date1904(self) -> bool:
        """Whether the workbook counts its dates from 1904."""

    def sheet(self, name: str) -> str | None:
        """The sheet of this name, as it is written; None where there is none."""

    def used(self, sheet: str, area: Area) -> Area:
        """``area``, whole columns and rows cut to those in use."""

    def block(self, sheet: str, area: Area) -> Block:
        """The cells of an area."""

    def table(self, name: str) -> tuple[str, TableInfo] | None:
        """The sheet and the layout of an Excel table."""

    def table_at(self, spot: Spot) -> tuple[str, TableInfo] | None:
        """The Excel table that a cell is in."""

    def name(self, name: str, sheet: str) -> str | None:
        """The text of a defined name: that of the sheet, else that of the workbook."""

    def link(self, number: int) -> str:
        """Where the file is that formulas call ``[number]``; "" where there is none."""

    def spilled(self, sheet: str, row: int, column: int) -> Area | None:
        """The area that the array formula in a cell fills."""
