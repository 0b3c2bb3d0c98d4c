"""Charts drawn by LibreOffice itself."""

from __future__ import annotations

from typing import Any

from tieraddin.tables.layout import Area
from tieraddin.workbooks.calc.formats import Formats
from tieraddin.workbooks.calc.reading import cells_of
from tieraddin.workbooks.port import Chart

_SECOND = 4
"""The axis at the right (com.sun.star.chart.ChartAxisAssign)."""


def draw(sheet: Any, name: str, chart: Chart, formats: Formats) -> None:
    """Draw a chart on its sheet; columns are drawn before lines, so they are to be the first series."""
    areas = [chart.categories._replace(first_row=chart.series[0].name.first_row)]
    areas += [series.values._replace(first_row=series.name.first_row) for series in chart.series]
    addresses = tuple(cells_of(sheet, area).RangeAddress for area in areas)
    sheet.Charts.addNewByName(name, _place(sheet, chart), addresses, True, True)
    drawn = sheet.Charts.getByName(name).EmbeddedObject
    diagram = drawn.createInstance("com.sun.star.chart.BarDiagram")
    drawn.setDiagram(diagram)
    diagram.Stacked = chart.stacked
    diagram.NumberOfLines = sum(series.kind == "line" for series in chart.series)
    diagram.HasSecondaryYAxis = any(series.second for series in chart.series)
    for k, series in enumerate(chart.series):
        if series.second:
            diagram.getDataRowProperties(k).Axis = _SECOND
    axes = [diagram.YAxis, diagram.SecondaryYAxis] if diagram.HasSecondaryYAxis else [diagram.YAxis]
    for axis, code in zip(axes, chart.formats, strict=False):
        axis.LinkNumberFormatToSource = False
        axis.NumberFormat = formats.number(code)
        axis.Min = 0
    if len(axes) > 1 and chart.most is not None:
        axes[1].Max = chart.most
    drawn.HasMainTitle = drawn.HasLegend = True
    drawn.Title.String = chart.title
    _set(drawn.Legend, Alignment="BOTTOM", FillStyle="NONE", LineStyle="NONE")
    _set(diagram.Wall, FillStyle="NONE")


def _set(part: Any, **names: str) -> None:
    """Set properties to members of their enumerations."""
    for key, name in names.items():
        before = getattr(part, key)
        setattr(part, key, type(before)(before.typeName, name))


def _place(sheet: Any, chart: Chart) -> Any:
    """Where the chart goes, in hundredths of a millimetre."""
    import uno  # of LibreOffice: the only way to a rectangle

    bottom, right = chart.row + chart.height - 1, chart.column + chart.width - 1
    cells = cells_of(sheet, Area(chart.row, chart.column, bottom, right))
    place = uno.createUnoStruct("com.sun.star.awt.Rectangle")
    corner, size = cells.Position, cells.Size
    place.X, place.Y, place.Width, place.Height = corner.X, corner.Y, size.Width, size.Height
    return place
