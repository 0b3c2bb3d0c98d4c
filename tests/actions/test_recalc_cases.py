"""The table of formulas for all hosts, through workbook files: written by openpyxl, recalculated, read by openpyxl."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.conftest import LONG
from tests.udfs.cases import CASES, Case, Says, large_cases
from tieraddin.actions.recalc.run import recalc_file
from tieraddin.tables.values import CellError

pytestmark = pytest.mark.usefixtures("english", "no_models_of_ones_own")
FORMULA = "AX1"


def write(path: Path, cases: Sequence[Case], date1904: bool) -> None:
    """A sheet for each case: its cells, and its formula."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if date1904:
        book.epoch = CALENDAR_MAC_1904
    for i, case in enumerate(cases):
        sheet = book.create_sheet(f"S{i}")
        for address, values in case.cells.items():
            letters, row = coordinate_from_string(address)
            column = column_index_from_string(letters)
            for r, line in enumerate(values if isinstance(values, list) else [[values]], row):
                for c, value in enumerate(line, column):
                    put(sheet, r, c, value)
        sheet[FORMULA] = case.formula
    book.save(path)


def put(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, CellError):
        cell.data_type = "e"
    elif isinstance(value, str):
        cell.data_type = "s"  # the text #N/A is no error, and one that begins with = no formula


def same(given: Any, expected: Any) -> bool:
    """Whether a cell read back is what was expected; an empty text is read as nothing."""
    if isinstance(expected, Says):
        return isinstance(given, str) and expected in given
    if expected == "":
        return given in (None, "")
    if isinstance(expected, dt.datetime) or isinstance(given, bool):
        return given == expected and type(given) is type(expected)
    if isinstance(expected, (int, float)):
        return type(given) in (int, float) and given == pytest.approx(expected, abs=1e-12)
    return type(given) is str and given == expected


@pytest.mark.parametrize(
    ("cases", "date1904"),
    [(CASES, False), (CASES, True), (large_cases(100_000 if LONG else 10_000)[:1], False)],
    ids=["1900", "1904", "many rows"],
)
def test_all_cases_through_files(tmp_path: Path, cases: Sequence[Case], date1904: bool) -> None:
    path, out = tmp_path / "cases.xlsx", tmp_path / "out.xlsx"
    write(path, cases, date1904)
    done = recalc_file(path, output=out)
    assert (done["calculated"], done["unchanged"], done["left"]) == (len(cases), 0, [])
    book = openpyxl.load_workbook(out, data_only=True)
    formulas = openpyxl.load_workbook(out)
    wrong = []
    for i, case in enumerate(cases):
        sheet = book[f"S{i}"]
        first = sheet[FORMULA]
        expected = case.expected if isinstance(case.expected, list) else [[case.expected]]
        given = [
            [sheet.cell(first.row + r, first.column + c) for c in range(len(line))] for r, line in enumerate(expected)
        ]
        for line, wanted in zip(given, expected, strict=True):
            for cell, want in zip(line, wanted, strict=True):
                is_error = isinstance(want, CellError)
                if not same(cell.value, want) or (cell.data_type == "e") != is_error:
                    wrong.append((case.formula, cell.coordinate, cell.value, want))
        formula = formulas[f"S{i}"][FORMULA].value
        assert getattr(formula, "text", formula) == case.formula
        if isinstance(case.expected, list):
            right = first.column + len(expected[0]) - 1
            last = sheet.cell(first.row + len(expected) - 1, right).coordinate
            assert formula.ref == f"{FORMULA}:{last}"
    assert wrong == []
    again = recalc_file(out, in_place=True)
    assert (again["calculated"], again["left"], again["output"]) == (0, [], None)
