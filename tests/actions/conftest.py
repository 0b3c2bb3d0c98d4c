"""The command line as a person uses it, and workbooks made and read by openpyxl, never by the product itself."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from tests.conftest import SHARED
from tieraddin.language import use_language

SALES = [("Ann", 500), ("Bob", 300), ("Cid", 120), ("Dee", 50), ("Eve", 30)]
"""Customers of whom, by hand, the running shares are 50, 80, 92, 97 and 100 %."""
TIERS = ["A", "A", "B", "B", "C"]
"""Their grades by value-abc: who crosses a cut belongs to the better class, an edge that is reached counts."""


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """A folder with workbooks, and the command line."""

    folder: Path

    def run(self, *arguments: object, stdin: str | bytes | None = None) -> Answer:
        from tieraddin.cli import app

        result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def done(self, *arguments: object, stdin: str | bytes | None = None) -> Any:
        """The JSON of a command that must succeed."""
        answer = self.run(*arguments, "--json", stdin=stdin)
        assert answer.code == 0, answer.err
        return answer.json

    def path(self, name: str = "book.xlsx") -> Path:
        return self.folder / name

    def book(self, rows: Iterable[Sequence[Any]], name: str = "book.xlsx", sheet: str = "Sheet1") -> Path:
        """A workbook of one sheet, its first row at A1."""
        book = openpyxl.Workbook()
        book.active.title = sheet
        fill(book.active, rows)
        book.save(self.path(name))
        return self.path(name)

    def state(self) -> dict[str, str]:
        """Every file of the folder, with the hash of what it holds."""
        return {
            str(file.relative_to(self.folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in self.folder.rglob("*")
            if file.is_file()
        }


def fill(sheet: Worksheet, rows: Iterable[Sequence[Any]], row: int = 1, column: int = 1) -> None:
    """Write rows, the first cell at ``row``, ``column``."""
    for r, cells in enumerate(rows, row):
        for c, value in enumerate(cells, column):
            if value is not None:
                sheet.cell(r, c, value)


def sheet_of(path: object) -> Worksheet:
    """The first sheet of a workbook file."""
    return openpyxl.load_workbook(str(path)).worksheets[0]


def headers(path: object, row: int = 1) -> list[Any]:
    """The cells of one row of the first sheet."""
    return [cell.value for cell in sheet_of(path)[row]]


def column_of(sheet: Worksheet, header: str, row: int = 1) -> int:
    """The only column with this header."""
    columns = [cell.column for cell in sheet[row] if cell.value == header]
    assert len(columns) == 1, [cell.value for cell in sheet[row]]
    return columns[0]


def under(sheet: Worksheet, header: str, row: int = 1, count: int | None = None) -> list[Any]:
    """The values below a header."""
    column = column_of(sheet, header, row)
    last = row + count if count else sheet.max_row
    return [sheet.cell(r, column).value for r in range(row + 1, last + 1)]


@functools.cache
def loss_tool() -> ModuleType:
    """The outside judge of what an edit lost; the test is skipped without it."""
    path = SHARED / "tools" / "xlsx_loss.py"
    if not path.is_file():
        pytest.skip("the shared folder with xlsx_loss.py is not there")
    spec = importlib.util.spec_from_file_location("xlsx_loss", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def losses(before: Path, after: Path, sheet: str, columns: str) -> list[Any]:
    """What was lost outside of ``columns`` of ``sheet``."""
    tool = loss_tool()
    report = tool.compare(str(before), str(after), sheet, tool.allow(cols=columns))
    return [finding for finding in report.f if finding[0] != "benign"]


def abc(values: Sequence[float | None], cuts: Sequence[float] = (0.80, 0.95), labels: str = "ABC") -> list[str | None]:
    """Classes by cumulative share, worked out the long way: sorted, summed up, ties together."""
    positive = sorted({value for value in values if value is not None and value > 0}, reverse=True)
    total = sum(max(value, 0) for value in values if value is not None)
    classes: dict[float, str] = {}
    running = 0.0
    for value in positive:
        classes[value] = labels[sum(running / total >= cut - 1e-9 for cut in cuts)]
        running += value * sum(other == value for other in values)
    return [None if value is None else classes.get(value, labels[-1]) for value in values]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TIERADDIN_MODELS", str(tmp_path / "no models"))
    yield Desk(tmp_path)
    use_language(None)
