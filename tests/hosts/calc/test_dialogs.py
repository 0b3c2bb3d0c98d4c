"""Questions before a person's eyes: picked with the keys, or left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.hosts.calc.desk import ANSWERS, LONGEST, Desk
from tests.hosts.calc.menu import Menu
from tieraddin.language import say

LIST = (("Customer", "Date", "Sales", "Revenue"), ("Ann", "2026-01-05", 5.0, 70.0), ("Ann", "2026-01-06", 6.0, 80.0))


@pytest.fixture
def book(seen: Desk) -> Iterator[Any]:
    document = seen.session.new()
    document.Sheets.getByIndex(0).getCellRangeByName("A1:D3").setDataArray(LIST)
    seen.large()
    yield document
    seen.session.close_book()


def asked(seen: Desk, command: str, title: str = ANSWERS) -> Any:
    """A command that has brought its question, which has the keyboard."""
    running = seen.begin(command)
    seen.until_shown(title, running)
    seen.focus(title)
    return running


def ended(running: Any) -> None:
    running.join(LONGEST)
    assert not running.is_alive()


@pytest.mark.parametrize(("keys", "money"), [(("Return",), 11), (("Down", "Return"), 150)])
def test_a_choice_is_picked_with_the_keys(seen: Desk, book: Any, keys: tuple[str, ...], money: int) -> None:
    running = asked(seen, "summarise")
    seen.keys(*keys)
    seen.confirm(running)
    assert book.Sheets.getByName("Customers").getCellRangeByName("F2").Value == money


def test_esc_leaves_a_question_and_nothing_is_said(seen: Desk, book: Any) -> None:
    running = asked(seen, "summarise")
    seen.keys("Escape")
    ended(running)
    assert not seen.windows(ANSWERS)
    assert book.Sheets.ElementNames == (book.Sheets.getByIndex(0).Name,)


def test_esc_leaves_the_choice_of_a_folder(seen: Desk, book: Any) -> None:
    running = asked(seen, "convert=customer-master", say("live.ask_folder", "en"))
    seen.keys("Escape")
    ended(running)
    assert not seen.windows(ANSWERS)


def test_the_folder_of_the_open_workbook_is_shown_first_and_can_be_picked(seen: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    book = openpyxl.Workbook()
    for row in (("Customer", "Sales"), ("Ann", 5), ("Bo", 1)):
        book.active.append(row)
    book.save(folder / "north.xlsx")
    seen.session.open(folder / "north.xlsx", read_only=True)
    title = say("live.ask_folder", "en")
    running = asked(seen, "convert=customer-master", title)
    until = time.monotonic() + LONGEST
    while seen.windows(title):
        assert time.monotonic() < until, "the folder is not taken"
        seen.focus(title)
        seen.keys("Return")
    seen.confirm(running)
    assert (tmp_path / "lists - converted" / "north.xlsx").is_file()
    for shown in Menu(seen.session).books():
        shown.close(True)
