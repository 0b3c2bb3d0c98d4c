"""Where the cells of some rows stand, or would stand, in a block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tieraddin.workbooks.package.block import Block
from tieraddin.workbooks.package.survey import Survey

_STEP = 1 << 15  # more than a sheet has columns: row * _STEP + column is one sortable number


class Places:
    """A block's cells sorted by row and column."""

    def __init__(self, block: Block) -> None:
        self.block = block
        keys = block.cell_rows().astype(np.int64) * _STEP + block.columns
        self.order = np.argsort(keys, kind="stable") if np.any(keys[1:] <= keys[:-1]) else np.arange(len(keys))
        self.keys = keys[self.order]


class Window:
    """Some rows, known to the block or new.

    Attributes
    ----------
    rows
        int32 (w), their numbers, ascending.
    known, empty
        bool (w): the block has the row; has it as an empty tag.
    inside, inside_end
        int64 (w): just after the row's start tag, just before its end tag; for a new row both are its place.
    """

    def __init__(self, places: Places, rows: NDArray[np.int32]) -> None:
        block = places.block
        self.places, self.rows = places, rows
        n = len(block.rows)
        self._at = np.searchsorted(block.rows, rows)
        self.known = np.append(block.rows, -1)[self._at] == rows
        spots = np.vstack([block.row_spots, np.full((1, 4), len(block.data), np.int32)]).astype(np.int64)[self._at]
        self.inside = np.where(self.known, spots[:, 1], spots[:, 0])
        self.inside_end = np.where(self.known, spots[:, 2], spots[:, 0])
        self.empty = self.known & (spots[:, 1] == spots[:, 3])
        self._row = np.minimum(self._at, max(n - 1, 0))

    def cells(self, column: int) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
        """The column's cells in these rows.

        Returns
        -------
        cells, exists, starts, ends
            the cell's index where ``exists``, and the bytes it takes; elsewhere an empty place for it.
        """
        places, block = self.places, self.places.block
        wanted = self.rows.astype(np.int64) * _STEP + column
        at = np.searchsorted(places.keys, wanted)
        found = np.append(places.keys, -1)[at]
        exists = found == wanted
        cells = np.append(places.order, 0)[at]
        if not len(block.spots):
            return cells, exists, self.inside_end, self.inside_end
        spots = block.spots[cells].astype(np.int64)
        before = self.known & (found // _STEP == self.rows)  # a cell further right in the same row
        starts = np.where(before, spots[:, 0], self.inside_end)
        return cells, exists, starts, np.where(exists, spots[:, 1], starts)

    def spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the value of each row's ``spans`` stands; -1 without one."""
        spans = np.vstack([self.places.block.row_spans, np.full((1, 2), -1, np.int32)])
        at = np.where(self.known, self._at, len(spans) - 1)
        return spans[at, 0].astype(np.int64), spans[at, 1].astype(np.int64)

    def styles(self, survey: Survey, column: int) -> NDArray[np.int32]:
        """The cell format a new cell of the column gets from its row, else from its column."""
        own = np.append(self.places.block.row_styles, -1)[np.where(self.known, self._row, -1)]
        return np.where(own >= 0, own, survey.column_style(column)).astype(np.int32)
