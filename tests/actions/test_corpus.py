"""Foreign workbooks through the command line: each ends in a result that lost nothing, or in one clear sentence."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import LONG

from .conftest import SHARED, Desk, losses

FILES = sorted(file for file in (SHARED / "corpus").glob("*") if file.stat().st_size < 300_000)
EVERY = 1 if LONG else 4
"""One file of so many is taken; the broken ones, which have it in their names, are taken all."""
BROKEN = ("fuzz", "poc", "rupt", "crash")
TAKEN = [file for number, file in enumerate(FILES) if number % EVERY == 0 or any(word in file.name for word in BROKEN)]
BATCHES = 12
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FILES, reason="the shared folder with the foreign workbooks is not there"),
]


def retier(desk: Desk, file: Path, output: Path, *more: str) -> str | None:
    """The sheet that was graded, None where the file was refused in one sentence."""
    answer = desk.run("retier", file, "--model", "value-abc", "--json", "-o", output, *more)
    if answer.code == 0:
        assert answer.err == ""
        return answer.json["sheet"]
    assert answer.code in (2, 3), answer
    assert answer.json["key"] != "cli.unexpected", answer
    assert answer.err == answer.json["error"] + "\n"
    assert "\n" not in answer.json["error"]
    assert not output.exists()
    return None


def read(path: Path) -> openpyxl.Workbook:
    with path.open("rb") as file:
        return openpyxl.load_workbook(file, data_only=True)


def table_of(path: Path) -> tuple[str, str, str] | None:
    """Some table of the workbook, as openpyxl reads it: sheet, area, and the header of most numbers."""
    try:
        book = read(path)
    except Exception:  # what openpyxl can't read is no case
        return None
    found = [place for sheet in book.worksheets for place in columns_of(sheet)]
    return max(found)[1] if found else None


def is_number(cell: object) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def columns_of(sheet: Worksheet) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """How many numbers stand under each text of the sheet's first rows, and where."""
    rows = list(sheet.iter_rows(max_row=40, max_col=50, values_only=True))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            below = len(list(takewhile(is_number, (line[c] for line in rows[r + 1 :]))))
            if isinstance(cell, str) and cell.strip() and "=" not in cell and below:
                yield below, (sheet.title, f"A{r + 1}:{letter(len(row))}{r + 1 + below}", cell)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_workbook_ends_in_a_result_or_a_sentence(batch, desk):
    for number, file in enumerate(TAKEN[batch::BATCHES]):
        runs = [()]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if place := table_of(file):
                runs.append(("--sheet", place[0], "--table", place[1], "--map", f"value={place[2]}"))
        for k, more in enumerate(runs):
            output = desk.path(f"{number}-{k}{file.suffix}")
            sheet = retier(desk, file, output, *more)
            if sheet is None:
                continue
            assert losses(file, output, sheet, "A:XFD") == [], file.name
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if place:
                    read(output)
