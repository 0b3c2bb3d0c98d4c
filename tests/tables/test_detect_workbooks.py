from __future__ import annotations

import warnings

import openpyxl
import pytest

from tests.conftest import SHARED
from tieraddin.errors import TableRefused
from tieraddin.tables.layout import Area, TableInfo, parse_area
from tieraddin.tables.values import CellError

DATA = ["2018_Sales_Total_v2", "customer-status", "sales_cleanup", "salesfunnel", "sample-sales-reps"]
CORPUS = sorted(path for path in (SHARED / "corpus").glob("*.xlsx") if path.stat().st_size < 15_000)[::9]

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is not here")


def pages(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path).worksheets


def as_cell(cell):
    if cell.data_type == "e":
        return CellError(cell.value)
    return cell.value if isinstance(cell.value, (int, float, str)) or hasattr(cell.value, "year") else None


def as_sheet(page, sheet):
    rows = [[] for _ in range(page.max_row)]
    for line in page.iter_rows():
        rows[line[0].row - 1] = [None] * (line[0].column - 1) + [as_cell(cell) for cell in line]
    tables = [
        TableInfo(
            t.displayName, parse_area(t.ref), 1, t.totalsRowCount or 0, [column.name for column in t.tableColumns]
        )
        for t in page.tables.values()
        if t.headerRowCount != 0
    ]
    return sheet(rows, " ".join(map(str, page.merged_cells.ranges)), tables)


@pytest.mark.parametrize("name", DATA)
def test_tables_of_real_sales_workbooks(sheet, name):
    [page] = pages(SHARED / f"data/pbpython_{name}.xlsx")
    [table] = as_sheet(page, sheet).found()
    assert table.headers == [cell.value for cell in page[1]]
    assert table.rows.tolist() == list(range(2, page.max_row + 1))
    assert table.left_out == []


@pytest.mark.corpus
def test_any_sheet_has_well_formed_tables_or_is_refused(sheet):
    found = 0
    for path in CORPUS:
        try:
            worksheets = pages(path)
        except Exception:  # what openpyxl can't read is no matter here
            continue
        for page in worksheets:
            if page.max_row * page.max_column > 20_000:
                continue
            written = as_sheet(page, sheet)
            try:
                tables = written.found()
            except TableRefused:
                continue
            for table in tables:
                check(written, table)
                found += 1
    assert found > 20


def check(written, table):
    top, left, bottom, right = table.area
    assert len(table.headers) == right - left + 1
    rows, left_out = table.rows.tolist(), [row for row, _ in table.left_out]
    assert not set(rows) & set(left_out)
    assert not set(rows) & set(table.header_rows)
    for row in rows:
        assert top <= row <= bottom
        line = written.read(Area(row, left, row, right))
        assert any(column[0] is not None for column in line)
