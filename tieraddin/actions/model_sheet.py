"""Models on worksheets: written for people to change, read back from the workbook that is graded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tieraddin.actions.output import refuse_existing, write_whole
from tieraddin.errors import ModelError, UsageError
from tieraddin.language import language
from tieraddin.models.load import ModelSource, find_model
from tieraddin.models.sheet import SHEET, read_sheet, sheet_of
from tieraddin.workbooks import open_workbook

PREFIX = "sheet"
WIDTH = 28
"""Of each column, in characters: tables of several shapes share them, so longer texts are wrapped."""


def model_of(name: str, book: Path) -> ModelSource:
    """The model called ``name``; ``sheet`` is the one on the sheet "Tier model" of ``book``, ``sheet:NAME`` on another.

    Raises
    ------
    UsageError
        no model, or no sheet, of that name.
    ModelError
        the sheet holds no model, or one with a mistake: the cell is named.
    """
    prefix, _, given = name.partition(":")
    if prefix.strip().casefold() != PREFIX:
        return find_model(name)
    sheet = given.strip() or SHEET
    with open_workbook(book) as workbook:
        if sheet not in workbook.sheet_names:
            raise UsageError("actions.no_sheet", sheet=sheet, sheets=", ".join(workbook.sheet_names))
        used = workbook.used_range(sheet)
        if used is None:
            raise ModelError("actions.no_model_on_sheet", sheet=sheet, file=book.name)
        where = f"{book.name}, {sheet}"
        return read_sheet(workbook.read(sheet, str(used)), where, used.first_row, used.first_column)


def write_model_sheet(name: str, target: Path) -> None:
    """Write the model ``name`` as a new workbook with the sheet "Tier model".

    Raises
    ------
    UsageError
        there is no such model, ``target`` exists already or is no .xlsx.
    ModelError
        the model has a mistake.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    if target.suffix.lower() != ".xlsx":
        raise UsageError("actions.summary_is_xlsx", file=target)
    refuse_existing(target)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    line = 0
    for number, row in enumerate(sheet_of(find_model(name), language()), 1):
        sheet.append(row)
        _look(sheet[number][: len(row)], line)
        line = line + 1 if row else 0
    for k in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(k)].width = WIDTH
    buffer = io.BytesIO()
    book.save(buffer)
    write_whole(target, buffer.getvalue())


def _look(cells: Sequence[Any], line: int) -> None:
    """How a line of a table looks: its title (0), its headers (1), then its rows."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for cell in cells:
        cell.alignment = Alignment(vertical="top", horizontal="left", wrap_text=line > 0)
        if line < 2:
            cell.font = Font(bold=True, size=(14, 11)[line])
        if line == 1:
            cell.fill = PatternFill("solid", "DDEBF7")
        if isinstance(cell.value, str):
            cell.data_type = "s"  # a text that begins with = stays text
