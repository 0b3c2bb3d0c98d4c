"""Models on worksheets: written for people to change, read back from the workbook that is graded."""

from __future__ import annotations

import io
from pathlib import Path

from tieraddin.actions.output import write_whole
from tieraddin.errors import ModelError, UsageError
from tieraddin.language import language
from tieraddin.models.load import ModelSource, find_model
from tieraddin.models.sheet import SHEET, read_sheet, sheet_of
from tieraddin.workbooks import open_workbook

PREFIX = "sheet"


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
    """Write the model ``name`` as a workbook with the sheet "Tier model"."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    if target.suffix.lower() != ".xlsx":
        raise UsageError("actions.summary_is_xlsx", file=target)
    if target.exists():
        raise UsageError("actions.output_exists", file=target)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    heading = True
    for row in sheet_of(find_model(name), language()):
        sheet.append(row)
        if heading:
            for cell in sheet[sheet.max_row]:
                cell.font = Font(bold=True)
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with = stays text
        heading = not any(value is not None for value in row)
    for k in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(k)].width = 22
    buffer = io.BytesIO()
    book.save(buffer)
    write_whole(target, buffer.getvalue())
