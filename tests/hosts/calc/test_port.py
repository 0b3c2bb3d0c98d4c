"""The workbook port on a document in LibreOffice, against the same file as the package host reads and writes it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from tieraddin.actions.columns import targets_of, write_results
from tieraddin.actions.restore import restore
from tieraddin.actions.retier import plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area
from tieraddin.tables.values import CellError
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.calc.workbook import CalcWorkbook
from tieraddin.workbooks.port import ERASE, KEEP

DAY = dt.date(2026, 3, 6)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Customers in an Excel table: numbers, dates, texts, yes and no, errors, formulas; merged cells; a comment."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    sheet.append(["Customer", "Sales", "Last contact", "Active", "Target", "Met"])
    for i, sales in enumerate((700, 200, 60, 40, "1,000", None, 30), 2):
        sheet.append([f"客户 {i}", sales, dt.datetime(2026, 1, i), i % 2 == 0, "#N/A" if i == 4 else 50, f"=B{i}>50"])
        sheet.cell(i, 3).number_format = "yyyy-mm-dd"
        sheet.cell(i, 6).font = Font(bold=True, color="00AA0000")
        sheet.cell(i, 6).fill = PatternFill("solid", fgColor="00FFEE99")
    sheet.add_table(Table(displayName="Customers", ref="A1:F8"))
    sheet.merge_cells("I1:J2")
    sheet["I1"] = "note"
    sheet["B3"].comment = Comment("asked twice", "Li")
    sheet["L1"] = ArrayFormula("L1:L3", "=B2:B4*2")
    sheet.freeze_panes = "B2"
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    hidden["B2"] = dt.datetime(2026, 5, 1, 12, 30)
    book.create_sheet("blank")
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


@pytest.fixture
def live(calc: Any, path: Path) -> CalcWorkbook:
    return CalcWorkbook(calc.open(path))


@pytest.mark.parametrize(
    "ask",
    [
        lambda book: book.sheet_names,
        lambda book: [book.sheet_state(sheet) for sheet in book.sheet_names],
        lambda book: [book.protected(sheet) for sheet in book.sheet_names],
        lambda book: [book.used_range(sheet) for sheet in book.sheet_names],
        lambda book: [book.merged(sheet) for sheet in book.sheet_names],
        lambda book: [book.tables(sheet) for sheet in book.sheet_names],
        lambda book: book.read("客户", "A1:E9"),
        lambda book: book.read("hidden", "A1:C3"),
        lambda book: [[column.cells() for column in book.read_columns("客户", [4, 1, 2, 4], 2, 9)]],
        lambda book: [(f.row, f.column, f.text, f.form, f.area) for f in book.formulas("客户")],
        lambda book: book.date1904,
        lambda book: (book.names(), book.links()),
    ],
)
def test_what_is_there_reads_as_in_the_file(live: CalcWorkbook, path: Path, ask: Any) -> None:
    with open_workbook(path) as file:
        assert ask(live) == ask(file)


def test_kinds_are_those_of_the_file_where_no_formula_stands(live: CalcWorkbook, path: Path) -> None:
    with open_workbook(path) as file:
        for sheet in file.sheet_names:
            here, there = live.kinds(sheet), file.kinds(sheet)
            known = np.isin(here.columns, range(1, 6)), np.isin(there.columns, range(1, 6))
            assert here.kinds[:, known[0]].tolist() == there.kinds[:, known[1]].tolist()


VALUES = [700.0, "=text, no formula", "'quoted", None, KEEP, ERASE, True, dt.date(2026, 2, 3),
          dt.datetime(2026, 2, 3, 4, 5), CellError("#N/A"), "007", -1]  # fmt: skip


def test_what_is_written_is_read_back_alike(live: CalcWorkbook, path: Path) -> None:
    notes = comments(live)
    with open_workbook(path) as file:
        for book in (live, file):
            book.write_columns("客户", 2, 1, [VALUES, VALUES[::-1]], number_formats=[None, "0.0"])
            book.write("blank", 3, 2, [["a", 1, KEEP], [True]])
        for sheet, area in (("客户", "A1:B14"), ("blank", "A1:D5")):
            assert live.read(sheet, area) == file.read(sheet, area)
    assert comments(live) == notes == [("Li", 2, 1)]


def comments(book: CalcWorkbook) -> list[tuple[str, int, int]]:
    notes = book.document.Sheets.getByName("客户").Annotations
    return [(note.Author, note.Position.Row, note.Position.Column) for note in notes]


@pytest.mark.parametrize(
    "edit, key",
    [
        (lambda book: book.write("gone", 1, 1, [[1]]), "workbooks.no_sheet"),
        (lambda book: book.write("客户", 2, 12, [[1]]), "workbooks.array_formula"),
        (lambda book: book.write("客户", 2, 10, [[1]]), "workbooks.merged"),
        (lambda book: book.write("客户", 1, 20, [[float("nan")]]), "workbooks.not_finite"),
        (lambda book: book.write("客户", 1, 20, [["x" * 32_768]]), "workbooks.text_too_long"),
        (lambda book: book.write("客户", 1, 16_384, [[1, 2]]), "workbooks.outside_sheet"),
        (lambda book: book.write_columns("客户", 1, 20, [[1], [1, 2]]), "workbooks.unequal_columns"),
        (lambda book: book.extend_table("客户", "Customers", ["Tier", "a", "b"]), "workbooks.occupied"),
        (lambda book: book.extend_table("客户", "Customers", ["sales"]), "workbooks.header_taken"),
        (lambda book: book.extend_table("客户", "None", ["Tier"]), "workbooks.no_table"),
        (lambda book: book.shrink_table("客户", "Customers", 6), "workbooks.too_few_columns"),
        (lambda book: book.add_sheet("Blank"), "workbooks.sheet_name_taken"),
        (lambda book: book.add_sheet("a/b"), "workbooks.sheet_name"),
        (lambda book: book.read("客户", "A0"), "workbooks.no_area"),
    ],
)
def test_refusals_are_those_of_the_file_and_leave_all_as_it_was(
    live: CalcWorkbook, path: Path, edit: Any, key: str
) -> None:
    before = live.read("客户", "A1:T9")
    with open_workbook(path) as file:
        for book in (live, file):
            with pytest.raises(WorkbookRefused) as refused:
                edited(book, edit, path.with_name("refused.xlsx"))
            assert refused.value.key == key
    assert live.read("客户", "A1:T9") == before
    assert not live.document.isModified()


def edited(book: Any, edit: Any, target: Path) -> None:
    """An edit to the end: the file takes values when it is saved."""
    edit(book)
    book.save(target)


def test_a_protected_sheet_is_refused(live: CalcWorkbook) -> None:
    live.document.Sheets.getByName("blank").protect("")
    assert live.protected("blank")
    with pytest.raises(WorkbookRefused) as refused:
        live.write("blank", 1, 1, [[1]])
    assert refused.value.key == "calc.protected"


def test_a_table_grows_and_shrinks_and_new_cells_look_like_their_neighbours(live: CalcWorkbook, calc: Any) -> None:
    live.extend_table("客户", "Customers", ["Tier"])
    assert live.tables("客户")[0].columns == ["Customer", "Sales", "Last contact", "Active", "Target", "Met", "Tier"]
    live.write_columns("客户", 2, 7, [["A", KEEP, *"BCDEF"]], like=6)
    sheet = live.document.Sheets.getByName("客户")
    cells = [sheet.getCellRangeByName(name) for name in ("G2", "G3", "G4")]
    assert [(cell.CellBackColor, cell.CharWeight) for cell in cells] == [
        (0xFFEE99, 150.0), (-1, 100.0), (0xFFEE99, 150.0),
    ]  # fmt: skip
    live.set_column_width("客户", 7, 30)
    width = sheet.Columns.getByIndex(6).Width
    live.set_column_width("客户", 7, 50)
    assert sheet.Columns.getByIndex(6).Width == width > sheet.Columns.getByIndex(5).Width
    live.shrink_table("客户", "Customers", 1)
    assert live.tables("客户")[0].area == Area(1, 1, 8, 6)
    assert live.read("客户", "G2") == [["A"]]


def test_a_table_that_grew_is_one_in_the_saved_file(live: CalcWorkbook, tmp_path: Path) -> None:
    live.extend_table("客户", "Customers", ["Tier"])
    live.add_sheet("Tier restore", hidden=True)
    live.save(tmp_path / "saved.xlsx")
    with open_workbook(tmp_path / "saved.xlsx") as file:
        assert file.tables("客户")[0].columns[-1] == "Tier"
        assert file.sheet_state("Tier restore") == "hidden"


@pytest.mark.parametrize("model", ["value-abc", "rank-abc", "followup-duty"])
def test_a_retier_is_that_of_the_file_and_can_be_taken_back(live: CalcWorkbook, path: Path, model: str) -> None:
    given = {"value": "Sales"} if model != "followup-duty" else {}
    rules = Rules.of(model, cadence="followup-duty", as_of=DAY)
    with open_workbook(path) as file:
        before = live.read("客户", "A1:L9")

        def both(book: Any) -> Any:
            """All but the formulas, whose results the file does not hold."""
            return book.read("客户", "A1:E9"), book.read("客户", "M1:W9")

        for book in (live, file):
            if model == "followup-duty":
                book.write("客户", 1, 4, [["Tier"], *[[grade] for grade in "ABCABCA"]])
                before = live.read("客户", "A1:L9")
            plan = plan_retier(book, rules, given=given)
            write_results(plan, targets_of(plan))
        assert both(live) == both(file)
        assert len(live.kinds("客户").columns) > len("ABCDEF") + 2
        assert restore(live) == restore(file) == [1]
        assert both(live) == both(file)
        assert live.read("客户", "A1:L9") == before


def test_merged_cells_beyond_what_is_filled_are_known_and_results_keep_clear_of_them(calc: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("Customer", "Sales"), ("Ann", 5), ("Bo", 1)):
        book.active.append(row)
    book.active.add_table(Table(displayName="Customers", ref="A1:B3"))
    book.active.merge_cells("C2:E3")
    book.save(tmp_path / "merged.xlsx")
    live = CalcWorkbook(calc.open(tmp_path / "merged.xlsx"))
    with open_workbook(tmp_path / "merged.xlsx") as file:
        assert live.merged("Sheet") == file.merged("Sheet") == [Area(2, 3, 3, 5)]
        assert live.used_range("Sheet") == file.used_range("Sheet")
    plan = plan_retier(live, Rules.of("value-abc"))
    write_results(plan, targets_of(plan))
    assert live.read("Sheet", "C1:G1") == [[None, None, None, None, "Tier"]]
    assert live.merged("Sheet") == [Area(2, 3, 3, 5)]
