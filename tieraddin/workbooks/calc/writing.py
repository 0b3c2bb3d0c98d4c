"""Columns of values into a sheet of Calc, whole runs of rows at a time; what is to be kept is not touched."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area, common
from tieraddin.tables.values import CellError, to_serial
from tieraddin.workbooks.calc.formats import DATES, LOGICAL, Formats
from tieraddin.workbooks.calc.reading import area_of, cells_of, each_of, formatted
from tieraddin.workbooks.package.strings import MOST_CHARACTERS
from tieraddin.workbooks.package.styles import date_format, shows_date
from tieraddin.workbooks.port import ERASE, KEEP, Written
from tieraddin.workbooks.written import taken

_CONTENTS, _ALL_BUT_NOTES = 1 | 2 | 4 | 16, 1 | 2 | 4 | 16 | 32 | 64
"""What is cleared (com.sun.star.sheet.CellFlags): values, dates, texts, formulas; formats besides."""
_LENT = (
    "CellStyle", "NumberFormat", "CellBackColor", "IsCellBackgroundTransparent", "CellProtection", "HoriJustify",
    "VertJustify", "IsTextWrapped", "ShrinkToFit", "ParaIndent", "RotateAngle", "TopBorder", "BottomBorder",
    "LeftBorder", "RightBorder", "CharFontName", "CharFontNameAsian", "CharHeight", "CharHeightAsian", "CharWeight",
    "CharWeightAsian", "CharPosture", "CharPostureAsian", "CharColor", "CharUnderline", "CharStrikeout",
)  # fmt: skip
"""What of a cell's format is lent to another; conditional formats and rules of validity are not."""
_FILLING = '=""'
"""Stands in empty cells for a moment before a write: LibreOffice's undo leaves what a write put into empty cells."""

_AT_ONCE = 25_000
"""Rows that are written in one call; between two the person can stop."""

_Put = tuple[float | str, str]
"""What a cell is given (a number, or a text; "" empties it), and how: value, text, error, empty or erase."""


