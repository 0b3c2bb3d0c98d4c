"""An engine for xlwings over openpyxl: Excel's answers as COM gives them, each call counted, any call made to fail.

`excel(path)` gives a book of xlwings' own API. What Excel does and openpyxl does not is done here: text is read as if
typed, whole numbers and errors come as pywin32 gives them, protected sheets refuse, a table's header is its
column's name. Names that begin with an underscore are the engine's own and not counted.
"""

from __future__ import annotations

import datetime as dt
import re
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table as XlTable
from openpyxl.worksheet.table import TableColumn

ERRORS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}
_FIRST = -2146828288
_NUMBER = re.compile(r"[-+]?[¥$]?(\d+(,\d{3})*(\.\d*)?|\.\d+)(e[-+]?\d+)?%?", re.I)
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|\d{1,2}:\d{2}(:\d{2})?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*[ -.]?\d+",
    re.I,
)
_MOST = 8_203
_NONE = -4142


class ComError(Exception):
    """What pywin32 raises where Excel refuses."""


class Calls:
    """What was asked of Excel."""

    def __init__(self) -> None:
        self.count, self.writes, self.fail_at = 0, 0, None

    def change(self) -> None:
        """A change; the one numbered ``fail_at`` fails."""
        self.writes += 1
        if self.fail_at == self.writes:
            raise ComError(f"change {self.writes} fails")


class _Counted:
    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name != "options":
            object.__getattribute__(self, "_app")._calls.count += 1
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and name != "options":
            self._app._calls.count += 1
        object.__setattr__(self, name, value)


class App(_Counted):
    def __init__(self) -> None:
        self._app = self
        self._calls, self._books, self._settings = Calls(), [], {}
        self._state = {
            "screen_updating": True,
            "enable_events": True,
            "display_alerts": True,
            "calculation": "automatic",
            "status_bar": False,
            "cut_copy_mode": None,
        }
        self._selection: Range | None = None
        self._skips_hidden = False
        self.api = SimpleNamespace(Ready=True, Workbooks=SimpleNamespace(Add=self.books.made))
        self.pid = 1

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def selection(self) -> Range | None:
        return self._selection


def _setting(name: str) -> property:
    def get(app: App) -> Any:
        return app._state[name]

    def put(app: App, value: Any) -> None:
        app._state[name] = value

    return property(get, put)


for _name in ("screen_updating", "enable_events", "display_alerts", "calculation", "status_bar", "cut_copy_mode"):
    setattr(App, _name, _setting(_name))


class Apps:
    def __init__(self) -> None:
        self._all: list[App] = []

    def __iter__(self) -> Any:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, pid: int) -> App:
        return self._all[0]

    def keys(self) -> list[int]:
        return [1] * len(self._all)


class Books(_Counted):
    def __init__(self, app: App) -> None:
        self._app = app

    @property
    def active(self) -> Book | None:
        return self._app._books[-1] if self._app._books else None

    def add(self) -> Book:
        book = Book(self._app, openpyxl.Workbook(), None, "Book1")
        self._app._books.append(book)
        return book

    def made(self, template: str) -> Book:
        """A new workbook of a file, as Excel's own Add makes it: with a number after the name, and nowhere saved."""
        path = Path(template)
        values = openpyxl.load_workbook(path, data_only=True)
        book = Book(self._app, openpyxl.load_workbook(path), values, f"{path.stem}1")
        self._app._books.append(book)
        return book

    def __iter__(self) -> Any:
        return iter(self._app._books)

    def __len__(self) -> int:
        return len(self._app._books)

    def __call__(self, key: Any) -> Book:
        return (
            self._app._books[key - 1] if isinstance(key, int) else next(b for b in self._app._books if b._name == key)
        )


