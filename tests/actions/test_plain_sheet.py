"""A workbook of plain sheets holds what it was given and looks as it should, as openpyxl reads it."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import openpyxl
import pytest

from tieraddin.actions.plain_sheet import PlainSheet, plain_book

FILES = PlainSheet("Files & more", (("File", 44), ("Rows", 10), ("Note", 60)), report=True)
DAYS = PlainSheet("日期", (("Day", 14), ("Amount", 12)), ("yyyy-mm-dd", "#,##0.00"))
DAY = dt.datetime(2026, 11, 22)


def opened(files, days):
    data = BytesIO(plain_book({FILES: files, DAYS: days}))
    named = ElementTree.fromstring(zipfile.ZipFile(data).read("xl/workbook.xml")).find("{*}definedNames")
    return openpyxl.load_workbook(data), {name.get("name"): name.text for name in named}


@pytest.mark.parametrize("count", [0, 1, 3, 1200])
def test_every_sheet_has_its_rows_and_looks(count):
    book, names = opened([["a"] * count, range(count), [None] * count], [[DAY] * 2, [1.5, 2]])
    files, days = book[FILES.name], book[DAYS.name]
    assert [[cell.value for cell in row] for row in files] == [
        ["File", "Rows", "Note"],
        *(["a", i, None] for i in range(count)),
    ]
    assert [[cell.value for cell in row] for row in days] == [["Day", "Amount"], [DAY, 1.5], [DAY, 2]]
    assert [cell.number_format for cell in days[3]] == ["yyyy-mm-dd", "#,##0.00"]
    for sheet, widths in ((files, [44, 10, 60]), (days, [14, 12])):
        assert [sheet.column_dimensions["ABC"[k]].width for k in range(len(widths))] == widths
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.freeze_panes == "A2"
    assert not any(cell.font.bold for row in files["A2:C9"] for cell in row)
    assert files.auto_filter.ref == f"A1:C{count + 1}"
    assert days.auto_filter.ref is None
    assert names["_xlnm._FilterDatabase"] == f"'Files & more'!$A$1:$C${count + 1}"
    assert files.print_title_rows == "$1:$1"
    setup = files.page_setup
    assert (setup.orientation, setup.fitToHeight, files.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape",
        0,
        True,
    )


def test_texts_stay_texts_and_lose_only_what_no_cell_holds():
    given = ["=1+1", "#N/A", "<b>&", " a ", "x\x01y", "\ud800", "a" * 40_000]
    book, _ = opened([given, [0] * len(given), [None] * len(given)], [[], []])
    shown = [row[0] for row in book[FILES.name].iter_rows(min_row=2)]
    assert [cell.value for cell in shown] == ["=1+1", "#N/A", "<b>&", " a ", "x y", "\\ud800", "a" * 32_000]
    assert {cell.data_type for cell in shown} <= {"s", "inlineStr"}


def test_a_long_text_is_cut_by_the_units_that_a_cell_counts():
    book, _ = opened([["a" + "😀" * 20_000], [None], [None]], [[DAY], [1.5]])
    assert book[FILES.name]["A2"].value == "a" + "😀" * 15_999
