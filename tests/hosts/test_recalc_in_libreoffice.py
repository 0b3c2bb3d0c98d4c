"""A real spreadsheet program opens a recalculated workbook, keeps the results, and goes on calculating from them.

LibreOffice without our add-in keeps the results of single cells. Arrays it works out anew whenever a file is loaded, so
there it needs the add-in; that is tested with the add-in.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from tieraddin.actions.recalc.run import recalc_file

from .test_libreoffice import SOFFICE, through_libreoffice

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


@pytest.mark.parametrize("date1904", [False, True])
def test_libreoffice_keeps_what_was_calculated(tmp_path: Path, date1904: bool) -> None:
    book = openpyxl.Workbook()
    if date1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    for row in ([700], [200], [100]):
        sheet.append(row)
    for row in (1, 2, 3):
        sheet[f"B{row}"] = f'=TIER("value-abc",A{row},,,A$1:A$3)'
        sheet[f"C{row}"] = f"=PARETO_SHARE(A{row},A$1:A$3)"
        sheet[f"D{row}"] = '=FOLLOWUP_DATE("followup-duty","B","2026-01-05")'
    sheet["B5"] = '=B1&" customer"'
    sheet["C5"] = "=SUM(C1:C3)"
    sheet["D5"] = "=D1+1"
    sheet["E1"] = '=IF(A1>500,"is "&TIER("value-abc",A1,,,A1:A3),"")'
    sheet["F1"] = "=PARETO_CLASS(A1:A3)"
    path = tmp_path / "book.xlsx"
    book.save(path)
    done = recalc_file(path, in_place=True)
    assert (done["calculated"], done["left"]) == (11, [])
    seen = openpyxl.load_workbook(through_libreoffice(path, tmp_path), data_only=True).active
    assert [seen[f"B{row}"].value for row in (1, 2, 3, 5)] == ["A", "A", "B", "A customer"]
    assert [seen[f"C{row}"].value for row in (1, 2, 3, 5)] == pytest.approx([0.7, 0.9, 1, 2.6])
    assert [seen[f"D{row}"].value for row in (1, 3)] == [dt.datetime(2026, 1, 8)] * 2
    assert seen["E1"].value == "is A"
    formulas = openpyxl.load_workbook(tmp_path / "out" / path.name).active
    assert formulas["B2"].value.upper() == '=TIER("VALUE-ABC",A2,,,A$1:A$3)'
    assert formulas["F1"].value.ref == "F1:F3"
    day = seen["D5"].value
    assert day in (dt.datetime(2026, 1, 9), 46031 - 1462 * date1904)
