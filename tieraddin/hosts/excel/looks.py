"""How cells look in Excel: whether they are plain, and the titles and heads of our own sheets."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import xlwings as xw

from tieraddin.hosts.excel import raw
from tieraddin.hosts.excel.changes import Changes
from tieraddin.hosts.excel.raw import at
from tieraddin.tables.layout import Area
from tieraddin.workbooks.port import HEAD_FILL, Look

_NONE = -4142
"""XlNone: no fill, no border."""
_VISIBLE = -1
"""XlSheetVisibility."""
_FILL = HEAD_FILL[0] | HEAD_FILL[1] << 8 | HEAD_FILL[2] << 16


def plain(sheet: xw.Sheet, area: Area) -> bool:
    """Whether all cells look as the workbook's style Normal; where cells differ Excel answers None."""
    cells, normal = at(sheet, area).api, sheet.book.api.Styles("Normal")
    if (cells.Interior.ColorIndex, cells.Borders.LineStyle) != (_NONE, _NONE):
        return False
    letters = ("Name", "Size", "Bold", "Italic", "Underline", "Color")
    return all(getattr(cells.Font, name) == getattr(normal.Font, name) for name in letters) and all(
        getattr(cells, name) == getattr(normal, name) for name in ("NumberFormat", "HorizontalAlignment", "WrapText")
    )


class _Shown(NamedTuple):
    """Weight and fill of cells."""

    bold: Any
    pattern: Any
    colour: Any


def set_look(sheet: xw.Sheet, look: Look, changes: Changes) -> None:
    """Give the sheet a look; see `tieraddin.workbooks.port.Workbook.set_look`."""
    used = raw.area_at(sheet.used_range.address)
    for part, shown in list(raw.uniform(sheet, used, _shown)):
        if shown is not None:
            changes.undo_by(partial(_show, sheet, part, shown))
    _show(sheet, used, _Shown(False, _NONE, None))
    for area in look.titles:
        at(sheet, area).api.Font.Bold = True
    for area in look.heads:
        cells = at(sheet, area).api
        cells.Font.Bold, cells.Interior.Color = True, _FILL
    for column, width in enumerate(look.widths, 1):
        cell = sheet.range((1, column))
        if (before := cell.column_width or width) < width:
            changes.undo_by(partial(setattr, cell, "column_width", before))
            cell.column_width = width
    if look.frozen and sheet.api.Visible == _VISIBLE:
        _freeze(sheet, look.frozen, changes)


def _shown(cells: xw.Range) -> _Shown | None:
    font, fill = cells.api.Font, cells.api.Interior
    shown = _Shown(font.Bold, fill.Pattern, fill.Color)
    return None if None in shown else shown


def _show(sheet: xw.Sheet, area: Area, shown: _Shown) -> None:
    cells = at(sheet, area).api
    cells.Font.Bold = shown.bold
    if shown.pattern != _NONE:
        cells.Interior.Color = shown.colour
    cells.Interior.Pattern = shown.pattern


def _freeze(sheet: xw.Sheet, rows: int, changes: Changes) -> None:
    """Let rows at the top stay in view; a window freezes the sheet that it shows."""
    active = sheet.book.sheets.active
    sheet.api.Activate()
    window = sheet.book.api.Windows(1)
    before = window.FreezePanes, window.SplitColumn, window.SplitRow

    def back() -> None:
        shown = sheet.book.sheets.active
        sheet.api.Activate()
        _split(window, *before)
        shown.api.Activate()

    changes.undo_by(back)
    _split(window, True, 0, rows)
    active.api.Activate()


def _split(window: Any, frozen: bool, columns: int, rows: int) -> None:
    window.FreezePanes = False
    window.ScrollRow = window.ScrollColumn = 1
    window.SplitColumn, window.SplitRow = columns, rows
    window.FreezePanes = frozen
