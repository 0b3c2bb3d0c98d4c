"""Cells as Calc hands them to a function, and results as it takes them.

Calc tells less of cells than Excel does. A range arrives as rows of numbers and texts: a blank is ``""``, TRUE is 1, a
date its serial. A reference to one cell is its value, 0 for a blank. Errors never arrive: where an argument holds one,
Calc does not call the function (a range with an error gives Err:504, anything else the error itself). An error in a
result is a NaN that holds its number.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias, get_args

from tieraddin.addin import calendars, kinds
from tieraddin.addin.blocks import Block, PassedOnError, Rows, ToldError
from tieraddin.addin.registry import Argument
from tieraddin.addin.sources import model_of
from tieraddin.errors import TieraddinError
from tieraddin.hosts.calc.speech import spoken
from tieraddin.hosts.faults import guarded, keep
from tieraddin.language import Language, use_language
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW
from tieraddin.tables.values import EPOCH, Cell, CellError
from udfs import FUNCTIONS

LARGEST = (LAST_ROW, LAST_COLUMN)
"""Rows and columns of a sheet; a range so long or wide ends with the last cell in use."""

_CODES = {
    "#N/A": 0x7FFF, "#VALUE!": 519, "#DIV/0!": 532, "#REF!": 524, "#NAME?": 525, "#NUM!": 503, "#NULL!": 521,
}  # fmt: skip
_QUIET = 0x7FF8_0000_0000_0000
_NANS: dict[str, float] = {
    name: struct.unpack("<d", struct.pack("<Q", _QUIET | code))[0] for name, code in _CODES.items()
}

_AS_THEY_ARE = {float, str}
_SERIALS = range(10_000, 2_958_466)
"""Numbers that are moved as dates: a yes or a no, 1 or 0, is none, nor is 20260131."""

_DATES = {get_args(alias)[1] for alias in (kinds.Dates, calendars.Workdays)}
_NEVER_ZERO = _DATES | {
    get_args(alias)[1] for alias in (kinds.Texts, kinds.Text, kinds.Language, kinds.ModelName, kinds.Options)
}
"""Kinds of arguments that no 0 can stand for: it is a reference to a blank cell."""
_OTHER_RANGES = {"headers", "among"}
"""Ranges that a 0 can't stand for either."""

CalcRows: TypeAlias = tuple[tuple[Any, ...], ...]


def answer(name: str, cells: Sequence[Any], null_date: tuple[int, int, int], lang: Language) -> CalcRows:
    """What a function gives for the arguments of a cell's formula.

    Parameters
    ----------
    name
        of the function, in capitals.
    cells
        for each argument None (left out), a value, or rows of values.
    null_date
        year, month and day of serial 0 in the workbook: 1899-12-30, 1904-01-01 or 1900-01-01.
    lang
        the language of LibreOffice itself.
    """
    use_language(spoken(lang))
    function = FUNCTIONS[name]
    first_day = dt.datetime(*null_date)
    later = (first_day - EPOCH).days
    given = {each.name: _argument(each, raw, later) for each, raw in zip(function.arguments, cells, strict=True)}
    given |= dict.fromkeys(_blank_rows(given))
    if later and "data" in given and _has_dates(function.arguments[0], given["model"]):
        fault = ToldError.of(TieraddinError("calc.other_days", day=first_day.date()))
        keep(name, fault)
        return _given(fault, first_day)
    return _given(guarded(function, *given.values()), first_day)


def _has_dates(argument: Argument, model: Block | None) -> bool:
    """Whether dates can stand in the ranges that ``model`` grades; which columns hold them Calc does not tell."""
    try:
        return any(field.kind == "date" for field in model_of(argument.value(model)).model.fields)
    except (TieraddinError, PassedOnError):  # the function itself will say what is wrong
        return False


def _argument(argument: Argument, raw: Any, later: int) -> Block | None:
    if raw is None or (raw == 0 and (argument.kind in _NEVER_ZERO or argument.name in _OTHER_RANGES)):
        return None
    block = _block(raw)
    if later and argument.kind in _DATES:
        return Block([_moved(cell, later) for cell in block.cells], block.height, block.width)
    return block


def _moved(cell: Cell, later: int) -> Cell:
    """A serial of the workbook as one of the 1900 system."""
    return cell + later if isinstance(cell, float) and _SERIALS.start <= cell < _SERIALS.stop else cell


def _blank_rows(given: Mapping[str, Block | None]) -> list[str]:
    """The argument, if any, that is the row of a population and arrived as 0, though it is a blank cell.

    ``data`` is where the population holds no 0, since its rows are sought there; ``values``, which may be any, where it
    holds a blank as well.
    """
    among = given.get("among")
    if among is None or 0 in among.cells:
        return []
    asked = ["data", "values"] if None in among.cells else ["data"]
    return [name for name in asked if (row := given.get(name)) is not None and row.cells == [0]]


def _block(raw: Any) -> Block:
    rows: Sequence[Sequence[Any]] = raw if isinstance(raw, tuple) else ((raw,),)
    width = len(rows[0])
    if len(rows) == LARGEST[0]:
        rows = rows[: max((i for i, row in enumerate(rows, 1) if any(cell != "" for cell in row)), default=1)]
    if width == LARGEST[1]:
        width = max((j for row in rows for j, cell in enumerate(row, 1) if cell != ""), default=1)
        rows = [row[:width] for row in rows]
    cells: list[Any] = [row[0] for row in rows] if width == 1 else list(chain.from_iterable(rows))
    if str in set(map(type, cells)):
        cells = [None if cell == "" else cell for cell in cells]
    return Block(cells, len(rows), width)


def _given(result: Rows | Cell, first_day: dt.datetime) -> CalcRows:
    rows = result if isinstance(result, list) else [(result,)]
    if set(map(type, chain.from_iterable(rows))) <= _AS_THEY_ARE:
        return tuple(rows)
    return tuple(tuple(_value(cell, first_day) for cell in row) for row in rows)


def _value(cell: Cell, first_day: dt.datetime) -> float | str:
    match cell:
        case CellError():
            return _NANS.get(str(cell), _NANS["#VALUE!"])
        case str():
            return cell
        case dt.datetime():
            return (cell.replace(tzinfo=None) - first_day) / dt.timedelta(days=1)
        case dt.date():
            return float((cell - first_day.date()).days)
        case None:
            return ""
    return float(cell)
