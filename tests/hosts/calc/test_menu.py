"""The menu in a running LibreOffice, command by command, against what the package host writes into the same file."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table

import workbook_templates
from tests.hosts.calc.menu import Menu
from tieraddin.actions.files import restore_file, retier_file
from tieraddin.actions.followups.files import followups_file
from tieraddin.actions.followups.plan import BESIDE
from tieraddin.actions.review.run import review_file
from tieraddin.actions.rules import Rules
from tieraddin.grading.review import FIELDS
from tieraddin.language import by_button
from tieraddin.tables.values import Cell
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.calc.workbook import CalcWorkbook

SAMPLES = Path(workbook_templates.__file__).parent
GRADES = ["A", "B", "A", "C", "C", "B", "A"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A table of customers with a filter and frozen panes, own grades, a formula beside; a second sheet, empty."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    sheet.append(["Customer", "Sales", "Tier", "Last contact", "Rep"])
    for i, sales in enumerate((700, 200, 60, 40, "1,000", None, 30), 2):
        sheet.append([f"c{i}", sales, GRADES[i - 2], dt.datetime(2026, 1, i), "Li" if i % 2 else "Wu"])
        sheet.cell(i, 5).font = Font(bold=True, color="00AA0000")
        sheet.cell(i, 5).fill = PatternFill("solid", fgColor="00FFEE99")
    sheet.add_table(Table(displayName="Customers", ref="A1:E8"))
    sheet["M1"] = "=SUM(B2:B8)"
    sheet.freeze_panes = "B2"
    book.create_sheet("empty")
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def cells(book: Any, sheet: str, last: int = 40) -> list[list[Cell]]:
    """The values of a sheet, as much of it as the tests use."""
    rows: list[list[Cell]] = book.read(sheet, f"A1:Z{last}")
    return rows


def everything(calc: Any) -> list[Any]:
    """All cells of the open workbook with their formats, its sheets, tables, and what they show."""
    found: list[Any] = [calc.doc.Sheets.ElementNames]
    for sheet in calc.doc.Sheets:
        area = sheet.getCellRangeByName("A1:Z80")
        looks: dict[Any, set[str]] = {}
        for one in (
            formats.getByIndex(i) for formats in [area.getUniqueCellFormatRanges()] for i in range(formats.Count)
        ):
            names = ("CellBackColor", "CharWeight", "CharColor", "CharFontName", "NumberFormat")
            places = {
                spot
                for at in one.RangeAddresses
                for spot in product(range(at.StartRow, at.EndRow + 1), range(at.StartColumn, at.EndColumn + 1))
            }
            looks.setdefault(one.getPropertyValues(names), set()).update(places)
        widths = [sheet.Columns.getByIndex(k).Width for k in range(26)]
        found += [area.getFormulaArray(), looks, widths, sheet.IsVisible, sheet.Charts.Count]
    ranges = calc.doc.DatabaseRanges
    found += [(name, str(CalcWorkbook(calc.doc).tables("客户"))) for name in ranges.ElementNames]
    return found


def in_file(path: Path, sheet: str) -> list[list[Cell]]:
    with open_workbook(path) as book:
        return cells(book, sheet)


@pytest.mark.parametrize("name, model", [
    ("sample-customers.xlsx", "value-abc"), ("sample-customers.xlsx", "rank-abc"),
    ("sample-customers.zh.xlsx", "value-abc"),
])  # fmt: skip
def test_a_retier_writes_what_the_command_line_writes_into_the_file(
    menu: Menu, tmp_path: Path, name: str, model: str
) -> None:
    path = Path(shutil.copy(SAMPLES / name, tmp_path))
    done = retier_file(path, Rules.of(model), output=tmp_path / "done.xlsx")
    menu.calc.open(path)
    assert model in menu.told(f"model={model}")
    said = menu.told("retier")
    assert f"{done['graded']} of {done['rows']}" in said
    book = CalcWorkbook(menu.calc.doc)
    with open_workbook(tmp_path / "done.xlsx") as file:
        last = file.tables(done["sheet"])[0].area.last_row
        assert cells(book, done["sheet"], last) == cells(file, done["sheet"], last)
        assert book.tables(done["sheet"]) == file.tables(done["sheet"])
        logs = ([[cell or None for cell in row[2:]] for row in cells(each, "Tier log")] for each in (book, file))
        assert next(logs) == next(logs)
    assert book.sheet_state("Tier restore") == "hidden"


def test_what_libreoffice_saves_is_restored_on_the_command_line(menu: Menu, path: Path, tmp_path: Path) -> None:
    before = in_file(path, "客户")
    menu.calc.open(path)
    menu.told("model=value-abc")
    menu.told("retier")
    saved = Path(menu.calc.save_as(tmp_path / "saved.xlsx"))
    assert in_file(saved, "客户") != before
    assert restore_file(saved)["runs"] == [1]
    after = in_file(saved, "客户")
    assert [row[:12] for row in after] == [row[:12] for row in before]


@pytest.mark.parametrize("runs", [1, 2])
def test_undo_gives_values_and_formats_back(menu: Menu, path: Path, runs: int) -> None:
    calc = menu.calc
    calc.open(path)
    menu.told("model=value-abc")
    for run in range(1, runs + 1):
        calc.set_values("客户", "B2", [[10 * run]])
        before = everything(calc)
        menu.told("retier")
        assert everything(calc) != before
    assert str(runs) in menu.told("undo")
    assert everything(calc)[1:3] == before[1:3]
    assert everything(calc)[-1] == before[-1]


def test_a_run_is_one_step_of_libreoffice_own_undo(menu: Menu, path: Path) -> None:
    calc = menu.calc
    calc.open(path)
    menu.told("model=value-abc")
    before, manager = everything(calc), calc.doc.getUndoManager()
    menu.told("retier")
    after = everything(calc)
    assert manager.getCurrentUndoActionTitle() == "Re-tier sheet"
    manager.undo()
    assert everything(calc) == before
    manager.redo()
    assert everything(calc) == after


def test_filter_panes_formulas_and_looks_stay(menu: Menu, path: Path) -> None:
    calc = menu.calc
    calc.open(path)
    menu.told("model=value-abc")
    menu.told("retier")
    assert calc.formula("客户", "M1") == "=SUM(B2:B8)"
    controller = calc.doc.CurrentController
    assert (controller.SplitColumn, controller.SplitRow) == (1, 1)
    tier = calc._range("客户", "F2")
    assert (tier.CellBackColor, tier.CharWeight) == (0xFFEE99, 150.0), "new columns look like their neighbour"
    assert calc.doc.isAutomaticCalculationEnabled()
    assert not calc.doc.hasControllersLocked()
    assert not calc.doc.isActionLocked()


def test_rows_that_a_filter_hides_are_graded_and_stay_hidden(menu: Menu, path: Path, tmp_path: Path) -> None:
    import uno  # the kit knows where LibreOffice has it

    done = retier_file(path, Rules.of("value-abc"), output=tmp_path / "done.xlsx")
    calc = menu.calc
    calc.open(path)
    menu.told("model=value-abc")
    table = calc.doc.DatabaseRanges.getByName("Customers")
    table.AutoFilter = True
    asked = table.getFilterDescriptor()
    field = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    field.Field, field.IsNumeric, field.StringValue = 4, False, "Li"
    field.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
    asked.FilterFields = (field,)
    table.refresh()
    rows = calc.doc.Sheets.getByName("客户").Rows
    shown = [rows.getByIndex(k).IsVisible for k in range(9)]
    assert shown[1:8] == [False, True] * 3 + [False], "Li has the customers of odd rows"
    assert f"{done['graded']} of {done['rows']}" in menu.told("retier")
    here = [row[:9] for row in cells(CalcWorkbook(calc.doc), "客户", 8)]
    assert here == [row[:9] for row in in_file(tmp_path / "done.xlsx", "客户")[:8]]
    assert [rows.getByIndex(k).IsVisible for k in range(9)] == shown
    table = calc.doc.DatabaseRanges.getByName("Customers")
    assert (table.AutoFilter, table.getFilterDescriptor().FilterFields[0].StringValue) == (True, "Li")


def test_a_cell_that_is_being_edited_keeps_what_it_held(menu: Menu, path: Path) -> None:
    """The menu takes the cursor out of the cell; the run is as if nobody had begun to type."""
    calc = menu.calc
    calc.open(path)
    menu.told("model=value-abc")
    menu.select("B3")
    calc.dispatch(".uno:SetInputMode")
    assert "of 7 customers" in menu.told("retier")
    book = CalcWorkbook(calc.doc)
    assert book.read("客户", "B3") == [[200.0]]
    assert book.read("客户", "F1:F3")[0] == ["Tier (value-abc)"]
    menu.told("undo")
    assert book.read("客户", "F1") == [[None]]


def test_the_heads_of_what_is_shown_are_bold(menu: Menu, path: Path) -> None:
    menu.calc.open(path)
    menu.told("model=value-abc")
    book = menu.opened("preview")
    sheet = book.Sheets.getByIndex(0)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(True)
    lines = cursor.getDataArray()
    weights = [sheet.getCellByPosition(0, k).CharWeight for k in range(len(lines))]
    book.close(True)
    menu.calc.doc.CurrentController.Frame.activate()
    assert [k for k, weight in enumerate(weights) if weight > 100] == [
        k for k in range(len(lines)) if k == 0 or not any(lines[k - 1])
    ]


def test_a_preview_tells_the_moves_and_changes_nothing(menu: Menu, path: Path) -> None:
    calc = menu.calc
    calc.open(path)
    menu.told("model=value-abc")
    before = everything(calc)
    rows = menu.shown("preview")
    assert everything(calc) == before
    expected = retier_file(path, Rules.of("value-abc"), preview=True)
    pairs = [[move["from"] or "", move["to"] or "", float(move["count"])] for move in expected["moves"]]
    moved = [[float(m["row"]), m["customer"], m["from"] or "", m["to"] or ""] for m in expected["moved"]]
    assert pairs
    assert moved
    told = [row[:3] for row in rows] + [row[:4] for row in rows]
    assert all(line in told for line in [*pairs, *moved])
    assert "Nothing was written" in rows[0][0]


def test_the_selected_customer_is_explained(menu: Menu, path: Path) -> None:
    menu.calc.open(path)
    menu.told("model=value-abc")
    menu.select("D6")
    said = menu.told("explain")
    assert "Customer: c6" in said
    assert "Tier: A" in said
    assert "1,000" not in said.partition("Why:")[0]
    menu.select("A30")
    assert "Row 30" in menu.told("explain")


@pytest.mark.parametrize("marked, table", [("A1:E5", "A1:E5"), ("B3", None)])
def test_a_marked_area_is_graded_alone(menu: Menu, tmp_path: Path, marked: str, table: str | None) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Customer", "Sales"])
    for i, sales in enumerate((900, 60, 30, 20, 700, 1), 1):
        book.active.append([f"c{i}", sales])
    path = tmp_path / "plain.xlsx"
    book.save(path)
    retier_file(path, Rules.of("value-abc"), table=table, output=tmp_path / "done.xlsx")
    menu.calc.open(path)
    menu.told("model=value-abc")
    menu.select(marked)
    menu.told("retier")
    assert cells(CalcWorkbook(menu.calc.doc), "Sheet") == in_file(tmp_path / "done.xlsx", "Sheet")


def test_follow_ups_stand_on_the_sheets_of_the_file(menu: Menu, path: Path, tmp_path: Path) -> None:
    rules = Rules.of("followup-duty", beside=BESIDE)
    with by_button():
        done = followups_file(path, rules, output=tmp_path / "done.xlsx")
    menu.calc.open(path)
    menu.told("model=followup-duty")
    said = menu.told("followups")
    assert all(sheet in said for sheet in done["sheets"])
    assert menu.calc.doc.CurrentController.ActiveSheet.Name == done["sheets"][0]
    for sheet in done["sheets"]:
        assert cells(CalcWorkbook(menu.calc.doc), sheet) == in_file(tmp_path / "done.xlsx", sheet)


def test_a_review_lists_the_moves_of_the_command_line(menu: Menu, path: Path) -> None:
    expected = review_file(path, Rules.of("value-abc", beside=FIELDS))
    menu.calc.open(path)
    menu.told("model=value-abc")
    before = everything(menu.calc)
    rows = menu.shown("review")
    assert everything(menu.calc) == before
    assert expected["moves"]
    for move in expected["moves"]:
        assert [float(move["row"]), move["customer"], move["from"], move["to"]] in [row[:4] for row in rows]


def test_the_pareto_chart_is_one_of_calc_own(menu: Menu, path: Path, tmp_path: Path) -> None:
    menu.calc.open(path)
    menu.told("model=value-abc")
    for _ in range(2):  # a second one takes the place of the first
        menu.select("A2", "客户")
        assert "Tier Pareto" in menu.told("pareto")
    active = menu.calc.doc.CurrentController.ActiveSheet
    assert (active.Name, active.Charts.Count) == ("Tier Pareto", 1)
    drawn = active.Charts.getByIndex(0).EmbeddedObject
    rows = drawn.Data.getData()
    assert [row[0] for row in rows] == [1000, 700, 200, 60, 40, 30]
    assert [round(row[1] * 2030) for row in rows] == [1000, 1700, 1900, 1960, 2000, 2030]
    assert [row[2:] for row in rows] == [(0.8, 0.95)] * 6
    assert drawn.Data.getRowDescriptions() == ("c6", "c2", "c3", "c4", "c5", "c8")
    assert drawn.Diagram.NumberOfLines == 3
    with zipfile.ZipFile(menu.calc.save_as(tmp_path / "saved.xlsx")) as saved:
        assert sum(name.startswith("xl/charts/chart") for name in saved.namelist()) == 1


def test_the_dashboard_shows_mix_moves_and_people(menu: Menu, path: Path) -> None:
    menu.calc.open(path)
    menu.told("model=value-abc")
    menu.told("dashboard")
    active = menu.calc.doc.CurrentController.ActiveSheet
    tables = [active.Charts.getByIndex(k).EmbeddedObject.Data.getData() for k in range(active.Charts.Count)]
    mix, moves, people = tables
    assert [round(row[0] * 6) for row in mix] == [2, 2, 2]  # 1000 and 700 reach 80 %, 200 and 60 reach 95 %
    assert moves == ((1.0, 1.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 1.0))
    assert sorted(map(sum, people)) == [2.0, 4.0]


def protect(calc: Any) -> None:
    calc.doc.Sheets.getByName("客户").protect("")


def protect_structure(calc: Any) -> None:
    calc.doc.protect("")


def look_elsewhere(calc: Any) -> None:
    calc.doc.CurrentController.setActiveSheet(calc.doc.Sheets.getByName("empty"))


def look_at_log(calc: Any) -> None:
    Menu(calc).told("retier")
    calc.doc.CurrentController.setActiveSheet(calc.doc.Sheets.getByName("Tier log"))


def protect_log(calc: Any) -> None:
    """A second run fails at its very end, when all else is written."""
    Menu(calc).told("retier")
    calc.doc.Sheets.getByName("Tier log").protect("")


def without_numbers(calc: Any) -> None:
    calc.set_values("客户", "B2", [["x"]] * 7)


def two_columns_fit(calc: Any) -> None:
    calc.set_values("客户", "B1", [["Name"]])
    calc.set_values("客户", "B2", [["x"]] * 7)


REFUSALS: dict[Callable[[Any], None], str] = {
    protect: "客户 is protected",
    protect_structure: "structure of book.xlsx is protected",
    look_elsewhere: "empty",
    look_at_log: "Tier log is one that tieraddin writes itself",
    protect_log: "Tier log is protected",
    without_numbers: "Sales",
    two_columns_fit: "value",
}


@pytest.mark.parametrize("trouble", REFUSALS, ids=lambda trouble: trouble.__name__)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    menu: Menu, path: Path, trouble: Callable[[Any], None]
) -> None:
    calc = menu.calc
    calc.open(path)
    menu.told("model=value-abc")
    trouble(calc)
    before, steps = everything(calc), calc.doc.UndoManager.getAllUndoActionTitles()
    said = menu.told("retier")
    assert REFUSALS[trouble] in said
    assert "Traceback" not in said
    assert everything(calc) == before
    assert calc.doc.UndoManager.getAllUndoActionTitles() == steps
    assert not calc.doc.hasControllersLocked()


@pytest.mark.parametrize("command, sentence", [
    ("retier", "No model is picked"), ("undo", "no run"), ("model=no-such", "no-such"), ("model=sheet", "Tier model"),
])  # fmt: skip
def test_a_fresh_workbook_says_what_is_missing(menu: Menu, path: Path, command: str, sentence: str) -> None:
    menu.calc.open(path)
    assert sentence.casefold() in menu.told(command).casefold()
    assert not menu.calc.doc.isModified()


def test_a_read_only_workbook_is_refused(menu: Menu, path: Path) -> None:
    menu.calc.open(path, read_only=True)
    assert "read-only" in menu.told("model=value-abc")


def test_a_mistake_of_ours_is_kept_in_a_file_that_is_named(menu: Menu, path: Path) -> None:
    menu.calc.open(path)
    menu.calc.set_values("客户", "A1", [["x"]])
    menu.told("model=value-abc")
    menu.calc._range("Tier restore", "A2").setString("no number")
    said = menu.told("retier")
    file = Path(said.partition(" stands in ")[2].partition("; ")[0])
    assert "Traceback" in file.read_text()
    assert "Traceback" not in said


def test_the_language_can_be_chosen(menu: Menu, path: Path) -> None:
    menu.calc.open(path)
    try:
        assert "中文" in menu.told("language=zh")
        assert "模型" in menu.told("model=value-abc")
        assert "已按 value-abc 定级" in menu.told("retier")
        assert CalcWorkbook(menu.calc.doc).read("客户", "F1:G1") == [["等级", "得分"]]
    finally:
        menu.told("language=auto")
    assert menu.shown("help")[0][0] == "Re-tier sheet"