class Writer:
    """Writes to one sheet; ``tell`` gets the share of a write that is done, and may end it."""

    def __init__(
        self, document: Any, sheet: Any, formats: Formats, day_zero: int, tell: Callable[[float], None]
    ) -> None:
        self._document = document
        self._sheet = sheet
        self._formats = formats
        self._day_zero = day_zero
        self._tell = tell

    def put(
        self,
        area: Area,
        columns: Sequence[Sequence[Written]],
        like: int | None,
        number_formats: Sequence[str | None] | None,
    ) -> None:
        """Write ``columns`` to ``area``; see `tieraddin.workbooks.port.Workbook.write_columns`.

        Raises
        ------
        WorkbookRefused
            a value that no cell can hold; nothing is written then.
        """
        values = taken(columns, lambda share: self._tell(share / 2))
        puts = [
            [
                None if value is KEEP else self._put(value, area.first_row + i, area.first_column + k)
                for i, value in enumerate(column)
            ]
            for k, column in enumerate(values)
        ]
        notes = self._notes(area)
        for first, last, same in _alike(puts):
            for start, end in _runs(same):
                part = Area(area.first_row + start, area.first_column + first, area.first_row + end, 0)
                part = part._replace(last_column=area.first_column + last)
                for top in range(part.first_row, part.last_row + 1, _AT_ONCE):
                    self._tell((1 + (top - area.first_row) / len(values[0])) / 2)
                    bottom = min(top + _AT_ONCE - 1, part.last_row)
                    self._write(part._replace(first_row=top, last_row=bottom), puts, area, notes)
                if like is not None:
                    self._lend(like, part)
        for k, column in enumerate(values):
            own = number_formats[k] if number_formats else None
            self._format(area.first_row, area.first_column + k, column, own)

    def _put(self, value: Written, row: int, column: int) -> _Put:
        match value:
            case None | "":
                return "", "empty"
            case _ if value is ERASE:
                return "", "erase"
            case CellError():
                return str(value), "error"
            case str():
                if len(value) > MOST_CHARACTERS:
                    raise _refused(row, column, "text_too_long", text=value[:20], limit=MOST_CHARACTERS)
                return str(value), "text"
        if isinstance(value, dt.date):
            serial = to_serial(value) - self._day_zero
            if serial < 0 or serial + self._day_zero < 1:
                raise _refused(row, column, "date_too_early", value=str(value))
            return serial, "value"
        if not isinstance(value, (int, float, np.generic)):
            raise _refused(row, column, "no_cell_value", kind=type(value).__name__)
        if not math.isfinite(number := float(value)):
            raise _refused(row, column, "not_finite", value=str(value))
        return number, "value"

    def _notes(self, area: Area) -> set[tuple[int, int]]:
        """The cells of ``area`` that have a comment, which a write of many cells at once would take away."""
        notes = self._sheet.Annotations
        spots = (notes.getByIndex(i).Position for i in range(notes.Count))
        rows, columns = range(area.first_row - 1, area.last_row), range(area.first_column - 1, area.last_column)
        return {(spot.Row + 1, spot.Column + 1) for spot in spots if spot.Row in rows and spot.Column in columns}

    def _write(self, part: Area, puts: list[list[_Put | None]], area: Area, notes: set[tuple[int, int]]) -> None:
        """Write a part in which no cell is kept."""
        rows = range(part.first_row, part.last_row + 1)
        own = puts[part.first_column - area.first_column : part.last_column - area.first_column + 1]
        lines = list(zip(*(column[rows.start - area.first_row : rows.stop - area.first_row] for column in own),
                         strict=True))  # fmt: skip
        ways = {way for line in lines for _, way in line}
        if ways <= {"empty"} or ways <= {"erase"}:
            cells_of(self._sheet, part).clearContents(_CONTENTS if "empty" in ways else _ALL_BUT_NOTES)
            return
        single = [spot for spot in notes if spot[0] in rows and part.first_column <= spot[1] <= part.last_column]
        if not single:
            cells = cells_of(self._sheet, part)
            if cells.queryEmptyCells().Count:
                cells.setArrayFormula(_FILLING)
                cells.clearContents(_CONTENTS)
            cells.setDataArray(tuple(tuple(value for value, _ in line) for line in lines))
        for row, line in zip(rows, lines, strict=True):
            for column, (value, way) in enumerate(line, part.first_column):
                if single or way in ("error", "erase"):
                    self._write_one(self._sheet.getCellByPosition(column - 1, row - 1), value, way)

    @staticmethod
    def _write_one(cell: Any, value: float | str, way: str) -> None:
        match way:
            case "value":
                cell.setValue(value)
            case "text":
                cell.setString(value)
            case "error":
                cell.setFormula(f"={value}")
            case _:
                cell.clearContents(_CONTENTS if way == "empty" else _ALL_BUT_NOTES)

    def _lend(self, like: int, part: Area) -> None:
        """Give the cells of ``part`` the formats of column ``like`` in the same rows."""
        source = cells_of(self._sheet, part._replace(first_column=like, last_column=like))
        for ranges, areas in formatted(source):
            names = [
                name
                for name, state in zip(_LENT, ranges.getPropertyStates(_LENT), strict=True)
                if state.value == "DIRECT_VALUE"
            ]
            target = self._ranges(
                [lent._replace(first_column=part.first_column, last_column=part.last_column) for lent in areas]
            )
            if names:
                target.setPropertyValues(tuple(names), ranges.getPropertyValues(tuple(names)))

    def _ranges(self, areas: Sequence[Area]) -> Any:
        found = self._document.createInstance("com.sun.star.sheet.SheetCellRanges")
        found.addRangeAddresses(tuple(cells_of(self._sheet, area).RangeAddress for area in areas), False)
        return found

    def _format(self, first_row: int, column: int, values: Sequence[Written], own: str | None) -> None:
        """Show numbers as ``own`` says, and dates, yes and no as such in any case."""
        codes = [_code_for(value, own) for value in values]
        for code in dict.fromkeys(codes):
            if code is None:
                continue
            if code == "BOOLEAN":
                number, shown = self._formats.logical, LOGICAL
            else:
                number, shown = self._formats.number(code), DATES if own is None else 0
            runs = _runs([each == code for each in codes])
            areas = [Area(first_row + a, column, first_row + b, column) for a, b in runs]
            if shown:
                areas = [part for area in areas for part in self._not_shown(area, shown)]
            if areas:
                self._ranges(areas).NumberFormat = number

    def _not_shown(self, area: Area, kind: int) -> Iterator[Area]:
        """The parts of ``area`` whose format is of another kind."""
        for ranges, areas in formatted(cells_of(self._sheet, area)):
            if not self._formats.kind(ranges.NumberFormat) & kind:
                yield from areas


def _refused(row: int, column: int, why: str, **facts: str | int) -> WorkbookRefused:
    """Why the value of a cell can't be written."""
    return WorkbookRefused(f"workbooks.{why}", cell=str(Area(row, column, row, column)), **facts)


def _code_for(value: Written, own: str | None) -> str | None:
    """The number format that a value is written with, None where the cell's own does."""
    if value is KEEP or value is ERASE:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "BOOLEAN"
    if isinstance(value, dt.date) and not (own and shows_date(own)):
        return date_format(value)
    return own


def _alike(puts: Sequence[Sequence[_Put | None]]) -> Iterator[tuple[int, int, list[bool]]]:
    """Adjacent columns in which the same rows are written: the first, the last, and which rows."""
    masks = [[put is not None for put in column] for column in puts]
    for mask, group in groupby(range(len(masks)), key=lambda k: masks[k]):
        numbers = list(group)
        yield numbers[0], numbers[-1], mask


def _runs(mask: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last position of each run of yes."""
    edges = np.flatnonzero(np.diff([False, *mask, False])).tolist()
    return ((start, end - 1) for start, end in zip(edges[::2], edges[1::2], strict=True))


def arrays_in(sheet: Any, area: Area) -> list[Area]:
    """The areas of the array formulas of which cells are in ``area``."""
    found: list[Area] = []
    for here, cell in each_of(sheet, cells_of(sheet, area).queryFormulaCells(7)):
        if cell.getArrayFormula() and not any(common(other, here) for other in found):
            cursor = sheet.createCursorByRange(cell)
            cursor.collapseToCurrentArray()
            found.append(area_of(cursor.RangeAddress))
    return found
