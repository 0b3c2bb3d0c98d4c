"""The Pareto chart of a template: the largest customers and the share of the total that they reach together.

The rows that it draws are worked out by the spreadsheet itself, so that the chart follows what is typed.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import numpy as np
from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tieraddin.language import Language, say
from tieraddin.tables.values import Cell, CellError, Column, Kind
from tieraddin.templates.fonts import font
from tieraddin.templates.live import escaped
from tieraddin.templates.shape import FORMATS
from tieraddin.templates.source import TemplateSheet
from tieraddin.workbooks.package.columnwriter import ROW

CHART_ROWS = 40
"""How many customers a chart shows."""
FIRST = 4
"""The first row of what the chart draws."""
LAST = FIRST + CHART_ROWS - 1
HEADS = ("place", "customer", "value", "share")
WIDTHS = (7, 28, 16, 15)
SHOWN = ("0", "General", FORMATS["money"], FORMATS["share"])
ALIGNED = {
    "place": Alignment(horizontal="center"), "customer": Alignment(horizontal="left", indent=1),
    "value": Alignment(horizontal="right"), "share": Alignment(horizontal="right"),
}  # fmt: skip
NOTHING = CellError("#N/A")
"""What a chart leaves out."""


def chart_sheet(lang: Language) -> str:
    """The name of the sheet with the chart."""
    return say("templates.pareto_sheet", lang)


def chart_formulas(sheet: TemplateSheet, lang: Language) -> list[str]:
    """The ``<f>`` elements of the columns of `HEADS`, `ROW` for the row; the place is a number, and has none.

    Of customers with equal values the first in the table comes first.
    """
    headers = {column.key: escaped(sheet.header(column, lang)) for column in sheet.columns}
    table, measure = sheet.table, headers[sheet.measured]
    value, customer = f"{table}[{measure}]", f"{table}[{headers['customer']}]"
    rows = f"ROW({value})-ROW({table}[[#Headers],[{measure}]])"
    same = f"SMALL(IF({value}=C{ROW},{rows}),COUNTIF(C${FIRST}:C{ROW},C{ROW}))"
    name = escape(f'IFERROR(INDEX({customer},{same})&"","")')
    largest = f"LARGE({value},A{ROW})"
    amount = escape(f"IFERROR(IF({largest}>0,{largest},NA()),NA())")
    share = escape(f'SUM(C${FIRST}:C{ROW})/SUMIF({value},">0")')
    return ["", f'<f t="array" ref="B{ROW}">{name}</f>', f"<f>{amount}</f>", f"<f>{share}</f>"]


def chart_rows(customers: Column, values: Column) -> list[list[Cell]]:
    """The columns of `HEADS`: the positive values from the largest down, and their share of all of them."""
    positive = np.where((values.kinds == Kind.NUMBER) & (values.numbers > 0), values.numbers, 0.0)
    largest = np.argsort(-positive, kind="stable")[: min(CHART_ROWS, np.count_nonzero(positive))]
    drawn = positive[largest]
    left: list[Cell] = [NOTHING] * (CHART_ROWS - len(largest))
    names = (None if name is None else str(name) for name in customers.take(largest).cells())
    blank: list[Cell] = [None] * len(left)
    return [
        list(range(1, CHART_ROWS + 1)),
        [*names, *blank],
        [*drawn.tolist(), *left],
        [*(np.cumsum(drawn) / positive.sum()).tolist(), *left],
    ]


def add_pareto(book: Workbook, sheet: TemplateSheet, lang: Language) -> None:
    """A sheet with the rows that the chart draws, at the left, and the chart: bars of value, a line of the share."""
    ws = book.create_sheet(chart_sheet(lang))
    ws["A1"] = say("templates.pareto_title", lang, count=CHART_ROWS)
    ws["A1"].font = font(bold=True, size=14)
    measure = next(sheet.header(column, lang) for column in sheet.columns if column.key == sheet.measured)
    heads = {key: say(f"templates.pareto_{key}", lang) for key in HEADS if key != "value"} | {"value": measure}
    for k, key in enumerate(HEADS):
        head, cell = ws.cell(FIRST - 1, k + 1, heads[key]), ws.cell(FIRST, k + 1)
        head.font, cell.number_format = font(bold=True), SHOWN[k]
        head.alignment, cell.alignment = ALIGNED[key], ALIGNED[key]
        ws.column_dimensions["ABCD"[k]].width = WIDTHS[k]
    missing = FormulaRule([f"ISNA($C{FIRST})"], font=Font(color="FFFFFF"))  # type: ignore[no-untyped-call]
    ws.conditional_formatting.add(f"A{FIRST}:D{LAST}", missing)
    ws.add_chart(_chart(ws, measure, heads["share"]), "F3")
    ws.sheet_view.showGridLines = False
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", ws.PAPERSIZE_A4
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 1
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _chart(ws: Worksheet, measure: str, share: str) -> BarChart:
    bars, line = BarChart(), LineChart()
    bars.type, bars.gapWidth, bars.legend = "col", 40, None
    for chart, column in ((bars, 3), (line, 4)):
        data = Reference(ws, min_col=column, min_row=FIRST - 1, max_row=LAST)
        chart.add_data(data, titles_from_data=True)
        chart.set_categories(Reference(ws, min_col=2, min_row=FIRST, max_row=LAST))
    bars.y_axis.title, line.y_axis.title = measure, share
    bars.y_axis.numFmt, line.y_axis.numFmt = "#,##0", "0%"
    bars.x_axis.delete = bars.y_axis.delete = line.y_axis.delete = False
    line.y_axis.axId, line.y_axis.crosses = 200, "max"
    bars.y_axis.scaling.min = line.y_axis.scaling.min = 0
    line.y_axis.scaling.max = 1
    line.y_axis.majorGridlines = None
    bars.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="D9D9D9")))
    bars.series[0].graphicalProperties.solidFill = "5B9BD5"
    line.series[0].graphicalProperties.line.solidFill = "C55A11"
    line.series[0].smooth = False
    bars += line
    bars.width, bars.height = 26, 13
    return bars
