"""Sheets of our own: renewed as a whole, found again in either language; a person's own sheet is left alone."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from tieraddin.actions.memory import Memory
from tieraddin.actions.own_sheet import Block, renew
from tieraddin.language import LANGUAGES, say, use_language
from tieraddin.workbooks import open_workbook


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """The sheet's name in both languages, so that no action's own name is needed here."""
    said = {"en": "Parts", "zh": "分项"}
    from tieraddin.actions import own_sheet

    def told(key, lang=None, **facts):
        from tieraddin.language import language

        return said[lang or language()] if key == "parts" else say(key, lang, **facts)

    monkeypatch.setattr(own_sheet, "say", told)


def written(path, target, blocks, lines=(), lang="en"):
    use_language(lang)
    with open_workbook(path) as book:
        sheet = renew(book, "parts", blocks, lines)
        book.save(target)
    return sheet


def cells(path, sheet):
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [list(row) for row in rows]


SMALL = Block(["Rep", "Since", "Share"], [["Li", dt.date(2026, 3, 1), 0.25]], [None, None, "0%"], title="By rep")
LARGE = Block(["a", "b", "c", "d"], [[k, "x", None, True] for k in range(9)], ["0.00", None, None, None])


def test_what_it_holds(desk):
    path = desk.book([["Name", "Value"], ["Ann", 1]])
    sheet = written(path, desk.path("one.xlsx"), [SMALL, LARGE], ["All parts", "As of today"])
    assert sheet == "Parts"
    rows = cells(desk.path("one.xlsx"), sheet)
    assert [row[0] for row in rows[:6]] == [
        "All parts",
        say("own_sheet.mark", "en"),
        "As of today",
        None,
        "By rep",
        "Rep",
    ]
    assert rows[6][:3] == ["Li", dt.datetime(2026, 3, 1), 0.25]
    assert rows[7] == [None] * 4
    assert rows[8] == ["a", "b", "c", "d"]
    assert rows[9:] == [[k, "x", None, True] for k in range(9)]
    shown = openpyxl.load_workbook(desk.path("one.xlsx"))[sheet]
    assert [shown["B7"].number_format, shown["C7"].number_format, shown["A10"].number_format] == [
        "yyyy-mm-dd",
        "0%",
        "0.00",
    ]


@pytest.mark.parametrize("first, second", [("en", "en"), ("en", "zh"), ("zh", "en")])
def test_renewed_and_nothing_of_before_is_left(desk, first, second):
    path = desk.book([["Name", "Value"], ["Ann", 1]])
    name = written(path, desk.path("one.xlsx"), [LARGE], lang=first)
    assert written(desk.path("one.xlsx"), desk.path("two.xlsx"), [SMALL], lang=second) == name
    fresh = written(path, desk.path("fresh.xlsx"), [SMALL], lang=second)
    renewed = [row for row in cells(desk.path("two.xlsx"), name) if any(cell is not None for cell in row)]
    wanted = [row for row in cells(desk.path("fresh.xlsx"), fresh) if any(cell is not None for cell in row)]
    assert [row[:3] for row in renewed] == [row[:3] for row in wanted]
    assert all(cell is None for row in renewed for cell in row[3:])
    formats = openpyxl.load_workbook(desk.path("two.xlsx"))[name]
    assert formats["A7"].number_format == "General"


@pytest.mark.parametrize("own, free", [("Parts", "Parts (2)"), ("PARTS", "Parts (2)"), ("分项", "Parts")])
def test_a_persons_own_sheet_is_left_alone(desk, own, free):
    path = desk.book([["mine", 1], ["too", 2]], sheet=own)
    assert written(path, desk.path("one.xlsx"), [SMALL]) == free
    assert cells(desk.path("one.xlsx"), own) == [["mine", 1], ["too", 2]]
    assert written(desk.path("one.xlsx"), desk.path("two.xlsx"), [SMALL]) == free


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_customers_are_looked_for_there(desk, lang):
    path = desk.book([["Name", "Value"], ["Ann", 1]])
    sheet = written(path, desk.path("one.xlsx"), [SMALL], lang=lang)
    with open_workbook(desk.path("one.xlsx")) as book:
        assert Memory(book).sheets == {"Tier log", "Tier restore", "Tier model", sheet}
