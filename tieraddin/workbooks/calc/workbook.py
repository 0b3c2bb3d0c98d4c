"""The workbook port on a document that is open in LibreOffice Calc."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from operator import itemgetter
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area, KindGrid, TableInfo, common, parse_area
from tieraddin.tables.values import EPOCH, Cell, Column, Kind
from tieraddin.tables.view import trim
from tieraddin.workbooks.calc.charts import draw
from tieraddin.workbooks.calc.formats import Formats
from tieraddin.workbooks.calc.reading import ERRORS, area_of, cells_of, columns_of, each_of, formatted
from tieraddin.workbooks.calc.writing import Writer, arrays_in
from tieraddin.workbooks.package import rules
from tieraddin.workbooks.package.patch import Patch, around
from tieraddin.workbooks.port import (
    HEAD_FILL,
    KEEP,
    BookLink,
    Chart,
    DefinedName,
    Form,
    FormulaCell,
    Look,
    SheetState,
    Written,
)
from tieraddin.workbooks.written import as_columns, height_of

_EXCEL = 3
"""Formulas as .xlsx files have them (com.sun.star.sheet.AddressConvention)."""
_CONSTANTS = {"TRUE()", "FALSE()", "", *ERRORS.values()}
"""Formulas that stand for values of .xlsx files; that of an error is printed as nothing."""
_USUAL_WIDTH = 8.53
"""How many characters wide a column of no width of its own is."""
_CHARACTER, _CHARACTERS = 185, (150, 260)
"""The width of a character in hundredths of a millimetre, and between what it lies."""
_WEIGHTS, _BOLD = ("CharWeight", "CharWeightAsian"), 150.0
"""How heavy letters are, Chinese ones by themselves."""
_UNNAMED = "__Anonymous"
"""What LibreOffice calls areas that have a filter and are no tables."""


class CalcWorkbook:
    """An open document; see `tieraddin.workbooks.port.Workbook` for what the methods do.

    What is written is in the document at once; LibreOffice's own undo takes it back.

    Parameters
    ----------
    document
        the UNO object of a spreadsheet document.
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self._formats = Formats(document)
        null = document.NullDate
        self._day_zero = (dt.datetime(null.Year, null.Month, null.Day) - EPOCH).days

    # What is there

    @property
    def sheet_names(self) -> list[str]:
        """The sheets' names, hidden ones too."""
        return list(self.document.Sheets.ElementNames)

    def sheet_state(self, sheet: str) -> SheetState:
        """Whether users see the sheet."""
        return "visible" if self._sheet(sheet).IsVisible else "hidden"

    def protected(self, sheet: str) -> bool:
        """Whether the sheet is protected."""
        return bool(self._sheet(sheet).isProtected())

    def used_range(self, sheet: str) -> Area | None:
        """The area of all cells, merged ranges and tables."""
        used = self._used(sheet)
        return around([*([used] if used else []), *self.merged(sheet), *(table.area for table in self.tables(sheet))])

    def _used(self, sheet: str) -> Area | None:
        """The area of all cells that hold something or have a comment."""
        cursor = self._sheet(sheet).createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        area = area_of(cursor.RangeAddress)
        return None if area[:2] == area[2:] and cursor.getFormulaArray() == (("",),) else area

    def read(self, sheet: str, area: str) -> list[list[Cell]]:
        """The values in an area."""
        try:
            place = parse_area(area)
        except ValueError:
            raise WorkbookRefused("workbooks.no_area", sheet=sheet, area=area) from None
        columns = self._columns(sheet, place)
        return [list(row) for row in zip(*(column.cells() for column in columns), strict=True)]

    def _columns(self, sheet: str, area: Area) -> list[Column]:
        return columns_of(self._sheet(sheet), area, self._formats, self._day_zero)

    def kinds(self, sheet: str) -> KindGrid:
        """What each cell holds."""
        used = self._used(sheet)
        if used is None:
            return KindGrid(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros((0, 0), np.uint8))
        kinds = np.column_stack([column.kinds for column in self._columns(sheet, used)])
        rows, columns = (np.arange(first, last + 1, dtype=np.int32) for first, last in (used[::2], used[1::2]))
        return trim(KindGrid(rows, columns, kinds))

    def read_columns(self, sheet: str, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """Whole columns; those side by side are read at once."""
        rules.check_columns(sheet, columns, first_row, last_row)
        found: dict[int, Column] = {}
        wanted = sorted(set(columns))
        breaks = [i for i in range(1, len(wanted)) if wanted[i] != wanted[i - 1] + 1]
        for group in np.split(np.array(wanted, int), breaks) if wanted else ():
            area = Area(first_row, int(group[0]), last_row, int(group[-1]))
            found |= dict(zip(group.tolist(), self._columns(sheet, area), strict=True))
        return [found[number] for number in columns]

    def tables(self, sheet: str) -> list[TableInfo]:
        """The sheet's tables: LibreOffice calls them database ranges."""
        number = self._sheet(sheet).RangeAddress.Sheet
        found = []
        for name, table in self._database_ranges():
            if table.DataArea.Sheet == number:
                area = area_of(table.DataArea)
                heads = int(table.ContainsHeader)
                row = area._replace(last_row=area.first_row)
                headers = [str(cell or "") for cell in self.read(sheet, str(row))[0]] if heads else []
                found.append(TableInfo(name, area, heads, int(table.TotalsRow), headers))
        return found

    def _database_ranges(self) -> Iterator[tuple[str, Any]]:
        ranges = self.document.DatabaseRanges
        return ((name, ranges.getByName(name)) for name in ranges.ElementNames if not name.startswith(_UNNAMED))

    def merged(self, sheet: str) -> list[Area]:
        """The sheet's merged ranges, those beyond all that is filled too."""
        own, found = self._sheet(sheet), []
        for ranges, _ in formatted(own):
            if ranges.getByIndex(0).getCellByPosition(0, 0).IsMerged:
                for _, cell in each_of(own, ranges):
                    spot = own.createCursorByRange(cell)
                    spot.collapseToMergedArea()
                    found.append(area_of(spot.RangeAddress))
        return sorted(found)

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904."""
        return bool(self.document.NullDate.Year == 1904)

    def formulas(self, sheet: str) -> Iterator[FormulaCell]:
        """The sheet's formulas, written as in .xlsx files."""
        own = self._sheet(sheet)
        parser = self._parser()
        for place, cell in sorted(each_of(own, own.queryContentCells(16)), key=itemgetter(0)):
            area, form, tokens = place, Form.CELL, cell.getTokens()
            if cell.getArrayFormula():
                (area,), form = arrays_in(own, place), Form.ARRAY
                tokens = cells_of(own, area).getArrayTokens()
            text = parser.printFormula(tokens, cell.CellAddress)
            if area[:2] == place[:2] and text not in _CONSTANTS:
                yield FormulaCell(*place[:2], text, form, area)

    def _parser(self) -> Any:
        parser = self.document.createInstance("com.sun.star.sheet.FormulaParser")
        parser.FormulaConvention = _EXCEL
        return parser

    def names(self) -> list[DefinedName]:
        """The defined names."""
        parser = self._parser()
        places: list[tuple[str | None, Any]] = [(None, self.document.NamedRanges)]
        places += [(name, self._sheet(name).NamedRanges) for name in self.sheet_names]
        return [
            DefinedName(name, parser.printFormula(one.getTokens(), one.ReferencePosition), sheet)
            for sheet, names in places
            for name, one in ((name, names.getByName(name)) for name in names.ElementNames)
        ]

    def links(self) -> list[BookLink]:
        """The other workbooks that formulas refer to."""
        targets = self.document.ExternalDocLinks.ElementNames
        return [BookLink(number, target) for number, target in enumerate(targets, 1)]

    def _sheet(self, name: str) -> Any:
        if not self.document.Sheets.hasByName(name):
            raise WorkbookRefused("workbooks.no_sheet", file=self.document.Title, sheet=name)
        return self.document.Sheets.getByName(name)

    def _table(self, sheet: str, name: str) -> tuple[TableInfo, Any]:
        info = next((info for info in self.tables(sheet) if info.name.lower() == name.lower()), None)
        if info is None:
            raise WorkbookRefused("workbooks.no_table", sheet=sheet, table=name)
        return info, self.document.DatabaseRanges.getByName(info.name)

    # What is written

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
        """Write whole columns side by side."""
        height = height_of(sheet, columns, number_formats)
        if not height:
            return
        area = self._place(sheet, first_row, first_column, height, len(columns))
        own = self._sheet(sheet)
        patch = Patch(area, columns)
        rules.check_ranges(sheet, self.merged(sheet), arrays_in(own, area), patch)
        for table in self.tables(sheet):
            _check_headers(table, patch)
        writer = Writer(self.document, own, self._formats, self._day_zero, partial(self._tell_share, sheet))
        writer.put(area, columns, like, number_formats)

    def _tell_share(self, sheet: str, share: float) -> None:
        """Told how much of a write is done; where a person waits, they see it and may stop."""

    def _place(self, sheet: str, row: int, column: int, height: int, width: int) -> Area:
        """The area of a write, refused when it leaves the sheet or the sheet is protected."""
        area = rules.check_bounds(sheet, row, column, height, width)
        self.check_writable(sheet)
        return area

    def check_writable(self, sheet: str) -> None:
        """Refuse a protected sheet."""
        if self.protected(sheet):
            raise WorkbookRefused("calc.protected", sheet=sheet)

    def write_results(
        self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Written]], reach: Area | None = None
    ) -> None:
        """Refused: LibreOffice works out its formulas by itself."""
        raise WorkbookRefused("calc.own_results", sheet=sheet)

    def extend_table(self, sheet: str, table: str, headers: Sequence[str]) -> None:
        """Add columns at the right of a table."""
        info, target = self._table(sheet, table)
        area = info.area
        for k, header in enumerate(headers):
            rules.check_header(info.name, header, [*info.columns, *headers[:k]])
        height = area.last_row - area.first_row + 1
        new = self._place(sheet, area.first_row, area.last_column + 1, height, len(headers))
        others = [*self.merged(sheet), *(other.area for other in self.tables(sheet))]
        taken = next((str(other) for other in others if common(other, new)), None)
        if taken is None and any((column.kinds != Kind.BLANK).any() for column in self._columns(sheet, new)):
            taken = str(new)
        if taken:
            raise WorkbookRefused("workbooks.occupied", sheet=sheet, area=str(new), taken=taken)
        if info.header_rows:
            self.write_columns(sheet, area.first_row, new.first_column, [[h] for h in headers], like=area.last_column)
        target.DataArea = cells_of(self._sheet(sheet), area._replace(last_column=new.last_column)).RangeAddress

    def shrink_table(self, sheet: str, table: str, count: int) -> None:
        """Take the last columns out of a table; their cells stay."""
        info, target = self._table(sheet, table)
        area = info.area
        self._place(sheet, area.first_row, area.first_column, 1, 1)
        if not 1 <= count <= area.last_column - area.first_column:
            raise WorkbookRefused("workbooks.too_few_columns", table=table, count=count)
        left = area._replace(last_column=area.last_column - count)
        target.DataArea = cells_of(self._sheet(sheet), left).RangeAddress

    def set_column_width(self, sheet: str, column: int, width: float) -> None:
        """Set a column's width where it has none of its own: where it is as wide as the sheet's last column."""
        self._place(sheet, 1, column, 1, 1)
        columns = self._sheet(sheet).Columns
        target = columns.getByIndex(column - 1)
        if target.Width == columns.getByIndex(columns.Count - 1).Width:
            target.Width = _measured(columns, width)

    def add_sheet(self, name: str, hidden: bool = False) -> None:
        """Add an empty worksheet at the end."""
        rules.check_sheet_name(name, self.sheet_names)
        self.document.Sheets.insertNewByName(name, self.document.Sheets.Count)
        self._sheet(name).IsVisible = not hidden

    def set_charts(self, sheet: str, charts: Sequence[Chart]) -> None:
        """Draw charts in place of those that the sheet has."""
        self._place(sheet, 1, 1, 1, 1)
        own = self._sheet(sheet)
        for name in own.Charts.ElementNames:
            own.Charts.removeByName(name)
        for number, chart in enumerate(charts, 1):
            draw(own, f"{sheet} {number}", chart, self._formats)

    def set_look(self, sheet: str, look: Look) -> None:
        """Set weight and fill of all cells; the panes are those of the view, so only where the document has one."""
        self._place(sheet, 1, 1, 1, 1)
        own, used = self._sheet(sheet), self.used_range(sheet)
        if used is not None:
            for name in (*_WEIGHTS, "CellBackColor"):
                cells_of(own, used).setPropertyToDefault(name)
        for area in (*look.titles, *look.heads):
            cells_of(own, area).setPropertyValues(_WEIGHTS, (_BOLD, _BOLD))
        for area in look.heads:
            cells_of(own, area).CellBackColor = int.from_bytes(bytes(HEAD_FILL))
        columns = own.Columns
        for number, width in enumerate(look.widths):
            target = columns.getByIndex(number)
            target.Width = max(target.Width, _measured(columns, width))
        controller = self.document.CurrentController
        if look.frozen and own.IsVisible and controller is not None:
            active = controller.ActiveSheet
            controller.setActiveSheet(own)
            controller.freezeAtPosition(0, look.frozen)
            controller.setActiveSheet(active)

    def save(self, path: str | PathLike[str] | None = None) -> None:
        """Save where the document came from, or a copy as .xlsx or .ods to ``path``."""
        if path is None:
            self.document.store()
            return
        kind = self.document.Args[0]
        kind.Name, kind.Value = "FilterName", "calc8" if Path(path).suffix == ".ods" else "Calc MS Excel 2007 XML"
        self.document.storeToURL(Path(path).resolve().as_uri(), (kind,))


def _measured(columns: Any, width: float) -> int:
    """``width`` characters in hundredths of a millimetre, by the sheet's last column: it has the usual width."""
    character = columns.getByIndex(columns.Count - 1).Width / _USUAL_WIDTH
    return round(width * (character if _CHARACTERS[0] < character < _CHARACTERS[1] else _CHARACTER))


def _check_headers(table: TableInfo, patch: Patch) -> None:
    """Refuse what can't be the name of a table's column, written over its header."""
    row = table.area.first_row
    here = common(table.area._replace(last_row=row), patch.area) if table.header_rows else None
    for column in range(here.first_column, here.last_column + 1) if here else ():
        value, at = patch.value(row, column), column - table.area.first_column
        if value is not KEEP:
            rules.check_header(table.name, value, [*table.columns[:at], *table.columns[at + 1 :]])
