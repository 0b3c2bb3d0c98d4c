"""How often LibreOffice is asked: as often for many rows as for few."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tieraddin.actions.columns import targets_of
from tieraddin.actions.files import carry_out, summary
from tieraddin.actions.restore import restore
from tieraddin.actions.retier import plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.workbooks.calc.workbook import CalcWorkbook

AT_ONCE = 25_000
"""The rows that go into one write (`tieraddin.workbooks.calc.writing`)."""


class Counted:
    """One of LibreOffice's objects; what is asked of it is counted by name, and of the objects that it gives."""

    def __init__(self, own: Any, calls: Counter[str]) -> None:
        self.__dict__.update(own=own, calls=calls)

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        found = getattr(self.own, name)
        if not callable(found) or type(found).__name__ == "pyuno":
            return self.wrapped(found)
        return lambda *given: self.wrapped(found(*map(self.bare, given)))

    def __setattr__(self, name: str, value: Any) -> None:
        self.calls[name] += 1
        setattr(self.own, name, self.bare(value))

    def __iter__(self) -> Any:
        return map(self.wrapped, self.own)

    def wrapped(self, found: Any) -> Any:
        return Counted(found, self.calls) if type(found).__name__ == "pyuno" else found

    @staticmethod
    def bare(value: Any) -> Any:
        return value.own if isinstance(value, Counted) else value


def customers(calc: Any, rows: int) -> Any:
    """A list with own grades, numbers, dates, and a blank."""
    document = calc.new()
    sheet = document.Sheets.getByIndex(0)
    lines = [
        (f"c{i}", float(1 + i * i % 9973) if i else "", "ABC"[i % 3], 46000.0 + i % 300, ("Li", "Wu")[i % 2])
        for i in range(rows)
    ]
    cells = sheet.getCellRangeByPosition(0, 0, 4, rows)
    cells.setDataArray((("Customer", "Sales", "Tier", "Last contact", "Rep"), *lines))
    sheet.getCellRangeByPosition(3, 1, 3, rows).NumberFormat = document.NumberFormats.getStandardFormat(
        2, document.CharLocale
    )
    return document


def asked(calc: Any, rows: int) -> tuple[Counter[str], Counter[str]]:
    """What a re-tier of so many rows, and taking it back, ask of LibreOffice."""
    runs: list[Counter[str]] = [Counter(), Counter()]
    document = customers(calc, rows)
    sheet = document.Sheets.getByIndex(0)
    before = sheet.getCellRangeByName(f"A1:J{rows + 1}").getDataArray()
    book = CalcWorkbook(Counted(document, runs[0]))
    plan = plan_retier(book, Rules.of("value-abc", cadence="followup-duty"), sheet=sheet.Name)
    targets = targets_of(plan)
    carry_out(plan, targets, summary(plan, targets))
    graded = {row[0] for row in sheet.getCellRangeByPosition(5, 1, 5, rows).getDataArray()}
    assert graded == {"A", "B", "C", ""}
    restore(CalcWorkbook(Counted(document, runs[1])))
    assert sheet.getCellRangeByName(f"A1:J{rows + 1}").getDataArray() == before
    return runs[0], runs[1]


def test_more_rows_ask_no_more(calc: Any) -> None:
    few, many = asked(calc, 1_000), asked(calc, 20_000)
    assert few == many
    assert few[0].total() < 2_000


def test_each_block_more_is_one_write_more(calc: Any) -> None:
    blocks = 3
    (few, _), (many, _) = asked(calc, 1_000), asked(calc, AT_ONCE * blocks)
    assert many["setDataArray"] == few["setDataArray"] + blocks - 1
    assert many.total() - few.total() < 10 * blocks
