"""A template as a workbook, made with openpyxl: one row in each table shows the formats of the rows to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from tieraddin.language import Language, say
from tieraddin.models.schema import Model
from tieraddin.tables.layout import LAST_ROW
from tieraddin.tables.words import shown_width
from tieraddin.templates.fonts import font
from tieraddin.templates.pareto import add_pareto
from tieraddin.templates.shape import FORMATS, WRAPPED, Shape, shapes
from tieraddin.templates.source import Template, TemplateSheet

HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1
MADE = dt.datetime(2026, 1, 1)
"""When a built template says it was made, so that the same sources give the same bytes."""
CALCULATED_BY = 191029
"""The calculation engine of current Excel: with it, values are shown as they were saved."""
LISTS = "Lists"
EXTRAS = {
    "unmapped": {"A": 13, "B": 30},
    "rejected": {"A": 13, "B": 54, "C": 30},
    "sources": {"A": 12, "B": 12, "C": 54},
    "duplicates": {"A": 9, "B": 9, "C": 14, "D": 9, "E": 44, "G": 28},
}
"""Sheets beside the tables (columns and rows without a place, files that were merged, rows that may be the same), each
with its first columns' widths."""
LATE, SOON = "F8CBAD", "FFE699"
"""Fills of a next follow-up that is past, and of one within the next days."""
SOON_DAYS = 3
WIDE, PAGE = 250, 400
"""Beyond the first width, in characters, a sheet is printed on A3; beyond the second on pages side by side."""
MARGIN = 0.4
"""Beside what is printed, in inches; twice that below, where the number of the page is."""
LONGEST_PROMPT = 255
SHADES = ("C6E0B4", "E2EFDA", "FFF2CC", "FCE4D6", "F8CBAD")
"""Fills of grades, from the best to the last."""
CENTRED = ("grade", "date", "flag", "choice", "count")
_HEADER = PatternFill("solid", fgColor="1F4E78")
_LINE = Border(bottom=Side(style="thin", color="D9D9D9"))


