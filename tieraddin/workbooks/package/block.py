"""A run of whole rows of a sheet part: its bytes, and arrays that say where rows and cells stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Type(IntEnum):
    """How a cell's value is written (ECMA-376 part 1, 18.18.11, ST_CellType)."""

    NUMBER = 0
    SHARED = 1
    TEXT = 2
    INLINE = 3
    BOOLEAN = 4
    ERROR = 5
    DATE = 6


class Formula(IntEnum):
    """What formula a cell has."""

    NONE = 0
    PLAIN = 1
    SHARED = 2
    MASTER = 3
    RANGE = 4  # an array formula or a data table: belongs to a range of cells


_FORMULAS = {"shared": Formula.SHARED, "array": Formula.RANGE, "dataTable": Formula.RANGE}
GROUPED = (Formula.SHARED, Formula.MASTER)
"""The formulas of which several cells have one: ``si`` is the number of their group."""


def formula_kind(attributes: Mapping[str, str], filled: bool) -> Formula:
    """What formula an ``<f>`` element with these attributes is; ``filled``: whether it holds a text."""
    kind = _FORMULAS.get(attributes.get("t", ""), Formula.PLAIN)
    return Formula.MASTER if kind == Formula.SHARED and filled and "ref" in attributes else kind


TYPES = {
    "n": Type.NUMBER,
    "s": Type.SHARED,
    "str": Type.TEXT,
    "inlineStr": Type.INLINE,
    "b": Type.BOOLEAN,
    "e": Type.ERROR,
    "d": Type.DATE,
}


@dataclass(slots=True, eq=False)
class Block:
    """Whole rows of a sheet. Offsets are into ``data``; n rows, m cells.

    Attributes
    ----------
    rows
        int32 (n), the rows' numbers, ascending.
    row_spots
        int32 (n, 4): start, after the start tag, before the end tag, end; the last three equal in an empty tag.
    row_spans
        int32 (n, 2): where the value of the attribute ``spans`` stands, -1 without one.
    row_styles
        int32 (n): the row's own cell format, -1 without one.
    first
        int32 (n + 1): the cells of row i are ``first[i]`` to ``first[i + 1]``.
    columns, types, styles, formulas
        int32, uint8 (`Type`), int32, uint8 (`Formula`), each (m).
    groups
        int32 (m): the number of a shared formula, -1 without one.
    spots
        int32 (m, 2): start and end of the cell.
    values
        int32 (m, 2): inside of ``<v>``, or of ``<is>`` for an inline string; -1 without one.
    """

    data: bytes
    rows: NDArray[np.int32]
    row_spots: NDArray[np.int32]
    row_spans: NDArray[np.int32]
    row_styles: NDArray[np.int32]
    first: NDArray[np.int32]
    columns: NDArray[np.int32]
    types: NDArray[np.uint8]
    styles: NDArray[np.int32]
    formulas: NDArray[np.uint8]
    groups: NDArray[np.int32]
    spots: NDArray[np.int32]
    values: NDArray[np.int32]

    @classmethod
    def of(cls, data: bytes, rows: ArrayLike, cells: ArrayLike) -> Block:
        """A block from one tuple a row (number, first cell, 4 spots, 2 spans, style) and one a cell, in field order."""
        r = np.asarray(rows, np.int32).reshape(-1, 9)
        c = np.asarray(cells, np.int32).reshape(-1, 9)
        return cls(
            data,
            rows=r[:, 0],
            row_spots=r[:, 2:6],
            row_spans=r[:, 6:8],
            row_styles=r[:, 8],
            first=np.append(r[:, 1], np.int32(len(c))),
            columns=c[:, 0],
            types=c[:, 1].astype(np.uint8),
            styles=c[:, 2],
            formulas=c[:, 3].astype(np.uint8),
            groups=c[:, 4],
            spots=c[:, 5:7],
            values=c[:, 7:9],
        )

    def cell_rows(self) -> NDArray[np.int32]:
        """int32 (m): the row number of each cell."""
        return np.repeat(self.rows, np.diff(self.first))

    def raw(self, cells: NDArray[np.intp]) -> list[bytes]:
        """The bytes inside the ``<v>`` or ``<is>`` of cells that have one."""
        return [self.data[start:end] for start, end in self.values[cells].tolist()]

    def value(self, cell: int) -> bytes:
        """The bytes inside the cell's ``<v>`` or ``<is>``."""
        start, end = self.values[cell]
        return self.data[start:end] if start >= 0 else b""
