"""The cells of a workbook as formulas see them: columns read once, ranges kept as blocks, our own results put in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from itertools import chain

import numpy as np

from tieraddin.addin.blocks import Block
from tieraddin.formulas.cells import Spot
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.formulas.order import Key
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, Area, TableInfo, column_letters, common
from tieraddin.tables.values import Cell, Kind
from tieraddin.workbooks.port import Workbook

KEPT_BLOCKS = 64
MOST_CELLS = 20_000_000
"""A range of more cells is not read."""


class BookCells:
    """A workbook as formulas see it; see `tieraddin.formulas.cells.Cells`.

    Parameters
    ----------
    book
        the workbook.
    areas
        the cells that our formulas fill, by formula; kept up to date by `put`. They do not count as used, so that
        a whole column is as long after a calculation as before, but where a range is meant that they are in.
    """

    def __init__(self, book: Workbook, areas: Mapping[Key, Area]) -> None:
        self.book = book
        self.areas = dict(areas)
        self.date1904 = book.date1904
        self._sheets = {name.lower(): name for name in book.sheet_names}
        self._tables = {info.name.lower(): (name, info) for name in book.sheet_names for info in book.tables(name)}
        self._names = {(n.sheet and n.sheet.lower(), n.name.lower()): n.text for n in book.names()}
        self._links = {link.number: link.target for link in book.links()}
        self._columns: dict[tuple[str, int], list[Cell]] = {}
        self._blocks: OrderedDict[tuple[str, Area], Block] = OrderedDict()
        self._extents: dict[str, tuple[int, int]] = {}
        self._cut: dict[tuple[str, Area], Area] = {}

    # Finding

    def sheet(self, name: str) -> str | None:
        """The sheet of this name, as it is written."""
        return self._sheets.get(name.lower())

    def table(self, name: str) -> tuple[str, TableInfo] | None:
        """The sheet and the layout of an Excel table."""
        return self._tables.get(name.lower())

    def table_at(self, spot: Spot) -> tuple[str, TableInfo] | None:
        """The Excel table that a cell is in."""
        for sheet, info in self._tables.values():
            area = info.area
            inside = (
                area.first_row <= spot.row <= area.last_row and area.first_column <= spot.column <= area.last_column
            )
            if sheet == spot.sheet and inside:
                return sheet, info
        return None

    def name(self, name: str, sheet: str) -> str | None:
        """The text of a defined name."""
        return self._names.get((sheet.lower(), name.lower())) or self._names.get((None, name.lower()))

    def link(self, number: int) -> str:
        """Where the file is that formulas call ``[number]``."""
        return self._links.get(number, "")

    def spilled(self, sheet: str, row: int, column: int) -> Area | None:
        """The area that one of our formulas fills."""
        return self.areas.get(Key(sheet, row, column))

    # Reading

    def used(self, sheet: str, area: Area) -> Area:
        """``area``, whole columns and rows cut to those in use."""
        whole_columns = area.first_row == 1 and area.last_row == LAST_ROW
        whole_rows = area.first_column == 1 and area.last_column == LAST_COLUMN
        if not whole_columns and not whole_rows:
            return area
        if (sheet, area) not in self._cut:
            ours = [own for key, own in self.areas.items() if key.sheet == sheet and common(own, area)]
            row, column = self._extent(sheet)
            row, column = max([row, *(own.last_row for own in ours)]), max([column, *(own.last_column for own in ours)])
            last_row = row if whole_columns else area.last_row
            self._cut[sheet, area] = area._replace(
                last_row=last_row, last_column=column if whole_rows else area.last_column
            )
        return self._cut[sheet, area]

    def _extent(self, sheet: str) -> tuple[int, int]:
        """The last row and column in use, our own results left out; at least 1."""
        if sheet not in self._extents:
            grid = self.book.kinds(sheet)
            filled = grid.kinds != Kind.BLANK
            for key, own in self.areas.items():
                if key.sheet == sheet:
                    r1, r2 = np.searchsorted(grid.rows, [own.first_row, own.last_row + 1])
                    c1, c2 = np.searchsorted(grid.columns, [own.first_column, own.last_column + 1])
                    filled[r1:r2, c1:c2] = False
            rows, columns = grid.rows[filled.any(axis=1)], grid.columns[filled.any(axis=0)]
            self._extents[sheet] = int(rows[-1]) if len(rows) else 1, int(columns[-1]) if len(columns) else 1
        return self._extents[sheet]

    def block(self, sheet: str, area: Area) -> Block:
        """The cells of an area; a large one is read once for all formulas that ask for it."""
        if area[:2] == area[2:]:
            return Block(self._cells(sheet, area.first_column, area.first_row, area.first_row), 1, 1)
        key = sheet, area
        if key not in self._blocks:
            height, width = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
            if height * width > MOST_CELLS:
                raise NotWorkedOut("too_large", area=area)
            columns = range(area.first_column, area.last_column + 1)
            parts = [self._cells(sheet, column, area.first_row, area.last_row) for column in columns]
            cells = parts[0] if width == 1 else list(chain.from_iterable(zip(*parts, strict=True)))
            self._blocks[key] = Block(cells, height, width)
            if len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(key)
        return self._blocks[key]

    def _cells(self, sheet: str, column: int, first: int, last: int) -> list[Cell]:
        cells = self._column(sheet, column)[first - 1 : last]
        return cells + [None] * (last - first + 1 - len(cells))

    def _column(self, sheet: str, column: int) -> list[Cell]:
        """A column from its first row on, as far as the sheet is used."""
        if (sheet, column) not in self._columns:
            used = self.book.used_range(sheet)
            cells: list[Cell] = []
            if used and used.first_column <= column <= used.last_column:
                letters = column_letters(column)
                cells = [cell for (cell,) in self.book.read(sheet, f"{letters}1:{letters}{used.last_row}")]
            self._columns[sheet, column] = cells
        return self._columns[sheet, column]

    # Results

    def put(self, key: Key, area: Area, block: Block) -> None:
        """Take in what a formula gives; what it filled before, and fills no more, is blank from now on."""
        before = self.areas[key]
        if before != area:
            self._fill(key.sheet, before, Block([None], 1, 1))
            self.areas[key] = area
            self._cut.clear()
        self._fill(key.sheet, area, block)

    def _fill(self, sheet: str, area: Area, block: Block) -> None:
        height = area.last_row - area.first_row + 1
        for k, column in enumerate(range(area.first_column, area.last_column + 1)):
            cells = self._column(sheet, column)
            cells += [None] * (area.last_row - len(cells))
            own = block.cells * height if block.is_single else block.cells[k :: block.width]
            cells[area.first_row - 1 : area.last_row] = own
        for key in [key for key in self._blocks if key[0] == sheet and common(key[1], area)]:
            del self._blocks[key]

    def free(self, key: Key, area: Area) -> None:
        """Refuse an area that a formula can't spill into.

        Raises
        ------
        NotWorkedOut
            it leaves the sheet, or cells of it hold something else.
        """
        rows, columns = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
        if area.last_row > LAST_ROW or area.last_column > LAST_COLUMN:
            raise NotWorkedOut("off_sheet", rows=rows, columns=columns)
        if self.table_at(Spot(*key)):
            raise NotWorkedOut("in_table")
        taken = next(iter(self._taken(key, area)), None)
        if taken:
            raise NotWorkedOut("occupied", area=area, taken=taken)

    def _taken(self, key: Key, area: Area) -> list[Area]:
        own = self.areas[key]
        tables = [info.area for sheet, info in self._tables.values() if sheet == key.sheet]
        found = [other for other in (*self.book.merged(key.sheet), *tables) if common(other, area)]
        for column in range(area.first_column, area.last_column + 1):
            inside = own.first_column <= column <= own.last_column
            for row, cell in enumerate(self._cells(key.sheet, column, area.first_row, area.last_row), area.first_row):
                if cell not in (None, "") and not (inside and own.first_row <= row <= own.last_row):
                    return [*found, Area(row, column, row, column)]
        return found
