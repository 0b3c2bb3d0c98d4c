"""The table of formulas and the manual's examples in LibreOffice: typed into a book, calculated, saved, loaded."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from tests.udfs.cases import CASES, Case, Says
from tieraddin.tables.values import CellError, to_serial

EXAMPLES = tomllib.loads((Path(__file__).parents[3] / "docs" / "functions.toml").read_text("utf-8"))
FIRST = 26
"""Results begin in column Z."""
REFUSED = "Err:504"
"""What Calc itself shows where it does not call the function at all."""

MANUAL = [Case(each["formula"], {}, each.get("gives") or [each["first"]]) for each in EXAMPLES.values()]
ALL = [*CASES, *MANUAL]

OTHERWISE = {
    "=PARETO_CLASS()": "",  # an argument that is left out is a blank one
    "=GINI()": CellError("#N/A"),
    "=RFM_SCORE(A2:A6,B2:B6)": "",
    "=FOLLOWUP_OVERDUE(A1)": "",
    "=PARETO_CLASS(1,,,,,6)": REFUSED,  # too many arguments
}
"""What Calc gives otherwise than all other hosts."""


def in_calc(case: Case) -> Any:
    """What the case gives in Calc."""
    if case.formula in OTHERWISE and "#" not in str(case.cells):
        return OTHERWISE[case.formula]
    if case.cells.get("A1") is True:
        return "A"  # TRUE is the number 1
    sheet = openpyxl.Workbook().active
    put(sheet, case)
    for reference in re.findall(r"[A-Z]+[0-9]*:[A-Z]+[0-9]*", case.formula):
        left, top, right, bottom = range_boundaries(reference)
        lines = sheet.iter_rows(top or 1, bottom or sheet.max_row, left, right)
        if any(cell.data_type == "e" for line in lines for cell in line):
            rows = case.expected if isinstance(case.expected, list) else [[None]]
            return [[REFUSED] * len(rows[0])] * len(rows)
    return case.expected


def put(sheet: Any, case: Case) -> None:
    """The cells of ``case`` on a sheet, and its formula in Z1: an array formula where the result is one."""
    for address, values in case.cells.items():
        left, top, _, _ = range_boundaries(address)
        for i, line in enumerate(values if isinstance(values, list) else [[values]]):
            for j, value in enumerate(line):
                sheet.cell(top + i, left + j, str(value) if isinstance(value, CellError) else value)
    sheet["Z1"] = ArrayFormula(area(case), case.formula) if isinstance(case.expected, list) else case.formula


def area(case: Case) -> str:
    rows = case.expected if isinstance(case.expected, list) else [[case.expected]]
    return f"Z1:{get_column_letter(FIRST - 1 + len(rows[0]))}{len(rows)}"


def typed(calc: Any, cases: list[Case], path: Path) -> None:
    """A book of ``cases``, a sheet each, written by openpyxl, opened and calculated."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, case in enumerate(cases):
        put(book.create_sheet(f"case {number}"), case)
    book.save(path)
    calc.open(path)
    calc.recalculate()


def results(calc: Any, cases: list[Case]) -> list[list[list[Any]]]:
    return [calc.values(f"case {number}", area(case)) for number, case in enumerate(cases)]


def same(given: Any, expected: Any) -> bool:
    if isinstance(expected, Says):
        return isinstance(given, str) and expected in given
    if isinstance(expected, dt.datetime):
        return bool(given == to_serial(expected))
    if isinstance(expected, (int, float)):
        return isinstance(given, float) and given == pytest.approx(expected, abs=1e-12)
    return bool((given or "") == str(expected))  # an empty text and an empty cell look alike


def test_what_formulas_give_and_that_they_are_saved_as_they_were_typed(calc: Any, tmp_path: Path) -> None:
    typed(calc, ALL, tmp_path / "typed.xlsx")
    wrong = []
    for case, given in zip(ALL, results(calc, ALL), strict=True):
        expected = in_calc(case)
        rows = expected if isinstance(expected, list) else [[expected]]
        lines = zip(given, rows, strict=True)
        if not all(same(*pair) for line, wanted in lines for pair in zip(line, wanted, strict=False)):
            wrong.append((case.formula, given, rows))
    assert not wrong
    assert sum(in_calc(case) is not case.expected for case in ALL) < 30, "few cases are otherwise in Calc"
    book = openpyxl.load_workbook(calc.save_as(tmp_path / "saved.xlsx"))
    for number, case in enumerate(ALL):
        found = book[f"case {number}"]["Z1"].value
        text = found.text if isinstance(found, ArrayFormula) else found
        assert text.replace("TRUE()", "TRUE") == case.formula


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_saved_books_give_the_same_when_loaded_again(calc: Any, tmp_path: Path, kind: str) -> None:
    typed(calc, MANUAL, tmp_path / "typed.xlsx")
    before = results(calc, MANUAL)
    calc.open(calc.save_as(tmp_path / f"saved.{kind}"))
    calc.recalculate()
    assert results(calc, MANUAL) == before


def test_a_language_can_be_asked_for(calc: Any) -> None:
    calc.new()
    calc.set_array_formula(0, "A1:E2", '=TIER_MODELS("zh")')
    assert calc.values(0, "A1:E1") == [["模型", "名称", "字段", "等级", "说明"]]


def test_an_error_in_is_an_error_out(calc: Any) -> None:
    """Calc does not call a function whose argument holds an error; IFERROR makes blanks of them."""
    calc.new()
    calc.set_values(0, "A1", [[700], [None], [0], [100]])
    calc.set_formula(0, "A2", "=1/0")
    calc.set_array_formula(0, "B1:B4", "=PARETO_CLASS(A1:A4)")
    calc.set_array_formula(0, "C1:C4", '=PARETO_CLASS(IFERROR(A1:A4,""))')
    calc.set_array_formula(0, "D1:D3", '=PARETO_CLASS(PARETO_SHARE({5;"x";3}))')
    calc.set_formula(0, "E1", "=PARETO_CLASS(A2)")
    shown = calc.values(0, "B1:E4")
    assert [row[0] for row in shown] == [REFUSED] * 4
    assert [row[1] for row in shown] == ["A", "", "C", "B"]
    assert [row[2] for row in shown[:3]] == ["#VALUE!"] * 3
    assert shown[0][3] == "#DIV/0!"


def test_a_blank_cell_is_0_by_itself_and_blank_as_a_range(calc: Any) -> None:
    calc.new()
    calc.set_values(0, "A1", [[700], [0], [None]])
    calc.set_formula(0, "B1", '=TIER("value-abc",A3,,,A1:A3)')
    calc.set_formula(0, "B2", '=TIER("value-abc",A3:A3,,,A1:A3)')
    calc.set_formula(0, "B3", '=TIER("value-abc",A3,,,A1:A1)')  # no 0 there to be taken for
    assert [value or "" for (value,) in calc.values(0, "B1:B3")] == ["C", "", ""]
