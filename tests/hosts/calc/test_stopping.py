"""Long work before a person's eyes: it can be stopped, and nothing that they press meanwhile gets between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hosts.calc.desk import ANSWERS, SCREEN, Desk

ROWS = 200_000
RUNNING = "Re-tier sheet"
STOPPED, REFUSED = "Stopped with Esc. The workbook is as it was.", "Another run is in progress."


@pytest.fixture
def book(seen: Desk) -> Iterator[Any]:
    """A long list of customers, its model picked."""
    document = seen.session.new()
    sheet = document.Sheets.getByIndex(0)
    cells = [("Customer", "Sales"), *((f"c{i}", float(1 + i * i % 9973)) for i in range(ROWS))]
    sheet.getCellRangeByPosition(0, 0, 1, ROWS).setDataArray(tuple(cells))
    seen.large()
    seen.confirm(seen.begin("model=value-abc"))
    yield document
    seen.session.close_book()


def under_way(seen: Desk) -> Any:
    """A re-tier that has brought its window."""
    asked = seen.begin("retier")
    seen.until_shown(RUNNING, asked)
    return asked


def contents(document: Any) -> Any:
    return [
        (sheet.Name, sheet.getCellRangeByName(f"A1:J{ROWS + 1}").getDataArray() if sheet.IsVisible else None)
        for sheet in document.Sheets
    ]


def said(seen: Desk) -> str:
    return str(seen.session.log(10**6))


def press_escape(seen: Desk) -> None:
    seen.focus(RUNNING)
    seen.run("xdotool", "key", "Escape")


def press_the_button(seen: Desk) -> None:
    """It is what Enter presses."""
    seen.focus(RUNNING)
    seen.run("xdotool", "key", "Return")


@pytest.mark.parametrize("stop", [press_escape, press_the_button])
def test_a_run_can_be_stopped(seen: Desk, book: Any, stop: Any) -> None:
    before, steps = contents(book), book.UndoManager.getAllUndoActionTitles()
    said_before = said(seen).count(STOPPED)
    asked = under_way(seen)
    stop(seen)
    seen.confirm(asked)
    assert said(seen).count(STOPPED) == said_before + 1
    assert contents(book) == before
    assert book.UndoManager.getAllUndoActionTitles() == steps
    assert not book.hasControllersLocked()
    assert all(each.Frame.ContainerWindow.isEnabled() for each in book.Controllers)
    assert not seen.windows(RUNNING)


def test_what_is_pressed_meanwhile_changes_nothing(seen: Desk, book: Any) -> None:
    """Keys, cells, buttons of the toolbar and the window's closer; and a command from elsewhere is refused."""
    sheet, refused = book.Sheets.getByIndex(0), said(seen).count(REFUSED)
    customers = sheet.getCellRangeByName(f"A1:B{ROWS + 1}").getDataArray()
    asked = under_way(seen)
    (window,) = [each for each in seen.windows("LibreOffice Calc") if each not in seen.windows(RUNNING)][-1:]
    seen.run("xdotool", "windowfocus", window, "type", "xyz")
    seen.run("xdotool", "key", "ctrl+z", "Delete", "Return")
    for spot in ((200, 300), (106, 87), (330, 87), (SCREEN[0] - 10, 9)):
        seen.run("xdotool", "mousemove", *map(str, spot), "click", "1")
    assert asked.is_alive(), "it had ended before"
    other = seen.begin("undo")
    while asked.is_alive() or other.is_alive():
        seen.focus(ANSWERS)
        seen.run("xdotool", "key", "Return")
        asked.join(0.5)
    assert said(seen).count(REFUSED) == refused + 1
    assert f"{ROWS} of {ROWS} customers" in said(seen)
    assert sheet.getCellRangeByName(f"A1:B{ROWS + 1}").getDataArray() == customers
    grades = {row[0] for row in sheet.getCellRangeByName(f"C2:C{ROWS + 1}").getDataArray()}
    assert grades == {"A", "B", "C"}
