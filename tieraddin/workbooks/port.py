"""What every host of a workbook can do: a file on disk, Excel, LibreOffice Calc."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from os import PathLike
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

from tieraddin.errors import WorkbookRefused
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


class Form(Enum):
    """How a formula stands in its cell."""

    CELL = "cell"
    SHARED = "shared"
    """Written once for several cells, its relative references shifted."""
    ARRAY = "array"
    """Entered for a fixed range of cells (Ctrl+Shift+Enter)."""
    DYNAMIC = "dynamic"
    """Spills as far as its result needs."""
    DATA_TABLE = "data table"


@dataclass(slots=True, frozen=True)
class FormulaCell:
    """A formula of a sheet.

    Attributes
    ----------
    row, column
        its cell, the first one of an array.
    text
        as in the file, without the leading ``=``.
    form
        how it stands there.
    area
        the cells that show its result.
    down, right
        how far its relative references are shifted from where the text was written.
    has_result
        whether its cell holds the result of a calculation.
    """

    row: int
    column: int
    text: str
    form: Form
    area: Area
    down: int = 0
    right: int = 0
    has_result: bool = True


class DefinedName(NamedTuple):
    """A name of the workbook, or of one ``sheet``; ``text`` is a formula without the leading ``=``."""

    name: str
    text: str
    sheet: str | None


class BookLink(NamedTuple):
    """A link to another workbook or add-in: formulas say ``[number]``; ``target`` is as in the file."""

    number: int
    target: str


@dataclass(slots=True, frozen=True)
class Series:
    """A series of a chart: cells of the chart's sheet.

    Attributes
    ----------
    name
        the cell that holds what it is called.
    values
        its numbers, in one column.
    kind
        how it is drawn.
    second
        whether it is measured on an axis of its own at the right.
    """

    name: Area
    values: Area
    kind: Literal["columns", "line"] = "columns"
    second: bool = False


@dataclass(slots=True, frozen=True)
class Chart:
    """A chart of cells of its own sheet.

    Attributes
    ----------
    categories
        the cells along the horizontal axis, in one column.
    row, column, width, height
        the cell at its upper left corner, and how many cells it covers.
    stacked
        whether the columns stand on each other.
    formats
        the number formats of the axes at the left and at the right.
    most
        where the axis at the right ends; None to leave it to the program.
    """

    title: str
    categories: Area
    series: tuple[Series, ...]
    row: int
    column: int
    width: int = 11
    height: int = 22
    stacked: bool = False
    formats: tuple[str, str] = ("#,##0", "0%")
    most: float | None = None


@dataclass(slots=True, frozen=True)
class Look:
    """How a sheet of our own looks.

    Attributes
    ----------
    titles
        cells in bold.
    heads
        cells in bold on a light fill.
    frozen
        how many rows at the top stay in view; 0 leaves that as it is.
    widths
        for each column from the first on how wide it is at least, in characters.
    """

    titles: tuple[Area, ...] = ()
    heads: tuple[Area, ...] = ()
    frozen: int = 0
    widths: tuple[float, ...] = ()


HEAD_FILL: Final = (0xDD, 0xE6, 0xF2)
"""The light fill of heads: red, green, blue."""


class Readable(Protocol):
    """What can be read of an open workbook. Rows and columns count from 1."""

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


class Workbook(Readable, Protocol):
    """An open workbook that can be written: what is written is in the file after `save`.

    All methods raise `tieraddin.errors.WorkbookRefused` rather than harm the workbook; nothing is written then.
    """

    @property
    def date1904(self) -> bool:
        """Whether the workbook counts its dates from 1904."""

    def formulas(self, sheet: str) -> Iterable[FormulaCell]:
        """The sheet's formulas as they are in the file, row by row."""

    def names(self) -> list[DefinedName]:
        """The defined names."""

    def links(self) -> list[BookLink]:
        """The other workbooks and add-ins that formulas refer to."""

    def write_results(
        self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Written]], reach: Area | None = None
    ) -> None:
        """Write what formulas give: their cells keep the formulas, and the formats unless a date needs one.

        Parameters
        ----------
        reach
            the area that the formula in the first cell spills into from now on (Excel's dynamic arrays).
        """

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

        Raises
        ------
        WorkbookRefused
            a protected sheet, cells that are merged or hold an array formula, a header of a table that is no text or
            there twice, a place beyond the last row or column.
        """

    def extend_table(self, sheet: str, table: str, headers: Sequence[str]) -> None:
        """Add columns at the right of an Excel table, their headers written."""

    def shrink_table(self, sheet: str, table: str, count: int) -> None:
        """Take the last ``count`` columns out of an Excel table; their cells stay as they are."""

    def set_column_width(self, sheet: str, column: int, width: float) -> None:
        """Set a column's width, in characters, where it has none yet."""

    def add_sheet(self, name: str, hidden: bool = False) -> None:
        """Add an empty worksheet at the end."""

    def set_charts(self, sheet: str, charts: Sequence[Chart]) -> None:
        """Let the sheet, one of our own, have these charts, and none of those that it had."""

    def set_look(self, sheet: str, look: Look) -> None:
        """Let the sheet, one of our own, look so: its other cells have neither bold letters nor a fill."""

    def save(self, path: str | PathLike[str] | None = None) -> None:
        """Save to ``path``, or where the workbook came from."""


class LiveWorkbook(Workbook, Protocol):
    """A workbook that a person has open in a spreadsheet program: what is written is there at once."""

    def changing(self) -> AbstractContextManager[None]:
        """Carry out all changes within, or none: a failure leaves the workbook as it was, and goes on as it came.

        The program neither draws nor runs macros meanwhile; afterwards all is set as before, whatever happened.
        """

    def tell(self, sentence: str) -> None:
        """Show ``sentence`` where the program tells what it is doing.

        Raises
        ------
        WorkbookRefused
            the person wants to stop.
        """

    def check_writable(self, sheet: str) -> None:
        """Refuse where the sheet is protected, naming the program's own way to unprotect it.

        Raises
        ------
        WorkbookRefused
            it is.
        """

    @property
    def active_sheet(self) -> str | None:
        """The worksheet that the person looks at; None where it is a sheet without cells (a chart)."""

    def selected(self) -> Area | None:
        """The cells that are marked on the active sheet; None where something else is."""

    def show(self, sheet: str) -> None:
        """Bring a sheet before the person."""

    def fault(self) -> WorkbookRefused | None:
        """Why nothing can be written now (read-only, shared, a cell being edited); None where it can."""