class Book(_Counted):
    def __init__(self, app: App, book: Any, values: Any, name: str) -> None:
        self._app, self._book, self._values, self._name = app, book, values, name
        self._active, self._chart = 0, None
        outer = self

        class Api(SimpleNamespace):
            @property
            def ActiveSheet(self) -> Any:
                return SimpleNamespace(Name=outer._chart or outer._book.sheetnames[outer._active])

        self.api = Api(
            Date1904=book.epoch.year == 1904, ReadOnly=False, MultiUserEditing=False, ProtectStructure=False,
            LinkSources=lambda kind: None, Windows=lambda number: _Window(self), Styles=lambda name: _Normal(self),
        )  # fmt: skip
        self._plain = Cell(book.worksheets[0], 1, 1)
        self._sheets = [Sheet(self, sheet) for sheet in book.worksheets]

    @property
    def name(self) -> str:
        return self._name

    @property
    def fullname(self) -> str:
        return self._name

    @property
    def app(self) -> App:
        return self._app

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Any:
        found = [Name(self._app, name, text.value) for name, text in self._book.defined_names.items()]
        for sheet in self._book.worksheets:
            found += [
                Name(self._app, f"'{sheet.title}'!{name}", text.value) for name, text in sheet.defined_names.items()
            ]
        return Names(found)

    def save(self, path: Any = None, password: Any = None) -> None:
        self._app._calls.change()
        self._book.save(path or self._path)


class Names(list[Any]):
    def snapshot(self) -> list[Any]:
        """All at once, as xlwings wants them for a list."""
        return [(name._name, name) for name in self]


class Name(_Counted):
    def __init__(self, app: App, name: str, text: str) -> None:
        self._app, self._name, self._text = app, name, text

    @property
    def name(self) -> str:
        return self._name

    @property
    def refers_to(self) -> str:
        return f"={self._text}"


class Sheets(_Counted):
    def __init__(self, book: Book) -> None:
        self._app, self._of = book._app, book

    @property
    def active(self) -> Any:
        return self._of._sheets[self._of._active]

    def __iter__(self) -> Any:
        return iter([s for s in self._of._sheets if hasattr(s._ws, "cell")])

    def __len__(self) -> int:
        return len(self._of._sheets)

    def __call__(self, key: Any) -> Sheet:
        self._app._calls.count += 1
        return (
            self._of._sheets[key - 1]
            if isinstance(key, int)
            else next(s for s in self._of._sheets if s._ws.title == key)
        )

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> Sheet:
        self._app._calls.change()
        sheet = Sheet(self._of, self._of._book.create_sheet(name))
        self._of._sheets.append(sheet)
        self._of._active = len(self._of._sheets) - 1
        return sheet


class _SheetApi:
    StandardWidth = 8.43

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def Activate(self) -> None:
        self._sheet._of._active = self._sheet._of._sheets.index(self._sheet)

    @property
    def Visible(self) -> int:
        return {"visible": -1, "hidden": 0, "veryHidden": 2}[self._sheet._ws.sheet_state]

    @Visible.setter
    def Visible(self, value: int) -> None:
        self._sheet._ws.sheet_state = {-1: "visible", 0: "hidden", 2: "veryHidden"}[value]

    @property
    def ProtectContents(self) -> bool:
        return bool(self._sheet._ws.protection.sheet)


