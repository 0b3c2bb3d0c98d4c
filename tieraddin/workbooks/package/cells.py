"""From the bytes of cells to their values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.values import Cell, CellError, Column, Kind, from_serial, to_serial
from tieraddin.workbooks.package.block import Block, Type
from tieraddin.workbooks.package.strings import decode, inline_text, text_of
from tieraddin.workbooks.package.styles import Styles

DAYS_1904 = 1462
"""What a serial of the 1904 date system lacks to the 1900 one."""

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
_LONGEST_EMPTY = 64
"""An inline string of more bytes than this is taken to hold text without a look."""


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
        self.shift = DAYS_1904 if date1904 else 0

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        return self._load_strings()

    @cached_property
    def _empty_strings(self) -> set[int]:
        return {i for i, text in enumerate(self.strings) if not text}

    def kinds(self, block: Block, cells: NDArray[np.intp] | slice = slice(None)) -> NDArray[np.uint8]:
        """uint8: a `Kind` for each of ``cells`` (all when left out); empty texts are blank."""
        types, values = block.types[cells], block.values[cells]
        kinds = _KINDS[types]
        dates = (kinds == Kind.NUMBER) & self._styles.date_mask(block.styles[cells])
        kinds[dates] = Kind.DATE
        length = values[:, 1] - values[:, 0]
        kinds[length == 0] = Kind.BLANK
        kinds[values[:, 0] < 0] = Kind.BLANK
        doubtful = (types == Type.INLINE) & (length <= _LONGEST_EMPTY)
        if self._empty_strings if np.any(types == Type.SHARED) else False:
            doubtful |= types == Type.SHARED
        for i in np.flatnonzero(doubtful & (kinds != Kind.BLANK)).tolist():
            if not self.text(int(types[i]), block.data[values[i, 0] : values[i, 1]]):
                kinds[i] = Kind.BLANK
        return kinds

    def value(self, block: Block, cell: int) -> Cell:
        """The value of one cell."""
        raw, kind = block.value(cell), int(block.types[cell])
        if not raw:
            return None
        if kind == Type.NUMBER:
            return self._number(text_of(raw), int(block.styles[cell]))
        if kind == Type.BOOLEAN:
            return raw.strip() in (b"1", b"true")
        if kind == Type.DATE:
            return _iso_date(text_of(raw))
        text = self.text(kind, raw)
        return CellError(text) if kind == Type.ERROR else text

    def _number(self, text: str, style: int) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return text
        if self._styles.is_date(style):
            try:
                return from_serial(number + self.shift)
            except OverflowError:
                return number
        return int(number) if text.strip().lstrip("+-").isdigit() else number

    def text(self, kind: int, raw: bytes) -> str:
        """The text of a value of one of the text types."""
        if kind == Type.SHARED:
            index = int(raw)
            return self.strings[index] if index < len(self.strings) else ""
        return inline_text(raw) if kind == Type.INLINE else decode(text_of(raw))


class ColumnReader:
    """Gathers a column's cells block by block.

    Parameters
    ----------
    cells
        the reader of single values.
    length
        how many cells the column has.
    """

    def __init__(self, cells: CellReader, length: int) -> None:
        self._cells = cells
        self._column = Column.blank(length)
        self._texts: dict[str, int] = {}
        self._shared: dict[bytes, int] = {}

    def put(self, block: Block, cells: NDArray[np.intp], places: NDArray[np.intp]) -> None:
        """Take in ``cells`` of a block; ``places`` says where in the column they go."""
        column, reader = self._column, self._cells
        kinds, types = reader.kinds(block, cells), block.types[cells]
        column.kinds[places] = kinds
        spots, data = block.values[cells].tolist(), block.data
        for kind in np.unique(types).tolist():
            chosen = np.flatnonzero((types == kind) & (kinds != Kind.BLANK))
            raws = [data[spots[i][0] : spots[i][1]] for i in chosen.tolist()]
            if kind in (Type.NUMBER, Type.BOOLEAN):
                column.numbers[places[chosen]] = [float(raw) for raw in raws]
            elif kind == Type.DATE:
                column.numbers[places[chosen]] = [to_serial(_iso_date(text_of(raw))) for raw in raws]
            elif kind == Type.SHARED:
                column.codes[places[chosen]] = [self._code(raw, kind) for raw in raws]
            else:
                texts = self._texts
                column.codes[places[chosen]] = [texts.setdefault(reader.text(kind, raw), len(texts)) for raw in raws]
        column.numbers[places[(kinds == Kind.DATE) & (types == Type.NUMBER)]] += reader.shift

    def _code(self, raw: bytes, kind: int) -> int:
        code = self._shared.get(raw)
        if code is None:
            code = self._shared[raw] = self._texts.setdefault(self._cells.text(kind, raw), len(self._texts))
        return code

    def finish(self) -> Column:
        """The column."""
        self._column.texts = list(self._texts)
        return self._column


def _iso_date(text: str) -> dt.datetime:
    """The date of a ``t="d"`` cell (ISO 8601); a time alone is on day 0."""
    if "-" not in text:
        return dt.datetime.combine(from_serial(0), dt.time.fromisoformat(text))
    return dt.datetime.fromisoformat(text).replace(tzinfo=None)
