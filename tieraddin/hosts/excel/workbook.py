"""The workbook port on a workbook that is open in Excel, through xlwings: blocks of cells, never single ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import product
from os import PathLike, fspath
from typing import Any

import xlwings as xw

from tieraddin.errors import WorkbookRefused
from tieraddin.hosts.excel import raw, writing
from tieraddin.hosts.excel.cells import rows_of
from tieraddin.hosts.excel.changes import Changes
from tieraddin.hosts.excel.charts import draw
from tieraddin.hosts.excel.looks import plain, set_look
from tieraddin.hosts.excel.raw import at
from tieraddin.language import say
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, Area, KindGrid, TableInfo, common, parse_area
from tieraddin.tables.values import Cell, Column
from tieraddin.workbooks.package import rules
from tieraddin.workbooks.package.patch import Patch
from tieraddin.workbooks.port import BookLink, Chart, DefinedName, Form, FormulaCell, Look, SheetState, Written
from tieraddin.workbooks.written import as_columns, height_of, taken

_STATES: dict[int, SheetState] = {-1: "visible", 0: "hidden", 2: "veryHidden"}
_HIDDEN = 0
_LINKS = 1
"""XlLink: to other workbooks."""
_OF_CELLS = 1
"""XlListObjectSourceType: a table of the sheet's own cells."""


def _sides(area: Area) -> tuple[tuple[int, int], tuple[int, int]]:
    return (area.first_row, area.last_row), (area.first_column, area.last_column)


