"""Files that are read but not edited: .xlsb, .xls, .ods (through calamine) and .csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.csv_text import decoded, separator
from tieraddin.tables.layout import Area
from tieraddin.workbooks.rows import RowBook, Rows, RowSheet

SPREADSHEETS = (".xlsb", ".xls", ".ods")
TEXTS = (".csv",)
_END = "\0end"
"""A last line of ours, which a quotation mark that nothing closes swallows with all before it."""


def open_foreign(path: str | PathLike[str]) -> RowBook:
    """Open a file of another kind than .xlsx to read its cells.

    calamine tells no error values: in a spreadsheet file a cell with one is blank. All cells of a .csv file are texts.

    Raises
    ------
    WorkbookRefused
        no file, none of these kinds, damaged or encrypted; the sentence says which and what to do.
    """
    path = Path(path)
    if not path.is_file():
        raise WorkbookRefused("workbooks.no_such_file", file=path)
    match path.suffix.lower():
        case suffix if suffix in SPREADSHEETS:
            return _spreadsheet(path)
        case suffix if suffix in TEXTS:
            return RowBook({path.stem: RowSheet(_lines(path))})
    raise WorkbookRefused("workbooks.not_readable", file=path)


def _spreadsheet(path: Path) -> RowBook:
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = _opened(path)
    except PasswordError:
        raise WorkbookRefused("workbooks.encrypted", file=path) from None
    except CalamineError as fault:
        if _is_text(path):
            raise WorkbookRefused("workbooks.text_file", file=path) from None
        raise WorkbookRefused("workbooks.malformed_file", file=path, detail=fault) from None
    worksheets = [about for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
    return RowBook(
        {
            about.name: RowSheet(
                _cells(path, book, about.name),
                "visible" if about.visible == SheetVisibleEnum.Visible else "hidden",
            )
            for about in worksheets
        }
    )


def _opened(path: Path) -> Any:
    """The workbook in calamine, which opens no file whose name is no text: such a one is handed over."""
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(path))
    except FileNotFoundError:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(io.BytesIO(file.read()))


def _is_text(path: Path) -> bool:
    """Whether it holds text, such as the web pages that programs call .xls."""
    with path.open("rb") as file:
        head = file.read(4096)
    return bool(head.strip()) and 0 not in head and not head.startswith((b"PK", b"\xd0\xcf"))


def _cells(path: Path, book: Any, name: str) -> Callable[[], tuple[Rows, list[Area]]]:
    """What gives the rows of a sheet, and its merged ranges."""
    from python_calamine import CalamineError

    def load() -> tuple[Rows, list[Area]]:
        try:
            sheet = book.get_sheet_by_name(name)
            merged = [
                Area(top + 1, left + 1, bottom + 1, right + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            ]
            return sheet.to_python(skip_empty_area=False), merged
        except CalamineError as fault:
            raise WorkbookRefused("workbooks.malformed_file", file=path, detail=fault) from None

    return load


def _lines(path: Path) -> Callable[[], tuple[Rows, list[Area]]]:
    """What gives the rows of a .csv file, where nothing is merged."""

    def load() -> tuple[Rows, list[Area]]:
        try:
            text = decoded(path.read_bytes())
        except OSError as fault:
            raise WorkbookRefused("workbooks.cannot_read", file=path, detail=fault.strerror) from None
        except UnicodeDecodeError:
            raise WorkbookRefused("workbooks.mixed_encoding", file=path) from None
        try:
            rows = list(csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=separator(text)))
        except csv.Error as fault:
            raise WorkbookRefused("workbooks.malformed_file", file=path, detail=fault) from None
        if rows.pop() != [_END]:
            raise WorkbookRefused("workbooks.open_quote", file=path, row=len(rows) + 1)
        return rows, []

    return load
