"""What may not be read or written where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, Area, common
from tieraddin.workbooks.package.patch import Patch
from tieraddin.workbooks.package.sheet import Sheet
from tieraddin.workbooks.port import ERASE, KEEP

_SHEET_NAME = re.compile(r"[^\[\]:*?/\\\0-\x1f]{1,31}")


def check_place(sheet: Sheet, row: int, column: int, height: int, width: int) -> Area:
    """The area of a write, refused when it leaves the sheet or the sheet is protected."""
    area = check_bounds(sheet.name, row, column, height, width)
    if sheet.survey.protected:
        raise WorkbookRefused("workbooks.protected", sheet=sheet.name)
    return area


def check_bounds(sheet: str, row: int, column: int, height: int, width: int) -> Area:
    """The area of a write, refused when it leaves the sheet."""
    if row < 1 or column < 1 or row + height - 1 > LAST_ROW or column + width - 1 > LAST_COLUMN:
        raise WorkbookRefused("workbooks.outside_sheet", sheet=sheet, row=row, column=column)
    return Area(row, column, row + height - 1, column + width - 1)


def check_columns(sheet: str, columns: Sequence[int], first_row: int, last_row: int) -> None:
    """Refuse columns to read that leave the sheet."""
    outside = not 1 <= first_row <= last_row <= LAST_ROW
    if outside or not all(1 <= column <= LAST_COLUMN for column in columns):
        raise WorkbookRefused("workbooks.outside_sheet", sheet=sheet, row=last_row, column=max(columns, default=1))


def check_ranges(sheet: str, merged: Sequence[Area], arrays: Sequence[Area], patch: Patch) -> None:
    """Refuse a write to a part of an array formula, a data table, or to cells hidden under a merged range."""
    for area in arrays:
        _check_array(sheet, patch, area)
    for area in _touching(merged, patch.area):
        here = common(area, patch.area) or area
        for row in range(here.first_row, here.last_row + 1):
            for column in range(here.first_column, here.last_column + 1):
                shown = (row, column) == (area.first_row, area.first_column)
                if not shown and patch.value(row, column) not in (None, KEEP, ERASE):
                    raise WorkbookRefused("workbooks.merged", sheet=sheet, area=str(area))


def _check_array(sheet: str, patch: Patch, area: Area) -> None:
    here = common(area, patch.area)
    if here is None or area[:2] == area[2:]:
        return
    said = [
        patch.value(row, column) is not KEEP
        for row in range(here.first_row, here.last_row + 1)
        for column in range(here.first_column, here.last_column + 1)
    ]
    if any(said) and not (here == area and all(said)):
        raise WorkbookRefused("workbooks.array_formula", sheet=sheet, area=str(area))


def _touching(areas: Sequence[Area], area: Area) -> list[Area]:
    if not areas:
        return []
    r1, c1, r2, c2 = np.array(areas).T
    hit = (r1 <= area.last_row) & (r2 >= area.first_row) & (c1 <= area.last_column) & (c2 >= area.first_column)
    return [areas[i] for i in np.flatnonzero(hit).tolist()]


def check_header(table: str, header: object, others: Iterable[str]) -> str:
    """The name of a table's column, refused when it is no text or one of the ``others``."""
    if not isinstance(header, str) or not header:
        raise WorkbookRefused("workbooks.header_no_text", table=table)
    if header.lower() in (other.lower() for other in others):
        raise WorkbookRefused("workbooks.header_taken", table=table, header=header)
    return header


def check_sheet_name(name: str, others: Sequence[str]) -> None:
    """Refuse a name that Excel gives no sheet: empty, over 31 characters, with one of its special signs, or taken."""
    if not _SHEET_NAME.fullmatch(name) or name.startswith("'") or name.endswith("'") or name.lower() == "history":
        raise WorkbookRefused("workbooks.sheet_name", sheet=name)
    if name.lower() in (other.lower() for other in others):
        raise WorkbookRefused("workbooks.sheet_name_taken", sheet=name)
