"""The port's contract, held by a workbook that is open in LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.workbooks.contract import Contract
from tieraddin.workbooks.calc.workbook import CalcWorkbook
from tieraddin.workbooks.port import Workbook

KINDS = {"Column": "clustered", "Line": "line"}


class TestCalc(Contract):
    @pytest.fixture(autouse=True)
    def session(self, calc: Any) -> None:
        self.calc = calc

    @contextmanager
    def opened(self, path: Path) -> Iterator[Workbook]:
        yield CalcWorkbook(self.calc.open(path))

    def saved(self, book: Workbook, path: Path) -> Any:
        """Calc saves errors, yes and no that are typed in as formulas, and escapes the signs of number formats."""
        saved = super().saved(book, path)
        for sheet in saved:
            for row in sheet.iter_rows():
                for cell in row:
                    constant = {"=TRUE()": True, "=FALSE()": False, "=#N/A": "#N/A", "=#DIV/0!": "#DIV/0!"}
                    if isinstance(cell.value, str) and cell.value in constant:
                        cell.value = constant[cell.value]
                    cell.number_format = cell.number_format.replace("\\", "")
        return saved

    def drawn(self, book: Any, path: Path, sheet: str) -> list[tuple[str, list[tuple[str, ...]]]]:
        charts = book.document.Sheets.getByName(sheet).Charts
        return [self.one_drawn(charts.getByName(name).EmbeddedObject) for name in sorted(charts.ElementNames)]

    def one_drawn(self, chart: Any) -> tuple[str, list[tuple[str, ...]]]:
        (system,) = chart.getFirstDiagram().getCoordinateSystems()
        categories = system.getAxisByDimension(0, 0).getScaleData().Categories.getValues()
        told = []
        for kind in system.getChartTypes():
            name = KINDS[kind.getChartType().removeprefix("com.sun.star.chart2.").removesuffix("ChartType")]
            for series in kind.getDataSeries():
                (data,) = series.getDataSequences()
                stacked = series.StackingDirection.value == "Y_STACKING"
                told.append((
                    "stacked" if stacked else name, "second" if series.AttachedAxisIndex else "first",
                    *(each.getSourceRangeRepresentation().removeprefix("$").replace(".$", "!$")
                      for each in (data.getLabel(), data.getValues(), categories)),
                ))  # fmt: skip
        return chart.Title.String, told
