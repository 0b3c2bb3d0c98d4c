"""A run that fails half-way in Calc leaves values and looks as they were."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from tieraddin.actions import live
from tieraddin.actions.review.run import carry_out, plan_review
from tieraddin.actions.rules import Rules
from tieraddin.grading.review import FIELDS
from tieraddin.workbooks.calc.live import LiveCalcWorkbook
from tieraddin.workbooks.calc.writing import Writer

from .test_menu import everything, path

__all__ = ["path"]
CHANGES = [
    (LiveCalcWorkbook, "set_column_width"), (LiveCalcWorkbook, "add_sheet"), (LiveCalcWorkbook, "extend_table"),
    (LiveCalcWorkbook, "shrink_table"), (LiveCalcWorkbook, "set_charts"), (LiveCalcWorkbook, "set_look"),
    (Writer, "_write"), (Writer, "_lend"), (Writer, "_format"), (Writer, "put"),
]  # fmt: skip
"""All that changes a document; a part of `Writer.put` fails before the whole does."""
FEW = 6
"""So many changes of a run fail, spread over it; all of them where TIERADDIN_LONG asks for it."""


class Failing:
    """Counts the changes, and fails when the one numbered ``at`` is made."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count, self.at = 0, 0
        for owner, name in CHANGES:
            patch.setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any, **named: Any) -> Any:
            done = change(*arguments, **named)
            self.count += 1
            if self.count == self.at:
                raise RuntimeError(f"change {self.at} fails")
            return done

        return made


def paint(calc: Any) -> None:
    """Colours and letters of the person's own, in and beside the table and in the columns of a run."""
    sheet = calc.doc.Sheets.getByName("客户")
    for number, address in enumerate(("B3:C4", "F1", "F3:G5", "H2", "I6:L7", "O1:O9")):
        cells = sheet.getCellRangeByName(address)
        cells.CellBackColor = 0xFFCC00 + number
        cells.CharColor, cells.CharWeight = 0xFF0000, 150.0
    sheet.Columns.getByIndex(6).Width = 7777
    last = calc.doc.Sheets.getByIndex(calc.doc.Sheets.Count - 1)
    last.getCellRangeByName("A1:C9").CellBackColor = 0xFFCC00


def applied(book: LiveCalcWorkbook) -> None:
    reviewed = plan_review(book, Rules.of("value-abc", beside=FIELDS))
    with book.changing():
        carry_out(reviewed)


ACTS: dict[str, Callable[[LiveCalcWorkbook], Any]] = {
    "retier": lambda book: live.retier(book, "value-abc"),
    "undo": live.undo,
    "review": applied,
    "followups": lambda book: live.followups(book, "followup-duty"),
    "dashboard": lambda book: live.dashboard(book, "value-abc"),
}


@pytest.mark.parametrize("before, action", [
    ([], "retier"), (["retier"], "retier"), (["retier"], "undo"), (["retier", "retier"], "undo"),
    ([], "review"), (["review"], "undo"),
    (["followups"], "followups"), (["dashboard"], "dashboard"),
], ids=lambda names: names if isinstance(names, str) else "-".join(names) or "nothing")  # fmt: skip
def test_each_change_that_fails_is_taken_back(
    calc: Any, book: LiveCalcWorkbook, monkeypatch: pytest.MonkeyPatch, before: list[str], action: str
) -> None:
    for earlier in before:
        ACTS[earlier](book)
    if len(before) > 1:
        calc.set_values("客户", "B2", [[1]])
    paint(calc)
    there = everything(calc)
    failing = Failing(monkeypatch)
    ACTS[action](book)
    assert everything(calc) != there, "the run that does not fail changes something"
    calc.doc.UndoManager.undo()
    customers = calc.doc.Sheets.getByName("客户")
    calc.doc.CurrentController.setActiveSheet(customers)
    assert everything(calc) == there
    most = failing.count
    assert most > 5
    for failing.at in range(1, most + 1, 1 if os.environ.get("TIERADDIN_LONG") else -(-most // FEW)):
        failing.count = 0
        with pytest.raises(RuntimeError, match=f"change {failing.at} fails"):
            ACTS[action](book)
        assert everything(calc) == there, f"change {failing.at} of {most}"
        assert calc.doc.CurrentController.ActiveSheet.Name == "客户", "what the person looked at"
