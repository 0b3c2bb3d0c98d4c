"""Our readers find in workbooks of many programs what calamine finds there, wherever it tells all."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from python_calamine import CalamineError, CalamineWorkbook

from tests.conftest import SHARED
from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Kind, to_serial
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.package import plainscan, stream

FILES = sorted((SHARED / "corpus").glob("*.xls[xm]")) if (SHARED / "corpus").is_dir() else []
MOST = 200_000
"""Larger files are left out."""
UNTOLD = (b'"e"', b'"d"', b"'e'", b"'d'", b"<f", b":f", b"_x", b"<!")
"""Where these bytes are, calamine may not tell all: errors, formulas, dates as texts, escapes, odd XML."""


def is_told(book, sheet):
    """Whether calamine tells all of a sheet; of the 1904 system it tells spans otherwise than dates."""
    parts = book._book.parts
    texts = [book._sheet(sheet).part, *parts.related(book._book.part, "sharedStrings")]
    return not book.date1904 and not any(mark in parts.read(text) for text in texts for mark in UNTOLD)


def plain(cell):
    """What a cell of calamine is, as a kind and a text or number; None where it is blank."""
    match cell:
        case bool():
            return Kind.BOOLEAN, float(cell)
        case str():
            return (Kind.TEXT, cell.strip()) if cell.strip() else None
        case dt.time():
            cell = dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second + cell.microsecond / 1e6)
        case dt.date():
            return Kind.NUMBER, round(to_serial(cell), 6)
    number = cell / dt.timedelta(days=1) if isinstance(cell, dt.timedelta) else float(cell)
    return Kind.NUMBER, round(number, 6)


def found_by_calamine(book, sheet, last_row, last_column):
    cells = enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[:last_row], 1)
    found = {(r, c): plain(cell) for r, line in cells for c, cell in enumerate(line[:last_column], 1)}
    return {place: cell for place, cell in found.items() if cell}


def found_by_us(book, sheet, last_row, last_column):
    """All cells that hold something, by row and column; dates as numbers, texts without the spaces at their ends."""
    found = {}
    for number, column in enumerate(book.read_columns(sheet, range(1, last_column + 1), 1, last_row), 1):
        for i in np.flatnonzero(column.kinds != Kind.BLANK).tolist():
            if column.kinds[i] == Kind.TEXT:
                cell = Kind.TEXT, str(column[i]).strip()
            else:
                kind = Kind.NUMBER if column.kinds[i] == Kind.DATE else int(column.kinds[i])
                cell = kind, round(float(column.numbers[i]), 6)
            if cell[1] != "":
                found[i + 1, number] = cell
    return found


def differences(path):
    """Where the readers differ, and how many sheets were compared."""
    faults, count = [], 0
    try:
        calamine = CalamineWorkbook.from_path(str(path))
    except CalamineError:
        return [], 0
    with open_workbook(path) as book:
        for sheet in book.sheet_names:
            if not is_told(book, sheet):
                continue
            count += 1
            used = book.used_range(sheet) or Area(1, 1, 1, 1)
            last = min(used.last_row, 500), min(used.last_column, 60)
            ours, theirs = found_by_us(book, sheet, *last), found_by_calamine(calamine, sheet, *last)
            other = [at for at in ours.keys() | theirs.keys() if ours.get(at) != theirs.get(at)]
            faults += [(sheet, at, ours.get(at), theirs.get(at)) for at in other[:3]]
            merged = calamine.get_sheet_by_name(sheet).merged_cell_ranges or ()
            if sorted(book.merged(sheet)) != sorted((r + 1, c + 1, r2 + 1, c2 + 1) for (r, c), (r2, c2) in merged):
                faults.append((sheet, "merged"))
    return faults, count


def compare(files):
    faults, count = {}, 0
    for path in files:
        if path.stat().st_size > MOST:
            continue
        try:
            wrong, sheets = differences(path)
        except WorkbookRefused:
            continue
        count += sheets
        if wrong:
            faults[path.name] = wrong
    return faults, count


@pytest.mark.parametrize("way", ["plain", "compiled", "expat"])
@pytest.mark.skipif(not FILES, reason="the shared folder of foreign workbooks is not there")
def test_a_sample_of_foreign_workbooks(way, monkeypatch):
    if way == "compiled":
        monkeypatch.setattr(stream, "MUCH", 0)
    if way == "expat":
        monkeypatch.setattr(plainscan, "scan", lambda data, previous: None)
    faults, count = compare(FILES[::9])
    assert faults == {}
    assert count > 20


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="the shared folder of foreign workbooks is not there")
def test_all_foreign_workbooks():
    assert compare(FILES)[0] == {}
