"""Foreign workbooks, from three projects' test suites: an edit must lose nothing of them."""

from __future__ import annotations

import datetime as dt
import io
import math
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

from tests.actions.conftest import loss_tool
from tests.conftest import LONG, SHARED
from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, Area
from tieraddin.tables.values import to_serial
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.package import fastscan, plainscan, stream

FILES = sorted((SHARED / "corpus").glob("*.xls[xm]"))
BATCHES = 24
SMALL = 60_000
"""Files of more bytes than this are edited once only, for time's sake."""
LARGE = 250_000
"""Files of more bytes than this are edited and compared in the long tests only; all are read and scanned."""
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FILES, reason="the shared folder with the foreign workbooks is not there"),
]
batches = pytest.mark.parametrize("batch", range(BATCHES))

REFUSED = {
    "cal__tests~issue252.xlsx": "damaged",
    "cal__tests~pass_protected.xlsx": "encrypted",
    "poi__test-data~integration~stress002.xlsx": "protected",
    "poi__test-data~integration~stress024.xlsx": "protected",
    "poi__test-data~openxml4j~invalid.xlsx": "no_workbook",
    "poi__test-data~poifs~60320-protected.xlsx": "encrypted",
    "poi__test-data~poifs~extenxls_pwd123.xlsx": "encrypted",
    "poi__test-data~poifs~protect.xlsx": "encrypted",
    "poi__test-data~poifs~protected_sha512.xlsx": "encrypted",
    "poi__test-data~spreadsheet~57181.xlsm": "protected",
    "poi__test-data~spreadsheet~58616.xlsx": "encrypted",
    "poi__test-data~spreadsheet~CVLKRA-KYC_Download_File_Structure_V3.1.xlsx": "protected",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIFuzzer-5040805309710336.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-4828727001088000.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-5089447305609216.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-5185049589579776.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-5265527465181184.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-6123461607817216.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-6419366255919104.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-POIXSSFFuzzer-6448258963341312.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5025401116950528.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5542865479270400.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-6504225896792064.xlsx": "damaged",
    "poi__test-data~spreadsheet~clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-6594557414080512.xlsx": "damaged",
    "poi__test-data~spreadsheet~crash-9bf3cd4bd6f50a8a9339d363c2c7af14b536865c.xlsx": "encrypted",
    "poi__test-data~spreadsheet~duplicate-filename-case-insensitive.xlsx": "duplicate_part",
    "poi__test-data~spreadsheet~duplicate-filename.xlsx": "duplicate_part",
    "poi__test-data~spreadsheet~54764-2.xlsx": "doctype",
    "poi__test-data~spreadsheet~54764.xlsx": "doctype",
    "poi__test-data~spreadsheet~poc-xmlbomb-empty.xlsx": "doctype",
    "poi__test-data~spreadsheet~poc-xmlbomb.xlsx": "doctype",
    "poi__test-data~spreadsheet~poc-shared-strings.xlsx": "rows_out_of_order",
    "poi__test-data~spreadsheet~protected_passtika.xlsx": "encrypted",
    "poi__test-data~spreadsheet~sample-beta.xlsx": "no_workbook",
    "poi__test-data~spreadsheet~sheetProtection_allLocked.xlsx": "protected",
    "poi__test-data~spreadsheet~workbookProtection-sheet_password-2013.xlsx": "protected",
    "poi__test-data~spreadsheet~workbookProtection_worksheet_protected.xlsx": "protected",
    "poi__test-data~spreadsheet~xlsx-corrupted.xlsx": "malformed",
    "poi__test-data~xmldsign~hello-world-signed.xlsx": "signed",
    "poi__test-data~xmldsign~ms-office-2010-signed.xlsx": "signed",
    "xw__xlsxwriter~test~comparison~xlsx_files~protect02.xlsx": "protected",
    "xw__xlsxwriter~test~comparison~xlsx_files~protect03.xlsx": "protected",
    "xw__xlsxwriter~test~comparison~xlsx_files~protect04.xlsx": "protected",
    "xw__xlsxwriter~test~comparison~xlsx_files~protect05.xlsx": "protected",
    "xw__xlsxwriter~test~comparison~xlsx_files~protect06.xlsx": "protected",
}


