"""The cells of a range of Calc as columns: two calls for the values, and one for each format that cells have."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from tieraddin.tables.layout import Area
from tieraddin.tables.values import Column, Kind
from tieraddin.workbooks.calc.formats import DATES, LOGICAL, Formats
from tieraddin.workbooks.package.cells import DATE_SERIALS

ERRORS = {32767: "#N/A", 519: "#VALUE!", 532: "#DIV/0!", 524: "#REF!", 525: "#NAME?", 503: "#NUM!", 521: "#NULL!"}
"""LibreOffice's numbers of Excel's errors; its own others are #VALUE! there too when saved."""


def cells_of(sheet: Any, area: Area) -> Any:
    """The range object of an area."""
    return sheet.getCellRangeByPosition(
        area.first_column - 1, area.first_row - 1, area.last_column - 1, area.last_row - 1
    )


def area_of(address: Any) -> Area:
    """The area of a range's address."""
    return Area(address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1)


def each_of(sheet: Any, ranges: Any) -> Iterator[tuple[Area, Any]]:
    """The cells of several ranges, each with its place."""
    for address in ranges.RangeAddresses:
        for row, column in product(
            range(address.StartRow, address.EndRow + 1), range(address.StartColumn, address.EndColumn + 1)
        ):
            yield Area(row + 1, column + 1, row + 1, column + 1), sheet.getCellByPosition(column, row)


def formatted(cells: Any) -> Iterator[tuple[Any, list[Area]]]:
    """Ranges of one format each, and where they are."""
    found = cells.getUniqueCellFormatRanges()
    for i in range(found.Count):
        ranges = found.getByIndex(i)
        yield ranges, [area_of(address) for address in ranges.RangeAddresses]


def columns_of(sheet: Any, area: Area, formats: Formats, day_zero: int) -> list[Column]:
    """The cells of an area, column by column; ``day_zero`` is the serial (of 1900) that the document calls 0."""
    cells = cells_of(sheet, area)
    columns = [_column(values) for values in zip(*cells.getDataArray(), strict=True)]
    for k, column in enumerate(columns):
        _put_errors(cells, k, column)
    for ranges, areas in formatted(cells):
        kind = formats.kind(ranges.NumberFormat)
        if kind & (DATES | LOGICAL):
            for part in areas:
                _put_kind(columns, area, part, kind, day_zero)
    return columns


def _column(values: tuple[Any, ...]) -> Column:
    """Numbers and texts as Calc hands them over: a blank is an empty text, None an error."""
    column, index = Column.blank(len(values)), dict[str, int]()
    for i, value in enumerate(values):
        if type(value) is float:
            column.kinds[i], column.numbers[i] = Kind.NUMBER, value
        elif value is None:
            column.kinds[i] = Kind.ERROR
        elif value:
            column.kinds[i], column.codes[i] = Kind.TEXT, index.setdefault(value, len(index))
    column.texts = list(index)
    return column


def _put_errors(cells: Any, k: int, column: Column) -> None:
    """Name the errors, which are asked for one by one."""
    at = np.flatnonzero(column.kinds == Kind.ERROR).tolist()
    texts = [ERRORS.get(cells.getCellByPosition(k, i).getError(), "#VALUE!") for i in at]
    known = [*column.texts, *ERRORS.values()]
    column.codes[at] = [len(column.texts) + known[len(column.texts) :].index(text) for text in texts]
    if at:
        column.texts = known


def _put_kind(columns: list[Column], area: Area, part: Area, kind: int, day_zero: int) -> None:
    """Numbers that are shown as dates are dates; 1 and 0 that are shown as yes and no are booleans."""
    rows = slice(part.first_row - area.first_row, part.last_row - area.first_row + 1)
    for column in columns[part.first_column - area.first_column : part.last_column - area.first_column + 1]:
        kinds, numbers = column.kinds[rows], column.numbers[rows]
        if kind & LOGICAL:
            kinds[(kinds == Kind.NUMBER) & ((numbers == 0) | (numbers == 1))] = Kind.BOOLEAN
        else:
            is_date = (kinds == Kind.NUMBER) & (numbers + day_zero > DATE_SERIALS[0])
            is_date &= numbers + day_zero < DATE_SERIALS[1]
            numbers[is_date] += day_zero
            kinds[is_date] = Kind.DATE
