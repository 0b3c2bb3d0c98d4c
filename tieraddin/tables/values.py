"""What Excel's cells hold, and the Table that grading works on.

One cell is one of: ``None`` (blank), ``bool``, ``int``/``float``, ``str`` (text), ``datetime`` (a number that is shown
as a date) or `CellError`. Many cells are a `Column`: arrays, so that a million rows stay small.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int32]
Mask: TypeAlias = NDArray[np.bool_]


class CellError(str):
    """An error value of a cell, such as ``#N/A``: equal to its text, told apart by its class."""

    __slots__ = ()


Cell: TypeAlias = "bool | int | float | str | dt.datetime | dt.date | CellError | None"


class Kind:
    """What a cell holds: plain numbers, since numpy compares an array with those of an enum four times as slowly."""

    BLANK: Final = 0
    NUMBER: Final = 1
    TEXT: Final = 2
    BOOLEAN: Final = 3
    ERROR: Final = 4
    DATE: Final = 5


EPOCH = dt.datetime(1899, 12, 30)
"""Day 0 of date serials from 1 March 1900 on (Excel's 1900 system counts a 29 February 1900 that never was)."""
_DAY = dt.timedelta(days=1)
MOST_EXACT = 1e15
"""Spreadsheets keep 15 digits: a whole number below this has all of its own, and is written without a decimal point."""
DAYS_1904 = 1462
"""What a serial of the 1904 date system lacks to the 1900 one."""


def written_number(number: float) -> str:
    """The shortest text that reads back as the number, for a whole one without a decimal point."""
    return str(int(number)) if abs(number) < MOST_EXACT and number == int(number) else repr(float(number))


