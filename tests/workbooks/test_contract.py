"""The port's contract, held by a file on disk and by a workbook open in Excel (xlwings over an engine of openpyxl)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

    def drawn(self, book: Any, path: Path, sheet: str) -> list[tuple[str, list[tuple[str, ...]]]]:
        quoted = sheet.replace("'", "''")
        kinds = {51: "clustered", 52: "stacked", 4: "line"}
        return [
            (
                chart.api[1].ChartTitle.Text,
                [
                    (
                        kinds[series.ChartType],
                        "second" if series.AxisGroup == 2 else "first",
                        series.Name[1:],
                        f"'{quoted}'!{series.Values.Address}",
                        f"'{quoted}'!{series.XValues.Address}",
                    )
                    for series in chart.impl._series
                ],
            )
            for chart in book.book.sheets[sheet].charts
        ]