class Sheet(_Counted):
    def __init__(self, book: Book, ws: Any) -> None:
        self._app, self._of, self._ws = book._app, book, ws
        self._charts: list[Chart] = []
        self.api = _SheetApi(self)

    @property
    def name(self) -> str:
        return self._ws.title

    @property
    def book(self) -> Book:
        return self._of

    @property
    def index(self) -> int:
        return self._of._sheets.index(self) + 1

    def delete(self) -> None:
        self._app._calls.change()
        self._of._book.remove(self._ws)
        self._of._sheets.remove(self)
        self._of._active = 0

    def range(self, one: Any, two: Any = None) -> Range:
        if isinstance(one, str):
            left, top, right, bottom = range_boundaries(one)
            return Range(self, (top, left, bottom, right))
        corners = [(c._area[0], c._area[1]) if isinstance(c, Range) else c for c in (one, two or one)]
        return Range(self, (*corners[0], *corners[1]))

    @property
    def used_range(self) -> Range:
        ws = self._ws
        areas = [range_boundaries(str(r)) for r in ws.merged_cells.ranges] + [
            range_boundaries(t.ref) for t in ws.tables.values()
        ]
        spots = [(r, c) for (r, c), cell in ws._cells.items() if cell.value is not None or cell.has_style]
        rows = [r for r, _ in spots] + [a[1] for a in areas] + [a[3] for a in areas]
        columns = [c for _, c in spots] + [a[0] for a in areas] + [a[2] for a in areas]
        return Range(self, (min(rows), min(columns), max(rows), max(columns)) if rows else (1, 1, 1, 1))

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def charts(self) -> Charts:
        return Charts(self)


class Charts(_Counted):
    def __init__(self, sheet: Sheet) -> None:
        self._app, self._sheet = sheet._app, sheet

    def __iter__(self) -> Any:
        return iter(list(self._sheet._charts))

    def __len__(self) -> int:
        return len(self._sheet._charts)

    def add(self, left: Any, top: Any, width: Any, height: Any, **rest: Any) -> Chart:
        self._app._calls.change()
        self._sheet._charts.append(Chart(self._sheet))
        return self._sheet._charts[-1]


class Chart(_Counted):
    """A chart of which only Excel's own object is used, and that takes whatever is set; a new one draws something."""

    def __init__(self, sheet: Sheet) -> None:
        self._app, self._sheet = sheet._app, sheet
        self._series: list[Any] = [SimpleNamespace(Delete=lambda: self._series.pop(0))]
        self._axes: dict[tuple[int, int], Any] = {}
        collection = SimpleNamespace(NewSeries=self._new)

        def series(number: int | None = None) -> Any:
            collection.Count = len(self._series)
            return collection if number is None else self._series[number - 1]

        def axes(kind: int, group: int) -> Any:
            return self._axes.setdefault((kind, group), SimpleNamespace(TickLabels=SimpleNamespace()))

        xl = SimpleNamespace(SeriesCollection=series, Axes=axes, ChartTitle=SimpleNamespace(), Legend=SimpleNamespace())
        self.api = (None, xl)

    def _new(self) -> Any:
        self._app._calls.change()
        self._series.append(SimpleNamespace(AxisGroup=1))
        return self._series[-1]

    def delete(self) -> None:
        self._app._calls.change()
        self._sheet._charts.remove(self)


class Tables(_Counted):
    def __init__(self, sheet: Sheet) -> None:
        self._app, self._sheet = sheet._app, sheet

    def __iter__(self) -> Any:
        return iter([Table(self._sheet, table) for table in self._sheet._ws.tables.values()])

    def __len__(self) -> int:
        return len(self._sheet._ws.tables)


class Table(_Counted):
    def __init__(self, sheet: Sheet, table: XlTable) -> None:
        self._app, self._sheet, self._table = sheet._app, sheet, table
        self.api = SimpleNamespace(
            SourceType=3 if table.tableType == "queryTable" else 1,
            ListColumns=[SimpleNamespace(Name=column.name) for column in table.tableColumns],
        )

    @property
    def name(self) -> str:
        return self._table.displayName

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def range(self) -> Range:
        return self._sheet.range(self._table.ref)

    @property
    def show_headers(self) -> bool:
        return self._table.headerRowCount != 0

    @property
    def show_totals(self) -> bool:
        return bool(self._table.totalsRowCount)

    def resize(self, area: xw.Range) -> None:
        """Excel keeps the columns that stay, and names new ones after their cells, or by itself."""
        self._app._calls.change()
        area = area.impl if hasattr(area, "impl") else area
        top, left, bottom, right = area._area
        columns = self._table.tableColumns
        del columns[right - left + 1 :]
        for k in range(len(columns), right - left + 1):
            cell = self._sheet._ws.cell(top, left + k)
            if self._table.headerRowCount != 0 and cell.value is None:
                cell.value = f"Column{k + 1}"
            columns.append(TableColumn(id=max(c.id for c in columns) + 1, name=str(cell.value or f"Column{k + 1}")))
        self._table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        if self._table.autoFilter is not None:
            last = bottom - (self._table.totalsRowCount or 0)
            self._table.autoFilter.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{last}"


