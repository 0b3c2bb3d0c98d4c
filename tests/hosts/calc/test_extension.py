"""The extension as LibreOffice has it: its menu, dates of each system, and an environment that is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tieraddin
from tieraddin.hosts.calc.commands import COMMANDS
from udfs import FUNCTIONS


def shown(calc: Any, command: str) -> list[list[str]]:
    """What a command of the menu opens."""
    calc.new()
    before = {book.RuntimeUID for book in books(calc)}
    assert calc.dispatch(f"service:org.tieraddin.calc.Commands?{command}") == "success"
    (opened,) = [book for book in books(calc) if book.RuntimeUID not in before]
    try:
        sheet = opened.Sheets.getByIndex(0)
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(True)
        return [list(row) for row in cursor.getDataArray()]
    finally:
        opened.close(True)


def books(calc: Any) -> list[Any]:
    found, components = [], calc.desktop.getComponents().createEnumeration()
    while components.hasMoreElements():
        found.append(components.nextElement())
    return found


def test_the_menu_is_there(calc: Any) -> None:
    ours = [entry for entry in calc.addon_commands() if "tieraddin" in entry["url"]]
    assert [entry["url"].partition("?")[2] for entry in ours] == list(COMMANDS)
    assert all(entry["title"] for entry in ours)


def test_the_list_of_functions_names_each(calc: Any) -> None:
    rows = shown(calc, "functions")
    assert [row[0].lstrip("=").partition("(")[0] for row in rows] == list(FUNCTIONS)


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
