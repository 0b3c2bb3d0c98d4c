"""Models on worksheets: read back from the workbook that is graded."""

from __future__ import annotations

from pathlib import Path

from tieraddin.errors import ModelError, UsageError
from tieraddin.language import listed
from tieraddin.models.load import ModelSource, find_model
from tieraddin.models.sheet import SHEET, read_sheet
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Readable

PREFIX = "sheet"


def model_of(name: str, book: Path) -> ModelSource:
    """The model called ``name``, which may be on a sheet of the file ``book``; see `model_in`."""
    if not _on_sheet(name):
        return find_model(name)
    with open_workbook(book) as workbook:
        return model_in(name, workbook, book.name)


def model_in(name: str, workbook: Readable, file: str) -> ModelSource:
    """The model called ``name``; ``sheet`` is on the sheet "Tier model" of ``workbook``, ``sheet:NAME`` on another.

    ``file`` is what the workbook is called in sentences.

    Raises
    ------
    UsageError
        no model, or no sheet, of that name.
    ModelError
        the sheet holds no model, or one with a mistake: the cell is named.
    """
    if not _on_sheet(name):
        return find_model(name)
    sheet = name.partition(":")[2].strip() or SHEET
    if sheet not in workbook.sheet_names:
        raise UsageError("actions.no_sheet", sheet=sheet, sheets=listed(workbook.sheet_names))
    used = workbook.used_range(sheet)
    if used is None:
        raise ModelError("actions.no_model_on_sheet", sheet=sheet, file=file)
    return read_sheet(workbook.read(sheet, str(used)), f"{file}, {sheet}", used.first_row, used.first_column)


def _on_sheet(name: str) -> bool:
    return name.partition(":")[0].strip().casefold() == PREFIX
