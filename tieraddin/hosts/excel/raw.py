"""Blocks of cells as xlwings hands them over raw, and as Excel is to take them: nothing is converted on the way."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import xlwings as xw

from tieraddin.errors import WorkbookRefused
from tieraddin.hosts.excel.cells import SCODES, in_full, rows_of
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, Area, KindGrid, column_letters, column_number
from tieraddin.tables.values import Cell, CellError, Kind
from tieraddin.tables.view import trim

LONGEST = 32_767
"""Characters that a cell holds."""
LONGEST_IN_BLOCK = 8_203
"""Characters of a text that Excel takes together with other cells."""
_SENTENCE = 60
"""A text so long is taken for no number and no date."""
_TRUTHS = {"true", "false"}
_KINDS: dict[type, int] = {type(None): Kind.BLANK, float: Kind.NUMBER, bool: Kind.BOOLEAN, CellError: Kind.ERROR}


def read(area: xw.Range) -> list[list[Cell]]:
    """The cells of ``area``, row by row, in one call (in two where it holds amounts of money)."""
    return [[_plain(cell) for cell in row] for row in rows_of(in_full(area.raw_value, lambda: area.api.Value2))]


def _plain(cell: Any) -> Cell:
    if isinstance(cell, dt.datetime):  # COM's dates have no zone, pywin32 gives them one
        return dt.datetime(cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second, cell.microsecond)
    return cell  # type: ignore[no-any-return]


def blank(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether no cell holds anything."""
    return all(cell is None or cell == "" for row in rows for cell in row)


def kinds(rows: Sequence[Sequence[Cell]], area: Area) -> KindGrid:
    """What the cells of ``area`` hold."""
    kind = np.fromiter(map(_kind, chain.from_iterable(rows)), np.uint8).reshape(len(rows), -1)
    numbers = [np.arange(first, last + 1, dtype=np.int32) for first, last in (area[::2], area[1::2])]
    return trim(KindGrid(numbers[0], numbers[1], kind))


def _kind(cell: Cell) -> int:
    if isinstance(cell, str) and not isinstance(cell, CellError):
        return Kind.TEXT if cell else Kind.BLANK
    return _KINDS.get(type(cell), Kind.DATE)


def written(cell: Any, row: int, column: int) -> Any:
    """``cell`` as Excel is to take it: Excel reads a text as if it were typed, so one that it could read otherwise is
    marked as a text.

    Raises
    ------
    WorkbookRefused
        what no cell can hold.
    """
    if isinstance(cell, np.generic):
        cell = cell.item()
    match cell:
        case None | bool():
            return cell
        case CellError():
            return str(cell) if cell in SCODES else f"'{cell}"
        case str():
            if len(cell) > LONGEST:
                at = f"{column_letters(column)}{row}"
                raise WorkbookRefused("workbooks.text_too_long", cell=at, text=cell[:20], limit=LONGEST)
            return cell if not cell or _stays_text(cell) else f"'{cell}"
        case float() | int():
            if not math.isfinite(cell):
                at = f"{column_letters(column)}{row}"
                raise WorkbookRefused("workbooks.not_finite", cell=at, value=str(cell))
            return float(cell)
        case dt.date():
            if cell.year < 1900:
                at = f"{column_letters(column)}{row}"
                raise WorkbookRefused("workbooks.date_too_early", cell=at, value=str(cell))
            day = cell if isinstance(cell, dt.datetime) else dt.datetime(cell.year, cell.month, cell.day)
            return day.replace(tzinfo=dt.UTC)
    at = f"{column_letters(column)}{row}"
    raise WorkbookRefused("workbooks.no_cell_value", cell=at, kind=type(cell).__name__)


def _stays_text(text: str) -> bool:
    """Whether Excel, typed into, keeps ``text`` as it is: no number, date, truth, error or formula."""
    if not text[0].isalpha() or text.casefold() in _TRUTHS:
        return False
    return len(text) > _SENTENCE or not any(map(str.isdigit, text))


def at(sheet: xw.Sheet, area: Area) -> xw.Range:
    """The range of ``area``."""
    return sheet.range(area[:2], area[2:])


def area_at(address: str) -> Area:
    """Where an address of Excel's is: ``$B$2``, ``$A$1:$C$3``, whole columns ``$A:$C`` or rows ``$1:$50``.

    Of several areas it is the first.
    """
    corners = [part.replace("$", "") for part in address.partition(",")[0].split(":")]
    letters = [corner.rstrip("0123456789") for corner in corners]
    rows = [int(corner[len(name) :] or end) for corner, name, end in zip(corners, letters, (1, LAST_ROW), strict=False)]
    columns = [column_number(name) if name else end for name, end in zip(letters, (1, LAST_COLUMN), strict=False)]
    return Area(rows[0], columns[0], rows[-1], columns[-1])


def area_of(cells: Any) -> Area:
    """Where Excel's own object of a range is."""
    top, left = cells.Row, cells.Column
    return Area(top, left, top + cells.Rows.Count - 1, left + cells.Columns.Count - 1)


def uniform(sheet: xw.Sheet, area: Area, known: Callable[[xw.Range], Any]) -> Iterator[tuple[Area, Any]]:
    """The parts of ``area`` within which ``known`` has one answer: Excel answers None where cells differ."""
    answer = known(at(sheet, area))
    if answer is not None or area[:2] == area[2:]:
        yield area, answer
        return
    (top, left, bottom, right) = area
    if bottom > top:
        half = (top + bottom) // 2
        parts = area._replace(last_row=half), area._replace(first_row=half + 1)
    else:
        half = (left + right) // 2
        parts = area._replace(last_column=half), area._replace(first_column=half + 1)
    for part in parts:
        yield from uniform(sheet, part, known)
