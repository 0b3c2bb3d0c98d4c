"""Excel's own objects, as far as the host calls them: each asks the engine of `tests.workbooks.xw_engine`."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from com_objects import Kind, given
from openpyxl.utils import get_column_letter as letters

from tests.workbooks import xw_engine as engine
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW

CALCULATION = {"automatic": -4105, "manual": -4135}
FORMATS = -4122


class Application(Kind):
    @property
    def Calculation(self):
        return CALCULATION[self.of.calculation]

    @Calculation.setter
    def Calculation(self, number):
        self.of.calculation = next(name for name, own in CALCULATION.items() if own == number)

    @property
    def Workbooks(self) -> "Workbooks":
        return Workbooks(self.of)

    @property
    def Selection(self) -> "Range":
        return Range(self.of._selection)

    @property
    def Ready(self):
        return True

    @property
    def Hwnd(self):
        return 0


given(Application)(
    ScreenUpdating="screen_updating", EnableEvents="enable_events", DisplayAlerts="display_alerts",
    StatusBar="status_bar", CutCopyMode="cut_copy_mode",
)  # fmt: skip


class Workbooks(Kind):
    @property
    def Count(self):
        return len(self.of.books)

    def Add(self, Template=None) -> "Workbook":
        return Workbook(self.of.books.add() if Template is None else self.of.books.made(Template))

    def Item(self, Index) -> "Workbook":
        return Workbook(self.of.books(Index))


class Workbook(Kind):
    FullName = Name = property(lambda self: self.of.name)
    Path = property(lambda self: "")
    ReadOnly = MultiUserEditing = ProtectStructure = property(lambda self: False)
    Date1904 = property(lambda self: self.of.api.Date1904)
    Saved = property(lambda self: False, lambda self, value: None)

    @property
    def Application(self) -> "Application":
        return Application(self.of.app)

    @property
    def Worksheets(self) -> "Sheets":
        return Sheets(self.of)

    @property
    def ActiveSheet(self) -> "Worksheet":
        return Worksheet(self.of._sheets[self.of._active])

    def LinkSources(self, Type):
        return None

    def Windows(self, Index) -> "Window":
        return Window(engine._Window(self.of))

    def Styles(self, Index) -> "Style":
        return Style(engine._Normal(self.of))


class Sheets(Kind):
    Count = property(lambda self: len(self.of._sheets))

    def __iter__(self):
        return map(Worksheet, self.of._sheets)

    def NewEnum(self) -> "Worksheet":
        pass

    @property
    def Parent(self) -> "Workbook":
        return Workbook(self.of)

    def Item(self, Index) -> "Worksheet":
        return Worksheet(self.of.sheets(int(Index) if isinstance(Index, (int, float)) else Index))

    def Add(self, Before=None, After=None, Count=None, Type=None) -> "Worksheet":
        """Before the active sheet where no place is said, as Excel does."""
        added = self.of.sheets.add(name=f"Sheet{len(self.of._sheets) + 1}")
        _move(added, Before.of if Before else self.of._sheets[self.of._active])
        return Worksheet(added)


def _move(sheet, before):
    sheets, book = sheet._of._sheets, sheet._of._book
    sheets.remove(sheet)
    sheets.insert(sheets.index(before), sheet)
    book._sheets.remove(sheet._ws)
    book._sheets.insert(sheets.index(sheet), sheet._ws)
    sheet._of._active = sheets.index(sheet)


class Worksheet(Kind):
    Visible = property(
        lambda self: self.of.api.Visible, lambda self, value: setattr(self.of.api, "Visible", int(value))
    )
    ProtectContents = property(lambda self: self.of.api.ProtectContents)
    StandardWidth = property(lambda self: self.of.api.StandardWidth)
    Index = property(lambda self: self.of.index)
    Name = property(lambda self: self.of.name, lambda self, name: setattr(self.of._ws, "title", name))

    @property
    def Parent(self) -> "Workbook":
        return Workbook(self.of.book)

    @property
    def UsedRange(self) -> "Range":
        return Range(self.of.used_range)

    @property
    def ListObjects(self) -> "ListObjects":
        return ListObjects(self.of)

    def Cells(self, RowIndex, ColumnIndex) -> "Range":
        return Range(self.of.range((int(RowIndex), int(ColumnIndex))))

    def Range(self, Cell1, Cell2=None) -> "Range":
        one, two = (each.of if isinstance(each, Range) else each for each in (Cell1, Cell2))
        return Range(self.of.range(one, two))

    def ChartObjects(self) -> "ChartObjects":
        return ChartObjects(self.of)

    def Activate(self):
        self.of.api.Activate()

    def Move(self, Before):
        _move(self.of, Before.of)

    def Delete(self):
        self.of.delete()


class Range(Kind):
    @property
    def Value(self):
        """Dates as VT_DATE, amounts of money as VT_CY: of four decimals."""
        return _each(self.of.raw_value, self._forms(), _with_money)

    @Value.setter
    def Value(self, value):
        self.of.raw_value = _each(value, None, _plain)

    @property
    def Value2(self):
        return _each(self.of.raw_value, None, _serial)

    def _forms(self):
        return [[cell.number_format if cell else "General" for cell in row] for row in self.of._cells()]

    @property
    def Address(self):
        """Whole columns and rows without the numbers and letters of their ends."""
        top, left, bottom, right = self.of._area
        if (top, bottom) == (1, LAST_ROW):
            return f"$1:${LAST_ROW}" if (left, right) == (1, LAST_COLUMN) else f"${letters(left)}:${letters(right)}"
        return f"${top}:${bottom}" if (left, right) == (1, LAST_COLUMN) else self.of.address

    @property
    def Count(self):
        """A Long: too small for a whole sheet."""
        count = self.of.shape[0] * self.of.shape[1]
        if count >= 2**31:
            raise OverflowError
        return count

    @property
    def Row(self):
        return self.of.row

    @property
    def Column(self):
        return self.of.column

    @property
    def Rows(self) -> "Counted":
        return Counted(self.of.shape[0])

    @property
    def Columns(self) -> "Counted":
        return Counted(self.of.shape[1])

    @property
    def Worksheet(self) -> "Worksheet":
        return Worksheet(self.of.sheet)

    @property
    def MergeArea(self) -> "Range":
        return Range(self.of.merge_area)

    @property
    def CurrentArray(self) -> "Range":
        area = self.of.api.CurrentArray
        last = area.Row + area.Rows.Count - 1, area.Column + area.Columns.Count - 1
        return Range(self.of.sheet.range((area.Row, area.Column), last))

    @property
    def EntireRow(self) -> "Row":
        return Row(self.of)

    @property
    def Interior(self) -> "Interior":
        return Interior(engine._Interior(self.of))

    @property
    def Font(self) -> "Font":
        return Font(engine._Font(self.of))

    @property
    def Borders(self) -> "Borders":
        return Borders(self.of.api.Borders)

    HasFormula = property(lambda self: self.of.api.HasFormula)
    HorizontalAlignment = property(lambda self: self.of.api.HorizontalAlignment)
    WrapText = property(lambda self: self.of.api.WrapText)

    def Clear(self):
        self.of.clear()

    def ClearContents(self):
        self.of.clear_contents()

    def ClearFormats(self):
        self.of.clear_formats()

    def Copy(self, Destination=None):
        self.of.copy()

    def PasteSpecial(self, Paste=None, Operation=None, SkipBlanks=None, Transpose=None):
        assert Paste == FORMATS, Paste
        self.of.paste("formats")


given(Range)(
    Formula="formula", NumberFormat="number_format", HasArray="has_array", MergeCells="merge_cells",
    ColumnWidth="column_width", Left="left", Top="top", Width="width", Height="height",
)  # fmt: skip


def _each(value, forms, change):
    if not isinstance(value, tuple):
        return change(value, forms[0][0] if forms else None)
    return tuple(
        tuple(change(cell, forms[i][j] if forms else None) for j, cell in enumerate(row)) for i, row in enumerate(value)
    )


def _with_money(value, form):
    return Decimal(str(round(value, 4))) if isinstance(value, float) and "$" in form else value


def _plain(value, form):
    """pywin32's dates as others are."""
    if isinstance(value, dt.datetime):
        return dt.datetime(*value.timetuple()[:6], value.microsecond)
    return value