def build(
    template: Template,
    lang: Language,
    *,
    live: bool = False,
    extras: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """The workbook of ``template`` in one language, an .xlsx file.

    Parameters
    ----------
    live
        whether the tiers are formulas.
    extras
        which of `EXTRAS` it has.
    hidden
        names of hidden sheets, to be filled from row 1.
    """
    book = Workbook()
    book.calculation = CalcProperties(calcId=CALCULATED_BY, fullCalcOnLoad=False)
    book.properties.created = book.properties.modified = MADE
    book.properties.title, book.properties.creator = template.name[lang], "tieraddin"
    lists: dict[tuple[str, ...], str] = {}
    book.remove(book.worksheets[0])
    for sheet in template.sheets:
        _table_sheet(book.create_sheet(sheet.name[lang]), sheet, shapes(sheet, lang, live=live), lang, lists)
    for sheet in template.sheets:
        if sheet.chart == "pareto":
            add_pareto(book, sheet, lang)
    for name in extras:
        about = say(f"templates.{name}_about", lang)
        _plain_sheet(book.create_sheet(say(f"templates.{name}", lang)), about, EXTRAS[name])
    for name in hidden:
        ws = book.create_sheet(name)
        ws.sheet_state = "hidden"
        ws["A1"], ws["A2"] = " ", " "
    _write_lists(book, lists)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _table_sheet(
    ws: Worksheet, sheet: TemplateSheet, columns: Sequence[Shape], lang: Language, lists: dict[tuple[str, ...], str]
) -> None:
    ws["A1"] = sheet.title[lang]
    ws["A1"].font = font(bold=True, size=14)
    ws["A2"] = say("templates.hint", lang)
    ws["A2"].font = font(italic=True, color="7F7F7F")
    for k, shape in enumerate(columns, 1):
        letter = get_column_letter(k)
        _column(ws, shape, letter)
        area = f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}"
        if shape.choices or shape.help:
            _offer(ws, shape, area, lang, lists)
        if shape.kind == "grade" and sheet.grading is not None:
            _shade(ws, area, sheet.grading, sheet.shaded, lang)
        if shape.key == "next_contact":
            _remind(ws, area, f"{letter}{FIRST_ROW}")
    ws.add_table(_table(sheet, columns))
    named = next((k for k, shape in enumerate(columns, 1) if shape.key == "customer"), 1)
    ws.freeze_panes = f"{get_column_letter(named + 1)}{FIRST_ROW}"
    ws.sheet_view.showGridLines = False
    ws.row_dimensions[HEADER_ROW].height = 16 * max(2, *(_lines(shape) for shape in columns))
    width = sum(shape.width for shape in columns)
    ws.page_setup.orientation = "landscape"
    ws.page_setup.paperSize = ws.PAPERSIZE_A4 if width <= WIDE else ws.PAPERSIZE_A3
    _fit(ws, -int(-width // PAGE))
    ws.print_title_rows, ws.print_title_cols = f"{HEADER_ROW}:{HEADER_ROW}", f"A:{get_column_letter(named)}"
    ws.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&P / &N"))


def _fit(ws: Worksheet, pages: int) -> None:
    """Let a sheet be printed as wide as so many pages, and as long as it takes."""
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = pages, 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_margins = PageMargins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=2 * MARGIN, footer=MARGIN)


def _column(ws: Worksheet, shape: Shape, letter: str) -> None:
    """The header of a column, and the cell that shows the format of those below."""
    head, cell = ws[f"{letter}{HEADER_ROW}"], ws[f"{letter}{FIRST_ROW}"]
    head.value = shape.header
    head.font, head.fill = font(bold=True, color="FFFFFF"), _HEADER
    head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.number_format, cell.border, cell.protection = shape.number_format, _LINE, Protection(locked=False)
    side = "left" if shape.kind == "text" else "center" if shape.kind in CENTRED else None
    cell.alignment = Alignment(
        horizontal=side, indent=int(side == "left"), vertical="top", wrap_text=shape.key in WRAPPED
    )
    ws.column_dimensions[letter].width = shape.width


def _lines(shape: Shape) -> int:
    """How many lines a header takes beside its button."""
    return -(-shown_width(shape.header) // max(1, int(shape.width) - 3))


def _table(sheet: TemplateSheet, columns: Sequence[Shape]) -> Table:
    last = get_column_letter(len(columns))
    table = Table(displayName=sheet.table, ref=f"A{HEADER_ROW}:{last}{FIRST_ROW}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    table._initialise_columns()  # type: ignore[attr-defined]
    for column, shape in zip(table.tableColumns, columns, strict=True):
        column.name = shape.header
        if shape.formula:
            column.calculatedColumnFormula = TableFormula(attr_text=shape.formula)
    return table


def _offer(ws: Worksheet, shape: Shape, area: str, lang: Language, lists: dict[tuple[str, ...], str]) -> None:
    """A list to choose from; other words are warned of, not refused: what is typed is the person's own."""
    rule = DataValidation(allow_blank=True, errorStyle="warning")
    if shape.choices:
        if shape.choices not in lists:
            letter = get_column_letter(len(lists) + 1)
            lists[shape.choices] = f"{LISTS}!${letter}$1:${letter}${len(shape.choices)}"
        rule.type, rule.formula1, rule.showErrorMessage = "list", lists[shape.choices], True
        rule.errorTitle, rule.error = shape.header[:32], say("templates.not_listed", lang)
    if shape.help:
        rule.promptTitle, rule.prompt, rule.showInputMessage = shape.header[:32], shape.help[:LONGEST_PROMPT], True
    rule.add(area)
    ws.add_data_validation(rule)


def _shade(ws: Worksheet, area: str, model: Model, groups: Sequence[str], lang: Language) -> None:
    """The grades in colours, from the best to the last, those of one group alike.

    ``groups``: from the best to the last, where the model has no order of its own; kinds that are neither better nor
    worse have no colour. A grade is written by its label, and by its id where a formula gives it.
    """
    if not model.ordered and not groups:
        return
    order = list(groups or dict.fromkeys(grade.group or grade.id for grade in model.grades))
    for grade in model.grades:
        shade = SHADES[round(order.index(grade.group or grade.id) * (len(SHADES) - 1) / max(1, len(order) - 1))]
        for word in dict.fromkeys((grade.label[lang], grade.id)):
            quoted = word.replace('"', '""')
            rule = CellIsRule("equal", [f'"{quoted}"'], fill=PatternFill(bgColor=shade))  # type: ignore[no-untyped-call]
            ws.conditional_formatting.add(area, rule)


def _remind(ws: Worksheet, area: str, first: str) -> None:
    """Follow-ups that are late, and those that are due within days."""
    for shade, days in ((LATE, 0), (SOON, SOON_DAYS + 1)):
        due = f"AND(ISNUMBER({first}),{first}<TODAY()+{days})"
        rule = FormulaRule([due], stopIfTrue=True, fill=PatternFill(bgColor=shade))  # type: ignore[no-untyped-call]
        ws.conditional_formatting.add(area, rule)


def _plain_sheet(ws: Worksheet, about: str, widths: Mapping[str, float]) -> None:
    """A sheet whose columns are known when it is filled: one header and one cell, and one that shows a date."""
    ws["A1"] = about
    ws["A1"].font = font(italic=True, color="7F7F7F")
    head = ws.cell(HEADER_ROW, 1, " ")
    head.font, head.fill = font(bold=True, color="FFFFFF"), _HEADER
    ws.cell(FIRST_ROW, 1).alignment = ws.cell(FIRST_ROW, 2).alignment = Alignment(horizontal="left", vertical="top")
    ws.cell(FIRST_ROW, 2).number_format = FORMATS["date"]
    ws.freeze_panes = f"A{FIRST_ROW}"
    ws.sheet_format.defaultColWidth = 18
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", ws.PAPERSIZE_A4
    ws.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    _fit(ws, 1)
    for letter, width in widths.items():
        ws.column_dimensions[letter].width = width


def _write_lists(book: Workbook, lists: dict[tuple[str, ...], str]) -> None:
    """The words to choose from, on a hidden sheet."""
    if not lists:
        return
    ws = book.create_sheet(LISTS)
    ws.sheet_state = "hidden"
    for k, words in enumerate(lists, 1):
        for row, word in enumerate(words, 1):
            ws.cell(row, k, word)