def files(batch: int) -> list[Path]:
    return FILES[batch::BATCHES]


def edited(batch: int) -> list[Path]:
    """The files of a batch, without the large ones, of which every cell would be compared."""
    return [path for path in files(batch) if LONG or path.name in REFUSED or path.stat().st_size <= LARGE]


@pytest.fixture(scope="module")
def compare():
    return loss_tool().compare


def openpyxl_book(path: Path):
    """The workbook as openpyxl reads it, or None where openpyxl can't."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    except Exception:
        return None


def as_number(value):
    """A date, time or span of openpyxl's as a serial, in the 1900 system; other values as they are."""
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        return to_excel(value)
    return to_serial(value) if isinstance(value, dt.date) else value


def same(ours, theirs, epoch_shift: int) -> bool:
    """Whether a value of ours is openpyxl's.

    Known differences: openpyxl leaves ``_xHHHH_`` as it is and takes ``x005F_`` out of shared strings; drops values
    under merged ranges (left out by the caller); gives times and spans where ours are dates, and an error
    for a serial that is no date; counts the days before 1 March 1900 otherwise.
    """
    if isinstance(ours, str):
        return ours == theirs or (isinstance(theirs, str) and "_x" in theirs)
    if theirs == "#VALUE!" and isinstance(ours, (int, float)):
        return True
    a, b = as_number(ours), as_number(theirs)
    if not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
        return a == b
    if isinstance(ours, dt.datetime) and a <= 61:
        return abs(a - b) < 1.01
    return any(math.isclose(a, b + shift, rel_tol=1e-12, abs_tol=1e-8) for shift in (0, epoch_shift))


def spots(area: Area) -> set[tuple[int, int]]:
    """The cells of a merged range but for the one that shows; of very large ones the first 2,000 rows."""
    rows = range(area.first_row, min(area.last_row, 2000) + 1)
    columns = range(area.first_column, min(area.last_column, 60) + 1)
    return {(r, c) for r in rows for c in columns} - {area[:2]}


def wrong_values(path: Path, theirs) -> list[tuple]:
    """Cells that we read otherwise than openpyxl does: sheet, place, our value and its."""
    shift, wrong = 1462 if theirs.epoch.year == 1904 else 0, []
    with open_workbook(path) as book:
        for sheet in set(book.sheet_names) & set(theirs.sheetnames):
            last = min(theirs[sheet].max_row, 2000), min(theirs[sheet].max_column, 60)
            expected = list(theirs[sheet].iter_rows(max_row=last[0], max_col=last[1], values_only=True))
            if not expected or not expected[0]:
                continue
            found = book.read(sheet, str(Area(1, 1, len(expected), len(expected[0]))))
            under = {spot for area in book.merged(sheet) for spot in spots(area)}
            wrong += [
                (sheet, r, c, found[r][c], value)
                for r, line in enumerate(expected)
                for c, value in enumerate(line)
                if (r + 1, c + 1) not in under and not same(found[r][c], value, shift)
            ]
    return wrong


def append_cell(book, sheet: str) -> tuple[int, int]:
    """Write one cell beside the used range (below it on a sheet as wide as can be)."""
    used = book.used_range(sheet) or Area(1, 1, 1, 0)
    row, column = used.first_row, used.last_column + 1
    if column > LAST_COLUMN:
        row, column = min(used.last_row + 1, LAST_ROW), 1
    book.write(sheet, row, column, [["tier"]])
    return row, column


@batches
def test_one_more_cell_loses_nothing_and_all_values_are_those_of_openpyxl(batch, compare, tmp_path):
    faults, refused = {}, {}
    for path in edited(batch):
        target = tmp_path / path.name
        try:
            with open_workbook(path) as book:
                sheet = book.sheet_names[0]
                spot = append_cell(book, sheet)
                book.save(target)
        except WorkbookRefused as refusal:
            refused[path.name] = refusal.key.removeprefix("workbooks.")
            if target.exists():
                faults[path.name] = "written all the same"
            continue
        result = compare(str(path), str(target), sheet, lambda r, c, spot=spot: (r, c) == spot)
        lost = [finding for finding in result.f if finding[0] != "benign"]
        if lost:
            faults[path.name] = lost
        elif (again := openpyxl_book(target)) is None:
            if openpyxl_book(path) is not None:
                faults[path.name] = "openpyxl can't open it any more"
        elif (
            sheet in again.sheetnames and again[sheet].cell(*spot).value != "tier"
        ):  # openpyxl sees none of a Strict book
            faults[path.name] = "the cell is not there for openpyxl"
        elif wrong := wrong_values(target, again):
            faults[path.name] = wrong[:3]
    assert faults == {}
    assert refused == {path.name: REFUSED[path.name] for path in edited(batch) if path.name in REFUSED}


