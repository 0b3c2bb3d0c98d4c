"""Workbooks that are only read, from rows of cells: files of other kinds than .xlsx, such as .xls, .ods and .csv."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

import numpy as np

from tieraddin.tables.layout import Area, KindGrid, TableInfo, parse_area
from tieraddin.tables.values import Cell, Column, Kind
from tieraddin.tables.view import trim
from tieraddin.workbooks.port import SheetState

Rows = Sequence[Sequence[Any]]


@dataclass(eq=False)
class RowSheet:
    """A sheet.

    Attributes
    ----------
    load
        gives the rows, the first being row 1, as calamine tells their cells; they may differ in length. And the merged
        ranges, where the file's kind tells them. Called when the sheet is first looked at.
    """

    load: Callable[[], tuple[Rows, list[Area]]]
    state: SheetState = "visible"

    @cached_property
    def _read(self) -> tuple[list[Column], list[Area]]:
        rows, merged = self.load()
        return [Column.of(_as_cells(values)) for values in zip_longest(*rows)], merged

    @property
    def columns(self) -> list[Column]:
        """All cells, column by column, each as long as the sheet has rows."""
        return self._read[0]

    @property
    def merged(self) -> list[Area]:
        """The merged ranges."""
        return self._read[1]

    @cached_property
    def grid(self) -> KindGrid:
        """What the cells hold, blank rows and columns left out; a text of nothing is blank."""
        kinds = np.column_stack([_kinds(column) for column in self.columns]) if self.columns else _NOTHING
        rows, columns = (np.arange(1, size + 1, dtype=np.int32) for size in kinds.shape)
        return trim(KindGrid(rows, columns, kinds))

    def part(self, number: int, first_row: int, last_row: int) -> Column:
        """The cells of column ``number`` from ``first_row`` to ``last_row``, blank beyond the last one there is."""
        if number > len(self.columns):
            return Column.blank(last_row - first_row + 1)
        return self.columns[number - 1].span(first_row - 1, last_row)


def _as_cells(values: Sequence[Any]) -> Sequence[Cell]:
    """What calamine, or a reader of .csv, makes of cells, as cells; a text of nothing is blank."""
    if set(map(type, values)) <= {float, str, type(None)}:
        return [None if value == "" else value for value in values]
    return list(map(_as_cell, values))


def _as_cell(value: Any) -> Cell:
    """A time of day or a span is a part of a day, or so many days."""
    match value:
        case "":
            return None
        case dt.datetime():
            return value
        case dt.date():
            return dt.datetime(value.year, value.month, value.day)
        case dt.time():
            return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86_400
        case dt.timedelta():
            return value / dt.timedelta(days=1)
    return value  # type: ignore[no-any-return]


_NOTHING = np.zeros((0, 0), np.uint8)


def _kinds(column: Column) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The kinds of a column's cells; a text of nothing but spaces is no text."""
    empty = np.array([not text.strip() for text in column.texts] + [False])
    return np.where((column.kinds == Kind.TEXT) & empty[column.codes], Kind.BLANK, column.kinds).astype(np.uint8)


class RowBook:
    """An open workbook of rows, sheet by sheet; see `tieraddin.workbooks.port.Readable` for what the methods do."""

    def __init__(self, sheets: dict[str, RowSheet]) -> None:
        self.sheets = sheets

    @property
    def sheet_names(self) -> list[str]:
        """The sheets' names."""
        return list(self.sheets)

    def sheet_state(self, sheet: str) -> SheetState:
        """Whether users see the sheet."""
        return self.sheets[sheet].state

    def protected(self, sheet: str) -> bool:
        """Never: it is only read."""
        return False

    def used_range(self, sheet: str) -> Area | None:
        """The area of all cells that hold something."""
        grid = self.sheets[sheet].grid
        if not len(grid.rows):
            return None
        return Area(int(grid.rows[0]), int(grid.columns[0]), int(grid.rows[-1]), int(grid.columns[-1]))

    def read(self, sheet: str, area: str) -> list[list[Cell]]:
        """The values in an area."""
        top, left, bottom, right = parse_area(area)
        columns = self.read_columns(sheet, range(left, right + 1), top, bottom)
        return [[column[i] for column in columns] for i in range(bottom - top + 1)]

    def kinds(self, sheet: str) -> KindGrid:
        """What the cells hold."""
        return self.sheets[sheet].grid

    def read_columns(self, sheet: str, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """The cells of columns."""
        return [self.sheets[sheet].part(number, first_row, last_row) for number in columns]

    def tables(self, sheet: str) -> list[TableInfo]:
        """None: such files hold no Excel tables."""
        return []

    def merged(self, sheet: str) -> list[Area]:
        """The merged ranges, where the file's kind tells them."""
        return self.sheets[sheet].merged
