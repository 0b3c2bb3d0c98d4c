"""Files that are read but not edited: what a person's rows become as cells."""

from __future__ import annotations

import datetime as dt

import pytest

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.detect import find_tables
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Kind
from tieraddin.workbooks.foreign import open_foreign
from tieraddin.workbooks.rows import RowBook, RowSheet

DAY = dt.datetime(2026, 1, 31)
ROWS = [[], [None, "客户", "Sales", "  "], [None, "a", 1.5, DAY], [None, True], [None, None, 3]]


def book_of(rows):
    return RowBook({"Data": RowSheet(lambda: (rows, []))})


def test_rows_of_unequal_length_are_a_sheet():
    book = book_of(ROWS)
    assert book.read("Data", "A1:D6") == [
        [None] * 4,
        [None, "客户", "Sales", "  "],
        [None, "a", 1.5, DAY],
        [None, True, None, None],
        [None, None, 3.0, None],
        [None] * 4,
    ]
    assert book.used_range("Data") == Area(2, 2, 5, 4)
    grid = book.kinds("Data")
    assert grid.rows.tolist() == [2, 3, 4, 5]
    assert grid.columns.tolist() == [2, 3, 4]
    assert grid.kinds.tolist() == [
        [Kind.TEXT, Kind.TEXT, Kind.BLANK],
        [Kind.TEXT, Kind.NUMBER, Kind.DATE],
        [Kind.BOOLEAN, Kind.BLANK, Kind.BLANK],
        [Kind.BLANK, Kind.NUMBER, Kind.BLANK],
    ]


@pytest.mark.parametrize("rows", [[], [[]], [[None, ""], [" "]]])
def test_a_sheet_without_cells(rows):
    book = book_of(rows)
    assert book.used_range("Data") is None
    assert book.kinds("Data").kinds.size == 0
    assert book.read_columns("Data", [7], 3, 4)[0].cells() == [None, None]


@pytest.mark.parametrize("first, last", [(1, 2), (2, 3), (3, 9), (8, 9)])
def test_columns_are_blank_beyond_the_last_row(first, last):
    cells = ["h", 1.0, 2.0]
    book = book_of([[cell] for cell in cells])
    expected = [cells[row - 1] if row <= 3 else None for row in range(first, last + 1)]
    assert book.read_columns("Data", [1], first, last)[0].cells() == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_text_file_is_one_sheet(tmp_path, encoding, between):
    file = tmp_path / "客户.csv"
    lines = ["客户名称,销售额,城市", '甲,"1200",上海', "乙,,北京"]
    file.write_text("\n".join(line.replace(",", between) for line in lines), encoding=encoding)
    book = open_foreign(file)
    assert book.sheet_names == ["客户"]
    assert book.read("客户", "A1:C3") == [["客户名称", "销售额", "城市"], ["甲", "1200", "上海"], ["乙", None, "北京"]]
    (table,) = find_tables(
        book.kinds("客户"), lambda area: book.read_columns("客户", range(area[1], area[3] + 1), area[0], area[2]),
        sheet="客户",
    )  # fmt: skip
    assert table.headers == ["客户名称", "销售额", "城市"]


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("gone.xls", None, "no file"),
        ("a.pdf", b"%PDF", "kind"),
        ("a.xls", b"<html><table><tr><td>Customer</td></tr></table></html>", "web page"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", "save it as .xlsx"),
        ("a.ods", b"PK\x03\x04 broken", "save it as .xlsx"),
        ("a.xlsb", b"", "save it as .xlsx"),
        ("a.csv", "株式会社トヨタ,1\nソニー,2".encode("shift-jis"), "encoding"),
        ("a.csv", b'Customer,Sales\nAnn,1\n"Bo,2\nCy,3\n', "record 3"),
        ("a.csv", "客户,销售额\n".encode() + "甲".encode("gb18030") * 3 + b"\xff\xff\x80", "encoding"),
    ],
)
def test_what_can_not_be_read_is_refused_in_a_sentence(tmp_path, name, content, words):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WorkbookRefused) as refused:
        open_foreign(file).read("a", "A1")
    assert words in refused.value.sentence("en")
    assert name in refused.value.sentence("zh")
