"""Any spreadsheet file to read: plain small sheets of .xlsx through calamine, in a few milliseconds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieraddin.tables.layout import Area, KindGrid
from tieraddin.tables.values import Cell, Column
from tieraddin.workbooks.foreign import open_foreign
from tieraddin.workbooks.package.workbook import PackageWorkbook
from tieraddin.workbooks.port import FormulaCell
from tieraddin.workbooks.rows import RowBook, RowSheet

if TYPE_CHECKING:
    from tieraddin.workbooks.port import Readable

PACKAGES = (".xlsx", ".xlsm")
_MOST_BYTES = 4 << 20
_MOST_CELLS = 1 << 20
_CAREFUL = {
    b'"e"': b'"', b'"d"': b'"', b"'e'": b"'", b"'d'": b"'", b"<f": b"<", b":f": b":", b"_x": b"_", b"<!": b"!",
}  # fmt: skip
"""Where these bytes are, calamine may not tell all: errors, formulas, dates as texts, escapes, odd XML.

Beside each is the rarest byte of it, which is looked for first.
"""


def open_to_read(path: str | PathLike[str]) -> AbstractContextManager[Readable]:
    """Open a spreadsheet file or a .csv to read its cells.

    Raises
    ------
    tieraddin.errors.WorkbookRefused
        no file, of another kind, damaged or encrypted; the sentence says which and what to do.
    """
    path = Path(path)
    return QuickBook(path) if _is_package(path) else nullcontext(open_foreign(path))


def _is_package(path: Path) -> bool:
    """Whether it is an .xlsx by its name, or is called .xls, as some programs call what they write."""
    suffix = path.suffix.lower()
    return suffix in PACKAGES or (suffix == ".xls" and zipfile.is_zipfile(path))


def _needs_care(data: bytes) -> bool:
    return any(rare in data and mark in data for mark, rare in _CAREFUL.items())


class QuickBook(PackageWorkbook):
    """A workbook file whose plain sheets calamine reads; of the others every cell is looked at by ourselves."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, to_read=True)
        self._quick = RowBook({})
        self._seen: set[str] = set()
        self._other: Any = None

    def _is_quick(self, sheet: str) -> bool:
        if sheet not in self._seen:
            self._seen.add(sheet)
            if (rows := self._rows(sheet)) is not None:
                self._quick.sheets[sheet] = rows
        return sheet in self._quick.sheets

    def _rows(self, name: str) -> RowSheet | None:
        """The cells as calamine tells them; None where it may not tell all."""
        from python_calamine import CalamineError, CalamineWorkbook

        parts, sheet = self._book.parts, self._sheet(name)
        texts = [sheet.part, *parts.related(self._book.part, "sharedStrings")]
        if self.date1904 or sum(map(parts.size, texts)) > _MOST_BYTES:
            return None  # of the 1904 system calamine tells spans otherwise than dates
        if any(map(_needs_care, map(parts.read, texts))):
            return None
        try:
            self._other = self._other or CalamineWorkbook.from_path(str(self.path))
            found = self._other.get_sheet_by_name(name)
            if found.total_height * found.total_width > _MOST_CELLS:
                return None
            rows = found.to_python(skip_empty_area=False)
            merged = [Area(r + 1, c + 1, r2 + 1, c2 + 1) for (r, c), (r2, c2) in found.merged_cell_ranges or ()]
        except (CalamineError, OSError):  # it opens no file whose name is no text
            return None
        return RowSheet(lambda: rows, sheet.state, merged)

    def used_range(self, sheet: str) -> Area | None:
        """The area of all cells that hold something."""
        return self._quick.used_range(sheet) if self._is_quick(sheet) else super().used_range(sheet)

    def read(self, sheet: str, area: str) -> list[list[Cell]]:
        """The values in an area."""
        return self._quick.read(sheet, area) if self._is_quick(sheet) else super().read(sheet, area)

    def kinds(self, sheet: str) -> KindGrid:
        """What each cell holds."""
        return self._quick.kinds(sheet) if self._is_quick(sheet) else super().kinds(sheet)

    def read_columns(self, sheet: str, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """Whole columns."""
        if self._is_quick(sheet):
            return self._quick.read_columns(sheet, columns, first_row, last_row)
        return super().read_columns(sheet, columns, first_row, last_row)

    def merged(self, sheet: str) -> list[Area]:
        """The sheet's merged ranges."""
        return self._quick.merged(sheet) if self._is_quick(sheet) else super().merged(sheet)

    def formulas(self, sheet: str) -> Iterator[FormulaCell]:
        """The sheet's formulas."""
        return iter(()) if self._is_quick(sheet) else super().formulas(sheet)
