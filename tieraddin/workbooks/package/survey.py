"""What one run through a sheet tells besides its values: extent, formulas, merged ranges, protection, formats."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.layout import Area, parse_area
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.block import Block, Formula
from tieraddin.workbooks.package.patch import around
from tieraddin.workbooks.package.stream import SheetStream

_REF = re.compile(rb"""\sref\s*=\s*["']([^"']+)["']""")


@dataclass(slots=True, frozen=True)
class Master:
    """The cell that holds the text of a shared formula, and the area the formula is shared in."""

    row: int
    column: int
    group: int
    area: Area
    cell: bytes


@dataclass(eq=False)
class Survey:
    """Facts of a sheet as it is in the file.

    Attributes
    ----------
    cells
        the area that holds all cells, None without any.
    masters
        the cells with the text of shared formulas.
    ranges
        the areas of array formulas and data tables.
    shell
        the sheet part without its rows.
    """

    cells: Area | None = None
    masters: list[Master] = field(default_factory=list)
    ranges: list[Area] = field(default_factory=list)
    shell: bytes = b""
    _formulas: list[NDArray[np.int32]] = field(default_factory=list)

    def see(self, block: Block) -> None:
        """Take in a block."""
        if not len(block.columns):
            return
        filled = np.flatnonzero(np.diff(block.first))
        seen = Area(
            int(block.rows[filled[0]]),
            int(block.columns.min()),
            int(block.rows[filled[-1]]),
            int(block.columns.max()),
        )
        self.cells = around([self.cells, seen]) if self.cells else seen
        with_formula = np.flatnonzero(block.formulas)
        if not len(with_formula):
            return
        rows, columns = block.cell_rows()[with_formula], block.columns[with_formula]
        self._formulas.append(np.stack([rows, columns, block.groups[with_formula]]))
        for i, row in zip(with_formula.tolist(), rows.tolist(), strict=True):
            kind = block.formulas[i]
            if kind in (Formula.MASTER, Formula.RANGE):
                start, end = block.spots[i].tolist()
                cell = block.data[start:end]
                reference = _REF.search(cell)
                area = (
                    parse_area(reference[1].decode())
                    if reference
                    else Area(row, int(block.columns[i]), row, int(block.columns[i]))
                )
                if kind == Formula.MASTER:
                    self.masters.append(Master(row, int(block.columns[i]), int(block.groups[i]), area, cell))
                else:
                    self.ranges.append(area)

    def finish(self, stream: SheetStream) -> None:
        """Take in what stands around the rows."""
        self.shell = stream.head + stream.tail
        self.part = stream.part

    @cached_property
    def formulas(self) -> NDArray[np.int32]:
        """int32 (3, n): row, column and shared group (or -1) of each formula cell."""
        return np.concatenate(self._formulas, axis=1) if self._formulas else np.zeros((3, 0), np.int32)

    @cached_property
    def root(self) -> markup.Element:
        """The elements of the shell."""
        return markup.parse_part(self.shell, self.part)

    @cached_property
    def merged(self) -> list[Area]:
        """The merged ranges."""
        element = self.root.first("mergeCells")
        cells = element.all("mergeCell") if element else []
        return [parse_area(cell.attributes["ref"]) for cell in cells]

    @cached_property
    def protected(self) -> bool:
        """Whether the sheet is protected."""
        element = self.root.first("sheetProtection")
        return element is not None and element.attributes.get("sheet") in ("1", "true")

    @cached_property
    def column_styles(self) -> dict[tuple[int, int], int]:
        """First and last column -> the cell format of the columns, where they have one."""
        element = self.root.first("cols")
        return {
            (int(col.attributes["min"]), int(col.attributes["max"])): int(col.attributes["style"])
            for col in (element.all("col") if element else [])
            if col.attributes.get("style")
        }

    def column_style(self, column: int) -> int:
        """The cell format that new cells of the column get."""
        return next((style for (low, high), style in self.column_styles.items() if low <= column <= high), 0)
