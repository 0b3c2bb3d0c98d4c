"""Folders of branch offices' lists, made by openpyxl, and results read by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

ROWS = [
    ("客户名称", "Rep", "Sales", "Fax"),
    ("甲有限公司", "Ann", 500, "f1"),
    ("Bob Ltd", "Ann", 300, None),
    ("Cid", "Bo", 120, "f3"),
    ("Dee", "Bo", 50, None),
    ("Eve", None, 30, None),
]
"""A list whose tiers by value-abc are A, A, B, B, C: the running shares are 50, 80, 92, 97 and 100 %."""
HEAD = 3
"""The row of headers in a result."""


class Office:
    """A folder of lists, and the command."""

    def __init__(self, folder: Path) -> None:
        self.src = folder / "src"
        self.out = folder / "out"
        self.src.mkdir()

    def book(self, name: str, rows: Iterable[Sequence[Any]] = ROWS, sheet: str = "Sheet1", **more: Any) -> Path:
        """A workbook; ``more`` are further sheets by name."""
        made = openpyxl.Workbook()
        made.active.title = sheet
        for title, lines in ({sheet: rows} | more).items():
            page = made[title] if title in made.sheetnames else made.create_sheet(title)
            for line in lines:
                page.append(list(line))
        path = self.src / name
        path.parent.mkdir(parents=True, exist_ok=True)
        made.save(path)
        return path

    def csv(self, name: str, rows: Iterable[Sequence[Any]] = ROWS, encoding: str = "utf-8") -> Path:
        """A .csv file."""
        lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
        path = self.src / name
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    def run(
        self, *arguments: object, sources: Sequence[object] = (), template: str = "customer-master"
    ) -> tuple[int, Any]:
        """The exit code and the JSON of a conversion."""
        from tieraddin.cli import app

        wanted = [str(source) for source in sources or [self.src]]
        given = ["convert", template, *wanted, "-o", str(self.out), "--json", *map(str, arguments)]
        result = CliRunner().invoke(app, given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, json.loads(result.stdout)

    def entry(self, *arguments: object, **more: Any) -> Any:
        """What is said of the only file."""
        (entry,) = self.run(*arguments, **more)[1]["files"]
        return entry

    def files(self) -> set[str]:
        """What lies in the output folder, hidden files and reports aside."""
        found = (file.relative_to(self.out) for file in self.out.rglob("*") if file.is_file())
        return {path.as_posix() for path in found if not path.name.startswith((".", "conversion-report"))}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture(autouse=True)
def _in_english(english: None) -> None:
    """For every test of this room."""


def sheet_of(path: object, name: str | None = None) -> Worksheet:
    """A sheet of a workbook, the first by default."""
    book = openpyxl.load_workbook(str(path))
    return book[name] if name else book.worksheets[0]


def columns_of(sheet: Worksheet, head: int = HEAD) -> dict[str, list[Any]]:
    """The cells below each header."""
    found = {}
    for cell in sheet[head]:
        if cell.value is not None:
            found[cell.value] = [sheet.cell(row, cell.column).value for row in range(head + 1, sheet.max_row + 1)]
    return found


@pytest.fixture
def result(office: Office) -> Callable[..., dict[str, list[Any]]]:
    """The columns of a sheet of a result."""

    def read(name: str = "a.xlsx", sheet: str | None = None) -> dict[str, list[Any]]:
        return columns_of(sheet_of(office.out / name, sheet))

    return read