class Range(_Counted):
    def __init__(self, sheet: Sheet, area: tuple[int, int, int, int]) -> None:
        self._app, self._sheet, self._area = sheet._app, sheet, area
        self.options: Any = None

    def _cells(self, make: bool = False) -> Any:
        ws, (top, left, bottom, right) = self._sheet._ws, self._area
        for r in range(top, bottom + 1):
            yield [ws.cell(r, c) if make else ws._cells.get((r, c)) for c in range(left, right + 1)]

    def _shaped(self, rows: list[list[Any]]) -> Any:
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(map(tuple, rows))

    @property
    def api(self) -> Any:
        return SimpleNamespace(
            EntireRow=SimpleNamespace(Hidden=self._hidden()),
            Address=self.address,
            HasFormula=self._all(self._is_formula),
            CurrentArray=self._array(),
            Font=_Font(self),
            Interior=_Interior(self),
            Borders=SimpleNamespace(LineStyle=self._of_style(lambda cell: 1 if cell.border.left.style else _NONE)),
            NumberFormat=self._of_style(lambda cell: cell.number_format),
            HorizontalAlignment=self._of_style(lambda cell: cell.alignment.horizontal or 1),
            WrapText=self._of_style(lambda cell: bool(cell.alignment.wrap_text)),
        )

    def _of_style(self, known: Any) -> Any:
        """What is known of all cells alike, None where they differ."""
        plain = self._sheet._of._plain
        return self._all(lambda cell: known(plain if cell is None or isinstance(cell, MergedCell) else cell))

    def _restyle(self, change: Any) -> None:
        self._app._calls.change()
        self._refuse()
        for row in self._cells(make=True):
            for cell in row:
                if not isinstance(cell, MergedCell):
                    change(cell)

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def row(self) -> int:
        return self._area[0]

    @property
    def column(self) -> int:
        return self._area[1]

    @property
    def shape(self) -> tuple[int, int]:
        return self._area[2] - self._area[0] + 1, self._area[3] - self._area[1] + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> Range:
        r, c = self._area[0] + row - 1, self._area[1] + column - 1
        return Range(self._sheet, (r, c, r, c))

    @property
    def address(self) -> str:
        top, left, bottom, right = self._area
        first, last = f"${get_column_letter(left)}${top}", f"${get_column_letter(right)}${bottom}"
        return first if first == last else f"{first}:{last}"

    def _value(self, cell: Any) -> Any:
        if cell is None or isinstance(cell, MergedCell) or cell.value is None:
            return None
        value = cell.value
        if self._is_formula(cell) or isinstance(value, ArrayFormula):
            kept = self._sheet._of._values
            value = kept[self._sheet._ws.title].cell(cell.row, cell.column).value if kept else None
        if isinstance(value, str) and value in ERRORS and cell.data_type in ("e", "f"):
            return _FIRST + ERRORS[value]
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=dt.UTC)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return value
        return float(value)

    @property
    def raw_value(self) -> Any:
        return self._shaped([[self._value(cell) for cell in row] for row in self._cells()])

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self._app._calls.change()
        self._refuse()
        height, width = self._area[2] - self._area[0] + 1, self._area[3] - self._area[1] + 1
        rows = data if isinstance(data, (list, tuple)) else [[data] * width] * height
        assert {len(rows), *map(len, rows)} <= {height, width}, "the block has another size"
        if height * width > 1 and any(isinstance(v, str) and len(v) > _MOST for row in rows for v in row):
            raise ComError("a text too long to be taken with others")
        for cells, row in zip(self._cells(make=True), rows, strict=True):
            for cell, value in zip(cells, row, strict=True):
                if self._app._skips_hidden and self._sheet._ws.row_dimensions[cell.row].hidden:
                    continue
                if not isinstance(cell, MergedCell):
                    self._enter(cell, value)

    def _refuse(self) -> None:
        if self._sheet._ws.protection.sheet:
            raise ComError("the sheet is protected")

    def _enter(self, cell: Any, value: Any) -> None:
        """A value, as if typed."""
        form = cell.number_format
        if isinstance(value, str) and form != "@":
            value = _typed(value, cell)
        elif isinstance(value, str):
            value = value.removeprefix("'")
        elif isinstance(value, dt.datetime):
            value = value.replace(tzinfo=None)
        elif form == "@" and isinstance(value, float):
            value = repr(value)
        if value == "":
            value = None
        cell.value = None
        if isinstance(value, str) and value.startswith("=") and not isinstance(value, _Formula):
            cell.value, cell.data_type = value, "s"
            cell.quotePrefix = True
            cell._value = value
        else:
            cell.value = str(value) if isinstance(value, _Formula) else value
            if isinstance(value, str) and value in ERRORS and not isinstance(value, _Error):
                cell.data_type = "s"
        if form != "General":
            cell.number_format = form
        for table in self._sheet._ws.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            if table.headerRowCount != 0 and cell.row == top and left <= cell.column <= right:
                table.tableColumns[cell.column - left].name = str(cell.value)

    @property
    def formula(self) -> Any:
        def text(cell: Any) -> str:
            if cell is None or isinstance(cell, MergedCell) or cell.value is None:
                return ""
            return cell.value.text if isinstance(cell.value, ArrayFormula) else str(cell.value)

        rows = [[text(cell) for cell in row] for row in self._cells()]
        return self._shaped(rows)

    @formula.setter
    def formula(self, text: str) -> None:
        self._app._calls.change()
        next(self._cells(make=True))[0].value = text

    @staticmethod
    def _is_formula(cell: Any) -> bool:
        return cell is not None and not isinstance(cell, MergedCell) and cell.data_type == "f"

    def _all(self, known: Any) -> Any:
        answers = {known(cell) for row in self._cells() for cell in row}
        return answers.pop() if len(answers) == 1 else None

    def _array(self) -> Any:
        for cell in self._sheet._ws._cells.values():
            if isinstance(cell.value, ArrayFormula):
                left, top, right, bottom = range_boundaries(cell.value.ref)
                if top <= self._area[0] <= bottom and left <= self._area[1] <= right:
                    counts = SimpleNamespace(Count=bottom - top + 1), SimpleNamespace(Count=right - left + 1)
                    return SimpleNamespace(Row=top, Column=left, Rows=counts[0], Columns=counts[1])
        return None

    def _covering(self, areas: list[tuple[int, int, int, int]]) -> Any:
        """Whether all cells are within one of ``areas``, None for some."""
        top, left, bottom, right = self._area
        inside = 0
        for a, b, c, d in areas:
            inside += max(0, min(bottom, d) - max(top, b) + 1) * max(0, min(right, c) - max(left, a) + 1)
        return True if inside == (bottom - top + 1) * (right - left + 1) else False if not inside else None

    def _hidden(self) -> bool | None:
        shown = self._sheet._ws.row_dimensions
        hidden = {r in shown and bool(shown[r].hidden) for r in range(self._area[0], self._area[2] + 1)}
        return hidden.pop() if len(hidden) == 1 else None

    @property
    def left(self) -> float:
        return 48.0 * (self._area[1] - 1)

    @property
    def top(self) -> float:
        return 15.0 * (self._area[0] - 1)

    @property
    def width(self) -> float:
        return 48.0 * self.shape[1]

    @property
    def height(self) -> float:
        return 15.0 * self.shape[0]

    @property
    def has_array(self) -> Any:
        return self._covering(
            [
                range_boundaries(c.value.ref)
                for c in self._sheet._ws._cells.values()
                if isinstance(c.value, ArrayFormula)
            ]
        )

    @property
    def merge_cells(self) -> Any:
        return self._covering([range_boundaries(str(r)) for r in self._sheet._ws.merged_cells.ranges])

    @property
    def merge_area(self) -> Range:
        for r in self._sheet._ws.merged_cells.ranges:
            if r.min_row <= self._area[0] <= r.max_row and r.min_col <= self._area[1] <= r.max_col:
                return Range(self._sheet, (r.min_row, r.min_col, r.max_row, r.max_col))
        return self

    @property
    def number_format(self) -> str | None:
        return self._all(lambda cell: "General" if cell is None or isinstance(cell, MergedCell) else cell.number_format)

    @number_format.setter
    def number_format(self, form: str) -> None:
        self._app._calls.change()
        self._refuse()
        for row in self._cells(make=True):
            for cell in row:
                if not isinstance(cell, MergedCell):
                    cell.number_format = form

    @property
    def column_width(self) -> float:
        held = self._sheet._ws.column_dimensions
        letter = get_column_letter(self._area[1])
        return held[letter].width if letter in held and held[letter].customWidth else 8.43

    @column_width.setter
    def column_width(self, width: float) -> None:
        self._app._calls.change()
        letter = get_column_letter(self._area[1])
        if width == 8.43:
            self._sheet._ws.column_dimensions.pop(letter, None)
        else:
            self._sheet._ws.column_dimensions[letter].width = width

    def clear(self) -> None:
        self._app._calls.change()
        self._refuse()
        top, left, bottom, right = self._area
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                self._sheet._ws._cells.pop((r, c), None)

    def clear_formats(self) -> None:
        self._app._calls.change()
        self._refuse()
        for row in self._cells():
            for cell in row:
                if cell is not None and not isinstance(cell, MergedCell):
                    cell._style = copy(self._sheet._of._plain._style)

    def clear_contents(self) -> None:
        self._app._calls.change()
        self._refuse()
        for row in self._cells():
            for cell in row:
                if cell is not None and not isinstance(cell, MergedCell):
                    cell.value = None

    def copy(self, destination: Any = None) -> None:
        self._app._calls.change()
        self._app._clipboard = self

    def paste(self, paste: str, operation: Any = None, skip_blanks: bool = False, transpose: bool = False) -> None:
        assert paste == "formats"
        self._app._calls.change()
        self._refuse()
        for lent, row in zip(self._app._clipboard._cells(), self._cells(make=True), strict=True):
            for cell in row:
                if lent[0] is not None:
                    cell._style = copy(lent[0]._style)