@pytest.mark.parametrize("name", [name for name, why in REFUSED.items() if why == "protected"])
def test_values_of_what_may_not_be_edited_are_those_of_openpyxl(name):
    path = SHARED / "corpus" / name
    assert wrong_values(path, openpyxl_book(path)) == []


def overwrite_and_extend(book, sheet: str) -> tuple[set[tuple[int, int]], list[tuple[int, int]]]:
    """Write into the middle of the used range, and give each Excel table a column where there is room for one.

    Returns the cells written over, and those of the tables' new headers; what is refused is left alone.
    """
    written, headers = set(), []
    used = book.used_range(sheet)
    if used is not None:
        spot = (used.first_row + used.last_row) // 2, (used.first_column + used.last_column) // 2
        with suppress(WorkbookRefused):
            book.write(sheet, *spot, [["tier"]])
            written.add(spot)
    for table in book.tables(sheet):
        with suppress(WorkbookRefused):
            book.extend_table(sheet, table.name, ["Tier of ours"])
            if table.header_rows:
                headers.append((table.area.first_row, table.area.last_column + 1))
    return written, headers


@batches
def test_a_cell_written_over_and_tables_extended_lose_nothing_else(batch, compare, tmp_path):
    faults = {}
    for path in files(batch):
        if path.name in REFUSED or path.stat().st_size > SMALL:
            continue
        target = tmp_path / path.name
        with open_workbook(path) as book:
            for sheet in book.sheet_names[:3]:
                written, headers = overwrite_and_extend(book, sheet)
                tables = [table.area for table in book.tables(sheet)]
                if written or headers:
                    break
            else:
                continue
            book.save(target)
        spots = written | set(headers)
        result = compare(str(path), str(target), sheet, lambda r, c, spots=spots: (r, c) in spots)
        lost = [finding for finding in result.f if finding[0] != "benign"]
        if lost:
            faults[path.name] = lost
        with open_workbook(target) as book:
            kept = written - set(headers)
            said = {book.read(sheet, str(Area(r, c, r, c)))[0][0] for r, c in kept}
            titles = {book.read(sheet, str(Area(r, c, r, c)))[0][0] for r, c in headers}
            if said - {"tier"} or titles - {"Tier of ours"} or [t.area for t in book.tables(sheet)] != tables:
                faults[path.name] = (said, titles)
        if openpyxl_book(target) is None and openpyxl_book(path) is not None:
            faults[path.name] = "openpyxl can't open it any more"
    assert faults == {}


@batches
def test_the_quick_scanners_agree_with_expat(batch, monkeypatch):
    """On every block of rows that they don't leave to it; the compiled one leaves few, the other not many."""
    quick, left, count = {"compiled": fastscan.scan, "plain": plainscan.scan}, Counter(), 0
    monkeypatch.setattr(plainscan, "scan", lambda data, previous: None)
    monkeypatch.setattr(stream, "MUCH", 1 << 40)
    for path in files(batch):
        if REFUSED.get(path.name, "protected") != "protected":
            continue
        with open_workbook(path) as book:
            for sheet in book._book.sheets.values():
                last = 0
                for expected in sheet.stream():
                    count += 1
                    for name, find in quick.items():
                        found = find(expected.data, last)
                        left[name] += found is None
                        for field in fields(expected) if found else ():
                            ours, theirs = getattr(found, field.name), getattr(expected, field.name)
                            same = ours == theirs if isinstance(ours, bytes) else np.array_equal(ours, theirs)
                            assert same, (path.name, name)
                    last = int(expected.rows[-1]) if len(expected.rows) else last
    assert left["compiled"] <= 12
    assert left["plain"] <= count / 2
