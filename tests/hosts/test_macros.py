"""The buttons of the ribbon: what they say, and what they leave in the workbook."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tieraddin.hosts.excel import macros
from tieraddin.hosts.xlam.ribbon import layout
from tieraddin.language import use_language

from ..workbooks.test_live import customers, state
from ..workbooks.xw_engine import ComError, calls, excel
from .stand_ins import decorated


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


@pytest.fixture
def book(tmp_path: Path) -> Any:
    return excel(customers(tmp_path / "book.xlsx"))


def test_each_control_that_asks_python_has_its_answer() -> None:
    asked = {
        control["id"]
        for group in layout()
        for control in (*group["button"], *group.get("list", ()))
        if control["macro"] in ("TieraddinPress", "TieraddinStart", "TieraddinPick")
    }
    assert asked == macros.BUTTONS.keys()


def test_xlwings_finds_it_with_its_arguments() -> None:
    """As the COM server calls it: the function must be one of xlwings'."""
    shown = decorated("tieraddin.hosts.excel.macros").macros.pressed.__xlfunc__
    assert [argument["name"] for argument in shown["args"]] == ["button", "detail"]
    server = resources.files("tieraddin.hosts.xlam").joinpath("vba/TieraddinServer.bas").read_text("ascii")
    assert f'"{macros.__name__}"' in server
    assert f'"{macros.pressed.__name__}", Array(button, detail)' in server


@pytest.mark.parametrize(("lang", "model"), [("en", "value-abc"), ("zh", "客户价值ABC分类")])
def test_a_day_of_work(book: Any, lang: Any, model: str) -> None:
    use_language(lang)
    assert "value-abc" in macros.answer(book, "model", model)
    before = state(book.impl._book)
    assert macros.answer(book, "preview") == ""
    shown = book.impl._app._books[-1]
    assert "value-abc" in shown._book.worksheets[0]["A1"].value
    assert shown.api.Saved is True
    lines = list(shown._book.worksheets[0].iter_rows())
    blank = {row[0].row for row in lines if all(cell.value in (None, "") for cell in row)}
    assert {row[0].row for row in lines if row[0].font.bold} == {1, *(number + 1 for number in blank)}
    assert state(book.impl._book) == before
    said = macros.answer(book, "retier")
    assert all(fact in said for fact in ("4", "value-abc", "A 2"))
    assert "Bo" in macros.answer(at(book, "A5"), "explain")
    assert "1" in macros.answer(book, "undo")
    after = state(book.impl._book)
    assert after["Sales"][:2] == before["Sales"][:2]
    assert "\n" not in macros.answer(book, "undo"), "nothing to undo: one sentence"


def at(book: Any, cell: str) -> Any:
    book.impl._app._selection = book.sheets["Sales"].range(cell).impl
    return book


def test_what_nobody_expected_is_kept_in_a_file(book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieraddin.hosts.fault_log.user_folder", lambda: tmp_path / "own" / "models")
    calls(book).fail_at = 3
    said = macros.answer(book, "model", "rfm")
    file = tmp_path / "own" / "tieraddin.log"
    assert str(file) in said
    assert "ComError: change 3 fails" in file.read_text("utf-8")
    assert "Traceback" not in said


@pytest.mark.parametrize("told", [
    (-2147418111, "Call was rejected by callee.", None, None), (-2146777998, "OLE error 0x800ac472", None, None),
    (-2147352567, "Exception occurred.", (0, None, None, None, 0, -2146777998), None),
])  # fmt: skip
def test_excel_that_takes_no_calls_is_told(book: Any, monkeypatch: pytest.MonkeyPatch, told: tuple[Any, ...]) -> None:
    def rejected(asked: Any) -> Any:
        raise ComError(*told)

    monkeypatch.setitem(macros.BUTTONS, "retier", rejected)
    assert "busy" in macros.answer(book, "retier")


def test_the_list_of_models_has_those_of_the_catalogue() -> None:
    from tieraddin.hosts.xlam.build import SHEETS

    (models,) = (sheet for sheet in SHEETS if sheet.name == "models")
    files = resources.files("tieraddin.models.catalogue").iterdir()
    ids = {tomllib.loads(file.read_text("utf-8"))["id"] for file in files if file.name.endswith(".toml")}
    assert [row[0] for row in models.rows] == ["", *sorted(ids), "sheet"]


def test_escape_is_asked_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert macros.escape_pressed() is False
    asked = []
    user32 = SimpleNamespace(GetAsyncKeyState=lambda key: asked.append(key) or 1)
    monkeypatch.setattr(macros.ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    assert macros.escape_pressed() is True
    assert asked == [0x1B]


def test_a_long_history_is_shown_in_a_workbook_of_its_own(book: Any) -> None:
    runs = 12
    for _ in range(runs):
        macros.answer(at(book, "A5"), "model", "value-abc")
        assert "graded" in macros.answer(book, "retier")
    assert macros.answer(at(book, "A5"), "explain") == ""
    shown = book.impl._app._books[-1]._book.worksheets[0]
    told = {row[0]: str(row[1]) for row in shown.iter_rows(values_only=True)}
    assert told["Customer"] == "Bo"
    numbers = [int(title.rpartition("Run ")[2]) for title in told if "Run " in title]
    assert numbers == list(range(runs, 0, -1)), "newest first"
    assert all("value-abc" in text for title, text in told.items() if "Run " in title)
