"""Models on worksheets: read back from the workbook that is graded."""

from __future__ import annotations

from pathlib import Path

from tieraddin.errors import ModelError, UsageError
from tieraddin.models.load import ModelSource, find_model
from tieraddin.models.sheet import SHEET, read_sheet
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
