"""Cells as they come and go over COM: no value lost to a conversion, errors as errors, dates as dates."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from xlwings.conversion import Accessor, Pipeline

from tieraddin.addin.blocks import Rows
from tieraddin.hosts.excel import error_values
from tieraddin.tables.values import Cell, CellError

_FIRST = -2146828288
"""SCODE of an error value: 0x800A0000, to which Excel adds the number of its error."""
_NUMBERS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
    "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CONNECT!": 2046, "#BLOCKED!": 2047, "#UNKNOWN!": 2048, "#FIELD!": 2049,
    "#CALC!": 2050,
}  # fmt: skip
"""XlCVError, and the errors of later versions."""
SCODES = {name: _FIRST + number for name, number in _NUMBERS.items()}
_ERRORS = {code: CellError(name) for name, code in SCODES.items()}
_OTHER = SCODES["#VALUE!"]

_TO_THE_END = re.compile(r"\$?[A-Z]+:\$?[A-Z]+|\$?\d+:\$?\d+|.*(\$1048576|:\$XFD\$?\d*)")
_AS_THEY_ARE = {str, float, bool}

if sys.platform == "win32":
    error_values.install()


class Cells(Accessor):
    """How xlwings is to hand arguments over (``xw.arg(name, Cells)``) and to take results (``xw.ret(Cells)``).

    A range arrives as rows of its cells, an array or a value as it is; blanks are None, errors `CellError`. A result
    may be a value or rows of values; errors leave as VT_ERROR, dates as VT_DATE.
    """

    @classmethod
    def reader(cls, options: dict[str, Any]) -> list[Any]:
        """The way in."""
        return Pipeline([_take])

    @classmethod
    def writer(cls, options: dict[str, Any]) -> list[Any]:
        """The way out."""
        return Pipeline([_give])


def _take(context: Any) -> None:
    context.value = cells_of(context.value) if context.range is None else read_range(context.range.api)


def _give(context: Any) -> None:
    context.value = variants(context.value)


def read_range(area: Any) -> Any:
    """The cells of Excel's Range ``area``; one that reaches the end of its sheet ends with the cells in use.

    A range of several areas is ``#VALUE!``.
    """
    address = area.GetAddress()
    if "," in address:
        return CellError("#VALUE!")
    if _TO_THE_END.fullmatch(address):
        area = _in_use(area)
    return in_full(area.Value, lambda: area.Value2)


def _in_use(area: Any) -> Any:
    """``area`` from its first cell to the last row and column that its sheet uses, one row and column at least."""
    used = area.Worksheet.UsedRange
    last_row, last_column = used.Row + used.Rows.Count - 1, used.Column + used.Columns.Count - 1
    height = min(area.Rows.Count, max(1, last_row - area.Row + 1))
    width = min(area.Columns.Count, max(1, last_column - area.Column + 1))
    return area.GetResize(height, width)


def rows_of(raw: Any) -> Sequence[Sequence[Any]]:
    """A value, a row or rows as rows."""
    if not isinstance(raw, (tuple, list)):
        return ((raw,),)
    return raw if raw and isinstance(raw[0], (tuple, list)) else (raw,)


def _kinds(raw: Any) -> set[type]:
    return set(map(type, chain.from_iterable(rows_of(raw))))


def in_full(raw: Any, plain: Callable[[], Any]) -> Any:
    """The cells of a Range by its Value, ``raw``; amounts of money by its Value2, which is asked for only with those.

    Of a currency format Value rounds to four decimals.
    """
    if Decimal in _kinds(raw):
        pairs = zip(rows_of(raw), rows_of(plain()), strict=True)
        raw = tuple(tuple(p if type(r) is Decimal else r for r, p in zip(*pair, strict=True)) for pair in pairs)
    return cells_of(raw)


def cells_of(raw: Any) -> Any:
    """What pywin32 makes of a VARIANT, or of an array of them, with error values as `CellError`.

    A whole number can only be such a code (or a number of VBA's own): cells hold doubles.
    """
    if int not in _kinds(raw):
        return raw
    return [[_ERRORS.get(cell, cell) if type(cell) is int else cell for cell in row] for row in rows_of(raw)]


def variants(result: Rows | Cell) -> list[Any]:
    """``result`` as rows that pywin32 turns into VARIANTs, and `error_values` completes: what Excel is to show."""
    rows: Sequence[Sequence[Cell]] = result if isinstance(result, list) else [(result,)]
    if _kinds(rows) <= _AS_THEY_ARE:
        return [list(rows[0])] if len(rows) == 1 else list(rows)  # pywin32 takes a tuple for several results
    skipped = (len(rows) == 1) + (len(rows) == len(rows[0]) == 1)  # what xlwings takes off
    error_values.leave(
        [
            ((i, j)[skipped:], SCODES.get(cell, _OTHER))
            for i, row in enumerate(rows)
            for j, cell in enumerate(row)
            if isinstance(cell, CellError)
        ]
    )
    return [[_variant(cell) for cell in row] for row in rows]


def _variant(cell: Cell) -> Any:
    match cell:
        case CellError():
            from pythoncom import ArgNotFound

            return ArgNotFound
        case None:
            return ""
        case bool() | str() | float():
            return cell
        case int():
            return float(cell)
        case dt.datetime():
            return cell.replace(tzinfo=dt.UTC)  # COM's dates have no zone; pywin32 asks for one
    return dt.datetime(cell.year, cell.month, cell.day, tzinfo=dt.UTC)
