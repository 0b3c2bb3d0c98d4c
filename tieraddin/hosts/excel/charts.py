"""Charts drawn by Excel itself."""

from __future__ import annotations

from typing import Any

import xlwings as xw

from tieraddin.hosts.excel.raw import at
from tieraddin.tables.layout import Area
from tieraddin.workbooks.package.drawings import reference
from tieraddin.workbooks.port import Chart, Series

_COLUMNS, _STACKED, _LINE = 51, 52, 4
"""XlChartType."""
_VALUES = 2
"""XlAxisType."""
_FIRST, _SECOND = 1, 2
"""XlAxisGroup."""
_BOTTOM = -4107
"""XlLegendPosition."""


def draw(sheet: xw.Sheet, chart: Chart) -> xw.Chart:
    """Draw a chart on its sheet; one that fails half-way is taken away again."""
    top, left = chart.row, chart.column
    place = at(sheet, Area(top, left, top + chart.height - 1, left + chart.width - 1))
    drawn = sheet.charts.add(place.left, place.top, place.width, place.height)
    try:
        _fill(sheet, drawn.api[1], chart)
    except BaseException:
        drawn.delete()
        raise
    return drawn


def _fill(sheet: xw.Sheet, drawn: Any, chart: Chart) -> None:
    while drawn.SeriesCollection().Count:  # Excel draws what is marked on the sheet
        drawn.SeriesCollection(1).Delete()
    for series in chart.series:
        _add(sheet, drawn, chart, series)
    drawn.HasTitle, drawn.HasLegend = True, True
    drawn.ChartTitle.Text = chart.title
    drawn.Legend.Position = _BOTTOM
    for group in {_SECOND if series.second else _FIRST for series in chart.series}:
        axis = drawn.Axes(_VALUES, group)
        axis.TickLabels.NumberFormat = chart.formats[group - 1]
        axis.MinimumScale = 0
        if group == _SECOND and chart.most is not None:
            axis.MaximumScale = chart.most


def _add(sheet: xw.Sheet, drawn: Any, chart: Chart, series: Series) -> None:
    new = drawn.SeriesCollection().NewSeries()
    new.Name = f"={reference(sheet.name, series.name)}"
    new.Values = at(sheet, series.values).api
    new.XValues = at(sheet, chart.categories).api
    columns = _STACKED if chart.stacked else _COLUMNS
    new.ChartType = columns if series.kind == "columns" else _LINE
    if series.second:
        new.AxisGroup = _SECOND
