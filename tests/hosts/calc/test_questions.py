"""The entries of the menu that ask something first, in a running LibreOffice.

Without a screen a question is left at once, as with Esc; what was asked stands in LibreOffice's log. Answers are given
with the command itself, a line each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.hosts.calc.menu import Menu
from tests.hosts.calc.test_menu import cells, everything, in_file
from tieraddin.actions.summarise import summarise_file
from tieraddin.language import Language, use_language
from tieraddin.templates.source import templates
from tieraddin.workbooks.calc.workbook import CalcWorkbook

SHEETS: dict[Language, str] = {"en": "Customers", "zh": "客户汇总"}


@pytest.fixture(params=["en", "zh"])
def lang(request: pytest.FixtureRequest, menu: Menu, path: Path) -> Iterator[Language]:
    """Each language, chosen in the menu."""
    menu.calc.open(path)
    menu.told(f"language={request.param}")
    use_language(request.param)
    yield request.param
    menu.told("language=auto")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Transactions, with two columns that could be the amount; customers on a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales"
    sheet.append(["Customer", "Order date", "Sales", "Revenue"])
    for k in range(12):
        sheet.append([f"c{k % 4}", dt.datetime(2026, 1, 1 + k), 10 * k, 5 - k])
        sheet.cell(k + 2, 2).number_format = "yyyy-mm-dd"
    other = book.create_sheet("客户")
    other.append(["Customer", "Sales", "Last contact"])
    for k in range(4):
        other.append([f"c{k}", 10**k, dt.datetime(2026, 1, 1 + k)])
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def answered(command: str, *answers: str) -> str:
    """The command as a dispatched URL has it."""
    return f"{command}=" + "\n".join(answers)


def test_transactions_become_customers_as_the_command_makes_them(
    menu: Menu, lang: Language, path: Path, tmp_path: Path
) -> None:
    before = everything(menu.calc)
    question = menu.told("summarise").splitlines()
    assert question[1:] == ["Sales", "Revenue"]
    assert everything(menu.calc) == before, "a question that is left does nothing"
    said = menu.told(answered("summarise", "4"))
    assert SHEETS[lang] in said
    assert menu.calc.doc.CurrentController.ActiveSheet.Name == SHEETS[lang]
    done = tmp_path / "done.xlsx"
    summarise_file(path, "Customer", "Order date", "Revenue", sheet="Sales", as_of=dt.date.today(), output=done)
    assert cells(CalcWorkbook(menu.calc.doc), SHEETS[lang]) == in_file(done, "Customers")
    menu.told("model=value-abc")
    assert SHEETS[lang] in menu.told("retier"), "the sheet can be graded like any other"


def test_undo_of_libreoffice_takes_the_sheet_away(menu: Menu, path: Path) -> None:
    menu.calc.open(path)
    before = everything(menu.calc)
    menu.told(answered("summarise", "3"))
    assert menu.calc.doc.Sheets.Count == 3
    menu.calc.doc.getUndoManager().undo()
    assert everything(menu.calc) == before


def test_follow_ups_ask_whose_rhythm(menu: Menu, lang: Language) -> None:
    menu.select("A1", "客户")
    menu.told("model=value-abc")
    before = everything(menu.calc)
    question, *choices = menu.told("followups").splitlines()
    assert question
    assert any("(rank-abc)" in choice for choice in choices)
    assert everything(menu.calc) == before
    menu.told(answered("followups", "rank-abc"))
    assert menu.calc.doc.Sheets.Count == 2 + 3, "ours: the model, the contacts, the workload"


def test_a_new_workbook_of_a_template_is_untitled(menu: Menu, lang: Language) -> None:
    before = everything(menu.calc)
    names = [template.name[lang] for template in templates().values()]
    assert menu.told("template").splitlines()[1:] == names
    book = menu.opened(answered("template", "customer-master"))
    try:
        assert (book.hasLocation(), book.isModified()) == (False, False)
        assert templates()["customer-master"].main.name[lang] in book.Sheets.ElementNames
    finally:
        book.close(True)
        menu.calc.doc.CurrentController.Frame.activate()
    assert everything(menu.calc) == before


def test_a_folder_is_converted_beside_it_and_the_report_is_shown(menu: Menu, lang: Language, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "north.csv").write_text("Customer,Sales\nAnn,5\nBo,1\n", "utf-8")
    (folder / "torn.xlsx").write_bytes(b"no workbook")
    assert menu.told(answered("convert", "customer-master")).strip()
    assert [file.name for file in tmp_path.iterdir() if file.is_dir()] == ["lists"]
    report = menu.opened(answered("convert", "customer-master", str(folder)))
    try:
        assert not report.hasLocation(), "a copy: the report itself stays free to be written to"
        cursor = report.Sheets.getByIndex(0).createCursor()
        cursor.gotoEndOfUsedArea(True)
        assert {Path(row[0]).name for row in cursor.getDataArray()[1:]} == {"north.csv", "torn.xlsx"}
    finally:
        report.close(True)
        menu.calc.doc.CurrentController.Frame.activate()
    (out,) = (each for each in tmp_path.glob("lists - *"))
    assert (out / "north.xlsx").is_file()


@pytest.mark.parametrize(("command", "sheet", "facts"), [
    ("summarise", "客户", {"en": ("Date", "客户"), "zh": ("日期", "客户")}),
    ("convert=customer-master\n/no/such/folder", "Sales", {"en": ("/no/such/folder",), "zh": ("/no/such/folder",)}),
])  # fmt: skip
def test_what_can_not_be_done_is_said_without_options(
    menu: Menu, lang: Language, command: str, sheet: str, facts: dict[Language, tuple[str, ...]]
) -> None:
    menu.calc.set_values("客户", "C1", [["Betreuer"], *[["Li"]] * 4])
    menu.select("A1", sheet)
    before = everything(menu.calc)
    said = menu.told(command)
    assert all(fact in said for fact in facts[lang]), said
    assert "--" not in said
    assert everything(menu.calc) == before


def test_a_protected_structure_is_refused(menu: Menu, lang: Language) -> None:
    menu.calc.doc.protect("")
    assert "book" in menu.told("summarise")
    assert menu.calc.doc.Sheets.Count == 2
