"""From the bytes of cells to their values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.values import DAYS_1904, Cell, CellError, Kind, from_serial, to_serial
from tieraddin.workbooks.package.block import Block, Type
from tieraddin.workbooks.package.strings import decode, inline_text, plain_texts, text_of
from tieraddin.workbooks.package.styles import Styles
from tieraddin.workbooks.package.values import Values

DATE_SERIALS = -693_593.0, 2_958_465.99999999
"""The serials of the first and the last moment that is a date here; others stay numbers."""

_KINDS = np.zeros(len(Type), np.uint8)
for _type, _kind in {
    Type.NUMBER: Kind.NUMBER,
    Type.SHARED: Kind.TEXT,
    Type.TEXT: Kind.TEXT,
    Type.INLINE: Kind.TEXT,
    Type.BOOLEAN: Kind.BOOLEAN,
    Type.ERROR: Kind.ERROR,
    Type.DATE: Kind.DATE,
}.items():
    _KINDS[_type] = _kind


class CellReader:
    """Reads values; knows the workbook's shared strings, styles and date system.

    Parameters
    ----------
    load_strings
        called at the first shared string met.
    styles
        the cell formats.
    date1904
        whether serials count from 1904.
    """

    def __init__(self, load_strings: Callable[[], list[str]], styles: Styles, date1904: bool) -> None:
        self._load_strings = load_strings
        self._styles = styles
        self._shift = DAYS_1904 if date1904 else 0

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        return self._load_strings()

    @cached_property
    def _filled(self) -> NDArray[np.bool_]:
        """Which shared strings hold text; the last is for an index that there is not."""
        return np.array([*map(bool, self.strings), False])

    def values(self, block: Block, compiled: bool) -> Values:
        """What the block's cells hold, read by the ``compiled`` reader or without it. Empty texts are blank."""
        kinds, numbers = _KINDS[block.types], np.full(len(block.types), np.nan)
        if compiled:
            from tieraddin.workbooks.package import fastcells

            plain, left = fastcells.read(block, kinds, numbers)
        else:
            empty = block.values[:, 1] <= block.values[:, 0]
            kinds[empty] = Kind.BLANK
            plain, left = b"", np.flatnonzero(~empty)
        values = Values(
            rows=block.rows.copy(),
            first=block.first,
            columns=block.columns.astype(np.uint16),
            kinds=kinds,
            numbers=numbers,
            plain=plain,
            plains=plain.count(b"\0"),
            others=[],
        )
        ways = {Type.NUMBER: self._put_numbers, Type.SHARED: self._put_indexes}
        ways |= {Type.TEXT: self._put_texts, Type.INLINE: partial(self._put_texts, inline=True)}
        for kind in np.flatnonzero(np.bincount(block.types[left])).tolist():
            ways.get(Type(kind), self._put_each)(values, block, left[block.types[left] == kind])
        shared = np.flatnonzero((block.types == Type.SHARED) & (kinds == Kind.TEXT))
        if len(shared):
            index = np.minimum(numbers[shared], len(self._filled) - 1).astype(np.intp)
            kinds[shared[~self._filled[index]]] = Kind.BLANK
        dates = np.flatnonzero((block.types == Type.NUMBER) & (kinds == Kind.NUMBER))
        dates = dates[self._styles.date_mask(block.styles[dates])]
        numbers[dates] += self._shift
        kinds[dates[(numbers[dates] > DATE_SERIALS[0]) & (numbers[dates] < DATE_SERIALS[1])]] = Kind.DATE
        return values

    def _put_numbers(self, values: Values, block: Block, cells: NDArray[np.intp]) -> None:
        try:
            values.numbers[cells] = list(map(float, block.raw(cells)))
            odd = cells[~np.isfinite(values.numbers[cells])]
        except ValueError:
            odd = cells
        for i in odd.tolist():
            self._put(values, i, _number(text_of(block.value(i))))

    def _put_indexes(self, values: Values, block: Block, cells: NDArray[np.intp]) -> None:
        raws = block.raw(cells)
        if b"".join(raws).isdigit():
            values.numbers[cells] = list(map(int, raws))
        else:
            self._put_each(values, block, cells)

    def _put_texts(self, values: Values, block: Block, cells: NDArray[np.intp], *, inline: bool = False) -> None:
        texts = plain_texts(block.raw(cells), inline=inline)
        if texts is None:
            self._put_each(values, block, cells)
            return
        values.numbers[cells] = -1 - values.plains - len(values.others) - np.arange(len(cells))
        values.kinds[cells[[not text for text in texts]]] = Kind.BLANK
        values.others.extend(texts)

    def _put_each(self, values: Values, block: Block, cells: NDArray[np.intp]) -> None:
        for i in cells.tolist():
            self._put(values, i, _value(int(block.types[i]), block.value(i)))

    def _put(self, values: Values, i: int, value: Cell) -> None:
        if isinstance(value, str):
            kind = Kind.ERROR if isinstance(value, CellError) else Kind.TEXT
            values.kinds[i] = kind if value else Kind.BLANK
            values.numbers[i] = -1 - values.plains - len(values.others)
            values.others.append(str(value))
        else:
            values.numbers[i] = to_serial(value) if isinstance(value, dt.datetime) else float(value)  # type: ignore[arg-type]


def _value(kind: int, raw: bytes) -> Cell:
    """The value of one cell that is no number: for a shared string its index, infinity for what is none."""
    if kind == Type.SHARED:
        return int(raw) if raw.strip().isdigit() else math.inf
    if kind == Type.BOOLEAN:
        return raw.strip() in (b"1", b"true")
    if kind == Type.DATE:
        return _iso_date(text_of(raw))
    text = inline_text(raw) if kind == Type.INLINE else decode(text_of(raw))
    return CellError(text) if kind == Type.ERROR else text


def _number(text: str) -> Cell:
    """The number a text says; the text itself where it says none."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _iso_date(text: str) -> Cell:
    """The date of a ``t="d"`` cell (ISO 8601), a time alone being on day 0; the text itself where it is no date."""
    try:
        if "-" not in text:
            return dt.datetime.combine(from_serial(0), dt.time.fromisoformat(text))
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