def to_serial(value: dt.date | dt.datetime) -> float:
    """The 1900-system serial of a date: days since `EPOCH`, the time of day as the fraction."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    if value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    serial = (value - EPOCH) / _DAY
    return serial if serial >= 61 else serial - 1


def from_serial(serial: float) -> dt.datetime:
    """The date of a 1900-system serial, to the millisecond."""
    days = serial if serial >= 61 else serial + 1
    return EPOCH + dt.timedelta(milliseconds=round(days * 86_400_000))


@dataclass(slots=True, eq=False)
class Column:
    """The cells of one column, as arrays of one length n.

    Attributes
    ----------
    kinds
        uint8, a `Kind` for each cell.
    numbers
        float64: the number; 1 or 0 for a boolean; the 1900-system serial for a date (a 1904 workbook's dates are
        moved over when read); NaN for the rest.
    codes
        int32: for text and errors the index into ``texts``, else -1.
    texts
        the distinct texts.
    """

    kinds: NDArray[np.uint8]
    numbers: Floats
    codes: Codes
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.kinds)

    @classmethod
    def blank(cls, n: int) -> Column:
        """A column of ``n`` blank cells."""
        return cls(np.zeros(n, np.uint8), np.full(n, np.nan), np.full(n, -1, np.int32), [])

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Column:
        """A column of single cells."""
        cells = list(cells)
        column = cls.blank(len(cells))
        types = set(map(type, cells))
        kinds = types - {type(None)}
        index: dict[Any, Any] = {}
        if str in kinds:
            index = dict.fromkeys(cells if types == {str} else [cell for cell in cells if type(cell) is str])
            if len(index) == len(cells):  # a text in each cell, all different
                column.codes[:] = np.arange(len(cells))
            else:
                index = dict(zip(index, range(len(index)), strict=True))
                column.codes[:] = list(map(index.get, cells, repeat(-1)))
            column.kinds[column.codes >= 0] = Kind.TEXT
        if kinds and kinds <= {float, int}:
            column.numbers[:] = np.array(cells, np.float64)  # None becomes NaN
        elif float in kinds:
            column.numbers[:] = [c if type(c) is float else math.nan for c in cells]
        column.kinds[~np.isnan(column.numbers)] = Kind.NUMBER
        if not kinds <= {float, int} and kinds - {str, float}:
            for i, cell in enumerate(cells):
                if type(cell) is not str and type(cell) is not float:
                    column._put(i, cell, index)
        column.texts = list(index)
        return column

    @classmethod
    def of_texts(cls, codes: Codes, texts: Sequence[str]) -> Column:
        """A column of texts: for each cell the index of its own, -1 for none; equal ``texts`` become one."""
        index = dict.fromkeys(texts)
        if len(index) < len(texts):
            place = dict(zip(index, range(len(index)), strict=True))
            codes = np.array([*map(place.__getitem__, texts), -1], np.int32)[codes]
        kinds = (codes >= 0).view(np.uint8) * np.uint8(Kind.TEXT)
        return cls(kinds, np.full(len(codes), np.nan), codes, list(index))

    @classmethod
    def joined(cls, columns: Sequence[Column]) -> Column:
        """The cells of one column after the other, at least one."""
        starts = np.cumsum([0, *(len(column.texts) for column in columns)])
        codes = [
            np.where(c.codes >= 0, c.codes + start, -1) for c, start in zip(columns, starts.tolist(), strict=False)
        ]
        return cls(
            np.concatenate([column.kinds for column in columns]),
            np.concatenate([column.numbers for column in columns]),
            np.concatenate(codes).astype(np.int32),
            [text for column in columns for text in column.texts],
        )

    def _put(self, i: int, cell: Cell, index: dict[str, int]) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            self.kinds[i] = Kind.ERROR if isinstance(cell, CellError) else Kind.TEXT
            self.codes[i] = index.setdefault(str(cell), len(index))
        elif isinstance(cell, (bool, np.bool_)):
            self.kinds[i], self.numbers[i] = Kind.BOOLEAN, cell
        elif isinstance(cell, dt.date):
            self.kinds[i], self.numbers[i] = Kind.DATE, to_serial(cell)
        elif not math.isnan(cell):  # a NaN is a blank
            self.kinds[i], self.numbers[i] = Kind.NUMBER, cell

    def cells(self) -> list[Cell]:
        """All cells, one by one."""
        kinds = set(self.kinds.tobytes())
        cells: list[Cell]
        if kinds == {Kind.NUMBER}:
            cells = self.numbers.tolist()
            return cells
        cells = list(map([*self.texts, None].__getitem__, self.codes.tolist()))
        for kind in kinds - {Kind.BLANK, Kind.TEXT}:
            at = np.flatnonzero(self.kinds == kind)
            source = [cells[i] for i in at.tolist()] if kind == Kind.ERROR else self.numbers[at].tolist()
            for i, value in zip(at.tolist(), source, strict=True):
                cells[i] = _MAKE[kind](value)
        return cells

    def __getitem__(self, i: int) -> Cell:
        kind = int(self.kinds[i])
        if not kind:
            return None
        code = int(self.codes[i])
        return _MAKE[kind](self.texts[code] if code >= 0 else float(self.numbers[i]))

    def take(self, rows: NDArray[np.intp] | Mask) -> Column:
        """The cells at ``rows`` (positions or a mask), in that order."""
        return Column(self.kinds[rows], self.numbers[rows], self.codes[rows], self.texts)

    def span(self, start: int, end: int) -> Column:
        """The cells at the positions from ``start`` to before ``end``, blank where there are none."""
        here = slice(start, end)
        part = Column(self.kinds[here].copy(), self.numbers[here].copy(), self.codes[here].copy(), self.texts)
        missing = end - start - len(part)
        return Column.joined([part, Column.blank(missing)]) if missing else part

    def read_texts(self, read: Callable[[str], Any], dtype: type[np.generic]) -> tuple[NDArray[np.intp], NDArray[Any]]:
        """Positions of the text cells, and what ``read`` makes of each: called once for each distinct text in use."""
        at = np.flatnonzero(self.kinds == Kind.TEXT)
        codes = self.codes[at]
        used = np.zeros(len(self.texts), bool)
        used[codes] = True
        results = np.array(list(map(read, compress(self.texts, used.tolist()))), dtype)
        return at, results[(np.cumsum(used) - 1)[codes]]


_MAKE: dict[int, Callable[[Any], Cell]] = {
    Kind.NUMBER: float,
    Kind.TEXT: str,
    Kind.BOOLEAN: bool,
    Kind.ERROR: CellError,
    Kind.DATE: from_serial,
}
"""What makes a cell of a number or a text."""


@dataclass(slots=True, eq=False)
class Table:
    """Columns under headers, one row a customer.

    Attributes
    ----------
    headers
        the header texts, one a column.
    columns
        the cells, all of one length n.
    rows
        int64, where each row came from: the row number on the sheet (from 1), or the record's number (from 1).
    """

    headers: list[str]
    columns: list[Column]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)