def _serial(value, form):
    if isinstance(value, dt.datetime):
        return (value.replace(tzinfo=None) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    return value


class Counted(Kind):
    Count = property(lambda self: self.of)


class Row(Kind):
    Hidden = property(lambda self: self.of._hidden())


class Borders(Kind):
    pass


given(Borders)(LineStyle="LineStyle")


class Interior(Kind):
    pass


given(Interior)(ColorIndex="ColorIndex", Pattern="Pattern", Color="Color")


class Font(Kind):
    pass


given(Font)(Bold="Bold", Italic="Italic", Name="Name", Size="Size", Underline="Underline", Color="Color")


class Style(Kind):
    @property
    def Font(self) -> "Font":
        return Font(self.of.Font)


given(Style)(NumberFormat="NumberFormat", HorizontalAlignment="HorizontalAlignment", WrapText="WrapText")


class Window(Kind):
    pass


given(Window)(
    ScrollRow="ScrollRow", ScrollColumn="ScrollColumn", SplitRow="SplitRow", SplitColumn="SplitColumn",
    FreezePanes="FreezePanes",
)  # fmt: skip


class ListObjects(Kind):
    Count = property(lambda self: len(self.of.tables))

    def __iter__(self):
        return map(ListObject, self.of.tables)

    def NewEnum(self) -> "ListObject":
        pass


class ListObject(Kind):
    Name = property(lambda self: self.of.name)
    ShowHeaders = property(lambda self: self.of.show_headers)
    ShowTotals = property(lambda self: self.of.show_totals)
    SourceType = property(lambda self: self.of.api.SourceType)

    @property
    def Range(self) -> "Range":
        return Range(self.of.range)

    @property
    def Parent(self) -> "Worksheet":
        return Worksheet(self.of.parent)

    @property
    def ListColumns(self) -> "ListColumns":
        return ListColumns(self.of.api.ListColumns)

    def Resize(self, Range):
        self.of.resize(Range.of)


class ListColumns(Kind):
    def __iter__(self):
        return map(ListColumn, self.of)

    def NewEnum(self) -> "ListColumn":
        pass


class ListColumn(Kind):
    Name = property(lambda self: self.of.Name)


class ChartObjects(Kind):
    Count = property(lambda self: len(self.of._charts))

    def __iter__(self):
        return iter(self.of._charts)

    def NewEnum(self) -> "ChartObject":
        pass

    def Add(self, Left, Top, Width, Height) -> "ChartObject":
        """A new one draws what is marked."""
        self.of._charts.append(ChartObject(_drawn(self.of)))
        return self.of._charts[-1]


def _drawn(sheet):
    chart = SimpleNamespace(sheet=sheet, series=[])
    chart.series.append(Series(SimpleNamespace(chart=chart)))
    return chart


class ChartObject(Kind):
    @property
    def Chart(self) -> "Chart":
        return Chart(self.of)

    def Delete(self):
        self.of.sheet._charts.remove(self)


class Chart(Kind):
    def SeriesCollection(self, Index=None) -> "Series":
        return Series(self.of) if Index is None else self.of.series[Index - 1]

    @property
    def ChartTitle(self) -> "Part":
        return Part(self.of.__dict__.setdefault("title", SimpleNamespace()))

    @property
    def Legend(self) -> "Part":
        return Part(self.of.__dict__.setdefault("legend", SimpleNamespace()))

    def Axes(self, Type, AxisGroup) -> "Part":
        return Part(self.of.__dict__.setdefault(f"axis{AxisGroup}", SimpleNamespace()))


given(Chart)(HasTitle="has_title", HasLegend="has_legend", ChartStyle="style")


class Part(Kind):
    @property
    def TickLabels(self) -> "Part":
        return Part(self.of.__dict__.setdefault("labels", SimpleNamespace()))


given(Part)(Text="text", Position="position", NumberFormat="form", MinimumScale="least", MaximumScale="most")


class Series(Kind):
    """One series, or all of a chart."""

    Count = property(lambda self: len(self.of.series))

    def NewSeries(self) -> "Series":
        self.of.series.append(Series(SimpleNamespace(chart=self.of)))
        return self.of.series[-1]

    def Delete(self):
        self.of.chart.series.remove(self)


given(Series)(Name="name", Values="values", XValues="categories", ChartType="kind", AxisGroup="group")
