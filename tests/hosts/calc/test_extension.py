"""The extension as LibreOffice has it: its menu, dates of each system, and an environment that is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

import tieraddin
from tests.hosts.calc.menu import Menu
from tieraddin.actions.live.place import RUNNING
from tieraddin.hosts.calc.commands import COMMANDS, answered
from udfs import FUNCTIONS


def shown(calc: Any, command: str, here: bool = False) -> list[list[str]]:
    """What a command of the menu opens, asked for from a new book, or from the one that is open."""
    if not here:
        calc.new()
    return Menu(calc).shown(command)


def test_the_menu_is_there(calc: Any) -> None:
    ours = [entry for entry in calc.addon_commands() if "tieraddin" in entry["url"]]
    urls = [entry["url"].partition("?")[2] for entry in ours if entry["where"] == "OfficeMenuBar"]
    assert [url for url in urls if "=" not in url] == list(COMMANDS)
    assert all(entry["title"] for entry in ours)


def test_the_list_of_functions_names_each(calc: Any) -> None:
    rows = shown(calc, "functions")
    assert sorted(row[1].partition("(")[0] for row in rows) == sorted(FUNCTIONS)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows), "those of one kind stand together"


def test_the_reason_of_an_error_can_be_asked_for(calc: Any) -> None:
    shown(calc, "faults")
    calc.new()
    calc.set_formula(0, "A1", '=TIER("value-abcd",5)')
    assert calc.values(0, "A1") == [["#VALUE!"]]
    reasons = [row[0] for row in shown(calc, "faults")]
    assert any("value-abcd" in reason and "value-abc" in reason for reason in reasons)


def test_what_is_installed_is_told(calc: Any) -> None:
    facts = [row[1] for row in shown(calc, "doctor")]
    assert str(Path(tieraddin.__file__).parent) in facts
    assert any(fact.startswith("3.") for fact in facts)


@pytest.mark.parametrize("day, serial", [((30, 12, 1899), 46066), ((1, 1, 1904), 44604), ((1, 1, 1900), 46064)])
def test_dates_in_each_system(calc: Any, day: tuple[int, int, int], serial: int) -> None:
    book = calc.new()
    date = book.NullDate
    date.Day, date.Month, date.Year = day
    book.NullDate = date
    calc.set_formula(0, "A1", "=DATE(2026,2,13)")
    calc.set_formula(0, "A2", "=WORKDAY_CN(A1,1)")
    calc.set_formula(0, "A3", "=WORKDAYS_BETWEEN_CN(A1,A2)")
    assert calc.values(0, "A1:A3") == [[serial], [serial + 1], [2]]


@pytest.mark.parametrize("folder", ["gone", "lib/python3.2/site-packages"])
def test_an_environment_that_can_not_be_used_is_said_in_the_cell(
    sessions: Any, extension: Path, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "lib" / "python3.2" / "site-packages" / "numpy").mkdir(parents=True)
    with sessions.CalcSession(timeout=60, env={"TIERADDIN_SITE": str(tmp_path / folder)}) as session:
        session.install_extension(extension)
        session.new()
        session.set_formula(0, "A1", '=TIER("value-abc",5)')
        ((said,),) = session.values(0, "A1")
        assert str(tmp_path / folder) in said
        assert "tieraddin addin install --calc" in said
        assert said in session.log()


def test_formulas_as_excel_saves_them_are_kept_and_can_be_connected(calc: Any, tmp_path: Path) -> None:
    """Excel writes ``[1]!TIER(`` with a link to its add-in; LibreOffice keeps the text, and shows #NAME?."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, sales in enumerate((700, 200, 100), 1):
        sheet.cell(row, 1, sales)
        sheet.cell(row, 2, f'=[1]!TIER("value-abc",A{row},,,A$1:A$3)&"!"')
    sheet["C1"] = ArrayFormula("C1:C3", '=[1]!TIER("value-abc",A1:A3)')
    sheet["D1"] = '=[1]!HsGetValue("x")'
    book.save(tmp_path / "excel.xlsx")
    calc.open(tmp_path / "excel.xlsx")
    calc.recalculate()
    assert calc.values(0, "B1:C1") == [["#NAME?", "#NAME?"]]
    kept = openpyxl.load_workbook(calc.save_as(tmp_path / "kept.xlsx")).active
    assert kept["B1"].value.upper() == sheet["B1"].value.upper()
    assert kept["C1"].value.text.upper() == sheet["C1"].value.text.upper()
    assert shown(calc, "adopt", here=True) == [["Formulas that call the functions now: 4"]]
    assert calc.values(0, "B1:C3") == [["A!", "A"], ["A!", "A"], ["B!", "B"]]
    saved = openpyxl.load_workbook(calc.save_as(tmp_path / "saved.xlsx")).active
    assert saved["B2"].value == '=TIER("value-abc",A2,,,A$1:A$3)&"!"'
    assert saved["C1"].value.text == '=TIER("value-abc",A1:A3)'
    assert saved["D1"].value.upper() == sheet["D1"].value.upper(), "a function of another add-in is left alone"


@pytest.fixture
def linked(calc: Any, tmp_path: Path) -> Any:
    """Two sheets with formulas as Excel saves them, one of them an array; the document."""
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("It's two")):
        sheet["A1"], sheet["B1"] = 5, '=[1]!TIER("value-abc",A1)'
        sheet["C1"] = ArrayFormula("C1:C1", '=[1]!TIER("value-abc",A1)')
    book.save(tmp_path / "linked.xlsx")
    calc.open(tmp_path / "linked.xlsx")
    return calc.doc


