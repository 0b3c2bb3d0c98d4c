"""What a button can't do in a workbook that is open in Calc: said in both languages, and nothing is changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.table import Table

from tieraddin.actions import live
from tieraddin.actions.live.place import RUNNING
from tieraddin.errors import TieraddinError
from tieraddin.hosts.calc.commands import answered
from tieraddin.language import LANGUAGES, Language, use_language
from tieraddin.workbooks.calc.live import LiveCalcWorkbook

from .test_menu import everything


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Customers in a table, and a sheet that is but a chart."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    sheet.append(["Customer", "Sales", "Last contact"])
    for i, sales in enumerate((700, 200, 70, 30), 2):
        sheet.append([f"c{i}", sales, dt.datetime(2026, 1, i)])
    sheet.add_table(Table(displayName="Customers", ref="A1:C5"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=5), titles_from_data=True)
    book.create_chartsheet("Chart1").add_chart(chart)
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def protect(calc: Any) -> None:
    calc.doc.Sheets.getByName("客户").protect("")


def protect_structure(calc: Any) -> None:
    calc.doc.protect("")


def share(calc: Any) -> None:
    calc.doc.createInstance("com.sun.star.document.Settings").IsDocumentShared = True


def look_at_chart(calc: Any) -> None:
    calc.doc.CurrentController.setActiveSheet(calc.doc.Sheets.getByName("Chart1"))


def rename_table(calc: Any) -> None:
    live.retier(LiveCalcWorkbook(calc.doc, "first"), "value-abc")
    ranges = calc.doc.DatabaseRanges
    area = ranges.getByName("Customers").DataArea
    ranges.removeByName("Customers")
    ranges.addNewByName("Clients", area)


def nothing(calc: Any) -> None:
    """All is well with the workbook."""


@contextmanager
def another_run() -> Iterator[None]:
    RUNNING.acquire()
    try:
        yield
    finally:
        RUNNING.release()


TROUBLES: dict[str, tuple[Callable[[Any], None], str | None, dict[Language, list[str]]]] = {
    "calc.protected": (protect, "value-abc", {"en": ["客户", "Tools, Protect"], "zh": ["客户", "工具、保护工作表"]}),
    "calc.structure": (protect_structure, "value-abc", {"en": ["book.xlsx", "Tools"], "zh": ["book.xlsx", "工具"]}),
    "calc.shared": (share, "value-abc", {"en": ["book.xlsx", "Tools"], "zh": ["book.xlsx", "工具"]}),
    "live.no_cells": (look_at_chart, "value-abc", {"en": ["chart"], "zh": ["图表"]}),
    "live.table_renamed": (rename_table, "value-abc", {"en": ["Customers", "Clients"], "zh": ["Customers", "Clients"]}),
    "live.running": (nothing, "value-abc", {"en": ["Another run"], "zh": ["另一次运行"]}),
    "live.no_model": (nothing, None, {"en": ["Model"], "zh": ["模型"]}),
    "models.unknown_model": (nothing, "gone-model", {"en": ["gone-model"], "zh": ["gone-model"]}),
}  # fmt: skip
"""By the sentence: what is wrong, the model asked for, and what must be told of it."""
ACTIONS: dict[str, Callable[[LiveCalcWorkbook, str | None], Any]] = {
    "retier": live.retier,
    "pareto": live.pareto,
}


@pytest.mark.parametrize(("key", "action"), [
    pair for pair in product(TROUBLES, ACTIONS) if pair != ("calc.protected", "pareto")  # it has a sheet of its own
])  # fmt: skip
def test_what_is_refused_says_so_and_changes_nothing(calc: Any, book: LiveCalcWorkbook, key: str, action: str) -> None:
    trouble, model, told = TROUBLES[key]
    use_language("en")
    trouble(calc)
    before, steps = everything(calc), calc.doc.UndoManager.getAllUndoActionTitles()
    modified = calc.doc.isModified()
    with another_run() if key == "live.running" else nullcontext(), pytest.raises(TieraddinError) as refused:
        ACTIONS[action](book, model)
    assert refused.value.key == key
    for lang in LANGUAGES:
        assert all(word in refused.value.sentence(lang) for word in told[lang])
        assert "Excel" not in refused.value.sentence(lang)
    assert everything(calc) == before
    assert calc.doc.UndoManager.getAllUndoActionTitles() == steps
    assert calc.doc.isModified() == modified


def test_a_run_that_was_refused_leaves_the_way_free(calc: Any, book: LiveCalcWorkbook) -> None:
    use_language("en")
    with pytest.raises(TieraddinError):
        live.retier(book, "gone-model")
    assert live.retier(book, "value-abc")["graded"] == 4


@pytest.mark.parametrize("lang, said", [("en", "No workbook is open"), ("zh", "没有打开的工作簿")])
@pytest.mark.parametrize("command", ["retier", "undo", "explain", "model=value-abc"])
def test_without_a_workbook_it_is_asked_for(lang: Language, said: str, command: str) -> None:
    try:
        kind, sentence = answered(command, None, lang)
    finally:
        use_language(None)
    assert kind == "refused"
    assert said in sentence
