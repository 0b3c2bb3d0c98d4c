"""Cells as a spreadsheet hands them to a function: blocks of raw values, told apart by their content."""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from types import NoneType
from typing import Any, TypeAlias

import numpy as np

from tieraddin.errors import TieraddinError
from tieraddin.tables.values import Cell, CellError, Column, Kind

Rows: TypeAlias = "list[tuple[Cell, ...]]"
"""An array as functions give it back; rows are tuples, which a million of cost least."""

_NUMBERS = {float, int, NoneType}
_PLAIN = {*_NUMBERS, str, bool}
_KEPT = {*_PLAIN, CellError, dt.datetime}


class CallError(TieraddinError):
    """What is wrong with a call, said in words; the cell shows ``error``.

    Parameters
    ----------
    error
        ``#VALUE!`` wrong kind, ``#NUM!`` out of range, ``#N/A`` not available.
    key
        the sentence: ``addin.fault_KEY``. It may name ``argument``, which is filled in where an argument is read.
    """

    def __init__(self, error: str, key: str, **facts: Any) -> None:
        super().__init__(f"addin.fault_{key}", **facts)
        self.error = error


class PassedOnError(Exception):
    """An error in is an error out: a cell that the whole result rests on holds ``error``."""

    def __init__(self, error: CellError) -> None:
        super().__init__(str(error))
        self.error = error


class ToldError(CellError):
    """An error value with a sentence beside it, ``told``, for hosts that can show one."""

    told: str

    @classmethod
    def of(cls, fault: TieraddinError) -> ToldError:
        """The error value of a fault."""
        error = cls(fault.error if isinstance(fault, CallError) else "#VALUE!")
        error.told = str(fault)
        return error


class ToldDate(dt.datetime):
    """A date with a sentence beside it, ``told``: what is to be known of how it was found."""

    told: str

    @classmethod
    def of(cls, date: dt.date, told: str) -> ToldDate:
        """``date`` with its sentence."""
        dated = cls(date.year, date.month, date.day)
        dated.told = told
        return dated


class Block:
    """A range, an array or a single value: ``height`` x ``width`` cells, row by row.

    Two blocks are equal when all their cells are, kinds included: 0, -0.0, FALSE, "" and a blank all differ. So a block
    can be part of the key of a cache: a changed cell makes another block.
    """

    def __init__(self, cells: list[Cell], height: int, width: int) -> None:
        self.cells = cells
        self.height = height
        self.width = width

    @classmethod
    def of(cls, raw: Any) -> Block:
        """The block of a value, a row (a flat sequence) or rows, as hosts hand them over.

        Raises
        ------
        CallError
            rows of unequal length, no cell at all, or a value that no cell can hold.
        """
        if isinstance(raw, Block):
            return raw
        raw = raw.tolist() if isinstance(raw, (np.ndarray, np.generic)) else raw
        if not isinstance(raw, (list, tuple)):
            return cls(_plain([raw]), 1, 1)
        nested = {issubclass(kind, (list, tuple)) for kind in set(map(type, raw))}
        rows = raw if nested == {True} else [raw]
        widths = set(map(len, rows))
        if len(nested) == 2 or len(widths) > 1:
            raise CallError("#VALUE!", "ragged")
        if not rows or widths == {0}:
            raise CallError("#VALUE!", "empty")
        (width,) = widths
        cells = [row[0] for row in rows] if width == 1 else list(chain.from_iterable(rows))
        return cls(_plain(cells), len(rows), width)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.height, self.width

    @property
    def is_single(self) -> bool:
        """Whether this is one cell."""
        return self.shape == (1, 1)

    @property
    def is_blank(self) -> bool:
        """Whether this is one blank cell, which is how an argument that is left out arrives as well."""
        return self.is_single and self.cells[0] is None

    def row(self, i: int) -> list[Cell]:
        """The cells of row ``i``."""
        return self.cells[i * self.width : (i + 1) * self.width]

    @property
    def rows(self) -> list[list[Cell]]:
        """All rows."""
        return [self.row(i) for i in range(self.height)]

    def below(self, first: int) -> Block:
        """The rows from ``first`` on."""
        return Block(self.cells[first * self.width :], self.height - first, self.width) if first else self

    @cached_property
    def column(self) -> Column:
        """All cells, row by row, as one column."""
        return _column(self.cells)

    @cached_property
    def columns(self) -> list[Column]:
        """The cells column by column."""
        return [_column(self.cells[k :: self.width]) for k in range(self.width)]

    def spread(self, results: Sequence[Cell]) -> Rows:
        """``results``, one a cell, in the shape of the block."""
        if self.width == 1:
            return [(result,) for result in results]
        return [tuple(results[i * self.width : (i + 1) * self.width]) for i in range(self.height)]

    @cached_property
    def key(self) -> bytes:
        """A digest of the shape and of every cell with its kind."""
        try:
            written = marshal.dumps(self.cells, 2)  # version 2: equal cells give equal bytes
        except ValueError:  # errors and dates are not written
            cells = [cell if type(cell) in _PLAIN else (type(cell).__name__, str(cell)) for cell in self.cells]
            written = marshal.dumps(cells, 2)
        return blake2b(written, digest_size=32, salt=self.width.to_bytes(4, "big")).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Block) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _plain(cells: list[Any]) -> list[Cell]:
    """``cells`` in the few kinds that cells have."""
    return cells if set(map(type, cells)) <= _KEPT else [_cell(cell) for cell in cells]


def _cell(value: Any) -> Cell:
    if type(value) in _KEPT:
        return value  # type: ignore[no-any-return]
    match value:
        case np.generic():
            return _cell(value.item())
        case CellError():
            return CellError(str(value))
        case bool() | int() | float() | Decimal():
            return float(value)
        case str():
            return str(value)
        case dt.datetime():
            return dt.datetime(*value.timetuple()[:6], value.microsecond)
        case dt.date():
            return dt.datetime(value.year, value.month, value.day)
    raise CallError("#VALUE!", "no_cell_value", kind=type(value).__name__)


def _column(cells: list[Cell]) -> Column:
    if not set(map(type, cells)) <= _NUMBERS:
        return Column.of(cells)
    numbers = np.array(cells, np.float64)
    kinds = np.where(np.isnan(numbers), Kind.BLANK, Kind.NUMBER).astype(np.uint8)
    return Column(kinds, numbers, np.full(len(cells), -1, np.int32), [])


def first_error(cells: Iterable[Cell]) -> CellError | None:
    """The first error among ``cells``, None where there is none."""
    return next((cell for cell in cells if isinstance(cell, CellError)), None)
