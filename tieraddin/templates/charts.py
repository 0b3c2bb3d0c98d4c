"""Charts of a template: the largest customers and the share of the total that they reach together."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Font
from openpyxl.worksheet.properties import PageSetupProperties

from tieraddin.language import Language, say
from tieraddin.templates.shape import FORMATS
from tieraddin.templates.source import TemplateSheet

CHART_ROWS = 40
"""How many customers a chart shows."""
CHART_FIRST_ROW = 4
HEADS = ("place", "customer", "value", "share")


def chart_sheet(sheet: TemplateSheet, lang: Language) -> str:
    """The name of the sheet with the chart of a table."""
    return say("templates.pareto_sheet", lang, table=sheet.name[lang])[:31]


def add_pareto(book: Workbook, sheet: TemplateSheet, lang: Language) -> None:
    """A sheet with the rows that the chart draws, at the left, and the chart: bars of value, a line of the share."""
    name = chart_sheet(sheet, lang)
    ws = book.create_sheet(name)
    ws["A1"] = say("templates.pareto_title", lang, count=CHART_ROWS)
    ws["A1"].font = Font(bold=True, size=14)
    for k, key in enumerate(HEADS, 1):
        ws.cell(CHART_FIRST_ROW - 1, k, say(f"templates.pareto_{key}", lang)).font = Font(bold=True)
        ws.column_dimensions["ABCD"[k - 1]].width = (7, 28, 16, 11)[k - 1]
    formats = ("0", "General", FORMATS["money"], FORMATS["share"])
    for k, form in enumerate(formats, 1):
        ws.cell(CHART_FIRST_ROW, k).number_format = form
    last = CHART_FIRST_ROW + CHART_ROWS - 1
    bars, line = BarChart(), LineChart()
    bars.type, bars.gapWidth, bars.legend = "col", 40, None
    bars.add_data(Reference(ws, min_col=3, min_row=CHART_FIRST_ROW - 1, max_row=last), titles_from_data=True)
    line.add_data(Reference(ws, min_col=4, min_row=CHART_FIRST_ROW - 1, max_row=last), titles_from_data=True)
    names = Reference(ws, min_col=2, min_row=CHART_FIRST_ROW, max_row=last)
    bars.set_categories(names)
    line.set_categories(names)
    bars.y_axis.title, line.y_axis.title = (say(f"templates.pareto_{key}", lang) for key in ("value", "share"))
    bars.y_axis.numFmt, line.y_axis.numFmt = "#,##0", "0%"
    bars.x_axis.delete = bars.y_axis.delete = line.y_axis.delete = False
    line.y_axis.axId, line.y_axis.crosses = 200, "max"
    bars.y_axis.scaling.min = 0
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    bars.series[0].graphicalProperties.solidFill = "5B9BD5"
    line.series[0].graphicalProperties.line.solidFill = "C55A11"
    line.series[0].smooth = False
    bars += line
    bars.width, bars.height = 26, 13
    ws.add_chart(bars, "F3")
    ws.sheet_view.showGridLines = False
    ws.page_setup.orientation = "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 1
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
