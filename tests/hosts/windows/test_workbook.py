"""The buttons of the ribbon through xlwings on Windows, pywin32 and COM, on objects that stand in for Excel's."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tieraddin.actions.files import retier_file
from tieraddin.actions.rules import Rules
from tieraddin.language import use_language

from .conftest import HERE, run

SALES = [7000.12345, 2000, 600, "1,400", None, 300, "#N/A", 55.5]
GRADES = ["A", "B", None, "C", "", "A", "B", True]
VALUE_ABC = ["model", "value-abc"]
RETIER = ["retier", ""]
BUSY, REJECTED, REFUSED = -2146777998, -2147418111, -2146827284
"""VBA_E_IGNORE, RPC_E_CALL_REJECTED, and what Excel says to nearly all that it won't do."""

Pressed = Callable[..., dict[str, Any]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Customers in a table: money, an amount typed as text, an error, blanks, dates; a formula and a merge beside."""
    use_language("en")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Customer", "Sales", "Tier", "Last contact", "Rep"])
    for i, sales in enumerate(SALES, 2):
        sheet.append([f"客户{i}", sales, GRADES[i - 2], dt.datetime(2026, 1, i, 9, 30), "李" if i % 2 else "Wu"])
        sheet.cell(i, 2).number_format = "$#,##0.00"
    sheet.add_table(Table(displayName="Customers", ref=f"A1:E{len(SALES) + 1}"))
    sheet["M1"] = "=SUM(B2:B8)"
    sheet.merge_cells("N1:O2")
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


@pytest.fixture
def pressed(path: Path, tmp_path: Path) -> Pressed:
    """Steps made in one go: what was said, and the workbook afterwards."""

    def made(*steps: Any) -> dict[str, Any]:
        (tmp_path / "job.json").write_text(json.dumps(steps), "utf-8")
        out = tmp_path / "out.xlsx"
        out.touch()
        told: dict[str, Any] = json.loads(
            run(HERE / "excel_workbook.py", path, out, tmp_path / "job.json", seconds=200)
        )
        return told | {"book": openpyxl.load_workbook(out)}

    return made


def cells(book: Any, sheet: str) -> list[list[Any]]:
    return [[(cell.value, cell.number_format) for cell in row] for row in book[sheet]["A1:P12"]]


def test_a_retier_writes_what_the_command_line_writes(pressed: Pressed, path: Path, tmp_path: Path) -> None:
    done = retier_file(path, Rules.of("value-abc"), output=tmp_path / "done.xlsx")
    told = pressed(VALUE_ABC, RETIER)
    assert f"{done['graded']} of {done['rows']} customers" in told["said"][-1]
    expected = openpyxl.load_workbook(tmp_path / "done.xlsx")
    for mine, own in zip(cells(told["book"], "Sheet"), cells(expected, "Sheet"), strict=True):
        assert [value for value, _ in mine] == [value for value, _ in own]
    assert told["book"]["Sheet"].tables["Customers"].ref == expected["Sheet"].tables["Customers"].ref
    mine, own = ([[c or None for c in row[3:]] for row in book["Tier log"].values] for book in (told["book"], expected))
    assert mine == own
    assert told["book"]["Tier restore"].sheet_state == "hidden"


def test_every_button_answers_and_undo_gives_all_back(pressed: Pressed, path: Path) -> None:
    told = pressed(
        VALUE_ABC, ["preview", ""], RETIER, ["select", [3, 1, 3, 1]], ["explain", ""], ["pareto", ""],
        ["select", [2, 1, 2, 1]], ["dashboard", ""], ["undo", ""],
    )  # fmt: skip
    _, preview, graded, explained, pareto, dashboard, undone = told["said"]
    assert preview == ""
    assert "Nothing was written" in told["shown"][0][0]
    assert "are graded by value-abc" in graded
    assert "Customer: 客户3" in explained
    assert "Tier Pareto" in pareto
    assert "Tier dashboard" in dashboard
    assert "1" in undone
    assert told["charts"] == {"Tier Pareto": 1, "Tier dashboard": 3}
    before, after = (cells(book, "Sheet") for book in (openpyxl.load_workbook(path), told["book"]))
    assert after == before


def test_whole_columns_rows_and_sheets_are_marked(pressed: Pressed) -> None:
    """Excel writes their addresses in another way, and can't count so many cells."""
    marked = [1, 1, 1_048_576, 2], [4, 1, 4, 16_384], [1, 1, 1_048_576, 16_384]
    told = pressed(VALUE_ABC, *(step for area in marked for step in (["select", area], RETIER)))
    assert ["are graded by value-abc" in sentence for sentence in told["said"][1:]] == [True] * 3


def test_where_excel_fails_the_workbook_stays(pressed: Pressed, path: Path) -> None:
    """While it reads and while it writes; its codes come within an exception of COM."""
    said = {BUSY: "Excel is busy", REJECTED: "Excel is busy", REFUSED: "Something unexpected"}
    cases = [(member, code) for member in ("Value", "HasFormula", "Resize", "Add") for code in said]
    told = pressed(VALUE_ABC, *(step for member, code in cases for step in (["fails", {member: code}], RETIER)))
    for case, sentence in zip(cases, told["said"][1:], strict=True):
        assert said[case[1]] in sentence, case
    assert cells(told["book"], "Sheet") == cells(openpyxl.load_workbook(path), "Sheet")
