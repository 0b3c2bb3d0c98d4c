"""Workbooks of plain sheets: bold heads that stay in view, texts that stay texts; built once, then filled fast."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from tieraddin.actions.output import whole_text
from tieraddin.tables.values import Cell, Column
from tieraddin.templates.prototype import BOOK, Built, taken_apart

if TYPE_CHECKING:
    from openpyxl import Workbook

_MOST = 32_000
"""Characters of a text; a cell holds a few more."""
_FILTER = re.compile(r'(<autoFilter ref="A1:[A-Z]+)\d+')


@dataclass(frozen=True)
class PlainSheet:
    """A sheet.

    Attributes
    ----------
    heads
        the header and the width, in characters, of each column.
    formats
        for each column a number format; () for "General".
    report
        whether its rows can be filtered, and it is printed on pages as wide as it is.
    """

    name: str
    heads: tuple[tuple[str, float], ...]
    formats: tuple[str, ...] = ()
    report: bool = False


def plain_book(sheets: Mapping[PlainSheet, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook of sheets with their columns, an .xlsx file; filters and their names reach to the last row."""
    built = _built(tuple(sheets))
    book, parts = built.parts[BOOK], {}
    for k, (sheet, columns) in enumerate(sheets.items()):
        grid, last = built.grids[sheet.name], 1 + len(columns[0])
        grid = replace(grid, tail=_FILTER.sub(rf"\g<1>{last}", grid.tail))
        book = re.sub(rb'(localSheetId="%d"[^>]*>[^<]*\$A\$1:\$[A-Z]+\$)\d+' % k, rb"\g<1>%d" % last, book)
        parts[grid.part] = built.sheet(grid, list(map(_column, columns)))
    return built.zipped({**parts, BOOK: book})


def _column(cells: Sequence[Cell]) -> Column:
    """A column without what no cell can hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    column = Column.of(cells)
    column.texts = [_cut(ILLEGAL_CHARACTERS_RE.sub(" ", whole_text(text))) for text in column.texts]
    return column


def _cut(text: str) -> str:
    """``text`` no longer than a cell holds, which counts UTF-16 units."""
    if len(text) <= _MOST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * _MOST].decode("utf-16-le", "ignore")


@lru_cache(maxsize=10)
def _built(sheets: tuple[PlainSheet, ...]) -> Built:
    """The workbook with a row that shows the formats on each sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _add(book, sheet)
    buffer = BytesIO()
    book.save(buffer)
    return taken_apart(buffer.getvalue(), {BOOK})


def _add(book: Workbook, sheet: PlainSheet) -> None:
    from openpyxl.utils import get_column_letter

    from tieraddin.templates.fonts import font

    ws = book.create_sheet(sheet.name)
    ws.freeze_panes = "A2"
    for k, (head, width) in enumerate(sheet.heads, 1):
        ws.column_dimensions[get_column_letter(k)].width = width
        ws.cell(1, k, head).font = font(bold=True)
        ws.cell(2, k, " ")
    for k, form in enumerate(sheet.formats, 1):
        ws.cell(2, k).number_format = form
    if sheet.report:
        ws.print_title_rows = "1:1"
        ws.page_setup.orientation, ws.page_setup.fitToHeight = "landscape", 0
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.auto_filter.ref = f"A1:{get_column_letter(len(sheet.heads))}2"
