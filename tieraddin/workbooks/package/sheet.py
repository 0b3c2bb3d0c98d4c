"""One worksheet: its part, what was written to it, and reading both as one."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from tieraddin.tables.layout import Area, KindGrid, common
from tieraddin.tables.values import Cell, Column
from tieraddin.workbooks.package.cells import CellReader
from tieraddin.workbooks.package.grid import GridBuilder, patched
from tieraddin.workbooks.package.parts import Parts
from tieraddin.workbooks.package.patch import Patch, around, pending
from tieraddin.workbooks.package.stream import SheetStream
from tieraddin.workbooks.package.survey import Survey
from tieraddin.workbooks.package.values import ColumnsBuilder, Values
from tieraddin.workbooks.port import ERASE, KEEP, Look, SheetState

MOST_KEPT = 40_000_000
"""The values of sheets with more cells than this are read again for each question (kept, they take 0.5 GB)."""
MOST_ROWS = 20_000
"""The columns of sheets with more rows than this are made again for each question, of the rows that are asked for."""
MOST_COLUMNS = 64
"""The columns of narrower sheets are made all at the first question for one."""


@dataclass(eq=False)
class Sheet:
    """A worksheet of an open package.

    Attributes
    ----------
    name, state, part
        as the workbook part and its relationships say.
    parts, cells
        the package, and the reader of its cells' values.
    patches, widths, look
        what is to be saved.
    """

    name: str
    state: SheetState
    part: str
    parts: Parts
    cells: CellReader
    patches: list[Patch] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    look: Look | None = None
    _survey: Survey | None = None
    _kept: list[Values] | None = None
    _columns: dict[int, Column] = field(default_factory=dict)

    def stream(self) -> SheetStream:
        """A new run through the part."""
        return SheetStream(self.parts.chunks(self.part), self.part, self.parts.size(self.part))

    @property
    def survey(self) -> Survey:
        """The facts of the sheet as it is in the file."""
        if self._survey is None:
            deque(self._run(), maxlen=0)
        return cast("Survey", self._survey)

    def renew(self) -> None:
        """The part was changed: what is known of it is asked anew."""
        self._survey = None
        self.forget()

    def forget(self) -> None:
        """Let go of the values kept."""
        self._kept = None
        self._columns.clear()

    def _run(self) -> Iterator[Values]:
        """The values of all cells as they are in the file; kept, and the survey made, when all were taken."""
        if self._kept is not None:
            yield from self._kept
            return
        survey, stream, kept, cells = Survey(), self.stream(), list[Values](), 0
        for block in stream:
            survey.see(block)
            values = self.cells.values(block, stream.compiled)
            cells += len(values.columns)
            if cells > MOST_KEPT:
                kept.clear()
            else:
                kept.append(values)
            if stream.large:
                yield values
        survey.finish(stream)
        self._survey = survey
        self._kept = kept if cells <= MOST_KEPT else None
        if not stream.large:  # read to its end, whatever is asked of it first
            yield from kept

    def _values(self, first_row: int, last_row: int) -> Iterator[Values]:
        """The values of which some are in these rows."""
        for values in self._run():
            if not len(values.rows) or values.rows[-1] < first_row:
                continue
            if values.rows[0] <= last_row:
                yield values
            if values.rows[-1] >= last_row:
                return

    def extent(self, tables: Sequence[Area]) -> Area | None:
        """The area of all cells, merged ranges and ``tables``."""
        areas = [*tables, *self.survey.merged, *(patch.area for patch in self.patches)]
        return around([*areas, self.survey.cells] if self.survey.cells else areas)

    def read(self, area: Area) -> Iterator[list[Cell]]:
        """The values in ``area``, row by row, what was written included."""
        patches = [patch for patch in self.patches if common(patch.area, area)]
        row, width = area.first_row, area.last_column - area.first_column + 1
        for values in self._values(area.first_row, area.last_row):
            found: dict[int, list[Cell]] = {}
            for number, column, value in values.inside(area, self.cells):
                found.setdefault(number, [None] * width)[column - area.first_column] = value
            last = min(int(values.rows[-1]), area.last_row)
            for number in range(row, last + 1):
                yield self._patched(patches, number, area, found.get(number) or [None] * width)
            row = max(row, last + 1)
        for number in range(row, area.last_row + 1):
            yield self._patched(patches, number, area, [None] * width)

    def _patched(self, patches: Sequence[Patch], row: int, area: Area, line: list[Cell]) -> list[Cell]:
        for i in range(len(line)) if patches else ():
            value = pending(patches, row, area.first_column + i)
            if value is ERASE:
                line[i] = None
            elif value is not KEEP:
                line[i] = _as_read(value)
        return line

    def kinds(self) -> KindGrid:
        """What each cell holds; blank rows and columns left out."""
        builder = GridBuilder(self.name)
        for values in self._run():
            builder.put(values)
        grid = builder.finish()
        return patched(grid, self.patches) if self.patches else grid

    def read_columns(self, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """The cells of ``columns`` in these rows."""
        _, left, end, right = self.survey.cells or (0, 0, 0, -1)
        if end > MOST_ROWS:
            found = self._built(columns, first_row, last_row)
        else:
            together = range(left, right + 1) if right - left < MOST_COLUMNS else ()
            self._columns |= self._built({*columns, *together} - self._columns.keys(), 1, end)
            found = {number: self._columns[number].span(first_row - 1, last_row) for number in columns}
        return [self._patched_column(found[number], number, first_row) for number in columns]

    def _built(self, columns: Collection[int], first_row: int, last_row: int) -> dict[int, Column]:
        """The cells of ``columns`` in these rows, as they are in the file."""
        builder = ColumnsBuilder(columns, first_row, last_row - first_row + 1, self.cells)
        for values in self._values(first_row, last_row) if columns else ():
            builder.put(values)
        return builder.finish()

    def _patched_column(self, column: Column, number: int, first_row: int) -> Column:
        area = Area(first_row, number, first_row + len(column) - 1, number)
        patches = [patch for patch in self.patches if common(patch.area, area)]
        if not patches:
            return column
        lines = (self._patched(patches, first_row + i, area, [column[i]]) for i in range(len(column)))
        return Column.of(line[0] for line in lines)


def _as_read(value: Cell) -> Cell:
    """A written value as it is read back."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value