def _letters(name: str, read: Any) -> property:
    """A property of the font of cells."""

    def put(font: _Font, value: Any) -> None:
        def change(cell: Any) -> None:
            font = copy(cell.font)
            setattr(font, name, value)
            cell.font = font

        font._range._restyle(change)

    return property(lambda font: font._range._of_style(lambda cell: read(cell.font)), put)


class _Font:
    def __init__(self, cells: Range) -> None:
        self._range = cells

    Bold = _letters("b", lambda font: bool(font.b))
    Italic = _letters("i", lambda font: bool(font.i))
    Name = _letters("name", lambda font: font.name or "")
    Size = _letters("sz", lambda font: font.sz or 11)
    Underline = _letters("u", lambda font: font.u or _NONE)
    Color = _letters("color", lambda font: str(font.color and (font.color.rgb, font.color.theme)))


class _Interior:
    """The fill of cells: in openpyxl a solid one, or none."""

    def __init__(self, cells: Range) -> None:
        self._range = cells

    @property
    def ColorIndex(self) -> int | None:
        return self._range._of_style(lambda cell: 6 if cell.fill.fill_type else _NONE)

    @property
    def Pattern(self) -> int | None:
        return self._range._of_style(lambda cell: 1 if cell.fill.fill_type else _NONE)

    @Pattern.setter
    def Pattern(self, pattern: int) -> None:
        if pattern == _NONE:
            self._range._restyle(lambda cell: setattr(cell, "fill", PatternFill()))

    @property
    def Color(self) -> int | None:
        def colour(cell: Any) -> int:
            if not cell.fill.fill_type:
                return 0xFFFFFF
            return int.from_bytes(bytes.fromhex(cell.fill.fgColor.rgb[-6:]), "little")

        return self._range._of_style(colour)

    @Color.setter
    def Color(self, colour: int) -> None:
        fill = PatternFill("solid", colour.to_bytes(3, "little").hex().upper())
        self._range._restyle(lambda cell: setattr(cell, "fill", fill))