class ExcelWorkbook:
    """An open workbook; see `tieraddin.workbooks.port.LiveWorkbook` for what the methods do.

    Nothing of it is remembered between calls: the person may have changed the workbook meanwhile.

    Parameters
    ----------
    book
        the workbook.
    stopped
        asked before each write: whether the person wants to stop (Esc).
    """

    def __init__(self, book: xw.Book, stopped: Callable[[], bool] = lambda: False) -> None:
        self.book = book
        self._stopped = stopped
        self._changes = Changes(book)

    # What is there

    @property
    def sheet_names(self) -> list[str]:
        """The worksheets' names, hidden ones too."""
        return [sheet.name for sheet in self.book.sheets]

    def sheet_state(self, sheet: str) -> SheetState:
        """Whether users see the sheet."""
        return _STATES.get(self._sheet(sheet).api.Visible, "hidden")

    def protected(self, sheet: str) -> bool:
        """Whether the sheet is protected."""
        return bool(self._sheet(sheet).api.ProtectContents)

    def used_range(self, sheet: str) -> Area | None:
        """The area of all cells, merged ranges and tables."""
        used = self._sheet(sheet).used_range
        area = raw.area_at(used.address)
        return None if area == (1, 1, 1, 1) and used.raw_value is None else area

    def read(self, sheet: str, area: str) -> list[list[Cell]]:
        """The values in an area."""
        try:
            wanted = parse_area(area)
        except ValueError:
            raise WorkbookRefused("workbooks.no_area", sheet=sheet, area=area) from None
        return raw.read(at(self._sheet(sheet), wanted))

    def kinds(self, sheet: str) -> KindGrid:
        """What each cell holds."""
        area = self.used_range(sheet) or Area(1, 1, 1, 1)
        return raw.kinds(raw.read(at(self._sheet(sheet), area)), area)

    def read_columns(self, sheet: str, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """Whole columns; those side by side in one call."""
        rules.check_columns(sheet, columns, first_row, last_row)
        target = self._sheet(sheet)
        found: dict[int, Column] = {}
        for first, last in writing.runs(sorted(set(columns))):
            block = raw.read(at(target, Area(first_row, first, last_row, last)))
            found |= {first + k: Column.of(cells) for k, cells in enumerate(zip(*block, strict=True))}
        return [found[column] for column in columns]

    def tables(self, sheet: str) -> list[TableInfo]:
        """The sheet's Excel tables."""
        return [self._info(table) for table in self._sheet(sheet).tables]

    def _info(self, table: xw.main.Table) -> TableInfo:
        area, heads, totals = raw.area_at(table.range.address), int(table.show_headers), int(bool(table.show_totals))
        if heads:
            row = raw.read(at(table.parent, area._replace(last_row=area.first_row)))[0]
            names = [str(cell) for cell in row]
        else:
            names = [column.Name for column in table.api.ListColumns]
        return TableInfo(table.name, area, heads, totals, names)

    def merged(self, sheet: str) -> list[Area]:
        """The sheet's merged ranges."""
        area = self.used_range(sheet)
        return self._merged_in(self._sheet(sheet), area) if area else []

    def _merged_in(self, sheet: xw.Sheet, area: Area) -> list[Area]:
        """The merged ranges that touch ``area``."""
        return writing.spans(
            sheet, area, lambda cells: cells.merge_cells, lambda cell: raw.area_at(cell.merge_area.address)
        )

    def _arrays_in(self, sheet: xw.Sheet, area: Area) -> list[Area]:
        """The array formulas that touch ``area``."""
        return writing.spans(
            sheet, area, lambda cells: cells.has_array, lambda cell: raw.area_of(cell.api.CurrentArray)
        )

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904."""
        return bool(self.book.api.Date1904)

    def formulas(self, sheet: str) -> Iterator[FormulaCell]:
        """The sheet's formulas: each cell has its own text."""
        target, area = self._sheet(sheet), self.used_range(sheet)
        if area is None:
            return
        cells = at(target, area)
        texts, values = rows_of(cells.formula), raw.read(cells)
        arrays = {span[:2]: span for span in self._arrays_in(target, area)}
        inside = {spot for span in arrays.values() for spot in product(*(range(a, b + 1) for a, b in _sides(span)))}
        for i, line in enumerate(texts):
            for j, text in enumerate(line):
                spot = (area.first_row + i, area.first_column + j)
                if not isinstance(text, str) or not text.startswith("=") or values[i][j] == text:
                    continue
                if spot in arrays or spot not in inside:
                    form = Form.ARRAY if spot in arrays else Form.CELL
                    yield FormulaCell(*spot, text[1:], form, arrays.get(spot, Area(*spot, *spot)))

    def names(self) -> list[DefinedName]:
        """The defined names."""
        found = []
        for name in self.book.names:
            sheet, _, own = name.name.rpartition("!")
            found.append(DefinedName(own, (name.refers_to or "").removeprefix("="), sheet.strip("'") or None))
        return found

    def links(self) -> list[BookLink]:
        """The other workbooks that formulas refer to, as Excel lists them."""
        return [BookLink(k, target) for k, target in enumerate(self.book.api.LinkSources(_LINKS) or (), 1)]

    def _sheet(self, name: str) -> xw.Sheet:
        for sheet in self.book.sheets:
            if sheet.name == name:
                return sheet
        raise WorkbookRefused("workbooks.no_sheet", file=self.book.name, sheet=name)

    def _table(self, sheet: str, name: str) -> xw.main.Table:
        for table in self._sheet(sheet).tables:
            if table.name.lower() == name.lower():
                return table
        raise WorkbookRefused("workbooks.no_table", sheet=sheet, table=name)

    # What is written

    def _writable(self, sheet: str, area: Area) -> xw.Sheet:
        """The sheet, refused where ``area`` leaves it or it is protected; the person is asked whether to go on."""
        target = self._sheet(sheet)
        if not (area[0] >= 1 <= area[1] and area.last_row <= LAST_ROW and area.last_column <= LAST_COLUMN):
            raise WorkbookRefused("workbooks.outside_sheet", sheet=sheet, row=area.first_row, column=area.first_column)
        self.check_writable(sheet)
        self.check_stopped()
        return target

    def check_writable(self, sheet: str) -> None:
        """Refuse a protected sheet."""
        if self.protected(sheet):
            raise WorkbookRefused("excel.protected", sheet=sheet)

    def check_stopped(self) -> None:
        """Stop where the person pressed Esc."""
        if self._stopped():
            raise WorkbookRefused("live.stopped")

    def write_results(
        self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Written]], reach: Area | None = None
    ) -> None:
        """Excel calculates by itself: refused."""
        raise WorkbookRefused("excel.calculates", book=self.book.name)

    def write(self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Written]]) -> None:
        """Write values."""
        self.write_columns(sheet, row, column, as_columns(rows))

    def write_columns(
        self,
        sheet: str,
        first_row: int,
        first_column: int,
        columns: Sequence[Sequence[Written]],
        like: int | None = None,
        number_formats: Sequence[str | None] | None = None,
    ) -> None:
        """Write whole columns side by side, each block of cells in one call."""
        height = height_of(sheet, columns, number_formats)
        if not height:
            return
        area = Area(first_row, first_column, first_row + height - 1, first_column + len(columns) - 1)
        target = self._writable(sheet, area)
        cells = writing.without_gaps(target, taken(columns, partial(self._tell_share, sheet)), area)
        patches = writing.patches(cells, area)
        rules.check_ranges(sheet, self._merged_in(target, area), self._arrays_in(target, area), Patch(area, cells))
        for table in self.tables(sheet):
            writing.check_headers(table, cells, area)
        formats = number_formats or [None] * len(columns)
        for patch in patches:
            self.check_stopped()
            writing.write(target, patch, like, formats[patch.area.first_column - first_column :], self._changes)

    def extend_table(self, sheet: str, table: str, headers: Sequence[str]) -> None:
        """Add columns at the right of an Excel table."""
        found = self._table(sheet, table)
        info = self._info(found)
        if found.api.SourceType != _OF_CELLS:
            raise WorkbookRefused("workbooks.table_fed", table=info.name)
        writing.check_names(info.name, [*info.columns, *headers])
        area = info.area
        if area.last_column + len(headers) > LAST_COLUMN:
            raise WorkbookRefused("workbooks.no_room", table=info.name, area=str(area))
        new = Area(area.first_row, area.last_column + 1, area.last_row, area.last_column + len(headers))
        target = self._writable(sheet, new)
        self._check_free(target, new)
        self._changes.undo_by(partial(writing.empty, at(target, new), formats=plain(target, new)))
        self._changes.undo_by(lambda: found.resize(at(target, area)))
        found.resize(at(target, area._replace(last_column=new.last_column)))
        if info.header_rows:
            at(target, new._replace(last_row=new.first_row)).raw_value = [
                [raw.written(header, new.first_row, new.first_column) for header in headers]
            ]

    def _check_free(self, sheet: xw.Sheet, area: Area) -> None:
        others = [*self._merged_in(sheet, area), *(table.area for table in self.tables(sheet.name))]
        taken = next((str(other) for other in others if common(other, area)), None)
        cells = at(sheet, area)  # a formula may show nothing
        if taken is None and (cells.api.HasFormula is not False or not raw.blank(raw.read(cells))):
            taken = str(area)
        if taken:
            raise WorkbookRefused("workbooks.occupied", sheet=sheet.name, area=str(area), taken=taken)

    def shrink_table(self, sheet: str, table: str, count: int) -> None:
        """Take the last columns out of an Excel table; their cells stay."""
        found = self._table(sheet, table)
        info = self._info(found)
        if not 1 <= count < len(info.columns):
            raise WorkbookRefused("workbooks.too_few_columns", table=info.name, count=count)
        target = self._writable(sheet, info.area)
        self._changes.undo_by(lambda: found.resize(at(target, info.area)))
        found.resize(at(target, info.area._replace(last_column=info.area.last_column - count)))

    def set_column_width(self, sheet: str, column: int, width: float) -> None:
        """Set a column's width where it has none yet."""
        target = self._writable(sheet, Area(1, column, 1, column))
        cell, standard = target.range((1, column)), target.api.StandardWidth
        if cell.column_width == standard:
            self._changes.undo_by(lambda: setattr(cell, "column_width", standard))
            cell.column_width = width

    def add_sheet(self, name: str, hidden: bool = False) -> None:
        """Add an empty worksheet at the end."""
        rules.check_sheet_name(name, self.sheet_names)
        self.check_stopped()
        active = self.book.sheets.active
        added = self.book.sheets.add(name, after=self.book.sheets[-1])
        self._changes.undo_by(added.delete)
        if hidden:
            added.api.Visible = _HIDDEN
        active.api.Activate()

    def set_charts(self, sheet: str, charts: Sequence[Chart]) -> None:
        """Let the sheet have these charts, and none of those that it had."""
        target = self._writable(sheet, Area(1, 1, 1, 1))
        old = list(target.charts)
        for chart in charts:
            self._changes.undo_by(draw(target, chart).delete)
        for drawn in old:
            self._changes.at_last(drawn.delete)

    def set_look(self, sheet: str, look: Look) -> None:
        """Let the sheet look so."""
        set_look(self._writable(sheet, Area(1, 1, 1, 1)), look, self._changes)

    def save(self, path: str | PathLike[str] | None = None) -> None:
        """Save to ``path``, or where the workbook came from."""
        self.book.save(None if path is None else fspath(path))

    # What only an open workbook has

    def changing(self) -> AbstractContextManager[None]:
        """All changes within, or none."""
        return self._changes.together()

    def tell(self, sentence: str) -> None:
        """Show ``sentence`` in the status bar."""
        self.check_stopped()
        self.book.app.status_bar = sentence

    def _tell_share(self, sheet: str, share: float) -> None:
        if self._changes.kept:
            self.tell(say("live.percent", sheet=sheet, percent=round(100 * share)))

    @property
    def active_sheet(self) -> str | None:
        """The sheet that the person looks at; None where it is no worksheet."""
        name: str = self.book.api.ActiveSheet.Name
        return name if name in self.sheet_names else None

    def selected(self) -> Area | None:
        """The cells that are marked on the active sheet, of several areas the first."""
        marked = self.book.app.impl.selection  # xlwings' own counts its cells, of which a sheet has too many for Excel
        return None if marked is None else raw.area_at(marked.address)

    def show(self, sheet: str) -> None:
        """Bring a sheet before the person."""
        self._sheet(sheet).api.Activate()

    def fault(self) -> WorkbookRefused | None:
        """Why nothing can be written now, None where it can."""
        about: Any = self.book.api
        for key, so in (
            ("live.read_only", about.ReadOnly),
            ("excel.shared", about.MultiUserEditing),
            ("excel.structure", about.ProtectStructure),
            ("excel.busy", not self.book.app.api.Ready),
        ):
            if so:
                return WorkbookRefused(key, book=self.book.name)
        return None