def formulas(document: Any) -> list[Any]:
    return [sheet.getCellRangeByName("A1:C1").getFormulaArray() for sheet in document.Sheets]


def test_formulas_are_connected_in_one_step(calc: Any, linked: Any) -> None:
    before = formulas(linked)
    assert shown(calc, "adopt", here=True) == [["Formulas that call the functions now: 4"]]
    after = formulas(linked)
    assert not any("[1]" in text for row in after for text in row[0])
    assert linked.UndoManager.getAllUndoActionTitles() == ("Connect formulas from Excel",)
    linked.UndoManager.undo()
    assert formulas(linked) == before
    shown(calc, "adopt", here=True)
    assert shown(calc, "adopt", here=True) == [["Formulas that call the functions now: 0"]]
    assert formulas(linked) == after
    assert len(linked.UndoManager.getAllUndoActionTitles()) == 1, "nothing to connect is no step"


def protect_one(document: Any) -> None:
    document.Sheets.getByIndex(1).protect("")


def share(document: Any) -> None:
    document.createInstance("com.sun.star.document.Settings").IsDocumentShared = True


@pytest.mark.parametrize(("trouble", "told"), [(protect_one, "It's two"), (share, "linked.xlsx")])
def test_formulas_that_can_not_be_connected_stay(calc: Any, linked: Any, trouble: Any, told: str) -> None:
    trouble(linked)
    before, modified = formulas(linked), linked.isModified()
    said = Menu(calc).told("adopt")
    assert told in said
    assert "Tools, " in said
    assert formulas(linked) == before
    assert linked.isModified() == modified


def test_formulas_are_not_connected_while_another_run_is_in_progress(linked: Any) -> None:
    before = formulas(linked)
    with RUNNING:
        kind, said = answered("adopt", linked, "en")
    assert (kind, said[:15]) == ("refused", "Another run is ")
    assert formulas(linked) == before


@pytest.mark.parametrize("locale, title", [("en-US", "Tier"), ("zh-CN", "Tier 客户分级")])
def test_the_toolbar_has_its_title_and_stands_above_the_sheet(calc: Any, locale: str, title: str) -> None:
    from com.sun.star.beans import NamedValue

    calc.new()
    name = "private:resource/toolbar/addon_org.tieraddin.calc.toolbar"
    states = calc._make("com.sun.star.configuration.ConfigurationProvider").createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess",
        (
            NamedValue("nodepath", "/org.openoffice.Office.UI.CalcWindowState/UIElements/States"),
            NamedValue("Locale", locale),
        ),
    )
    assert states.getByName(name).getByName("UIName") == title
    layout = calc.doc.CurrentController.Frame.LayoutManager
    assert layout.isElementVisible(name)
    assert layout.isElementDocked(name)
