"""Charts as parts of a package: a drawing with a frame for each, the charts themselves made by openpyxl."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tieraddin.tables.layout import Area, column_letters
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.markup import Splice
from tieraddin.workbooks.package.parts import Parts
from tieraddin.workbooks.port import Chart, Series

_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHARTS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_LATER = (
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""What stands after the drawing in a sheet part."""
COLOURS = ("5B9BD5", "C55A11", "7F7F7F", "BFBFBF", "70AD47", "FFC000")
_SECOND_AXIS = 200


def set_charts(parts: Parts, sheet: str, name: str, charts: Sequence[Chart], relations: str) -> None:
    """Give the sheet part ``sheet`` (the sheet is called ``name``) these charts in place of what is drawn on it.

    ``relations`` is how addresses of kinds of relationships begin.
    """
    for old in parts.related(sheet, "drawing"):
        for chart in parts.related(old, "chart"):
            parts.remove(old, chart)
        parts.remove(sheet, old)
    data, root = parts.tree(sheet)
    gone = [Splice(element.start, element.end, b"") for element in root.all("drawing")]
    data = markup.spliced(data, gone)
    if charts:
        part = parts.new_name("xl/drawings/drawing{}.xml")
        parts.change(part, b"")
        parts.set_content_type(part, _DRAWING)
        frames = [_frame(parts, part, name, chart, k, relations) for k, chart in enumerate(charts, 1)]
        bound = f'xmlns:xdr="{_SHEET_DRAWING}" xmlns:a="{_MAIN}" xmlns:r="{relations}" xmlns:c="{_CHARTS}"'
        parts.change(part, f"{_HEAD}<xdr:wsDr {bound}>{''.join(frames)}</xdr:wsDr>".encode())
        data = _pointed(data, sheet, parts.relate(sheet, f"{relations}/drawing", part), relations)
    parts.change(sheet, data)


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _pointed(data: bytes, sheet: str, relation: str, relations: str) -> bytes:
    """The sheet part with its drawing named."""
    root = markup.parse_part(data, sheet)
    at = next((element.start for element in root.children if element.name in _LATER), root.inner_end)
    tag = markup.prefix(data, root)
    return markup.spliced(data, [Splice(at, at, f'<{tag}drawing xmlns:r="{relations}" r:id="{relation}"/>'.encode())])


def _frame(parts: Parts, drawing: str, sheet: str, chart: Chart, number: int, relations: str) -> str:
    """The place of a chart on its sheet; the chart becomes a part of its own."""
    part = parts.new_name("xl/charts/chart{}.xml")
    parts.change(part, _HEAD.encode() + _chart(chart, sheet))
    parts.set_content_type(part, _CHART)
    relation = parts.relate(drawing, f"{relations}/chart", part)
    left, top = chart.column - 1, chart.row - 1
    corners = (left, top), (left + chart.width, top + chart.height)
    first, last = (
        f"<xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        for column, row in corners
    )
    return (
        f'<xdr:twoCellAnchor><xdr:from>{first}</xdr:from><xdr:to>{last}</xdr:to><xdr:graphicFrame macro="">'
        f'<xdr:nvGraphicFramePr><xdr:cNvPr id="{number + 1}" name="Chart {number}"/><xdr:cNvGraphicFramePr/>'
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{_CHARTS}"><c:chart r:id="{relation}"/></a:graphicData></a:graphic>'
        "</xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
    )


def _chart(chart: Chart, sheet: str) -> bytes:
    """The chart part."""
    from openpyxl.chart import BarChart, LineChart
    from openpyxl.xml.functions import tostring

    kinds: dict[tuple[str, bool], Any] = {}
    for colour, series in zip(COLOURS * len(chart.series), chart.series, strict=False):
        drawn = kinds.setdefault((series.kind, series.second), BarChart() if series.kind == "columns" else LineChart())
        drawn.series.append(_series(series, chart, sheet, colour))
    for (_, second), drawn in kinds.items():
        drawn.y_axis.number_format = drawn.y_axis.numFmt = chart.formats[second]
        drawn.x_axis.delete = drawn.y_axis.delete = False
        drawn.y_axis.scaling.min = 0
        if second:
            drawn.y_axis.axId, drawn.y_axis.crosses = _SECOND_AXIS, "max"
            drawn.y_axis.scaling.max = chart.most
            drawn.y_axis.majorGridlines = None
        if isinstance(drawn, BarChart):
            drawn.type, drawn.gapWidth = "col", 40
            if chart.stacked:
                drawn.grouping, drawn.overlap = "stacked", 100
    first, *others = kinds.values()
    for other in others:
        first += other
    first.title, first.legend.position = chart.title, "b"
    data: bytes = tostring(first._write())
    return data


def _series(series: Series, chart: Chart, sheet: str, colour: str) -> Any:
    from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
    from openpyxl.chart.marker import Marker
    from openpyxl.chart.series import Series as Made
    from openpyxl.chart.series import SeriesLabel
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    made: Any = Made(
        val=NumDataSource(numRef=NumRef(f=reference(sheet, series.values))),
        tx=SeriesLabel(strRef=StrRef(reference(sheet, series.name))),
        cat=AxDataSource(strRef=StrRef(reference(sheet, chart.categories))),
    )
    if series.kind == "line":
        made.smooth, made.marker = False, Marker(symbol="none")
        made.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=19_050))
    else:
        made.graphicalProperties = GraphicalProperties(solidFill=colour)
    return made


def reference(sheet: str, area: Area) -> str:
    """Cells as a formula names them: ``'My sheet'!$A$1:$A$9``."""
    corners = dict.fromkeys(f"${column_letters(column)}${row}" for row, column in (area[:2], area[2:]))
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{':'.join(corners)}"
