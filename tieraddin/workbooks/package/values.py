"""The values of a sheet's cells without the bytes they were read from, and columns made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.layout import Area
from tieraddin.tables.values import MOST_EXACT, Cell, CellError, Column, Kind, from_serial


class Strings(Protocol):
    """Has the workbook's shared strings."""

    @property
    def strings(self) -> Sequence[str]:
        """The texts by their index."""


@dataclass(slots=True, eq=False)
class Values:
    """What the cells of a block hold; n rows, m cells, about twelve bytes each beside their texts.

    Attributes
    ----------
    rows
        int32 (n), the rows' numbers, ascending.
    first
        int32 (n + 1): the cells of row i are ``first[i]`` to ``first[i + 1]``.
    columns
        uint16 (m).
    kinds
        uint8 (m): a `Kind`.
    numbers
        float64 (m): the number, 1 or 0 for a boolean, the 1900-system serial of a date; for text and errors the index
        of a shared string, or -1 - the index in `texts`; NaN for a blank, any other number for an empty text (which is
        blank as well).
    plain
        texts in UTF-8, each with a NUL after it, decoded when asked for.
    plains, others
        how many these are, and the texts that follow them.
    """

    rows: NDArray[np.int32]
    first: NDArray[np.int32]
    columns: NDArray[np.uint16]
    kinds: NDArray[np.uint8]
    numbers: NDArray[np.float64]
    plain: bytes
    plains: int
    others: list[str]

    def texts(self) -> list[str]:
        """The texts that are no shared strings."""
        return [*self.plain.decode().split("\0")[:-1], *self.others]

    def cell_rows(self) -> NDArray[np.int32]:
        """int32 (m): the row number of each cell."""
        return np.repeat(self.rows, np.diff(self.first))

    def cells(self, first_row: int, last_row: int) -> slice:
        """Which cells are in these rows."""
        start, end = np.searchsorted(self.rows, [first_row, last_row + 1]).tolist()
        return slice(int(self.first[start]), int(self.first[end]))

    def inside(self, area: Area, strings: Strings) -> Iterator[tuple[int, int, Cell]]:
        """Row, column and value of each cell in ``area`` that is not blank; empty texts are told."""
        rows, own = self.cells(area.first_row, area.last_row), list[str]()
        columns = self.columns[rows]
        wanted = (columns >= area.first_column) & (columns <= area.last_column) & ~np.isnan(self.numbers[rows])
        at = np.flatnonzero(wanted) + rows.start
        facts = (array[at].tolist() for array in (self.cell_rows(), self.columns, self.kinds, self.numbers))
        for row, column, kind, number in zip(*facts, strict=True):
            if kind not in (Kind.TEXT, Kind.ERROR):
                yield row, column, _single(kind, number)
                continue
            if number < 0:
                own = own or self.texts()
            text = strings.strings[int(number)] if number >= 0 else own[-1 - int(number)]
            yield row, column, CellError(text) if kind == Kind.ERROR else text


def _single(kind: int, number: float) -> Cell:
    if kind == Kind.BLANK:
        return ""
    if kind == Kind.BOOLEAN:
        return number == 1
    if kind == Kind.DATE:
        return from_serial(number)
    return int(number) if number.is_integer() and abs(number) < MOST_EXACT else number


class ColumnsBuilder:
    """Gathers the cells of some columns in some rows.

    Parameters
    ----------
    numbers
        the columns' numbers.
    first_row, length
        the row of the first cells, and how many each column has.
    strings
        has the shared strings; not asked before the first is met.
    """

    def __init__(self, numbers: Iterable[int], first_row: int, length: int, strings: Strings) -> None:
        self._first_row, self._last_row = first_row, first_row + length - 1
        self._builders = {number: _ColumnBuilder(length, strings) for number in numbers}

    def put(self, values: Values) -> None:
        """Take in what ``values`` have of the columns."""
        inside = values.cells(self._first_row, self._last_row)
        columns, places = values.columns[inside], values.cell_rows()[inside] - self._first_row
        kinds, numbers, texts = values.kinds[inside], values.numbers[inside], cache(values.texts)
        for number, builder in self._builders.items():
            at = np.flatnonzero(columns == number)
            builder.put(places[at], kinds[at], numbers[at], texts)

    def finish(self) -> dict[int, Column]:
        """The columns by their number."""
        return {number: builder.finish() for number, builder in self._builders.items()}


class _ColumnBuilder:
    """Gathers the cells of one column."""

    def __init__(self, length: int, strings: Strings) -> None:
        self._strings = strings
        self._column = Column.blank(length)
        self._texts: dict[str, int] = {}
        self._shared = np.zeros(0, np.int32)

    def put(
        self,
        places: NDArray[np.int32],
        kinds: NDArray[np.uint8],
        numbers: NDArray[np.float64],
        own_texts: Callable[[], list[str]],
    ) -> None:
        text = (kinds == Kind.TEXT) | (kinds == Kind.ERROR)
        column = self._column
        column.kinds[places] = kinds
        column.numbers[places] = np.where(text | (kinds == Kind.BLANK), np.nan, numbers)
        if text.any():
            column.codes[places[text]] = self._codes(numbers[text].astype(np.int64), own_texts)

    def _codes(self, indexes: NDArray[np.int64], own_texts: Callable[[], list[str]]) -> NDArray[np.int32]:
        codes, shared, index = np.empty(len(indexes), np.int32), indexes >= 0, self._texts
        if shared.any():
            codes[shared] = self._shared_codes(indexes[shared])
        if not shared.all():
            texts = list(map(own_texts().__getitem__, (-1 - indexes[~shared]).tolist()))
            index.update(zip([text for text in dict.fromkeys(texts) if text not in index], count(len(index))))
            codes[~shared] = list(map(index.__getitem__, texts))
        return codes

    def _shared_codes(self, indexes: NDArray[np.int64]) -> NDArray[np.int32]:
        strings, index = self._strings.strings, self._texts
        if not len(self._shared):
            self._shared = np.full(len(strings), -1, np.int32)
        for i in np.unique(indexes[self._shared[indexes] < 0]).tolist():
            self._shared[i] = index.setdefault(strings[i], len(index))
        return self._shared[indexes]

    def finish(self) -> Column:
        self._column.texts = list(self._texts)
        return self._column
