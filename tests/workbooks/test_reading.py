"""Plain sheets through calamine hold what the careful reader finds in them, in workbooks of many programs."""

from __future__ import annotations

import numpy as np
import openpyxl
import pytest

from tests.conftest import SHARED
from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Kind
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.reading import QuickBook, open_to_read

FILES = sorted((SHARED / "corpus").glob("*.xls[xm]")) if (SHARED / "corpus").is_dir() else []
MOST = 200_000
"""Larger files are left out."""


def cells_of(book, sheet, used):
    """All cells that hold something, by row and column; dates as numbers, texts without the spaces at their ends."""
    rows = min(used.last_row, used.first_row + 500)
    columns = range(used.first_column, min(used.last_column, used.first_column + 60) + 1)
    read = book.read_columns(sheet, columns, used.first_row, rows)
    found = {}
    for number, column in zip(columns, read, strict=True):
        for i in np.flatnonzero(column.kinds != Kind.BLANK).tolist():
            kind = Kind.NUMBER if column.kinds[i] == Kind.DATE else int(column.kinds[i])
            text = kind in (Kind.TEXT, Kind.ERROR)
            cell = str(column[i]).strip() if text else round(float(column.numbers[i]), 6)
            if cell != "":
                found[used.first_row + i, number] = (kind, cell)
    return found


def differences(path):
    """Where the two ways differ, and how many sheets were read the quick way."""
    faults, quick = [], 0
    with open_workbook(path) as careful, QuickBook(path) as book:
        for sheet in careful.sheet_names:
            if not book._is_quick(sheet):
                continue
            quick += 1
            if sorted(book.merged(sheet)) != sorted(careful.merged(sheet)):
                faults.append((sheet, "merged"))
            used = careful.used_range(sheet) or Area(1, 1, 1, 1)
            ours, theirs = cells_of(book, sheet, used), cells_of(careful, sheet, used)
            other = [at for at in ours.keys() | theirs.keys() if ours.get(at) != theirs.get(at)]
            faults += [(sheet, at, ours.get(at), theirs.get(at)) for at in other[:3]]
    return faults, quick


def compare(files):
    faults, count = {}, 0
    for path in files:
        if path.stat().st_size > MOST:
            continue
        try:
            wrong, quick = differences(path)
        except WorkbookRefused:
            continue
        count += quick
        if wrong:
            faults[path.name] = wrong
    return faults, count


@pytest.mark.skipif(not FILES, reason="the shared folder of foreign workbooks is not there")
def test_a_sample_of_foreign_workbooks():
    faults, count = compare(FILES[::9])
    assert faults == {}
    assert count > 20


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="the shared folder of foreign workbooks is not there")
def test_all_foreign_workbooks():
    assert compare(FILES)[0] == {}


@pytest.mark.parametrize(
    "cell, quick", [("plain", True), (1.5, True), ("=1+1", False), ("#N/A", False), ("a_x000D_b", False)]
)
def test_what_is_not_plain_is_read_with_care(tmp_path, cell, quick):
    book = openpyxl.Workbook()
    book.active.append(["h", cell])
    book.save(tmp_path / "a.xlsx")
    with open_to_read(tmp_path / "a.xlsx") as read:
        assert read._is_quick("Sheet") is quick
        (line,) = read.read("Sheet", "A1:B1")
        assert line == ["h", {"=1+1": None, "a_x000D_b": "a\rb"}.get(cell, cell)]
