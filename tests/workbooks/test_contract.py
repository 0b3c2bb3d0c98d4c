"""The port's contract, held by a file on disk and by a workbook open in Excel (xlwings over an engine of openpyxl)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tieraddin.hosts.excel.workbook import ExcelWorkbook
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Workbook

from .contract import Contract
from .xw_engine import excel


class TestPackage(Contract):
    @contextmanager
    def opened(self, path: Path) -> Iterator[Workbook]:
        with open_workbook(path) as book:
            yield book


class TestExcel(Contract):
    @contextmanager
    def opened(self, path: Path) -> Iterator[Workbook]:
        yield ExcelWorkbook(excel(path))
