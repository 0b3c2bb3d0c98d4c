"""Merged cells of a source: the text or date that one shows counts for each row that it spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tieraddin.tables.detect import Found
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Column, Kind


def spread(columns: Sequence[Column], found: Found, merged: Sequence[Area]) -> dict[int, Column]:
    """The columns of a table of which merged cells were filled down, by their position.

    A number is not repeated: it may stand for all the rows together. A cell that holds something of its own keeps it.
    """
    done: dict[int, Column] = {}
    for area in merged:
        k = area.first_column - found.first_column
        first, end = np.searchsorted(found.rows, [area.first_row, area.last_row + 1]).tolist()
        if not 0 <= k < len(columns) or end - first < 2 or found.rows[first] != area.first_row:
            continue
        column = done.get(k, columns[k])
        below = np.arange(first + 1, end)[column.kinds[first + 1 : end] == Kind.BLANK]
        if column.kinds[first] not in (Kind.TEXT, Kind.DATE) or not len(below):
            continue
        column = done[k] = Column(column.kinds.copy(), column.numbers.copy(), column.codes.copy(), column.texts)
        for cells in (column.kinds, column.numbers, column.codes):
            cells[below] = cells[first]
    return done