class _Normal:
    """The style of cells that have none of their own."""

    NumberFormat, HorizontalAlignment, WrapText = "General", 1, False

    def __init__(self, book: Book) -> None:
        self.Font = _Font(SimpleNamespace(_of_style=lambda known: known(book._plain)))


class _Window:
    """The window of a workbook: what is said of its panes is meant for the sheet that it shows."""

    ScrollRow = ScrollColumn = 1

    def __init__(self, book: Book) -> None:
        self._app, self._of = book._app, book
        frozen = self._ws.freeze_panes
        column, row = coordinate_from_string(frozen) if frozen else ("A", 1)
        self.SplitColumn, self.SplitRow = column_index_from_string(column) - 1, row - 1

    @property
    def _ws(self) -> Any:
        return self._of._sheets[self._of._active]._ws

    @property
    def FreezePanes(self) -> bool:
        return self._ws.freeze_panes is not None

    @FreezePanes.setter
    def FreezePanes(self, frozen: bool) -> None:
        self._app._calls.change()
        at = self._ws.cell(self.SplitRow + 1, self.SplitColumn + 1)
        self._ws.freeze_panes = at if frozen else None


class _Formula(str):
    __slots__ = ()


class _Error(str):
    __slots__ = ()


def _typed(text: str, cell: Any) -> Any:
    """What Excel makes of a text that is typed."""
    if text.startswith("'"):
        return text[1:]
    if text.startswith("=") or (text[:1] in "+-@" and len(text) > 1 and not _NUMBER.fullmatch(text)):
        return _Formula(text if text.startswith("=") else f"={text}")
    if text in ERRORS:
        return _Error(text)
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if _NUMBER.fullmatch(text.strip()):
        return float(re.sub(r"[¥$,%]", "", text)) / (100 if text.endswith("%") else 1)
    if _DATE.fullmatch(text.strip()):
        return dt.datetime(2026, 1, 1)  # some date: not what was written
    return text


class Engine:
    name = "openpyxl"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps()


def excel(path: Path) -> xw.Book:
    """The workbook, open in the one application that is there."""
    engine = next((one for one in xw.engines if one.name == Engine.name), None)
    if engine is None:
        engine = xw.Engine(impl=Engine())
        xw.engines.add(engine)
    engine.activate()
    app = App()
    engine.impl.apps._all[:] = [app]
    values = openpyxl.load_workbook(path, data_only=True)
    book = Book(app, openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm"), values, path.name)
    book._path = path
    app._books.append(book)
    app._selection = Range(book._sheets[0], (1, 1, 1, 1))
    return xw.Book(impl=book)


def calls(book: xw.Book) -> Calls:
    """What was asked of Excel so far."""
    return book.impl._app._calls
