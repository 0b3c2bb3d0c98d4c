"""Workbooks: one port (`tieraddin.workbooks.port`), several hosts."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from tieraddin.workbooks.port import ERASE, KEEP, Workbook

if TYPE_CHECKING:
    from tieraddin.workbooks.package.workbook import PackageWorkbook

__all__ = ["ERASE", "KEEP", "Workbook", "open_workbook"]


def open_workbook(path: str | PathLike[str]) -> PackageWorkbook:
    """Open an .xlsx or .xlsm file to read it and to edit it without loss; use it in a ``with`` statement.

    Raises
    ------
    tieraddin.errors.WorkbookRefused
        a file that can't be edited safely; the sentence says why and what to do.
    """
    from tieraddin.workbooks.package.workbook import PackageWorkbook

    return PackageWorkbook(path)
