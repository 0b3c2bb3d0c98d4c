"""A sheet of a workbook that is written whole with openpyxl: bold heads that stay in view, texts that stay texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tieraddin.actions.output import whole_text
from tieraddin.tables.values import Cell

_MOST = 32_000
"""Characters of a text; a cell holds a few more."""


def plain_sheet(
    book: Any,
    name: str,
    heads: dict[str, int],
    lines: Iterable[Sequence[Cell]],
    formats: Sequence[str] | None = None,
) -> Any:
    """Add a sheet to a write-only workbook of openpyxl; the sheet.

    Parameters
    ----------
    heads
        header -> width of its column, in characters.
    formats
        for each column a number format (default: all "General").
    """
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    from tieraddin.templates.fonts import font

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for k, width in enumerate(heads.values(), 1):
        sheet.column_dimensions[get_column_letter(k)].width = width
    titles = [WriteOnlyCell(sheet, head) for head in heads]
    for title in titles:
        title.font = font(bold=True)
    sheet.append(titles)
    forms = formats or ["General"] * len(heads)
    for line in lines:
        sheet.append([_cell(sheet, value, form) for value, form in zip(line, forms, strict=True)])
    return sheet


def _cell(sheet: Any, value: Any, form: str) -> Any:
    """What openpyxl is given: a cell where it would take a text for a formula or an error, or a number has a format."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub(" ", whole_text(value))[:_MOST]
        if not value.startswith(("=", "#")):
            return value
    elif value is None or form == "General":
        return value
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    else:
        cell.number_format = form
    return cell
