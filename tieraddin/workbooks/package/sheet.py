"""One worksheet: its part, what was written to it, and reading both as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tieraddin.tables.layout import Area, KindGrid
from tieraddin.tables.values import Cell, Column
from tieraddin.workbooks.package.block import Block
from tieraddin.workbooks.package.cells import CellReader, ColumnReader
from tieraddin.workbooks.package.grid import GridBuilder, patched
from tieraddin.workbooks.package.parts import Parts
from tieraddin.workbooks.package.patch import Patch, around, common, pending
from tieraddin.workbooks.package.stream import SheetStream
from tieraddin.workbooks.package.survey import Survey
from tieraddin.workbooks.port import ERASE, KEEP, SheetState

LARGE = 1 << 20
"""Sheet parts of more bytes than this are read with the compiled scanner."""


@dataclass(eq=False)
class Sheet:
    """A worksheet of an open package.

    Attributes
    ----------
    name, state, part
        as the workbook part and its relationships say.
    parts, cells
        the package, and the reader of its cells' values.
    patches, widths
        what is to be saved.
    """

    name: str
    state: SheetState
    part: str
    parts: Parts
    cells: CellReader
    patches: list[Patch] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)

    def stream(self) -> SheetStream:
        """A new run through the part."""
        return SheetStream(self.parts.chunks(self.part), self.part, self.parts.size(self.part) > LARGE)

    @cached_property
    def survey(self) -> Survey:
        """The facts of the sheet as it is in the file."""
        survey = Survey()
        stream = self.stream()
        for block in stream:
            survey.see(block)
        survey.finish(stream)
        return survey

    def extent(self, tables: Sequence[Area]) -> Area | None:
        """The area of all cells, merged ranges and ``tables``."""
        areas = [*tables, *self.survey.merged, *(patch.area for patch in self.patches)]
        return around([*areas, self.survey.cells] if self.survey.cells else areas)

    def _blocks(self, first_row: int, last_row: int) -> Iterator[tuple[Block, int, int]]:
        """The blocks with any of these rows, and which of their cells are in them."""
        for block in self.stream():
            start, end = np.searchsorted(block.rows, [first_row, last_row + 1]).tolist()
            if start < end:
                yield block, int(block.first[start]), int(block.first[end])
            if len(block.rows) and block.rows[-1] >= last_row:
                return

    def read(self, area: Area) -> Iterator[list[Cell]]:
        """The values in ``area``, row by row, what was written included."""
        patches = [patch for patch in self.patches if common(patch.area, area)]
        row, blank = area.first_row, area.last_column - area.first_column + 1
        for block, start, end in self._blocks(area.first_row, area.last_row):
            rows, columns = block.cell_rows()[start:end], block.columns[start:end]
            inside = np.flatnonzero((columns >= area.first_column) & (columns <= area.last_column))
            found: dict[int, list[Cell]] = {}
            for i in inside.tolist():
                line = found.setdefault(int(rows[i]), [None] * blank)
                line[int(columns[i]) - area.first_column] = self.cells.value(block, start + i)
            last = min(int(block.rows[-1]), area.last_row)
            for number in range(row, last + 1):
                yield self._patched(patches, number, area, found.get(number) or [None] * blank)
            row = max(row, last + 1)
        for number in range(row, area.last_row + 1):
            yield self._patched(patches, number, area, [None] * blank)

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
        survey, stream, builder = Survey(), self.stream(), GridBuilder(self.name)
        for block in stream:
            survey.see(block)
            builder.put(block, self.cells.kinds(block))
        survey.finish(stream)
        self.__dict__.setdefault("survey", survey)
        grid = builder.finish()
        return patched(grid, self.patches) if self.patches else grid

    def read_columns(self, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """The cells of ``columns`` in these rows."""
        length = last_row - first_row + 1
        done = {number: ColumnReader(self.cells, length) for number in columns}
        for block, start, end in self._blocks(first_row, last_row):
            rows, numbers = block.cell_rows()[start:end], block.columns[start:end]
            for number, column in done.items():
                cells = np.flatnonzero(numbers == number)
                column.put(block, cells + start, (rows[cells] - first_row).astype(np.intp))
        return [self._patched_column(done[number].finish(), number, first_row) for number in columns]

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
