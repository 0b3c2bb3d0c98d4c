"""What every host of a workbook can do: a file on disk, Excel, LibreOffice Calc."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from os import PathLike
from typing import Final, Literal, Protocol, TypeAlias

from tieraddin.tables.layout import Area, KindGrid, TableInfo
from tieraddin.tables.values import Cell, Column

SheetState: TypeAlias = Literal["visible", "hidden", "veryHidden"]


class Instead(Enum):
    """What can be written in place of a cell's value."""

    KEEP = "keep"
    ERASE = "erase"


KEEP: Final = Instead.KEEP
"""Leave the cell as it is."""
ERASE: Final = Instead.ERASE
"""Take the cell away, its format with it."""

Written: TypeAlias = "Cell | Instead"


class Workbook(Protocol):
    """An open workbook. Rows and columns count from 1; what is written is in the file after `save`.

    All methods raise `tieraddin.errors.WorkbookRefused` rather than harm the workbook; nothing is written then.
    """

    @property
    def sheet_names(self) -> list[str]:
        """The worksheets, hidden ones too, in the workbook's order."""

    def sheet_state(self, sheet: str) -> SheetState:
        """Whether users see the sheet."""

    def protected(self, sheet: str) -> bool:
        """Whether the sheet is protected against changes."""

    def used_range(self, sheet: str) -> Area | None:
        """The area that holds all cells (values, formulas, formats), merged ranges and tables; None when empty."""

    def read(self, sheet: str, area: str) -> list[list[Cell]]:
        """The values in ``area`` ("A1:C3" or "B2"), row by row; formulas give their results."""

    def kinds(self, sheet: str) -> KindGrid:
        """What each cell of the sheet holds, blank rows and columns left out; an empty text is blank."""

    def read_columns(self, sheet: str, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """The cells of ``columns`` from ``first_row`` to ``last_row``, dates as 1900-system serials."""

    def tables(self, sheet: str) -> list[TableInfo]:
        """The sheet's Excel tables."""

    def merged(self, sheet: str) -> list[Area]:
        """The sheet's merged ranges."""

    def write(self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Written]]) -> None:
        """Write values, the first at ``row``, ``column``; None empties a cell and leaves its format."""

    def write_columns(
        self,
        sheet: str,
        first_row: int,
        first_column: int,
        columns: Sequence[Sequence[Written]],
        like: int | None = None,
        number_formats: Sequence[str | None] | None = None,
    ) -> None:
        """Write whole columns side by side.

        Parameters
        ----------
        columns
            sequences of one length; only ``len()`` and ``[i]`` are used, each value being asked for late.
        like
            number of a column whose cell in the same row lends its format to cells that are new.
        number_formats
            for each column a number format, or None.
        """

    def extend_table(self, sheet: str, table: str, headers: Sequence[str]) -> None:
        """Add columns at the right of an Excel table, their headers written."""

    def shrink_table(self, sheet: str, table: str, count: int) -> None:
        """Take the last ``count`` columns out of an Excel table; their cells stay as they are."""

    def set_column_width(self, sheet: str, column: int, width: float) -> None:
        """Set a column's width, in characters, where it has none yet."""

    def add_sheet(self, name: str, hidden: bool = False) -> None:
        """Add an empty worksheet at the end."""

    def save(self, path: str | PathLike[str] | None = None) -> None:
        """Save to ``path``, or where the workbook came from."""
