"""Any spreadsheet file to read."""

from __future__ import annotations

import zipfile
from contextlib import AbstractContextManager, nullcontext
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from tieraddin.workbooks.foreign import open_foreign
from tieraddin.workbooks.package.workbook import PackageWorkbook

if TYPE_CHECKING:
    from tieraddin.workbooks.port import Readable

PACKAGES = (".xlsx", ".xlsm")


def open_to_read(path: str | PathLike[str]) -> AbstractContextManager[Readable]:
    """Open a spreadsheet file or a .csv to read its cells.

    Raises
    ------
    tieraddin.errors.WorkbookRefused
        no file, of another kind, damaged or encrypted; the sentence says which and what to do.
    """
    path = Path(path)
    return PackageWorkbook(path, to_read=True) if _is_package(path) else nullcontext(open_foreign(path))


def _is_package(path: Path) -> bool:
    """Whether it is an .xlsx by its name, or is called .xls, as some programs call what they write."""
    suffix = path.suffix.lower()
    return suffix in PACKAGES or (suffix == ".xls" and zipfile.is_zipfile(path))
